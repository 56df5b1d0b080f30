# SPDX-License-Identifier: GPL-2.0-or-later
"""For every rule two scenarios that differ in one fact: one passes, one finds.

A pair names the one change that makes the rule find something; without it, the site and the plan are all
right. Changes are made to the scenario before the server starts, to the plan, to the environment of the
command, or to the running server.
"""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
MT = "mt-linux-01"
BOSS = "boss@example"  # may do everything


def _retention() -> list[Json]:
    return [{"path": "/", "filesystem": "ext4", "size": "56GiB", "free": "41GiB", "disk": 0},
            {"path": "/mnt/retention", "filesystem": "xfs", "size": "190GiB", "free": "188GiB", "disk": 1}]


def _master_target(name: str, address: str) -> Json:
    return {"name": name, "folder": "Failback", "host": "esx-01.example", "datastore": "vmfs-01",
            "guestId": "ubuntu64Guest", "scsi": "lsilogic", "diskUuid": True, "cpus": 4, "memory": "8GiB",
            "disks": [{"size": "60GiB"}, {"size": "200GiB"}],
            "nics": [{"network": "VM Network"}], "addresses": [address], "volumes": _retention()}


def machine(name: str, *sizes: str) -> Json:
    return {"name": name, "folder": "Production", "host": "esx-01.example", "datastore": "vmfs-01",
            "guestId": "debian12_64Guest", "powered": False, "cpus": 2, "memory": "4GiB",
            "disks": [{"size": size} for size in sizes], "nics": [{"network": "VM Network"}]}


def site() -> Json:
    """Nothing is wrong here."""
    return {
        "description": "A site in which every rule passes",
        "pastActivity": True,
        "licenses": [{"name": "VMware vSphere 8 Enterprise Plus", "edition": "esx.enterprisePlus.cpuPackage",
                      "total": 16, "hosts": ["esx-01.example", "esx-02.example"]}],
        "users": [{"name": BOSS, "password": "secret-of-" + BOSS}],
        "datacenters": [{
            "name": "DC1",
            "folders": ["Failback", "Production"],
            "clusters": [{"name": "C1", "drs": True, "drsBehavior": "manual",
                          "hosts": [{"name": "esx-01.example"}, {"name": "esx-02.example"}]}],
            "datastoreClusters": [{"name": "Pod", "drs": True, "behavior": "manual"}],
            "datastores": [{"name": "vmfs-01", "capacity": "8TiB", "cluster": "Pod"},
                           {"name": "vmfs-02", "capacity": "8TiB"},
                           {"name": "nfs-01", "type": "NFS", "capacity": "8TiB", "remoteHost": "nas",
                            "remotePath": "/export"}],
            "networks": ["VM Network", "Other Network"],
            "vms": [_master_target(MT, "10.0.0.31"), _master_target("mt-linux-02", "10.0.0.32"),
                    machine("web-01", "40GiB", "100GiB"), machine("db-01", "60GiB"),
                    machine("stranger-01", "20GiB")],
        }],
    }


class Site:
    """The scenario and the plan, where a change is made."""

    def __init__(self, scenario: Json, plan: Json):
        self.scenario = scenario
        self.plan = plan

    @property
    def dc(self) -> Json:
        return self.scenario["datacenters"][0]

    @property
    def cluster(self) -> Json:
        return self.dc["clusters"][0]

    def host(self, number: int = 0) -> Json:
        return self.cluster["hosts"][number]

    def datastore(self, name: str = "vmfs-01") -> Json:
        return next(each for each in self.dc["datastores"] if each["name"] == name)

    def vm(self, name: str) -> Json:
        return next(each for each in self.dc["vms"] if each["name"] == name)

    @property
    def mt(self) -> Json:
        return self.vm(MT)

    @property
    def web(self) -> Json:
        return self.vm("web-01")

    @property
    def machine(self) -> Json:
        return self.plan["machines"][0]

    @property
    def other(self) -> Json:
        return self.plan["machines"][1]

    def lose(self, name: str = "web-01") -> None:
        self.dc["vms"] = [each for each in self.dc["vms"] if each["name"] != name]


Change = Callable[[Site], Any]


@dataclasses.dataclass(frozen=True)
class Pair:
    rule: str
    change: Change | None = None  # what makes the rule find something
    both: Change | None = None    # what both scenarios have
    gone: bool = False            # the original of web-01 is gone: it has to be created
    phase: str = "reprotect"
    finds: str = "fail"           # or "unknown", or both with a bar between
    passes: str = "pass"          # or "", when nothing at all is found then
    word: str = ""                # in what was seen
    env: Callable[[Json], Any] | None = None     # of the command
    live: tuple[tuple[str, ...], ...] = ()       # mock-vcenter ctl, at the running server
    govc: tuple[tuple[str, ...], ...] = ()
    codes: tuple[int, ...] = (4,)                # exit codes when it finds


def _closed(env: Json) -> None:
    env["FAILBACK_URL"] = "https://127.0.0.1:1/sdk"


def _user(name: str) -> Callable[[Json], None]:
    def change(env: Json) -> None:
        env["FAILBACK_USERNAME"], env["FAILBACK_PASSWORD"] = name, "secret-of-" + name
    return change


def _add_user(role: str) -> Change:
    return lambda s: s.scenario["users"].append({"name": "low@example", "password": "secret-of-low@example",
                                                 "role": role})


def _lesser_role(s: Site) -> None:
    s.scenario["roles"] = [{"name": "lesser", "privileges": [
        "Datastore.Browse", "Datastore.FileManagement", "Network.Assign", "VirtualMachine.Config.RemoveDisk",
        "VirtualMachine.Config.AddRemoveDevice", "VirtualMachine.Config.AdvancedConfig",
        "VirtualMachine.Config.EditDevice", "VirtualMachine.Interact.PowerOn",
        "VirtualMachine.Interact.DeviceConnection", "Global.Licenses"]}]
    s.scenario["users"].append({"name": "low@example", "password": "secret-of-low@example", "role": "lesser"})


def _set(target: Callable[[Site], Json], **members: Any) -> Change:
    return lambda s: target(s).update(**members)


def _mt(**members: Any) -> Change:
    return _set(lambda s: s.mt, **members)


def _web(**members: Any) -> Change:
    return _set(lambda s: s.web, **members)


def _home(**members: Any) -> Change:
    return lambda s: s.machine["home"].update(**members)


def _source(**members: Any) -> Change:
    return lambda s: s.machine["source"].update(**members)


def _group(s: Site) -> None:
    s.machine["group"] = s.other["group"] = "shop"


def _all(*changes: Change) -> Change:
    def change(s: Site) -> None:
        for each in changes:
            each(s)
    return change


def _fill(s: Site) -> None:
    places = [(f"scsi{bus}", unit) for bus in range(4) for unit in range(16) if unit != 7]
    s.mt["disks"] += [{"size": "1GiB", "controller": bus, "unit": unit} for bus, unit in places[2:58]]


def _only_nfs(s: Site) -> None:
    for each in s.dc["datastores"]:
        if each["name"] != "nfs-01":
            each["hosts"] = ["esx-02.example"]
    s.mt["datastore"] = "nfs-01"


ENVIRONMENT = (
    Pair("ENV-REACHABLE", env=_closed, codes=(6,)),
    Pair("ENV-API", lambda s: s.scenario.update(server={"version": "6.0.0"}), codes=(4, 5)),
    Pair("ENV-LICENSE", lambda s: s.scenario["licenses"][0].update(name="vSphere Hypervisor", edition="esxBasic"),
         word="free edition"),
    Pair("ENV-PRIVILEGE", both=_lesser_role, env=_user("low@example"), word="AddExistingDisk"),
    Pair("ENV-READONLY", both=_add_user("ReadOnly"), env=_user("low@example"), word="change nothing"),
    Pair("ENV-VCENTER", lambda s: s.plan["vcenter"].update(instanceUuid="00000000-1111-2222-3333-444444444444"),
         codes=(3,)),
    Pair("ENV-SERVERS", lambda s: s.plan["servers"].update(configServer="127.0.0.1:1"),
         both=lambda s: s.plan.update(servers={"configServer": "MOCK"}), codes=(3,)),
    Pair("ENV-CLOCK", live=(("clock", "+20m"),), codes=(3, 4), word="ahead"),
)

PLAN = (
    Pair("PLAN-SCHEMA", lambda s: s.plan.pop("machines"), codes=(2,)),
    Pair("PLAN-DATASTORE", _home(datastore=" ")),
    Pair("PLAN-ONE-MT", lambda s: s.other.update(masterTarget="mt-linux-02"), both=_group, word="mt-linux-02"),
    Pair("PLAN-ONE-OS", lambda s: s.other["source"].update(osFamily="windows"), both=_group, word="windows"),
    Pair("PLAN-UNIQUE", lambda s: s.other["source"].update(instanceUuid=s.machine["source"]["instanceUuid"])),
    Pair("PLAN-PHYSICAL", _source(guestId="windows7Server64Guest"), both=_source(kind="physical"), gone=True),
    Pair("PLAN-FIRMWARE", _source(hardwareVersion=98), gone=True, word="vmx-98"),
    Pair("PLAN-GUEST-OS", _source(guestId="solaris11_64Guest"), word="agent"),
)

MASTER_TARGET = (
    Pair("MT-FOUND", lambda s: s.plan["masterTargets"][0].update(
        instanceUuid="00000000-1111-2222-3333-444444444444", biosUuid="00000000-1111-2222-3333-555555555555")),
    Pair("MT-STATE", _mt(powered=False), word="poweredOff"),
    Pair("MT-HOST", lambda s: s.host().update(connection="notResponding"), word="notResponding"),
    Pair("MT-OS", _mt(guestId="windows2019srv_64Guest"), word="Windows"),
    Pair("MT-TOOLS", _mt(tools=False), word="NotRunning"),
    Pair("MT-IP", _mt(addresses=[]), codes=(3,)),
    Pair("MT-RAM", _mt(memory="256MiB"), word="256 MB"),
    Pair("MT-UUID", _mt(diskUuid=False), word="not TRUE"),
    Pair("MT-UUID-ACTIVE", _mt(diskUuid=False), passes="pass",
         govc=(("vm.change", "-vm", MT, "-e", "disk.EnableUUID=TRUE"),), codes=(3,)),
    Pair("MT-SNAPSHOT", _mt(snapshots=[{"name": "before-update"}]), word="before-update"),
    Pair("MT-CONTROLLER", _mt(scsi="pvscsi"), word="ParaVirtual"),
    Pair("MT-SLOTS", _fill, word="58 of 60"),
    Pair("MT-DATASTORE", _only_nfs, word="nfs-01"),
    Pair("MT-RETENTION", _mt(volumes=_retention()[:1]), word="no /mnt/retention"),
    Pair("MT-SDRS", lambda s: s.dc["datastoreClusters"][0].update(behavior="automated"), codes=(3,)),
    Pair("MT-VMOTION", lambda s: s.datastore().update(readOnlyOn=["esx-02.example"]), codes=(3,),
         both=lambda s: s.cluster.update(drsBehavior="fullyAutomated"), word="esx-02"),
    Pair("MT-BOOT", lambda s: (s.mt["disks"][0].update(unit=3), s.mt["disks"][1].update(unit=4)), word="scsi0:3"),
    Pair("MT-HABIT", _mt(scheduledTasks=[{"name": "nightly", "method": "CreateSnapshot_Task", "hour": 22}]),
         codes=(3,), word="nightly"),
    Pair("MT-RELOCATING", live=(("faults", "add", "--method", "RelocateVM_Task", "--task-hang", "--at", "40"),),
         govc=(("vm.migrate", "-ds", "vmfs-02", MT),), word="RelocateVM_Task"),
    Pair("MT-QUESTION", _mt(question={"text": "Which copy?", "choices": ["Moved", "Copied"], "on": "now"}),
         word="Which copy"),
    Pair("MT-CONFIG", lambda s: s.web["disks"][1].update(missing=True), word="web-01_1.vmdk"),
    Pair("MT-CLONE", lambda s: s.mt["disks"][0].update(uuid=s.machine["source"]["disks"][0]["uuid"]), word="template"),
    Pair("MT-FOREIGN", lambda s: s.mt["disks"].append({"attach": "stranger-01/0"}), codes=(3, 4), word="stranger-01"),
)

HOME_VM = (
    Pair("VM-IDENTITY", lambda s: s.web["disks"][0].update(uuid="6000C29a-1111-2222-3333-444444444444")),
    Pair("VM-STATE", _web(template=True), word="template"),
    Pair("VM-POWER", _web(powered=True, addresses=["10.0.0.5"]), word="10.0.0.5"),
    Pair("VM-STAYS-OFF", phase="failback", finds="unknown", passes="", codes=(5,)),
    Pair("VM-SNAPSHOT", _web(snapshots=[{"name": "before-upgrade"}]), word="before-upgrade"),
    Pair("VM-MERGEABLE", lambda s: s.datastore().update(free="1MiB"),
         both=_web(snapshots=[{"name": "before-upgrade"}])),
    Pair("VM-SHARED-BASE", both=_web(snapshots=[{"name": "golden"}]), word="clone-01",
         govc=(("vm.clone", "-vm", "web-01", "-link", "-snapshot", "golden", "-on=false", "-ds", "vmfs-01",
                "-pool", "C1/Resources", "clone-01"),)),
    Pair("VM-OTHER-DR", word="com.other.dr", live=(
        ("call", "ReconfigVM_Task", "web-01", "spec.managedBy.extensionKey=com.other.dr", "spec.managedBy.type=vm"),)),
    Pair("VM-CHANGED", lambda s: s.web["disks"].append({"size": "9GiB"}), codes=(3, 4)),
    Pair("VM-DISK-SIZE", lambda s: s.machine["source"]["disks"][0].update(capacityBytes=90 << 30)),
    Pair("VM-DISK-KIND", lambda s: s.web["disks"][0].update(controller="ide0")),
    Pair("VM-DISK-FREE", lambda s: s.vm("stranger-01")["disks"].append({"attach": "web-01/0"}), word="stranger-01"),
    Pair("VM-DATASTORE-RW", lambda s: s.datastore().update(readOnlyOn=["esx-01.example"]), word="readOnly"),
    Pair("VM-ENCRYPTED", _web(encrypted="kms/key-1")),
    Pair("VM-FT", live=(("call", "ReconfigVM_Task", "web-01", "--arguments", json.dumps({"spec": {"ftInfo": {
        "xsi:type": "FaultTolerancePrimaryConfigInfo", "role": 1, "instanceUuids": ["a"],
        "configPaths": ["b"], "secondaries": ["db-01"]}}})),)),
    Pair("VM-QUESTION", _web(powered=True, question={"text": "Which copy?", "choices": ["Moved", "Copied"], "on": "now"}),
         both=_web(powered=True), word="Which copy"),
    Pair("VM-TASK", live=(("faults", "add", "--method", "PowerOnVM_Task", "--task-hang", "--at", "40"),),
         govc=(("vm.power", "-on", "-wait=false", "web-01"),), word="PowerOn"),
)

CREATION = (
    Pair("NEW-GONE", lambda s: s.scenario["users"].append(
        {"name": "low@example", "password": "secret-of-low@example",
         "permissions": [{"entity": "/DC1", "role": "Admin"}]}), gone=True, finds="unknown",
         env=_user("low@example"), codes=(3, 4, 5)),
    Pair("NEW-NAME", lambda s: s.vm("stranger-01").update(name="WEB-01", folder="Production"), gone=True, word="WEB-01"),
    Pair("NEW-PATH", lambda s: s.vm("stranger-01").update(vmx="web-01/web-01.vmx"), gone=True),
    Pair("NEW-DATASTORE", _home(datastore="nfs-01"), gone=True, word="NFS"),
    Pair("NEW-SPACE", lambda s: s.datastore("vmfs-02").update(free="20GiB"),
         both=_all(_home(datastore="vmfs-02", provisioning="thick")), gone=True),
    Pair("NEW-FILE-SIZE", lambda s: s.machine["source"]["disks"][0].update(capacityBytes=70 << 40), gone=True),
    Pair("NEW-HOST", _source(cpus=512, coresPerSocket=1), gone=True),
    Pair("NEW-NETWORK", _home(networks={"VM Network": "No Network"}), gone=True, word="No Network"),
    Pair("NEW-CONFIG", _source(hardwareVersion=99), gone=True, codes=(4,)),
    Pair("NEW-MAC", lambda s: s.vm("stranger-01")["nics"][0].update(mac=s.machine["source"]["nics"][0]["mac"]),
         gone=True, codes=(3, 4)),
    Pair("NEW-UUID", lambda s: s.vm("stranger-01").update(biosUuid=s.machine["source"]["biosUuid"]),
         both=_source(kind="physical"), gone=True, word="stranger-01"),
    Pair("NEW-EXPOSURE", lambda s: s.machine["source"]["disks"][0].update(kind="rdm"), gone=True, codes=(0, 3, 4)),
)

FAILBACK = (
    Pair("FB-POWER-ON", _set(lambda s: s.host(), memory="9GiB"), phase="failback", codes=(4, 5)),
    Pair("FB-NETWORK", lambda s: s.web["nics"].clear(), phase="failback", codes=(4, 5)),
)

# What the vendor's documentation warns of, and words that a person would use for it.
TELLING = (
    Pair("MT-SNAPSHOT", _mt(snapshots=[{"name": "before-update"}]), word='1 snapshot ("before-update"'),
    Pair("MT-CONTROLLER", _mt(scsi="pvscsi"), word="it has a paravirtual SCSI controller"),
    Pair("MT-SLOTS", _fill, word="58 of 60 slots used, 2 free, and the plan brings 3 disks"),
    Pair("NEW-DATASTORE", _home(datastore="nfs-01"), gone=True,
         word="nfs-01 is an NFS datastore, which the replication can't write to"),
    Pair("VM-DATASTORE-RW", lambda s: s.datastore().update(readOnlyOn=["esx-01.example"]),
         word="vmfs-01 is readOnly on esx-01.example, where the master target mt-linux-01 runs"),
    Pair("ENV-READONLY", both=_add_user("ReadOnly"), env=_user("low@example"),
         word="low@example can read the inventory but change nothing"),
    Pair("MT-CLONE", lambda s: s.mt["disks"][0].update(uuid=s.machine["source"]["disks"][0]["uuid"]),
         word="they come from one template"),
    Pair("NEW-NAME", lambda s: s.vm("stranger-01").update(name="WEB-01", folder="Production"), gone=True,
         word="WEB-01 (poweredOff, /DC1/vm/Production/WEB-01) has the name"),
    Pair("ENV-LICENSE", lambda s: s.scenario["licenses"][0].update(name="vSphere Hypervisor", edition="esxBasic"),
         word="the free edition, which refuses every change through the API"),
    Pair("MT-TOOLS", _mt(tools=False), word="VMware Tools do not run in its guest"),
    Pair("MT-UUID", _mt(diskUuid=False), word="disk.EnableUUID is not TRUE"),
    Pair("MT-HABIT", live=(("move", MT, "vmfs-02"),), word="moved by Storage vMotion on", codes=(3,)),
)

PAIRS: tuple[Pair, ...] = ENVIRONMENT + PLAN + MASTER_TARGET + HOME_VM + CREATION + FAILBACK

# Rules that have their two scenarios elsewhere, or are none of check.
ELSEWHERE = {
    "FB-LEDGER": "check-pairs-ledger, after a reprotect",
    "FB-SVMOTION": "check-pairs-ledger, after a reprotect",
    "FB-DETACHED": "is judged by failback after its step, not by check",
    "FB-LEFTOVERS": "check-pairs-ledger, after a reprotect",
}


def made(pair: Pair, plan: Json, finding: bool) -> Site:
    """Scenario and plan of one half of a pair."""
    result = Site(site(), copy.deepcopy(plan))
    if pair.gone:
        result.lose()
    if pair.both:
        pair.both(result)
    if finding and pair.change:
        pair.change(result)
    return result
