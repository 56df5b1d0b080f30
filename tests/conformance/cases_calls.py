# SPDX-License-Identifier: GPL-2.0-or-later
"""The calls that a check makes: one sweep of the inventory, privileges, managers, events, guests, folders."""

from __future__ import annotations

import dataclasses
import json
import pathlib

import govc_facts
from registry import Report, case
from support import HERE, Server, Setup, check, check_equal, run

SCENARIOS = HERE.parent.parent / "mocks" / "scenarios"
ADD_DISK = "VirtualMachine.Config.AddExistingDisk"
ODD_WORDS = ("twice", "unswept", "unread", "differs", "unswepthole", "unreadhole")


class Facts:
    """What the probe said, by the first word of its lines."""

    def __init__(self, lines: list[str]):
        self.lines = lines

    def words(self, first: str) -> list[list[str]]:
        return [line.split()[1:] for line in self.lines if line.split()[0] == first]

    def check_ended(self) -> None:
        check_equal(["logged out"], self.lines[-1:], "the end of the session")


def _probe(setup: Setup, server: Server, record: pathlib.Path, *steps: str, user: str = "",
           page_size: int = 100) -> Facts:
    login = dataclasses.replace(server.login, username=user) if user else server.login
    command = [setup.test_program("check_probe"), record, str(page_size), *steps]
    facts = Facts(run(command, deadline=150, env=login.failback()).expect(0).stdout.splitlines())
    facts.check_ended()
    return facts


def _check_sweep(facts: Facts, what: str, page_size: int = 100) -> int:
    """The sweep brings what views and slices bring, in one call and its pages; how many objects."""
    odd = [line for line in facts.lines if line.split()[0] in ODD_WORDS]
    check(not odd, f"{what}: the sweep brings something else:\n" + "\n".join(odd)[:3000])
    swept = facts.words("swept")
    check_equal(["thin", "standard", "full"], [words[0] for words in swept], f"{what}: depths")
    for depth, objects, calls, pages in swept:
        check_equal(1, int(calls) - int(pages), f"{what}: calls of a sweep ({depth})")
        check_equal(max(0, -(-int(objects) // page_size) - 1), int(pages),
                    f"{what}: further pages of {objects} objects ({depth})")
    return int(swept[0][1])


def _site_with_schedule(folder: pathlib.Path) -> pathlib.Path:
    site = json.loads((SCENARIOS / "site.json").read_text("utf-8"))
    web = next(vm for vm in site["datacenters"][0]["vms"] if vm["name"] == "web-01")
    web["scheduledTasks"] = [{"name": "snapshot nightly", "description": "before the backup",
                              "user": "operator", "method": "CreateSnapshot_Task", "hour": 22,
                              "minute": 0}]
    path = folder / "scheduled.json"
    path.write_text(json.dumps(site), encoding="utf-8")
    return path


def _check_events(facts: Facts, govc: govc_facts.Govc, vm: str) -> None:
    events = facts.words("event")
    kinds = [kind for kind, *_ in events]
    check("VmPoweredOnEvent" in kinds and "VmPoweredOffEvent" in kinds, f"events of {vm}: {events}")
    check_equal(set(), set(kinds) - {"VmPoweredOnEvent", "VmPoweredOffEvent", "DrsVmPoweredOnEvent"},
                "types that were not asked for")
    last_off = max(i for i, kind in enumerate(kinds) if kind == "VmPoweredOffEvent")
    last_on = max(i for i, kind in enumerate(kinds) if kind.endswith("PoweredOnEvent"))
    check(last_off < last_on, f"the oldest event comes first: {events}")
    check(all(told == asked for *_, told, asked in events), f"events of other machines: {events}")
    check_equal([["0"]], facts.words("later"), "events of the time to come")


def _check_top(facts: Facts, govc: govc_facts.Govc) -> None:
    folders = {tuple(words) for words in facts.words("folder")}
    for path in govc.paths("s"):
        name = path.split("/")[-1]
        # Only -l asks for the types of files, and without them a folder is like any file.
        lines = govc.run("datastore.ls", "-l", "-p", "-ds", path).splitlines()
        want = {line.split()[-1].strip("/") for line in lines if line.endswith("/")}
        check_equal(sorted(want), sorted(file for store, file in folders if store == name),
                    f"folders at the top of {name}")
    check(folders, "no folder on any datastore")


def _check_guests(facts: Facts) -> None:
    guests = {words[1]: words for words in facts.words("guest")}
    check("ubuntu64Guest" in guests, f"ubuntu64Guest is no guest: {sorted(guests)[:20]}")
    version, _, family, firmware, _ = guests["ubuntu64Guest"]
    check(version.startswith("vmx-"), f"hardware version {version}")
    check_equal(["linuxGuest", "2"], [family, firmware], "what ubuntu64Guest can")
    check("secure" in [words[-1] for words in guests.values()], "no guest knows secure boot")
    check_equal("plain", guests["winXPProGuest"][-1], "secure boot of a guest of 2001")


STEPS = ("sweep", "rights", f"{ADD_DISK},System.Read,Quantum.Entangle", "manage", "options", "top",
         "events", "web-01", "VmPoweredOnEvent,DrsVmPoweredOnEvent,VmPoweredOffEvent")


@case("check-calls-on-mock")
def check_calls_on_mock(setup: Setup, report: Report) -> None:
    """The calls of a check on mock-vcenter: each brings what govc sees, in as few calls as it should."""
    with setup.folder() as folder:
        scenario = str(_site_with_schedule(folder))
        asked = setup.records("check-calls-on-mock-server", foreign=("requests",))
        with setup.mock(record=asked, scenario=scenario) as server:
            govc = govc_facts.Govc(setup.peer("govc"), server.login)
            web = next(path for path in govc.paths("m") if path.endswith("/web-01"))
            govc.run("vm.power", "-off", web)
            govc.run("vm.power", "-on", web)
            facts = _probe(setup, server, setup.records("check-calls-on-mock"), *STEPS)
            objects = _check_sweep(facts, "site")
            check_equal([], [words for words in facts.words("missing")],
                        "what an administrator may not do")
            granted = [ref for ref, privilege in facts.words("granted") if privilege == ADD_DISK]
            check_equal(objects, len(granted), "objects on which an administrator may add a disk")
            check_equal([["Quantum.Entangle"]], facts.words("unknown"), "unknown privileges")
            _check_manage(facts)
            _check_events(facts, govc, "web-01")
            _check_guests(facts)
            _check_top(facts, govc)
            check_equal(0, govc.sessions(server.login.username), "sessions that are left over")
            report.note(f"{objects} objects, {len(facts.words('folder'))} folders at the top")


def _check_manage(facts: Facts) -> None:
    check_equal([["1"]], facts.words("calls"), "calls for tasks, scheduled tasks and licences, none of them free")
    tasks = facts.words("task")
    check(any(words[1:] == ["VirtualMachine.powerOn", "success"] for words in tasks),
          f"the power-on is no task: {tasks}")
    check(not any("never" in words[0] for words in tasks), "a task that never was")
    [scheduled] = facts.words("scheduled")
    check(scheduled[0].startswith("VirtualMachine:"), f"scheduled on {scheduled[0]}")
    check_equal(["CreateSnapshot_Task", "on"], scheduled[1:3], "what the scheduled task does")
    check(scheduled[3] != "never", "when it runs next")
    check_equal("snapshot nightly", " ".join(scheduled[4:]), "the scheduled task's name")
    # No licence here is the free edition, so that it is not asked which host has which (check-pairs: ENV-LICENSE).
    check(facts.words("license"), "no licence at all")
    check_equal([], facts.words("hole"), "what an administrator may not read")


@case("check-calls-accounts")
def check_calls_accounts(setup: Setup, report: Report) -> None:
    """The same calls by accounts with few rights: holes where they are blind, and no errors."""
    seen = []
    with setup.mock(scenario="permissions") as server:
        for user in ("asr@vsphere.local", "readonly", "outsider@vsphere.local",
                     "viewer@vsphere.local", "operator@vsphere.local"):
            record = setup.records("check-calls-" + user.split("@")[0])
            facts = _probe(setup, server, record, "sweep", "rights", f"{ADD_DISK},System.View",
                           "manage", user=user)
            seen.append(f"{user.split('@')[0]} {_check_sweep(facts, user)}")
            # Who may only view an object may not even ask about it: that is a hole.
            blind = user.startswith("viewer")
            check_equal(blind, not facts.words("granted"), f"{user} is told of nothing granted")
            check(not blind or any(len(words) == 1 for words in facts.words("hole")),
                  f"{user} is not told what it may not ask about")
            adds = [ref for ref, privilege in facts.words("granted") if privilege == ADD_DISK]
            check_equal(user.startswith(("asr", "outsider")), bool(adds),
                        f"{user} may add a disk somewhere")
    report.note(", ".join(seen) + " objects")


@case("check-calls-scenarios")
def check_calls_scenarios(setup: Setup, report: Report) -> None:
    """A sweep brings the same as views do, in vApps, with many devices, troubles and pages, and on ESXi."""
    seen = []
    for scenario in ("vapp", "devices", "troubled", "empty", "generate:hosts=4,datastores=4,vms=120"):
        name = scenario.split(":")[0]
        with setup.mock(scenario=scenario) as server:
            record = setup.records("check-calls-" + name)
            size = 25 if name == "generate" else 100
            facts = _probe(setup, server, record, "sweep", page_size=size)
            seen.append(f"{name} {_check_sweep(facts, scenario, size)}")
    with setup.mock(scenario="esxi") as server:
        facts = _probe(setup, server, setup.records("check-calls-esxi"), *STEPS)
        seen.append(f"esxi {_check_sweep(facts, 'esxi')}")
        check_equal([], facts.words("scheduled"), "scheduled tasks of a host")
        check_equal([], facts.words("hole"), "what could not be read of a host")
        check(facts.words("license"), "a host has a licence")
        check(facts.words("folder"), "a host has folders on its datastores")
        _check_guests(facts)
        check_equal([["Quantum.Entangle"]], facts.words("unknown"), "unknown privileges")
    report.note(", ".join(seen) + " objects")


@case("check-calls-lost-session")
def check_calls_lost_session(setup: Setup, report: Report) -> None:
    """A session that ends between two pages of a sweep is renewed, and no object comes twice or not at all."""
    with setup.mock(scenario="generate:hosts=4,datastores=4,vms=120") as server:
        run([setup.program("mock-vcenter"), "ctl", "--url", server.url, "faults", "add", "--method",
             "ContinueRetrievePropertiesEx", "--call", "2", "--fault", "NotAuthenticated"]).expect(0)
        facts = _probe(setup, server, setup.records("check-calls-lost-session"), "sweep",
                       page_size=25)
    odd = [line for line in facts.lines if line.split()[0] in ODD_WORDS]
    check(not odd, "the sweep brings something else:\n" + "\n".join(odd)[:3000])
    disturbed, *others = facts.words("swept")
    check(int(disturbed[2]) > int(others[0][2]), "the session was not lost: the test is void")
    report.note(f"{disturbed[1]} objects")


@case("check-calls-on-vcsim")
def check_calls_on_vcsim(setup: Setup, report: Report) -> None:
    """The same calls on vcsim, as vCenter and as ESXi, as far as it answers them."""
    with setup.vcsim("-cluster", "2", "-vm", "5", "-pod", "1", "-folder", "1") as server:
        record = setup.vcsim_records("check-calls-on-vcsim")
        govc = govc_facts.Govc(setup.peer("govc"), server.login)
        vm = govc.paths("m")[0]
        govc.run("vm.power", "-off", vm)
        govc.run("vm.power", "-on", vm)
        facts = _probe(setup, server, record, "sweep", "rights", f"{ADD_DISK},System.Read", "manage",
                       "options", "top", "events", vm.split("/")[-1],
                       "VmPoweredOnEvent,VmPoweredOffEvent")
        objects = _check_sweep(facts, "vcsim")
        check_equal([], facts.words("missing"), "what the administrator may not do")
        check_equal(2 * objects, len(facts.words("granted")), "what the administrator may do")
        check(facts.words("task"), "no task is known")
        check_equal([], facts.words("hole"), "what could not be read")
        _check_events(facts, govc, vm)
        _check_top(facts, govc)
        check("ubuntu64Guest" in [words[1] for words in facts.words("guest")], "guests of vcsim")
        report.note(f"{objects} objects")
        report.note("NOT compared on vcsim: it has no scheduled tasks, grants privileges that it does "
                    "not know, and says nothing of firmware")
    with setup.vcsim("-esx", "-vm", "3") as server:
        facts = _probe(setup, server, setup.vcsim_records("check-calls-on-vcsim-esx"), "sweep", "top")
        check(facts.words("folder"), "a host has folders on its datastores")
        report.note(f"esx {_check_sweep(facts, 'vcsim as ESXi')} objects")
