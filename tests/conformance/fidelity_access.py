# SPDX-License-Identifier: GPL-2.0-or-later
"""What an account may see and do; what the free edition refuses."""

from __future__ import annotations

import os
from typing import Any

from pyVmomi import vim, vmodl

from fidelity import GIB, Site, check, device_change, disk, files_of, raised, same, true, wait
from pyvmomi_client import Collector, connect


class Account(Site):
    """The same server, seen by another user."""

    def __init__(self, user: str):
        self.name, self.real = "permissions", True
        self.service = connect(user, os.environ["GOVC_PASSWORD"])
        self.content = self.service.RetrieveContent()
        self.stub = self.service._stub
        seen = self.view(vim.Datacenter)
        self.datacenter = seen[0] if seen else None

    def names(self, kind: type) -> set[str]:
        """Names by way of a container view; what may not be read has none."""
        view = self.content.viewManager.CreateContainerView(self.content.rootFolder, [kind], True)
        found = self.retrieve(view, kind, "name")
        view.DestroyView()
        return {value for each in found for value in [next((p.val for p in each.propSet), "?")]}

    def retrieve(self, view: Any, kind: type, *paths: str) -> list[Any]:
        walk = Collector.TraversalSpec(name="view", type=vim.view.ContainerView, path="view", skip=False)
        start = Collector.ObjectSpec(obj=view, skip=True, selectSet=[walk])
        spec = Collector.FilterSpec(objectSet=[start], propSet=[Collector.PropertySpec(type=kind, pathSet=list(paths))])
        return self.content.propertyCollector.RetrieveContents([spec])

    def read(self, obj: Any, *paths: str) -> Any:
        """An object's properties, as one ObjectContent."""
        spec = Collector.FilterSpec(objectSet=[Collector.ObjectSpec(obj=obj)],
                                    propSet=[Collector.PropertySpec(type=type(obj), pathSet=list(paths))])
        return self.content.propertyCollector.RetrieveContents([spec])[0]

    def mine(self, obj: Any) -> Any:
        """The same object, asked as this user."""
        return type(obj)(obj._moId, self.stub)


@check("permissions", "permissions")
def no_permission_names_object_and_privilege(site: Site) -> str:
    reader, vm = Account("readonly"), site.vm("web-01")
    mine = reader.mine(vm)
    cases = {
        "VirtualMachine.Interact.PowerOff": mine.PowerOffVM_Task,
        "VirtualMachine.State.CreateSnapshot": lambda: mine.CreateSnapshot_Task("x", None, False, False),
        "VirtualMachine.Config.Annotation": lambda: mine.ReconfigVM_Task(vim.vm.ConfigSpec(annotation="x")),
        "VirtualMachine.Config.AddExistingDisk": lambda: mine.ReconfigVM_Task(vim.vm.ConfigSpec(
            deviceChange=[device_change("add", disk("[vmfs-01] x.vmdk", unit=3))])),
        "VirtualMachine.Inventory.Delete": mine.Destroy_Task,
    }
    for privilege, call in cases.items():
        raised(vim.fault.NoPermission, call, object=vm, privilegeId=privilege)
    same("poweredOn", vm.runtime.powerState, "power state")
    return f"{len(cases)} privileges"


@check("permissions", "permissions")
def reading_is_enough_to_see(site: Site) -> str:
    """ReadOnly sees everything, datastores included, though it may allocate no space there."""
    reader = Account("readonly")
    for kind in (vim.Datacenter, vim.VirtualMachine, vim.Datastore, vim.HostSystem, vim.Folder, vim.ResourcePool,
                 vim.Network):
        same({each.name for each in site.view(kind)}, reader.names(kind), f"{kind.__name__}s")
    store = reader.find(vim.Datastore, "vmfs-01")
    true(store.summary.capacity > 0 and store.info.url, "a datastore's properties")
    rights = reader.content.authorizationManager.HasPrivilegeOnEntities(
        [store], reader.content.sessionManager.currentSession.key, ["System.Read", "Datastore.AllocateSpace"])
    same({"System.Read": True, "Datastore.AllocateSpace": False},
         {each.privId: each.isGranted for each in rights[0].privAvailability}, "rights on the datastore")
    found = reader.read(reader.find(vim.VirtualMachine, "web-01"), "config.files", "layoutEx", "runtime", "guest")
    same((4, 0), (len(found.propSet), len(found.missingSet)), "properties, missing ones")
    return "what an account with Read sees"


@check("permissions", "permissions")
def what_may_not_be_seen_is_not_there(site: Site) -> str:
    outsider = Account("outsider@vsphere.local")
    hidden = site.vm("payroll")
    names = outsider.names(vim.VirtualMachine)
    true("payroll" not in names and "web-01" in names, f"machines: {sorted(names)}")
    true("Secret" not in outsider.names(vim.Folder), "the folder is in a view")
    production = outsider.datacenter.vmFolder
    true("Secret" not in {each.name for each in production.childEntity}, "the folder is in childEntity")
    store = outsider.find(vim.Datastore, "vmfs-01")
    true(hidden._moId not in {each._moId for each in store.vm}, "the machine is in datastore.vm")
    raised(vmodl.fault.ManagedObjectNotFound, lambda: outsider.mine(hidden).name)
    raised(vmodl.fault.ManagedObjectNotFound, outsider.mine(hidden).PowerOffVM_Task)
    index = outsider.content.searchIndex
    same(None, index.FindByUuid(None, hidden.config.instanceUuid, True, True), "by UUID")
    same(None, index.FindByInventoryPath("DC1/vm/Secret/payroll"), "by path")
    same(hidden, site.content.searchIndex.FindByInventoryPath("DC1/vm/Secret/payroll"), "by path, for Admin")
    return "lists, views, searches, references"


@check("permissions", "permissions")
def view_without_read(site: Site) -> str:
    """The role View: the object is there, its properties are in missingSet."""
    viewer, vm = Account("viewer@vsphere.local"), site.vm("web-01")
    view = viewer.content.viewManager.CreateContainerView(viewer.content.rootFolder, [vim.VirtualMachine], True)
    same([vm._moId], [each._moId for each in view.view], "machines in the view")
    found = viewer.retrieve(view, vim.VirtualMachine, "config.uuid", "runtime.powerState", "summary")
    same([vm._moId], [each.obj._moId for each in found], "objects")
    same([], list(found[0].propSet), "properties")
    missing = {each.path: each.fault for each in found[0].missingSet}
    same({"config.uuid", "runtime.powerState", "summary"}, set(missing), "missing properties")
    for path, fault in missing.items():
        same(("NoPermission", vm._moId, "System.Read"),
             (type(fault).__name__.rsplit(".", 1)[-1], fault.object._moId, fault.privilegeId), f"fault of {path}")
    raised(vim.fault.NoPermission, lambda: viewer.mine(vm).config, privilegeId="System.Read")
    return "NoPermission in missingSet"


@check("permissions", "permissions")
def propagation(site: Site) -> str:
    manager, folder = site.content.authorizationManager, site.find(vim.Folder, "Production")
    vm, user = site.vm("db-01"), "viewer@vsphere.local"
    roles = {each.name: each.roleId for each in manager.roleList}
    viewer = Account(user)

    def may_read() -> bool:
        return not viewer.read(viewer.mine(folder), "name").missingSet

    def grant(entity: Any, role: str, propagate: bool) -> None:
        manager.SetEntityPermissions(entity, [vim.AuthorizationManager.Permission(
            principal=user, group=False, roleId=roles[role], propagate=propagate)])

    grant(folder, "ReadOnly", False)
    same(True, may_read(), "the folder can be read")
    true("db-01" not in viewer.names(vim.VirtualMachine), "a machine below, without propagation")
    grant(folder, "ReadOnly", True)
    same({"db-01", "web-01"}, viewer.names(vim.VirtualMachine), "machines below")
    missing = viewer.read(viewer.mine(site.vm("web-01")), "config.uuid").missingSet
    same(["config.uuid"], [each.path for each in missing], "web-01's own permission, View, comes before the folder's")
    same([], list(viewer.read(viewer.mine(vm), "config.uuid").missingSet), "db-01 can be read")
    grant(vm, "NoAccess", True)
    true("db-01" not in viewer.names(vim.VirtualMachine), "nearer permissions come first")
    manager.RemoveEntityPermission(vm, user, False)
    true("db-01" in viewer.names(vim.VirtualMachine), "after the nearer one was removed")
    manager.RemoveEntityPermission(folder, user, False)
    same({"web-01"}, viewer.names(vim.VirtualMachine), "after both were removed")
    raised(vim.fault.NotFound, lambda: manager.RemoveEntityPermission(folder, user, False))
    return "with and without, near and far"


@check("permissions", "permissions")
def the_vendors_role(site: Site) -> str:
    """The role of the vendor's documentation on one datacenter is enough to attach a disk there, not elsewhere."""
    account = Account("asr@vsphere.local")
    same({"DC1"}, account.names(vim.Datacenter), "datacenters")
    same({"mt-linux-01", "web-01", "db-01", "payroll"}, account.names(vim.VirtualMachine), "machines")
    home, target = account.vm("db-01"), account.vm("mt-linux-01")
    wait(account.change(target, device_change("add", disk(files_of(home)[0], unit=4))))
    same(2, len(files_of(target)), "disks of the target")
    raised(vmodl.fault.ManagedObjectNotFound, account.mine(site.vm("lab-01")).PowerOffVM_Task)
    same([], list(account.content.sessionManager.sessionList or [])
         if account.read(account.content.sessionManager, "sessionList").propSet else [], "sessions")
    missing = account.read(account.content.sessionManager, "sessionList").missingSet
    same(["sessionList"], [each.path for each in missing], "properties that need a right at the root")
    return "asr@vsphere.local"


@check("permissions", "vcsim")
def all_roles_are_there(site: Site) -> str:
    return _system_roles(site)


@check("permissions", "permissions")
def system_roles(site: Site) -> str:
    return _system_roles(site)


def _system_roles(site: Site) -> str:
    roles = {each.name: each for each in site.content.authorizationManager.roleList}
    same({"Admin": -1, "ReadOnly": -2, "View": -3, "Anonymous": -4, "NoAccess": -5},
         {name: roles[name].roleId for name in ("Admin", "ReadOnly", "View", "Anonymous", "NoAccess")}, "system roles")
    same({"System.Anonymous", "System.Read", "System.View"}, set(roles["ReadOnly"].privilege), "of ReadOnly")
    same(set(), set(roles["NoAccess"].privilege), "of NoAccess")
    return "their numbers and privileges"


# ---- licence


@check("licence", "free-licence")
def every_write_is_refused(site: Site) -> str:
    target, home = site.vm("mt-linux-01"), site.vm("web-01")
    folder, pool = site.datacenter.vmFolder, site.view(vim.ComputeResource)[0].resourcePool
    store = site.view(vim.Datastore)[0]
    manager = site.content.virtualDiskManager
    spec = site.spec("new", GIB, store=store)
    file = files_of(home)[0]
    disk_spec = vim.VirtualDiskManager.FileBackedVirtualDiskSpec(diskType="thin", adapterType="lsiLogic",
                                                                 capacityKb=GIB >> 10)
    writes = {
        "PowerOn": home.PowerOnVM_Task, "PowerOff": target.PowerOffVM_Task, "Reset": target.ResetVM_Task,
        "Reconfig": lambda: site.change(home, annotation="x"),
        "attach": lambda: site.change(target, device_change("add", disk(file, unit=3))),
        "Rename": lambda: home.Rename_Task("y"),
        "CreateSnapshot": lambda: home.CreateSnapshot_Task("s", None, False, False),
        "RemoveAllSnapshots": lambda: home.RemoveAllSnapshots_Task(),
        "Consolidate": home.ConsolidateVMDisks_Task,
        "CreateVM": lambda: folder.CreateVM_Task(spec, pool, None),
        "Destroy": home.Destroy_Task, "Unregister": home.UnregisterVM,
        "ShutdownGuest": target.ShutdownGuest,
        "CreateVirtualDisk": lambda: manager.CreateVirtualDisk_Task(f"[{store.name}] x.vmdk", site.datacenter,
                                                                    disk_spec),
        "SetVirtualDiskUuid": lambda: manager.SetVirtualDiskUuid(
            file, site.datacenter, "60 00 C2 9a 11 22 33 44-55 66 77 88 99 aa bb cc"),
    }
    wrong = {}
    for name, call in writes.items():
        try:
            raised(vim.fault.RestrictedVersion, call)
        except AssertionError as error:
            wrong[name] = str(error)
    same({}, wrong, "writes that were not refused")
    same(("web-01", "poweredOff", None), (home.name, home.runtime.powerState, home.snapshot), "the machine")
    same("poweredOn", target.runtime.powerState, "power state of the other")
    true(file in files_of(home) and len(site.view(vim.VirtualMachine)) == 2, "machines and disks")
    return f"{len(writes)} writes"


@check("licence", "free-licence")
def everything_can_be_read(site: Site) -> str:
    editions = [each.editionKey for each in site.content.licenseManager.licenses]
    true(any(each.startswith("esxBasic") for each in editions), f"editions {editions}")
    vm = site.vm("web-01")
    true(vm.config.uuid and vm.layoutEx.file and vm.datastore[0].summary.capacity, "properties")
    true(vm.name + ".vmdk" in site.listed(f"[{vm.datastore[0].name}] web-01"), "files")
    return "reading is free"
