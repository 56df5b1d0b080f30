# SPDX-License-Identifier: GPL-2.0-or-later
"""Scenarios of mock-vcenter: their format is as published, and a dump of a site becomes the same site."""

from __future__ import annotations

import json
import pathlib
import re
import textwrap
from typing import Any

import support
from registry import Report, case
from support import Setup, check, check_equal, run


def _site(**parts: Any) -> dict:
    """A small site with some parts of its datacenter said otherwise."""
    return {"datacenters": [{"name": "D", "clusters": [{"name": "c", "hosts": [{"name": "h"}]}],
                             "datastores": [{"name": "d"}], "networks": ["n"], **parts}]}


def _vm(**members: Any) -> dict:
    return _site(vms=[{"name": "v", "powered": False, **members}])


GOOD = (
    {}, {"$schema": "x", "description": "d"}, {"server": {"kind": "vcenter", "version": "7.0.3"}},
    {"users": [{"name": "u", "role": "ReadOnly"}, {"name": "w", "hidden": []}]},
    {"roles": [{"name": "r", "privileges": ["VirtualMachine.Config.*"]}]},
    {"licenses": [{"total": 2, "expiresInDays": -3}]},
    {"history": [{"type": "VmPoweredOnEvent", "daysAgo": 0.5}, {"task": "VirtualMachine.powerOn"}]},
    _site(standardSwitches=[{"name": "s", "mtu": 9000, "portGroups": [{"name": "p", "vlan": 4095}]}]),
    _site(switches=[{"name": "s", "hosts": ["h"], "portGroups": [{"name": "p", "vlan": 4094}]}]),
    _site(clusters=[{"name": "c", "hosts": [{"name": "h"}], "pools": [{"name": "p", "pools": [{"name": "q"}]}],
                     "vapps": [{"name": "a"}]}]),
    _site(datastores=[{"name": "d", "capacity": "1.5 TiB", "free": 0}]),
    _vm(memory=4294967296.0, cpus=2.0), _vm(disks=[{"controller": "nvme3", "unit": 14}]),
    _vm(disks=[{"rdm": "virtual", "lun": "naa.6"}, {"missing": True, "used": "1MiB"}]),
    _vm(controllers=[{"id": "scsi2", "type": "lsisas", "sharing": "virtual"}, {"id": "sata1"}]),
    _vm(devices=[{"kind": "serial", "backing": "file", "file": "[d] v/out"}, {"kind": "vtpm"}]),
    _vm(devices=[]), _vm(vmx="x/y.vmx"), _vm(snapshots=[{"name": "a"}, {"name": "b"}]),
    _vm(snapshots=[{"name": "a", "children": [{"name": "b"}, {"name": "c", "current": True}]}]),
    _vm(question={"text": "t"}, extraConfig={"a/b~c": "x"}, scsi="none", encrypted="p/k"),
    _vm(scheduledTasks=[{"name": "t", "hour": 23, "weekday": "monday"}]),
)
BAD = (
    [], 1, {"datacentres": []}, {"datacenters": {}}, {"datacenters": [{}]}, {"server": {"kind": "esx"}},
    {"datacenters": [{"name": ""}]}, {"pastActivity": 1}, {"users": [{"name": "u", "groups": [1]}]},
    {"licenses": [{"total": 0}]}, {"licenses": [{"expiresInDays": "soon"}]},
    {"roles": [{"name": "r", "privileges": "all"}]}, {"groups": [{"name": "g", "permissions": [{}]}]},
    {"history": [{}]}, {"history": [{"type": "VmPoweredOnEvent", "task": "a.b"}]},
    {"history": [{"task": "powerOn"}]}, {"history": [{"type": "Nothing"}]},
    {"history": [{"task": "a.b", "daysAgo": -1}]}, {"history": [{"task": "a.b", "time": "yesterday"}]},
    _site(datastores=[{"name": "d", "capacity": "lots"}]), _site(datastores=[{"name": "d", "capacity": -1}]),
    _site(datastores=[{"name": "d", "capacity": "1e3GiB"}]), _site(datastores=[{"name": "d", "type": "vmfs"}]),
    _site(switches=[{"name": "s", "portGroups": [{"name": "p", "vlan": 4095}]}]),
    _site(standardSwitches=[{"name": "s", "portGroups": [{"name": "p", "binding": "ephemeral"}]}]),
    _site(clusters=[{"name": "c", "hosts": [{"name": "h", "packages": 0}]}]),
    _vm(cpu=2), _vm(cpus=0), _vm(cpus=2.5), _vm(cpus=True), _vm(cpus="2"), _vm(powered="no"),
    _vm(disks=[{"controller": "scsi4"}]), _vm(disks=[{"unit": -1}]), _vm(disks=[{"unit": 64}]),
    _vm(disks=[{"lun": "naa.6"}]), _vm(disks=[{"attach": "v/0", "size": "1GiB"}]), _vm(disks=[7]),
    _vm(controllers=[{"id": "ide0"}]), _vm(controllers=[{}]), _vm(controllers=[{"id": "sata0", "type": "pvscsi"}]),
    _vm(devices=[{}]), _vm(devices=[{"kind": "toaster"}]), _vm(devices=[{"kind": "cdrom", "backing": "file"}]),
    _vm(vmx="y.vmx"), _vm(vmx="x/y"), _vm(vapp="a", folder="f"), _vm(extraConfig={"a": 1}),
    _vm(snapshots=[{"name": "a", "children": [{"name": "b"}]}, {"name": "c"}]), _vm(snapshots=[{}]),
    _vm(question={}), _vm(volumes=[{}]), _vm(scheduledTasks=[{"name": "t", "hour": 24}]),
    _vm(scheduledTasks=[{"name": "t", "weekday": ""}]), _vm(scsi="ide"),
)


def _documented() -> list[str]:
    text = (support.ROOT / "docs" / "mock-vcenter.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^    .*\n(?:^\n(?=    ))?)+", text, re.MULTILINE)
    return [block for block in map(textwrap.dedent, blocks) if block.startswith("{")]


@case("scenario-schema")
def scenario_schema(setup: Setup, report: Report) -> None:
    """mock-vcenter and the published JSON Schema agree on what is a scenario."""
    mock = setup.program("mock-vcenter")
    schema = support.ROOT / "docs" / "mock-scenario.schema.json"
    printed = run([mock, "scenario", "schema"]).expect(0).stdout
    check_equal(schema.read_text(encoding="utf-8"), printed, "what 'scenario schema' prints")
    validate = [setup.python(), support.HERE / "check_schema.py", schema]
    names = [line.split()[0] for line in run([mock, "scenario", "list"]).expect(0).stdout.splitlines()]
    check(len(names) >= 14, f"only {len(names)} scenarios are built in")
    built_in = [run([mock, "scenario", "show", name]).expect(0).stdout for name in names]
    documented = _documented()
    check(documented, "the documentation shows no scenario")
    good = [json.dumps(each) for each in GOOD] + built_in + documented
    for valid, texts in ((True, good), (False, [json.dumps(each) for each in BAD])):
        for text in texts:
            check_equal(valid, run(validate, stdin=text).code == 0, f"the schema takes {text[:300]}")
            said = run([mock, "scenario", "check", "-"], stdin=text).expect(0, 2)
            check_equal(valid, said.code == 0, f"mock-vcenter takes {text[:300]} ({said.stderr.strip()})")
            check(valid or said.stderr.startswith("-:"), f"no place is named: {said.stderr}")
    report.note(f"{len(names)} built-in scenarios, {len(GOOD) + len(documented)} other good ones, {len(BAD)} bad ones")


# What is compared of each kind of object. The rest says nothing of the site (references, times, load), or
# docs/mock-vcenter.md says that it does not come along.
FACTS = {
    "datacenters": ("name",),
    "folders": ("name", "childType"),
    "clusters": ("name", "objectType", "drsConfig", "dasConfig", "numEffectiveHosts", "totalCpu", "totalMemory"),
    "hosts": ("name", "connectionState", "powerState", "inMaintenanceMode", "product", "uuid", "vendor", "model",
              "cpuModel", "memorySize", "cpuMhz", "numCpuPkgs", "numCpuCores", "numCpuThreads",
              "autoStartEnabled"),
    "datastores": ("name", "type", "capacity", "freeSpace", "accessible", "multipleHostAccess",
                   "maintenanceMode", "maxFileSize"),
    "storagePods": ("name", "capacity", "podConfig"),
    "networks": ("name", "objectType", "portBinding", "uplink", "dvsName"),
    "distributedSwitches": ("name",),
    "resourcePools": ("name", "objectType", "cpuAllocation", "memoryAllocation"),
    "virtualMachines": (
        "name", "instanceUuid", "uuid", "vmPathName", "annotation", "template", "powerState", "connectionState",
        "consolidationNeeded", "guestId", "guestFullName", "guestFamily", "guestState", "hostName", "ipAddress",
        "toolsStatus", "toolsRunningStatus", "guestNet", "guestDisk", "hardwareVersion", "firmware",
        "efiSecureBootEnabled", "numCPU", "numCoresPerSocket", "memorySize", "cpuHotAddEnabled",
        "memoryHotAddEnabled", "changeTrackingEnabled", "vtpmPresent", "diskUuidEnabled"),
}
# References, compared by the path of what they lead to.
REFERENCES = {
    "clusters": ("host", "datastore", "network"), "hosts": ("cluster", "datastore", "network", "vm"),
    "datastores": ("storagePod", "vm"), "storagePods": ("childEntity",), "networks": ("host",),
    "distributedSwitches": ("host", "portgroup"), "resourcePools": ("parentFolder", "vm", "owner"),
    "virtualMachines": ("parent", "host", "resourcePool", "parentVApp", "datastore", "network"),
}
DEVICES = {
    "controllers": ("key", "objectType", "busNumber", "sharedBus"),
    "disks": ("key", "controllerKey", "unitNumber", "kind", "uuid", "capacityInBytes", "diskMode", "sharing",
              "thinProvisioned", "eagerlyScrub", "compatibilityMode", "deviceName", "fileName", "parents"),
    "nics": ("key", "objectType", "macAddress", "startConnected"),
    "otherDevices": ("key", "objectType", "controllerKey", "unitNumber"),
}


class _Facts:
    """A dump as flat facts, by kind, path and what they are about."""

    def __init__(self, dump: dict):
        self._paths = {each["moref"]: each["inventoryPath"] for kind in FACTS for each in dump[kind]}
        self.facts: dict[str, Any] = {}
        for kind, members in FACTS.items():
            for each in dump[kind]:
                at = f"{kind} {each['inventoryPath']}"
                for member in members:
                    self.facts[f"{at} {member}"] = each.get(member)
                for member in REFERENCES.get(kind, ()):
                    self.facts[f"{at} {member}"] = self._target(each.get(member))
                if kind == "datastores":
                    self._mounts(at, each)
                if kind == "virtualMachines":
                    self._machine(at, each)

    def _target(self, moref: Any) -> Any:
        if isinstance(moref, list):
            return sorted(map(self._target, moref))
        return self._paths.get(moref, moref) if moref else None

    def _mounts(self, at: str, store: dict) -> None:
        for mount in store.get("host", []):
            self.facts[f"{at} mount {self._target(mount['host'])}"] = (
                mount.get("accessMode"), mount.get("mounted"), mount.get("accessible"))

    def _machine(self, at: str, vm: dict) -> None:
        for kind, members in DEVICES.items():
            for device in vm.get(kind, []):
                for member in members:
                    value = device.get(member)
                    if member == "parents":
                        value = [(each["fileName"], each.get("uuid")) for each in value or []]
                    self.facts[f"{at} {kind} {device['key']} {member}"] = value
        for nic in vm.get("nics", []):
            self.facts[f"{at} nic {nic['key']} network"] = self._target(nic.get("network"))
        self._snapshots(at, vm.get("rootSnapshotList", []))

    def _snapshots(self, at: str, tree: list) -> None:
        for each in tree:
            here = f"{at} / {each['name']}"
            self.facts[here] = [each.get(m) for m in ("description", "quiesced", "current")]
            self._snapshots(here, each.get("childSnapshotList", []))


def _dump(setup: Setup, scenario: str | pathlib.Path, name: str) -> dict:
    with setup.mock(scenario=str(scenario)) as server:
        return setup.discover(server, "--full", record=setup.records(name))


def _import(setup: Setup, dump: dict, folder: pathlib.Path, *options: str) -> tuple[pathlib.Path, str]:
    source, made = folder / "dump.json", folder / "made.json"
    source.write_text(json.dumps(dump), encoding="utf-8")
    said = run([setup.program("mock-vcenter"), "scenario", "import", source, "--out", made, *options]).expect(0)
    return made, said.stderr


@case("scenario-import")
def scenario_import(setup: Setup, report: Report) -> None:
    """The dump of a site becomes a scenario that is the same site to discover."""
    schema = support.ROOT / "docs" / "mock-scenario.schema.json"
    for name in ("site", "troubled", "devices", "vapp", "mt-snapshot", "shared-disk", "moved-by-svmotion", "esxi"):
        before = _dump(setup, name, f"scenario-import-{name}")
        with setup.folder() as folder:
            made, said = _import(setup, before, folder)
            text = made.read_text(encoding="utf-8")
            valid = run([setup.python(), support.HERE / "check_schema.py", schema], stdin=text)
            check_equal(0, valid.code, f"the schema takes the import of {name}: {valid.stdout}")
            after = _dump(setup, made, f"scenario-import-{name}-again")
        want, got = _Facts(before).facts, _Facts(after).facts
        compared = [fact for fact in sorted(want | got) if not _unreadable(fact, before)]
        wrong = [f"{fact}: {want.get(fact)!r} became {got.get(fact)!r}"
                 for fact in compared if want.get(fact) != got.get(fact)]
        check(not wrong, f"{name}: {len(wrong)} facts differ:\n" + "\n".join(wrong[:40]))
        counts = ", ".join(f"{len(before[kind])} {kind}" for kind in ("hosts", "datastores", "virtualMachines"))
        report.note(f"{name}: {len(compared)} facts of {counts}, {len(want | got) - len(compared)} left aside; "
                    f"{len(said.splitlines())} things said to be left out")


def _unreadable(fact: str, dump: dict) -> bool:
    """Is it a fact of a machine whose configuration the server itself could not read?"""
    lost = [each["inventoryPath"] for each in dump["virtualMachines"] if "vmPathName" not in each]
    return any(fact.startswith(f"virtualMachines {path} ") for path in lost)


@case("scenario-anonymous")
def scenario_anonymous(setup: Setup, report: Report) -> None:
    """An anonymous import has the size and shape of the site, and none of its names."""
    before = _dump(setup, "site", "scenario-anonymous")
    with setup.folder() as folder:
        made, said = _import(setup, before, folder, "--anonymous")
        text = made.read_text(encoding="utf-8") + said
        after = _dump(setup, made, "scenario-anonymous-again")
    secrets = {each["name"] for kind in FACTS for each in before[kind]} - {
        "vm", "host", "datastore", "network", "Resources"}
    for vm in before["virtualMachines"]:
        secrets |= {vm.get("hostName"), vm.get("annotation"), vm.get("instanceUuid"), vm.get("uuid")}
        secrets |= {nic["macAddress"] for nic in vm.get("nics", [])}
        secrets |= {address for net in vm.get("guestNet", []) for address in net.get("ipAddress", [])}
    secrets |= {"site.example", "nas-01", "before-upgrade", "RHEL 9.3"}
    secrets -= {None, ""}
    leaks = sorted(secret for secret in secrets if f'"{secret}"' in text or (len(secret) > 6 and secret in text))
    check(not leaks, f"names of the site are left: {leaks}")
    for kind in FACTS:
        check_equal(len(before[kind]), len(after[kind]), f"number of {kind}")
    sizes = [sorted(disk["capacityInBytes"] for vm in dump["virtualMachines"] for disk in vm["disks"])
             for dump in (before, after)]
    check_equal(sizes[0], sizes[1], "sizes of disks")
    report.note(f"none of {len(secrets)} names, addresses and identifiers is left")
