# SPDX-License-Identifier: GPL-2.0-or-later
"""The calls that a job makes, with many disks over several master targets."""

from __future__ import annotations

import json
import re

import rule_pairs
from cases_check import _login, _server
from cases_jobs import MT, Day
from registry import Report, case
from support import Setup, check, check_equal, run

MACHINES, DISKS = 4, 15


@case("jobs-calls-two-targets")
def jobs_calls_two_targets(setup: Setup, report: Report) -> None:
    """At most 10 calls and 6 per machine, beside pages, waits and the login: 4 machines of 15 disks on two targets."""
    scenario = rule_pairs.site()
    made = rule_pairs.Site(scenario, {})
    made.dc["vms"] = [each for each in made.dc["vms"] if each["name"] not in ("web-01", "db-01")]
    names = [f"node-{number}" for number in range(MACHINES)]
    for name in names:
        node = rule_pairs.machine(name, *["10GiB"] * DISKS)
        node.update(powered=True, addresses=["10.0.1.1"], snapshots=[{"name": "before"}])
        made.dc["vms"].append(node)
    with setup.folder() as folder, _server(setup, folder, scenario) as server:
        env = _login(server).failback()
        wide, plan = folder / "wide.yaml", folder / "plan.yaml"
        run([setup.program("failback"), "plan", "init", "--quiet",
             *(word for name in names for word in ("--machine", name)), "--master-target", MT, "--datastore", "vmfs-01",
             "--allow-power-off", "--allow-merge", "--out", str(wide)], env=env).expect(0, 3)
        # One master target has not slots enough: the plan is spread over two.
        run([setup.program("failback"), "check", str(wide), "--split", str(plan), "--quiet"], env=env)
        check(plan.exists(), "no split was found")
        today = Day(setup, server, folder, plan)
        result = today.failback("reprotect", "-o", "json", "--quiet", "--calls", deadline=200).expect(0)
        machines = json.loads(result.stdout)["machines"]
        check_equal({"protected"}, {each["state"] for each in machines}, "machines")
        check_equal(2, len({each["masterTarget"] for each in machines}), "master targets")
        places = {(each["masterTarget"], disk["mt"]["bus"], disk["mt"]["unit"])
                  for each in machines for disk in each["disks"]}
        check_equal(MACHINES * DISKS, len(places), "slots")
        found = re.search(r"(\d+) of them counted", result.stderr)
        check(found is not None, result.stderr[-2000:])
        calls = int(found.group(1)) if found else 0
        budget = 10 + 6 * MACHINES
        by_method = re.findall(r"^ +(\d+) (\w+)$", result.stderr, re.MULTILINE)
        check(calls <= budget, f"{calls} calls, of {budget}: {by_method}")
        report.note(f"{calls} calls, of {budget}: {', '.join(f'{count} {name}' for count, name in by_method)}")
