# SPDX-License-Identifier: GPL-2.0-or-later
"""The judge of messages: its own tests, and what it says of programs that others wrote."""

from __future__ import annotations

import json
import os
import pathlib
import shutil
import sys

import govc_facts
from registry import Report, case
from support import HERE, Setup, Skipped, check, check_equal, run


def _judge(setup: Setup, *arguments: object, codes: tuple[int, ...] = (0,)) -> tuple[str, dict]:
    """Runs the judge; returns what it printed and its counts."""
    with setup.folder() as folder:
        command = [setup.python(), HERE / "judge.py", "--json", folder / "counts.json", *arguments]
        result = run(command, deadline=300).expect(*codes)
        return result.stdout, json.loads((folder / "counts.json").read_text("utf-8"))


@case("runner-itself")
def runner_itself(setup: Setup, report: Report) -> None:
    """The runner of these tests tells every failure, runs alone what must be, and leaves nothing running."""
    run([sys.executable, HERE / "test_workers.py"], deadline=120).expect(0)


@case("judge-itself")
def judge_itself(setup: Setup, report: Report) -> None:
    """The judge passes right messages and finds each kind of wrong one."""
    run([setup.python(), HERE / "test_judge.py"], deadline=120).expect(0)


@case("judge-recordings")
def judge_recordings(setup: Setup, report: Report) -> None:
    """What real vCenters said is valid, but for a member that is newer than the schema."""
    source = os.environ.get("FAILBACK_RECORDINGS")
    if not source:
        raise Skipped("FAILBACK_RECORDINGS names no folder of recordings of real vCenters")
    with setup.folder() as folder:
        for file in pathlib.Path(source).glob("*.xml"):
            shutil.copy(file, folder / file.name)
        (folder / "JUDGE").write_text("requests: foreign\nanswers: foreign\n")
        text, counts = _judge(setup, "--judge-foreign", folder, codes=(0, 1))
    report.note(text.splitlines()[-1].removeprefix("judge: "))
    wrong = [line for line in text.splitlines() if line.startswith("  line ")]
    odd = [line for line in wrong if "guestDetailedData" not in line]
    check_equal([], odd, "violations in recordings")
    requests = counts["foreign request"]
    check_equal(requests["total"], requests["valid"], "valid requests of pyVmomi")


@case("judge-vcsim")
def judge_vcsim(setup: Setup, report: Report) -> None:
    """govc's requests to vcsim are valid; the known defects of vcsim's answers are found."""
    setup.python()
    records = setup.records("judge-vcsim", foreign=("requests", "answers"))
    with setup.vcsim("-cluster", "2", "-vm", "5", "-pod", "1") as server:
        with setup.proxy(server, records) as proxy:
            govc = govc_facts.Govc(setup.peer("govc"), proxy.login)
            govc.inventory()
            for command in (("ls", "-l", "/DC0/vm"), ("tasks",), ("events",),
                            ("vm.info", "-json", "DC0_C0_RP0_VM0"),
                            ("snapshot.create", "-vm", "DC0_C0_RP0_VM0", "one"),
                            ("vm.disk.create", "-vm", "DC0_C0_RP0_VM0", "-name", "d",
                             "-size", "1G"),
                            ("vm.power", "-off", "DC0_C0_RP0_VM0")):
                govc.run(*command)
    text, counts = _judge(setup, "--judge-foreign", records, codes=(1,))
    report.note(text.splitlines()[-1].removeprefix("judge: "))
    requests = counts["foreign request"]
    check_equal(requests["total"], requests["valid"], "valid requests of govc")
    check("faultToleranceState" in text and "''" in text, "vcsim's empty enumerations not found")
    answers = counts["foreign response"]
    check(0 < answers["total"] - answers["valid"] < answers["total"] / 4,
          f"implausible: {answers['valid']} of {answers['total']} answers of vcsim are valid")


def judge_all(setup: Setup, report: Report, must_cover: pathlib.Path | None) -> None:
    """Everything that any test recorded: requests of ours and answers of ours, all valid."""
    if not any(setup.record_root.rglob("*.xml")):
        if must_cover:
            raise Skipped("no test has recorded anything")
        report.note("nothing was recorded")
        return
    arguments: list[object] = [setup.record_root]
    if must_cover:
        arguments += ["--must-cover", must_cover]
    text, _ = _judge(setup, *arguments, codes=(0, 1))
    last = text.splitlines()[-1]
    report.note(last.removeprefix("judge: "))
    bad = [line for line in text.splitlines()
           if line.startswith(("  line ", "  ... ", "coverage: ", "/"))]
    check(not bad, "not valid, or not covered:\n" + "\n".join(bad[:60]) + "\n" + last)
