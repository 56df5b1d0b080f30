# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads pyVmomi's registry: methods, managed types, privileges, and its own view of the data types."""

from __future__ import annotations

import importlib
import sys
from dataclasses import dataclass, field
from pathlib import Path

from .model import (
    MOREF,
    Enum,
    EnumValue,
    GeneratorError,
    ManagedType,
    Member,
    Method,
    Parameter,
    Property,
    Schema,
    Type,
    release_of,
)

OPTIONAL = 4  # VmomiSupport.F_OPTIONAL
LINK = 1  # VmomiSupport.F_LINK: on the wire the key of the object, a string

_SCALARS = {
    "boolean": "xsd:boolean",
    "byte": "xsd:byte",
    "short": "xsd:short",
    "int": "xsd:int",
    "long": "xsd:long",
    "float": "xsd:float",
    "double": "xsd:double",
    "string": "xsd:string",
    "anyType": "xsd:anyType",
    "vmodl.Any": "xsd:anyType",
    "vmodl.DateTime": "xsd:dateTime",
    "vmodl.TypeName": "xsd:string",
    "vmodl.PropertyPath": "xsd:string",
    "vmodl.MethodName": "xsd:string",
    "vmodl.Binary": "xsd:base64Binary",
    "vmodl.URI": "xsd:anyURI",
    "vmodl.LocalizedMethodFault": "LocalizedMethodFault",
    "vmodl.RuntimeFault": "RuntimeFault",
    "vmodl.DynamicData": "DynamicData",
}


@dataclass
class Registry:
    schema: Schema = field(default_factory=Schema)
    managed: dict[str, ManagedType] = field(default_factory=dict)
    methods: dict[str, list[Method]] = field(default_factory=dict)  # one wire name may stand in several managed types

    def method(self, name: str, owner: str = "") -> Method:
        found = [m for m in self.methods.get(name, []) if not owner or m.owner == owner]
        if not found:
            raise KeyError(name)
        if len(found) > 1:
            raise GeneratorError(
                f"method {name} stands in {', '.join(m.owner for m in found)}: write it as Owner.{name} in the manifest"
            )
        return found[0]


class _Loader:
    def __init__(self, folder: Path):
        if not (folder / "pyVmomi" / "VmomiSupport.py").is_file():
            raise GeneratorError(f"there is no package pyVmomi in {folder}; run wsdl/refresh.sh")
        sys.path.insert(0, str(folder))
        try:
            self.v = importlib.import_module("pyVmomi.VmomiSupport")
            importlib.import_module("pyVmomi._typeinfos")
        except ImportError as e:
            raise GeneratorError(f"pyVmomi can't be imported from {folder}: {e}; run wsdl/refresh.sh") from e
        finally:
            sys.path.pop(0)
        v = self.v
        self.data = {n: r for n, r in v._dataDefMap.items() if self._ours(r[3])}
        self.managed = {n: r for n, r in v._managedDefMap.items() if self._ours(r[3])}
        self.enums = {n: r for n, r in v._enumDefMap.items() if self._ours(r[2])}

    def _ours(self, version: str) -> bool:
        return self.v.GetInternedWsdlNamespace(version) == "urn:vim25"

    def version_id(self, version: str) -> str:
        """API version of an internal version name; what has no number (vmodl.*) is as old as the API."""
        number = self.v.versionIdMap.get(version, "")
        if number and not number[0].isdigit():
            return "9.1.0.1"  # an unreleased id that stands between 9.1.0.0 and 9.1.1.0
        return number or "2.0"

    def wire_type(self, vmodl: str, flags: int, where: str) -> tuple[str, bool, str]:
        """(type on the wire, is it a list, managed type behind a reference)"""
        is_list = vmodl.endswith("[]")
        name = vmodl[:-2] if is_list else vmodl
        if flags & LINK:
            return "xsd:string", is_list, ""
        if name in _SCALARS:
            return _SCALARS[name], is_list, ""
        if name == "vmodl.MethodFault":
            return "LocalizedMethodFault", is_list, ""
        if name in self.managed or name == "vmodl.ManagedObject":
            return MOREF, is_list, self.managed[name][1] if name in self.managed else "ManagedObject"
        all_managed = self.v._managedDefMap
        if name in all_managed:
            return MOREF, is_list, all_managed[name][1]
        for table in (self.data, self.enums, self.v._dataDefMap, self.v._enumDefMap):
            if name in table:
                return table[name][1], is_list, ""
        raise GeneratorError(f"registry: {where} has the unknown type {vmodl}")

    def base_name(self, vmodl: str | None) -> str:
        if not vmodl:
            return ""
        if vmodl in ("vmodl.MethodFault", "vmodl.RuntimeFault", "vmodl.DynamicData"):
            return vmodl.rsplit(".", 1)[1]
        if vmodl in self.v._dataDefMap:
            return self.v._dataDefMap[vmodl][1]
        return vmodl.rsplit(".", 1)[1]

    def load(self) -> Registry:
        registry = Registry()
        for row in self.data.values():
            _, name, parent, version, props = row
            members = []
            for prop in props or ():
                kind, is_list, _ = self.wire_type(prop[1], prop[3], f"{name}.{prop[0]}")
                members.append(
                    Member(prop[0], kind, is_list, bool(prop[3] & OPTIONAL), release_of(self.version_id(prop[2])))
                )
            registry.schema.types[name] = Type(
                name, self.base_name(parent), tuple(members), release_of(self.version_id(version))
            )
        for row in self.enums.values():
            since = release_of(self.version_id(row[2]))
            registry.schema.enums[row[1]] = Enum(row[1], tuple(EnumValue(v, since) for v in row[3]), since)
        for row in self.managed.values():
            self._managed(row, registry)
        return registry

    def _managed(self, row, registry: Registry) -> None:
        _, name, parent, version, props, methods = row
        properties = []
        for prop in props or ():
            kind, is_list, target = self.wire_type(prop[1], prop[3], f"{name}.{prop[0]}")
            properties.append(
                Property(
                    prop[0], kind, is_list, bool(prop[3] & OPTIONAL), target, prop[4] or "", self.version_id(prop[2])
                )
            )
        base = self.managed[parent][1] if parent in self.managed else ("ManagedObject" if parent else "")
        registry.managed[name] = ManagedType(
            name, base, self.version_id(version), tuple(properties), tuple(m[1] for m in methods or ())
        )
        for m in methods or ():
            registry.methods.setdefault(m[1], []).append(self._method(name, m))

    def _method(self, owner: str, row) -> Method:
        _, name, version, params, result, privilege, faults = row
        parameters = []
        for p in params:
            kind, is_list, target = self.wire_type(p[1], p[3], f"{name}({p[0]})")
            parameters.append(
                Parameter(p[0], kind, is_list, bool(p[3] & OPTIONAL), target, p[4] or "", self.version_id(p[2]))
            )
        # The second entry is the result on the wire, the third what a task's info.result will hold.
        flags, wire, task = result
        wire_kind, wire_list, target = ("", False, "") if wire == "void" else self.wire_type(wire, 0, name)
        task_kind, task_list = "", False
        if name.endswith("_Task") and task not in ("void", wire):
            task_kind, task_list, _ = self.wire_type(task, 0, name)
        names = sorted(self.base_name(f) for f in faults or ())
        return Method(
            name=name,
            owner=owner,
            version=self.version_id(version),
            parameters=tuple(parameters),
            result=wire_kind,
            result_list=wire_list,
            result_optional=bool(flags & OPTIONAL),
            result_target=target,
            task_result=task_kind,
            task_result_list=task_list,
            faults=tuple(names),
            privilege=privilege or "",
        )


def read_registry(folder: Path) -> Registry:
    return _Loader(folder).load()
