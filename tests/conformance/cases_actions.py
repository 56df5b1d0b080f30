# SPDX-License-Identifier: GPL-2.0-or-later
"""Everything that the client can change, over the network, on mock-vcenter."""

from __future__ import annotations

from registry import Report, case
from support import Setup, check_equal, run

# What actions_probe says of each of its calls, in their order.
EXPECTED = """
power-off success
attach success
attach-stale ConcurrentAccess
detach success
set-uuid done
uuid done
check done
create success
create-again DuplicateName
rename success
destroy success
snapshot success
snapshot success
remove-snapshot success
revert success
remove-all success
consolidate success
drs success
storage-drs success
drs success
storage-drs success
drs success
storage-drs success
drs InvalidArgument
storage-drs InvalidArgument
power-on success
shutdown done
answer InvalidArgument
logged out
""".strip().splitlines()


@case("calls-changes")
def calls_changes(setup: Setup, report: Report) -> None:
    """The client changes machines, files, snapshots and overrides, and each of its calls is right."""
    program = setup.test_program("actions_probe")
    with setup.mock() as server:
        result = run([program, setup.records("calls-changes")], deadline=150,
                     env=server.login.failback())
    check_equal(EXPECTED, result.expect(0).stdout.splitlines(), "what the calls ended with")
    report.note(f"{len(EXPECTED) - 1} calls")
