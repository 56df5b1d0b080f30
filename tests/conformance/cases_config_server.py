# SPDX-License-Identifier: GPL-2.0-or-later
"""A program calls failback: the examples of docs/config-server.md, undisturbed and with failback killed midway."""

from __future__ import annotations

import json
import pathlib
import shutil
import sys
from typing import Any

import cases_crash
import cases_jobs
import support
from cases_check import _login
from cases_jobs import MT, Day, day
from registry import Report, case
from support import Setup, check, check_equal, run

Json = dict[str, Any]
EXAMPLES = support.ROOT / "docs" / "examples"
VERBS = ("reprotect", "failback", "commit")


def _site() -> Json:
    """Both machines have guests that answer."""
    scenario = cases_jobs.site()
    for vm in scenario["datacenters"][0]["vms"]:
        if vm["name"] == "db-01":
            vm["addresses"] = ["10.0.0.6"]
    return scenario


def _command(example: str) -> list[str | pathlib.Path]:
    if example.endswith(".py"):
        return [sys.executable, EXAMPLES / example]
    if not shutil.which("jq"):
        raise support.Skipped("jq is not installed")
    return ["bash", EXAMPLES / example]


def _program(today: Day, before: str = "") -> pathlib.Path:
    """failback, as the example calls it: each call is noted, and may be prepared by lines of shell."""
    program = today.folder / "called-failback"
    log = today.folder / "calls"
    log.write_text("", encoding="utf-8")
    # The replication's part: it has written before it says that all is applied.
    agent = (f'[ "$1" != failback ] || "{today.setup.program("mock-vcenter")}" ctl --url-file '
             f'"{today.server.url_file}" replicate {MT} >/dev/null')
    program.write_text(f'#!/bin/sh\necho "$1" >>"{log}"\n{agent}\n{before}\nexec "{today.setup.program("failback")}" "$@"\n',
                       encoding="utf-8")
    program.chmod(0o755)
    return program


def _calls(today: Day) -> list[str]:
    return (today.folder / "calls").read_text(encoding="utf-8").split()


def _digest(today: Day) -> str:
    shown = run([today.setup.program("failback"), "plan", "show", str(today.plan), "-o", "digest"]).expect(0)
    return shown.stdout.strip()


def _bring_home(today: Day, example: str, program: pathlib.Path, digest: str | None = None) -> support.Result:
    env = _login(today.server).failback(PAUSE="0.2")
    result = run([*_command(example), str(today.plan), digest or _digest(today), str(today.folder / "state"),
                  str(program)], env=env, deadline=120)
    check(_login(today.server).password not in result.stdout + result.stderr, "the password was written")
    return result


def _check_home(today: Day, before: Json, result: support.Result) -> None:
    """Nothing is left of the job, and the replication was told of each disk by its serial number."""
    result.expect(0)
    facts = cases_crash._facts(today)
    check_equal(before[MT], facts[MT], "the master target")
    for name in ("web-01", "db-01"):
        check_equal("poweredOn", facts[name]["power"], name)
        check_equal([], facts[name]["marks"], f"marks of {name}")
        check_equal([True], facts[name]["nics"], f"adapters of {name} at start")
        for uuid, path in today.disks(name).items():
            check(uuid.lower().replace("-", "") in result.stdout, f"the replication was not told of {path}")
    for said in ("web-01: attach 2 disks of web-01", "db-01: detach 1 disk of db-01"):
        check(said in result.stdout + result.stderr, f"no progress says {said}\n{result.transcript()}")
    status = today.result("status")
    check_equal(("commit", "committed"), (status["kind"], status["state"]), "status")


def _undisturbed(setup: Setup, example: str) -> None:
    with day(setup, _site(), lose=None) as today:
        before = cases_crash._facts(today)
        program = _program(today)
        refused = _bring_home(today, example, program, "0" * 64)
        check_equal(2, refused.code, f"a plan that nobody approved\n{refused.transcript()}")
        check("not the one that was approved" in refused.stdout + refused.stderr, refused.transcript())
        check_equal(before, cases_crash._facts(today), "a plan that nobody approved changes nothing")
        (today.folder / "calls").write_text("", encoding="utf-8")
        _check_home(today, before, _bring_home(today, example, program))
        check_equal(["status", *VERBS], _calls(today), "calls")
        # It is over: called again it does nothing.
        _bring_home(today, example, program).expect(0)
        check_equal(["status", *VERBS, "status"], _calls(today), "calls")


@case("config-server-python")
def config_server_python(setup: Setup, report: Report) -> None:
    """docs/examples/bring_home.py brings two machines home."""
    _undisturbed(setup, "bring_home.py")


@case("config-server-shell")
def config_server_shell(setup: Setup, report: Report) -> None:
    """docs/examples/bring_home.sh brings two machines home."""
    _undisturbed(setup, "bring_home.sh")


@case("config-server-silent")
def config_server_silent(setup: Setup, report: Report) -> None:
    """A machine whose guest does not answer is for a person to look at; called again the examples commit."""
    for example in ("bring_home.py", "bring_home.sh"):
        with day(setup, lose=None) as today:
            program = _program(today)
            first = _bring_home(today, example, program)
            check_equal(3, first.code, first.transcript())
            check("db-01 runs, and shows no VMware Tools" in first.stderr, first.transcript())
            _bring_home(today, example, program).expect(0)
            check_equal(["status", "reprotect", "failback", "status", "failback", "commit"], _calls(today), "calls")


@case("config-server-killed")
def config_server_killed(setup: Setup, report: Report) -> None:
    """failback is killed midway in each verb; the examples call it again, and all ends as if nothing had been."""
    library = setup.test_program("libkill_at.so")
    with day(setup, _site(), lose=None) as today:
        counted = f'export LD_PRELOAD="{library}" FAILBACK_KILL_COUNT="{today.folder}/count-$1"'
        _bring_home(today, "bring_home.py", _program(today, counted)).expect(0)
        writes = {verb: int((today.folder / f"count-{verb}").read_text(encoding="utf-8").split()[0]) for verb in VERBS}
        wanted = cases_crash._facts(today)
    for example in ("bring_home.py", "bring_home.sh"):
        with day(setup, _site(), lose=None) as today:
            before = cases_crash._facts(today)
            points = "".join(f" {verb}) at={writes[verb] // 2} ;;" for verb in VERBS)
            killed = (f'at=; case $1 in{points} esac\n'
                      f'if [ -n "$at" ] && mkdir "{today.folder}/killed-$1" 2>/dev/null; then\n'
                      f'  export LD_PRELOAD="{library}" FAILBACK_KILL_AT="sync:$at"\nfi')
            _check_home(today, before, _bring_home(today, example, _program(today, killed)))
            twice = [verb for verb in VERBS for _ in range(2)]
            check_equal(["status", *twice], _calls(today), f"calls of {example}")
            check_equal(wanted, cases_crash._facts(today), f"what is there after {example}")
    report.note(f"killed after half of {writes} durable writes")


@case("config-server-progress")
def config_server_progress(setup: Setup, report: Report) -> None:
    """With --progress jsonl the wait for what a dead call had begun is told in events, too."""
    library = setup.test_program("libkill_at.so")
    with day(setup, lose=None) as today:
        for point in range(3, 20):
            cases_crash._killed(today, ("reprotect",), f"sync:{point}", library)
            journal = today.failback("journal", "-o", "json")
            steps = json.loads(journal.stdout)["steps"] if journal.code == 0 else []
            if any(each["state"] in ("intent", "begun") for each in steps):
                break
        result = today.failback("reprotect", "-o", "json", "--progress", "jsonl").expect(0)
        events = [json.loads(line) for line in result.stderr.splitlines()]
        for each in events:
            check(each.keys() >= {"time", "event", "n", "m"}, str(each))
        waits = [each for each in events if each.get("text", "").startswith("wait for what was begun")]
        check(waits, f"nothing was waited for\n{result.transcript()}")
        check_equal({"step"}, {each["event"] for each in waits} - {"heartbeat"}, "kind of events")
        report.note(f"{len(waits)} of {len(events)} events")
