# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the tables: schema, methods, managed types, names (C++ and TSV)."""

from __future__ import annotations

from .closure import Subset
from .emit_xml import request_type
from .model import LATER, MOREF, Method, Schema, release_of
from .registry import Registry

HEADER = """// SPDX-License-Identifier: GPL-2.0-or-later
// Written by wsdl/generate.py: do not edit. Facts from the vSphere 8.0 type schemas and pyVmomi's registry.
// clang-format off
"""
SINCE = {"6.5": "k65", "6.7": "k67", "7.0": "k70", "8.0": "k80", LATER: "kLater"}
XSD_STRING = "xsd:string"


def text(s: str) -> str:
    return '"' + s.replace("\\", "\\\\").replace('"', '\\"') + '"'


def flag(b: bool) -> str:
    return "true" if b else "false"


class _Cpp:
    """A source file with tables in the namespace of the schema."""

    def __init__(self):
        self.lines = [HEADER.rstrip("\n"), '#include "wsdl/schema_tables.h"', "", "namespace failback::vim25::tables {"]

    def array(self, kind: str, name: str, rows: list[str]) -> None:
        self.lines.append(f"static constexpr {kind} {name}[] = {{")
        self.lines += [f"  {{{row}}}," for row in rows] or ["  {},"]
        self.lines.append("};")

    def strings(self, name: str, rows: list[str]) -> None:
        self.lines.append(f"static constexpr std::string_view {name}[] = {{")
        self.lines += [f"  {text(row)}," for row in rows] or ["  {},"]
        self.lines.append("};")

    def export(self, kind: str, name: str, source: str, count: int) -> None:
        self.lines.append(f"const std::span<const {kind}> {name}{{{source}, {count}}};")

    def done(self) -> str:
        return "\n".join([*self.lines, "}  // namespace failback::vim25::tables", ""])


def span(name: str, start: int, count: int) -> str:
    return f"{{{name} + {start}, {count}}}" if count else "{}"


def types_cpp(schema: Schema, subset: Subset, table: Subset, enums: set[str]) -> str:
    members, values, rows = [], [], []
    for name in sorted(set(table.types) | enums):
        if name in schema.enums:
            e = schema.enums[name]
            start = len(values)
            values += [f"{text(v.text)}, Since::{SINCE[v.since]}" for v in e.values]
            rows.append(f"{text(name)}, {text(XSD_STRING)}, Kind::kEnum, Since::{SINCE[e.since]}, false, {{}}, "
                        f"{span('kValues', start, len(e.values))}")
            continue
        t = schema.types[name]
        here = {m.name for m in subset.types[name].members} if name in subset.types else set()
        start = len(members)
        members += [f"{text(m.name)}, {text(m.type)}, {flag(m.is_list)}, {flag(m.optional)}, {flag(m.name in here)}, "
                    f"Since::{SINCE[m.since]}" for m in t.members]
        rows.append(f"{text(name)}, {text(t.base)}, Kind::kObject, Since::{SINCE[t.since]}, {flag(name in subset.types)}, "
                    f"{span('kMembers', start, len(t.members))}, {{}}")
    out = _Cpp()
    out.array("MemberInfo", "kMembers", members)
    out.array("EnumValueInfo", "kValues", values)
    out.array("TypeInfo", "kTypeRows", rows)
    out.export("TypeInfo", "kTypes", "kTypeRows", len(rows))
    return out.done()


def methods_cpp(methods: list[Method]) -> str:
    params, faults, rows = [], [], []
    for m in sorted(methods, key=lambda m: m.name):
        p0, f0 = len(params), len(faults)
        params += [f"{text(p.name)}, {text(p.type)}, {text(p.target)}, {text(p.privilege)}, {flag(p.is_list)}, "
                   f"{flag(p.optional)}, Since::{SINCE[release_of(p.version)]}" for p in m.parameters]
        faults += list(m.faults)
        rows.append(
            f"{text(m.name)}, {text(m.owner)}, {text(request_type(m))}, {text(m.privilege)}, {text(m.version)}, "
            f"Since::{SINCE[release_of(m.version)]}, {span('kParameters', p0, len(m.parameters))}, "
            f"{text(m.result)}, {text(m.result_target)}, {flag(m.result_list)}, {flag(m.result_optional)}, "
            f"{flag(m.is_task)}, {text(m.task_result)}, {flag(m.task_result_list)}, "
            f"{span('kFaults', f0, len(m.faults))}"
        )
    out = _Cpp()
    out.array("ParameterInfo", "kParameters", params)
    out.strings("kFaults", faults)
    out.array("MethodInfo", "kMethodRows", rows)
    out.export("MethodInfo", "kMethods", "kMethodRows", len(rows))
    return out.done()


def known_managed(registry: Registry) -> list[str]:
    """Managed types of the core API that 8.0 has; the vSAN health service has an API of its own."""
    return sorted(n for n, m in registry.managed.items()
                  if release_of(m.version) != LATER and not n.startswith(("Vsan", "VimClusterVsan", "VimVsan")))


def managed_cpp(registry: Registry) -> str:
    props, rows = [], []
    for name in known_managed(registry):
        m = registry.managed[name]
        mine = [p for p in m.properties if release_of(p.version) != LATER]
        start = len(props)
        props += [f"{text(p.name)}, {text(p.type)}, {text(p.target)}, {text(p.privilege)}, {flag(p.is_list)}, "
                  f"{flag(p.optional)}, {text(p.version)}, Since::{SINCE[release_of(p.version)]}" for p in mine]
        rows.append(f"{text(name)}, {text(m.base)}, {text(m.version)}, Since::{SINCE[release_of(m.version)]}, "
                    f"{span('kProperties', start, len(mine))}")
    out = _Cpp()
    out.array("PropertyInfo", "kProperties", props)
    out.array("ManagedTypeInfo", "kManagedRows", rows)
    out.export("ManagedTypeInfo", "kManagedTypes", "kManagedRows", len(rows))
    return out.done()


def all_parents(schema: Schema, registry: Registry) -> dict[str, str]:
    """Every data type, fault, event and enum name that either source knows, with its base."""
    parents = {n: XSD_STRING for n in registry.schema.enums}
    parents |= {n: t.base for n, t in registry.schema.types.items()}
    parents |= {n: XSD_STRING for n in schema.enums}
    parents |= {n: t.base for n, t in schema.types.items()}
    parents[MOREF] = ""
    return {n: (p if p in parents or p == XSD_STRING else "") for n, p in parents.items()}


def nearest(name: str, parents: dict[str, str], subset: Subset) -> str:
    while name and name not in subset.types and name not in (XSD_STRING, MOREF):
        name = parents.get(name, "")
    return name


def names_cpp(parents: dict[str, str], subset: Subset) -> str:
    names = sorted(parents)
    index = {n: i for i, n in enumerate(names)}
    rows = []
    for n in names:
        p = parents[n]
        parent = "kIsString" if p == XSD_STRING else str(index[p]) if p else "kNoParent"
        rows.append(f"{text(n)}, {parent}, {flag(n in subset.types or n == MOREF)}")
    out = _Cpp()
    out.array("NameRow", "kNameRows", rows)
    out.export("NameRow", "kNames", "kNameRows", len(rows))
    arrays = sorted(subset.arrays)
    out.strings("kArrayNames", arrays)
    out.export("std::string_view", "kBoundArrays", "kArrayNames", len(arrays))
    return out.done()


def nearest_tsv(parents: dict[str, str], subset: Subset) -> str:
    lines = ["# type outside the subset\tnearest ancestor that has a class (- = none: decoded as an empty anyType)"]
    for n in sorted(parents):
        if n not in subset.types and n != MOREF:
            lines.append(f"{n}\t{nearest(n, parents, subset) or '-'}")
    return "\n".join(lines) + "\n"


def privileges_tsv(methods: list[Method]) -> str:
    lines = ["# method\tobject that the privilege is needed on (- = the one the method is called on)\tprivilege"]
    for m in sorted(methods, key=lambda m: m.name):
        if m.privilege:
            lines.append(f"{m.name}\t-\t{m.privilege}")
        lines += [f"{m.name}\t{p.name}\t{p.privilege}" for p in m.parameters if p.privilege]
    return "\n".join(lines) + "\n"


def properties_tsv(manifest_properties: dict[str, list[str]], closure) -> str:
    lines = ["# managed type\tproperty path that failback reads\tprivilege of its first step"]
    for owner in sorted(manifest_properties):
        for path in sorted(manifest_properties[owner]):
            p = closure(owner, path.split(".")[0])
            lines.append(f"{owner}\t{path}\t{(p.privilege if p else '') or '-'}")
    return "\n".join(lines) + "\n"


def dropped_txt(subset: Subset) -> str:
    lines = [
        "# Members that the closure leaves out of the classes, as Type.member: type. Reviewed by hand; a member that",
        "# failback needs belongs into [keep] of wsdl/manifest.toml. The schema table (wsdl/schema.h) knows them all.",
    ]
    lines += [f"{owner}.{m.name}: {m.type}{'[]' if m.is_list else ''}" for owner, m in subset.dropped]
    return "\n".join(lines) + "\n"


def mangle(name: str) -> str:
    """wsdl2h's C++ spelling of an XML name."""
    return name.replace("_", "_USCORE")


def wire_names_inc(subset: Subset) -> str:
    """Class to wire name, for a switch over soap_type()."""
    names = sorted([*subset.types, *subset.arrays, MOREF])
    return HEADER + "".join(f"case SOAP_TYPE_vim25__{mangle(n)}: return {text(n)};\n" for n in names)


def calls_h(methods: list[Method]) -> str:
    out = [HEADER.rstrip("\n"), "// Request and response class of each method.", "#pragma once",
           '#include "vim25/soapStub.h"', "", "namespace failback::vim25 {", "",
           "// Call<Request>: name on the wire, class of the response, and whether the answer is a reference to a task.",
           "template <class Request>", "struct Call;", ""]
    for m in sorted(methods, key=lambda m: m.name):
        out += ["template <>", f"struct Call<::vim25__{mangle(request_type(m))}> {{",
                f"  using Response = ::_vim25__{mangle(m.name)}Response;",
                f"  static constexpr const char* name = {text(m.name)};",
                f"  static constexpr const char* element = {text('vim25:' + m.name)};",
                f"  static constexpr const char* responseElement = {text('vim25:' + m.name + 'Response')};",
                f"  static constexpr bool isTask = {flag(m.is_task)};", "};"]
    return "\n".join([*out, "}  // namespace failback::vim25", ""])
