# SPDX-License-Identifier: GPL-2.0-or-later
"""Storage vMotion; a disk of two machines; what DRS and Storage DRS move."""

from __future__ import annotations

from typing import Any

from pyVmomi import vim, vmodl

from fidelity import GIB, Site, check, device_change, disk, disks, failed, files_of, same, true, wait

LINUX_MT = "mt-linux-01"


def _move(site: Site, vm: Any, store: str, **members: Any) -> Any:
    spec = vim.vm.RelocateSpec(datastore=site.datastore(store), **members)
    return vm.RelocateVM_Task(spec)


def _lie_on(vm: Any, store: Any) -> None:
    """All that says where a machine's files are says this datastore."""
    start = f"[{store.name}] "
    same({start}, {name[:len(start)] for name in files_of(vm)}, "datastore of the disks")
    same({store}, {each.backing.datastore for each in disks(vm)}, "backing.datastore")
    same([store], list(vm.datastore), "vm.datastore")
    for path in (vm.config.files.vmPathName, vm.summary.config.vmPathName, *[each.name for each in vm.layoutEx.file]):
        true(path.startswith(start), f"{path} is not on {store.name}")
    true(vm in store.vm, "datastore.vm lacks the machine")


@check("storage-vmotion")
def running(site: Site) -> str:
    """A running machine with a disk of another name, on another datastore, from a foreign folder."""
    vm, old, new = site.make("mover", GIB, GIB), site.datastore("vmfs-01"), site.datastore("nfs-01")
    wait(site.change(vm, device_change("add", disk("[vsan-01] ", unit=2, size=GIB), "create")))
    uuids = [each.backing.uuid for each in disks(vm)]
    site.on(vm)
    wait(_move(site, vm, "nfs-01"))
    same(["[nfs-01] mover/mover.vmdk", "[nfs-01] mover/mover_1.vmdk", "[nfs-01] mover/mover_2.vmdk"], files_of(vm),
         "files")
    same("[nfs-01] mover/mover.vmx", vm.config.files.vmPathName, "vmPathName")
    _lie_on(vm, new)
    true(vm not in old.vm and vm not in site.datastore("vsan-01").vm, "an old datastore still has the machine")
    same(uuids, [each.backing.uuid for each in disks(vm)], "UUIDs")
    true({"mover.vmx", "mover.vmdk", "mover_1.vmdk", "mover_2.vmdk"} <= site.listed("[nfs-01] mover"), "new files")
    same(False, site.exists("[vmfs-01] mover/mover.vmdk"), "the old file is there")
    same("poweredOn", vm.runtime.powerState, "power state")
    being = site.events(vm, "VmBeingHotMigratedEvent")
    same([("nfs-01", vm.runtime.host)], [(each.destDatastore.name, each.destHost.host) for each in being],
         "where VmBeingHotMigratedEvent says it goes")
    done = site.events(vm, "VmMigratedEvent")
    same([("vmfs-01", "nfs-01", vm.runtime.host)],
         [(each.sourceDatastore.name, each.ds.name, each.sourceHost.host) for each in done],
         "source and target in VmMigratedEvent")
    same(site.datacenter, done[0].sourceDatacenter.datacenter, "source datacenter")
    same([], site.events(vm, "VmRelocatedEvent"), "VmRelocatedEvents of a running machine")
    return "files, names, properties of both sides, events"


@check("storage-vmotion")
def powered_off(site: Site) -> str:
    vm = site.make("cold", GIB)
    wait(_move(site, vm, "vmfs-02"))
    _lie_on(vm, site.datastore("vmfs-02"))
    done = site.events(vm, "VmRelocatedEvent")
    same([("vmfs-01", "vmfs-02")], [(each.sourceDatastore.name, each.ds.name) for each in done], "VmRelocatedEvent")
    same(1, len(site.events(vm, "VmBeingRelocatedEvent")), "VmBeingRelocatedEvent")
    same([], site.events(vm, "VmMigratedEvent"), "VmMigratedEvents of a machine that is off")
    return "VmRelocatedEvent"


@check("storage-vmotion")
def renamed_after_the_machine(site: Site) -> str:
    """After a rename the files keep their old name, until a Storage vMotion gives them the new one."""
    vm = site.make("before", GIB)
    wait(vm.Rename_Task("after"))
    same(["[vmfs-01] before/before.vmdk"], files_of(vm), "files after the rename")
    wait(_move(site, vm, "vmfs-02"))
    same(["[vmfs-02] after/after.vmdk"], files_of(vm), "files after the move")
    same("[vmfs-02] after/after.vmx", vm.config.files.vmPathName, "vmPathName")
    return "the move gives files the machine's new name"


@check("storage-vmotion")
def foreign_disk_takes_the_machines_name(site: Site) -> str:
    """What failback meets: a home machine's VMDK on the master target is renamed after the master target."""
    home, target = site.make("guest-17", 2 * GIB), site.make("target", GIB)
    wait(site.change(target, device_change("add", disk(files_of(home)[0], unit=5, mode="independent_persistent"))))
    uuid = disks(home)[0].backing.uuid
    wait(_move(site, target, "nfs-01"))
    same(["[nfs-01] target/target.vmdk", "[nfs-01] target/target_1.vmdk"], files_of(target), "files")
    same(uuid, disks(target)[1].backing.uuid, "UUID")
    same("independent_persistent", disks(target)[1].backing.diskMode, "mode")
    return "the disk lies in the target's folder, and is called after it"


@check("storage-vmotion")
def with_snapshots(site: Site) -> str:
    vm = site.make("chained", GIB)
    snapshot = site.snapshot(vm, "one")
    wait(_move(site, vm, "vmfs-02"))
    same("[vmfs-02] chained/chained-000001.vmdk", files_of(vm)[0], "delta")
    same("[vmfs-02] chained/chained.vmdk", disks(vm)[0].backing.parent.fileName, "base")
    same("[vmfs-02] chained/chained.vmdk", snapshot.config.hardware.device[-1].backing.fileName, "in the snapshot")
    return "the whole chain goes"


@check("storage-vmotion")
def one_disk_by_locator(site: Site) -> str:
    vm = site.make("parted", GIB, GIB)
    locator = vim.vm.RelocateSpec.DiskLocator(diskId=disks(vm)[1].key, datastore=site.datastore("vmfs-02"))
    wait(vm.RelocateVM_Task(vim.vm.RelocateSpec(disk=[locator])))
    same(["[vmfs-01] parted/parted.vmdk", "[vmfs-02] parted/parted.vmdk"], sorted(files_of(vm)), "files")
    same({"vmfs-01", "vmfs-02"}, {each.name for each in vm.datastore}, "vm.datastore")
    same("[vmfs-01] parted/parted.vmx", vm.config.files.vmPathName, "vmPathName")
    return "one disk moves"


# ---- a disk of two machines


def _two(site: Site, name: str) -> tuple[Any, Any, str]:
    """A home machine that is off, whose disk is attached to the running mt-linux-01 as well."""
    home, target = site.make(name, GIB), site.vm(LINUX_MT)
    file = files_of(home)[0]
    unit = next(each for each in range(2, 16) if each != 7 and each not in
                {one.unitNumber for one in disks(target) if one.controllerKey == 1000})
    wait(site.change(target, device_change("add", disk(file, unit=unit, mode="independent_persistent"))))
    return home, target, file


@check("shared-disk")
def locked_by_the_running_one(site: Site) -> str:
    home, target, file = _two(site, "locked-home")
    same(disks(home)[0].backing.uuid, disks(target)[-1].backing.uuid, "UUID on both")
    same({home, target} <= set(site.store().vm), True, "datastore.vm has both")
    failed(home.PowerOnVM_Task(), vim.fault.FileLocked, file=file)
    same("poweredOff", home.runtime.powerState, "power state")
    wait(site.change(target, device_change("remove", disks(target)[-1])))
    true(site.exists(file), "the file went with the device")
    site.on(home)
    # Now the other way round: it runs, and the master target can't have its disk.
    task = site.change(target, device_change("add", disk(file, unit=9, mode="independent_persistent")))
    failed(task, vim.fault.FileLocked, file=file)
    true(file not in files_of(target), "the target has the disk after a failed task")
    site.off(home)
    return "FileLocked at power-on and at hot-add, and free again"


@check("shared-disk")
def moved_away(site: Site) -> str:
    home, target, file = _two(site, "moved-home")
    before = len(site.events(home, "VmReconfiguredEvent"))
    uuid = disks(home)[0].backing.uuid
    wait(_move(site, target, "nfs-01"))
    moved = next(each for each in disks(target) if each.backing.uuid == uuid)
    true(moved.backing.fileName.startswith("[nfs-01] mt-linux-01/mt-linux-01_"), f"{moved.backing.fileName}")
    same([file], files_of(home), "the home machine's path dangles")
    same(False, site.exists(file), "the old file is there")
    same(before, len(site.events(home, "VmReconfiguredEvent")), "changes of the home machine")
    failed(home.PowerOnVM_Task(), vim.fault.FileNotFound, file=file)
    home.Reload()
    same([file], files_of(home), "the path after Reload")
    # Repair: the master target gives it up, and the home machine takes it from where it lies.
    wait(site.change(target, device_change("remove", moved)))
    stale = disks(home)[0]
    wait(site.change(home, device_change("remove", stale),
                     device_change("add", disk(moved.backing.fileName, unit=stale.unitNumber))))
    same([(moved.backing.fileName, uuid)], [(each.backing.fileName, each.backing.uuid) for each in disks(home)],
         "the disk after the repair")
    site.on(home)
    site.off(home)
    wait(_move(site, target, "vmfs-01"))
    return "the path dangles, power-on is FileNotFound, repairing works"


# ---- DRS and Storage DRS


def _cluster_override(site: Site, cluster: Any, operation: str, **members: Any) -> Any:
    spec = vim.cluster.DrsVmConfigSpec(operation=operation, **members)
    return cluster.ReconfigureComputeResource_Task(vim.cluster.ConfigSpecEx(drsVmConfigSpec=[spec]), True)


def _pod_override(site: Site, pod: Any, operation: str, **members: Any) -> Any:
    spec = vim.storageDrs.ConfigSpec(vmConfigSpec=[vim.storageDrs.VmConfigSpec(operation=operation, **members)])
    return site.content.storageResourceManager.ConfigureStorageDrsForPod_Task(pod, spec, True)


@check("drs", vcsim=True)
def cluster_overrides(site: Site) -> str:
    cluster, vm = site.view(vim.ClusterComputeResource)[0], site.make("pinned")

    def overrides() -> list[tuple[Any, Any, Any]]:
        return [(each.key, each.enabled, each.behavior) for each in cluster.configurationEx.drsVmConfig]

    info = vim.cluster.DrsVmConfigInfo(key=vm, enabled=False)
    wait(_cluster_override(site, cluster, "add", info=info))
    same([(vm, False, None)], overrides(), "overrides")
    wait(_cluster_override(site, cluster, "edit", info=vim.cluster.DrsVmConfigInfo(key=vm, behavior="manual")))
    same("manual", overrides()[0][2], "behavior")
    if site.real:  # a removal ends vcsim's process
        wait(_cluster_override(site, cluster, "remove", removeKey=vm))
        same([], overrides(), "overrides that are left")
    return "added, edited, removed"


@check("drs")
def adding_replaces(site: Site) -> str:
    cluster, vm = site.view(vim.ClusterComputeResource)[0], site.make("replaced")
    pod = site.view(vim.StoragePod)[0]
    for enabled, behavior in ((False, None), (True, "manual")):
        info = vim.cluster.DrsVmConfigInfo(key=vm, enabled=enabled, behavior=behavior)
        wait(_cluster_override(site, cluster, "add", info=info))
        same([(vm, enabled, behavior)],
             [(each.key, each.enabled, each.behavior) for each in cluster.configurationEx.drsVmConfig], "DRS")
        wait(_pod_override(site, pod, "add",
                           info=vim.storageDrs.VmConfigInfo(vm=vm, enabled=enabled, behavior=behavior)))
        same([(vm, enabled, behavior)],
             [(each.vm, each.enabled, each.behavior) for each in pod.podStorageDrsEntry.storageDrsConfig.vmConfig],
             "Storage DRS")
    wait(_cluster_override(site, cluster, "remove", removeKey=vm))
    wait(_pod_override(site, pod, "remove", removeKey=vm))
    same(([], []), (list(cluster.configurationEx.drsVmConfig),
                    list(pod.podStorageDrsEntry.storageDrsConfig.vmConfig)), "overrides that are left")
    failed(_cluster_override(site, cluster, "remove", removeKey=vm), vmodl.fault.InvalidArgument)
    failed(_pod_override(site, pod, "remove", removeKey=vm), vmodl.fault.InvalidArgument)
    return "add over an existing one replaces it; what is not there can't be removed"


@check("drs")
def drs_moves(site: Site) -> str:
    cluster, host = site.view(vim.ClusterComputeResource)[0], site.find(vim.HostSystem, "esx-01.site.example")
    free, kept = site.make("free", GIB, host=host), site.make("kept", GIB, host=host)
    for vm in (free, kept):
        site.on(vm)
    wait(_cluster_override(site, cluster, "add", info=vim.cluster.DrsVmConfigInfo(key=kept, enabled=False)))
    moved = site.ctl("drs", cluster.name)["moved"]
    true({"vm": f"VirtualMachine:{free._moId}", "from": f"HostSystem:{host._moId}"}.items()
         <= next((each for each in moved if each["name"] == "free"), {}).items(), f"free was not moved: {moved}")
    true(free.runtime.host != host, "it is where it was")
    same(host, kept.runtime.host, "host of the machine with an override")
    same(True, free in free.runtime.host.vm and free not in host.vm, "host.vm of both sides")
    found = site.events(free, "DrsVmMigratedEvent")
    same([("esx-01.site.example", free.runtime.host.name)], [(each.sourceHost.name, each.host.name) for each in found],
         "source and target in DrsVmMigratedEvent")
    same([], site.events(kept, "DrsVmMigratedEvent"), "events of the other")
    true("kept" not in {each["name"] for each in moved}, "the overridden one was moved")
    wait(cluster.ReconfigureComputeResource_Task(vim.cluster.ConfigSpecEx(
        drsConfig=vim.cluster.DrsConfigInfo(defaultVmBehavior="manual")), True))
    wait(free.MigrateVM_Task(None, host, "defaultPriority"))
    same([], site.ctl("drs", cluster.name)["moved"], "moves of a cluster that is manual")
    wait(cluster.ReconfigureComputeResource_Task(vim.cluster.ConfigSpecEx(
        drsConfig=vim.cluster.DrsConfigInfo(defaultVmBehavior="fullyAutomated")), True))
    for vm in (free, kept):
        site.off(vm)
    return "DRS moves what is not overridden"


@check("drs")
def storage_drs_moves(site: Site) -> str:
    pod = site.view(vim.StoragePod)[0]
    vm, kept = site.make("sdrs-free", GIB), site.make("sdrs-kept", GIB)
    same([], site.ctl("drs", pod.name)["moved"], "moves of a datastore cluster that is manual")
    _automate(site, pod, "automated")
    wait(_pod_override(site, pod, "add", info=vim.storageDrs.VmConfigInfo(vm=kept, enabled=False)))
    apart = site.make("sdrs-apart", GIB)
    wait(site.change(apart, device_change("add", disk("[vmfs-01]", unit=1, size=GIB, mode="independent_persistent"),
                                          "create")))
    moved = {each["name"] for each in site.ctl("drs", pod.name)["moved"]}
    true("sdrs-apart" not in moved, "a machine with an independent disk was moved")
    true("sdrs-kept" not in moved, "an overridden machine was moved")
    true({"sdrs-free", "mt-linux-01", "db-01"} <= moved, f"moved: {moved}")
    same(["[vmfs-02] sdrs-free/sdrs-free.vmdk"], files_of(vm), "files")
    for each, kind in ((vm, "VmRelocatedEvent"), (site.vm("mt-linux-01"), "VmMigratedEvent")):
        same([("vmfs-01", "vmfs-02")], [(one.sourceDatastore.name, one.ds.name) for one in site.events(each, kind)
                                      if one.sourceDatastore.name != one.ds.name], "source and target in the event")
        told = [one.eventTypeId for one in site.events(each, "EventEx")]
        same(["com.vmware.vc.sdrs.StorageDrsStorageMigrationEvent"], told, "Storage DRS says that it was it")
    home = site.vm("db-01")
    true(any(each.startswith("[vsan-01] ") for each in files_of(home)), "a disk outside of the cluster was moved")
    same(["[vmfs-01] sdrs-kept/sdrs-kept.vmdk"], files_of(kept), "files of the other")
    _automate(site, pod, "manual")
    return f"{len(moved)} machines"


def _automate(site: Site, pod: Any, behavior: str) -> None:
    spec = vim.storageDrs.ConfigSpec(
        podConfigSpec=vim.storageDrs.PodConfigSpec(enabled=True, defaultVmBehavior=behavior))
    wait(site.content.storageResourceManager.ConfigureStorageDrsForPod_Task(pod, spec, True))

