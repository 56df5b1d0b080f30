# SPDX-License-Identifier: GPL-2.0-or-later
"""The master target and the home VMs stay where they are: overrides and the lock, set and put back."""

from __future__ import annotations

import json
from typing import Any

import cases_crash
import rule_pairs
import support
from cases_check import _login
from cases_jobs import MT, Day, day, site
from registry import Report, case
from support import Setup, check, check_equal, run

Json = dict[str, Any]
HELD = {MT, "web-01", "db-01"}


def moving_site() -> Json:
    """Storage DRS moves what is in Pod, and DRS moves the master target to a host that lacks a datastore."""
    scenario = site()
    made = rule_pairs.Site(scenario, {})
    made.dc["datastoreClusters"][0].update(behavior="automated")
    made.cluster.update(drsBehavior="fullyAutomated")
    made.datastore().update(readOnlyOn=["esx-02.example"])
    return scenario


def _names(today: Day) -> dict[str, str]:
    machines = today.govc("vm.info", *today.govc("find", "/", "-type", "m"))["virtualMachines"]
    return {each["self"]["value"]: each["name"] for each in machines}


def _collected(today: Day, place: str, path: str) -> Json:
    found = today.govc("collect", place, path)
    changes = [change for each in found for change in each.get("changeSet", [each])]
    check_equal(1, len(changes), f"{path} of {place}")
    return changes[0]["val"]


def _storage(today: Day) -> dict[str, Json]:
    """Storage DRS overrides by the VM's name."""
    names = _names(today)
    entry = _collected(today, "/DC1/datastore/Pod", "podStorageDrsEntry")
    return {names[each["vm"]["value"]]: each for each in entry["storageDrsConfig"].get("vmConfig") or []}


def _drs(today: Day) -> dict[str, Json]:
    names = _names(today)
    config = _collected(today, "/DC1/host/C1", "configurationEx")
    return {names[each["key"]["value"]]: each for each in config.get("drsVmConfig") or []}


def _off(overrides: dict[str, Json]) -> set[str]:
    return {name for name, each in overrides.items() if each.get("enabled") is False}


def _lock(today: Day) -> str:
    options = {each["key"]: each["value"] for each in today.vm(MT)["config"]["extraConfig"]}
    locks = [value for key, value in options.items() if key.startswith("failback.mt.") and key.count(".") == 2]
    check(len(locks) < 2, f"several locks: {locks}")
    return locks[0] if locks else ""


def _steps(today: Day, step: str) -> list[Json]:
    return [each for each in today.result("journal")["steps"] if each["step"] == step]


@case("protect-cancel")
def protect_cancel(setup: Setup, report: Report) -> None:
    """Overrides and lock are set once, a second call sets nothing, and a cancel puts back what was there."""
    with day(setup, moving_site()) as today:
        # web-01 has an override already: its values come back.
        run([setup.program("mock-vcenter"), "ctl", "--url-file", str(today.server.url_file), "call",
             "ConfigureStorageDrsForPod_Task", "StorageResourceManager", "--arguments", json.dumps(
                 {"pod": "Pod", "modify": True, "spec": {"vmConfigSpec": [{"operation": "add", "info": {
                     "vm": "web-01", "enabled": True, "behavior": "automated", "intraVmAffinity": False}}]}})]).expect(0)
        before = (_storage(today), _drs(today))
        check_equal({"web-01"}, set(before[0]), "who has an override")

        foreseen = today.result("reprotect", "--dry-run")["protection"]
        check_equal({"lockTarget", "protect"}, {each["step"] for each in foreseen}, "what would be set")
        today.result("reprotect")
        storage = _storage(today)
        check_equal(HELD, _off(storage), "not moved by Storage DRS")
        check_equal(("automated", False), (storage["web-01"]["behavior"], storage["web-01"]["intraVmAffinity"]),
                    "the rest of the override")
        check_equal({MT}, _off(_drs(today)), "not moved by DRS")
        lock = json.loads(_lock(today))
        check_equal({"owner", "store", "until"}, set(lock), "the lock")
        check_equal(1, len(_steps(today, "lockTarget")), "locks set")
        sets = _steps(today, "protect")
        # The VM that was made could not be held before it was there.
        check_equal(3, len(sets), "calls that set overrides")
        again = today.result("reprotect")
        check_equal("protected", again["state"], "again")
        check_equal((sets, 1), (_steps(today, "protect"), len(_steps(today, "lockTarget"))), "nothing is set twice")

        today.result("cancel")
        check_equal(before, (_storage(today), _drs(today)), "overrides after the cancel")
        check_equal("", _lock(today), "the lock after the cancel")
        report.note(f"{len(sets)} calls set overrides")


@case("protect-commit")
def protect_commit(setup: Setup, report: Report) -> None:
    """Held until the commit; what somebody has changed meanwhile stays, and is told."""
    with day(setup, moving_site(), lose=None) as today:
        today.result("reprotect")
        check_equal(HELD, _off(_storage(today)), "not moved by Storage DRS")
        today.result("failback", "--confirm", "all", code=None)
        check_equal(HELD, _off(_storage(today)), "held until the commit")
        check(_lock(today) != "", "locked until the commit")
        run([setup.peer("govc"), "cluster.override.change", "-drs-mode", "manual", "-drs-enabled=true",
             "-cluster", "C1", "-vm", MT], env=_login(today.server).govc()).expect(0)
        done = today.result("commit", code=3)
        check_equal("committed", done["state"], "the job")
        check(any(MT in each and "somebody" in each for each in done["warnings"]), str(done["warnings"]))
        check_equal({}, _storage(today), "overrides after the commit")
        check_equal({MT}, set(_drs(today)), "somebody's override stays")
        check_equal("", _lock(today), "the lock after the commit")
        report.note(done["warnings"][0])


@case("protect-denied")
def protect_denied(setup: Setup, report: Report) -> None:
    """Who may not set overrides reprotects all the same, and is told so; nothing is left to put back."""
    scenario = moving_site()
    scenario["users"].append({"name": "low@example", "password": "secret-of-low@example", "role": "ReadOnly"})
    with day(setup, scenario, lose=None) as today:
        env = _login(today.server).govc()
        roles = json.loads(run([setup.peer("govc"), "role.ls", "-json", "Admin"], env=env).expect(0).stdout)
        allowed = sorted(set(roles["privilege"]) - {"StoragePod.Config", "Host.Inventory.EditCluster"})
        run([setup.peer("govc"), "role.create", "no-overrides", *allowed], env=env).expect(0)
        run([setup.peer("govc"), "permissions.set", "-principal", "low@example", "-role", "no-overrides",
             "-propagate=true", "/"], env=env).expect(0)
        low = low_env(today)
        command = [setup.program("failback"), "reprotect", str(today.plan), "-o", "json", "--quiet", "--state",
                   str(today.folder / "state")]
        result = json.loads(run(command, env=low, deadline=120).expect(3).stdout)
        check_equal("protected", result["state"], "the job")
        check(any("StoragePod.Config" in each for each in result["warnings"]), str(result["warnings"]))
        check(any("EditCluster" in each for each in result["warnings"]), str(result["warnings"]))
        check_equal({}, _storage(today) | _drs(today), "overrides")
        run([setup.program("failback"), "cancel", str(today.plan), "--quiet", "--state",
             str(today.folder / "state")], env=low, deadline=120).expect(0)
        check_equal("", _lock(today), "the lock after the cancel")
        report.note(result["warnings"][0])


def low_env(today: Day) -> dict[str, str]:
    return _login(today.server).failback() | {"FAILBACK_USERNAME": "low@example",
                                              "FAILBACK_PASSWORD": "secret-of-low@example"}


@case("protect-two-stores")
def protect_two_stores(setup: Setup, report: Report) -> None:
    """A second store is refused while the first holds the master target, for any plan; afterwards it is not."""
    with day(setup, lose=None) as today:
        env = _login(today.server).failback()
        other = today.folder / "other.yaml"
        run([setup.program("failback"), "plan", "init", "--quiet", "--machine", "stranger-01", "--master-target", MT,
             "--datastore", "vmfs-01", "--allow-power-off", "--out", str(other)], env=env).expect(0)
        second = [setup.program("failback"), "reprotect", str(other), "--quiet", "--state",
                  str(today.folder / "second")]
        today.result("reprotect")
        lock = json.loads(_lock(today))
        before = today.disks(MT)
        refused = run(second, env=env, deadline=120).expect(14)
        check(lock["until"] in refused.stderr and "plan" in refused.stderr, refused.stderr)
        check_equal(before, today.disks(MT), "nothing is attached")
        # Of one store, two plans share it.
        run([*second[:-1], str(today.folder / "state")], env=env, deadline=120).expect(0)
        run([setup.program("failback"), "cancel", str(other), "--quiet", "--state", str(today.folder / "state")],
            env=env, deadline=120).expect(0)
        check_equal(lock, json.loads(_lock(today)), "the first plan's lock")
        today.result("cancel")
        run(second, env=env, deadline=120).expect(0)
        report.note(refused.stderr.splitlines()[0])


@case("protect-shared")
def protect_shared(setup: Setup, report: Report) -> None:
    """Two plans of one store share the master target: it is held until the last of them gives it back."""
    with day(setup, moving_site(), lose=None) as today:
        env = _login(today.server).failback()
        other = today.folder / "other.yaml"
        run([setup.program("failback"), "plan", "init", "--quiet", "--machine", "stranger-01", "--master-target", MT,
             "--datastore", "vmfs-01", "--allow-power-off", "--out", str(other)], env=env).expect(0)
        state = ["--quiet", "--state", str(today.folder / "state")]
        today.result("reprotect")
        run([setup.program("failback"), "reprotect", str(other), *state], env=env, deadline=120).expect(0)
        check_equal(HELD | {"stranger-01"}, _off(_storage(today)), "held for both")
        before = today.disks(MT)
        # What moves by itself is moved now: the other machines.
        for place in ("Pod", "C1"):
            moved = run([setup.program("mock-vcenter"), "ctl", "--url-file", str(today.server.url_file), "drs",
                         place]).expect(0)
            check(MT not in moved.stdout and "web-01" not in moved.stdout, f"{place} moved {moved.stdout}")
        check_equal(before, today.disks(MT), "disks of the master target")
        today.result("cancel")
        check_equal({MT, "stranger-01"}, _off(_storage(today)), "held for the other plan")
        check_equal({MT}, _off(_drs(today)), "not moved by DRS")
        run([setup.program("failback"), "cancel", str(other), *state], env=env, deadline=120).expect(0)
        check_equal(({}, {}, ""), (_storage(today), _drs(today), _lock(today)), "what is left")
        report.note("handed from one job to the other")


@case("crash-protect")
def crash_protect(setup: Setup, report: Report) -> None:
    """reprotect and its cancel are ended anywhere while overrides are set and put back."""
    library = setup.test_program("libkill_at.so")

    def facts(today: Day) -> Json:
        return cases_crash._facts(today) | {"overrides": [sorted(_off(_storage(today))), sorted(_off(_drs(today)))],
                                            "lock": _lock(today) != ""}

    killed = points = 0
    for before, words, codes in (((), ("reprotect",), (0,)), ((("reprotect",),), ("cancel",), (0, 2))):
        with day(setup, moving_site()) as today:
            for each in before:
                today.failback(*each, "--quiet").expect(0)
            syncs, sends = cases_crash._count(today, words, library)
            wanted = facts(today)
        for point in cases_crash._points("sync", syncs) + cases_crash._points("after", sends):
            points += 1
            with day(setup, moving_site()) as today:
                for each in before:
                    today.failback(*each, "--quiet").expect(0)
                killed += cases_crash._killed(today, words, point, library) == -9
                again = today.failback(*words, "--quiet")
                check(again.code in codes, f"{words} ended at {point}, then: {again.code}\n{again.transcript()}")
                check_equal(wanted, facts(today), f"what is there after {point} and a second call")
                if words == ("reprotect",):
                    today.failback("cancel", "--quiet").expect(0)
                    left = facts(today)
                    check_equal(([[], []], False), (left["overrides"], left["lock"]), f"{point}, then a cancel")
    check(killed > 0, "no run was ended")
    report.note(f"{killed} of {points} runs were ended")
