#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Runs the conformance tests: failback and mock-vcenter against programs that others wrote.

    run.py [--bin DIR] [--peers DIR] [--record-root DIR] [--jobs N] [--only NAME]... [--list]

--bin          failback, mock-vcenter, vim-decode (build/release/bin, or $FAILBACK_BIN)
--peers        what scripts/peers.sh got (build/peers, or $FAILBACK_PEERS)
--record-root  all exchanges are recorded below it, and judged at the end with whatever other tests
               recorded there before ($FAILBACK_RECORD_ROOT, or a temporary folder)
--jobs         so many tests at a time, the long ones first (durations.txt); twice as many as there are
               cores, because they wait most of their time. What is registered as alone runs alone
--only         a test's name, or the beginning of names; the judgement at the end then asks for no
               coverage

A test that cannot run is skipped, loudly; with FAILBACK_REQUIRE_CONFORMANCE=1 that is a failure.
Exit: 0 none failed, 1 some did, 2 usage.
"""

from __future__ import annotations

import argparse
import itertools
import os
import pathlib
import signal
import sys
import tempfile

import cases_judge
import cases_discover  # noqa: F401  (each module of cases registers its tests)
import cases_clients  # noqa: F401
import cases_cost  # noqa: F401
import cases_cli  # noqa: F401
import cases_changes  # noqa: F401
import cases_check  # noqa: F401
import cases_readiness  # noqa: F401
import cases_vms  # noqa: F401
import cases_watch  # noqa: F401
import cases_orders  # noqa: F401
import cases_plan  # noqa: F401
import cases_places  # noqa: F401
import cases_permissions  # noqa: F401
import cases_actions  # noqa: F401
import cases_calls  # noqa: F401
import cases_jobs  # noqa: F401
import cases_crash  # noqa: F401
import cases_questions  # noqa: F401
import cases_merging  # noqa: F401
import cases_crash_trouble  # noqa: F401
import cases_trouble  # noqa: F401
import cases_config_server  # noqa: F401
import cases_protect  # noqa: F401
import cases_store  # noqa: F401
import cases_core  # noqa: F401
import cases_job_calls  # noqa: F401
import cases_vcsim_jobs  # noqa: F401
import cases_managers  # noqa: F401
import cases_files  # noqa: F401
import cases_mock  # noqa: F401
import cases_day  # noqa: F401
import cases_fidelity  # noqa: F401
import cases_scenarios  # noqa: F401
import cases_hostile  # noqa: F401
import cases_hostile_trust  # noqa: F401
import cases_hostile_away  # noqa: F401
import registry
import support
import workers

DURATIONS = support.HERE / "durations.txt"
MUST_COVER = support.HERE / "sent-methods.txt"


def environment_path(name: str, default: pathlib.Path) -> pathlib.Path:
    return pathlib.Path(os.environ.get(name) or default)


def parse(arguments: list[str]) -> argparse.Namespace:
    build = support.ROOT / "build"
    parser = argparse.ArgumentParser(description="run the conformance tests")
    parser.add_argument("--bin", type=pathlib.Path, metavar="DIR",
                        default=environment_path("FAILBACK_BIN", build / "release" / "bin"))
    parser.add_argument("--peers", type=pathlib.Path, metavar="DIR",
                        default=environment_path("FAILBACK_PEERS", build / "peers"))
    parser.add_argument("--record-root", type=pathlib.Path, metavar="DIR",
                        default=os.environ.get("FAILBACK_RECORD_ROOT"))
    parser.add_argument("--jobs", type=int, metavar="N", default=2 * len(os.sched_getaffinity(0)))
    parser.add_argument("--only", action="append", metavar="NAME", default=[])
    parser.add_argument("--list", action="store_true", help="name the tests")
    return parser.parse_args(arguments)


def known_durations(cases: list[registry.Case]) -> dict[str, float]:
    """Seconds of the long tests; of the others it is enough to know that they are short."""
    lines = [line.split() for line in DURATIONS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    known = {name: float(seconds) for name, seconds in lines}
    strange = known.keys() - {case.name for case in cases}
    if strange:
        raise ValueError(f"{DURATIONS.name} names no test: {', '.join(sorted(strange))}")
    return known


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    last = registry.Case("judge-everything", cases_judge.judge_all.__doc__ or "",
                         lambda setup, report: cases_judge.judge_all(
                             setup, report, None if options.only else MUST_COVER))
    cases = [case for case in [*registry.CASES, last]
             if not options.only or case.name.startswith(tuple(options.only))
             or case is last]
    if options.list:
        for case in cases:
            print(f"{case.name:<28} {case.what}")
        return 0
    if options.jobs < 1:
        print("run: --jobs must be 1 or more", file=sys.stderr)
        return 2
    if cases == [last] and not any(last.name.startswith(name) for name in options.only):
        print(f"run: no test is named like {options.only}: see --list", file=sys.stderr)
        return 2

    durations = known_durations(registry.CASES)
    # A terminated run unwinds, so that it ends its servers.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    outcomes: dict[str, list[str]] = {"passed": [], "failed": [], "skipped": []}
    reasons: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory(prefix="failback-conformance-") as work:
        records = options.record_root or pathlib.Path(work) / "records"
        records.mkdir(parents=True, exist_ok=True)
        setup = support.Setup(options.bin.resolve(), options.peers.resolve(), records.resolve(),
                              pathlib.Path(work))
        for outcome in itertools.chain(
                workers.run(cases[:-1], options.jobs, setup, lambda case: durations.get(case.name, 0)),
                workers.run(cases[-1:], 1, setup, lambda _: 0)):
            outcome.show()
            outcomes[outcome.word].append(outcome.case.name)
            if outcome.word == "skipped":
                reasons.setdefault(outcome.text, []).append(outcome.case.name)
    loud_about(reasons)
    if outcomes["failed"]:
        print("failed: " + ", ".join(outcomes["failed"]))
    print(f"{len(outcomes['passed'])} passed, {len(outcomes['failed'])} failed, "
          f"{len(outcomes['skipped'])} skipped", flush=True)
    return 1 if outcomes["failed"] else 0


def loud_about(reasons: dict[str, list[str]]) -> None:
    if not reasons:
        return
    line = "#" * 72
    print(line)
    print("# NOT EVERYTHING WAS TESTED. Skipped:")
    for reason, names in reasons.items():
        print(f"#   {', '.join(names)}")
        print(f"#     because {reason}")
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
