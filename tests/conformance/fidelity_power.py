# SPDX-License-Identifier: GPL-2.0-or-later
"""Power operations, and what stands in their way; questions; what the guest sees of disk.EnableUUID."""

from __future__ import annotations

from typing import Any

from pyVmomi import vim, vmodl

from fidelity import GIB, Site, check, disks, failed, files_of, option, raised, same, true, until, wait


@check("power", vcsim=True)
def wrong_state(site: Site) -> str:
    vm = site.make("stateful")
    failed(vm.PowerOffVM_Task(), vim.fault.InvalidPowerState, requestedState="poweredOff", existingState="poweredOff")
    site.on(vm)
    same("poweredOn", site.read(vm, "runtime.powerState"), "power state")
    failed(vm.PowerOnVM_Task(), vim.fault.InvalidPowerState, requestedState="poweredOn", existingState="poweredOn")
    site.off(vm)
    same("poweredOff", site.read(vm, "runtime.powerState"), "power state")
    return "InvalidPowerState with requested and existing state, as the task's error"


@check("power")
def other_wrong_states(site: Site) -> str:
    vm = site.make("stateful-2")
    for call, requested in ((vm.ResetVM_Task, "poweredOn"), (vm.SuspendVM_Task, "suspended")):
        failed(call(), vim.fault.InvalidPowerState, requestedState=requested, existingState="poweredOff")
    raised(vim.fault.InvalidPowerState, vm.ShutdownGuest, existingState="poweredOff")
    site.on(vm)
    raised(vim.fault.ToolsUnavailable, vm.ShutdownGuest)
    raised(vim.fault.ToolsUnavailable, vm.RebootGuest)
    failed(vm.Destroy_Task(), vim.fault.InvalidPowerState, requestedState="poweredOff", existingState="poweredOn")
    raised(vim.fault.InvalidPowerState, vm.UnregisterVM, existingState="poweredOn")
    failed(site.change(vm, numCPUs=2), vim.fault.InvalidPowerState, requestedState="poweredOff",
           existingState="poweredOn")
    wait(vm.SuspendVM_Task())
    same("suspended", vm.runtime.powerState, "power state")
    failed(vm.SuspendVM_Task(), vim.fault.InvalidPowerState, requestedState="suspended", existingState="suspended")
    site.off(vm)
    return "reset, suspend, shutdown, destroy, unregister, reconfigure"


@check("power")
def guests_shut_down(site: Site) -> str:
    vm = site.vm("web-01")
    same("guestToolsRunning", vm.guest.toolsRunningStatus, "Tools")
    same(None, vm.ShutdownGuest(), "result")
    until(lambda: vm.runtime.powerState == "poweredOff", "shut down")
    same("guestToolsNotRunning", vm.guest.toolsRunningStatus, "Tools")
    true(site.events(vm, "VmGuestShutdownEvent") and site.events(vm, "VmPoweredOffEvent"), "events")
    site.on(vm)
    return "ShutdownGuest with Tools"


@check("power")
def missing_disk(site: Site) -> str:
    vm = site.make("lost", GIB)
    file = files_of(vm)[0]
    site.ctl("delete-file", "DC1", file)
    failed(vm.PowerOnVM_Task(), vim.fault.FileNotFound, file=file)
    same("poweredOff", vm.runtime.powerState, "power state")
    failures = site.events(vm, "VmFailedToPowerOnEvent")
    same(1, len(failures), "VmFailedToPowerOnEvents")
    same("FileNotFound", type(failures[0].reason).__name__.rsplit(".", 1)[-1], "the event's reason")
    return "FileNotFound, and an event"


@check("power")
def memory(site: Site) -> str:
    vm = site.make("huge")
    host = vm.runtime.host.summary.hardware.memorySize
    wait(site.change(vm, memoryMB=host >> 20, memoryReservationLockedToMax=True))
    fault = failed(vm.PowerOnVM_Task(), vim.fault.InsufficientMemoryResourcesFault)
    true(0 <= fault.unreserved < fault.requested and fault.requested > host, f"unreserved {fault.unreserved}, "
         f"requested {fault.requested}")
    same("poweredOff", vm.runtime.powerState, "power state")
    wait(site.change(vm, memoryMB=64))
    site.on(vm)
    site.off(vm)
    return "InsufficientMemoryResourcesFault"


@check("power")
def methods_are_disabled(site: Site) -> str:
    vm = site.make("disabled", GIB)

    def disabled() -> set[str]:
        return set(vm.disabledMethod)

    off = disabled()
    true({"PowerOffVM_Task", "ResetVM_Task", "SuspendVM_Task", "ShutdownGuest", "AnswerVM"} <= off, f"off: {off}")
    true(not {"PowerOnVM_Task", "Destroy_Task", "UnregisterVM", "ReconfigVM_Task"} & off, f"off: {off}")
    site.on(vm)
    on = disabled()
    true({"PowerOnVM_Task", "Destroy_Task", "UnregisterVM", "MarkAsTemplate"} <= on, f"on: {on}")
    true(not {"PowerOffVM_Task", "ResetVM_Task", "SuspendVM_Task", "ReconfigVM_Task"} & on, f"on: {on}")
    site.off(vm)
    same(off, disabled(), "disabled methods when it is off again")
    return "disabledMethod follows the power state"


# ---- questions


@check("power", "question")
def a_question_stops_the_task(site: Site) -> str:
    vm = next(each for each in site.view(vim.VirtualMachine) if each.runtime.powerState == "poweredOff")
    task = vm.PowerOnVM_Task()
    question = until(lambda: vm.runtime.question, "a question")
    same("running", task.info.state, "state of the task")
    same("poweredOff", vm.runtime.powerState, "power state")
    true(question.text and len(question.choice.choiceInfo) >= 2, "text and choices")
    raised(vim.fault.TaskInProgress, lambda: vm.CreateSnapshot_Task("no", None, False, False), task=task)
    raised(vmodl.fault.InvalidArgument, lambda: vm.AnswerVM(question.id, "no such choice"))
    good = next(each for each in question.choice.choiceInfo if "ancel" not in each.label and "bort" not in each.label)
    vm.AnswerVM(question.id, good.key)
    wait(task)
    same(("poweredOn", None), (vm.runtime.powerState, vm.runtime.question), "power state, question")
    true(site.events(vm, "VmMessageEvent"), "no VmMessageEvent")
    return "the task waits until it is answered"


@check("power", "question")
def of_a_running_one(site: Site) -> str:
    vm = site.vm("db-01")
    same("poweredOn", vm.runtime.powerState, "power state")
    question = vm.runtime.question
    true("no more space" in question.text, f"text: {question.text}")
    failed(vm.PowerOffVM_Task(), vim.fault.QuestionPending, text=question.text)
    vm.AnswerVM(question.id, question.choice.choiceInfo[question.choice.defaultIndex].key)
    same(None, vm.runtime.question, "question")
    return "a running machine's question"


# ---- disk.EnableUUID


def _setting(vm: Any) -> tuple[Any, Any]:
    return vm.config.flags.diskUuidEnabled, option(vm, "disk.EnableUUID")


@check("disk-enableuuid")
def one_setting(site: Site) -> str:
    vm = site.make("serials", GIB)
    Option = vim.option.OptionValue
    same(False, bool(vm.config.flags.diskUuidEnabled), "flag of a new machine")
    wait(site.change(vm, extraConfig=[Option(key="disk.EnableUUID", value="TRUE")]))
    same((True, "TRUE"), _setting(vm), "after the option was set")
    wait(site.change(vm, flags=vim.vm.FlagInfo(diskUuidEnabled=False)))
    same((False, "FALSE"), _setting(vm), "after the flag was cleared")
    wait(site.change(vm, flags=vim.vm.FlagInfo(diskUuidEnabled=True)))
    same((True, "TRUE"), _setting(vm), "after the flag was set")
    wait(site.change(vm, extraConfig=[Option(key="disk.enableuuid", value="")]))
    same((False, None), (bool(vm.config.flags.diskUuidEnabled), option(vm, "disk.EnableUUID")),
         "after the option was taken away")
    made = site.make("serials-2", flags=vim.vm.FlagInfo(diskUuidEnabled=True))
    same((True, "TRUE"), _setting(made), "of a machine that was made with the flag")
    made = site.make("serials-3", extraConfig=[Option(key="disk.EnableUUID", value="1")])
    same(True, made.config.flags.diskUuidEnabled, "of a machine that was made with the option")
    return "either one shows in the other"


@check("disk-enableuuid")
def from_the_next_power_on(site: Site) -> str:
    """`ctl guest` tells what a program in the guest would read from its disks."""
    vm = site.make("inside", GIB)
    uuid = disks(vm)[0].backing.uuid.replace("-", "").lower()
    key = str(disks(vm)[0].key)

    def seen() -> dict[str, str]:
        return {each["key"]: each["serial"] for each in site.ctl("guest", "inside")["disks"]}

    site.on(vm)
    same({key: ""}, _texts(seen()), "serial numbers without the setting")
    wait(site.change(vm, extraConfig=[vim.option.OptionValue(key="disk.EnableUUID", value="TRUE")]))
    same((True, "TRUE"), _setting(vm), "setting")
    same({key: ""}, _texts(seen()), "serial numbers before a power cycle")
    wait(vm.ResetVM_Task())
    same({key: ""}, _texts(seen()), "serial numbers after a reset")
    wait(vm.SuspendVM_Task())
    site.on(vm)
    same({key: ""}, _texts(seen()), "serial numbers after suspending and resuming")
    site.off(vm)
    site.on(vm)
    same({key: uuid}, _texts(seen()), "serial numbers after a power cycle")
    site.off(vm)
    return "a reset is not enough, a power cycle is"


def _texts(serials: dict[Any, Any]) -> dict[str, str]:
    return {str(key): value or "" for key, value in serials.items()}

