# SPDX-License-Identifier: GPL-2.0-or-later
"""Clients that nobody here wrote must be content with mock-vcenter."""

from __future__ import annotations

import json
import pathlib
import subprocess

import govc_facts
from registry import Report, case
from support import (HERE, Server, Setup, TestFailure, check, check_equal, end_with_parent, run)


def _first(govc: govc_facts.Govc, kind: str) -> str:
    paths = govc.paths(kind)
    check(paths, f"govc find -type {kind} finds nothing")
    return paths[0]


def _reading_commands(govc: govc_facts.Govc) -> list[tuple[str, ...]]:
    vm, host, datastore = _first(govc, "m"), _first(govc, "h"), _first(govc, "s")
    pool, network, datacenter = _first(govc, "p"), _first(govc, "n"), _first(govc, "d")
    return [
        ("about",), ("about", "-l"), ("ls",), ("ls", "-l", datacenter), ("ls", "-i", datacenter),
        ("ls", datacenter + "/vm"), ("find", "/"), ("find", "-l", "/"), ("find", "-i", "/"),
        ("find", "/", "-type", "m", "-runtime.powerState", "poweredOn"),
        ("find", datacenter, "-name", "*0*"),
        ("vm.info", vm), ("vm.info", "-json", vm), ("vm.info", "-r", vm), ("vm.info", "-e", vm),
        ("datastore.info", datastore), ("datastore.info", "-json", datastore),
        ("host.info", "-host", host), ("host.info", "-json", "-host", host),
        ("datacenter.info", datacenter), ("folder.info", datacenter + "/vm"),
        ("pool.info", pool), ("pool.info", "-json", pool),
        ("device.ls", "-vm", vm), ("device.info", "-vm", vm), ("device.info", "-json", "-vm", vm),
        ("snapshot.tree", "-vm", vm), ("snapshot.tree", "-json", "-vm", vm),
        ("object.collect", vm, "name", "runtime.powerState"), ("object.collect", "-json", vm),
        ("object.collect", "-json", host, "summary"), ("object.collect", network),
        ("object.collect", "-s", vm, "config.hardware.device"),
        ("object.collect", "-type", "m", datacenter, "name"),
        ("object.collect", "-"), ("tasks",), ("session.ls",), ("license.ls",),
    ]


@case("govc-on-mock")
def govc_on_mock(setup: Setup, report: Report) -> None:
    """govc's reading commands run on the mock and say something."""
    program = setup.peer("govc")
    with setup.mock(record=setup.records("govc-on-mock", foreign=("requests",))) as server:
        govc = govc_facts.Govc(program, server.login)
        failures = []
        commands = _reading_commands(govc)
        for command in commands:
            result = govc.try_run(*command)
            if result.code != 0:
                failures.append(f"govc {' '.join(command)}: {result.stderr.strip()[:300]}")
            elif not result.stdout.strip() and command[0] not in ("tasks", "snapshot.tree"):
                failures.append(f"govc {' '.join(command)}: no output")
        report.note(f"{len(commands) - len(failures)} of {len(commands)} commands")
        check(not failures, "\n".join(failures))
        _check_lookups(govc)
        _check_sessions(govc, server)


def _check_lookups(govc: govc_facts.Govc) -> None:
    """A VM is found by its UUIDs, and by its name."""
    path = _first(govc, "m")
    info = json.loads(govc.run("vm.info", "-json", path))["virtualMachines"][0]
    for flag, uuid in (("-vm.uuid", info["config"]["uuid"]),
                       ("-vm.uuid", info["config"]["instanceUuid"]),
                       ("-vm.ipath", path)):
        found = json.loads(govc.run("vm.info", "-json", flag, uuid))["virtualMachines"]
        check_equal([info["self"]], [vm["self"] for vm in found], f"VM by {flag} {uuid}")


def _check_sessions(govc: govc_facts.Govc, server: Server) -> None:
    login = server.login
    check_equal(0, govc.sessions(login.username), "sessions that are left over")
    wrong = govc_facts.Govc(govc.program, login.with_password("wrong"))
    result = wrong.try_run("about", "-l")
    result = wrong.try_run("ls") if result.code == 0 else result
    check(result.code != 0 and "incorrect user name or password" in result.stderr,
          f"govc with a wrong password: {result.transcript()}")


@case("pyvmomi-on-mock")
def pyvmomi_on_mock(setup: Setup, report: Report) -> None:
    """pyVmomi's usual steps: connect, views, properties, pages, updates, searches, faults."""
    python = setup.python()
    with setup.mock(record=setup.records("pyvmomi-on-mock", foreign=("requests",))) as server:
        result = run([python, HERE / "pyvmomi_client.py"], deadline=120, env=server.login.govc())
        for line in result.stdout.splitlines():
            report.note(line)
        result.expect(0)
        check(server.alive(), "the mock died")


@case("pyvmomi-on-vcsim")
def pyvmomi_on_vcsim(setup: Setup, report: Report) -> None:
    """The same steps on vcsim, but for those where it is known to be wrong: they test the mock."""
    python = setup.python()
    wrong_there = ("single_properties", "everything", "updates", "wrong_requests")
    with setup.vcsim("-vm", "3") as server:
        result = run([python, HERE / "pyvmomi_client.py", *wrong_there], deadline=120,
                     env=server.login.govc())
        if result.code != 0:
            raise TestFailure(result.transcript())


@case("vim-decode")
def vim_decode(setup: Setup, report: Report) -> None:
    """vim-decode reads every answer that failback got from vcsim and from the mock."""
    program = setup.program("vim-decode")
    with setup.vcsim("-vm", "3") as server:
        folder = setup.vcsim_records("vim-decode-vcsim")
        setup.discover(server, "--full", record=folder)
    answers = sorted(folder.glob("*.response.xml"))
    with setup.mock() as server:
        folder = setup.records("vim-decode-mock")
        setup.discover(server, "--full", record=folder)
    answers += sorted(folder.glob("*.response.xml"))
    check(len(answers) > 10, f"only {len(answers)} answers were recorded")
    result = run([program, *answers], deadline=120).expect(0)
    check(result.stdout.strip(), "vim-decode printed nothing")
    report.note(f"{len(answers)} answers decoded")


def _probe(setup: Setup, server: Server, record: pathlib.Path, page_size: int,
           *steps: str) -> list[str]:
    """Runs the probe of our client; returns its lines."""
    command = [setup.test_program("client_probe"), record, str(page_size), *steps]
    return run(command, deadline=90, env=server.login.failback()).expect(0).stdout.splitlines()


def _words(lines: list[str], first: str) -> list[list[str]]:
    return [line.split()[1:] for line in lines if line.split()[0] == first]


def _check_pages_and_searches(setup: Setup, server: Server, record: pathlib.Path,
                              govc: govc_facts.Govc) -> None:
    vms = sorted(_morefs(govc, "m"))
    for size in (2, 1000):
        lines = _probe(setup, server, record, size, "pages", "abandon", "search", "licenses")
        check_equal(vms, sorted(ref for ref, in _words(lines, "page")), f"VMs in pages of {size}")
        hits = _words(lines, "found")
        check_equal(sorted(vms * 2), sorted(hit for vm, hit in hits if vm == hit),
                    "VMs found by their instance UUID and their BIOS UUID")
        check_equal([["0"]], _words(lines, "unknown"), "hits of a UUID that is nobody's")
        check_equal([["out"]], _words(lines, "logged"), "end of the session")


def _morefs(govc: govc_facts.Govc, kind: str) -> list[str]:
    return [line.split(":")[-1] for line in govc.run("find", "-i", "/", "-type",
                                                     kind).splitlines()]


def _check_watch(setup: Setup, server: Server, record: pathlib.Path, govc: govc_facts.Govc) -> None:
    """The client watches, govc changes a VM's power state, the client tells of just that."""
    on = govc.run("find", "/", "-type", "m", "-runtime.powerState", "poweredOn").splitlines()
    check(on, "there is a running VM to power off")
    ref = json.loads(govc.run("vm.info", "-json", on[0]))["virtualMachines"][0]["self"]["value"]
    command = [str(setup.test_program("client_probe")), str(record), "100", "watch",
               "runtime.powerState"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                               stderr=subprocess.PIPE, env=server.login.failback(),
                               preexec_fn=end_with_parent)
    try:
        # The probe itself ends after its deadline of 60 s, so this loop does too.
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if lines[-1] == "watching":
                govc.run("vm.power", "-off", on[0])
        _, err = process.communicate(timeout=90)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
    check_equal(0, process.returncode, f"exit code of the watching client ({err})")
    check_equal(sorted(_morefs(govc, "m")), sorted(r for r, in _words(lines, "enter")),
                "VMs that entered")
    check([ref, "runtime.powerState"] in _words(lines, "change"), f"no change told: {lines}")
    others = {moref for moref, _ in _words(lines, "change")} - {ref}
    check_equal(set(), others, "VMs that changed without being touched")


def _check_tasks(setup: Setup, server: Server, record: pathlib.Path, govc: govc_facts.Govc) -> None:
    """The client awaits a task that govc has started."""
    vm = _first(govc, "m")
    read = json.loads(govc.run("object.collect", "-json", "-s", vm, "recentTask"))
    read = read.get("_value") if isinstance(read, dict) else read
    tasks = [task["value"] for task in read or []]
    check(tasks, f"{vm} has a recent task")
    lines = _probe(setup, server, record, 100, "tasks", *tasks)
    check_equal([[task, "success"] for task in tasks],
                [words[:2] for words in _words(lines, "task")], "final states of tasks")
    check(_words(lines, "cancel"), "the answer to the cancelling of a task that has ended")


@case("client-on-vcsim")
def client_on_vcsim(setup: Setup, report: Report) -> None:
    """Our client on vcsim: pages, searches by UUID, watching while govc changes, tasks."""
    with setup.vcsim("-cluster", "2", "-vm", "60") as server:
        record = setup.vcsim_records("client-on-vcsim")
        govc = govc_facts.Govc(setup.peer("govc"), server.login)
        _check_pages_and_searches(setup, server, record, govc)
        _check_watch(setup, server, record, govc)
        govc.run("vm.change", "-vm", _first(govc, "m"), "-annotation", "changed")
        _check_tasks(setup, server, record, govc)
        check_equal(0, govc.sessions(server.login.username), "sessions that are left over")


@case("client-on-mock")
def client_on_mock(setup: Setup, report: Report) -> None:
    """The same of our client on mock-vcenter, whose pages hold at most 100 objects."""
    asked = setup.records("client-on-mock-server", foreign=("requests",))
    with setup.mock(record=asked, scenario="generate:hosts=4,datastores=4,vms=120") as server:
        record = setup.records("client-on-mock")
        govc = govc_facts.Govc(setup.peer("govc"), server.login)
        _check_pages_and_searches(setup, server, record, govc)
        _check_watch(setup, server, record, govc)
        govc.run("vm.change", "-vm", _first(govc, "m"), "-annotation", "changed")
        _check_tasks(setup, server, record, govc)
        check_equal(0, govc.sessions(server.login.username), "sessions that are left over")
