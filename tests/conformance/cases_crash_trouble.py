# SPDX-License-Identifier: GPL-2.0-or-later
"""failback is killed while a task of its runs; then the task ends in each way, and something else happens, too.

Called again it ends as if nothing had happened. Only where a disk was moved meanwhile may it stop instead: then it
says so, no file is lost, and a cancel or a second look goes on from there. Every CI run takes some of the
combinations, each call, each end and each event among them; FAILBACK_CRASH_POINTS=all takes all.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import threading
import time
from typing import Any

from cases_check import _login
from cases_crash import _facts
from cases_jobs import MT, Day, day
from registry import Report, case
from support import Setup, check, run

Json = dict[str, Any]
# How long the task that is killed under takes by itself.
DURATION = 6
# What takes longer is worth a line.
SLOW = 15
ENDS = ("succeeds", "fails", "hangs", "vanishes")
EVENTS = ("nothing", "sessions lost", "server restarted", "disk moved")


@dataclasses.dataclass(frozen=True)
class Point:
    """A verb, and which call of it is pending when it is killed."""

    verb: str
    method: str
    call: int

    def words(self) -> list[str]:
        return [self.verb, *(["--confirm", "all"] if self.verb == "failback" else [])]


POINTS = ([Point("reprotect", method, call) for method, call in (
              ("RemoveAllSnapshots_Task", 1), ("CreateVM_Task", 1), ("ReconfigVM_Task", 1), ("ReconfigVM_Task", 2),
              ("ReconfigVM_Task", 3), ("ReconfigVM_Task", 4))]
          + [Point("failback", method, call) for method, call in (
              ("ReconfigVM_Task", 1), ("ReconfigVM_Task", 2), ("ReconfigVM_Task", 3), ("PowerOnVM_Task", 1))]
          + [Point("cancel", "ReconfigVM_Task", call) for call in (1, 2, 3)])


def _prepare(today: Day, point: Point) -> None:
    if point.verb != "reprotect":
        today.failback("reprotect", "--quiet").expect(0)
    if point.verb == "failback":
        today.replicate()


def _running(today: Day, method: str) -> str:
    """The task that the order has made long; empty when there is none."""
    tasks = json.loads(today.mock("tasks").expect(0).stdout)["tasks"]
    found = [each["key"] for each in tasks if each["state"] == "running" and each["name"] == method]
    return str(found[0]) if found else ""


def _kill_while_it_runs(today: Day, point: Point) -> str:
    """Returns the task that was pending; empty when the program ended before there was one."""
    today.mock("faults", "add", "--method", point.method, "--call", str(point.call), "--task-duration",
               f"{DURATION}s").expect(0)
    words = point.words()
    started = subprocess.Popen(
        [str(today.setup.program("failback")), words[0], str(today.plan), *words[1:], "--quiet", "--state",
         str(today.folder / "state")], env=_login(today.server).failback(), stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL)
    task = ""
    while not task and started.poll() is None:
        orders = json.loads(today.mock("faults", "list").expect(0).stdout)["orders"]
        if any(each["acted"] for each in orders):
            task = _running(today, point.method)
        time.sleep(0.02)
    # The intent, and mostly the task, are in the journal by now.
    time.sleep(0.05)
    started.kill()
    started.wait()
    today.mock("faults", "clear").expect(0)
    return task


def _end(today: Day, task: str, how: str) -> threading.Timer | None:
    if how == "succeeds":
        today.mock("tasks", "finish", task)
    elif how == "fails":
        today.mock("tasks", "fail", task, "SystemError")
    elif how == "vanishes":
        today.mock("tasks", "vanish", task)
    else:
        # It hangs, and comes to its end while the next call waits for it.
        later = threading.Timer(2.5, lambda: today.mock("tasks", "finish", task))
        later.start()
        return later
    return None


def _happen(today: Day, event: str) -> None:
    if event == "sessions lost":
        today.mock("sessions", "kill")
    elif event == "server restarted":
        today.mock("restart")
    elif event == "disk moved":
        # Refused while the machine is busy: that, too, is a way in which it goes on.
        today.mock("move", "web-01", "vmfs-02")


def _combinations() -> list[tuple[Point, str, str]]:
    every = [(point, end, event) for point in POINTS for end in ENDS for event in EVENTS]
    if os.environ.get("FAILBACK_CRASH_POINTS") == "all":
        return every
    # Latin: each point once; ends and events in turn, each with each over the whole.
    return [(point, ENDS[number % 4], EVENTS[(number + number // 4) % 4]) for number, point in enumerate(POINTS)]


def _files(today: Day) -> set[str]:
    """Disks of all machines, by UUID: where they lie may change."""
    facts = today.govc("vm.info", *sorted(today.govc("find", "/", "-type", "m") or []))["virtualMachines"]
    return {each["backing"]["uuid"] for vm in facts for each in vm["config"]["hardware"]["device"]
            if "capacityInKB" in each}


def _judge_moved(today: Day, point: Point, again: Any, before: set[str]) -> str:
    """What is wrong after a disk has moved; it may go on, or stop and say so."""
    if again.code not in (0, 3, 4, 13):
        return f"called again: {again.code}\n{again.transcript()}"
    lost = before - _files(today)
    if lost:
        return f"disks are gone: {lost}"
    status = today.result("status", code=None)
    states = {each["state"] for machine in status["machines"] for each in machine["disks"]}
    if again.code in (0, 3) and states - {"attached", "home"}:
        return f"it ended with {again.code}, and status says {states}"
    if again.code in (4, 13) and "moved" not in again.stdout + again.stderr + json.dumps(status) and \
            "vmfs-02" not in again.stdout + again.stderr + json.dumps(status):
        return f"it stopped and does not say why\n{again.transcript()}"
    return ""


def _try(setup: Setup, point: Point, end: str, event: str, wanted: Json) -> tuple[bool, str]:
    with day(setup) as today:
        _prepare(today, point)
        task = _kill_while_it_runs(today, point)
        if not task:
            return False, ""
        before = _files(today)
        later = _end(today, task, end)
        _happen(today, event)
        again = today.failback(*point.words(), "--quiet", deadline=90)
        if later:
            later.join()
        if event == "disk moved":
            return True, _judge_moved(today, point, again, before)
        # What had ended before it was killed has no job to cancel any more.
        if again.code not in ((0, 2) if point.verb == "cancel" else (0, 3)):
            # The truth was told; the same call goes on. A rule says so where a host still works on what vCenter
            # has forgotten: then a little later.
            if again.code in (4, 5):
                time.sleep(DURATION)
            again = today.failback(*point.words(), "--quiet", deadline=90)
        if again.code not in ((0, 2) if point.verb == "cancel" else (0, 3)):
            return True, f"called again: {again.code}\n{again.transcript()}"
        seen = _facts(today)
        return True, "" if seen == wanted else f"{seen}\n  not {wanted}\n{again.transcript()}"


@case("crash-trouble")
def crash_trouble(setup: Setup, report: Report) -> None:
    """Killed under a pending task, which succeeds, fails, hangs or vanishes, while sessions, server or disks go."""
    wanted: dict[str, Json] = {}
    for verb in ("reprotect", "failback", "cancel"):
        with day(setup) as today:
            point = Point(verb, "", 0)
            _prepare(today, point)
            today.failback(*point.words(), "--quiet").expect(0, 3)
            wanted[verb] = _facts(today)
    problems, killed = [], 0
    combinations = _combinations()
    for point, end, event in combinations:
        began = time.monotonic()
        was_killed, problem = _try(setup, point, end, event, wanted[point.verb])
        killed += was_killed
        took = time.monotonic() - began
        if took > SLOW:
            report.note(f"{took:.0f} s: {point.verb} killed in {point.method} {point.call}, which {end}; {event}")
        if problem:
            problems.append(f"{point.verb} killed in {point.method} {point.call}, which {end}; {event}: {problem}")
    check(not problems, "\n\n".join(problems))
    check(killed > len(combinations) // 2, f"only {killed} of {len(combinations)} were killed under a task")
    report.note(f"{killed} of {len(combinations)} combinations were killed under a pending task")
