# SPDX-License-Identifier: GPL-2.0-or-later
"""Names, instance UUIDs, and the checkers that only judge."""

from __future__ import annotations

from typing import Any

from pyVmomi import vim

from fidelity import (GIB, Site, check, controller, device_change, disk, disks, failed, files_of, option,
                      raised, same, true, wait)

# ---- names


@check("names", vcsim=True)
def taken_in_a_folder(site: Site) -> str:
    parent = site.datacenter.vmFolder
    first = parent.CreateFolder("taken-folder")
    raised(vim.fault.DuplicateName, lambda: parent.CreateFolder("taken-folder"), name="taken-folder", object=first)
    return "folders"


@check("names")
def taken_by_a_machine(site: Site) -> str:
    vm, other = site.make("named"), site.make("other-name")
    folder = site.datacenter.vmFolder
    fault = {"name": "named", "object": vm}
    raised(vim.fault.DuplicateName, lambda: folder.CreateVM_Task(site.spec("named"), site.pool()), **fault)
    raised(vim.fault.DuplicateName, lambda: folder.CreateVM_Task(site.spec("NAMED"), site.pool()), name="NAMED",
           object=vm)
    failed(other.Rename_Task("named"), vim.fault.DuplicateName, **fault)
    raised(vim.fault.DuplicateName, lambda: site.change(other, name="named"), **fault)
    same("other-name", other.name, "name")
    same(1, sum(each.name.lower() == "named" for each in site.view(vim.VirtualMachine)), "machines of that name")
    inner = folder.CreateFolder("name-space")
    second = wait(inner.CreateVM_Task(site.spec("named"), site.pool()))
    same(("named", inner), (second.name, second.parent), "the same name in another folder")
    raised(vim.fault.DuplicateName, lambda: folder.MoveIntoFolder_Task([second]), **fault)
    clone = vim.vm.CloneSpec(location=vim.vm.RelocateSpec(), powerOn=False, template=False)
    raised(vim.fault.DuplicateName, lambda: vm.CloneVM_Task(folder, "other-name", clone), name="other-name",
           object=other)
    return "create, rename, reconfigure, move, clone"


@check("names")
def two_creations_at_once(site: Site) -> str:
    """Both are queued before either is done: one of them makes the machine."""
    folder = site.datacenter.vmFolder
    tasks, refused = [], []
    for _ in range(3):
        try:
            tasks.append(folder.CreateVM_Task(site.spec("only-one"), site.pool()))
        except vim.fault.DuplicateName as fault:
            refused.append(fault)
    made = []
    for task in tasks:
        try:
            made.append(wait(task))
        except vim.fault.DuplicateName as fault:
            refused.append(fault)
    same((1, 2), (len(made), len(refused)), "machines made, creations refused")
    same({("only-one", made[0])}, {(each.name, each.object) for each in refused}, "name and object in the faults")
    same(1, sum(each.name == "only-one" for each in site.view(vim.VirtualMachine)), "machines of that name")
    return "one machine"


# ---- instance UUIDs


@check("instance-uuids")
def in_use_at_creation(site: Site) -> str:
    vm = site.make("instance")
    second = site.make("instance-2", instanceUuid=vm.config.instanceUuid, uuid=vm.config.uuid)
    true(second.config.instanceUuid != vm.config.instanceUuid, "two machines have one instance UUID")
    same(vm.config.uuid, second.config.uuid, "BIOS UUID, which may be twice")
    index = site.content.searchIndex
    same(vm, index.FindByUuid(None, vm.config.instanceUuid, True, True), "the machine of the UUID")
    same({vm, second}, set(index.FindAllByUuid(None, vm.config.uuid, True, False)), "machines of the BIOS UUID")
    wait(site.change(second, instanceUuid=vm.config.instanceUuid))
    true(second.config.instanceUuid != vm.config.instanceUuid, "two machines have one instance UUID after a change")
    assigned = site.events(second, "VmInstanceUuidAssignedEvent", "VmInstanceUuidChangedEvent",
                           "VmInstanceUuidConflictEvent")
    true(assigned, "no event tells of the instance UUID")
    return "it gets another one"


@check("instance-uuids", vcsim=True)
def free_ones_are_kept(site: Site) -> str:
    wanted = "5028a8d2-0000-1111-2222-333344445555"
    vm = site.make("chosen-instance", instanceUuid=wanted)
    same(wanted, vm.config.instanceUuid, "instance UUID")
    same(vm, site.content.searchIndex.FindByUuid(None, wanted, True, True), "the machine of the UUID")
    return "a free one is taken as it is"


@check("instance-uuids")
def in_use_at_registration(site: Site) -> str:
    vm = site.make("registering")
    instance, bios = vm.config.instanceUuid, vm.config.uuid
    vm.UnregisterVM()
    usurper = site.make("usurper", instanceUuid=instance)
    same(instance, usurper.config.instanceUuid, "instance UUID that nobody has")
    back = wait(site.datacenter.vmFolder.RegisterVM_Task("[vmfs-01] registering/registering.vmx", None, False,
                                                         site.pool()))
    true(back.config.instanceUuid != instance, "two machines have one instance UUID")
    same(bios, back.config.uuid, "BIOS UUID")
    conflict = site.events(back, "VmInstanceUuidChangedEvent", "VmInstanceUuidConflictEvent")
    true(conflict, "no event tells of the change")
    return "the one that comes later gets another"


@check("instance-uuids")
def clones_copy_marks(site: Site) -> str:
    marks = {"failback.plan": "p1", "failback.instance": "x"}
    vm = site.make("marked", GIB, extraConfig=[vim.option.OptionValue(key=key, value=value)
                                               for key, value in marks.items()])
    clone = wait(vm.CloneVM_Task(site.datacenter.vmFolder, "marked-clone", vim.vm.CloneSpec(
        location=vim.vm.RelocateSpec(), powerOn=False, template=False)))
    same(marks, {key: option(clone, key) for key in marks}, "marks of the clone")
    true(clone.config.instanceUuid != vm.config.instanceUuid and clone.config.uuid != vm.config.uuid,
         "the clone has a UUID of its source")
    same(["[vmfs-01] marked-clone/marked-clone.vmdk"], files_of(clone), "files")
    return "new UUIDs, the same extraConfig"


# ---- checkers


def _everything(vm: Any) -> Any:
    return (vm.config.changeVersion, [each.key for each in vm.config.hardware.device], vm.config.name,
            vm.runtime.powerState, vm.runtime.host, files_of(vm), vm.config.annotation)


def _judged(result: Any) -> tuple[list[str], list[str]]:
    """Types of the errors and warnings of a check's results."""
    def names(faults: Any) -> list[str]:
        return [type(each).__name__.rsplit(".", 1)[-1] for each in faults]

    return ([name for each in result for name in names(each.error)],
            [name for each in result for name in names(each.warning)])


@check("checkers")
def of_specifications(site: Site) -> str:
    checker = site.content.vmProvisioningChecker
    true(checker is not None, "there is no VirtualMachineProvisioningChecker")
    compatibility = site.content.vmCompatibilityChecker
    vm = site.make("judged", GIB)
    home = site.make("judged-home", GIB)
    before, held = _everything(vm), site.listed("[vmfs-01] judged")
    tasks = len(site.events(vm, "VmReconfiguredEvent"))

    def judge(*changes: Any, **members: Any) -> list[str]:
        spec = vim.vm.ConfigSpec(deviceChange=list(changes), **members)
        return _judged(wait(compatibility.CheckVmConfig_Task(spec, vm, None, None, None)))[0]

    same([], judge(device_change("add", disk(files_of(home)[0], unit=1)), annotation="x"), "errors of a good one")
    same(["InvalidDeviceSpec"], judge(device_change("add", disk(files_of(home)[0], unit=0))), "of a taken unit")
    same(["InvalidDeviceSpec"], judge(device_change("add", controller(-7, bus=0))), "of a taken bus")
    same(["FileNotFound"], judge(device_change("add", disk("[vmfs-01] none.vmdk", unit=1))), "of a missing file")
    same(["ConcurrentAccess"], judge(changeVersion="old"), "of a stale version")
    same([], judge(device_change("add", disk("[vmfs-01]", unit=1, size=GIB), "create")), "of a disk to be made")
    same(before, _everything(vm), "the machine")
    same(held, site.listed("[vmfs-01] judged"), "files")
    same(tasks, len(site.events(vm, "VmReconfiguredEvent")), "events")
    return "CheckVmConfig_Task"


@check("checkers")
def of_new_machines(site: Site) -> str:
    """Without a machine it judges what CreateVM_Task would be given."""
    compatibility = site.content.vmCompatibilityChecker
    host = site.view(vim.HostSystem)[0]
    machines = len(site.view(vim.VirtualMachine))
    result = wait(compatibility.CheckVmConfig_Task(site.spec("judged-new", GIB), None, host, site.pool(), None))
    same(([], []), _judged(result), "errors and warnings")
    bad = site.spec("judged-new")
    bad.deviceChange.append(device_change("add", disk("[vmfs-01] none.vmdk", on=-100, unit=1)))
    result = wait(compatibility.CheckVmConfig_Task(bad, None, host, site.pool(), None))
    same(["FileNotFound"], _judged(result)[0], "errors")
    same(machines, len(site.view(vim.VirtualMachine)), "machines")
    same(False, site.exists("[vmfs-01] judged-new/judged-new.vmx"), "a file was made")
    return "specifications of new machines"


@check("checkers")
def of_power_on(site: Site) -> str:
    compatibility = site.content.vmCompatibilityChecker
    vm, target = site.make("judged-on", GIB, GIB), site.vm("mt-linux-01")

    def judge(machine: Any) -> list[str]:
        return _judged(wait(compatibility.CheckPowerOn_Task(machine, None, None, None)))[0]

    same([], judge(vm), "errors of a good one")
    file = files_of(vm)[0]
    wait(site.change(target, device_change("add", disk(file, unit=13, mode="independent_persistent"))))
    same(["FileLocked"], judge(vm), "errors while another one has its disk")
    site.ctl("delete-file", "DC1", files_of(vm)[1])
    same(["FileLocked", "FileNotFound"], judge(vm), "errors, all of them")
    wait(site.change(target, device_change("remove", disks(target)[-1])))
    same(["FileNotFound"], judge(vm), "errors")
    same("poweredOff", vm.runtime.powerState, "power state")
    same([], site.events(vm, "VmStartingEvent", "VmFailedToPowerOnEvent"), "events")
    same(["InvalidPowerState"], judge(target), "errors of one that runs")
    return "CheckPowerOn_Task"


@check("checkers")
def of_moves(site: Site) -> str:
    checker, vm = site.content.vmProvisioningChecker, site.make("judged-move", GIB)
    before = _everything(vm)
    for store, wanted in (("vmfs-02", []), ("nfs-01", [])):
        spec = vim.vm.RelocateSpec(datastore=site.datastore(store))
        same(wanted, _judged(wait(checker.CheckRelocate_Task(vm, spec)))[0], f"errors of a move to {store}")
    spec = vim.vm.RelocateSpec(datastore=site.datastore("local-esx-03"))
    errors = _judged(wait(checker.CheckRelocate_Task(vm, spec)))[0]
    on_third = vm.runtime.host.name == "esx-03.site.example"
    same(on_third, errors == [], f"a datastore that {vm.runtime.host.name} may not have: {errors}")
    same(before, _everything(vm), "the machine")
    return "CheckRelocate_Task"

