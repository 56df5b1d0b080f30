# SPDX-License-Identifier: GPL-2.0-or-later
"""`failback discover --watch`: each change of the server is told, once, whatever happens to sessions and servers."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import pathlib
import signal
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from cases_hostile_away import Restartable
import support
from registry import Report, case
from support import Server, Setup, check, check_equal, run

SITE = "generate:hosts=4,datastores=2,vms=100"
RENAMED, REGISTERED = 90, 10  # per round, each of them once
TOLD = 60.0  # seconds until a round is told


class Control:
    """The mock's control plane (docs/mock-orders.md), over one connection. It outlives restarts of the server."""

    def __init__(self, server: Server):
        login = server.login
        self._place = (login.host, login.port)
        secret = base64.b64encode(f"{login.username}:{login.password}".encode()).decode()
        self._headers = {"Authorization": f"Basic {secret}", "Content-Type": "application/json"}
        self._connection: http.client.HTTPConnection | None = None

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        text = None if body is None else json.dumps(body)
        if self._connection is None:
            self._connection = http.client.HTTPConnection(*self._place, timeout=30)
        self._connection.request(method, f"/mock/{path}", text, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        check(answer.status in (200, 201), f"{method} {path} {text}: {answer.status} {content[:500]!r}")
        return json.loads(content)

    def call(self, method: str, target: str, arguments: dict | None = None) -> Any:
        """Calls a method of the API as an administrator, waits for its task, gives its result."""
        answer = self.ask("POST", "call", {"method": method, "object": target, "arguments": arguments or {},
                                           "wait": "30s"})
        check("fault" not in answer, f"{method} on {target}: {answer}")
        check(answer.get("state", "success") == "success", f"{method} on {target}: {answer}")
        return answer.get("result")

    def forget(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None

    def events(self, *kinds: str) -> list[dict]:
        found = self.call("QueryEvents", "EventManager", {"filter": {"maxCount": 1000, "eventTypeId": list(kinds)}})
        return sorted(found or [], key=lambda event: event["key"])


class Watch:
    """A `failback discover --watch` that runs, and its lines as they come."""

    def __init__(self, setup: Setup, server: Server, errors: pathlib.Path, *arguments: str):
        self.lines: list[dict] = []
        self._news = threading.Condition()
        with errors.open("wb") as stderr:
            self.process = subprocess.Popen(
                [setup.program("failback"), "discover", "-o", "jsonl", "--watch", *arguments],
                stdout=subprocess.PIPE, stderr=stderr, env=server.login.failback())
        self._errors = errors
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.lines.append(json.loads(line))
                self._news.notify_all()
        with self._news:
            self._news.notify_all()

    def wait(self, what: str, enough: Any, seconds: float = TOLD) -> None:
        """Until `enough(lines)`; it is called with each change of the list."""
        end = time.monotonic() + seconds
        with self._news:
            while not enough(self.lines):
                left = end - time.monotonic()
                check(left > 0 and self.process.poll() is None,
                      f"waiting for {what}, after {len(self.lines)} lines, {self.process.poll()}:\n"
                      f"{self._errors.read_text()[-2000:]}")
                self._news.wait(min(left, 0.5))

    def complete(self) -> None:
        self.wait("the summary", lambda lines: any(line["kind"] == "summary" for line in lines))

    def changes(self) -> list[dict]:
        with self._news:
            return [line for line in self.lines if line["kind"] == "change"]

    def stop(self, sent: int = signal.SIGTERM) -> int:
        self.process.send_signal(sent)
        return self.process.wait(30)

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()


@contextlib.contextmanager
def watched(setup: Setup, *arguments: str, scenario: str = "site") -> Iterator[tuple[Server, Watch]]:
    with setup.mock("--no-tls", "--task-time", "0ms", scenario=scenario) as server, setup.folder() as folder:
        with Watch(setup, server, folder / "stderr", *arguments) as watch:
            watch.complete()
            yield server, watch


def judge_lines(setup: Setup, lines: list[dict]) -> None:
    """Each line is as the published schema says."""
    text = run([setup.program("failback"), "discover", "--print-schema"]).expect(0).stdout
    schema = json.loads(text)
    schema["$id"] += ":line"
    for member in ("properties", "required", "type"):
        schema.pop(member)
    schema["$ref"] = "#/$defs/line"
    script = support.HERE / "check_schema.py"
    with setup.folder() as folder:
        (folder / "schema.json").write_text(json.dumps(schema), encoding="utf-8")
        for line in lines:
            result = run([setup.python(), script, folder / "schema.json"], stdin=json.dumps(line))
            check_equal("", result.stdout.strip(), f"violations of the schema in {json.dumps(line)[:500]}")
            result.expect(0)


@case("watch-lines")
def watch_lines(setup: Setup, report: Report) -> None:
    """What one sees of a rename, a power-off, a machine that comes and one that goes; Ctrl-C ends it with 0."""
    with watched(setup) as (server, watch):
        control = Control(server)
        vm = next(line for line in watch.lines if line.get("name") == "web-01")
        control.call("PowerOffVM_Task", "web-01")
        control.call("Rename_Task", "web-01", {"newName": "web%2f1"})
        # A machine that is gone before the server tells of its new name has no new name to tell of.
        watch.wait("the new name", lambda lines: any(
            change.get("value") == "web%2f1" for line in lines for change in line.get("changes", [])))
        control.call("UnregisterVM", vm["moref"])
        folder = next(line for line in watch.lines if line["kind"] == "folder" and line["name"] == "vm")
        control.call("CreateFolder", folder["moref"], {"name": "fresh"})
        watch.wait("the new folder", lambda lines: lines[-1].get("name") == "fresh")
        told = [line for line in watch.changes() if line["moref"] == vm["moref"]]
        paths = [(change["path"], change.get("value")) for line in told for change in line.get("changes", [])]
        check(("runtime.powerState", "poweredOff") in paths, f"no power-off in {paths}")
        check(("name", "web%2f1") in paths, f"no rename in {paths}")
        check_equal("leave", told[-1]["change"], "the last of a machine that was unregistered")
        check_equal("web/1", told[-1]["name"], "its name")
        fresh = watch.lines[-1]
        check_equal(("enter", "folder"), (fresh["change"], fresh["objectKind"]), "the new folder's line")
        check_equal(folder["inventoryPath"] + "/fresh", fresh["object"]["inventoryPath"], "its path")
        summary = next(line for line in watch.lines if line["kind"] == "summary")
        objects = [line for line in watch.lines if line["kind"] not in ("vcenter", "unreadable", "summary", "change")]
        check_equal(len(objects), sum(count for kind, count in summary["counts"].items() if kind != "unreadable"),
                    "objects before the summary")
        sample = {line["kind"] + line.get("change", ""): line for line in watch.lines}
        judge_lines(setup, list(sample.values()))
        check_equal(0, watch.stop(signal.SIGINT), "exit code after Ctrl-C")
        check_equal([], [one for one in control.ask("GET", "sessions")["sessions"]
                         if "failback" in json.dumps(one)], "sessions left")


@case("watch-ends")
def watch_ends(setup: Setup, report: Report) -> None:
    """--for ends it; so does a reader that goes away, on a site where nothing happens."""
    with setup.mock("--no-tls") as server:
        env = server.login.failback()
        program = str(setup.program("failback"))
        result = run([program, "discover", "-o", "jsonl", "--watch", "--for", "2s"], env=env).expect(0)
        check_equal("summary", json.loads(result.stdout.splitlines()[-1])["kind"], "the last line")
        process = subprocess.Popen([program, "discover", "-o", "jsonl", "--watch"], stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=env)
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        check_equal(0, process.wait(20), "exit code when the reader has gone")
        for arguments, word in ((("--watch",), "-o jsonl"), (("-o", "jsonl", "--for", "2s"), "--watch"),
                                (("-o", "jsonl", "--watch", "--out", "x"), ">")):
            refused = run([program, "discover", *arguments], env=env).expect(2)
            check(word in refused.stderr, f"{word!r} is not in {refused.stderr}")


class Rounds:
    """10,000 changes in rounds: in one each machine is changed once, so that none may be told as one with another."""

    def __init__(self, control: Control, watch: Watch):
        self.control, self.watch = control, watch
        vms = [line for line in watch.lines if line["kind"] == "virtualMachine"]
        self.renamed = [vm["moref"] for vm in vms[:RENAMED]]
        self.registered = {vm["moref"]: vm for vm in vms[RENAMED:RENAMED + REGISTERED]}
        self.pools = next(line["moref"] for line in watch.lines if line["kind"] == "resourcePool")
        self.folder = next(line["moref"] for line in watch.lines if line["kind"] == "folder" and line["name"] == "vm")
        for vm in list(self.registered):
            if self.registered[vm].get("powerState") == "poweredOn":
                control.call("PowerOffVM_Task", vm)
        self.done = 0

    def play(self, number: int, disturb: Any) -> None:
        """One round; `disturb()` is called in the middle of it."""
        before = len(self.watch.changes())
        for index, vm in enumerate(self.renamed):
            if index == RENAMED // 2:
                disturb()
            self.control.call("Rename_Task", vm, {"newName": f"vm-{index}-{number}"})
        # Coming and going in turn, as the next round finds them.
        if number % 2 == 0:
            for vm in self.registered:
                self.control.call("UnregisterVM", vm)
        else:
            again = {}
            for vm in self.registered.values():
                fresh = self.control.call("RegisterVM_Task", self.folder, {
                    "path": vm["vmPathName"], "asTemplate": False,
                    "pool": f"ResourcePool:{self.pools}"})
                again[fresh.rpartition(":")[2]] = vm
            self.registered = again
        self.done += RENAMED + REGISTERED
        wanted = RENAMED + REGISTERED
        self.watch.wait(f"round {number} of {wanted}", lambda _: self._told(before) >= wanted)

    def _told(self, before: int) -> int:
        lines = [line for line in self.watch.lines if line["kind"] == "change"][before:]
        return sum(1 for line in lines if is_ours(line))


def is_ours(line: dict) -> bool:
    """A machine's name, its coming or its going: other properties change with them."""
    if line["objectKind"] != "virtualMachine":
        return False
    return line["change"] != "modify" or any(change["path"] == "name" for change in line["changes"])


@case("watch-10000-changes")
def ten_thousand(setup: Setup, report: Report) -> None:
    """10,000 changes while sessions and servers are killed: each is told once, in the order of the server's own log."""
    with setup.folder() as folder:
        mock = Restartable(setup, folder, SITE, "--task-time", "0ms")
        try:
            control = Control(mock.server)
            with Watch(setup, mock.server, folder / "stderr", "--kind", "vm", "--kind", "folder",
                       "--kind", "resourcePool", "--patience", "1m") as watch:
                watch.complete()
                rounds = Rounds(control, watch)
                log = Log(control)
                kills = defaultdict(int)

                def disturbance(number: int) -> None:
                    if number % 5 == 1:
                        control.ask("DELETE", "sessions")
                        kills["sessions"] += 1
                    elif number % 10 == 3:
                        control.ask("POST", "restart", {"down": "1s"})
                        kills["restarts"] += 1
                    elif number in (25, 75):
                        control.forget()
                        mock.stop()
                        time.sleep(1)
                        mock.start_again()
                        kills["processes"] += 1

                for number in range(100):
                    rounds.play(number, lambda at=number: disturbance(at))
                    if number % 5 == 4:
                        log.read()
                check_equal((10_000, 10_000), (rounds.done, len(log)), "changes made, events in the server's log")
                compare(log.by_vm(), watch)
                check(kills["sessions"] >= 20 and kills["restarts"] >= 9 and kills["processes"] == 2, f"{kills}")
                check_equal(0, watch.stop(), "exit code")
                report.note(f"{rounds.done} changes in {len(watch.changes())} lines; killed: {dict(kills)}")
        finally:
            mock.close()


class Log:
    """The server's own events. It gives the newest thousand of a kind: read now and then."""

    KINDS = {"VmRenamedEvent": "", "VmRegisteredEvent": "enter", "VmRemovedEvent": "leave"}

    def __init__(self, control: Control):
        self._control = control
        self._events: dict[int, tuple[str, str]] = {}
        self._start = max((event["key"] for event in control.events()), default=0)

    def read(self) -> None:
        for kind, told in self.KINDS.items():
            for event in self._control.events(kind):
                if event["key"] > self._start:
                    vm = event["vm"]["vm"].rpartition(":")[2]
                    self._events[event["key"]] = (vm, told or event["newName"])

    def __len__(self) -> int:
        return len(self._events)

    def by_vm(self) -> dict[str, list[str]]:
        log = defaultdict(list)
        for _, (vm, what) in sorted(self._events.items()):
            log[vm].append(what)
        return log


def compare(log: dict[str, list[str]], watch: Watch) -> None:
    told = defaultdict(list)
    for line in watch.changes():
        if not is_ours(line):
            continue
        name = next((change["value"] for change in line.get("changes", []) if change["path"] == "name"), None)
        told[line["moref"]].append(name if line["change"] == "modify" else line["change"])
    for vm in sorted(set(log) | set(told)):
        check_equal(log.get(vm, []), told[vm], f"changes of {vm}, in order")
