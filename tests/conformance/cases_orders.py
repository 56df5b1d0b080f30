# SPDX-License-Identifier: GPL-2.0-or-later
"""The orders that mock-vcenter takes are those that their published schema and documentation describe."""

from __future__ import annotations

import json
import re
import textwrap

import support
from registry import Report, case
from support import Setup, check, check_equal, run

FAULT = {"type": "FileLocked", "message": "x", "members": {"file": "[ds] a.vmdk"}}
GOOD = (
    {"do": {"status": 503}},
    [{"do": {"drop": drop}} for drop in ("before", "unanswered", "middle", "after")],
    {"orders": []},
    {"seed": 1, "orders": [{"note": "n", "do": {"fault": FAULT, "happens": True}}]},
    {"match": {"method": "Power*", "object": "web-01", "user": "*"}, "do": {"cut": 0}},
    {"when": {"from": 2, "every": 3, "times": 4, "probability": 0.5}, "do": {"truncate": 9}},
    {"when": {"call": 2}, "do": {"delay": "1s", "drip": 100, "malformed": True}},
    {"do": {"sessions": "all", "restart": "0s", "clock": "-5m"}},
    {"do": {"task": {"fail": FAULT, "at": 0, "happens": True}}},
    {"do": {"task": {"hang": True, "duration": "2d"}}},
    {"do": {"task": {"vanish": True}}},
)
BAD = (
    {}, 1, {"do": {}}, {"do": {"statsu": 503}}, {"do": {"status": 99}}, {"do": {"status": "503"}},
    {"do": {"drop": "sometimes"}}, {"do": {"delay": "soon"}}, {"do": {"delay": "-1s"}},
    {"do": {"drip": 0}}, {"do": {"fault": {"message": "x"}}}, {"do": {"cut": -1}},
    {"do": {"clock": "5"}}, {"do": {"task": {}}}, {"do": {"task": {"hang": True}, "delay": "1s"}},
    {"do": {"task": {"hang": True, "at": 101}}}, {"match": {"name": "x"}, "do": {"status": 503}},
    {"when": {"call": 0}, "do": {"status": 503}},
    {"when": {"call": 1, "every": 2}, "do": {"status": 503}},
    {"when": {"probability": 2}, "do": {"status": 503}},
    {"orders": [], "sed": 1}, {"orders": {}}, {"seed": -1, "orders": []},
)


def _documented() -> list[str]:
    """The indented blocks of the documentation that are JSON."""
    text = (support.ROOT / "docs" / "mock-orders.md").read_text(encoding="utf-8")
    blocks = re.findall(r"(?:^    .*\n(?:^\n(?=    ))?)+", text, re.MULTILINE)
    return [block for block in map(textwrap.dedent, blocks) if block.startswith("{")]


@case("orders-schema")
def orders_schema(setup: Setup, report: Report) -> None:
    """mock-vcenter and the published JSON Schema agree on what is an order."""
    schema = support.ROOT / "docs" / "mock-orders.schema.json"
    validate = [setup.python(), support.HERE / "check_schema.py", schema]
    documented = _documented()
    check(documented, "the documentation shows no file of orders")
    with setup.mock() as server, setup.folder() as folder:
        url = folder / "url"
        url.write_text(server.url + "\n", encoding="utf-8")
        add = [setup.program("mock-vcenter"), "ctl", "--url-file", url, "faults", "add", "-"]
        good = [json.dumps(each) for each in GOOD] + documented
        for valid, texts in ((True, good), (False, [json.dumps(each) for each in BAD])):
            for text in texts:
                check_equal(valid, run(validate, stdin=text).code == 0, f"the schema takes {text}")
                added = run(add, stdin=text)
                check_equal(valid, added.code == 0, f"mock-vcenter takes {text} ({added.stderr.strip()})")
    report.note(f"{len(good)} good orders and {len(BAD)} bad ones")
