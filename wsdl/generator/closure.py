# SPDX-License-Identifier: GPL-2.0-or-later
"""Makes the closure: from the names of the manifest to the types and members of the subset."""

from __future__ import annotations

from dataclasses import dataclass, field

from .manifest import Manifest
from .model import MOREF, XSD_PREFIX, GeneratorError, Member, Method, Schema, Type, array_of
from .registry import Registry


@dataclass
class Subset:
    types: dict[str, Type] = field(default_factory=dict)  # with the members that are in
    arrays: dict[str, tuple[str, str]] = field(default_factory=dict)  # ArrayOfX -> (element name, type)
    methods: list[Method] = field(default_factory=list)
    dropped: list[tuple[str, Member]] = field(default_factory=list)
    enums: set[str] = field(default_factory=set)  # names of the enums that members use


class Closure:
    def __init__(self, schema: Schema, registry: Registry, manifest: Manifest):
        self.schema, self.registry, self.manifest = schema, registry, manifest
        self.names: set[str] = set()
        self.queue: list[str] = []
        self.wrong: list[str] = []

    def simple(self, kind: str) -> bool:
        return kind.startswith(XSD_PREFIX) or kind == MOREF or kind in self.schema.enums

    def add(self, kind: str, why: str) -> None:
        if not kind or self.simple(kind) or kind in self.names:
            return
        if kind not in self.schema.types:
            raise GeneratorError(f"{why} needs the type {kind}, which the 8.0 schema does not have "
                                 "(list it in [from_registry] of the manifest, or drop what needs it)")
        self.names.add(kind)
        self.queue.append(kind)

    def kept_by_hand(self, owner: str, member: str) -> bool:
        wanted = self.manifest.keep.get(owner, ())
        return (member in wanted or "*" in wanted) and f"{owner}.{member}" not in self.manifest.drop

    def grow(self, everything: bool = False) -> None:
        """Follows bases, mandatory members and kept members until nothing new comes."""
        while self.queue:
            name = self.queue.pop()
            t = self.schema.types[name]
            if t.base:
                self.add(t.base, name)
            for m in t.members:
                if not m.optional or everything or self.kept_by_hand(name, m.name):
                    self.add(m.type, f"{name}.{m.name}")

    def roots(self) -> None:
        m = self.manifest
        for method in m.methods:
            for p in method.parameters:
                self.add(p.type, f"{method.name}({p.name})")
            self.add(method.result, method.name)
            self.add(method.task_result, method.name)
        for name in m.types + m.faults + m.events:
            self.add(name, "manifest")
        self.families(m.families)
        for owner, paths in m.properties.items():
            for path in paths:
                self.follow(owner, path)
        if self.wrong:
            raise GeneratorError("manifest.toml: [properties]\n" + "\n".join(f"  {w}" for w in self.wrong))

    def families(self, names: list[str]) -> None:
        for family in names:
            self.add(family, "manifest")
            for name in self.schema.subtypes(family):
                if name not in self.manifest.exceptions:
                    self.add(name, "manifest")

    def property_of(self, owner: str, name: str):
        """Property of a managed type, its own, inherited, or of a subtype (VirtualApp's are read through ResourcePool)."""
        t = owner
        while t in self.registry.managed:
            for p in self.registry.managed[t].properties:
                if p.name == name:
                    return p
            t = self.registry.managed[t].base
        return None

    def follow(self, owner: str, path: str) -> None:
        """Puts every type on a property path into the subset, and marks its members as wanted."""
        first, *rest = path.split(".")
        p = self.property_of(owner, first)
        if p is None:
            self.wrong.append(f"{owner}: no property '{first}'")
            return
        kind = p.type
        self.add(kind, f"{owner}.{first}")
        for name in rest:
            found = None
            for candidate in [kind, *self.schema.ancestors(kind), *self.schema.subtypes(kind)]:
                if candidate not in self.schema.types:
                    continue
                found = next((m for m in self.schema.types[candidate].members if m.name == name), None)
                if found:
                    self.add(candidate, f"{owner}.{path}")
                    self.manifest.keep.setdefault(candidate, [])
                    if name not in self.manifest.keep[candidate]:
                        self.manifest.keep[candidate] = [*self.manifest.keep[candidate], name]
                    break
            if found is None:
                self.wrong.append(f"{owner}: '{path}': {kind} has no member '{name}'")
                return
            kind = found.type
            self.add(kind, f"{owner}.{path}")

    def has(self, owner: str, m: Member) -> bool:
        if f"{owner}.{m.name}" in self.manifest.drop:
            return False
        return self.simple(m.type) or m.type in self.names

    def subset(self) -> Subset:
        result = Subset(methods=self.manifest.methods)
        for name in sorted(self.names):
            t = self.schema.types[name]
            members = tuple(m for m in t.members if self.has(name, m))
            result.dropped += [(name, m) for m in t.members if m not in members]
            result.types[name] = Type(name, t.base, members, t.since)
            result.enums |= {m.type for m in members if m.type in self.schema.enums}
        for method in result.methods:
            for p in method.parameters:
                if p.type in self.schema.enums:
                    result.enums.add(p.type)
        self.wrap(result)
        return result

    def wrap(self, result: Subset) -> None:
        """ArrayOf wrappers: for what a property, a path of one, or a task's result can be a list of."""
        wanted = {k for k in ("xsd:anyType", "xsd:anyURI", "xsd:base64Binary", "xsd:boolean", "xsd:byte", "xsd:double",
                              "xsd:int", "xsd:long", "xsd:short", "xsd:string")} | {MOREF}
        wanted |= {m.task_result for m in result.methods if m.task_result_list}
        seen: set[str] = set()
        for owner in self.manifest.properties:
            for p in self.registry.managed[owner].properties:
                if p.is_list and p.type in result.types:
                    wanted.add(p.type)
                self.lists_below(p.type, result, wanted, seen)
        for kind in wanted:
            if kind in result.types or self.simple(kind):
                wrapper = array_of(kind)
                if wrapper:
                    result.arrays[wrapper[0]] = (wrapper[1], kind)

    def lists_below(self, kind: str, result: Subset, wanted: set[str], seen: set[str]) -> None:
        if kind not in result.types or kind in seen:
            return
        seen.add(kind)
        for name in [kind, *self.schema.ancestors(kind)]:
            for m in result.types[name].members if name in result.types else ():
                if m.is_list and m.type in result.types:
                    wanted.add(m.type)
                self.lists_below(m.type, result, wanted, seen)


def make(schema: Schema, registry: Registry, manifest: Manifest) -> tuple[Subset, Subset]:
    """(what gets classes, what the schema table knows)"""
    bound = Closure(schema, registry, manifest)
    bound.roots()
    bound.grow()
    subset = bound.subset()

    table = Closure(schema, registry, manifest)
    for name in bound.names:
        table.add(name, "subset")
    for name in manifest.schema_types:
        table.add(name, "manifest")
    table.families(manifest.schema_families)
    table.grow()
    for owner in manifest.schema_managed:
        for p in registry.managed[owner].properties:
            if p.type in schema.types:
                table.add(p.type, f"{owner}.{p.name}")
    # What is already in stays as it is; what comes now brings all its members, and its subtypes: any of them may be there.
    table.queue += list(table.names & set(subset.types))
    table.grow(everything=True)
    for name in sorted(table.names - {"DynamicData"}):
        table.families([name])
    table.grow()
    return subset, table.subset()
