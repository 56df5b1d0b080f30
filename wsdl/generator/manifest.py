# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads wsdl/manifest.toml and checks every name in it against the sources."""

from __future__ import annotations

import difflib
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path

from .model import LATER, MOREF, GeneratorError, Method, Parameter, Schema, release_of
from .registry import Registry

SECTIONS = {
    "methods", "hand_written", "properties", "types", "families", "faults", "events", "keep", "drop", "schema_only",
    "from_registry",
}


@dataclass
class Manifest:
    methods: list[Method] = field(default_factory=list)
    properties: dict[str, list[str]] = field(default_factory=dict)
    types: list[str] = field(default_factory=list)
    families: list[str] = field(default_factory=list)
    exceptions: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    events: list[str] = field(default_factory=list)
    keep: dict[str, list[str]] = field(default_factory=dict)
    drop: set[str] = field(default_factory=set)
    schema_types: list[str] = field(default_factory=list)
    schema_families: list[str] = field(default_factory=list)
    schema_managed: list[str] = field(default_factory=list)


def _hand_written(entry: dict) -> Method:
    parameters = tuple(
        Parameter(p["name"], p["type"], p.get("list", False), p.get("optional", False), "", "", "2.0")
        for p in entry.get("parameters", [])
    )
    return Method(
        name=entry["method"],
        owner=entry["owner"],
        version="2.0",
        parameters=parameters,
        result=entry.get("result", ""),
        result_list=entry.get("result_list", False),
        result_optional=entry.get("result_optional", False),
        result_target="",
        task_result="",
        task_result_list=False,
        faults=(),
        privilege="",
    )


def _without_newer_parameters(method: Method) -> Method:
    """A method as 8.0 has it: parameters that a later release added are left out."""
    if release_of(method.version) == LATER:
        return method
    return replace(method, parameters=tuple(p for p in method.parameters if release_of(p.version) != LATER))


def _hint(name: str, known) -> str:
    near = difflib.get_close_matches(name, list(known), 3, 0.6)
    return f" (did you mean {', '.join(near)}?)" if near else ""


def read_manifest(path: Path) -> dict:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as e:
        raise GeneratorError(f"{path.name}: {e}") from e
    unknown = sorted(raw.keys() - SECTIONS)
    if unknown:
        raise GeneratorError(f"{path.name}: unknown section {', '.join(unknown)}")
    return raw


def resolve(raw: dict, schema: Schema, registry: Registry) -> Manifest:
    """The manifest with every name looked up; all wrong names are reported together."""
    wrong: list[str] = []
    result = Manifest()

    def known_type(name: str, where: str) -> None:
        if name not in schema.types and name not in schema.enums and name != MOREF:
            wrong.append(f"[{where}] {name}: no such type{_hint(name, schema.types)}")

    newer = raw.get("from_registry", {})
    for name in newer.get("types", []):
        if name not in registry.schema.types:
            wrong.append(f"[from_registry] {name}: no such type{_hint(name, registry.schema.types)}")
        elif name in schema.types and schema.types[name] != registry.schema.types[name]:
            wrong.append(f"[from_registry] {name}: the official schema has it; remove it here")
        else:
            schema.types[name] = registry.schema.types[name]
    seen = set()
    for owner, names in raw.get("methods", {}).items():
        if owner not in registry.managed:
            wrong.append(f"[methods] {owner}: no such managed type{_hint(owner, registry.managed)}")
            continue
        for name in names:
            try:
                method = registry.method(name, owner)
            except KeyError:
                wrong.append(f"[methods] {owner}.{name}: no such method{_hint(name, registry.managed[owner].methods)}")
                continue
            if name in seen:
                wrong.append(f"[methods] {name}: named twice")
            seen.add(name)
            if release_of(method.version) == LATER and name not in newer.get("methods", []):
                wrong.append(f"[methods] {owner}.{name}: newer than 8.0 (since {method.version}); name it in [from_registry]")
            result.methods.append(_without_newer_parameters(method))
    result.methods += [_hand_written(e) for e in raw.get("hand_written", [])]
    result.methods.sort(key=lambda m: m.name)

    for owner, paths in raw.get("properties", {}).items():
        if owner not in registry.managed:
            wrong.append(f"[properties] {owner}: no such managed type{_hint(owner, registry.managed)}")
        result.properties[owner] = paths
    for section, target in (("types", result.types), ("families", result.families), ("faults", result.faults),
                            ("events", result.events)):
        names = raw.get(section, {}).get("names", [])
        for name in sorted(set(n for n in names if names.count(n) > 1)):
            wrong.append(f"[{section}] {name}: named twice")
        for name in names:
            known_type(name, section)
        target += names
    for name in result.faults:
        if name in schema.types and not schema.is_a(name, "MethodFault"):
            wrong.append(f"[faults] {name}: not a fault")
    for name in result.events:
        if name in schema.types and not schema.is_a(name, "Event"):
            wrong.append(f"[events] {name}: not an event")
    result.exceptions = raw.get("families", {}).get("except", [])
    for name, members in raw.get("keep", {}).items():
        known_type(name, "keep")
        have = {m.name for m in schema.all_members(name)}
        for member in members:
            if member != "*" and member not in have:
                wrong.append(f"[keep] {name}.{member}: no such member{_hint(member, have)}")
        result.keep[name] = members
    for entry in raw.get("drop", {}).get("members", []):
        name, _, member = entry.partition(".")
        if name not in schema.types or member not in {m.name for m in schema.types[name].members}:
            wrong.append(f"[drop] {entry}: no such member")
        result.drop.add(entry)
    only = raw.get("schema_only", {})
    result.schema_types, result.schema_families = only.get("types", []), only.get("families", [])
    for name in result.schema_types + result.schema_families:
        known_type(name, "schema_only")
    result.schema_managed = only.get("managed", [])
    for name in result.schema_managed:
        if name not in registry.managed:
            wrong.append(f"[schema_only] {name}: no such managed type{_hint(name, registry.managed)}")
    if wrong:
        raise GeneratorError("manifest.toml:\n" + "\n".join(f"  {w}" for w in wrong))
    return result
