# SPDX-License-Identifier: GPL-2.0-or-later
"""What a disk's file holds: contentId, UUIDs; registering from the .vmx."""

from __future__ import annotations

from typing import Any

from pyVmomi import vim

from fidelity import (GIB, Site, check, controllers, device_change, disk, disks, failed, files_of, option, raised, same,
                      true, until, wait)


def _content(vm: Any, index: int = 0) -> str:
    return disks(vm)[index].backing.contentId


# ---- contentId


@check("content-id")
def only_writing_changes_it(site: Site) -> str:
    vm = site.make("written", GIB, GIB)
    first, second = _content(vm), _content(vm, 1)
    true(len(first) == 32 and int(first, 16) >= 0 and first != second, f"contentIds {first}, {second}")
    # What is no write: changes, renames, moves, snapshots and their merge, twins.
    wait(site.change(vm, annotation="x"))
    wait(vm.Rename_Task("written-2"))
    wait(vm.RelocateVM_Task(vim.vm.RelocateSpec(datastore=site.datastore("vmfs-02"))))
    same([first, second], [_content(vm), _content(vm, 1)], "after changes, a rename and a move")
    site.on(vm)
    started = [_content(vm), _content(vm, 1)]
    true(started[0] != first and started[1] != second, "a guest that started has written")
    site.ctl("write", "written-2", "2000", "--bytes", "4096")
    vm.Reload()
    true(_content(vm) != started[0], "contentId after a write")
    same(started[1], _content(vm, 1), "contentId of the other disk")
    written = _content(vm)
    site.off(vm)
    same(written, _content(vm), "contentId after the power-off")
    return "writing, and nothing else"


@check("content-id")
def all_that_refer_to_it_see_it(site: Site) -> str:
    """The master target writes to a home machine's disk: the home machine shows it after Reload."""
    home, target = site.make("home-17", GIB), site.vm("mt-linux-01")
    before = _content(home)
    wait(site.change(target, device_change("add", disk(files_of(home)[0], unit=12, mode="independent_persistent"))))
    attached = disks(target)[-1]
    same(before, attached.backing.contentId, "contentId on the target")
    home.Reload()
    same(before, _content(home), "contentId before anything was written")
    site.ctl("write", "mt-linux-01", str(attached.key), "--bytes", "1048576")
    home.Reload()
    after = _content(home)
    true(after != before, "the home machine shows the write")
    same(after, next(each.backing.contentId for each in disks(target) if each.key == attached.key), "on the target")
    wait(site.change(target, device_change("remove", attached)))
    home.Reload()
    same(after, _content(home), "contentId after the detaching")
    return "both machines"


def _write(site: Site, vm: Any, disk_: Any) -> None:
    site.on(vm)
    site.ctl("write", vm.name, str(disk_.key), "--bytes", "4096")
    site.off(vm)
    vm.Reload()


@check("content-id")
def snapshots_and_merges(site: Site) -> str:
    """CID and parentCID: what is written below a snapshot is the delta's, until a merge makes it the base's."""
    vm = site.make("frozen", GIB)
    base = _content(vm)
    snapshot = site.snapshot(vm, "s1")
    backing = disks(vm)[0].backing
    same((base, base), (backing.contentId, backing.parent.contentId), "a new delta and its parent")
    wait(vm.RemoveAllSnapshots_Task())
    same(base, _content(vm), "after the merge of a delta that nobody wrote to")
    snapshot = site.snapshot(vm, "s2")
    _write(site, vm, disks(vm)[0])
    backing = disks(vm)[0].backing
    true(backing.contentId != base, "contentId of the delta after a write")
    same(base, backing.parent.contentId, "contentId of the base after a write to the delta")
    same(base, disks(snapshot)[0].backing.contentId, "contentId that the snapshot shows")
    written = backing.contentId
    upper = site.snapshot(vm, "s3")
    same([written, written, base], _chain(disks(vm)[0].backing), "a delta upon the delta")
    wait(upper.RemoveSnapshot_Task(False))
    same([written, base], _chain(disks(vm)[0].backing), "the upper one, unwritten, merged into the lower")
    wait(vm.RemoveAllSnapshots_Task())
    same([written], _chain(disks(vm)[0].backing), "after the merge of the written delta")
    snapshot = site.snapshot(vm, "s4")
    _write(site, vm, disks(vm)[0])
    wait(snapshot.RevertToSnapshot_Task())
    same([written, written], _chain(disks(vm)[0].backing), "after going back to the snapshot")
    return "a delta's until it is merged"


def _chain(backing: Any) -> list[str]:
    return [backing.contentId] + (_chain(backing.parent) if backing.parent else [])


@check("content-id")
def twins(site: Site) -> str:
    """A copy holds what its source holds, until one of the two is written to."""
    manager, vm = site.content.virtualDiskManager, site.make("twin", GIB)
    before = _content(vm)
    wait(manager.CopyVirtualDisk_Task(files_of(vm)[0], site.datacenter, "[vmfs-02] twin-copy.vmdk"))
    other = site.make("other-twin")
    wait(site.change(other, device_change("add", disk("[vmfs-02] twin-copy.vmdk", unit=0))))
    clone = wait(vm.CloneVM_Task(site.datacenter.vmFolder, "twin-clone", vim.vm.CloneSpec(
        location=vim.vm.RelocateSpec(), powerOn=False, template=False)))
    same([before] * 3, [_content(each) for each in (vm, other, clone)], "copy and clone")
    _write(site, other, disks(other)[0])
    true(_content(other) != before, "contentId of the copy after a write to it")
    vm.Reload()
    clone.Reload()
    same([before] * 2, [_content(each) for each in (vm, clone)], "source and clone after a write to the copy")
    _write(site, vm, disks(vm)[0])
    true(len({_content(each) for each in (vm, other, clone)}) == 3, "all three after another write")
    return "equal until written"


# ---- UUIDs of disks


def _plain(uuid: str) -> str:
    return uuid.replace(" ", "").replace("-", "").lower()


@check("uuids")
def set_sticks(site: Site) -> str:
    manager, vm = site.content.virtualDiskManager, site.make("uuid", GIB)
    file, wanted = files_of(vm)[0], "60 00 C2 9a 11 22 33 44-55 66 77 88 99 aa bb cc"
    manager.SetVirtualDiskUuid(file, site.datacenter, wanted)
    same(_plain(wanted), _plain(site.uuid_of(file)), "UUID by VirtualDiskManager")
    vm.Reload()
    same("6000C29a-1122-3344-5566-778899aabbcc", disks(vm)[0].backing.uuid, "UUID of the device")
    site.on(vm)
    site.off(vm)
    same(_plain(wanted), _plain(site.uuid_of(file)), "UUID after the machine ran")
    return "SetVirtualDiskUuid sticks"


@check("uuids")
def chosen_at_creation(site: Site) -> str:
    vm, wanted = site.make("chosen"), "6000C29b-0000-1111-2222-333344445555"
    wait(site.change(vm, device_change("add", disk("[vmfs-01]", unit=0, size=GIB, uuid=wanted), "create")))
    same(wanted, disks(vm)[0].backing.uuid, "UUID")
    same(_plain(wanted), _plain(site.uuid_of(files_of(vm)[0])), "UUID of the file")
    return "a created disk has the UUID of its specification"


@check("uuids")
def moving_keeps_copying_doubles(site: Site) -> str:
    manager, vm = site.content.virtualDiskManager, site.make("source", GIB)
    wait(site.change(vm, device_change("remove", disks(vm)[0])))
    file = "[vmfs-01] source/source.vmdk"
    uuid = site.uuid_of(file)
    wait(manager.MoveVirtualDisk_Task(file, site.datacenter, "[vmfs-02] moved.vmdk", site.datacenter))
    same((False, uuid), (site.exists(file), site.uuid_of("[vmfs-02] moved.vmdk")), "after the move")
    wait(manager.CopyVirtualDisk_Task("[vmfs-02] moved.vmdk", site.datacenter, "[vmfs-02] copy.vmdk"))
    same([uuid, uuid], [site.uuid_of(f"[vmfs-02] {name}.vmdk") for name in ("moved", "copy")], "twins")
    clone_source = site.make("origin", GIB)
    clone = wait(clone_source.CloneVM_Task(site.datacenter.vmFolder, "clone", vim.vm.CloneSpec(
        location=vim.vm.RelocateSpec(), powerOn=False, template=False)))
    same(disks(clone_source)[0].backing.uuid, disks(clone)[0].backing.uuid, "UUID of the clone's disk")
    wait(clone.RelocateVM_Task(vim.vm.RelocateSpec(datastore=site.datastore("vmfs-02"))))
    same(disks(clone_source)[0].backing.uuid, disks(clone)[0].backing.uuid, "UUID after a Storage vMotion")
    raised(vim.fault.FileNotFound, lambda: site.uuid_of("[vmfs-02] none.vmdk"))
    return "moved ones keep it, copies and clones are twins"


# ---- registering


@check("register")
def all_comes_back(site: Site) -> str:
    vm = site.make("listed", 2 * GIB, 3 * GIB, guestId="debian12_64Guest", annotation="kept")
    wait(site.change(vm, numCPUs=2, extraConfig=[vim.option.OptionValue(key="failback.plan", value="p1"),
                                                 vim.option.OptionValue(key="disk.EnableUUID", value="TRUE")]))
    wait(site.change(vm, device_change("add", disk("[vmfs-02]", unit=9, size=GIB), "create")))

    def facts(machine: Any) -> Any:
        return ([(each.key, each.controllerKey, each.unitNumber, each.backing.fileName, each.backing.uuid,
                  each.capacityInBytes, each.backing.diskMode) for each in disks(machine)],
                [(each.key, type(each).__name__) for each in controllers(machine)],
                machine.config.uuid, machine.config.instanceUuid, machine.config.guestId, machine.config.annotation,
                machine.config.hardware.numCPU, machine.config.hardware.memoryMB, machine.config.flags.diskUuidEnabled,
                option(machine, "failback.plan"), machine.config.files.vmPathName)

    before = facts(vm)
    vm.UnregisterVM()
    true(site.exists("[vmfs-01] listed/listed.vmx"), "the .vmx is gone")
    back = wait(site.datacenter.vmFolder.RegisterVM_Task("[vmfs-01] listed/listed.vmx", None, False, site.pool()))
    same(before, facts(back), "what came back")
    same("listed", back.name, "name")
    true(back._moId != vm._moId, "the machine has its old id")
    same({site.datastore("vmfs-01"), site.datastore("vmfs-02")}, set(back.datastore), "datastores")
    same(1, len(site.events(back, "VmRegisteredEvent")), "VmRegisteredEvent")
    site.on(back)
    same("poweredOn", back.runtime.powerState, "power state: nothing is asked of a machine that stayed where it was")
    site.off(back)
    return "disks, controllers, UUIDs, settings, marks"


@check("register")
def refused(site: Site) -> str:
    vm, folder = site.make("registered", GIB), site.datacenter.vmFolder
    path = vm.config.files.vmPathName
    failed(folder.RegisterVM_Task("[vmfs-01] none/none.vmx", None, False, site.pool()), vim.fault.FileNotFound,
           file="[vmfs-01] none/none.vmx")
    fault = failed(folder.RegisterVM_Task(path, "another", False, site.pool()), vim.fault.AlreadyExists)
    same("registered", fault.name, "AlreadyExists.name")
    vm.UnregisterVM()
    other = site.make("taken")
    failed(folder.RegisterVM_Task(path, "taken", False, site.pool()), vim.fault.DuplicateName, name="taken",
           object=other)
    back = wait(folder.RegisterVM_Task(path, "new-name", False, site.pool()))
    same(("new-name", "new-name"), (back.name, back.config.name), "name")
    return "FileNotFound, AlreadyExists, DuplicateName"


@check("register")
def moved_or_copied(site: Site) -> str:
    """Copied files that are registered: the machine asks at its first power-on whether it was moved or copied."""
    vm = site.make("first", GIB)
    uuid = vm.config.uuid
    vm.UnregisterVM()
    wait(site.content.fileManager.CopyDatastoreFile_Task("[vmfs-01] first", site.datacenter, "[vmfs-02] second",
                                                         site.datacenter))
    first = wait(site.datacenter.vmFolder.RegisterVM_Task("[vmfs-01] first/first.vmx", None, False, site.pool()))
    second = wait(site.datacenter.vmFolder.RegisterVM_Task("[vmfs-02] second/first.vmx", "second", False, site.pool()))
    same([uuid, uuid], [first.config.uuid, second.config.uuid], "BIOS UUIDs")
    true(first.config.instanceUuid != second.config.instanceUuid, "two machines have one instance UUID")
    same(["[vmfs-02] second/first.vmdk"], files_of(second), "files of the copy")
    site.on(first)
    for answer, kept in (("button.uuid.movedTheVM", True), ("button.uuid.copiedTheVM", False)):
        if not kept:
            second.UnregisterVM()
            wait(site.content.fileManager.CopyDatastoreFile_Task("[vmfs-02] second", site.datacenter,
                                                                 "[vmfs-02] third", site.datacenter))
            second = wait(site.datacenter.vmFolder.RegisterVM_Task("[vmfs-02] third/first.vmx", "third", False,
                                                                   site.pool()))
        task = second.PowerOnVM_Task()
        question = until(lambda: second.runtime.question, "the question")
        same("msg.uuid.altered", question.message[0].id, "the question's message")
        same(["button.cancel", "button.uuid.movedTheVM", "button.uuid.copiedTheVM"],
             [each.label for each in question.choice.choiceInfo], "choices")
        second.AnswerVM(question.id, next(each.key for each in question.choice.choiceInfo if each.label == answer))
        wait(task)
        same(kept, second.config.uuid == uuid, f"BIOS UUID is kept after {answer}")
        site.off(second)
        site.on(second)
        same(None, second.runtime.question, "question at the next power-on")
        site.off(second)
    site.off(first)
    return "msg.uuid.altered"
