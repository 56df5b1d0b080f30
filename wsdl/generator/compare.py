# SPDX-License-Identifier: GPL-2.0-or-later
"""Compares the two sources: every difference must be explained by age or stand in the reviewed list."""

from __future__ import annotations

import tomllib
from pathlib import Path

from .model import LATER, GeneratorError, Schema


def differences(official: Schema, registry: Schema) -> list[str]:
    """All differences that are not simply something newer in the registry, one sorted line each."""
    found = []
    for name, ours in official.types.items():
        theirs = registry.types.get(name)
        if theirs is None:
            continue
        if ours.base != theirs.base:
            found.append(f"{name}: base official={ours.base or '-'} registry={theirs.base or '-'}")
        known = {m.name: m for m in theirs.members}
        for m in ours.members:
            other = known.get(m.name)
            if other is None:
                found.append(f"{name}.{m.name}: only in official")
                continue
            for what, a, b in (
                ("type", m.type, other.type),
                ("list", m.is_list, other.is_list),
                ("optional", m.optional, other.optional),
            ):
                if a != b:
                    found.append(f"{name}.{m.name}: {what} official={str(a).lower() if a in (True, False) else a} "
                                 f"registry={str(b).lower() if b in (True, False) else b}")
        here = {m.name for m in ours.members}
        for m in theirs.members:
            if m.name not in here and m.since != LATER:
                found.append(f"{name}.{m.name}: only in registry, since {m.since}")
        order_here = [m.name for m in ours.members if m.name in known]
        order_there = [m.name for m in theirs.members if m.name in here]
        if order_here != order_there:
            found.append(f"{name}: member order official={','.join(order_here)} registry={','.join(order_there)}")
    return sorted(found)


def check(official: Schema, registry: Schema, reviewed_file: Path) -> None:
    """Stops at a difference that nobody has reviewed, and at a reviewed one that is gone."""
    reviewed = {}
    if reviewed_file.is_file():
        for entry in tomllib.loads(reviewed_file.read_text(encoding="utf-8")).get("difference", []):
            if not entry.get("reason"):
                raise GeneratorError(f"{reviewed_file.name}: '{entry.get('what')}' has no reason")
            reviewed[entry["what"]] = entry["reason"]
    found = set(differences(official, registry))
    new = sorted(found - reviewed.keys())
    gone = sorted(reviewed.keys() - found)
    if new or gone:
        lines = ["the official schema and the registry disagree in ways that nobody has reviewed:"] if new else []
        lines += [f"  {line}" for line in new]
        if gone:
            lines.append("reviewed differences that no longer exist (remove them):")
            lines += [f"  {line}" for line in gone]
        lines.append(f"The official schema is followed. Review each and list it with a reason in {reviewed_file.name}.")
        raise GeneratorError("\n".join(lines))
