# SPDX-License-Identifier: GPL-2.0-or-later
"""Snapshots: deltas and their chains; merging them, with progress, half-way, again."""

from __future__ import annotations

import time
from typing import Any

from pyVmomi import vim, vmodl

from fidelity import GIB, Site, check, disk, device_change, disks, failed, files_of, same, true, wait


def _chain(backing: Any) -> list[str]:
    """The files of a disk, its own first."""
    names = []
    while backing is not None:
        names.append(backing.fileName)
        backing = backing.parent
    return names


def _laid_out(vm: Any, key: int) -> list[list[str]]:
    """The files of each link of a disk's chain as layoutEx has them, base first: descriptors only."""
    names = {each.key: each.name for each in vm.layoutEx.file if each.type == "diskDescriptor"}
    layout = next(each for each in vm.layoutEx.disk if each.key == key)
    return [[names[one] for one in link.fileKey if one in names] for link in layout.chain]


@check("snapshot")
def deltas(site: Site) -> str:
    vm = site.make("snapped", GIB, GIB)
    base = files_of(vm)
    same(["[vmfs-01] snapped/snapped.vmdk", "[vmfs-01] snapped/snapped_1.vmdk"], base, "files before")
    same([None, None], [each.backing.parent for each in disks(vm)], "parents before")
    capacity = [each.capacityInBytes for each in disks(vm)]
    site.snapshot(vm, "one")
    delta = [name.replace(".vmdk", "-000001.vmdk") for name in base]
    same(delta, files_of(vm), "files with one snapshot")
    site.snapshot(vm, "two")
    top = [name.replace(".vmdk", "-000002.vmdk") for name in base]
    same(top, files_of(vm), "files with two snapshots")
    for i, each in enumerate(disks(vm)):
        same([top[i], delta[i], base[i]], _chain(each.backing), "chain of backings")
        same([[base[i]], [delta[i]], [top[i]]], _laid_out(vm, each.key), "chain in layoutEx")
    same(capacity, [each.capacityInBytes for each in disks(vm)], "capacity is the base's")
    same(len({each.backing.uuid for each in disks(vm)}), 2, "UUIDs")
    found = site.listed("[vmfs-01] snapped")
    expected = {name.rpartition("/")[2] for name in base + delta + top}
    true(expected <= found, f"{expected - found} is not in the datastore")
    true({"snapped.vmsd", "snapped-Snapshot1.vmsn", "snapped-Snapshot2.vmsn"}
         <= _renumbered(found),
         f"the snapshots' own files are missing: {sorted(found)}")
    return "files, parents and layoutEx of two snapshots"


def _renumbered(names: set[str]) -> set[str]:
    """Snapshot12.vmsn and Snapshot15.vmsn as 1 and 2: numbers go on over the whole vCenter."""
    snapshots = sorted((name for name in names if name.endswith(".vmsn")), key=lambda name: (len(name), name))
    renamed = {name: f"{name[:name.rindex('Snapshot')]}Snapshot{i + 1}.vmsn" for i, name in enumerate(snapshots)}
    return {renamed.get(name, name) for name in names}


@check("snapshot")
def tree_and_events(site: Site) -> str:
    vm = site.make("tree", GIB)
    uuid = disks(vm)[0].backing.uuid
    one = site.snapshot(vm, "one")
    two = site.snapshot(vm, "two")
    root = vm.snapshot.rootSnapshotList
    same(["one"], [each.name for each in root], "roots")
    same([two], [each.snapshot for each in root[0].childSnapshotList], "children")
    same(two, vm.snapshot.currentSnapshot, "current snapshot")
    same([one, two], list(vm.rootSnapshot) + [each.snapshot for each in root[0].childSnapshotList], "rootSnapshot")
    same("[vmfs-01] tree/tree.vmdk", one.config.hardware.device[-1].backing.fileName,
         "file in the first snapshot's configuration")
    same("[vmfs-01] tree/tree-000001.vmdk", two.config.hardware.device[-1].backing.fileName,
         "file in the second snapshot's configuration")
    same(uuid, disks(vm)[0].backing.uuid, "UUID of the delta")
    wait(one.RevertToSnapshot_Task())
    same(one, vm.snapshot.currentSnapshot, "current snapshot after the revert")
    same(["[vmfs-01] tree/tree-000002.vmdk", "[vmfs-01] tree/tree.vmdk"], _chain(disks(vm)[0].backing),
         "chain after the revert")
    descriptions = [each.info.descriptionId for each in site.events(vm, "TaskEvent")]
    same(2, descriptions.count("VirtualMachine.createSnapshot"), "tasks that made snapshots")
    return "the tree, its frozen configurations, reverting"


@check("snapshot")
def independent_disks_have_none(site: Site) -> str:
    vm = site.make("apart", GIB)
    wait(site.change(vm, device_change("add", disk("[vmfs-01]", unit=1, size=GIB, mode="independent_persistent"),
                                       "create")))
    before = files_of(vm)
    site.snapshot(vm, "one")
    same([before[0].replace(".vmdk", "-000001.vmdk"), before[1]], files_of(vm), "files")
    same(None, disks(vm)[1].backing.parent, "parent of the independent disk")
    return "an independent disk has no delta"


@check("snapshot")
def shown_to_a_watcher(site: Site) -> str:
    """Whoever watches the devices gets the delta's name with the snapshot."""
    vm = site.make("watched", GIB)
    collector = site.content.propertyCollector.CreatePropertyCollector()
    types = vmodl.query.PropertyCollector
    spec = types.FilterSpec(objectSet=[types.ObjectSpec(obj=vm)],
                            propSet=[types.PropertySpec(type=vim.VirtualMachine, pathSet=["config.hardware.device",
                                                                                          "snapshot"])])
    collector.CreateFilter(spec, True)
    first = collector.WaitForUpdatesEx("", types.WaitOptions(maxWaitSeconds=5))
    site.snapshot(vm, "one")
    names, version = set(), first.version
    end = time.monotonic() + 10
    while time.monotonic() < end and not any("000001" in name for name in names):
        update = collector.WaitForUpdatesEx(version, types.WaitOptions(maxWaitSeconds=2))
        if update is None:
            continue
        version = update.version
        for each in update.filterSet[0].objectSet[0].changeSet:
            if "device" not in each.name or each.val is None:
                continue
            found = each.val if isinstance(each.val, list) else [each.val]
            names |= {one.backing.fileName for one in found if isinstance(one, vim.vm.device.VirtualDisk)}
            if isinstance(each.val, str):
                names.add(each.val)
    same({"[vmfs-01] watched/watched-000001.vmdk"}, {name for name in names if name.endswith("1.vmdk")}, "files")
    collector.DestroyPropertyCollector()
    return "an update tells the new file"


@check("snapshot", "mt-snapshot")
def of_the_scenario(site: Site) -> str:
    vm = site.vm("mt-linux-01")
    same([["[vmfs-01] mt-linux-01/mt-linux-01-000001.vmdk", "[vmfs-01] mt-linux-01/mt-linux-01.vmdk"],
          ["[vmfs-01] mt-linux-01/mt-linux-01_1-000001.vmdk", "[vmfs-01] mt-linux-01/mt-linux-01_1.vmdk"]],
         [_chain(each.backing) for each in disks(vm)], "chains")
    same(False, vm.runtime.consolidationNeeded, "consolidationNeeded")
    wait(vm.RemoveAllSnapshots_Task(True))
    same(None, vm.snapshot, "snapshot")
    same(["[vmfs-01] mt-linux-01/mt-linux-01.vmdk", "[vmfs-01] mt-linux-01/mt-linux-01_1.vmdk"], files_of(vm),
         "files after the merge")
    return "a backup's snapshot on the master target"


# ---- removing and merging


@check("consolidate", vcsim=True)
def removing_takes_it_from_the_tree(site: Site) -> str:
    vm = site.make("cut", GIB)
    first = files_of(vm)
    one, two = site.snapshot(vm, "one"), site.snapshot(vm, "two")
    wait(one.RemoveSnapshot_Task(False))
    roots = site.read(vm, "snapshot").rootSnapshotList
    same([("two", two)], [(each.name, each.snapshot) for each in roots], "roots that stay")
    wait(vm.RemoveAllSnapshots_Task())
    same(None, site.read(vm, "snapshot"), "snapshot")
    same(first, files_of(vm), "files")
    return "snapshots are removed, and the files are the first ones again"


@check("consolidate")
def merging_removes_files(site: Site) -> str:
    vm = site.make("merged", GIB)
    before = site.listed("[vmfs-01] merged")
    site.snapshot(vm, "one")
    site.snapshot(vm, "two")
    true("merged-000002.vmdk" in site.listed("[vmfs-01] merged"), "the delta is not there")
    wait(vm.RemoveAllSnapshots_Task(True))
    left = site.listed("[vmfs-01] merged") - before
    same(set(), {name for name in left if name.endswith((".vmdk", ".vmsn"))}, "files that are left of snapshots")
    same(["[vmfs-01] merged/merged.vmdk"], files_of(vm), "files")
    same(None, disks(vm)[0].backing.parent, "parent")
    same(False, vm.runtime.consolidationNeeded, "consolidationNeeded")
    return "deltas are gone after the merge"


@check("consolidate")
def time_and_progress(site: Site) -> str:
    """mt-linux-01's guest has written much since: its merge takes longer, and tells how far it is."""
    vm = site.vm("mt-linux-01")
    site.snapshot(vm, "big")
    key = disks(vm)[1].key
    site.ctl("write", "mt-linux-01", str(key), "--bytes", str(4 * GIB))
    start = time.monotonic()
    task, seen = vm.RemoveAllSnapshots_Task(), []
    while (info := task.info).state in ("queued", "running"):
        if info.progress is not None:
            seen.append(info.progress)
        time.sleep(0.01)
    took = time.monotonic() - start
    same("success", task.info.state, "state")
    true(took >= 16 * 0.03, f"4 GiB were merged in {took:.3f} s")
    same(sorted(seen), seen, "progress goes up")
    true(len(set(seen)) >= 3 and all(0 <= each <= 100 for each in seen), f"progress {seen}")
    small = site.make("small", GIB)
    site.snapshot(small, "one")
    start = time.monotonic()
    wait(small.RemoveAllSnapshots_Task())
    true(time.monotonic() - start < took / 2, "a small delta takes as long as a big one")
    return f"4 GiB took {took:.1f} s"


@check("consolidate")
def without_consolidating(site: Site) -> str:
    vm = site.make("lazy", GIB)
    one = site.snapshot(vm, "one")
    wait(one.RemoveSnapshot_Task(False, False))
    same(None, vm.snapshot, "snapshot")
    same(["[vmfs-01] lazy/lazy-000001.vmdk"], files_of(vm), "files")
    same(True, vm.runtime.consolidationNeeded, "consolidationNeeded")
    wait(vm.ConsolidateVMDisks_Task())
    same(["[vmfs-01] lazy/lazy.vmdk"], files_of(vm), "files after consolidating")
    same(False, vm.runtime.consolidationNeeded, "consolidationNeeded after consolidating")
    return "consolidate=false leaves the deltas to ConsolidateVMDisks_Task"


@check("consolidate")
def fails_half_way(site: Site) -> str:
    """Another machine that runs holds the base of the second disk: the first is merged, the second not."""
    home = site.make("half", GIB, GIB)
    reader = site.make("reader")
    base = files_of(home)
    wait(site.change(reader, device_change("add", disk(base[1], unit=0, mode="independent_persistent"))))
    one = site.snapshot(home, "one")
    site.on(reader)
    failed(one.RemoveSnapshot_Task(False), vim.fault.FileLocked, file=base[1])
    same(None, home.snapshot, "snapshot")
    same(True, home.runtime.consolidationNeeded, "consolidationNeeded")
    same([base[0], base[1].replace(".vmdk", "-000001.vmdk")], files_of(home), "files: one is merged")
    true(site.events(home, "VmConsolidationNeededEvent") or _needed(site, home), "no event says so")
    failed(home.ConsolidateVMDisks_Task(), vim.fault.FileLocked, file=base[1])
    same(True, home.runtime.consolidationNeeded, "consolidationNeeded after another try")
    site.off(reader)
    wait(home.ConsolidateVMDisks_Task())
    same(base, files_of(home), "files after the repair")
    same(False, home.runtime.consolidationNeeded, "consolidationNeeded after the repair")
    return "half-way, then repaired"


def _needed(site: Site, vm: Any) -> bool:
    found = site.events(vm, "EventEx", "ExtendedEvent")
    return any("onsolidat" in getattr(each, "eventTypeId", "") for each in found)


@check("consolidate", "stuck-merge")
def of_the_scenario_stuck(site: Site) -> str:
    vm = site.vm("db-01")
    same((None, True), (vm.snapshot, vm.runtime.consolidationNeeded), "snapshot, consolidationNeeded")
    same([2, 2], [len(_chain(each.backing)) for each in disks(vm)], "links of the chains")
    failed(vm.ConsolidateVMDisks_Task(), vim.fault.FileLocked, file="[vmfs-01] db-01/db-01.vmdk")
    site.ctl("power-off", "backup-proxy")
    wait(vm.ConsolidateVMDisks_Task())
    same([1, 1], [len(_chain(each.backing)) for each in disks(vm)], "links after the repair")
    same(False, vm.runtime.consolidationNeeded, "consolidationNeeded after the repair")
    return "a merge that a running machine was in the way of"
