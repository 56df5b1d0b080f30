# SPDX-License-Identifier: GPL-2.0-or-later
"""Each call of reprotect, failback and cancel that changes something meets each kind of trouble.

Either failback gets over it by itself, or it stops, tells the truth, and ends well when it is called again: the
same machines and disks as without the trouble, one VM per machine. Every CI run takes some of the pairs, each
call and each trouble among them; FAILBACK_CRASH_POINTS=all takes all.
"""

from __future__ import annotations

import json
import os
from typing import Any

from cases_crash import _facts
from cases_jobs import Day, day
from registry import Report, case
from support import Setup, check, check_equal, run

# A method and which call of it.
Calls = tuple[tuple[str, int], ...]
REPROTECT: Calls = (("ShutdownGuest", 1), ("RemoveAllSnapshots_Task", 1), ("CreateVM_Task", 1), ("ReconfigVM_Task", 1),
                    ("ReconfigVM_Task", 2), ("ReconfigVM_Task", 3))
# Detached, put back, started; by two machines side by side.
FAILBACK: Calls = (("ReconfigVM_Task", 1), ("ReconfigVM_Task", 2), ("ReconfigVM_Task", 3), ("PowerOnVM_Task", 1),
                   ("PowerOnVM_Task", 2), ("Reload", 1))
CANCEL: Calls = (("ReconfigVM_Task", 1), ("ReconfigVM_Task", 2), ("ReconfigVM_Task", 3), ("ReconfigVM_Task", 4))
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


def _pairs(calls: Calls, every: int) -> list[tuple[tuple[str, int], str]]:
    pairs = [(call, trouble) for call in calls for trouble in TROUBLES
             if not (trouble.startswith("task") and not call[0].endswith("_Task"))]
    if os.environ.get("FAILBACK_CRASH_POINTS") == "all":
        return pairs
    names = list(TROUBLES)
    # A diagonal: each trouble once, the calls in turn; of these one in `every`.
    diagonal = [pair for pair in pairs if names.index(pair[1]) % len(calls) == calls.index(pair[0])]
    return diagonal[::every]


def _order(today: Day, *words: str) -> Any:
    return run([today.setup.program("mock-vcenter"), "ctl", "--url-file", str(today.server.url_file), "faults",
                *words]).expect(0)


def _prepared(today: Day, verb: str) -> None:
    if verb != "reprotect":
        today.failback("reprotect", "--quiet").expect(0)
    if verb == "failback":
        today.replicate()


def _trouble(setup: Setup, report: Report, words: tuple[str, ...], pairs: list[tuple[tuple[str, int], str]],
             good: tuple[int, ...]) -> None:
    """`good`: how the verb may end; of a cancel also that there is nothing to cancel any more."""
    with day(setup) as today:
        _prepared(today, words[0])
        today.failback(*words, "--quiet").expect(*good)
        wanted = _facts(today)
    alone = 0
    problems = []
    for (method, call), trouble in pairs:
        what = f"{trouble} at {method} {call}"
        with day(setup) as today:
            _prepared(today, words[0])
            _order(today, "add", "--method", method, "--call", str(call), *TROUBLES[trouble])
            first = today.failback(*words, "--quiet")
            _order(today, "clear")
            if first.code in good:
                alone += 1
            elif first.code not in (6, 7, 9, 10, 11, 12, 13):
                problems.append(f"{what}: {first.transcript()}")
                continue
            second = today.failback(*words, "--quiet")
            if second.code not in good:
                problems.append(f"{what}, then again: {first.transcript()}\n{second.transcript()}")
                continue
            seen = _facts(today)
            if seen != wanted:
                problems.append(f"{what}: {seen}, not {wanted}\n{first.transcript()}\n{second.transcript()}")
            status = today.result("status", code=None)
            states = {each["state"] for machine in status["machines"] for each in machine["disks"]}
            if states != ({"attached"} if words[0] == "reprotect" else {"home"}):
                problems.append(f"{what}: status says {states}")
    check(not problems, "\n\n".join(problems))
    check_equal(True, alone > 0, "some trouble is got over without a second call")
    report.note(f"{len(pairs)} pairs of a call and a trouble; {alone} needed no second call")


@case("trouble-reprotect")
def trouble_reprotect(setup: Setup, report: Report) -> None:
    """Every change of a reprotect meets every kind of trouble, and in the end nothing can be seen of it."""
    _trouble(setup, report, ("reprotect",), _pairs(REPROTECT, 1), (0,))


@case("trouble-failback")
def trouble_failback(setup: Setup, report: Report) -> None:
    """Every change of a failback meets every kind of trouble, and in the end nothing can be seen of it."""
    _trouble(setup, report, ("failback", "--confirm", "all"), _pairs(FAILBACK, 2), (0, 3))


@case("trouble-cancel")
def trouble_cancel(setup: Setup, report: Report) -> None:
    """Every change of a cancel meets every kind of trouble, and in the end nothing can be seen of it."""
    _trouble(setup, report, ("cancel",), _pairs(CANCEL, 2), (0, 2))


# Whatever the call is: a read, a wait, a change.
ANYWHERE: dict[str, tuple[str, ...]] = {
    "connection lost": ("--drop", "unanswered"),
    "503": ("--status", "503"),
    "not permitted": ("--fault", "NoPermission", "--member", "privilegeId=System.Read"),
    "a fault": ("--fault", "RuntimeFault"),
    "sessions lost": ("--sessions", "all"),
    "malformed": ("--malformed",),
}
# What a verb may end with when one call of it has failed: it is through, a rule can't be decided, or it has stopped.
STOPPED = (0, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13)


def _anywhere(calls: int) -> list[tuple[int, str]]:
    pairs = [(call, trouble) for call in range(1, calls + 1) for trouble in ANYWHERE]
    if os.environ.get("FAILBACK_CRASH_POINTS") == "all":
        return pairs
    # Spread evenly over the run, each trouble twice.
    names = list(ANYWHERE)
    return [(1 + number * (calls - 1) // (2 * len(names) - 1), names[number % len(names)])
            for number in range(2 * len(names))]


def _calls_of(today: Day) -> int:
    return int(json.loads(today.mock("calls").expect(0).stdout)["calls"])


@case("trouble-every-call")
def trouble_every_call(setup: Setup, report: Report) -> None:
    """The n-th call of a reprotect fails, whatever it is, in each way; called again it ends as without that."""
    with day(setup) as today:
        before = _calls_of(today)
        today.failback("reprotect", "--quiet").expect(0)
        calls = _calls_of(today) - before
        wanted = _facts(today)
    problems, alone = [], 0
    pairs = _anywhere(calls)
    for call, trouble in pairs:
        what = f"{trouble} at call {call}"
        with day(setup) as today:
            _order(today, "add", "--call", str(call), *ANYWHERE[trouble])
            first = today.failback("reprotect", "--quiet")
            _order(today, "clear")
            alone += first.code == 0
            if first.code not in STOPPED:
                problems.append(f"{what}: {first.transcript()}")
            second = first if first.code == 0 else today.failback("reprotect", "--quiet")
            if second.code not in (0, 3):
                problems.append(f"{what}, then again: {first.transcript()}\n{second.transcript()}")
            elif _facts(today) != wanted:
                problems.append(f"{what}: {_facts(today)}, not {wanted}\n{first.transcript()}")
    check(not problems, "\n\n".join(problems))
    report.note(f"{len(pairs)} pairs of {calls} calls and {len(ANYWHERE)} troubles; {alone} needed no second call")
