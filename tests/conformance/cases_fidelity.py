# SPDX-License-Identifier: GPL-2.0-or-later
"""Where mock-vcenter must be truer than vcsim: a test per row of docs/mock-fidelity.md, by pyVmomi.

The checks are in fidelity_*.py. Those of them that are right in vcsim, too, run there as well: they show
that the check itself asks for what others take for true.
"""

from __future__ import annotations

import pathlib
from dataclasses import dataclass

from registry import CASES, Case, Report
from support import HERE, Server, Setup, TestFailure, check, run

VCSIM = "vcsim"


@dataclass(frozen=True)
class Row:
    """One row: what it proves, the sites it runs on, the mock's options there."""

    name: str
    what: str
    sites: tuple[str, ...] = ("site",)
    options: tuple[str, ...] = ("--task-time", "30ms")
    alone: bool = False  # it compares times, or must be quicker than a task


ROWS = (
    Row("snapshot", "A snapshot gives each persistent disk a delta that stands on the former file.",
        ("site", "mt-snapshot")),
    Row("consolidate", "Removing snapshots merges deltas, takes time, may fail half-way, and is repaired.",
        ("site", "stuck-merge", VCSIM), alone=True),
    Row("storage-vmotion", "A Storage vMotion moves and renames the machine's files, and events say so."),
    Row("shared-disk", "A VMDK that two machines have is one file: moved with one, it is gone for the other."),
    Row("names", "A taken name is DuplicateName with the object.", ("site", VCSIM)),
    Row("add-vmdk", "An existing VMDK is read from its file; wrong places for it are refused."),
    Row("keys", "Controllers are 1000.., disks 2000 + 16 x bus + unit, negative keys are placeholders.",
        ("site", VCSIM)),
    Row("remove-device", "A removed disk's file stays; unknown keys and controllers in use are errors.",
        ("site", VCSIM)),
    Row("change-version", "A stale changeVersion is ConcurrentAccess.", ("site", VCSIM)),
    Row("one-task", "A second reconfiguration while one runs is TaskInProgress.", options=("--task-time", "400ms"),
        alone=True),
    Row("power", "Power operations fail as they do on a real server, and questions stop them.",
        ("site", "question", VCSIM)),
    Row("disk-enableuuid", "Flag and option are one setting, which the guest sees from the next power-on."),
    Row("content-id", "A disk's contentId changes when somebody wrote to it, and only then."),
    Row("instance-uuids", "No two machines have one instance UUID; clones copy marks.", ("site", VCSIM)),
    Row("checkers", "The checkers judge a specification and change nothing."),
    Row("uuids", "A disk's UUID sticks, moves with it, and is copied with it."),
    Row("datastores", "Types, mounts per host, maintenance, sizes; vSAN and vVol hold no file at the top.",
        ("site", "troubled", "volumes", VCSIM)),
    Row("permissions", "Roles per entity with propagation; what may not be seen is not there.",
        ("permissions", VCSIM)),
    Row("licence", "With the free edition every write is RestrictedVersion.", ("free-licence",)),
    Row("collector", "Versions, partial updates, pages and cancelling of the property collector.",
        ("site", VCSIM)),
    Row("tasks", "Tasks are queued, run with progress, end; a cancelled one stays cancelled.",
        ("site", VCSIM), options=("--task-time", "400ms"), alone=True),
    Row("drs", "Overrides of machines hold in clusters and datastore clusters; others are moved.",
        ("site", VCSIM)),
    Row("register", "Registering reads the .vmx: disks and UUIDs come back."),
    Row("never", "A bad request never ends the process.", ("site", VCSIM)),
)


def _run(setup: Setup, report: Report, row: Row, site: str, server: Server, url_file: pathlib.Path) -> None:
    env = server.login.govc() | {"MOCK_VCENTER": str(setup.bin / "mock-vcenter"),
                                 "MOCK_VCENTER_URL_FILE": str(url_file)}
    result = run([setup.python(), HERE / "fidelity.py", row.name, site, ",".join(row.sites)], deadline=180,
                 env=env)
    lines = result.stdout.splitlines()
    if result.code != 0:
        raise TestFailure(f"on {site}:\n{result.stdout}{result.stderr}")
    report.note(f"{site}: {len(lines)} checks")
    check(server.alive(), f"the server died on {site}")


def _prove(setup: Setup, report: Report, row: Row) -> None:
    setup.python()
    for site in row.sites:
        if site == VCSIM:
            with setup.vcsim("-vm", "3") as server, setup.folder() as folder:
                _run(setup, report, row, site, server, folder / "none")
            continue
        record = setup.records(f"fidelity-{row.name}-{site}", foreign=("requests",))
        own = HERE / f"fidelity_{site}.json"
        with setup.mock(*row.options, record=record, scenario=str(own if own.is_file() else site)) as server, setup.folder() as folder:
            url_file = folder / "url"
            url_file.touch(mode=0o600)
            url_file.write_text(server.url + "\n", encoding="utf-8")
            _run(setup, report, row, site, server, url_file)


def _register() -> None:
    for row in ROWS:
        CASES.append(Case(f"fidelity-{row.name}", row.what,
                          lambda setup, report, row=row: _prove(setup, report, row), row.alone))


_register()
