# SPDX-License-Identifier: GPL-2.0-or-later
"""Merging a home VM's snapshots: what does not merge at once is tried otherwise, and nothing is given up half-way."""

from __future__ import annotations

import time
from typing import Any

import rule_pairs
from cases_check import _login
from cases_jobs import Day, day
from cases_questions import _running
from registry import Report, case
from support import Setup, check, check_equal, run

Json = dict[str, Any]
SNAPSHOT = "failback-consolidate"


def _site(**web: Any) -> Json:
    scenario = rule_pairs.site()
    rule_pairs.Site(scenario, {}).web.update(**web)
    return scenario


def _order(today: Day, *words: str) -> None:
    run([today.setup.program("mock-vcenter"), "ctl", "--url-file", str(today.server.url_file), "faults", *words]).expect(0)


def _failing(today: Day, method: str, *words: str, fault: str = "FileLocked") -> None:
    member = "file=[vmfs-01] web-01/web-01.vmdk" if fault == "FileLocked" else "reason=the chain is broken"
    _order(today, "add", "--method", method, "--object", "web-01", "--task-fail", fault, "--member", member, *words)


def _steps(today: Day) -> list[tuple[str, str]]:
    """Of web-01's merging in the journal."""
    return [(each["step"], each["state"]) for each in today.result("journal")["steps"]
            if each["machine"] == "web-01" and each["step"] in ("merge", "consolidate", "consolidateSnapshot")]


def _clean(today: Day) -> None:
    vm = today.vm("web-01")
    check(not vm.get("snapshot"), "a snapshot is left")
    check(not vm["runtime"].get("consolidationNeeded"), "its disks need consolidation")
    for disk in (each for each in vm["config"]["hardware"]["device"] if "capacityInKB" in each):
        check(not disk["backing"].get("parent"), f"{disk['backing']['fileName']} is a delta")


@case("jobs-merge-fresh-snapshot")
def jobs_merge_fresh_snapshot(setup: Setup, report: Report) -> None:
    """What does not consolidate is tried again after pauses, then with a fresh snapshot; the journal shows each attempt."""
    with day(setup, _site(consolidationNeeded=True), lose=None) as today:
        _failing(today, "ConsolidateVMDisks_Task", "--times", "2")
        _failing(today, "ConsolidateVMDisks_Task", "--times", "1", fault="GenericVmConfigFault")
        with _running(today, "reprotect", "--record", str(setup.records("jobs-merge-fresh"))) as job:
            code, result = job.ended(deadline=120)
            check_equal((0, "protected"), (code, result["state"]), f"the job: {job.people}")
            tried = [at for at, event in job.seen if event["event"] == "step" and event.get("step") == "consolidate"]
        pauses = [later - earlier for earlier, later in zip(tried, tried[1:])]
        check(len(pauses) == 2 and pauses[0] > 2 and pauses[1] > 6, f"pauses between the attempts: {pauses}")
        check_equal([("consolidate", "failed")] * 3 + [("consolidateSnapshot", "done"), ("merge", "done")],
                    _steps(today), "the journal")
        _clean(today)
        report.note(f"pauses of {', '.join(f'{each:.0f} s' for each in pauses)}")


@case("jobs-merge-gives-up")
def jobs_merge_gives_up(setup: Setup, report: Report) -> None:
    """Nothing helps: it stops with what went wrong last, and the next call goes on, also with its own snapshot left over."""
    with day(setup, _site(snapshots=[{"name": "nightly"}]), lose=None) as today:
        _failing(today, "RemoveAllSnapshots_Task", fault="GenericVmConfigFault")
        failed = today.result("reprotect", code=13)
        web, db = failed["machines"]
        check_equal(("failed", "protected"), (web["state"], db["state"]), "machines")
        check("after 4 attempts" in web["why"] and "RemoveAllSnapshots" not in web["why"], web["why"])
        check("GenericVmConfigFault" in web["why"], web["why"])
        check_equal([("merge", "failed")] * 4, _steps(today), "the journal")
        _order(today, "clear")
        # As a call that died after its snapshot leaves it.
        run([setup.peer("govc"), "snapshot.create", "-m=false", "-vm", "web-01", SNAPSHOT],
            env=_login(today.server).govc()).expect(0)
        check_equal("protected", today.result("reprotect")["state"], "the next call")
        _clean(today)


@case("jobs-merge-killed")
def jobs_merge_killed(setup: Setup, report: Report) -> None:
    """Killed between its own snapshot and the removal: the next call merges it, and all is as it should be."""
    with day(setup, _site(consolidationNeeded=True), lose=None) as today:
        _failing(today, "ConsolidateVMDisks_Task")
        _order(today, "add", "--method", "RemoveAllSnapshots_Task", "--object", "web-01", "--task-duration", "8s")
        with _running(today, "reprotect") as job:
            job.event(lambda event: event["event"] == "step" and event.get("step") == "merge", deadline=90)
            job.process.kill()
            job.process.wait()
        tree = today.vm("web-01")["snapshot"]["rootSnapshotList"]
        check_equal([SNAPSHOT], [each["name"] for each in tree], "what is left over")
        check("failback" in tree[0]["description"], tree[0]["description"])
        _order(today, "clear")
        check_equal("protected", today.result("reprotect")["state"], "the next call")
        _clean(today)


@case("jobs-merge-watched")
def jobs_merge_watched(setup: Setup, report: Report) -> None:
    """A long merge: percents are told, and a datastore that is nearly full, once."""
    scenario = _site(snapshots=[{"name": "nightly"}])
    rule_pairs.Site(scenario, {}).datastore().update(capacity="8TiB", free="15GiB")
    with day(setup, scenario, lose=None) as today:
        _order(today, "add", "--method", "RemoveAllSnapshots_Task", "--object", "web-01", "--task-duration", "34s")
        with _running(today, "reprotect") as job:
            code, result = job.ended(deadline=120)
            check_equal((0, "protected"), (code, result["state"]), f"the job: {job.people}")
            percents = [event["percent"] for _, event in job.seen if event["event"] == "progress"
                        and event.get("step") == "merge" and "percent" in event]
            warned = [event["text"] for _, event in job.seen if event["event"] == "warning" and event.get("machine") == "web-01"]
        check(len(set(percents)) >= 2, f"percents: {percents}")
        check(len(warned) == 1 and "vmfs-01" in warned[0] and "15" in warned[0], f"warnings: {warned}")


@case("jobs-merge-foreign")
def jobs_merge_foreign(setup: Setup, report: Report) -> None:
    """A file of the chain that another VM gets hold of after the check: between two attempts it is seen, and not merged."""
    with day(setup, _site(consolidationNeeded=True), lose=None) as today:
        _failing(today, "ConsolidateVMDisks_Task")
        base = today.vm("web-01")["config"]["hardware"]["device"]
        file = next(each["backing"]["parent"]["fileName"] for each in base if "capacityInKB" in each)
        with _running(today, "reprotect") as job:
            job.event(lambda event: event["event"] == "failed" and event.get("step") == "consolidate")
            datastore, path = file[1:].split("] ")
            # The master target may be at work for db-01.
            for _ in range(10):
                attached = run([setup.peer("govc"), "vm.disk.attach", "-vm", rule_pairs.MT, "-ds", datastore, "-disk",
                                path, "-link=false", "-mode", "independent_persistent"],
                               env=_login(today.server).govc())
                if attached.code == 0:
                    break
                time.sleep(0.1)
            attached.expect(0)
            code, result = job.ended(deadline=120)
        web = result["machines"][0]
        check_equal((13, "failed"), (code, web["state"]), "the job")
        check(rule_pairs.MT in web["why"] and file in web["why"], web["why"])
        check("consolidateSnapshot" not in [step for step, _ in _steps(today)], "a snapshot was taken")
