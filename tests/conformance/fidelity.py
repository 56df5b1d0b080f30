#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Checks of mock-vcenter's fidelity, row by row (docs/mock-fidelity.md), with pyVmomi.

    fidelity.py ROW SITE SITES [CHECK]...

Runs the checks of a row that are made for SITE: a scenario of mock-vcenter, or "vcsim". SITES are all that
the row is run on, with commas between: a check made for another one would never run, and is an error.
CHECK: only those whose names begin so.

The server is the one that GOVC_URL names; MOCK_VCENTER is the program that is its control client. Prints a
line per check; ends with 1 when one failed. Runs with the python of the peers' virtual environment.
"""

from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from typing import Any

from pyVmomi import vim, vmodl

from pyvmomi_client import Client, same

GIB = 1 << 30
DEADLINE = 30  # seconds for whatever is waited for


@dataclasses.dataclass(frozen=True)
class Check:
    row: str
    sites: tuple[str, ...]
    function: Callable[["Site"], str]

    @property
    def name(self) -> str:
        return self.function.__name__


CHECKS: list[Check] = []


def check(row: str, site: str = "site", vcsim: bool = False) -> Callable:
    """A check of a row; vcsim: it must pass there, too."""
    def add(function: Callable) -> Callable:
        CHECKS.append(Check(row, (site, "vcsim") if vcsim else (site,), function))
        return function
    return add


def true(condition: object, what: str) -> None:
    if not condition:
        raise AssertionError(what)


def raised(kind: type, call: Callable[[], Any], **members: Any) -> Any:
    """The fault that a call, or the task that it starts, must end with: just this type, these members."""
    try:
        result = call()
        if isinstance(result, vim.Task):
            result = wait(result)
    except vmodl.MethodFault as fault:
        same(kind.__name__, type(fault).__name__, f"fault ({fault.msg})")
        for name, value in members.items():
            same(value, getattr(fault, name), f"{kind.__name__}.{name}")
        return fault
    raise AssertionError(f"expected {kind.__name__}, got {result!r}")


def failed(task: Any, kind: type, **members: Any) -> Any:
    """As raised, of a task: the call must have been taken, and the task ends in error."""
    true(isinstance(task, vim.Task), f"{task!r} is no task")
    return raised(kind, lambda: task, **members)


def wait(task: Any) -> Any:
    """The task's result; raises its error."""
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        info = task.info
        if info.state == "success":
            return info.result
        if info.state == "error":
            raise info.error
        time.sleep(0.01)
    raise AssertionError(f"{task} did not end")


def until(condition: Callable[[], Any], what: str) -> Any:
    end = time.monotonic() + DEADLINE
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within {DEADLINE} s")


def disks(vm: Any) -> list[Any]:
    return [each for each in vm.config.hardware.device if isinstance(each, vim.vm.device.VirtualDisk)]


def controllers(vm: Any) -> list[Any]:
    return [each for each in vm.config.hardware.device if isinstance(each, vim.vm.device.VirtualSCSIController)]


def files_of(vm: Any) -> list[str]:
    return [each.backing.fileName for each in disks(vm)]


def option(vm: Any, key: str) -> Any:
    return next((each.value for each in vm.config.extraConfig if each.key == key), None)


def device_change(operation: str, device: Any, file_operation: str | None = None) -> Any:
    return vim.vm.device.VirtualDeviceSpec(operation=operation, device=device, fileOperation=file_operation)


def controller(key: int = -1, bus: int = 0, kind: type = vim.vm.device.VirtualLsiLogicController) -> Any:
    return kind(key=key, busNumber=bus, sharedBus="noSharing")


def disk(file: str = "", *, on: int = 1000, unit: int | None = None, size: int = 0, key: int = -50,
         mode: str = "persistent", **backing: Any) -> Any:
    flat = vim.vm.device.VirtualDisk.FlatVer2BackingInfo(fileName=file, diskMode=mode, **backing)
    return vim.vm.device.VirtualDisk(key=key, controllerKey=on, unitNumber=unit, backing=flat,
                                     capacityInKB=size // 1024)


class Site(Client):
    """The server, with what the checks do to it again and again."""

    def __init__(self, name: str):
        super().__init__()
        self.name = name
        self.real = name != "vcsim"
        self.datacenter = self.view(vim.Datacenter)[0]
        self.stub = self.service._stub

    # ---- finding

    def find(self, kind: type, name: str) -> Any:
        found = [each for each in self.view(kind) if each.name == name]
        same(1, len(found), f"objects that are called {name}")
        return found[0]

    def vm(self, name: str) -> Any:
        return self.find(vim.VirtualMachine, name)

    def datastore(self, name: str) -> Any:
        return self.find(vim.Datastore, name)

    def store(self) -> Any:
        """A datastore to put machines on."""
        return self.datastore("vmfs-01") if self.real else self.view(vim.Datastore)[0]

    def pool(self) -> Any:
        return self.view(vim.ClusterComputeResource)[0].resourcePool

    # ---- making

    def spec(self, name: str, *sizes: int, store: Any = None, **members: Any) -> Any:
        """Of a machine with a SCSI controller and disks of these sizes."""
        store = store or self.store()
        changes = [device_change("add", controller(-100))]
        changes += [device_change("add", disk(f"[{store.name}]", on=-100, unit=unit, size=size, key=-unit - 1,
                                              thinProvisioned=True), "create")
                    for unit, size in enumerate(sizes)]
        members.setdefault("guestId", "otherGuest64")
        return vim.vm.ConfigSpec(name=name, numCPUs=1, memoryMB=64, deviceChange=changes,
                                 files=vim.vm.FileInfo(vmPathName=f"[{store.name}]"), **members)

    def make(self, name: str, *sizes: int, **members: Any) -> Any:
        host = members.pop("host", None)
        return wait(self.datacenter.vmFolder.CreateVM_Task(self.spec(name, *sizes, **members), self.pool(), host))

    def change(self, vm: Any, *changes: Any, **members: Any) -> Any:
        """Reconfigures; the task."""
        return vm.ReconfigVM_Task(vim.vm.ConfigSpec(deviceChange=list(changes), **members))

    def snapshot(self, vm: Any, name: str, memory: bool = False, quiesce: bool = False) -> Any:
        return wait(vm.CreateSnapshot_Task(name, None, memory, quiesce))

    def off(self, vm: Any) -> None:
        if self.read(vm, "runtime.powerState") != "poweredOff":
            wait(vm.PowerOffVM_Task())

    def on(self, vm: Any) -> None:
        if self.read(vm, "runtime.powerState") != "poweredOn":
            wait(vm.PowerOnVM_Task())

    # ---- looking

    def read(self, obj: Any, path: str) -> Any:
        """A property by way of the collector, None when unset: what vcsim answers to Fetch is often wrong."""
        spec = vmodl.query.PropertyCollector.FilterSpec(
            objectSet=[vmodl.query.PropertyCollector.ObjectSpec(obj=obj)],
            propSet=[vmodl.query.PropertyCollector.PropertySpec(type=type(obj), pathSet=[path])])
        found = self.content.propertyCollector.RetrieveContents([spec])[0].propSet
        return found[0].val if found else None

    def listed(self, directory: str) -> set[str]:
        """Names of the files that the datastore's browser shows in a directory such as "[vmfs-01] web-01"."""
        name = directory[1:directory.index("]")]
        result = wait(self.datastore(name).browser.SearchDatastore_Task(directory, None))
        return {each.path for each in result.file}

    def exists(self, path: str) -> bool:
        """Is there such a file? "[vmfs-01] web-01/web-01.vmdk" """
        directory, _, name = path.rpartition("/")
        try:
            return name in self.listed(directory)
        except vim.fault.FileNotFound:
            return False

    def events(self, entity: Any, *kinds: str) -> list[Any]:
        """The entity's events of these types, oldest first."""
        by = vim.event.EventFilterSpec.ByEntity(entity=entity, recursion="self")
        found = self.content.eventManager.QueryEvents(
            vim.event.EventFilterSpec(entity=by, eventTypeId=[f"vim.event.{kind}" for kind in kinds]))
        return sorted(found, key=lambda each: each.key)

    def uuid_of(self, path: str) -> str:
        """As VirtualDiskManager says it."""
        return self.content.virtualDiskManager.QueryVirtualDiskUuid(path, self.datacenter)

    # ---- people acting behind the tool's back

    def ctl(self, *arguments: str, code: int = 0) -> Any:
        result = subprocess.run([os.environ["MOCK_VCENTER"], "ctl", *arguments], capture_output=True, text=True,
                                timeout=DEADLINE, check=False)
        same(code, result.returncode, f"exit code of ctl {' '.join(arguments)} ({result.stdout}{result.stderr})")
        return json.loads(result.stdout) if result.stdout else None


def main(arguments: list[str]) -> int:
    import fidelity_modules  # noqa: F401  (registers the checks)

    row, site_name, all_sites, *only = arguments
    of_row = [each for each in CHECKS if each.row == row]
    for each in of_row:
        for place in each.sites:
            true(place in all_sites.split(","), f"{each.name} is made for {place}, where {row} is not run")
    chosen = [each for each in of_row if site_name in each.sites
              and (not only or each.name.startswith(tuple(only)))]
    true(chosen, f"there is no check of {row} for {site_name}")
    failures = 0
    for each in chosen:
        try:
            print(f"{each.name}: {each.function(Site(site_name))}", flush=True)
        except Exception as error:  # each check stands alone: the others still say what they find
            failures += 1
            where = traceback.extract_tb(error.__traceback__)
            at = " < ".join(f"{frame.name}:{frame.lineno}" for frame in reversed(where[1:])
                            if "fidelity" in frame.filename)
            print(f"{each.name}: FAILED: {type(error).__name__}: {str(error)[:1500]}\n    at {at}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    # The modules of checks import this one by its name: there must be only one list.
    import fidelity

    sys.exit(fidelity.main(sys.argv[1:]))
