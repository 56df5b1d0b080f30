# SPDX-License-Identifier: GPL-2.0-or-later
"""failback is ended, as kill -9 does, after each durable write and around each piece that it sends.

Called again it ends as if nothing had happened: the same machines, the same disks in the same places, one VM
per machine, nothing left over. The points come from a run that is not ended (kill_at.cpp counts them). Every CI
run takes some of them, spread evenly; FAILBACK_CRASH_POINTS=all takes all.
"""

from __future__ import annotations

import os
import pathlib
from typing import Any

import cases_jobs
from cases_check import _login
from cases_jobs import MT, Day, day
from registry import Report, case
from support import Setup, check, check_equal, run

Json = dict[str, Any]
# How many points of a kind a CI run takes.
SOME = 4


def _facts(today: Day) -> Json:
    """What can be seen of all machines, without what is random."""
    names = sorted(today.govc("find", "/", "-type", "m") or [])
    machines = today.govc("vm.info", *names)["virtualMachines"]
    facts: Json = {}
    for vm in machines:
        config = vm["config"]
        check(vm["name"] not in facts, f"two VMs are called {vm['name']}")
        facts[vm["name"]] = {
            "power": vm["runtime"]["powerState"],
            "snapshots": bool(vm.get("snapshot")),
            "disks": sorted(each["backing"]["fileName"] for each in config["hardware"]["device"]
                            if "capacityInKB" in each),
            "nics": [each["connectable"]["startConnected"] for each in config["hardware"]["device"]
                     if "macAddress" in each],
            "marks": sorted(each["key"].split(".")[1] for each in config["extraConfig"]
                            if each["key"].startswith("failback.")),
        }
    return facts


def _killed(today: Day, words: tuple[str, ...], point: str, library: pathlib.Path) -> int:
    env = _login(today.server).failback() | {"LD_PRELOAD": str(library), "FAILBACK_KILL_AT": point}
    return run([today.setup.program("failback"), words[0], str(today.plan), *words[1:], "--quiet",
                "--state", str(today.folder / "state")], env=env, deadline=60).code


def _count(today: Day, words: tuple[str, ...], library: pathlib.Path) -> tuple[int, int]:
    """Durable writes, and pieces sent, of a run that is not ended."""
    file = today.folder / "count"
    env = _login(today.server).failback() | {"LD_PRELOAD": str(library), "FAILBACK_KILL_COUNT": str(file)}
    run([today.setup.program("failback"), words[0], str(today.plan), *words[1:], "--quiet", "--state",
         str(today.folder / "state")], env=env, deadline=60)
    syncs, sends = file.read_text(encoding="utf-8").split()
    return int(syncs), int(sends)


def _points(kind: str, count: int) -> list[str]:
    numbers = range(1, count + 1)
    if os.environ.get("FAILBACK_CRASH_POINTS") != "all" and count > SOME:
        numbers = sorted({round(1 + i * (count - 1) / (SOME - 1)) for i in range(SOME)})
    return [f"{kind}:{number}" for number in numbers]


def _matrix(setup: Setup, report: Report, before: tuple[tuple[str, ...], ...], words: tuple[str, ...],
            codes: tuple[int, ...]) -> None:
    library = setup.test_program("libkill_at.so")

    def prepared(today: Day) -> None:
        for each in before:
            today.failback(*each, "--quiet").expect(0)
        if words[0] == "failback":
            today.replicate()

    with day(setup) as today:
        prepared(today)
        syncs, sends = _count(today, words, library)
        wanted = _facts(today)
    points = _points("sync", syncs) + _points("before", sends) + _points("after", sends)
    killed = 0
    for point in points:
        with day(setup) as today:
            prepared(today)
            killed += _killed(today, words, point, library) == -9
            again = today.failback(*words, "--quiet")
            check(again.code in codes, f"ended at {point}, then called again: {again.code}\n{again.transcript()}")
            check_equal(wanted, _facts(today), f"what is there after {point} and a second call")
            status = today.result("status", code=0 if words[0] == "reprotect" else None)
            check_equal(set(), {each["state"] for machine in status["machines"] for each in machine["disks"]}
                        - {"attached", "home"}, f"disks after {point}")
    check(killed > 0, "no run was ended")
    report.note(f"{killed} of {len(points)} runs were ended, of {syncs} writes and {sends} sent pieces")


@case("crash-reprotect")
def crash_reprotect(setup: Setup, report: Report) -> None:
    """reprotect of a machine with snapshots and of a lost one is ended anywhere, and goes on."""
    _matrix(setup, report, (), ("reprotect",), (0,))


@case("crash-failback")
def crash_failback(setup: Setup, report: Report) -> None:
    """failback is ended anywhere, and goes on."""
    _matrix(setup, report, (("reprotect",),), ("failback", "--confirm", "all"), (0, 3))


@case("crash-cancel")
def crash_cancel(setup: Setup, report: Report) -> None:
    """cancel of a reprotect is ended anywhere, and goes on."""
    # Once it has ended there is no job to cancel any more.
    _matrix(setup, report, (("reprotect",),), ("cancel",), (0, 2))


@case("crash-cancel-failback")
def crash_cancel_failback(setup: Setup, report: Report) -> None:
    """cancel of a failback is ended after any durable write, and goes on to the same disks, never below a delta."""
    library = setup.test_program("libkill_at.so")

    def prepared(today: Day) -> None:
        cases_jobs._edit_plan(today, r"safetySnapshot: \w+", "safetySnapshot: true")
        today.failback("reprotect", "--quiet").expect(0)
        today.failback("failback", "--confirm", "all", "--quiet").expect(0, 3)

    with day(setup) as today:
        prepared(today)
        syncs, _ = _count(today, ("cancel",), library)
        wanted = _facts(today)
    points = _points("sync", syncs)
    for point in points:
        with day(setup) as today:
            prepared(today)
            check_equal(-9, _killed(today, ("cancel",), point, library), f"ended at {point}")
            today.failback("cancel", "--quiet").expect(0)
            check_equal(wanted, _facts(today), f"what is there after {point} and a second call")
    report.note(f"{len(points)} of {syncs} writes")
