# SPDX-License-Identifier: GPL-2.0-or-later
"""Questions of VMs: a task that waits for an answer is seen, told, and goes on once somebody has given one."""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import cases_jobs
import rule_pairs
from cases_check import _login
from cases_jobs import Day, day
from registry import Report, case
from support import Setup, check, check_equal

Json = dict[str, Any]
TEXT = "Serial port 0 will start disconnected: its file is missing. Do you want to go on?"
MESSAGE = "msg.serial.file.open"


def _site(on: str, vm: str = "web-01") -> Json:
    """web-01 asks when it is started, or changed."""
    scenario = rule_pairs.site()
    asks = rule_pairs.Site(scenario, {}).vm(vm)
    asks["question"] = {"id": MESSAGE, "text": TEXT, "choices": ["button.yes", "button.cancel"], "on": on}
    return scenario


class Running:
    """failback in the background, whose events are read as they come."""

    def __init__(self, today: Day, *words: str) -> None:
        if words[0] == "failback":
            today.replicate()
        self.process = subprocess.Popen(
            [str(today.setup.program("failback")), words[0], str(today.plan), *words[1:], "-o", "json", "--progress",
             "jsonl", "--state", str(today.folder / "state")], env=_login(today.server).failback(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.seen: list[tuple[float, Json]] = []
        self.people: list[str] = []
        self._lines: queue.Queue[tuple[float, str] | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in self.process.stderr or []:
            self._lines.put((time.monotonic(), line))
        self._lines.put(None)

    def event(self, wanted: Callable[[Json], bool], deadline: float = 30) -> Json:
        """The next event that is wanted."""
        end = time.monotonic() + deadline
        while True:
            try:
                item = self._lines.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                item = None
            check(item is not None, f"the event did not come: {self.seen[-8:]} {self.people[-8:]}")
            assert item is not None
            at, line = item
            if not line.startswith("{"):
                self.people.append(line)
                continue
            event = json.loads(line)
            self.seen.append((at, event))
            if wanted(event):
                return event

    def ended(self, deadline: float = 60) -> tuple[int, Json]:
        assert self.process.stdout is not None
        text = self.process.stdout.read()
        code = self.process.wait(timeout=deadline)
        while (item := self._lines.get(timeout=10)) is not None:
            at, line = item
            if line.startswith("{"):
                self.seen.append((at, json.loads(line)))
            else:
                self.people.append(line)
        return code, json.loads(text) if text else {}

    def kinds(self) -> list[str]:
        return [event["event"] for _, event in self.seen if event["event"] != "heartbeat"]


@contextlib.contextmanager
def _running(today: Day, *words: str) -> Iterator[Running]:
    running = Running(today, *words)
    try:
        yield running
    finally:
        running.process.kill()
        running.process.wait()


def _asks(event: Json) -> bool:
    return event["event"] == "question"


def _answers(today: Day) -> list[Json]:
    return [each for each in today.result("journal")["steps"] if each["step"] == "answer"]


@case("jobs-question-answered", alone=True)
def jobs_question_answered(setup: Setup, report: Report) -> None:
    """A start that asks is told within seconds with its choices; a second process answers it, and no other word."""
    with day(setup, _site("powerOn"), lose=None) as today:
        today.result("reprotect")
        nothing = today.failback("answer", "web-01")
        nothing.expect(3)
        check("asks nothing" in nothing.stdout, nothing.transcript())
        with _running(today, "failback", "--confirm", "all", "--record",
                      str(setup.records("jobs-question-failback"))) as job:
            job.event(lambda event: event["event"] == "step" and event.get("step") == "powerOn"
                      and event["machine"] == "web-01")
            began = job.seen[-1][0]
            asked = job.event(_asks)
            seconds = job.seen[-1][0] - began
            check(seconds < 5, f"the question was seen after {seconds:.1f} s")
            check_equal("web-01", asked["machine"], "whose question")
            check_equal("powerOn", asked["step"], "which step waits")
            check_equal(TEXT, asked["question"]["text"], "its text")
            check_equal([("0", "button.yes", True), ("1", "button.cancel", False)],
                        [(each["key"], each["label"], each["default"]) for each in asked["question"]["choices"]],
                        "its choices")

            shown = today.failback("answer", "web-01").expect(0).stdout
            check(TEXT in shown and "0: button.yes" in shown and "failback answer" in shown, shown)
            status = today.result("status", code=3)["machines"][0]
            check("web-01 asks: " + TEXT in status["why"] and "button.cancel" in status["why"], str(status))
            check_equal(asked["question"], status["questions"][0], "the question in the status")
            for wrong in ("2", "button.no", "perhaps"):
                refused = today.failback("answer", "web-01", wrong)
                refused.expect(2)
                check("0: button.yes" in refused.stderr, refused.transcript())
            today.failback("answer", "nobody", "0").expect(2)
            check(job.process.poll() is None, "the job does not wait")

            given = json.loads(today.failback("answer", "web-01", "Yes", "-o", "json", "--record",
                                              str(setup.records("jobs-question-answer"))).expect(0).stdout)
            check_equal({"key": "0", "label": "button.yes"}, given["answered"], "what was answered")
            code, result = job.ended()
            check(code in (0, 3), f"{code}: {job.people}")
            check_equal("home", result["state"], "the job")
            check("answered" in job.kinds(), f"{job.kinds()}")
        rows = _answers(today)
        check_equal([("web-01", "done")], [(each["machine"], each["state"]) for each in rows], "the journal")
        check_equal("0", rows[0]["spec"]["answerChoice"], "what the journal says")
        check_equal("poweredOn", today.vm("web-01")["runtime"]["powerState"], "web-01")
        report.note(f"seen after {seconds:.1f} s")


@case("jobs-question-policy")
def jobs_question_policy(setup: Setup, report: Report) -> None:
    """What the plan has an answer for is answered, journalled and told; a choice that is not offered waits."""
    answers = "safetySnapshot: false\n  answers:\n    {}: {}"
    for key, word in ((MESSAGE, "button.yes"), (json.dumps(TEXT), '"0"')):
        with day(setup, _site("powerOn"), lose=None) as today:
            cases_jobs._edit_plan(today, r"safetySnapshot: \w+", answers.format(key, word))
            today.result("reprotect")
            with _running(today, "failback", "--confirm", "all") as job:
                code, result = job.ended()
                check(code in (0, 3), f"{code}: {job.people}")
                check_equal("home", result["state"], "the job")
                check_equal(["question", "answered"], [each for each in job.kinds() if each in ("question", "answered")],
                            "what was told")
            rows = _answers(today)
            check_equal(["done"], [each["state"] for each in rows], "the journal")
            check("policy" in rows[0]["summary"], rows[0]["summary"])
    with day(setup, _site("powerOn"), lose=None) as today:
        cases_jobs._edit_plan(today, r"safetySnapshot: \w+", answers.format(MESSAGE, "button.maybe"))
        today.result("reprotect")
        with _running(today, "failback", "--confirm", "all") as job:
            warned = job.event(lambda event: event["event"] == "warning")
            check("button.maybe" in warned["text"], str(warned))
            check(job.process.poll() is None, "the job does not wait")
            today.failback("answer", "web-01", "0").expect(0)
            check_equal("home", job.ended()[1]["state"], "the job")


@case("jobs-question-never")
def jobs_question_never(setup: Setup, report: Report) -> None:
    """Nobody answers: at the step's deadline its machine fails and says why; the other one is through; later it goes on."""
    with day(setup, _site("powerOn"), lose=None) as today:
        cases_jobs._edit_plan(today, r"taskSeconds: \d+", "taskSeconds: 4")
        today.result("reprotect")
        failed = today.result("failback", "--confirm", "all", code=13)
        web, db = failed["machines"]
        check_equal(("failed", "home"), (web["state"], db["state"]), "machines")
        check("web-01 asks: " + TEXT in web["why"] and "failback answer" in web["remedy"], str(web))
        open_steps = [each["step"] for each in today.result("journal")["steps"] if each["state"] == "begun"]
        check_equal(["powerOn"], open_steps, "steps that are open")
        # The next call waits for what was begun, and says what it waits for.
        again = today.failback("failback", "--confirm", "all")
        again.expect(10)
        check(TEXT in again.stderr, again.transcript())
        today.failback("answer", "web-01", "0").expect(0)
        home = today.result("failback", "--confirm", "all", code=None)
        check_equal("home", home["state"], "the job after the answer")
        check_equal("poweredOn", today.vm("web-01")["runtime"]["powerState"], "web-01")


@case("jobs-question-reconfigure")
def jobs_question_reconfigure(setup: Setup, report: Report) -> None:
    """Changes that ask: of a home VM, of a master target; cancelled there they fail and say so, answered they are made."""
    with day(setup, _site("reconfigure"), lose=None) as today:
        with _running(today, "reprotect") as job:
            asked = job.event(_asks)
            check_equal(("web-01", "adopt"), (asked["machine"], asked["step"]), "who asks")
            today.failback("answer", "web-01", "cancel").expect(0)
            code, result = job.ended()
            check_equal((13, "failed"), (code, result["machines"][0]["state"]), "after a cancel")
        with _running(today, "reprotect") as job:
            job.event(_asks)
            today.failback("answer", "web-01", "yes").expect(0)
            code, result = job.ended()
            check_equal((0, "protected"), (code, result["state"]), "after an answer")
    with day(setup, _site("reconfigure", rule_pairs.MT), lose=None) as today:
        with _running(today, "reprotect") as job:
            asked = job.event(_asks)
            check_equal(rule_pairs.MT, asked["question"]["vm"], "who asks")
            today.failback("answer", rule_pairs.MT, "0").expect(0)
            code, result = job.ended()
            check_equal((0, "protected"), (code, result["state"]), "after an answer")
