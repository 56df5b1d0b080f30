# SPDX-License-Identifier: GPL-2.0-or-later
"""mock-vcenter as a process: its state outlives it."""

from __future__ import annotations

import pathlib

import cases_vms
import govc_facts
from registry import Report, case
from support import Server, Setup, check, check_equal, run

FOLDER = "/DC1/vm/Production/Linux/"


def _change_and_save(setup: Setup, server: Server, govc: govc_facts.Govc, state: pathlib.Path) -> None:
    govc.run("vm.power", "-off", FOLDER + "web-01")
    govc.run("snapshot.create", "-vm", FOLDER + "db-01", "kept")
    run([setup.program("mock-vcenter"), "ctl", "--url", server.url, "save"], deadline=30).expect(0)
    check_equal(0o600, state.stat().st_mode & 0o777, "mode of the state file")
    # What comes after that is in the file that the end writes.
    govc.run("object.rename", FOLDER + "web-01", "web-99")


@case("mock-state")
def mock_state(setup: Setup, report: Report) -> None:
    """With --state, a server that ends is the same one in the next process."""
    program = setup.peer("govc")
    with setup.folder() as folder:
        state = folder / "state.json"
        before: tuple[str, str] | None = None
        for _ in range(3):
            with setup.mock("--state", str(state), "--task-time", "20ms") as server:
                govc = govc_facts.Govc(program, server.login)
                known = (server.login.password, server.login.thumbprint("sha256"))
                if before is None:
                    _change_and_save(setup, server, govc, state)
                    before = known
                    continue
                check_equal(before, known, "password and thumbprint")
                check_equal("poweredOff", cases_vms._power(govc, FOLDER + "web-99"), "power state")
                tree = govc.run("snapshot.tree", "-vm", FOLDER + "db-01")
                check("kept" in tree, f"the snapshot is lost: {tree}")
                check_equal(0, server.stop(), "exit code of mock-vcenter after SIGTERM")
        broken = folder / "broken.json"
        broken.write_text('{"format": "mock-vcenter-state", "version": 1, "server": {}}')
        refused = run([setup.program("mock-vcenter"), "--state", broken], deadline=30)
        check(refused.code == 1 and str(broken) in refused.stderr and "/server: the member" in refused.stderr,
              f"a broken state is refused: {refused.transcript()}")
    with setup.mock() as server:
        result = run([setup.program("mock-vcenter"), "ctl", "--url", server.url, "save"], deadline=30)
        check(result.code != 0 and "--state" in result.stderr, result.transcript())
    report.note("3 processes, one server")
