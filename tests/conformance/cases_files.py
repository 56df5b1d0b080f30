# SPDX-License-Identifier: GPL-2.0-or-later
"""Files and virtual disks of mock-vcenter, handled by clients that nobody here wrote."""

from __future__ import annotations

import pathlib

import govc_facts
from registry import Report, case
from support import Server, Setup, check, check_equal, run

DISK = "kept/renamed.vmdk"


class Store:
    """govc on one datastore."""

    def __init__(self, govc: govc_facts.Govc, name: str):
        self.govc = govc
        self.name = name

    def do(self, command: str, *arguments: str) -> str:
        return self.govc.run(command, "-ds", self.name, *arguments)

    def refused(self, reason: str, command: str, *arguments: str) -> None:
        result = self.govc.try_run(command, "-ds", self.name, *arguments)
        check(result.code != 0 and reason in result.stderr + result.stdout,
              f"expected '{reason}': {result.transcript()}")

    def names(self, path: str = "") -> list[str]:
        return sorted(self.do("datastore.ls", path).split())


def _directories(store: Store) -> None:
    store.do("datastore.mkdir", "made")
    store.refused("already exists", "datastore.mkdir", "made")
    store.do("datastore.mkdir", "-p", "deep/deeper")
    check("made" in store.names() and "deep" in store.names(), "the directories are not listed")
    check("deeper" in store.do("datastore.ls", "-R", "deep"), "the listing does not go down")
    store.do("datastore.rm", "deep")
    store.refused("not found", "datastore.ls", "deep")


def _disks(store: Store) -> None:
    store.do("datastore.disk.create", "-size", "1G", "made/first.vmdk")
    store.refused("already exists", "datastore.disk.create", "-size", "1G", "made/first.vmdk")
    store.do("datastore.cp", "made/first.vmdk", "made/second.vmdk")
    store.do("datastore.mkdir", "kept")
    store.do("datastore.mv", "made/second.vmdk", DISK)
    check(DISK.split("/")[1] in store.names("kept"), "the disk did not move")
    store.do("datastore.disk.inflate", DISK)
    store.do("datastore.rm", "made")
    check("made" not in store.names(), "the directory is still there")


def _transfers(program: pathlib.Path, server: Server, folder: pathlib.Path) -> None:
    # Tickets are for hosts, and there are none to connect to: vCenter serves the files itself.
    env = server.login.govc() | {"GOVMOMI_USE_SERVICE_TICKET": "0"}

    def transfer(command: str, *arguments: str | pathlib.Path) -> str:
        return run([program, command, "-ds", "vmfs-01", *arguments], deadline=60, env=env).expect(0).stdout

    original = folder / "original"
    original.write_bytes(bytes(range(256)) * 4000)
    transfer("datastore.upload", original, "kept/uploaded.bin")
    transfer("datastore.download", "kept/uploaded.bin", folder / "copy")
    check_equal(original.read_bytes(), (folder / "copy").read_bytes(), "what came back")
    text = transfer("datastore.download", "web-01/web-01.vmx", "-")
    check('displayName = "web-01"' in text, f"the .vmx does not name its machine: {text}")
    check("web-01" in transfer("datastore.tail", "web-01/web-01.vmx"), "tail shows nothing")


@case("govc-files")
def govc_files(setup: Setup, report: Report) -> None:
    """govc makes, lists, copies, moves and removes directories and disks."""
    program = setup.peer("govc")
    with setup.mock("--task-time", "20ms",
                    record=setup.records("govc-files", foreign=("requests",))) as server:
        store = Store(govc_facts.Govc(program, server.login), "vmfs-01")
        before = store.names()
        _directories(store)
        _disks(store)
        with setup.folder() as folder:
            _transfers(program, server, folder)
        check_equal(sorted([*before, "kept"]), store.names(), "what is left at the top")
        check(server.alive(), "the mock died")
        report.note("directories, disks, transfers")
