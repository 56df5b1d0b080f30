#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares a dump of `failback discover -o json` with what govc and pyVmomi read, field by field.

    compare_discover.py --url-file FILE --peers DIR DUMP.json

FILE holds the server's URL with user and password. Each fact that one of the two can tell must be
in the dump, and the same. Exit: 0 all the same, 1 a difference, 77 a peer is missing.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import facts
import govc_facts
import support

_WORDS = {
    "datacenters": "datacenter", "folders": "folder", "clusters": "cluster", "hosts": "host",
    "datastores": "datastore", "storagePods": "datastore cluster", "networks": "network",
    "distributedSwitches": "distributed switch", "resourcePools": "resource pool",
    "virtualMachines": "vm", "vcenter": "vcenter",
}

# Facts that the dump has only with --full, and that only a newer server is asked for.
_FULL_ONLY = {"annotation"}
_SINCE = {"createDate": (6, 7)}


@dataclass(frozen=True)
class Source:
    """One client's facts. typed: it tells zero from unset (govc's JSON leaves zeros out)."""

    name: str
    facts: dict[str, facts.Facts]
    typed: bool


@dataclass
class Comparison:
    differences: list[str] = field(default_factory=list)
    compared: int = 0
    objects: Counter = field(default_factory=Counter)
    # Fields of the dump that no other client told: [2000] and the like left out.
    not_compared: Counter = field(default_factory=Counter)

    def summary(self) -> str:
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(self.objects.items()))
        return f"{self.compared} facts compared ({kinds}), {len(self.differences)} differ"


def read_sources(peers_bin: pathlib.Path, python: pathlib.Path,
                 login: support.Login) -> list[Source]:
    """Asks both clients."""
    by_govc = govc_facts.Govc(peers_bin, login).inventory().facts()
    script = pathlib.Path(__file__).with_name("pyvmomi_facts.py")
    read = support.run([python, script], deadline=120, env=login.govc()).expect(0)
    document = json.loads(read.stdout)
    by_pyvmomi = facts.Inventory(document["trees"], document["about"], typed=True).facts()
    return [Source("govc", by_govc, False), Source("pyvmomi", by_pyvmomi, True)]


def compare(dump: dict[str, Any], sources: list[Source]) -> Comparison:
    result = Comparison()
    ours = facts.from_dump(dump)
    left_out = _not_asked(dump)
    for kind, word in _WORDS.items():
        theirs = [source.facts.get(kind, {}) for source in sources]
        for ref in sorted(set(ours[kind]).union(*theirs)):
            name = _name(ref, [ours[kind], *theirs])
            label = f"{word} {name} ({ref})" if kind != "vcenter" else word
            if ref not in ours[kind]:
                having = [s.name for s, t in zip(sources, theirs) if ref in t]
                result.differences.append(f"{label}: failback does not list it, "
                                          f"{' and '.join(having)} does")
            elif not any(ref in t for t in theirs):
                result.differences.append(f"{label}: only failback lists it")
            else:
                result.objects[kind] += 1
                told = [(s, {path: value for path, value in t.get(ref, {}).items()
                             if path not in left_out}) for s, t in zip(sources, theirs)]
                _compare_object(label, kind, ours[kind][ref], told, result)
    return result


def _not_asked(dump: dict[str, Any]) -> set[str]:
    """What failback does not ask this server for, at this depth."""
    numbers = re.findall(r"\d+", dump.get("vcenter", {}).get("apiVersion", ""))
    version = tuple(int(n) for n in numbers[:2])
    old = {path for path, since in _SINCE.items() if version and version < since}
    return old | (_FULL_ONLY if dump.get("depth") != "full" else set())


def _name(ref: str, tables: list[facts.Facts]) -> str:
    return next((t[ref]["name"] for t in tables if t.get(ref, {}).get("name")), "?")


def _compare_object(label: str, kind: str, ours: dict[str, Any],
                    told: list[tuple[Source, dict[str, Any]]], result: Comparison) -> None:
    fields = set().union(*(flat for _, flat in told))
    for path in sorted(fields):
        mine = _blank(ours.get(path), path)
        values = [(source, _blank(flat[path], path)) for source, flat in told if path in flat]
        result.compared += 1
        if all(_same(mine, value, source) for source, value in values):
            continue
        text = ", ".join(f"{source.name}={value!r}" for source, value in values)
        result.differences.append(f"{label}: {path}: failback={mine!r}, {text}")
    for path in set(ours) - fields:
        result.not_compared[kind + "." + re.sub(r"\[[^]]*\]", "[]", path)] += 1


def _blank(value: Any, path: str) -> Any:
    """An empty text or list says no more than an absent one; a count that is absent is zero."""
    if value is None and path.endswith(".count"):
        return 0
    return None if value in ("", []) and not isinstance(value, bool) else value


def _same(mine: Any, theirs: Any, source: Source) -> bool:
    if theirs is None and not source.typed:
        return mine is None or mine == 0
    return mine == theirs and isinstance(mine, bool) == isinstance(theirs, bool)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description="compare a dump with govc and pyVmomi")
    parser.add_argument("--url-file", required=True, type=pathlib.Path)
    parser.add_argument("--peers", type=pathlib.Path, default=support.ROOT / "build" / "peers")
    parser.add_argument("--verbose", action="store_true", help="name what was not compared")
    parser.add_argument("dump", type=pathlib.Path)
    options = parser.parse_args(arguments)
    setup = support.Setup(pathlib.Path(), options.peers, pathlib.Path(), pathlib.Path())
    login = support.Login.parse(options.url_file.read_text().strip())
    try:
        sources = read_sources(setup.peer("govc"), setup.python(), login)
    except support.Skipped as error:
        print(f"compare: SKIPPED: {error}", file=sys.stderr)
        return 77
    found = compare(json.loads(options.dump.read_text("utf-8")), sources)
    for line in found.differences:
        print(line)
    if options.verbose:
        for path, n in sorted(found.not_compared.items()):
            print(f"not compared: {path} ({n})")
    print(found.summary())
    return 1 if found.differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
