# SPDX-License-Identifier: GPL-2.0-or-later
"""govc's commands for events, tasks, custom fields, options, licences and extensions on the mock."""

from __future__ import annotations

import json
import subprocess
import time

import govc_facts
from registry import Report, case
from support import Setup, check, check_equal, end_with_parent


def _vm(govc: govc_facts.Govc) -> str:
    paths = sorted(path for path in govc.paths("m") if path.endswith("/web-01"))
    check(paths, "there is no web-01")
    return paths[0]


@case("govc-events", alone=True)
def govc_events(setup: Setup, report: Report) -> None:
    """govc events and tasks show what was done, by entity, type and as a stream."""
    program = setup.peer("govc")
    with setup.mock(record=setup.records("govc-events", foreign=("requests",))) as server:
        govc = govc_facts.Govc(program, server.login)
        vm = _vm(govc)
        before = govc.run("events", vm)
        govc.run("vm.power", "-off", vm)
        lines = govc.run("events", vm)
        check("is powered off" not in before and "is powered off" in lines, lines)
        only = govc.run("events", "-type", "VmPoweredOffEvent", "-type", "VmStoppingEvent", vm)
        check_equal(2, len(only.splitlines()), f"events of two types: {only}")
        check_equal("", govc.run("events", "-type", "VmMigratedEvent", vm).strip(), "no migration")
        check("logged in" in govc.run("events", "/"), "a login is an event of the root folder")
        tasks = govc.run("tasks", vm)
        check("PowerOff" in tasks.replace(" ", "") and "success" in tasks, tasks)
        _check_stream(govc, vm)
        report.note(f"{len(lines.splitlines())} events of the machine")


def _check_stream(govc: govc_facts.Govc, vm: str) -> None:
    """`govc events -f` prints an event that comes while it waits."""
    stream = subprocess.Popen([govc.program, "events", "-f", vm], env=govc._env,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              preexec_fn=end_with_parent)
    try:
        time.sleep(1)
        govc.run("vm.power", "-on", vm)
        time.sleep(1)
    finally:
        stream.kill()
        output = stream.communicate()[0].decode()
    check("is powered on" in output, f"govc events -f printed: {output}")


@case("govc-fields")
def govc_fields(setup: Setup, report: Report) -> None:
    """govc fields.add, ls, set, info, rename and rm."""
    program = setup.peer("govc")
    with setup.mock(record=setup.records("govc-fields", foreign=("requests",))) as server:
        govc = govc_facts.Govc(program, server.login)
        vm = _vm(govc)
        govc.run("fields.add", "Owner")
        check("Owner" in govc.run("fields.ls"), "fields.ls")
        govc.run("fields.set", "Owner", "anna", vm)
        values = json.loads(govc.run("object.collect", "-json", "-s", vm, "customValue"))
        check_equal(["anna"], [value["value"] for value in values], "customValue")
        govc.run("fields.rename", "Owner", "Team")
        check("anna" in govc.run("fields.info", "-n", "Team", vm), "fields.info")
        govc.run("fields.rm", "Team")
        check("Team" not in govc.run("fields.ls"), "fields.ls after fields.rm")


@case("govc-settings")
def govc_settings(setup: Setup, report: Report) -> None:
    """govc option.ls and set, license.ls, add and remove, extension.info, session.ls."""
    program = setup.peer("govc")
    with setup.mock(record=setup.records("govc-settings", foreign=("requests",))) as server:
        govc = govc_facts.Govc(program, server.login)
        check("30" in govc.run("option.ls", "event.maxAge"), "option.ls")
        govc.run("option.set", "event.maxAge", "60")
        check("60" in govc.run("option.ls", "event.maxAge"), "option.ls after option.set")
        key = "AAAAA-BBBBB-CCCCC-DDDDD-12345"
        check(key in govc.run("license.add", key), "license.add")
        check(key in govc.run("license.ls"), "license.ls")
        govc.run("license.remove", key)
        check(key not in govc.run("license.ls"), "license.ls after license.remove")
        check("com.vmware.vim.eam" in govc.run("extension.info"), "extension.info")
        check(govc.run("session.ls").strip(), "session.ls")
