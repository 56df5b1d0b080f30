# SPDX-License-Identifier: GPL-2.0-or-later
"""failback discover against servers that others wrote, and ours, compared with other clients."""

from __future__ import annotations

import csv
import io
import json

import compare_discover
import facts
import govc_facts
import support
from registry import Report, case
from support import Server, Setup, check, check_equal, run

SITE = ("-dc", "1", "-cluster", "2", "-host", "3", "-standalone-host", "0", "-vm", "100",
        "-ds", "2")
SMALL = ("-dc", "2", "-folder", "1", "-cluster", "1", "-host", "2", "-standalone-host", "1",
         "-pool", "1", "-vm", "3", "-ds", "2", "-pod", "1", "-pg", "2")

_VM = "/DC0/vm/DC0_C0_RP1_VM0"

# What makes the small site less uniform: each line is a govc command.
_CHANGES: tuple[tuple[str, ...], ...] = (
    ("vm.disk.create", "-vm", _VM, "-name", "DC0_C0_RP1_VM0/data", "-size", "3G",
     "-ds", "LocalDS_0"),
    ("vm.disk.create", "-vm", _VM, "-name", "DC0_C0_RP1_VM0/shared", "-size", "5G",
     "-ds", "LocalDS_0", "-mode", "independent_persistent", "-sharing", "sharingMultiWriter"),
    ("vm.network.add", "-vm", _VM, "-net", "VM Network", "-net.adapter", "vmxnet3"),
    ("device.scsi.add", "-vm", _VM, "-type", "lsilogic-sas"),
    ("vm.power", "-off", _VM),
    ("snapshot.create", "-vm", _VM, "-m=false", "before & after"),
    ("snapshot.create", "-vm", _VM, "-m=false", "second"),
    ("snapshot.revert", "-vm", _VM, "before & after"),
    ("snapshot.create", "-vm", _VM, "-m=false", "branch <b>"),
    ("vm.change", "-vm", _VM, "-e", "disk.EnableUUID=TRUE", "-e", "failback.plan=p-1", "-c", "4",
     "-m", "4096", "-annotation", 'two\nlines <&> "x" äöü 日本'),
    ("object.rename", "/DC0/vm/DC0_C0_RP1_VM1", 'web%2f01 100%25 "ü" %5cx'),
    ("vm.power", "-suspend", "/DC0/vm/DC0_H0_VM1"),
    ("vm.power", "-off", "/DC0/vm/DC0_C0_RP1_VM2"),
    ("vm.markastemplate", "/DC0/vm/DC0_C0_RP1_VM2"),
    ("folder.create", "/DC0/vm/deep"),
    ("folder.create", "/DC0/vm/deep/er"),
    ("object.mv", "/DC0/vm/DC0_H0_VM0", "/DC0/vm/deep/er"),
    ("pool.create", "-cpu.limit", "2000", "-mem.limit", "512", "-mem.reservation", "128",
     "/DC0/host/DC0_C0/Resources/child"),
    ("pool.create", "/DC0/host/DC0_C0/Resources/child/grandchild"),
    ("host.maintenance.enter", "/DC0/host/DC0_C0/DC0_C0_H1"),
    ("host.disconnect", "/F0/DC1/host/F0/DC1_H0"),
    ("cluster.change", "-drs-enabled", "-drs-mode", "fullyAutomated", "/DC0/host/DC0_C0"),
    ("object.mv", "/DC0/datastore/LocalDS_1", "/DC0/datastore/DC0_POD0"),
    ("dvs.portgroup.add", "-dvs", "/DC0/network/DVS0", "-vlan", "10", "extra"),
    ("vm.create", "-on=false", "-pool", "/DC0/host/DC0_C0/Resources", "-ds", "LocalDS_0",
     "-firmware", "efi", "-disk", "1G", "-g", "ubuntu64Guest", "-c", "2", "-m", "1024",
     "-net", "VM Network", "efi-01"),
)


def _compare(setup: Setup, server: Server, dump: dict, report: Report,
             least: dict[str, int]) -> None:
    """Fails with one line for each difference; least: how many objects of a kind there must be."""
    sources = compare_discover.read_sources(setup.peer("govc"), setup.python(), server.login)
    found = compare_discover.compare(dump, sources)
    report.note(found.summary())
    if found.differences:
        shown = "\n".join(found.differences[:40])
        raise support.TestFailure(f"{len(found.differences)} facts differ:\n{shown}")
    for kind, count in least.items():
        check_equal(count, found.objects[kind], f"number of {kind}")


def _check_paths(govc: govc_facts.Govc, dump: dict) -> None:
    """Inventory paths against govc's own finder, which makes them in its own way."""
    for letter, kind in (("m", "virtualMachines"), ("h", "hosts"), ("s", "datastores")):
        listed = sorted(entry["inventoryPath"] for entry in dump[kind])
        check_equal(govc.paths(letter), listed, f"inventory paths of {kind}")


def _check_licenses(govc: govc_facts.Govc, dump: dict) -> None:
    read = json.loads(govc.run("license.ls", "-json"))
    licenses = read["licenses"] if isinstance(read, dict) else read
    theirs = sorted((lic["name"], lic["editionKey"], lic.get("total", 0)) for lic in licenses)
    ours = sorted((lic["name"], lic["editionKey"], lic["total"])
                  for lic in dump["vcenter"].get("licenses", []) if "entityId" not in lic)
    check_equal(theirs, ours, "licences")
    text = json.dumps(dump)
    for lic in licenses:
        check(lic["licenseKey"] not in text, "a licence key is a secret and stands in the dump")


@case("discover-vcsim")
def discover_vcsim(setup: Setup, report: Report) -> None:
    """1 datacenter, 2 clusters, 200 VMs of vcsim: the same facts as govc and pyVmomi read."""
    setup.peer("govc"), setup.python()
    with setup.vcsim(*SITE) as server:
        record = setup.vcsim_records("discover-vcsim")
        dump = setup.discover(server, record=record)
        _compare(setup, server, dump, report, {
            "datacenters": 1, "clusters": 2, "hosts": 6, "datastores": 2, "networks": 3,
            "resourcePools": 2, "virtualMachines": 200})
        govc = govc_facts.Govc(setup.peer("govc"), server.login)
        _check_paths(govc, dump)
        _check_licenses(govc, dump)
        check_equal([], dump["unreadable"], "unreadable on a server that grants everything")
        again = setup.discover(server, record=setup.vcsim_records("discover-vcsim-again"))
        check(dump == again, "two dumps of an unchanged server differ")


@case("discover-vcsim-changed")
def discover_vcsim_changed(setup: Setup, report: Report) -> None:
    """A small site with all that govc can change: folders, pods, snapshots, templates, names."""
    with setup.vcsim(*SMALL) as server:
        govc = govc_facts.Govc(setup.peer("govc"), server.login)
        for change in _CHANGES:
            result = govc.try_run(*change, datacenter="DC0")
            result.expect(0)
        for depth in ((), ("--full",)):
            name = "discover-vcsim-changed" + "".join(depth)
            dump = setup.discover(server, *depth, record=setup.vcsim_records(name))
            _compare(setup, server, dump, report, {"datacenters": 2, "virtualMachines": 13})
        _check_paths(govc, dump)


@case("discover-esxi")
def discover_esxi(setup: Setup, report: Report) -> None:
    """A standalone ESXi host of vcsim."""
    with setup.vcsim("-esx", "-vm", "4") as server:
        record = setup.vcsim_records("discover-esxi")
        dump = setup.discover(server, record=record)
        _compare(setup, server, dump, report, {"hosts": 1, "virtualMachines": 4})
        check_equal("HostAgent", dump["vcenter"]["apiType"], "vcenter.apiType")


@case("discover-mock")
def discover_mock(setup: Setup, report: Report) -> None:
    """The mock's scenario: the same facts as govc and pyVmomi read from it."""
    setup.peer("govc"), setup.python()
    # Answers to govc and pyVmomi are ours; what those two ask is not.
    asked = setup.records("discover-mock-server", foreign=("requests",))
    with setup.mock(record=asked) as server:
        dump = setup.discover(server, record=setup.records("discover-mock"))
        _compare(setup, server, dump, report, {})
        check(len(dump["virtualMachines"]) >= 3, "the scenario has VMs to compare")
        _check_paths(govc_facts.Govc(setup.peer("govc"), server.login), dump)
        full = setup.discover(server, "--full", record=setup.records("discover-mock-full"))
        _compare(setup, server, full, report, {})


@case("discover-mock-others")
def discover_mock_others(setup: Setup, report: Report) -> None:
    """The mock's other sites: one with troubles, a standalone ESXi host, a generated one."""
    for name, scenario, least in (
            ("troubled", "troubled", {"virtualMachines": 5}),
            ("esxi", "esxi", {"hosts": 1}),
            ("generated", "generate:hosts=8,datastores=6,vms=250", {"virtualMachines": 250})):
        asked = setup.records(f"discover-mock-{name}-server", foreign=("requests",))
        with setup.mock(record=asked, scenario=scenario) as server:
            dump = setup.discover(server, record=setup.records(f"discover-mock-{name}"))
            _compare(setup, server, dump, report, {})
            for kind, count in least.items():
                check(len(dump[kind]) >= count, f"{name}: only {len(dump[kind])} {kind}")


@case("discover-mock-limited")
def discover_mock_limited(setup: Setup, report: Report) -> None:
    """An account that may not read everything: what is hidden is not there, the rest is listed."""
    user = "limited@vsphere.local"
    with setup.mock("--user", user, scenario="troubled") as server:
        dump = setup.discover(server, record=setup.records("discover-mock-limited"), codes=(3,))
        sources = compare_discover.read_sources(setup.peer("govc"), setup.python(), server.login)
    pyvmomi = sources[1].facts
    vms = {vm["name"] for vm in dump["virtualMachines"]}
    check("payroll" not in vms, "a VM that the account can't see is in the dump")
    check_equal(sorted(pyvmomi["virtualMachines"]),
                sorted(vm["moref"] for vm in dump["virtualMachines"]), "VMs that pyVmomi sees")
    denied = {entry["moref"] for entry in dump["unreadable"] if entry["reason"] == "noPermission"}
    unread = {ref for kind in ("virtualMachines", "datastores")
              for ref, flat in pyvmomi[kind].items()
              if not flat.get("powerState") and not flat.get("type")}
    check(len(unread) == 2, f"pyVmomi misses properties of {unread}")
    check(unread <= denied, f"not listed as unreadable: {sorted(unread - denied)}")
    for entry in dump["unreadable"]:
        if entry["reason"] == "noPermission":
            check_equal("System.Read", entry.get("privilege"), f"privilege for {entry['moref']}")


@case("discover-schema")
def discover_schema(setup: Setup, report: Report) -> None:
    """Dumps are valid against the published JSON Schema."""
    schema = support.ROOT / "docs" / "discover.schema.json"
    python = setup.python()
    script = support.HERE / "check_schema.py"
    with setup.mock() as server:
        for depth in ("--thin", None, "--full"):
            name = "discover-schema" + (depth or "")
            dump = setup.discover(server, *([depth] if depth else []), record=setup.records(name))
            result = run([python, script, schema], stdin=json.dumps(dump))
            check_equal("", result.stdout.strip(), f"violations of the schema ({depth})")
            result.expect(0)


@case("discover-formats")
def discover_formats(setup: Setup, report: Report) -> None:
    """JSON, JSON lines, CSV and the table tell of the same VMs; --out writes what stdout shows."""
    with setup.mock() as server, setup.folder() as folder:
        dump = setup.discover(server, record=setup.records("formats-json"))
        names = sorted(vm["name"] for vm in dump["virtualMachines"])

        def read(output: str, *more: object) -> str:
            command = [setup.program("failback"), "discover", "-o", output, "--record",
                       setup.records(f"formats-{output}{len(more)}"), *more]
            return run(command, env=server.login.failback()).expect(0, 3).stdout

        lines = [json.loads(line) for line in read("jsonl").splitlines()]
        check_equal(names, sorted(x["name"] for x in lines if x["kind"] == "virtualMachine"),
                    "VMs in the JSON lines")
        check_equal("summary", lines[-1]["kind"], "the last line")
        for kind, count in lines[-1]["counts"].items():
            check_equal(len(dump[kind]), count, f"count of {kind} in the last line")
        table = list(csv.reader(io.StringIO(read("csv"))))
        check(len({len(row) for row in table if row}) == 1, "CSV rows have different lengths")
        cells = {cell for row in table for cell in row}
        check(set(names) <= cells, f"not in the CSV: {sorted(set(names) - cells)}")
        text = read("table")
        check(all(name in text for name in names), "a VM's name is missing in the table")

        check_equal("", read("json", "--out", folder / "dump.json"), "stdout beside --out")
        written = json.loads((folder / "dump.json").read_text("utf-8"))
        check(written == dump, "--out FILE is not what stdout showed")


@case("discover-filters")
def discover_filters(setup: Setup, report: Report) -> None:
    """--kind, --datacenter, --host and --name keep just what they say."""
    with setup.vcsim(*SMALL) as server:
        def read(name: str, *arguments: str) -> dict:
            return setup.discover(server, *arguments,
                                  record=setup.vcsim_records(f"filter-{name}"))

        everything = read("none")
        vms = {vm["name"]: vm for vm in everything["virtualMachines"]}

        def names(dump: dict) -> set[str]:
            return {vm["name"] for vm in dump["virtualMachines"]}

        only = read("kind", "--kind", "host")
        check_equal(len(everything["hosts"]), len(only["hosts"]), "hosts with --kind host")
        check_equal([], only.get("virtualMachines", []), "VMs with --kind host")
        second = read("datacenter", "--datacenter", "DC1")
        check_equal({n for n, vm in vms.items() if vm["inventoryPath"].startswith("/F0/DC1/")},
                    names(second), "VMs of --datacenter DC1")
        host = next(h for h in everything["hosts"] if h["name"] == "DC0_C0_H0")
        check_equal({n for n, vm in vms.items() if vm["host"] == host["moref"]},
                    names(read("host", "--host", "DC0_C0_H0")), "VMs of --host DC0_C0_H0")
        check_equal({"DC0_C0_RP1_VM1"}, names(read("name", "--name", "DC0_C0_RP1_VM1")),
                    "VMs of --name")
        check_equal({n for n in vms if n.endswith("_VM2")}, names(read("glob", "--name", "*_VM2")),
                    "VMs of --name with a pattern")


@case("discover-facts-of-dumps")
def discover_facts_of_dumps(setup: Setup, report: Report) -> None:
    """The comparison itself: each kind of wrong dump is found."""
    device = {"key": 2000, "controllerKey": 1000, "unitNumber": 0, "capacityInKB": 1024,
              "_type": "VirtualDisk", "backing": {"_type": "VirtualDiskFlatVer2BackingInfo",
                                                  "fileName": "[ds] a/a.vmdk", "uuid": "6000C29e"}}
    trees = {"VirtualMachine:vm-1": {"name": "a%2fb", "parent": None, "config": {
        "uuid": "42", "hardware": {"device": [device], "numCPU": 2, "memoryMB": 1}}}}
    theirs = facts.Inventory(trees, {"version": "8.0.3"}, typed=True).facts()
    sources = [compare_discover.Source("pyvmomi", theirs, True)]
    disk = {"key": 2000, "controllerKey": 1000, "unitNumber": 0, "capacityInBytes": 1 << 20,
            "backingType": "VirtualDiskFlatVer2BackingInfo", "fileName": "[ds] a/a.vmdk",
            "uuid": "6000C29e"}
    right = {"moref": "vm-1", "objectType": "VirtualMachine", "name": "a/b",
             "inventoryPath": "/a%2fb", "uuid": "42", "numCPU": 2, "memorySize": 1 << 20,
             "disks": [disk]}

    def differences(vm: dict | None, version: str = "8.0.3") -> list[str]:
        dump = {"vcenter": {"version": version}, "virtualMachines": [vm] if vm else []}
        return compare_discover.compare(dump, sources).differences

    check_equal([], differences(right), "differences of a right dump")
    for change, line in (
            ({"uuid": "43"}, "vm a/b (vm-1): uuid: failback='43', pyvmomi='42'"),
            ({"numCPU": None}, "vm a/b (vm-1): numCPU: failback=None, pyvmomi=2"),
            ({"powerState": "on"}, "vm a/b (vm-1): powerState: failback='on', pyvmomi=None"),
            ({"disks": [disk | {"capacityInBytes": 1024}]},
             "vm a/b (vm-1): disks[2000].capacityInBytes: failback=1024, pyvmomi=1048576"),
            ({"disks": [disk, disk | {"key": 2001}]},
             "vm a/b (vm-1): disks.count: failback=2, pyvmomi=1")):
        check_equal([line], differences(right | change), f"differences with {change}")
    check_equal(["vm a/b (vm-1): failback does not list it, pyvmomi does"], differences(None),
                "differences with a missing VM")
    check_equal(["vcenter: version: failback='7', pyvmomi='8.0.3'"], differences(right, "7"),
                "differences of the version")
