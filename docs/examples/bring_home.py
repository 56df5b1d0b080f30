#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A config server in small: brings the machines of a plan home (docs/config-server.md says why so).

    bring_home.py PLAN DIGEST STATE [PROGRAM]

DIGEST is the plan's as it was approved, STATE the folder of the store, PROGRAM failback. Server, user and password
are in the environment: FAILBACK_URL, FAILBACK_USERNAME, FAILBACK_PASSWORD. Whatever ends it, call it again. It
ends with 0 when all is committed, else with the code of the call that a person has to look at. Needs no packages.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from typing import Any

RESULT = (0, 3)  # there is a document on standard output, and it may be acted on
# The server is away or slow, a signal stopped the call, another process works on the plan.
AGAIN = (6, 10, 12, 14)
TRIES = 20
PAUSE = float(os.environ.get("PAUSE", "30"))  # seconds


class AskSomebody(Exception):
    def __init__(self, code: int, text: str):
        super().__init__(text)
        self.code = code


class Failback:
    """The program, with one plan and one store."""

    def __init__(self, plan: str, state: str, program: str):
        self._start = [program]
        self._end = [plan, "--state", state, "-o", "json", "--progress", "jsonl"]

    def call(self, verb: str, *words: str) -> dict[str, Any]:
        """Calls a verb until it has a result. To call it again does nothing twice."""
        for tries in range(TRIES):
            if tries:
                time.sleep(PAUSE)
            code, document, said = self._once(verb, *words)
            if code in RESULT:
                return json.loads(document)
            # Negative: it was killed. What it had begun in vCenter goes on there, and is waited for.
            if code >= 0 and code not in AGAIN:
                raise AskSomebody(code, said + reasons(document))
        raise AskSomebody(code, f"{verb}: {TRIES} calls did not get there; the last said:\n{said}")

    def _once(self, verb: str, *words: str) -> tuple[int, str, str]:
        said: list[str] = []
        # A file, as a pipe that nobody reads while the progress is read could fill up.
        with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
            with subprocess.Popen([*self._start, verb, *self._end, *words], stdin=subprocess.DEVNULL, stdout=output,
                                  stderr=subprocess.PIPE, encoding="utf-8", errors="replace") as process:
                assert process.stderr is not None
                for line in process.stderr:
                    show(line, said)
            output.seek(0)
            return process.returncode, output.read(), "".join(said)


def show(line: str, said: list[str]) -> None:
    """A line of standard error: an event, or words for people."""
    event = json.loads(line) if line.startswith("{") else {}
    if "event" not in event:
        said.append(line)
    elif event["event"] in ("step", "failed", "machine"):
        who = event.get("machine", "all")  # what concerns the whole job names no machine
        print(f"{event['n']}/{event['m']} {who}: {event.get('text') or event['state']}", flush=True)


def reasons(document: str) -> str:
    """Of exit code 13: why machines failed, and what to do."""
    machines = json.loads(document)["machines"] if document else []
    return "".join(f"{each['name']}: {each['why']}\n  {each.get('remedy', '')}\n" for each in machines if "why" in each)


def replicate(machines: list[dict[str, Any]]) -> None:
    """Stands for your replication: it is told which disk of the master target is which, and begins to write."""
    for machine in machines:
        for disk in machine["disks"]:
            print(f"replicate {machine['id']}/{disk['id']} to serial {disk['serial']} on {machine['masterTarget']}")


def at_rest(machines: list[dict[str, Any]]) -> list[str]:
    """Stands for your replication: whose recovery point is applied, with its disks flushed and offline?"""
    return [machine["id"] for machine in machines]


def fail_back(failback: Failback, machines: list[dict[str, Any]]) -> None:
    """Until all are at home. Those that are not confirmed, or start after others, wait."""
    for tries in range(TRIES):
        if tries:
            time.sleep(PAUSE)
        confirmed = at_rest(machines)
        words = ["--confirm", ",".join(confirmed)] if confirmed else []
        result = failback.call("failback", *words)
        machines = result["machines"]
        silent = [each for each in machines if not each.get("healthy", True)]
        if silent:
            raise AskSomebody(3, "".join(f"{each['name']}: {each['why']}\n" for each in silent))
        if result["state"] == "home":
            return
    raise AskSomebody(3, "not all machines are home:\n" + reasons(json.dumps(result)))


def bring_home(plan: str, digest: str, state: str, program: str = "failback") -> None:
    failback = Failback(plan, state, program)
    now = failback.call("status")
    if now["state"] == "committed":
        return
    if now["kind"].startswith("cancel") and now["state"] != "cancelled":
        raise AskSomebody(2, "somebody is taking this job back")
    # A failback that has begun is never followed by a reprotect: the machine may run already.
    if now["kind"] not in ("failback", "commit"):
        now = failback.call("reprotect", "--approve", digest)
        replicate(now["machines"])
    if now["kind"] != "commit":
        fail_back(failback, now["machines"])
    result = failback.call("commit")
    if result["state"] != "committed":
        raise AskSomebody(3, reasons(json.dumps(result)))


def main() -> int:
    if len(sys.argv) not in (4, 5):
        print("usage: bring_home.py PLAN DIGEST STATE [PROGRAM]", file=sys.stderr)
        return 2
    try:
        bring_home(*sys.argv[1:])
    except AskSomebody as stopped:
        print(stopped, file=sys.stderr)
        return stopped.code
    print("home, and committed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
