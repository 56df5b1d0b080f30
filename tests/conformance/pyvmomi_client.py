#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What programs written with pyVmomi usually do, done to the server that GOVC_URL names.

Prints one line per step; ends with 1 at the first that fails. Runs with the python of the peers'
virtual environment.
"""

from __future__ import annotations

import os
import sys
import urllib.parse
from typing import Any

from pyVim.connect import Disconnect, SmartConnect
from pyVmomi import vim, vmodl

Collector = vmodl.query.PropertyCollector


class Client:
    def __init__(self) -> None:
        self.service = connect(os.environ["GOVC_USERNAME"], os.environ["GOVC_PASSWORD"])
        self.content = self.service.RetrieveContent()

    def view(self, *types: type) -> list[Any]:
        view = self.content.viewManager.CreateContainerView(self.content.rootFolder, list(types),
                                                            True)
        try:
            return list(view.view)
        finally:
            view.DestroyView()

    def vm_filter(self, *paths: str) -> tuple[Any, Any]:
        view = self.content.viewManager.CreateContainerView(
            self.content.rootFolder, [vim.VirtualMachine], True)
        walk = Collector.TraversalSpec(name="view", type=vim.view.ContainerView, path="view",
                                       skip=False)
        start = Collector.ObjectSpec(obj=view, skip=True, selectSet=[walk])
        wanted = Collector.PropertySpec(type=vim.VirtualMachine, pathSet=list(paths),
                                        all=not paths)
        return view, Collector.FilterSpec(objectSet=[start], propSet=[wanted])


def connect(user: str, password: str) -> Any:
    url = urllib.parse.urlsplit(os.environ["GOVC_URL"])
    return SmartConnect(protocol=url.scheme, host=url.hostname, port=url.port or 443, user=user,
                        pwd=password, disableSslCertValidation=True)


def same(want: object, got: object, what: str) -> None:
    if want != got:
        raise AssertionError(f"{what}: expected {want!r}, got {got!r}")


def faults(kind: type, call: Any, what: str) -> Any:
    try:
        call()
    except kind as fault:
        return fault
    raise AssertionError(f"{what}: expected {kind.__name__}")


def wrong_password(client: Client) -> str:
    fault = faults(vim.fault.InvalidLogin,
                   lambda: connect(os.environ["GOVC_USERNAME"], "not the password"),
                   "login with a wrong password")
    return type(fault).__name__


def service_content(client: Client) -> str:
    about = client.content.about
    same("VirtualCenter", about.apiType, "about.apiType")
    client.service.CurrentTime()
    session = client.content.sessionManager.currentSession
    same(os.environ["GOVC_USERNAME"].split("\\")[-1].split("@")[0],
         session.userName.split("\\")[-1].split("@")[0], "user of the session")
    return about.fullName


def single_properties(client: Client) -> str:
    """Attribute by attribute: each is a call of its own (Fetch)."""
    read = 0
    for vm in client.view(vim.VirtualMachine):
        for name in ("name", "config", "runtime", "summary", "guest", "layoutEx", "snapshot",
                     "datastore", "network", "resourcePool", "parent", "recentTask",
                     "disabledMethod", "capability"):
            getattr(vm, name)
            read += 1
    for host in client.view(vim.HostSystem):
        for name in ("name", "runtime", "summary", "capability", "config", "vm", "datastore"):
            getattr(host, name)
            read += 1
    for datastore in client.view(vim.Datastore):
        for name in ("name", "summary", "info", "host", "vm", "capability"):
            getattr(datastore, name)
            read += 1
    return f"{read} properties"


def walk_folders(client: Client) -> str:
    seen = 0
    waiting = list(client.content.rootFolder.childEntity)
    while waiting:
        entity = waiting.pop()
        seen += 1
        if isinstance(entity, vim.Datacenter):
            waiting += [entity.vmFolder, entity.hostFolder, entity.datastoreFolder,
                        entity.networkFolder]
        elif isinstance(entity, vim.Folder):
            waiting += entity.childEntity
    return f"{seen} entities"


def pages(client: Client) -> str:
    """Pages of two objects give what one page gives."""
    view, wanted = client.vm_filter("name", "config.uuid", "runtime.powerState")
    collector = client.content.propertyCollector
    whole = collector.RetrievePropertiesEx([wanted], Collector.RetrieveOptions())
    paged, calls = [], 1
    page = collector.RetrievePropertiesEx([wanted], Collector.RetrieveOptions(maxObjects=2))
    while True:
        paged += page.objects
        if not page.token:
            break
        page = collector.ContinueRetrievePropertiesEx(page.token)
        calls += 1
    same(sorted(o.obj._moId for o in whole.objects), sorted(o.obj._moId for o in paged),
         "objects of all pages")
    if len(whole.objects) > 2 and calls < 2:
        raise AssertionError(f"{len(whole.objects)} objects in one page of at most two")
    view.DestroyView()
    return f"{len(paged)} objects in {calls} pages"


def everything(client: Client) -> str:
    view, wanted = client.vm_filter()
    page = client.content.propertyCollector.RetrievePropertiesEx([wanted],
                                                                 Collector.RetrieveOptions())
    view.DestroyView()
    return f"{sum(len(o.propSet) for o in page.objects)} properties of {len(page.objects)} VMs"


def updates(client: Client) -> str:
    """The loop that every watcher has: the first set, then nothing new within a second."""
    collector = client.content.propertyCollector.CreatePropertyCollector()
    view, wanted = client.vm_filter("name", "runtime.powerState")
    watched = collector.CreateFilter(wanted, True)
    version, entered = "", set()
    while True:
        found = collector.WaitForUpdatesEx(version, Collector.WaitOptions(maxWaitSeconds=5))
        for filter_set in found.filterSet:
            for change in filter_set.objectSet:
                same("enter", change.kind, "kind of a first update")
                entered.add(change.obj._moId)
        version = found.version
        if not found.truncated:
            break
    same({vm._moId for vm in view.view}, entered, "VMs that entered")
    quiet = collector.WaitForUpdatesEx(version, Collector.WaitOptions(maxWaitSeconds=1))
    same(None, quiet, "update when nothing changed")
    faults(vmodl.query.InvalidCollectorVersion,
           lambda: collector.WaitForUpdatesEx("no such version", Collector.WaitOptions()),
           "an unknown version")
    watched.DestroyPropertyFilter()
    collector.DestroyPropertyCollector()
    view.DestroyView()
    return f"{len(entered)} VMs entered"


def searches(client: Client) -> str:
    index = client.content.searchIndex
    found = 0
    for vm in client.view(vim.VirtualMachine):
        config = vm.config
        if config is None:
            continue
        same(vm, index.FindByUuid(None, config.instanceUuid, True, True), "by instance UUID")
        twins = index.FindAllByUuid(None, config.uuid, True, False)
        if vm not in twins:
            raise AssertionError(f"{vm.name} is not found by its BIOS UUID")
        found += 1
    same(None, index.FindByUuid(None, "00000000-dead-beef-0000-000000000000", True, True), "no hit")
    datacenter = client.view(vim.Datacenter)[0]
    same(datacenter, index.FindByInventoryPath(datacenter.name), "by inventory path")
    return f"{found} VMs found"


def wrong_requests(client: Client) -> str:
    gone = vim.VirtualMachine("vm-999999", client.service._stub)
    faults(vmodl.fault.ManagedObjectNotFound, lambda: gone.name, "an unknown object")
    view, wanted = client.vm_filter("no.such.property")
    fault = faults(vmodl.query.InvalidProperty,
                   lambda: client.content.propertyCollector.RetrievePropertiesEx(
                       [wanted], Collector.RetrieveOptions()), "an unknown property")
    same("no.such.property", fault.name, "name in InvalidProperty")
    view.DestroyView()
    return "refused as they should be"


def logout(client: Client) -> str:
    Disconnect(client.service)
    fault = faults(vim.fault.NotAuthenticated,
                   lambda: client.content.rootFolder.name, "a call after the logout")
    return type(fault).__name__


STEPS = (wrong_password, service_content, single_properties, walk_folders, pages, everything,
         updates, searches, wrong_requests, logout)


def main(arguments: list[str]) -> int:
    client = Client()
    left_out = set(arguments)
    for step in STEPS:
        if step.__name__ in left_out:
            continue
        try:
            print(f"{step.__name__}: {step(client)}", flush=True)
        except Exception as error:  # whatever it is, it is what a user of pyVmomi would see
            print(f"{step.__name__}: FAILED: {type(error).__name__}: {str(error)[:600]}")
            if step is not logout:
                Disconnect(client.service)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
