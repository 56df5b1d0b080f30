# SPDX-License-Identifier: GPL-2.0-or-later
"""Clients that nobody here wrote must be content with mock-vcenter."""

from __future__ import annotations

import json

import govc_facts
from registry import Report, case
from support import HERE, Server, Setup, TestFailure, check, check_equal, run


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
