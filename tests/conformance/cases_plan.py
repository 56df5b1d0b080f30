# SPDX-License-Identifier: GPL-2.0-or-later
"""failback reads just the plan documents that their published schema describes."""

from __future__ import annotations

import copy
import json
import pathlib
from typing import Any, Callable

import support
from registry import Report, case
from support import Server, Setup, check, check_equal, run

Change = Callable[[dict[str, Any]], Any]
Records = Callable[[str], pathlib.Path]


def _machine(plan: dict[str, Any]) -> dict[str, Any]:
    return plan["machines"][0]


# Each changes one thing in the example.
GOOD: tuple[Change, ...] = (
    lambda plan: None,
    lambda plan: plan.update(policy=None),
    lambda plan: plan["policy"].update(unknown="warn"),
    lambda plan: _machine(plan).update(recoveryOrder=100),
    lambda plan: _machine(plan)["consents"].update(extendDisks=True),
    lambda plan: _machine(plan)["home"].update(networks={}),
    lambda plan: _machine(plan)["home"].update(folder=""),
    lambda plan: _machine(plan)["source"]["nics"].clear(),
    lambda plan: plan.update(servers={"configServer": "10.0.0.4:443", "processServer": "[fd00::4]"}),
)
BAD: tuple[Change, ...] = (
    lambda plan: plan.pop("id"),
    lambda plan: plan.update(id="5F1C7D52"),
    lambda plan: plan.update(version=2),
    lambda plan: plan.update(machines=[]),
    lambda plan: plan.update(machines={}),
    lambda plan: plan.update(colour="red"),
    lambda plan: plan.pop("vcenter"),
    lambda plan: plan["policy"].update(unknown="maybe"),
    lambda plan: plan["policy"].update(parallelMachines=0),
    lambda plan: plan["deadlines"].update(taskSeconds="1h"),
    lambda plan: _machine(plan).update(id="web 01"),
    lambda plan: _machine(plan).update(recoveryOrder=1.5),
    lambda plan: _machine(plan).pop("masterTarget"),
    lambda plan: _machine(plan).update(masterTarget=""),
    lambda plan: _machine(plan)["home"].pop("datastore"),
    lambda plan: _machine(plan)["home"].update(networks={"VM Network": 7}),
    lambda plan: _machine(plan)["home"].update(onNameClash="overwrite"),
    lambda plan: _machine(plan)["source"].update(cpus="4"),
    lambda plan: _machine(plan)["source"].update(firmware=None),
    lambda plan: _machine(plan)["source"]["disks"].clear(),
    lambda plan: _machine(plan)["source"]["disks"][0].update(capacityBytes=0),
    lambda plan: _machine(plan)["source"]["disks"][0].update(uuid="6000C29"),
    lambda plan: _machine(plan)["source"]["nics"][0].update(mac="00:50:56:9A:01:02"),
    lambda plan: plan.update(servers={"configServer": "https://10.0.0.4/"}),
)


@case("plan-schema")
def plan_schema(setup: Setup, report: Report) -> None:
    """failback and the published JSON Schema agree on what is a plan."""
    schema = support.ROOT / "docs" / "plan.schema.json"
    validate = [setup.python(), support.HERE / "check_schema.py", schema]
    show = [setup.program("failback"), "plan", "show", "-", "-o", "json"]
    written = run([*show[:3], support.ROOT / "docs" / "examples" / "plan.yaml", "-o", "json"])
    check(written.code == 0, written.stderr)
    example = json.loads(written.stdout)
    for valid, changes in ((True, GOOD), (False, BAD)):
        for number, change in enumerate(changes):
            plan = copy.deepcopy(example)
            change(plan)
            text = json.dumps(plan)
            where = f"{'good' if valid else 'bad'} plan {number}"
            check_equal(valid, run(validate, stdin=text).code == 0, f"the schema takes {where}")
            read = run(show, stdin=text)
            check_equal(0 if valid else 2, read.code, f"failback takes {where} ({read.stderr.strip()})")
    report.note(f"{len(GOOD)} good plans and {len(BAD)} bad ones")


def _made(setup: Setup, *arguments: str, env: dict[str, str] | None = None) -> dict[str, Any]:
    """The plan that plan init prints: one that the published schema takes, without what differs by run."""
    result = run([setup.program("failback"), "plan", "init", "-o", "json", "--quiet", *arguments],
                 env=env).expect(0, 3)
    schema = support.ROOT / "docs" / "plan.schema.json"
    judged = run([setup.python(), support.HERE / "check_schema.py", schema], stdin=result.stdout)
    check(judged.code == 0, f"the schema refuses what plan init made: {judged.stdout}{judged.stderr}")
    plan = json.loads(result.stdout)
    check(plan.pop("id") and plan.pop("made"), "a plan has an id and a time")
    return plan


def _live_and_dumped(setup: Setup, server: Server, records: Records, name: str, *wish: str) -> dict[str, Any]:
    """The same plan from the server and from a dump of it."""
    live = _made(setup, *wish, "--record", str(records(name)), env=server.login.failback())
    dump = setup.discover(server, "--full", record=records(f"{name}-dump"))
    with setup.folder() as folder:
        file = folder / "dump.json"
        file.write_text(json.dumps(dump), encoding="utf-8")
        check_equal(live, _made(setup, *wish, "--from", str(file)), "the plan made from a dump")
    return live


def _govc_vm(setup: Setup, server: Server, name: str) -> dict[str, Any]:
    """VirtualMachine.config, as govc prints it."""
    result = run([setup.peer("govc"), "vm.info", "-json", name], env=server.login.govc()).expect(0)
    return json.loads(result.stdout)["virtualMachines"][0]["config"]


@case("plan-init")
def plan_init(setup: Setup, report: Report) -> None:
    """A plan made from the mock, and from a dump of it, says what govc sees of the machines."""
    with setup.mock() as server:
        plan = _live_and_dumped(setup, server, setup.records, "plan-init", "--machine", "web-01",
                                "--machine", "db-01", "--master-target", "mt-linux-01",
                                "--datastore", "vmfs-01", "--allow-merge")
        for machine in plan["machines"]:
            vm = _govc_vm(setup, server, machine["source"]["name"])
            check_equal(vm["instanceUuid"], machine["source"]["instanceUuid"], "instanceUuid")
            check_equal(vm["hardware"]["numCPU"], machine["source"]["cpus"], "cpus")
            check_equal(sorted((device["backing"]["uuid"].lower(), device["capacityInBytes"])
                               for device in vm["hardware"]["device"] if "capacityInBytes" in device),
                        sorted((disk["uuid"].lower(), disk["capacityBytes"])
                               for disk in machine["source"]["disks"]), "disks")
            check(machine["consents"]["mergeSnapshots"] and not machine["consents"]["powerOff"], "consents")
        # A dump without folders: the paths of machines stand in it all the same.
        part = setup.discover(server, "--kind", "virtualMachine,host,datastore,network",
                              record=setup.records("plan-init-part"))
        with setup.folder() as folder:
            file = folder / "part.json"
            file.write_text(json.dumps(part), encoding="utf-8")
            by_path = _made(setup, "--machine", "/DC1/vm/Production/Linux/web-01", "--master-target",
                            "mt-linux-01", "--datastore", "vmfs-01", "--from", str(file))
        check_equal(plan["machines"][0]["source"], by_path["machines"][0]["source"],
                    "a machine named by its path, from a part of the inventory")
        report.note(f"{len(plan['machines'])} machines, {len(plan['facts'])} facts")


@case("plan-init-esxi")
def plan_init_esxi(setup: Setup, report: Report) -> None:
    """On a host without a vCenter the plan names the host."""
    with setup.mock(scenario="esxi") as server:
        plan = _live_and_dumped(setup, server, setup.records, "plan-init-esxi", "--machine",
                                "web-01", "--master-target", "mt-linux-01", "--datastore", "datastore1")
        check(plan["vcenter"]["instanceUuid"] != "", "the server is named")
        report.note(plan["vcenter"]["instanceUuid"])


@case("plan-init-vcsim")
def plan_init_vcsim(setup: Setup, report: Report) -> None:
    """The same on vcsim, which others wrote."""
    govc = setup.peer("govc")
    with setup.vcsim("-vm", "4", "-ds", "1") as server:
        for name in ("DC0_H0_VM0", "DC0_H0_VM1", "DC0_C0_RP0_VM0"):
            run([govc, "vm.change", "-vm", f"/DC0/vm/{name}", "-g", "ubuntu64Guest"],
                env=server.login.govc()).expect(0)
        plan = _live_and_dumped(setup, server, setup.vcsim_records, "plan-init-vcsim",
                                "--machine", "DC0_H0_VM[01]", "--master-target", "DC0_C0_RP0_VM0", "--datastore", "LocalDS_0")
        check_equal(["DC0_H0_VM0", "DC0_H0_VM1"], sorted(each["source"]["name"] for each in plan["machines"]),
                    "machines")
        report.note(f"{len(plan['machines'])} machines")


@case("role-govc")
def role_govc(setup: Setup, report: Report) -> None:
    """The commands that failback role prints make the role it says, on the mock and on vcsim."""
    govc = setup.peer("govc")
    role = [setup.program("failback"), "role", "olr,alr,protect,repair", "--optional", "--name", "bring home"]
    wanted = sorted(each["id"] for each in json.loads(run([*role, "-o", "json"]).expect(0).stdout)["privileges"])
    script = run([*role, "-o", "govc"]).expect(0).stdout
    with setup.mock() as mock, setup.vcsim("-vm", "1") as vcsim:
        for server in (mock, vcsim):
            env = server.login.govc()
            run(["sh", "-e"], stdin=script, env=env | {"PATH": f"{govc.parent}:/usr/bin:/bin"}).expect(0)
            made = json.loads(run([govc, "role.ls", "-json", "bring home"], env=env).expect(0).stdout)
            check_equal(wanted, sorted(made["privilege"]), "privileges of the role")
    report.note(f"{len(wanted)} privileges")
