#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes wsdl/generated/ from wsdl/manifest.toml and the two sources. Run it through wsdl/refresh.sh, which fetches them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from generator import closure, compare, emit_tables, emit_xml, manifest, official, registry  # noqa: E402
from generator.model import GeneratorError  # noqa: E402

HERE = Path(__file__).resolve().parent


def used_enums(schema, table, methods, facts) -> set[str]:
    found = {m.type for t in table.types for m in schema.types[t].members if m.type in schema.enums}
    found |= {p.type for m in methods for p in m.parameters if p.type in schema.enums}
    for name in emit_tables.known_managed(facts):
        found |= {p.type for p in facts.managed[name].properties if p.type in schema.enums}
    return found


def generate(xsd: Path, registry_path: Path, manifest_path: Path, disagreements: Path) -> tuple[dict[str, str], str]:
    """(file name -> text, report)"""
    schema = official.without_arrays(official.read_official(xsd))
    facts = registry.read_registry(registry_path)
    compare.check(schema, facts.schema, disagreements)
    raw = manifest.read_manifest(manifest_path)
    wanted = manifest.resolve(raw, schema, facts)
    subset, table = closure.make(schema, facts, wanted)
    parents = emit_tables.all_parents(schema, facts)
    look = closure.Closure(schema, facts, wanted)
    files = {
        "vim25.xsd": emit_xml.write_xsd(schema, subset),
        "vim25.wsdl": emit_xml.write_wsdl(schema, subset, binding=False),
        "vim25-binding.wsdl": emit_xml.write_wsdl(schema, subset, binding=True),
        "calls.h": emit_tables.calls_h(subset.methods),
        "wire_names.inc": emit_tables.wire_names_inc(subset),
        "types_table.cpp": emit_tables.types_cpp(schema, subset, table, used_enums(schema, table, subset.methods, facts)),
        "methods_table.cpp": emit_tables.methods_cpp(subset.methods),
        "managed_table.cpp": emit_tables.managed_cpp(facts),
        "names_table.cpp": emit_tables.names_cpp(parents, subset),
        "nearest.tsv": emit_tables.nearest_tsv(parents, subset),
        "privileges.tsv": emit_tables.privileges_tsv(subset.methods),
        "properties.tsv": emit_tables.properties_tsv(wanted.properties, look.property_of),
        "dropped.txt": emit_tables.dropped_txt(subset),
    }
    faults = sum(schema.is_a(n, "MethodFault") for n in subset.types)
    events = sum(schema.is_a(n, "Event") for n in subset.types)
    report = (
        f"{len(subset.types)} types ({faults} faults, {events} events), {len(subset.arrays)} arrays, "
        f"{len(subset.methods)} methods, {len(subset.dropped)} members dropped; "
        f"{len(table.types)} types in the schema table, {len(parents)} names; "
        f"binding WSDL {len(files['vim25-binding.wsdl']) // 1024} KB"
    )
    return files, report


def dropped_changes(folder: Path, files: dict[str, str]) -> list[str]:
    """What a person has to look at: members that are newly lost, or no longer."""
    path = folder / "dropped.txt"
    before = set(path.read_text(encoding="utf-8").splitlines()) if path.is_file() else set()
    after = set(files["dropped.txt"].splitlines())
    lost = [f"lost:   {line}" for line in sorted(after - before) if not line.startswith("#")]
    return lost + [f"gained: {line}" for line in sorted(before - after) if not line.startswith("#")]


def write(files: dict[str, str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.is_file() and old.name not in files:
            old.unlink()
    for name, content in files.items():
        path = folder / name
        # An unchanged file keeps its time, so that a build does nothing.
        if not path.is_file() or path.read_text(encoding="utf-8") != content:
            path.write_text(content, encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--xsd", type=Path, required=True, help="folder with the official schemas (8.0/, 7.0/, ...)")
    parser.add_argument("--registry", type=Path, required=True, help="folder that holds the package pyVmomi")
    parser.add_argument("--manifest", type=Path, default=HERE / "manifest.toml")
    parser.add_argument("--disagreements", type=Path, default=HERE / "disagreements.toml")
    parser.add_argument("--out", type=Path, default=HERE / "generated")
    parser.add_argument("--print-dropped", action="store_true", help="print all members that are left out, not only the changes")
    args = parser.parse_args()
    try:
        files, report = generate(args.xsd, args.registry, args.manifest, args.disagreements)
    except GeneratorError as e:
        print(f"generate.py: {e}", file=sys.stderr)
        return 1
    changes = dropped_changes(args.out, files)
    write(files, args.out)
    for line in changes:
        print(line)
    if args.print_dropped:
        print(files["dropped.txt"], end="")
    print(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
