# SPDX-License-Identifier: GPL-2.0-or-later
"""Datastores: types, mounts host by host, maintenance mode, sizes, where files may lie."""

from __future__ import annotations

from typing import Any

from pyVmomi import vim

from fidelity import GIB, Site, check, device_change, disk, disks, failed, raised, same, true, wait


def _mounts(store: Any) -> dict[str, tuple[str, bool, bool]]:
    return {each.key.name.partition(".")[0]: (each.mountInfo.accessMode, each.mountInfo.accessible,
                                              each.mountInfo.mounted) for each in store.host}


@check("datastores")
def types(site: Site) -> str:
    found = {each.name: (each.summary.type, type(each.info).__name__.rsplit(".", 1)[-1])
             for each in site.view(vim.Datastore)}
    same({"vmfs-01": ("VMFS", "VmfsDatastoreInfo"), "vmfs-02": ("VMFS", "VmfsDatastoreInfo"),
          "vsan-01": ("vsan", "VsanDatastoreInfo"), "nfs-01": ("NFS", "NasDatastoreInfo"),
          "local-esx-03": ("VMFS", "VmfsDatastoreInfo")}, found, "types and infos")
    nas = site.datastore("nfs-01").info.nas
    same(("NFS", "nas-01.site.example", "/export/nfs-01"), (nas.type, nas.remoteHost, nas.remotePath), "NFS")
    same(6, site.datastore("vmfs-01").info.vmfs.majorVersion, "VMFS version")
    for each in site.view(vim.Datastore):
        same((256 << 40 if each.summary.type == "NFS" else 64 << 40, 62 << 40),
             (each.info.maxFileSize, each.info.maxVirtualDiskCapacity),
             f"maxFileSize and maxVirtualDiskCapacity of {each.name}")
        same((each.name, each.summary.url), (each.info.name, each.info.url), "name and url in info")
        same(each.summary.freeSpace, each.info.freeSpace, "free space")
    same((True, True, False), tuple(getattr(site.datastore(name).capability, "topLevelDirectoryCreateSupported")
                                    for name in ("vmfs-01", "nfs-01", "vsan-01")), "directories at the top")
    return "VMFS, NFS, vSAN"


@check("datastores", "volumes")
def all_types(site: Site) -> str:
    found = {each.name: (each.summary.type, type(each.info).__name__.rsplit(".", 1)[-1],
                         bool(each.capability.topLevelDirectoryCreateSupported))
             for each in site.view(vim.Datastore)}
    same({"vmfs-01": ("VMFS", "VmfsDatastoreInfo", True), "nfs3": ("NFS", "NasDatastoreInfo", True),
          "nfs41": ("NFS41", "NasDatastoreInfo", True), "vsan": ("vsan", "VsanDatastoreInfo", False),
          "vvol": ("VVOL", "VvolDatastoreInfo", False)}, found, "types, infos, directories at the top")
    usual = ("readWrite", True, True)
    for name in found:
        same({"esx-01": usual, "esx-02": ("readOnly", True, True) if name == "nfs41" else usual},
             _mounts(site.datastore(name)), f"mounts of {name}")
        store = site.datastore(name)
        same((True, True, "normal"), (store.summary.accessible, store.summary.multipleHostAccess,
                                      store.summary.maintenanceMode), f"summary of {name}")
    for name, kind, path in (("nfs3", "NFS", "/a"), ("nfs41", "NFS41", "/b")):
        nas = site.datastore(name).info.nas
        same((kind, name, "nas-1", path), (nas.type, nas.name, nas.remoteHost, nas.remotePath), f"volume of {name}")
    same(("VVOL", "vvol"), (site.datastore("vvol").info.vvolDS.type, site.datastore("vvol").info.vvolDS.name),
         "volume of vvol")
    spec = vim.VirtualDiskManager.FileBackedVirtualDiskSpec(diskType="thin", adapterType="lsiLogic",
                                                            capacityKb=GIB >> 10)
    for name in ("vsan", "vvol"):
        raised(vim.fault.CannotCreateFile, lambda: site.content.fileManager.MakeDirectory(
            f"[{name}] top", site.datacenter, False), file=f"[{name}] top")
        failed(site.content.virtualDiskManager.CreateVirtualDisk_Task(f"[{name}] top.vmdk", site.datacenter, spec),
               vim.fault.CannotCreateFile, file=f"[{name}] top.vmdk")
        true("top.vmdk" not in site.listed(f"[{name}]"), f"a file is at the top of {name}")
    return "NFS 3 and 4.1, VMFS, vSAN, vVol"


@check("datastores")
def mounts(site: Site) -> str:
    usual = ("readWrite", True, True)
    same({f"esx-0{i}": usual for i in (1, 2, 3)}, _mounts(site.datastore("vmfs-01")), "mounts of vmfs-01")
    same({"esx-03": usual}, _mounts(site.datastore("local-esx-03")), "mounts of the local one")
    same((True, False), (site.datastore("vmfs-01").summary.multipleHostAccess,
                         site.datastore("local-esx-03").summary.multipleHostAccess), "multipleHostAccess")
    host = site.find(vim.HostSystem, "esx-02.site.example")
    store, system = site.datastore("vmfs-02"), host.configManager.storageSystem
    vm = site.make("on-vmfs", GIB, store=store, host=host)
    raised(vim.fault.ResourceInUse, lambda: system.UnmountVmfsVolume(store.info.vmfs.uuid))
    wait(vm.Destroy_Task())
    for each in [one for one in store.vm if one.runtime.host == host]:
        site.off(each)
        wait(each.RelocateVM_Task(vim.vm.RelocateSpec(host=site.find(vim.HostSystem, "esx-01.site.example"))))
    system.UnmountVmfsVolume(store.info.vmfs.uuid)
    same(("readWrite", False, False), _mounts(store)["esx-02"], "the unmounted one")
    same(usual, _mounts(store)["esx-01"], "another host's mount")
    same(True, store.summary.accessible, "accessible from another host")
    failed(site.datacenter.vmFolder.CreateVM_Task(site.spec("nowhere", GIB, store=store), site.pool(), host),
           vim.fault.InaccessibleDatastore, datastore=store, name="vmfs-02")
    system.MountVmfsVolume(store.info.vmfs.uuid)
    same(usual, _mounts(store)["esx-02"], "mounted again")
    return "accessMode, accessible, mounted per host"


@check("datastores", "troubled")
def read_only_and_gone(site: Site) -> str:
    same({"esx-01": "readOnly", "esx-02": "readWrite"},
         {name: mode for name, (mode, _, _) in _mounts(site.datastore("vmfs-02")).items() if name < "esx-03"},
         "accessMode of vmfs-02")
    gone = site.datastore("nfs-gone")
    same(False, gone.summary.accessible, "accessible")
    same({False}, {accessible for _, accessible, _ in _mounts(gone).values()}, "accessible on the hosts")
    same("enteringMaintenance", site.datastore("vmfs-leaving").summary.maintenanceMode, "maintenanceMode")
    host = site.find(vim.HostSystem, "esx-01.site.example")
    failed(site.datacenter.vmFolder.CreateVM_Task(site.spec("read-only", GIB, store=site.datastore("vmfs-02")),
                                                  site.pool(), host),
           vim.fault.DatastoreNotWritableOnHost, datastore=site.datastore("vmfs-02"), name="vmfs-02", host=host)
    failed(site.datacenter.vmFolder.CreateVM_Task(site.spec("leaving", GIB, store=site.datastore("vmfs-leaving")),
                                                  site.pool(), host),
           vim.fault.InvalidDatastoreState, datastoreName="vmfs-leaving")
    return "readOnly, inaccessible, entering maintenance"


@check("datastores")
def maintenance(site: Site) -> str:
    store = site.datastore("local-esx-03")
    same("normal", store.summary.maintenanceMode, "mode")
    result = store.DatastoreEnterMaintenanceMode()
    if result is not None and result.task is not None:
        wait(result.task)
    same("inMaintenance", store.summary.maintenanceMode, "mode")
    raised(vim.fault.InvalidState, store.DatastoreEnterMaintenanceMode)
    host = site.find(vim.HostSystem, "esx-03.site.example")
    vm = site.make("kept-in", host=host)
    failed(site.datacenter.vmFolder.CreateVM_Task(site.spec("kept-out", GIB, store=store), site.pool(), host),
           vim.fault.InvalidDatastoreState, datastoreName="local-esx-03")
    failed(vm.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=[device_change(
        "add", disk("[local-esx-03]", unit=0, size=GIB), "create")])), vim.fault.InvalidDatastoreState,
        datastoreName="local-esx-03")
    same([], disks(vm), "disks of the machine that was refused one")
    wait(store.DatastoreExitMaintenanceMode_Task())
    same("normal", store.summary.maintenanceMode, "mode")
    return "in and out"


@check("datastores")
def too_large_a_disk(site: Site) -> str:
    store = site.datastore("vmfs-01")
    size = store.info.maxVirtualDiskCapacity
    raised(vim.fault.FileTooLarge, lambda: wait(site.datacenter.vmFolder.CreateVM_Task(
        site.spec("too-large", size + GIB), site.pool())), datastore="vmfs-01", fileSize=size + GIB,
        maxFileSize=size)
    free = store.summary.freeSpace
    spec = site.spec("too-full", free + GIB)
    spec.deviceChange[1].device.backing.thinProvisioned = False
    raised(vim.fault.NoDiskSpace, lambda: wait(site.datacenter.vmFolder.CreateVM_Task(spec, site.pool())),
           datastore="vmfs-01")
    return "FileTooLarge, NoDiskSpace"


@check("datastores")
def no_file_at_the_top(site: Site) -> str:
    files, disks = site.content.fileManager, site.content.virtualDiskManager
    spaces = site.content.datastoreNamespaceManager
    raised(vim.fault.CannotCreateFile, lambda: files.MakeDirectory("[vsan-01] top", site.datacenter, False),
           file="[vsan-01] top")
    spec = vim.VirtualDiskManager.FileBackedVirtualDiskSpec(diskType="thin", adapterType="lsiLogic",
                                                            capacityKb=GIB >> 10)
    failed(disks.CreateVirtualDisk_Task("[vsan-01] top.vmdk", site.datacenter, spec), vim.fault.CannotCreateFile,
           file="[vsan-01] top.vmdk")
    store = site.datastore("vsan-01")
    path = spaces.CreateDirectory(store, "space", None)
    true(path.startswith("/vmfs/volumes/") and path.endswith("/space"), f"the new directory is {path}")
    raised(vim.fault.FileAlreadyExists, lambda: spaces.CreateDirectory(store, "space", None))
    wait(disks.CreateVirtualDisk_Task("[vsan-01] space/inner.vmdk", site.datacenter, spec))
    true("inner.vmdk" in site.listed("[vsan-01] space"), "the disk is not there")
    wait(disks.DeleteVirtualDisk_Task("[vsan-01] space/inner.vmdk", site.datacenter))
    spaces.DeleteDirectory(site.datacenter, path)
    true("space" not in site.listed("[vsan-01]"), "the directory is there")
    raised(vim.fault.InvalidDatastore, lambda: spaces.CreateDirectory(site.datastore("vmfs-01"), "space", None))
    files.MakeDirectory("[vmfs-01] top", site.datacenter, False)
    return "DatastoreNamespaceManager makes what MakeDirectory may not"


@check("datastores", vcsim=True)
def both_ways(site: Site) -> str:
    for store in site.view(vim.Datastore):
        for host in store.host:
            true(store in host.key.datastore, f"{host.key.name} lacks {store.name}")
        for vm in store.vm:
            true(store in vm.datastore, f"{vm.name} lacks {store.name}")
        same((True, "normal"), (store.summary.accessible, store.summary.maintenanceMode), store.name)
        true(0 < store.summary.freeSpace <= store.summary.capacity, "free space")
    return "hosts and machines know their datastores"
