# SPDX-License-Identifier: GPL-2.0-or-later
"""Roles and permissions of mock-vcenter, managed and felt with govc."""

from __future__ import annotations

import contextlib
import dataclasses
import json
import pathlib
from collections.abc import Iterator

import govc_facts
from registry import Report, case
from support import Server, Setup, check, check_equal, run

ASR = "asr@vsphere.local"


class Account:
    """govc as one user of the server."""

    def __init__(self, program: pathlib.Path, server: Server, user: str):
        self._program = program
        login = dataclasses.replace(server.login, username=user)
        self._env = login.govc()
        self.govc = govc_facts.Govc(program, login)

    def run(self, *arguments: str) -> str:
        return self.govc.run(*arguments)

    def refused(self, *arguments: str) -> str:
        """What govc says of a call that the server refuses."""
        result = run([self._program, *arguments], env=self._env)
        check(result.code != 0, f"it was not refused:\n{result.transcript()}")
        return result.stderr

    def machines(self) -> list[str]:
        return sorted(self.run("find", "/", "-type", "m").split())


@contextlib.contextmanager
def accounts(setup: Setup, name: str, *users: str
             ) -> Iterator[tuple[pathlib.Path, list[Account]]]:
    """Where the answers are recorded; govc as the administrator, then as the users."""
    asked = setup.records(name, foreign=("requests",))
    with setup.mock(record=asked, scenario="permissions") as server:
        program = setup.peer("govc")
        names = (server.login.username, *users)
        yield asked, [Account(program, server, user) for user in names]


def roles(account: Account) -> dict[str, dict]:
    found = json.loads(account.run("role.ls", "-json"))
    found = found if isinstance(found, list) else found["roles"]
    return {role["name"]: role for role in found}


@case("permissions-roles")
def permissions_roles(setup: Setup, report: Report) -> None:
    """govc lists, creates, changes and removes roles."""
    with accounts(setup, "permissions-roles") as (_, [admin]):
        before = roles(admin)
        for role, number in (("Admin", -1), ("ReadOnly", -2), ("NoAccess", -5)):
            check_equal(number, before[role]["roleId"], f"id of {role}")
            check(before[role]["system"], f"{role} is of the system")
        admin.run("role.create", "Starter", "VirtualMachine.Interact.PowerOn")
        check("VirtualMachine.Interact.PowerOn" in roles(admin)["Starter"]["privilege"],
              "the new role has its privilege")
        check("already exists" in admin.refused("role.create", "Starter"), "the name is taken")
        admin.run("role.update", "-name", "Stopper", "Starter", "VirtualMachine.Interact.PowerOff")
        changed = roles(admin)
        check("Starter" not in changed, "the old name is gone")
        listed = admin.run("role.ls", "Stopper").split()
        check_equal(["System.Anonymous", "System.Read", "System.View",
                     "VirtualMachine.Interact.PowerOff"], sorted(listed), "the role's privileges")
        admin.refused("role.remove", "Admin")
        admin.run("role.remove", "Stopper")
        check_equal(sorted(before), sorted(roles(admin)), "roles at the end")
        report.note(f"{len(before)} roles, {len(before['Admin']['privilege'])} privileges")


@case("permissions-set")
def permissions_set(setup: Setup, report: Report) -> None:
    """govc sets and removes permissions; they are felt at once."""
    with accounts(setup, "permissions-set", ASR) as (_, [admin, asr]):
        web = "/DC1/vm/Production/web-01"
        admin.run("permissions.set", "-principal", ASR, "-role", "NoAccess", "/DC1/vm/Production")
        check("NoAccess" in admin.run("permissions.ls", "/DC1/vm/Production"), "it is listed")
        check(web not in asr.machines(), "a machine without access is seen")
        admin.refused("permissions.set", "-principal", "nobody@vsphere.local", "-role", "Admin",
                      "/DC1")
        admin.refused("role.remove", "Azure_Site_Recovery")
        check("Azure_Site_Recovery" in roles(admin), "a role in use is gone")
        admin.run("permissions.remove", "-principal", ASR, "/DC1/vm/Production")
        check(web in asr.machines(), "it is seen again")


@case("permissions-felt")
def permissions_felt(setup: Setup, report: Report) -> None:
    """What accounts of many rights see with govc, and what they are told when they may not."""
    users = (ASR, "readonly", "outsider@vsphere.local", "viewer@vsphere.local")
    with accounts(setup, "permissions-felt", *users) as (asked, people):
        admin, asr, reader, outsider, viewer = people
        everything = admin.machines()
        web = "/DC1/vm/Production/web-01"
        check_equal(everything, reader.machines(), "machines that the read-only account sees")
        check_equal([vm for vm in everything if vm.startswith("/DC1/")], asr.machines(),
                    "machines of the vendor's account")
        check_equal([vm for vm in everything if "/Secret/" not in vm], outsider.machines(),
                    "machines of the account without one folder")
        # govc asks for parentVApp when it prints a path, and View alone does not show that.
        check_equal(1, len(viewer.run("find", "-i", "/", "-type", "m").split()),
                    "machines of the account with View on one")
        check("Secret" not in outsider.run("ls", "/DC1/vm"), "the hidden folder is listed")
        check("DC2" not in asr.run("ls", "/"), "the other datacenter is listed")
        check("not found" in asr.refused("folder.info", "/DC2/vm"), "a hidden folder is found")
        check("poweredOn" in reader.run("vm.info", web), "the read-only account reads the state")
        check("Permission" in reader.refused("vm.power", "-off", web), "a reader powers off")
        answers = [file.read_text() for file in asked.glob("*-PowerOffVM_Task.response.xml")]
        check_equal(1, len(answers), "answers to PowerOffVM_Task")
        check("<privilegeId>VirtualMachine.Interact.PowerOff</privilegeId>" in answers[0],
              f"the privilege is not named: {answers[0]}")
        asr.run("vm.power", "-off", web)
        asr.run("vm.power", "-on", web)
        check("Permission" in asr.refused("cluster.create", "-folder", "/DC1/host", "x"),
              "the vendor's account makes no clusters")
