# SPDX-License-Identifier: GPL-2.0-or-later
"""govc's commands that change virtual machines, on mock-vcenter: snapshots, power, questions."""

from __future__ import annotations

import json
import time

import govc_facts
from registry import Report, case
from support import Setup, check, check_equal

WEB = "/DC1/vm/Production/Linux/web-01"


def _power(govc: govc_facts.Govc, vm: str) -> str:
    info = json.loads(govc.run("vm.info", "-json", vm))["virtualMachines"][0]
    return str(info["runtime"]["powerState"])


def _disk(govc: govc_facts.Govc, vm: str) -> str:
    info = json.loads(govc.run("vm.info", "-json", vm))["virtualMachines"][0]
    disks = [device for device in info["config"]["hardware"]["device"]
             if 2000 <= device["key"] < 3000]
    return str(disks[0]["backing"]["fileName"])


@case("govc-power")
def govc_power(setup: Setup, report: Report) -> None:
    """govc switches machines on and off, suspends and resets them, shuts their guests down."""
    program = setup.peer("govc")
    with setup.mock(record=setup.records("govc-power", foreign=("requests",))) as server:
        govc = govc_facts.Govc(program, server.login)
        for options, state in ((("-off",), "poweredOff"), (("-on",), "poweredOn"),
                               (("-suspend",), "suspended"), (("-on",), "poweredOn"),
                               (("-reset",), "poweredOn"), (("-r",), "poweredOn"),
                               (("-s",), "poweredOff"), (("-on", "-M"), "poweredOn")):
            govc.run("vm.power", *options, WEB)
            # Guests take their time.
            deadline = time.monotonic() + 20
            while _power(govc, WEB) != state and time.monotonic() < deadline:
                time.sleep(0.2)
            check_equal(state, _power(govc, WEB), f"power state after vm.power {options}")
        refused = govc.try_run("vm.power", "-on", WEB)
        check(refused.code != 0 and "current state" in refused.stderr,
              f"a second power-on is refused: {refused.stderr}")
        report.note("8 power operations")


@case("govc-snapshots")
def govc_snapshots(setup: Setup, report: Report) -> None:
    """govc makes, shows, reverts to and removes snapshots; the disk is a delta meanwhile."""
    program = setup.peer("govc")
    with setup.mock(record=setup.records("govc-snapshots", foreign=("requests",))) as server:
        govc = govc_facts.Govc(program, server.login)
        base = _disk(govc, WEB)
        govc.run("snapshot.create", "-vm", WEB, "-m=false", "-d", "first of two", "one")
        govc.run("snapshot.create", "-vm", WEB, "-m=true", "two")
        tree = govc.run("snapshot.tree", "-vm", WEB, "-C")
        check_equal("two", tree.strip(), "current snapshot")
        check_equal(base.replace(".vmdk", "-000002.vmdk"), _disk(govc, WEB), "the disk's file")
        govc.run("snapshot.revert", "-vm", WEB, "one")
        check_equal("poweredOff", _power(govc, WEB), "power state after the revert")
        govc.run("snapshot.remove", "-vm", WEB, "two")
        check_equal("one", govc.run("snapshot.tree", "-vm", WEB, "-C").strip(), "the one that stays")
        govc.run("snapshot.remove", "-vm", WEB, "*")
        check_equal("", govc.run("snapshot.tree", "-vm", WEB).strip(), "snapshots that are left")
        check_equal(base, _disk(govc, WEB), "the disk's file")
        report.note("2 snapshots")


@case("govc-question")
def govc_question(setup: Setup, report: Report) -> None:
    """govc shows a machine's question and answers it."""
    program = setup.peer("govc")
    with setup.mock(scenario="question",
                    record=setup.records("govc-question", foreign=("requests",))) as server:
        govc = govc_facts.Govc(program, server.login)
        vm = "/DC1/vm/db-01"
        shown = govc.run("vm.question", "-vm", vm)
        check("no more space" in shown, f"the question is shown: {shown}")
        govc.run("vm.question", "-vm", vm, "-answer", "0")
        check("no more space" not in govc.run("vm.question", "-vm", vm), "it is answered")
        report.note("1 question")
