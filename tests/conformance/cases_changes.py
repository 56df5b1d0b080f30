# SPDX-License-Identifier: GPL-2.0-or-later
"""What a job does beside the main way: puts right what a rule finds, makes way for a name, refuses a moved world."""

from __future__ import annotations

import json
from typing import Any

import cases_jobs
import rule_pairs
from cases_check import _login
from cases_jobs import MT, Day, _act_govc, _edit_plan, _marks, _names, day
from registry import Report, case
from support import Setup, check, check_equal, run

Json = dict[str, Any]


def _config(today: Day, name: str) -> Json:
    return today.vm(name)["config"]


def _badly_set_up() -> Json:
    """The master target has a snapshot and no disk.EnableUUID."""
    scenario = cases_jobs.site()
    made = rule_pairs.Site(scenario, {})
    made.mt["diskUuid"] = False
    made.mt["snapshots"] = [{"name": "nightly"}]
    return scenario


@case("jobs-fix")
def jobs_fix(setup: Setup, report: Report) -> None:
    """--fix puts right what the rules found, and nothing that it was not asked for; a cancel puts back what it can."""
    with day(setup, _badly_set_up(), lose=None) as today:
        blocked = today.failback("reprotect")
        check_equal(4, blocked.code, blocked.transcript())
        check("--fix MT-SNAPSHOT,MT-UUID puts that right" in blocked.stderr, blocked.stderr)
        check_equal(2, today.failback("reprotect", "--fix", "MT-TOOLS").code, "a rule that can't be put right")
        foreseen = today.failback("reprotect", "--dry-run", "--fix", "MT-UUID")
        check("--fix MT-UUID: set disk.EnableUUID" in foreseen.stderr, foreseen.stderr)
        check_equal(False, _config(today, MT)["flags"]["diskUuidEnabled"], "after a dry run")
        half = today.failback("reprotect", "--fix", "MT-UUID")
        check_equal(4, half.code, half.transcript())
        check_equal(True, _config(today, MT)["flags"]["diskUuidEnabled"], "what was asked for is done")
        check(today.vm(MT).get("snapshot"), "what was not asked for is not done")
        done = today.result("reprotect", "--fix", "MT-UUID,MT-SNAPSHOT", "--record", str(setup.records("jobs-fix")),
                            code=None)
        check_equal("protected", done["state"], f"{done}")
        check(not today.vm(MT).get("snapshot"), "the snapshot is merged")
        today.result("cancel", code=None)
        check_equal(False, _config(today, MT)["flags"]["diskUuidEnabled"], "after the cancel")
        check_equal([], _marks(today, MT), "marks of the master target")


@case("jobs-approve-moved")
def jobs_approve_moved(setup: Setup, report: Report) -> None:
    """An approval holds for the world that the plan was made in; refreshed and approved anew it goes on."""
    with day(setup, lose=None) as today:
        def digest(plan: Any) -> str:
            shown = run([setup.program("failback"), "plan", "show", str(plan), "-o", "digest"]).expect(0)
            return shown.stdout.strip()

        approved = digest(today.plan)
        _act_govc(today, "vm.change", "-vm", "db-01", "-annotation", "somebody was here")
        refused = today.failback("reprotect", "--approve", approved)
        check_equal(4, refused.code, refused.transcript())
        check("db-01: config.changeVersion was" in refused.stderr, refused.stderr)
        check("plan refresh" in refused.stderr, refused.stderr)
        check_equal([], _marks(today, MT), "nothing was begun")
        again = today.folder / "again.yaml"
        told = run([setup.program("failback"), "plan", "refresh", str(today.plan), "--out", str(again)],
                   env=_login(today.server).failback()).expect(0)
        check("db-01: config.changeVersion was" in told.stderr, told.stderr)
        check(digest(again) != approved, "the digest is another one")
        today.plan = again
        result = today.result("reprotect", "--approve", digest(again))
        check_equal("protected", result["state"], "with the refreshed plan")
        # It is the job itself that has moved the world.
        today.result("reprotect", "--approve", digest(again))


def _on_clash(today: Day, choice: str, new_name: str = "") -> None:
    """What the plan says of the second machine, db-01."""
    text = today.plan.read_text(encoding="utf-8")
    head, _, tail = text.rpartition("onNameClash: refuse")
    said = f"onNameClash: {choice}" + (f"\n      newName: {new_name}" if new_name else "")
    check(head != "", "the plan says nothing of clashes")
    today.plan.write_text(head + said + tail, encoding="utf-8")


def _stranger(today: Day, name: str) -> None:
    _act_govc(today, "vm.create", "-on=false", "-m", "64", "-ds", "vmfs-02", "-folder", "/DC1/vm/Production",
              "-net", "VM Network", name)


@case("jobs-rename-existing")
def jobs_rename_existing(setup: Setup, report: Report) -> None:
    """What has the lost machine's name is renamed, and gets it back when the VM that was made is deleted again."""
    with day(setup) as today:
        _on_clash(today, "rename-existing", "db-01-old")
        _stranger(today, "db-01")
        steps = [(each["machine"], each["step"]) for each in today.result("reprotect", "--dry-run")["steps"]]
        check(("db-01", "rename") in steps, f"what would be done: {steps}")
        result = today.result("reprotect", "--record", str(setup.records("jobs-rename")))
        check_equal("protected", result["state"], f"{result}")
        check_equal({"db-01", "db-01-old"}, {each for each in _names(today) if each.startswith("db-01")}, "machines")
        check_equal("protected", today.result("reprotect")["state"], "called again")
        kept = today.result("cancel")
        check("stays called db-01-old" in kept["machines"][1].get("note", ""), f"{kept['machines'][1]}")
        check_equal("protected", today.result("reprotect")["state"], "and anew")
    with day(setup) as today:
        _on_clash(today, "rename-existing", "db-01-old")
        _stranger(today, "db-01")
        today.result("reprotect")
        today.result("cancel", "--delete-created")
        check_equal(["db-01"], [each for each in _names(today) if each.startswith("db-01")], "machines")


@case("jobs-adopt")
def jobs_adopt(setup: Setup, report: Report) -> None:
    """A machine that was registered anew has another identity: it is adopted when its disks prove it, and comes home."""
    with day(setup, lose=None) as today:
        _on_clash(today, "adopt")
        was = today.disks("db-01")
        _act_govc(today, "vm.unregister", "db-01")
        _stranger(today, "db-01")
        blocked = today.failback("reprotect")
        check_equal(4, blocked.code, blocked.transcript())
        check("neither the instance UUID nor all disk UUIDs" in blocked.stderr, blocked.stderr)
        _act_govc(today, "vm.destroy", "db-01")
        _stranger(today, "db-01")
        for file in was.values():
            _act_govc(today, "vm.disk.attach", "-vm", "db-01", "-link=false", "-disk", file.split("] ")[1], "-ds",
                      file[1:file.index("]")])
        result = today.result("reprotect")
        check_equal(["olr", "olr"], [each["mode"] for each in result["machines"]], "modes")
        check_equal("protected", result["state"], f"{result}")
        check_equal("protected", today.result("reprotect")["state"], "called again")
        today.result("failback", "--confirm", "all", code=3)
        committed = today.result("commit", code=None)
        check_equal("committed", committed["state"], json.dumps(committed))
        check_equal("poweredOn", today.vm("db-01")["runtime"]["powerState"], "db-01")


@case("jobs-boot-order")
def jobs_boot_order(setup: Setup, report: Report) -> None:
    """A lost machine had a boot order: the VM that is made for it has the same."""
    with day(setup, lose=None) as today:
        _act_govc(today, "device.boot", "-vm", "db-01", "-order", "disk,ethernet")
        order = [each.get("deviceKey") for each in _config(today, "db-01")["bootOptions"]["bootOrder"]]
        today.plan = today.folder / "ordered.yaml"
        run([setup.program("failback"), "plan", "init", "--quiet", "--machine", "db-01", "--master-target", MT,
             "--datastore", "vmfs-01", "--out", str(today.plan)], env=_login(today.server).failback()).expect(0, 3)
        check("bootOrder: \"disk:scsi0-0,ethernet:nic-1\"" in today.plan.read_text(encoding="utf-8"), "the plan's order")
        _act_govc(today, "vm.destroy", "db-01")
        result = today.result("reprotect", "--record", str(setup.records("jobs-boot-order")))
        check_equal("protected", result["state"], f"{result}")
        made = [each.get("deviceKey") for each in _config(today, "db-01")["bootOptions"]["bootOrder"]]
        check_equal(order, made, "boot order of the VM that was made")
        check_equal("protected", today.result("reprotect")["state"], "called again")


@case("jobs-cancel-twice")
def jobs_cancel_twice(setup: Setup, report: Report) -> None:
    """Who did not see that the failback was taken back and calls again takes nothing else back."""
    with day(setup, lose=None) as today:
        _edit_plan(today, r"safetySnapshot: \w+", "safetySnapshot: true")
        today.result("reprotect")
        today.result("failback", "--confirm", "all", code=None)
        first = today.result("cancel")
        attached = today.disks(MT)
        second = today.result("cancel")
        check_equal(first["state"], second["state"], "the second time")
        check("taken back already" in second["note"], f"{second}")
        check_equal(attached, today.disks(MT), "disks of the master target")
        whole = today.result("cancel", "--reprotect")
        check_equal("cancelled", whole["state"], "with the word")
        check_equal([], _marks(today, MT), "marks of the master target")


@case("jobs-target-off")
def jobs_target_off(setup: Setup, report: Report) -> None:
    """The master target was powered off: disks are detached from it all the same."""
    with day(setup, lose=None) as today:
        today.result("reprotect")
        today.replicate()
        today.replicates = False
        _act_govc(today, "vm.power", "-off", "-force", MT)
        home = today.result("failback", "--confirm", "all", code=3)
        check_equal({"home"}, {each["state"] for each in home["machines"]}, f"{home}")
        check_equal("poweredOn", today.vm("web-01")["runtime"]["powerState"], "web-01")


@case("jobs-target-gone")
def jobs_target_gone(setup: Setup, report: Report) -> None:
    """The master target was unregistered with disks attached: nothing is started, and it is said what to do."""
    with day(setup, lose=None) as today:
        today.result("reprotect")
        today.replicate()
        today.replicates = False
        _act_govc(today, "vm.power", "-off", "-force", MT)
        _act_govc(today, "vm.unregister", MT)
        refused = today.failback("failback", "--confirm", "all")
        check(refused.code in (4, 5, 13), refused.transcript())
        check(MT in refused.stderr + refused.stdout, refused.transcript())
        check_equal("poweredOff", today.vm("web-01")["runtime"]["powerState"], "web-01")
        cancelled = today.failback("cancel")
        check(cancelled.code in (4, 5, 13), cancelled.transcript())
        report.note(cancelled.transcript()[-400:])


@case("readiness-options")
def readiness_options(setup: Setup, report: Report) -> None:
    """An option that is for plans only is refused without one, not passed over."""
    for words in (["--phase", "failback"], ["--split", "out.yaml"], ["--all-findings"]):
        refused = run([setup.program("failback"), "check", "--all", *words, "--url", "https://127.0.0.1:1"])
        check_equal(2, refused.code, refused.transcript())
        check(f"{words[0]} is for the check of a plan" in refused.stderr, refused.stderr)
