# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads the official type schemas (core-types.xsd, query-types.xsd, vim-types.xsd) of several releases."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

from .model import LATER, RELEASES, Enum, EnumValue, GeneratorError, Member, Schema, Type

XS = "{http://www.w3.org/2001/XMLSchema}"
FILES = ("core-types.xsd", "query-types.xsd", "vim-types.xsd")


def _type_name(text: str, where: str) -> str:
    prefix, _, local = text.partition(":")
    if prefix == "vim25":
        return local
    if prefix == "xsd":
        return text
    raise GeneratorError(f"{where}: type '{text}' has a prefix that is neither vim25 nor xsd")


def _members(sequence: ET.Element | None, where: str) -> tuple[Member, ...]:
    members = []
    for element in sequence if sequence is not None else ():
        if element.tag != XS + "element":
            raise GeneratorError(f"{where}: unexpected {element.tag} in a sequence")
        name = element.get("name", "")
        members.append(
            Member(
                name=name,
                type=_type_name(element.get("type", ""), f"{where}.{name}"),
                is_list=element.get("maxOccurs") == "unbounded",
                optional=element.get("minOccurs") == "0",
            )
        )
    return tuple(members)


def _complex(node: ET.Element, where: str) -> Type:
    name = node.get("name", "")
    content = node.find(XS + "complexContent")
    if content is not None:
        extension = content.find(XS + "extension")
        base = _type_name(extension.get("base", ""), where)
        return Type(name, base, _members(extension.find(XS + "sequence"), where))
    return Type(name, "", _members(node.find(XS + "sequence"), where))


def read_release(folder: Path) -> Schema:
    """One release as its files say it; every 'since' is left at its default."""
    schema = Schema()
    for file in FILES:
        path = folder / file
        if not path.is_file():
            raise GeneratorError(f"official schema {path} is missing; run wsdl/refresh.sh")
        for node in ET.parse(path).getroot():
            name = node.get("name", "")
            where = f"{folder.name}/{file}: {name}"
            if node.tag == XS + "complexType":
                schema.types[name] = _complex(node, where)
            elif node.tag == XS + "simpleType":
                values = [v.get("value", "") for v in node.iter(XS + "enumeration")]
                schema.enums[name] = Enum(name, tuple(EnumValue(v) for v in values))
    return schema


def read_official(root: Path) -> Schema:
    """The newest release, each type, member and value labelled with the first release that has it."""
    releases = {r: read_release(root / r) for r in RELEASES}
    newest = releases[RELEASES[-1]]

    def first(has) -> str:
        return next((r for r in RELEASES if has(releases[r])), LATER)

    result = Schema()
    for name, t in newest.types.items():
        members = tuple(
            replace(m, since=first(lambda s, m=m: any(o.name == m.name for o in s.types.get(name, Type("", "")).members)))
            for m in t.members
        )
        result.types[name] = replace(t, members=members, since=first(lambda s: name in s.types))
    for name, e in newest.enums.items():
        values = tuple(
            replace(v, since=first(lambda s, v=v: any(o.text == v.text for o in s.enums.get(name, Enum("", ())).values)))
            for v in e.values
        )
        result.enums[name] = replace(e, values=values, since=first(lambda s: name in s.enums))
    return result


def without_arrays(schema: Schema) -> Schema:
    """The schema less its ArrayOf wrappers, which the generator makes itself."""
    kept = {n: t for n, t in schema.types.items() if not n.startswith("ArrayOf")}
    return Schema(kept, schema.enums)
