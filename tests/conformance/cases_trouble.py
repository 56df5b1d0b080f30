# SPDX-License-Identifier: GPL-2.0-or-later
"""Each call of a reprotect that changes something meets each kind of trouble.

Either failback gets over it by itself, or it stops, tells the truth, and ends well when it is called again: the
same machines and disks as without the trouble, one VM per machine. Every CI run takes some of the pairs, each
call and each trouble among them; FAILBACK_CRASH_POINTS=all takes all.
"""

from __future__ import annotations

import os
from typing import Any

from cases_crash import _facts
from cases_jobs import Day, day
from registry import Report, case
from support import Setup, check, check_equal, run

# A method and which call of it.
CALLS = (("ShutdownGuest", 1), ("RemoveAllSnapshots_Task", 1), ("CreateVM_Task", 1), ("ReconfigVM_Task", 1),
         ("ReconfigVM_Task", 2), ("ReconfigVM_Task", 3))
TROUBLES: dict[str, tuple[str, ...]] = {
    "connection lost before": ("--drop", "before"),
    "answer lost": ("--drop", "unanswered"),
    "answer cut": ("--drop", "middle"),
    "503": ("--status", "503"),
    "503, and done": ("--status", "503", "--happens"),
    "another task": ("--fault", "ResourceInUse", "--member", "type=VirtualMachine", "--member", "name=web-01"),
    "not permitted": ("--fault", "NoPermission", "--member", "privilegeId=VirtualMachine.Config.Settings"),
    "fault, and done": ("--fault", "RuntimeFault", "--happens"),
    "sessions lost": ("--sessions", "all"),
    "server restarts": ("--restart", "0s"),
    "task fails": ("--task-fail", "FileLocked", "--member", "file=[vmfs-01] web-01/web-01.vmdk"),
    "task fails, and done": ("--task-fail", "SystemError", "--happens", "--member", "reason=lost"),
    "task vanishes": ("--task-vanish",),
    "task vanishes, and done": ("--task-vanish", "--happens"),
}


def _pairs() -> list[tuple[tuple[str, int], str]]:
    pairs = [(call, trouble) for call in CALLS for trouble in TROUBLES
             if not (trouble.startswith("task") and call[0] == "ShutdownGuest")]
    if os.environ.get("FAILBACK_CRASH_POINTS") == "all":
        return pairs
    names = list(TROUBLES)
    # A diagonal: each trouble once, the calls in turn.
    return [pair for pair in pairs if names.index(pair[1]) % len(CALLS) == CALLS.index(pair[0])]


def _order(today: Day, *words: str) -> Any:
    return run([today.setup.program("mock-vcenter"), "ctl", "--url-file", str(today.server.url_file), "faults",
                *words]).expect(0)


@case("trouble-reprotect")
def trouble_reprotect(setup: Setup, report: Report) -> None:
    """Every change of a reprotect meets every kind of trouble, and in the end nothing can be seen of it."""
    with day(setup) as today:
        today.failback("reprotect", "--quiet").expect(0)
        wanted = _facts(today)
    alone = 0
    problems = []
    pairs = _pairs()
    for (method, call), trouble in pairs:
        what = f"{trouble} at {method} {call}"
        with day(setup) as today:
            _order(today, "add", "--method", method, "--call", str(call), *TROUBLES[trouble])
            first = today.failback("reprotect", "--quiet")
            _order(today, "clear")
            if first.code == 0:
                alone += 1
            elif first.code not in (6, 7, 9, 10, 11, 12, 13):
                problems.append(f"{what}: {first.transcript()}")
                continue
            second = today.failback("reprotect", "--quiet")
            if second.code != 0:
                problems.append(f"{what}, then again: {first.transcript()}\n{second.transcript()}")
                continue
            seen = _facts(today)
            if seen != wanted:
                problems.append(f"{what}: {seen}, not {wanted}\n{first.transcript()}\n{second.transcript()}")
            status = today.result("status")
            states = {each["state"] for machine in status["machines"] for each in machine["disks"]}
            if states != {"attached"}:
                problems.append(f"{what}: status says {states}")
    check(not problems, "\n\n".join(problems))
    check_equal(True, alone > 0, "some trouble is got over without a second call")
    report.note(f"{len(pairs)} pairs of a call and a trouble; {alone} needed no second call")
