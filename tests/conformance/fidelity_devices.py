# SPDX-License-Identifier: GPL-2.0-or-later
"""Disks and controllers: existing VMDKs, keys, removing, changeVersion."""

from __future__ import annotations

from typing import Any

from pyVmomi import vim

from fidelity import (GIB, Site, check, controller, controllers, device_change, disk, disks, failed, files_of, option,
                      same, true, wait)

Paravirtual = vim.vm.device.ParaVirtualSCSIController
LsiLogic = vim.vm.device.VirtualLsiLogicController


def _keys(vm: Any) -> set[int]:
    return {each.key for each in vm.config.hardware.device}


def _refused(site: Site, vm: Any, prop: str, *changes: Any, index: int = 0,
             kind: type = vim.fault.InvalidDeviceSpec) -> None:
    """The task fails for this device and property, and nothing of the machine has changed."""
    before, version = _keys(vm), vm.config.changeVersion
    failed(site.change(vm, *changes), kind, deviceIndex=index, property=f"virtualDeviceSpec.device.{prop}")
    same((before, version), (_keys(vm), vm.config.changeVersion), "devices, changeVersion after a refused change")


# ---- an existing VMDK


def _existing(site: Site, path: str, size: int, kind: str = "thin") -> str:
    """Makes a VMDK that no machine has."""
    manager = site.content.virtualDiskManager
    directory = path.rpartition("/")[0]
    try:
        site.content.fileManager.MakeDirectory(directory, site.datacenter, True)
    except vim.fault.FileAlreadyExists:
        pass
    wait(manager.CreateVirtualDisk_Task(path, site.datacenter, vim.VirtualDiskManager.FileBackedVirtualDiskSpec(
        diskType=kind, adapterType="lsiLogic", capacityKb=size >> 10)))
    return path


@check("add-vmdk")
def read_from_the_descriptor(site: Site) -> str:
    vm = site.make("adder")
    for unit, (kind, thin, eager) in enumerate((("thin", True, False), ("preallocated", False, False),
                                                ("eagerZeroedThick", False, True))):
        path = _existing(site, f"[vmfs-02] loose/{kind}.vmdk", (3 + unit) * GIB, kind)
        wait(site.change(vm, device_change("add", disk(path, unit=unit))))
        found = disks(vm)[unit]
        same(path, found.backing.fileName, "file")
        same(((3 + unit) * GIB, (3 + unit) << 20), (found.capacityInBytes, found.capacityInKB), "capacity")
        same((thin, eager), (bool(found.backing.thinProvisioned), bool(found.backing.eagerlyScrub)), f"type of {kind}")
        same(site.uuid_of(path).replace(" ", "").replace("-", "").lower(),
             found.backing.uuid.replace("-", "").lower(), "UUID")
        same(site.datastore("vmfs-02"), found.backing.datastore, "datastore")
    true(vm in site.datastore("vmfs-02").vm, "datastore.vm lacks the machine")
    return "size, type and UUID of three types of disk"


@check("add-vmdk")
def missing_file(site: Site) -> str:
    vm = site.make("seeker")
    failed(site.change(vm, device_change("add", disk("[vmfs-01] seeker/none.vmdk", unit=0))), vim.fault.FileNotFound,
           file="[vmfs-01] seeker/none.vmdk")
    return "FileNotFound with the file"


@check("add-vmdk")
def wrong_places(site: Site) -> str:
    vm = site.make("placer", GIB)
    file = _existing(site, "[vmfs-02] places/one.vmdk", GIB)
    add = device_change
    _refused(site, vm, "backing", add("add", disk(files_of(vm)[0], unit=1)))
    _refused(site, vm, "unitNumber", add("add", disk(file, unit=0)))
    _refused(site, vm, "unitNumber", add("add", disk(file, unit=7)))
    _refused(site, vm, "unitNumber", add("add", disk(file, unit=16)))
    _refused(site, vm, "unitNumber", add("add", disk(file, unit=64)))
    # The second of two changes is at fault: its index is told, and the first one is not done either.
    other = _existing(site, "[vmfs-02] places/two.vmdk", GIB)
    _refused(site, vm, "unitNumber", add("add", disk(file, unit=1)), add("add", disk(other, unit=0, key=-51)), index=1)
    _refused(site, vm, "backing", add("add", disk(file, unit=1)), add("add", disk(file, unit=2, key=-51)), index=1)
    _refused(site, vm, "busNumber", add("add", controller(-7, bus=0)))
    _refused(site, vm, "busNumber", add("add", controller(-7, bus=4)))
    wait(site.change(vm, *[add("add", controller(-bus, bus=bus)) for bus in (1, 2, 3)]))
    same([0, 1, 2, 3], [each.busNumber for each in controllers(vm)], "buses")
    _refused(site, vm, "busNumber", add("add", controller(-7, bus=0)))
    _refused(site, vm, "controllerKey", add("add", disk(file, on=1999, unit=1)),
             kind=vim.fault.InvalidController)
    wait(site.change(vm, add("add", disk(file, unit=15))))
    same(2015, disks(vm)[1].key, "key of the disk at the last unit")
    return "taken and impossible places"


@check("add-vmdk")
def limits_of_controllers(site: Site) -> str:
    """A paravirtual controller of a new machine has 64 units, the others have 16."""
    vm = site.make("limits", version="vmx-19")
    wait(site.change(vm, device_change("add", controller(-7, bus=1, kind=Paravirtual))))
    file = _existing(site, "[vmfs-02] limits/one.vmdk", GIB)
    _refused(site, vm, "unitNumber", device_change("add", disk(file, on=1001, unit=64)))
    _refused(site, vm, "unitNumber", device_change("add", disk(file, on=1001, unit=7)))
    wait(site.change(vm, device_change("add", disk(file, on=1001, unit=63))))
    same((1001, 63), (disks(vm)[0].controllerKey, disks(vm)[0].unitNumber), "place")
    return "16 and 64 units"


@check("add-vmdk")
def locked(site: Site) -> str:
    """A file that a running machine holds: taken by one that is off, refused to one that runs."""
    holder, other = site.make("holder", GIB), site.make("other")
    file = files_of(holder)[0]
    site.on(holder)
    wait(site.change(other, device_change("add", disk(file, unit=0))))
    failed(other.PowerOnVM_Task(), vim.fault.FileLocked, file=file)
    wait(site.change(other, device_change("remove", disks(other)[0])))
    site.on(other)
    failed(site.change(other, device_change("add", disk(file, unit=0))), vim.fault.FileLocked, file=file)
    same([], files_of(other), "disks after the refused hot-add")
    site.off(holder)
    wait(site.change(other, device_change("add", disk(file, unit=0))))
    failed(holder.PowerOnVM_Task(), vim.fault.FileLocked, file=file)
    site.off(other)
    return "FileLocked at power-on and at hot-add"


# ---- keys


@check("keys")
def of_disks(site: Site) -> str:
    vm = site.make("keyed", GIB, GIB, GIB)
    same([1000], [each.key for each in controllers(vm)], "controller")
    same([2000, 2001, 2002], [each.key for each in disks(vm)], "disks")
    same([1000] * 3, [each.controllerKey for each in disks(vm)], "controllers of the disks")
    changes = [device_change("add", controller(-33, bus=2, kind=Paravirtual)),
               device_change("add", disk("[vmfs-01]", on=-33, unit=4, size=GIB), "create"),
               device_change("add", disk("[vmfs-01]", on=-33, unit=8, size=GIB, key=-51), "create")]
    wait(site.change(vm, *changes))
    same([1000, 1002], [each.key for each in controllers(vm)], "controllers")
    same([(2000 + 16 * 2 + 4, 1002, 4), (2000 + 16 * 2 + 8, 1002, 8)],
         [(each.key, each.controllerKey, each.unitNumber) for each in disks(vm)[3:]], "disks")
    same([2036, 2040], list(controllers(vm)[1].device), "devices of the controller")
    same([each.deviceInfo.label for each in disks(vm)], [f"Hard disk {i}" for i in range(1, 6)], "labels")
    return "2000 + 16 x bus + unit"


@check("keys", vcsim=True)
def placeholders(site: Site) -> str:
    """A negative key in a specification stands for the device that the same specification adds."""
    vm = site.make("placeholder", GIB)
    bus = 1
    wait(site.change(vm, device_change("add", controller(-5, bus=bus, kind=Paravirtual)),
                     device_change("add", disk(f"[{site.store().name}]", on=-5, unit=0, size=GIB), "create")))
    added = controllers(vm)[-1]
    same((True, "ParaVirtualSCSIController"), (added.key > 0, type(added).__name__.rsplit(".", 1)[-1]), "controller")
    same(added.key, disks(vm)[-1].controllerKey, "the disk's controller")
    true(all(each.key > 0 for each in vm.config.hardware.device), "a key is negative")
    same(len(_keys(vm)), len(vm.config.hardware.device), "keys that are different")
    return "they became keys"


@check("keys")
def placeholder_of_a_later_change(site: Site) -> str:
    vm = site.make("backwards")
    wait(site.change(vm, device_change("add", disk("[vmfs-01]", on=-9, unit=3, size=GIB), "create"),
                     device_change("add", controller(-9, bus=3))))
    same([(2051, 1003)], [(each.key, each.controllerKey) for each in disks(vm)], "the disk")
    return "the controller may come after its disk"


# ---- removing


@check("remove-device", vcsim=True)
def a_disk_goes(site: Site) -> str:
    vm = site.make("remover", GIB, GIB)
    gone = disks(vm)[1]
    wait(site.change(vm, device_change("remove", gone)))
    same([disks(vm)[0].key], [each.key for each in disks(vm)], "disks")
    true(gone.key not in _keys(vm), "the device is there")
    return "removed"


@check("remove-device")
def the_file_stays(site: Site) -> str:
    vm = site.make("keeper", GIB, GIB)
    kept, destroyed = files_of(vm)
    wait(site.change(vm, device_change("remove", disks(vm)[0])))
    true(site.exists(kept), "the file is gone")
    uuid = site.uuid_of(kept)
    wait(site.change(vm, device_change("add", disk(kept, unit=0))))
    same(uuid.replace(" ", "").replace("-", ""), disks(vm)[-1].backing.uuid.replace("-", ""), "UUID afterwards")
    wait(site.change(vm, device_change("remove", next(each for each in disks(vm)
                                                      if each.backing.fileName == destroyed), "destroy")))
    same((True, False), (site.exists(kept), site.exists(destroyed)), "which files are there")
    return "without fileOperation the file stays, with destroy it goes"


@check("remove-device")
def unknown_key(site: Site) -> str:
    vm = site.make("unknown", GIB)
    _refused(site, vm, "key", device_change("remove", disk(on=1000, unit=3, key=2003)))
    _refused(site, vm, "key", device_change("edit", disk(on=1000, unit=3, key=2003)))
    return "InvalidDeviceSpec"


@check("remove-device")
def controller_in_use(site: Site) -> str:
    vm = site.make("emptied", GIB)
    before, version = _keys(vm), vm.config.changeVersion
    fault = failed(site.change(vm, device_change("remove", controllers(vm)[0])), vim.fault.InvalidDeviceOperation)
    same(0, fault.deviceIndex, "deviceIndex")
    same((before, version), (_keys(vm), vm.config.changeVersion), "devices, changeVersion")
    wait(site.change(vm, device_change("remove", controllers(vm)[0]), device_change("remove", disks(vm)[0])))
    same(([], []), (controllers(vm), disks(vm)), "controllers and disks when both are removed")
    return "refused while it has disks"


@check("remove-device")
def told_in_an_event(site: Site) -> str:
    """VmReconfiguredEvent says what changed, as people read it in the client."""
    vm = site.make("told", GIB)
    file = files_of(vm)[0]
    wait(site.change(vm, device_change("remove", disks(vm)[0]), annotation="new words"))
    event = site.events(vm, "VmReconfiguredEvent")[-1]
    same("new words", event.configSpec.annotation, "configSpec")
    changes = event.configChanges
    true('config.annotation: "" -> "new words"' in changes.modified, f"modified: {changes.modified}")
    true("config.hardware.device(2000)" in changes.deleted and file in changes.deleted, f"deleted: {changes.deleted}")
    wait(site.change(vm, device_change("add", disk(file, unit=4)), numCPUs=2,
                     extraConfig=[vim.option.OptionValue(key="failback.plan", value="p1")]))
    changes = site.events(vm, "VmReconfiguredEvent")[-1].configChanges
    true("config.hardware.device(2004)" in changes.added and file in changes.added, f"added: {changes.added}")
    true('config.extraConfig("failback.plan")' in changes.added, f"added: {changes.added}")
    true("config.hardware.numCPU: 1 -> 2" in changes.modified, f"modified: {changes.modified}")
    true(vm.name in event.fullFormattedMessage, "the message names the machine")
    return "modified, added, deleted"


# ---- changeVersion


@check("change-version")
def stale(site: Site) -> str:
    vm = site.make("versioned")
    old = vm.config.changeVersion
    wait(site.change(vm, annotation="one", changeVersion=old))
    true(vm.config.changeVersion != old, "the version is the same")
    current = vm.config.changeVersion
    failed(site.change(vm, annotation="two", changeVersion=old), vim.fault.ConcurrentAccess)
    same(("one", current), (vm.config.annotation, vm.config.changeVersion), "annotation, version")
    wait(site.change(vm, annotation="three", changeVersion=current))
    site.ctl("set", "versioned", "some.key=1")
    failed(site.change(vm, annotation="four", changeVersion=current), vim.fault.ConcurrentAccess)
    same("three", vm.config.annotation, "annotation")
    return "ConcurrentAccess, nothing changed"


@check("change-version", vcsim=True)
def current(site: Site) -> str:
    vm = site.make("versioned-2")
    wait(site.change(vm, annotation="one", changeVersion=vm.config.changeVersion))
    same("one", vm.config.annotation, "annotation")
    mark = [vim.option.OptionValue(key="failback.plan", value="p1")]
    wait(site.change(vm, extraConfig=mark))
    same("p1", option(vm, "failback.plan"), "mark")
    return "with the current version it is changed"


@check("change-version")
def the_loser_of_two(site: Site) -> str:
    """Two tools with the same version: one of them wins, and the other one is told."""
    vm = site.make("raced")
    version = vm.config.changeVersion
    marks = [[vim.option.OptionValue(key="failback.mt", value=value)] for value in ("a", "b")]
    wait(site.change(vm, extraConfig=marks[0], changeVersion=version))
    failed(site.change(vm, extraConfig=marks[1], changeVersion=version), vim.fault.ConcurrentAccess)
    same("a", option(vm, "failback.mt"), "mark")
    return "the second one is refused"
