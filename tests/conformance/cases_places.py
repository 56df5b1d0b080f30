# SPDX-License-Identifier: GPL-2.0-or-later
"""Folders, pools, hosts, clusters and datastores of mock-vcenter, changed by clients that nobody here wrote."""

from __future__ import annotations

import json
from typing import Any

import govc_facts
from registry import Report, case
from support import HERE, Setup, check, check_equal, run

CLUSTER = "/DC1/host/Cluster-1"
LINUX = "/DC1/vm/Production/Linux"


class Site:
    """govc on the scenario `site`, with a count of what it did."""

    def __init__(self, govc: govc_facts.Govc):
        self.govc = govc
        self.steps = 0

    def do(self, *command: str) -> str:
        self.steps += 1
        return self.govc.run(*command)

    def refused(self, reason: str, *command: str) -> None:
        self.steps += 1
        result = self.govc.try_run(*command)
        check(result.code != 0 and reason in result.stderr,
              f"expected '{reason}': {result.transcript()}")

    def value(self, path: str, member: str) -> str:
        return self.govc.run("object.collect", "-s", path, member).strip()

    def exists(self, path: str) -> bool:
        found = self.govc.run("find", "-maxdepth", "1", path.rsplit("/", 1)[0])
        return path in found.splitlines()


def _folders(site: Site) -> None:
    site.do("folder.create", "/DC1/vm/New")
    site.do("folder.create", "/DC1/vm/New/Inner")
    site.refused("already exists", "folder.create", "/DC1/vm/New")
    site.do("object.rename", "/DC1/vm/New/Inner", "Renamed")
    check(site.exists("/DC1/vm/New/Renamed"), "the renamed folder is not there")
    site.do("object.mv", LINUX + "/web-01", "/DC1/vm/New/Renamed")
    check(site.exists("/DC1/vm/New/Renamed/web-01"), "the machine did not move")
    site.do("object.mv", "/DC1/vm/New/Renamed/web-01", LINUX)
    site.do("object.destroy", "/DC1/vm/New")
    check(not site.exists("/DC1/vm/New"), "the folder is still there")
    site.do("datacenter.create", "DC2")
    check_equal(["/DC2/datastore", "/DC2/host", "/DC2/network", "/DC2/vm"],
                sorted(site.govc.run("ls", "/DC2").split()), "folders of the new datacenter")
    site.do("object.destroy", "/DC2")


def _names(site: Site) -> None:
    site.refused("already exists", "object.rename", LINUX + "/web-01", "DB-01")
    site.do("object.rename", LINUX + "/web-01", "web-renamed")
    check_equal("web-renamed", site.value(LINUX + "/web-renamed", "config.name"), "config.name")
    site.do("object.rename", LINUX + "/web-renamed", "web-01")
    site.do("object.rename", "/DC1/datastore/vsan-01", "vsan-new")
    app = site.value("/DC1/vm/Production/Windows/app-01", "config.files.vmPathName")
    check(app.startswith("[vsan-new] "), f"the machine's path is {app}")
    site.do("object.rename", "/DC1/datastore/vsan-new", "vsan-01")


def _pools(site: Site) -> None:
    pool = CLUSTER + "/Resources/Gold"
    site.do("pool.create", "-cpu.shares", "high", "-mem.reservation", "1024", pool)
    check_equal("8000", site.value(pool, "config.cpuAllocation.shares.shares"), "shares")
    site.do("pool.change", "-mem.limit", "4096", "-name", "Silver", pool)
    pool = CLUSTER + "/Resources/Silver"
    check_equal("4096", site.value(pool, "config.memoryAllocation.limit"), "limit")
    check_equal("1024", site.value(pool, "config.memoryAllocation.reservation"), "reservation")
    site.do("pool.create", pool + "/Inner")
    site.do("pool.destroy", "-children", pool)
    check_equal("", site.value(pool, "resourcePool"), "children that are left")
    site.do("pool.destroy", pool)
    check(not site.exists(pool), "the pool is still there")


def _hosts(site: Site) -> None:
    first, third = CLUSTER + "/esx-01.site.example", CLUSTER + "/esx-03.site.example"
    site.do("host.maintenance.enter", first)
    check_equal("true", site.value(first, "runtime.inMaintenanceMode"), "maintenance mode")
    check_equal("", _running(site, first), "machines that run there")
    site.do("host.maintenance.exit", first)
    check_equal("false", site.value(first, "runtime.inMaintenanceMode"), "maintenance mode")
    site.do("host.disconnect", third)
    check_equal("disconnected", site.value(third, "runtime.connectionState"), "connection")
    check_equal("disconnected", site.value("/DC1/vm/Production/Windows/app-01", "runtime.connectionState"),
                "connection of a machine of it")
    site.do("host.reconnect", third)
    check_equal("connected", site.value(third, "runtime.connectionState"), "connection")


def _running(site: Site, host: str) -> str:
    found = site.govc.run("find", "/", "-type", "m", "-runtime.powerState", "poweredOn")
    home = site.govc.run("find", "-i", host, "-maxdepth", "0").strip()
    return "".join(vm for vm in found.splitlines() if site.value(vm, "runtime.host") == home)


def _overrides(site: Site) -> dict[str, Any]:
    return json.loads(site.do("cluster.override.info", "-json", "-cluster", CLUSTER)).get("overrides") or {}


def _clusters(site: Site) -> None:
    vm = LINUX + "/web-01"
    options = ("-cluster", CLUSTER, "-vm", vm)
    site.do("cluster.override.change", *options, "-drs-enabled=false")
    site.do("cluster.override.change", *options, "-drs-enabled", "-drs-mode", "manual")
    overrides = _overrides(site)
    check_equal(1, len(overrides), "machines with overrides")
    check_equal("manual", next(iter(overrides.values()))["drs"]["behavior"], "behavior")
    site.do("cluster.override.change", *options, "-ha-restart-priority", "high")
    site.do("cluster.override.remove", *options)
    check_equal({}, _overrides(site), "overrides that are left")
    site.do("cluster.create", "-dc", "DC1", "Cluster-2")
    site.do("cluster.change", "-drs-enabled", "-drs-mode", "manual", "/DC1/host/Cluster-2")
    check_equal("manual", site.value("/DC1/host/Cluster-2", "configuration.drsConfig.defaultVmBehavior"),
                "DRS of the new cluster")
    third = CLUSTER + "/esx-03.site.example"
    site.do("host.maintenance.enter", third)
    site.do("cluster.mv", "-cluster", "/DC1/host/Cluster-2", third)
    check(site.exists("/DC1/host/Cluster-2/esx-03.site.example"), "the host did not move")


def _datastores(site: Site) -> None:
    local, pod = "/DC1/datastore/local-esx-03", "/DC1/datastore/VMFS-Cluster"
    site.do("datastore.maintenance.enter", "-ds", local)
    check_equal("inMaintenance", site.value(local, "summary.maintenanceMode"), "mode")
    site.do("datastore.maintenance.exit", "-ds", local)
    check_equal("normal", site.value(local, "summary.maintenanceMode"), "mode")
    site.do("datastore.cluster.change", "-drs-mode", "automated", pod)
    check_equal("automated",
                site.value(pod, "podStorageDrsEntry.storageDrsConfig.podConfig.defaultVmBehavior"),
                "Storage DRS")
    site.do("datastore.create", "-type", "nfs", "-name", "iso", "-remote-host", "nas-9", "-remote-path",
            "/export/iso", "-mode", "readOnly", CLUSTER)
    check(site.exists("/DC1/datastore/iso"), "the NFS datastore is not there")
    for host in ("esx-01", "esx-02", "esx-03"):
        site.do("datastore.remove", "-ds", "/DC1/datastore/iso", f"{CLUSTER}/{host}.site.example")
    check(not site.exists("/DC1/datastore/iso"), "a datastore that no host has is still there")


@case("govc-places")
def govc_places(setup: Setup, report: Report) -> None:
    """govc makes, renames, moves and removes folders, pools, clusters; hosts and datastores leave and return."""
    program = setup.peer("govc")
    with setup.mock("--task-time", "20ms",
                    record=setup.records("govc-places", foreign=("requests",))) as server:
        site = Site(govc_facts.Govc(program, server.login))
        for part in (_folders, _names, _pools, _hosts, _datastores, _clusters):
            part(site)
        check(server.alive(), "the mock died")
        report.note(f"{site.steps} commands")


@case("pyvmomi-places")
def pyvmomi_places(setup: Setup, report: Report) -> None:
    """pyVmomi sets rules, groups and Storage DRS overrides, and finds switches."""
    python = setup.python()
    with setup.mock("--task-time", "20ms",
                    record=setup.records("pyvmomi-places", foreign=("requests",))) as server:
        result = run([python, HERE / "pyvmomi_places.py"], deadline=120, env=server.login.govc())
        for line in result.stdout.splitlines():
            report.note(line)
        result.expect(0)
        check(server.alive(), "the mock died")
