# SPDX-License-Identifier: GPL-2.0-or-later
"""What a discovery costs, in what can be counted: calls, bytes, instructions. No times: those are bench/'s business.

The figures that are known stand in discover-cost.json. More than that is a failure; who spends more on purpose writes
the new figure there. Less is told, so that the figure can follow.
"""

from __future__ import annotations

import json
import pathlib
import re
import shutil

import support
from registry import Report, case
from support import Setup, Skipped, check, run

KNOWN = support.HERE / "discover-cost.json"
# Two sites: what each further VM costs is the difference. Each has the same hosts and datastores.
SMALL, LARGE = 100, 300
# Bytes and calls are the same anywhere. Instructions: the C library picks what suits the processor.
TOLERANCE = {"calls": 0.0, "bytesPerVm": 0.01, "instructionsPerVm": 0.1}
# Up to the first picture, which is all there is on a site where nothing happens.
WATCH = ("-o", "jsonl", "--watch", "--for", "1s")


def _scenario(vms: int) -> str:
    return f"generate:hosts=10,datastores=5,vms={vms}"


def _on_the_wire(setup: Setup, vms: int, words: tuple[str, ...]) -> tuple[int, int]:
    """Exchanges (one of them for the versions), and bytes of answers."""
    record = setup.records(f"cost-{vms}{''.join(words)}")
    with setup.mock(scenario=_scenario(vms)) as server:
        run([setup.program("failback"), "discover", "--quiet", "--record", record, *words],
            env=server.login.failback(), deadline=120).expect(0, 3)
    answers = list(record.glob("*.response.xml"))
    return len(answers), sum(each.stat().st_size for each in answers)


def _instructions(setup: Setup, vms: int, words: tuple[str, ...]) -> int:
    """Of the whole program, without TLS and unpacking: they are not ours."""
    valgrind = shutil.which("valgrind")
    if not valgrind:
        raise Skipped("valgrind is not installed")
    command: list[str | pathlib.Path] = [
        valgrind, "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null",
        setup.program("failback"), "discover", "--quiet", *words]
    with setup.mock("--no-tls", "--no-gzip", scenario=_scenario(vms)) as server:
        result = run(command, env=server.login.failback(), deadline=300).expect(0, 3)
    found = re.search(r"I\s+refs:\s+([\d,]+)", result.stderr)
    check(found, f"cachegrind counted nothing\n{result.transcript()}")
    assert found
    return int(found[1].replace(",", ""))


def _optimized(setup: Setup) -> bool:
    cache = setup.bin.parent / "CMakeCache.txt"
    return not cache.is_file() or "CMAKE_BUILD_TYPE:STRING=Release" in cache.read_text(encoding="utf-8")


def _held(what: str, known: dict[str, float], seen: dict[str, float], report: Report) -> list[str]:
    problems = []
    for name, value in seen.items():
        told = f"{what}: {name} {value:.0f}, known {known[name]:.0f} ({value / known[name] - 1:+.1%})"
        report.note(told)
        if value > known[name] * (1 + TOLERANCE[name]):
            problems.append(f"{told}: it costs more than it did. When that is meant, write it into {KNOWN.name}")
        elif value < known[name] * (1 - max(0.05, TOLERANCE[name])):
            report.note(f"LESS THAN KNOWN: {what}: {name}: write {value:.0f} into {KNOWN.name}, or it may grow again unseen")
    return problems


@case("cost-discover")
def cost_discover(setup: Setup, report: Report) -> None:
    """Calls, bytes per VM and instructions per VM of a discover have not grown."""
    known = json.loads(KNOWN.read_text(encoding="utf-8"))
    problems = []
    optimized = _optimized(setup)
    for what, words in (("discover", ("-o", "json")), ("discover --thin", ("-o", "json", "--thin")),
                        ("discover -o table", ("-o", "table")), ("discover --watch", WATCH)):
        (_, few), (calls, many) = (_on_the_wire(setup, vms, words) for vms in (SMALL, LARGE))
        seen = {"calls": calls, "bytesPerVm": (many - few) / (LARGE - SMALL)}
        if words == WATCH:
            del seen["calls"]  # it waits as often as there is time for
        if optimized:
            first, second = (_instructions(setup, vms, words) for vms in (SMALL, LARGE))
            seen["instructionsPerVm"] = (second - first) / (LARGE - SMALL)
        problems += _held(what, known[what], seen, report)
    if not optimized:
        report.note(f"INSTRUCTIONS WERE NOT COUNTED: {setup.bin.parent} is no release build")
    check(not problems, "\n".join(problems))
