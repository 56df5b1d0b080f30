# SPDX-License-Identifier: GPL-2.0-or-later
"""failback reads just the plan documents that their published schema describes."""

from __future__ import annotations

import copy
import json
from typing import Any, Callable

import support
from registry import Report, case
from support import Setup, check, check_equal, run

Change = Callable[[dict[str, Any]], Any]


def _machine(plan: dict[str, Any]) -> dict[str, Any]:
    return plan["machines"][0]


# Each changes one thing in the example.
GOOD: tuple[Change, ...] = (
    lambda plan: None,
    lambda plan: plan.update(policy=None),
    lambda plan: plan["policy"].update(unknown="warn"),
    lambda plan: _machine(plan).update(recoveryOrder=100),
    lambda plan: _machine(plan)["consents"].update(extendDisks=True),
    lambda plan: _machine(plan)["home"].update(networks={}),
    lambda plan: _machine(plan)["home"].update(folder=""),
    lambda plan: _machine(plan)["source"]["nics"].clear(),
    lambda plan: plan.update(servers={"configServer": "10.0.0.4:443", "processServer": "[fd00::4]"}),
)
BAD: tuple[Change, ...] = (
    lambda plan: plan.pop("id"),
    lambda plan: plan.update(id="5F1C7D52"),
    lambda plan: plan.update(version=2),
    lambda plan: plan.update(machines=[]),
    lambda plan: plan.update(machines={}),
    lambda plan: plan.update(colour="red"),
    lambda plan: plan.pop("vcenter"),
    lambda plan: plan["policy"].update(unknown="maybe"),
    lambda plan: plan["policy"].update(parallelMachines=0),
    lambda plan: plan["deadlines"].update(taskSeconds="1h"),
    lambda plan: _machine(plan).update(id="web 01"),
    lambda plan: _machine(plan).update(recoveryOrder=1.5),
    lambda plan: _machine(plan).pop("masterTarget"),
    lambda plan: _machine(plan).update(masterTarget=""),
    lambda plan: _machine(plan)["home"].pop("datastore"),
    lambda plan: _machine(plan)["home"].update(networks={"VM Network": 7}),
    lambda plan: _machine(plan)["home"].update(onNameClash="overwrite"),
    lambda plan: _machine(plan)["source"].update(cpus="4"),
    lambda plan: _machine(plan)["source"].update(firmware=None),
    lambda plan: _machine(plan)["source"]["disks"].clear(),
    lambda plan: _machine(plan)["source"]["disks"][0].update(capacityBytes=0),
    lambda plan: _machine(plan)["source"]["disks"][0].update(uuid="6000C29"),
    lambda plan: _machine(plan)["source"]["nics"][0].update(mac="00:50:56:9A:01:02"),
    lambda plan: plan.update(servers={"configServer": "https://10.0.0.4/"}),
)


@case("plan-schema")
def plan_schema(setup: Setup, report: Report) -> None:
    """failback and the published JSON Schema agree on what is a plan."""
    schema = support.ROOT / "docs" / "plan.schema.json"
    validate = [setup.python(), support.HERE / "check_schema.py", schema]
    show = [setup.program("failback"), "plan", "show", "-", "-o", "json"]
    written = run([*show[:3], support.ROOT / "docs" / "examples" / "plan.yaml", "-o", "json"])
    check(written.code == 0, written.stderr)
    example = json.loads(written.stdout)
    for valid, changes in ((True, GOOD), (False, BAD)):
        for number, change in enumerate(changes):
            plan = copy.deepcopy(example)
            change(plan)
            text = json.dumps(plan)
            where = f"{'good' if valid else 'bad'} plan {number}"
            check_equal(valid, run(validate, stdin=text).code == 0, f"the schema takes {where}")
            read = run(show, stdin=text)
            check_equal(0 if valid else 2, read.code, f"failback takes {where} ({read.stderr.strip()})")
    report.note(f"{len(GOOD)} good plans and {len(BAD)} bad ones")
