# SPDX-License-Identifier: GPL-2.0-or-later
"""Tasks, the property collector, and requests that are bad."""

from __future__ import annotations

import http.client
import os
import ssl
import time
import urllib.parse
from typing import Any

from pyVmomi import vim, vmodl

from fidelity import GIB, Site, check, device_change, disk, disks, failed, files_of, raised, same, true, until, wait
from pyvmomi_client import Collector

# ---- one at a time


@check("one-task")
def second_is_refused(site: Site) -> str:
    vm = site.make("busy", GIB)
    first = site.change(vm, annotation="first")
    raised(vim.fault.TaskInProgress, lambda: site.change(vm, annotation="second"), task=first)
    raised(vim.fault.TaskInProgress, vm.PowerOnVM_Task, task=first)
    raised(vim.fault.TaskInProgress, lambda: vm.CreateSnapshot_Task("s", None, False, False), task=first)
    raised(vim.fault.TaskInProgress, vm.Destroy_Task, task=first)
    other = site.make("idle")
    wait(site.change(other, annotation="meanwhile"))
    wait(first)
    same("first", vm.config.annotation, "annotation")
    wait(site.change(vm, annotation="third"))
    same("third", vm.config.annotation, "annotation")
    return "TaskInProgress with the task; others are free"


@check("one-task")
def methods_are_disabled_meanwhile(site: Site) -> str:
    vm = site.make("busy-2")
    before = set(vm.disabledMethod)
    task = site.change(vm, annotation="x")
    during = set(vm.disabledMethod)
    if task.info.state in ("queued", "running"):
        true({"ReconfigVM_Task", "PowerOnVM_Task", "CreateSnapshot_Task", "Destroy_Task"} <= during,
             f"disabled meanwhile: {sorted(during - before)}")
    wait(task)
    same(before, set(vm.disabledMethod), "disabled methods afterwards")
    return "disabledMethod while a task runs"


# ---- tasks


@check("tasks", vcsim=True)
def end_well(site: Site) -> str:
    vm = site.make("tasked")
    task = vm.PowerOnVM_Task()
    wait(task)
    info = task.info
    same(("success", vm, None), (info.state, info.entity, info.error), "the task")
    if site.real:
        same(vm.name, info.entityName, "entityName")
        same(os.environ["GOVC_USERNAME"], info.reason.userName.split("\\")[-1], "who started it")
    true(info.queueTime <= info.startTime <= info.completeTime, "its times")
    same("VirtualMachine.powerOn", info.descriptionId, "descriptionId")
    site.off(vm)
    return "success, times, entity, reason"


@check("tasks")
def run_with_progress(site: Site) -> str:
    vm = site.make("running")
    task, states, progress = site.change(vm, annotation="x"), [], []
    while True:
        info = task.info
        states.append(info.state)
        if info.progress is not None:
            progress.append(info.progress)
        if info.state in ("success", "error"):
            break
        same(None, info.completeTime, "completeTime before the end")
        time.sleep(0.005)
    order = [state for i, state in enumerate(states) if i == 0 or states[i - 1] != state]
    true(order in (["queued", "running", "success"], ["running", "success"]), f"states {order}")
    true(progress == sorted(progress) and len(set(progress)) >= 3, f"progress {progress}")
    true(all(0 <= each <= 100 for each in progress), f"progress {progress}")
    same(False, info.cancelled, "cancelled")
    return f"{len(set(progress))} values of progress"


@check("tasks")
def watched_states(site: Site) -> str:
    """A watcher that misses nothing sees queued, running and success, in this order."""
    vm = site.make("watched-task")
    collector = site.content.propertyCollector.CreatePropertyCollector()
    task = site.change(vm, annotation="x")
    spec = Collector.FilterSpec(objectSet=[Collector.ObjectSpec(obj=task)], propSet=[Collector.PropertySpec(
        type=vim.Task, pathSet=["info.state", "info.progress", "info.completeTime"])])
    collector.CreateFilter(spec, False)
    version, states, progress = "", [], []
    while not states or states[-1] not in ("success", "error"):
        found = collector.WaitForUpdatesEx(version, Collector.WaitOptions(maxWaitSeconds=5))
        true(found is not None, f"no update after {states}")
        version = found.version
        for change in found.filterSet[0].objectSet[0].changeSet:
            if change.name == "info.state" and (not states or states[-1] != change.val):
                states.append(change.val)
            if change.name == "info.progress" and change.val is not None:
                progress.append(change.val)
    collector.DestroyPropertyCollector()
    true(states in (["queued", "running", "success"], ["running", "success"]), f"states {states}")
    same(sorted(progress), progress, "progress")
    return " -> ".join(states)


@check("tasks")
def cancelled_stays_cancelled(site: Site) -> str:
    vm = site.make("cancelling", GIB)
    task = vm.RelocateVM_Task(vim.vm.RelocateSpec(datastore=site.datastore("vmfs-02")))
    until(lambda: task.info.state == "running", "running")
    same(True, task.info.cancelable, "cancelable")
    task.CancelTask()
    until(lambda: task.info.state == "error", "ended")
    fault = task.info.error
    same(("RequestCanceled", True), (type(fault).__name__.rsplit(".", 1)[-1], task.info.cancelled), "error, cancelled")
    time.sleep(1.0)
    same("error", task.info.state, "state later")
    same(["[vmfs-01] cancelling/cancelling.vmdk"], files_of(vm), "files: nothing was done")
    same([], site.events(vm, "VmRelocatedEvent"), "VmRelocatedEvents")
    again = site.change(vm, annotation="x")
    same(False, again.info.cancelable, "cancelable of a reconfiguration")
    raised(vmodl.fault.NotSupported, again.CancelTask)
    wait(again)
    raised(vim.fault.InvalidState, task.CancelTask)
    return "RequestCanceled, and no effect"


@check("tasks")
def recent_task_and_activation(site: Site) -> str:
    vm = site.make("recent")
    site.stub.requestContext = {"operationID": "fid-0001"}
    try:
        task = site.change(vm, annotation="x")
    finally:
        site.stub.requestContext = None
    true(task in vm.recentTask, "recentTask lacks a task that runs")
    true(task in site.content.taskManager.recentTask, "TaskManager.recentTask lacks it")
    same("fid-0001", task.info.activationId, "activationId")
    wait(task)
    true(task in vm.recentTask, "recentTask lacks a task that has just ended")
    bad = site.change(vm, changeVersion="old")
    failed(bad, vim.fault.ConcurrentAccess)
    same("error", bad.info.state, "state")
    true(bad.info.completeTime is not None and bad.info.error.msg, "time and message of the error")
    found = {each.info.key: each.info for each in site.events(vm, "TaskEvent")}
    same("queued", found[task.info.key].state, "state in the TaskEvent, which is from the beginning")
    return "recentTask, activationId, TaskEvent"


# ---- the collector


def _vm_filter(vms: list[Any], *paths: str) -> Any:
    return Collector.FilterSpec(objectSet=[Collector.ObjectSpec(obj=vm) for vm in vms],
                                propSet=[Collector.PropertySpec(type=vim.VirtualMachine, pathSet=list(paths))])


@check("collector")
def versions(site: Site) -> str:
    vm = site.make("versions")
    collector = site.content.propertyCollector.CreatePropertyCollector()
    collector.CreateFilter(_vm_filter([vm], "config.annotation"), False)
    update = collector.WaitForUpdatesEx("", Collector.WaitOptions(maxWaitSeconds=5))
    seen = [update.version]
    for text in ("one", "two", "three"):
        wait(site.change(vm, annotation=text))
        update = collector.WaitForUpdatesEx(seen[-1], Collector.WaitOptions(maxWaitSeconds=5))
        objects = [each for one in update.filterSet for each in one.objectSet]
        same([(vm, "modify", [("config.annotation", "assign", text)])],
             [(each.obj, each.kind, [(c.name, c.op, c.val) for c in each.changeSet]) for each in objects], "update")
        seen.append(update.version)
    numbers = [int(each) for each in seen]
    true(numbers == sorted(set(numbers)), f"versions {seen}")
    raised(vmodl.query.InvalidCollectorVersion,
           lambda: collector.WaitForUpdatesEx(seen[0], Collector.WaitOptions(maxWaitSeconds=0)))
    raised(vmodl.query.InvalidCollectorVersion,
           lambda: collector.WaitForUpdatesEx("none", Collector.WaitOptions(maxWaitSeconds=0)))
    # The newest and the one before it (an answer may have been lost) are good.
    again = collector.WaitForUpdatesEx(seen[-2], Collector.WaitOptions(maxWaitSeconds=0))
    same("three", again.filterSet[0].objectSet[0].changeSet[0].val, "the last update, asked again")
    same(None, collector.WaitForUpdatesEx(again.version, Collector.WaitOptions(maxWaitSeconds=0)), "nothing new")
    collector.DestroyPropertyCollector()
    return f"versions {', '.join(seen)}"


@check("collector")
def each_object_once(site: Site) -> str:
    """Many changes of one object between two calls are one entry, with the last values."""
    vm = site.make("once")
    collector = site.content.propertyCollector.CreatePropertyCollector()
    collector.CreateFilter(_vm_filter([vm], "config.annotation", "runtime.powerState"), False)
    version = collector.WaitForUpdatesEx("", Collector.WaitOptions(maxWaitSeconds=5)).version
    wait(site.change(vm, annotation="one"))
    wait(site.change(vm, annotation="two"))
    site.on(vm)
    update = collector.WaitForUpdatesEx(version, Collector.WaitOptions(maxWaitSeconds=5))
    objects = [each for one in update.filterSet for each in one.objectSet]
    same([vm], [each.obj for each in objects], "objects")
    same({"config.annotation": "two", "runtime.powerState": "poweredOn"},
         {each.name: each.val for each in objects[0].changeSet}, "last values")
    same(2, len(objects[0].changeSet), "changes")
    site.off(vm)
    collector.DestroyPropertyCollector()
    return "one entry"


@check("collector")
def keyed_changes(site: Site) -> str:
    """With partial updates a change within a list is told by key, not by the whole list."""
    vm = site.make("keyed-updates", GIB)
    collector = site.content.propertyCollector.CreatePropertyCollector()
    collector.CreateFilter(_vm_filter([vm], "config.hardware.device", "config.extraConfig"), True)
    version = collector.WaitForUpdatesEx("", Collector.WaitOptions(maxWaitSeconds=5)).version

    def changes() -> list[Any]:
        nonlocal version
        update = collector.WaitForUpdatesEx(version, Collector.WaitOptions(maxWaitSeconds=5))
        version = update.version
        return list(update.filterSet[0].objectSet[0].changeSet)

    wait(site.change(vm, device_change("add", disk("[vmfs-01]", unit=3, size=GIB), "create")))
    added = {each.name: each for each in changes()}
    true("config.hardware.device[2003]" in added, f"changes {sorted(added)}")
    same("add", added["config.hardware.device[2003]"].op, "operation")
    same(2003, added["config.hardware.device[2003]"].val.key, "the device")
    true("config.hardware.device" not in added, "the whole list is sent")
    wait(site.change(vm, device_change("remove", disks(vm)[1])))
    removed = {each.name: each.op for each in changes()}
    same("remove", removed.get("config.hardware.device[2003]"), f"operation ({removed})")
    wait(site.change(vm, extraConfig=[vim.option.OptionValue(key="failback.plan", value="p1")]))
    marked = {each.name: each.op for each in changes()}
    true('config.extraConfig["failback.plan"]' in marked, f"changes {marked}")
    collector.DestroyPropertyCollector()
    return "devices and options by key"


@check("collector")
def truncated_sets(site: Site) -> str:
    vms = [site.make(f"page-{i}") for i in range(7)]
    collector = site.content.propertyCollector.CreatePropertyCollector()
    collector.CreateFilter(_vm_filter(vms, "name"), False)
    seen, version, sets = [], "", 0
    while True:
        update = collector.WaitForUpdatesEx(version, Collector.WaitOptions(maxWaitSeconds=5, maxObjectUpdates=3))
        version, sets = update.version, sets + 1
        seen += [each.obj for one in update.filterSet for each in one.objectSet]
        if not update.truncated:
            break
    same((7, 3), (len(set(seen)), sets), "objects, sets")
    same(len(seen), len(set(seen)), "an object comes twice")
    collector.DestroyPropertyCollector()
    return "three sets of at most three"


@check("collector")
def cancelling(site: Site) -> str:
    vms = [site.make(f"cancel-{i}") for i in range(3)]
    collector = site.content.propertyCollector.CreatePropertyCollector()
    page = collector.RetrievePropertiesEx([_vm_filter(vms, "name")], Collector.RetrieveOptions(maxObjects=1))
    true(page.token, "there is no token")
    second = collector.ContinueRetrievePropertiesEx(page.token)
    same(1, len(second.objects), "objects of the second page")
    collector.CancelRetrievePropertiesEx(second.token)
    raised(vmodl.query.InvalidProperty, lambda: collector.ContinueRetrievePropertiesEx(second.token), name="token")
    raised(vmodl.query.InvalidProperty, lambda: collector.CancelRetrievePropertiesEx("none"), name="token")
    collector.DestroyPropertyCollector()
    return "CancelRetrievePropertiesEx"


@check("collector", vcsim=True)
def pages(site: Site) -> str:
    vms = site.view(vim.VirtualMachine)[:3]
    collector = site.content.propertyCollector
    page = collector.RetrievePropertiesEx([_vm_filter(vms, "name")], Collector.RetrieveOptions(maxObjects=2))
    found = list(page.objects)
    same(2, len(found), "objects of the first page")
    last = collector.ContinueRetrievePropertiesEx(page.token)
    found += last.objects
    same((None, {each._moId for each in vms}), (last.token, {each.obj._moId for each in found}), "all of them")
    return "a page of two, and the rest"


@check("collector", vcsim=True)
def watching(site: Site) -> str:
    vm = site.make("watched-by-all")
    collector = site.content.propertyCollector.CreatePropertyCollector()
    collector.CreateFilter(_vm_filter([vm], "runtime.powerState"), False)
    update = collector.WaitForUpdatesEx("", Collector.WaitOptions(maxWaitSeconds=5))
    same("enter", update.filterSet[0].objectSet[0].kind, "kind")
    site.on(vm)
    update = collector.WaitForUpdatesEx(update.version, Collector.WaitOptions(maxWaitSeconds=5))
    same([("runtime.powerState", "poweredOn")],
         [(each.name, each.val) for each in update.filterSet[0].objectSet[0].changeSet], "change")
    site.off(vm)
    collector.DestroyPropertyCollector()
    return "enter, then modify"


# ---- nothing ends the process


def _post(body: bytes, **headers: str) -> int:
    """The status of an answer to any bytes; 0 when the connection just ended."""
    url = urllib.parse.urlsplit(os.environ["GOVC_URL"])
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(url.hostname or "", url.port, timeout=10, context=context)
    try:
        connection.request("POST", "/sdk", body, {"Content-Type": "text/xml", "SOAPAction": '"urn:vim25/8.0"', **headers})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (http.client.HTTPException, OSError):
        return 0
    finally:
        connection.close()


@check("never", vcsim=True)
def bodies_that_are_no_call(site: Site) -> str:
    start = ('<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>')
    end = "</soapenv:Body></soapenv:Envelope>"
    bodies = ["", "no xml", "<a/>", start, start + end, start + "<NoSuchMethod xmlns='urn:vim25'/>" + end,
              start + "<PowerOnVM_Task xmlns='urn:vim25'>" + end, "\0\1\2", "<" * 5000,
              start + "<RetrieveServiceContent xmlns='urn:vim25'><_this type='Folder'>x</_this>"
              "</RetrieveServiceContent>" + end]
    statuses = [_post(each.encode()) for each in bodies]
    true(all(status == 0 or status >= 400 for status in statuses), f"statuses {statuses}")
    site.service.CurrentTime()
    return f"{len(bodies)} bodies"


@check("never")
def stale_and_wrong_references(site: Site) -> str:
    stub = site.stub
    gone = site.make("gone", GIB)
    wait(gone.Destroy_Task())
    calls = [
        gone.PowerOnVM_Task, lambda: gone.config, gone.Destroy_Task,
        lambda: gone.RelocateVM_Task(vim.vm.RelocateSpec()),
        lambda: site.datacenter.vmFolder.MoveIntoFolder_Task([gone]),
        lambda: site.content.viewManager.CreateContainerView(gone, [vim.VirtualMachine], True),
        lambda: site.content.viewManager.CreateListView([gone]).view,
        lambda: vim.Task("task-999999", stub).info,
        lambda: vim.view.ContainerView("view-none", stub).view,
        lambda: vmodl.query.PropertyCollector("none", stub).CreateFilter(_vm_filter([site.view(vim.VirtualMachine)[0]], "name"), True),
        lambda: site.content.propertyCollector.RetrieveContents([_vm_filter([gone], "name")]),
        lambda: site.content.eventManager.QueryEvents(vim.event.EventFilterSpec(
            entity=vim.event.EventFilterSpec.ByEntity(entity=gone, recursion="self"))),
        lambda: site.datacenter.vmFolder.CreateVM_Task(site.spec("x"), vim.ResourcePool("none", stub)),
        lambda: site.make("y").RelocateVM_Task(vim.vm.RelocateSpec(datastore=vim.Datastore("none", stub))),
        lambda: site.content.virtualDiskManager.QueryVirtualDiskUuid("no path", site.datacenter),
        lambda: site.content.virtualDiskManager.QueryVirtualDiskUuid("[none] a.vmdk", site.datacenter),
        lambda: site.content.searchIndex.FindByUuid(vim.Datacenter("none", stub), "x", True, True),
    ]
    outcomes = []
    for call in calls:
        try:
            result = call()
            if isinstance(result, vim.Task):
                wait(result)
            outcomes.append("taken")
        except vmodl.MethodFault as fault:
            outcomes.append(type(fault).__name__.rsplit(".", 1)[-1])
    true("SystemError" not in outcomes and "RuntimeFault" not in outcomes, f"outcomes {outcomes}")
    same(["ManagedObjectNotFound"] * 5, outcomes[:5], "of stale references")
    same(["ManagedObjectNotFound"] * 4, outcomes[7:10] + outcomes[12:13], "of references that never were")
    site.service.CurrentTime()
    return ", ".join(sorted(set(outcomes)))


@check("never")
def strange_specifications(site: Site) -> str:
    vm = site.make("strange", GIB)
    before = vm.config.changeVersion
    changes = [
        {"changes": [device_change("add", disk("", unit=1))]},
        {"changes": [device_change("add", disk("[", unit=1))]},
        {"changes": [device_change("add", disk("[none] x.vmdk", unit=1))]},
        {"changes": [device_change("add", disk("[vmfs-01] ../../etc/passwd", unit=1))]},
        {"changes": [device_change("add", disk("[vmfs-01]", unit=-2147483648, size=GIB), "create"),
                     device_change("add", disk("[vmfs-01]", on=2147483647, size=GIB, key=-51), "create")]},
        {"changes": [device_change("add", disk("[vmfs-01]", unit=1, size=-1024), "create")]},
        {"changes": [device_change("remove", vim.vm.device.VirtualDisk(key=0))]},
        {"changes": [device_change("edit", vim.vm.device.VirtualE1000(key=2000))]},
        {"numCPUs": -1}, {"numCPUs": 2147483647, "numCoresPerSocket": 0}, {"memoryMB": -4}, {"name": "x" * 500},
        {"guestId": "no such guest"}, {"version": "vmx-9999"},
    ]
    outcomes = []
    for each in changes:
        members = {name: value for name, value in each.items() if name != "changes"}
        try:
            wait(site.change(vm, *each.get("changes", []), **members))
            outcomes.append("taken")
        except vmodl.MethodFault as fault:
            outcomes.append(type(fault).__name__.rsplit(".", 1)[-1])
    true("SystemError" not in outcomes, f"outcomes {outcomes}")
    true("taken" not in outcomes, f"outcomes {outcomes}")
    same(before, vm.config.changeVersion, "changeVersion")
    same("strange", vm.name, "name")
    return ", ".join(sorted(set(outcomes)))
