# SPDX-License-Identifier: GPL-2.0-or-later
"""Schemas of whole vim25 messages.

The official files (package oslo.vmware) define every data type, but no message. pyVmomi's registry
knows every method with its parameters in order. Put together they judge a whole envelope: this
module writes the message elements and a small SOAP envelope around the official types.

The official files are those of a release's first build (8.0.0). Types that only a later build of it
has (8.0.2's FileLockInfo, say) are taken from the registry; the official types stay as they are.
"""

from __future__ import annotations

import importlib.resources
import pathlib
import tempfile
from dataclasses import dataclass, field
from xml.sax.saxutils import quoteattr

from lxml import etree

from property_paths import PropertyPaths

XS = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
SOAP = "http://schemas.xmlsoap.org/soap/envelope/"
VIM = "urn:vim25"

VERSIONS = ("6.5", "6.7", "7.0", "8.0")

# The first and the newest service version of each release: what came with the newest, or before, is
# in the schema.
_BUILDS = {
    "6.5": ("vim25/6.5", "vim25/6.5"),
    "6.7": ("vim25/6.7", "vim25/6.7.3"),
    "7.0": ("vim25/7.0.0.0", "vim25/7.0.3.2"),
    "8.0": ("vim25/8.0.0.0", "vim25/8.0.3.1"),
}

_PRIMITIVES = {
    "anyType": "xsd:anyType",
    "boolean": "xsd:boolean",
    "byte": "xsd:byte",
    "short": "xsd:short",
    "int": "xsd:int",
    "long": "xsd:long",
    "float": "xsd:float",
    "double": "xsd:double",
    "string": "xsd:string",
    "vmodl.URI": "xsd:anyURI",
    "vmodl.Binary": "xsd:base64Binary",
    "vmodl.DateTime": "xsd:dateTime",
    "vmodl.TypeName": "xsd:string",
    "vmodl.PropertyPath": "xsd:string",
    "vmodl.MethodName": "xsd:string",
    # On the wire a fault as a value always travels with its localized text.
    "vmodl.MethodFault": "vim25:LocalizedMethodFault",
    "vmodl.LocalizedMethodFault": "vim25:LocalizedMethodFault",
    "vmodl.ManagedObject": "vim25:ManagedObjectReference",
    "vmodl.DynamicData": "vim25:DynamicData",
}

_OPTIONAL = 4  # pyVmomi.VmomiSupport.F_OPTIONAL


@dataclass(frozen=True)
class Member:
    """One parameter, or the result, of a method as it is on the wire."""

    name: str
    type: str
    optional: bool
    many: bool

    def element(self) -> str:
        low = ' minOccurs="0"' if self.optional else ""
        high = ' maxOccurs="unbounded"' if self.many else ""
        return f"<element name={quoteattr(self.name)} type={quoteattr(self.type)}{low}{high}/>"


@dataclass(frozen=True)
class Method:
    name: str
    request: tuple[Member, ...]
    result: Member | None


# pyVmomi reads single properties with a method that is in no registry.
_FETCH = Method(
    "Fetch",
    (Member("prop", "xsd:string", False, False),),
    Member("returnval", "xsd:anyType", True, False),
)


@dataclass
class MessageSchema:
    """The compiled schema of one release, with what own rules need to know beside it."""

    version: str
    schema: etree.XMLSchema
    methods: dict[str, Method]
    faults: frozenset[str]
    paths: PropertyPaths
    dropped: dict[str, str] = field(default_factory=dict)


def official_files(version: str) -> dict[str, pathlib.Path]:
    """The official type files of a release by name, as installed with oslo.vmware."""
    folder = importlib.resources.files("oslo_vmware") / "wsdl" / version
    names = ("core-types.xsd", "query-types.xsd", "vim-types.xsd", "reflect-types.xsd")
    return {name: pathlib.Path(str(folder / name)) for name in names}


def _official_types(version: str) -> dict[str, str | None]:
    """Every official type of urn:vim25 with the name of its base (None for a root or an enum)."""
    types: dict[str, str | None] = {}
    for name, path in official_files(version).items():
        if name == "reflect-types.xsd":
            continue
        for node in etree.parse(str(path)).getroot():
            if not isinstance(node.tag, str) or "name" not in node.attrib:
                continue
            base = node.find(f".//{{{XS}}}complexContent/{{{XS}}}extension")
            parent = base.get("base").split(":")[-1] if base is not None else None
            types[node.get("name")] = parent
    return types


def _faults(types: dict[str, str | None]) -> frozenset[str]:
    found = set()
    for name in types:
        at: str | None = name
        while at is not None and at != "MethodFault":
            at = types.get(at)
        if at == "MethodFault":
            found.add(name)
    return frozenset(found)


class _Registry:
    """pyVmomi's tables, read as facts: name, wire type, order and optionality."""

    def __init__(self, version: str, types: dict[str, str | None]):
        from pyVmomi import VmomiSupport  # slow to import: only where it is needed

        self._support = VmomiSupport
        self._types = types
        first, newest = (VmomiSupport.versionMap[name] for name in _BUILDS[version])
        self._parents = set(VmomiSupport.GetVersionParents(newest))
        self.paths = PropertyPaths(self._parents)
        self._first_parents = VmomiSupport.GetVersionParents(first)

    def later_types(self) -> str:
        """XSD of the types that the release got after its official files were written."""
        support = self._support
        out = []
        added: list[tuple[str, str, list[tuple]]] = []
        for _, name, parent, version, members in support._dataDefMap.values():
            if self._is_later(name, version):
                added.append((name, parent, members or []))
                self._types[name] = self._wire_name(parent)
        for _, name, version, values in support._enumDefMap.values():
            if self._is_later(name, version):
                self._types[name] = None
                facets = "".join(f"<enumeration value={quoteattr(v)}/>" for v in values)
                out.append(f'<simpleType name="{name}"><restriction base="xsd:string">{facets}'
                           "</restriction></simpleType>" + _array_xsd(name))
        for name, parent, members in added:
            content = "".join(member.element() for member in self._members(members))
            out.append(f'<complexType name="{name}"><complexContent>'
                       f'<extension base="vim25:{self._wire_name(parent)}"><sequence>{content}'
                       "</sequence></extension></complexContent></complexType>"
                       + _array_xsd(name))
        return "".join(out)

    def _is_later(self, name: str, version: str) -> bool:
        return (name not in self._types and version in self._parents
                and version not in self._first_parents
                and self._support.GetInternedWsdlNamespace(version) == VIM)

    def _wire_name(self, vmodl: str) -> str:
        if vmodl in self._support._dataDefMap:
            return self._support._dataDefMap[vmodl][1]
        return vmodl.rsplit(".", 1)[-1]  # vmodl.DynamicData, vmodl.MethodFault, vmodl.RuntimeFault

    def _members(self, rows: list[tuple]) -> list[Member]:
        found = []
        for name, type_name, version, flags, *_ in rows:
            member = self._member(name, type_name, flags) if version in self._parents else None
            if member is not None:
                found.append(member)
        return found

    def _wire_type(self, name: str) -> str | None:
        """The schema's name of a type, or None when this release does not have it."""
        if name in _PRIMITIVES:
            return _PRIMITIVES[name]
        support = self._support
        if name in support._managedDefMap:
            return "vim25:ManagedObjectReference"
        for table in (support._dataDefMap, support._enumDefMap):
            if name in table:
                wire = table[name][1]
                return f"vim25:{wire}" if wire in self._types else None
        return None

    def _member(self, wire_name: str, type_name: str, flags: int) -> Member | None:
        many = type_name.endswith("[]")
        wire = self._wire_type(type_name.removesuffix("[]"))
        if wire is None:
            return None
        return Member(wire_name, wire, bool(flags & _OPTIONAL), many)

    def methods(self) -> tuple[dict[str, Method], dict[str, str]]:
        found: dict[str, Method] = {"Fetch": _FETCH}
        dropped: dict[str, str] = {}
        for definition in self._support._managedDefMap.values():
            for row in definition[5] or ():
                if self._support.GetInternedWsdlNamespace(row[2]) != VIM:
                    continue
                if row[2] not in self._parents:
                    dropped[row[1]] = f"newer than this release ({row[2]})"
                    continue
                self._add(row, found, dropped)
        return found, dropped

    def _add(self, row, found: dict[str, Method], dropped: dict[str, str]) -> None:
        _, name, _, parameters, result, _, _ = row
        members = []
        for parameter, type_name, version, flags, _ in parameters:
            if version not in self._parents:
                continue
            member = self._member(parameter, type_name, flags)
            if member is not None:
                members.append(member)
            elif not flags & _OPTIONAL:
                dropped[name] = f"its parameter {parameter} has the unknown type {type_name}"
                return
        answer = None
        if result[1] != "void":
            # A list as a result may be empty, and is then not there (FindAllByUuid without a hit).
            empty = _OPTIONAL if result[1].endswith("[]") else 0
            answer = self._member("returnval", result[1], result[0] | empty)
            if answer is None:
                dropped[name] = f"its result has the unknown type {result[1]}"
                return
        found[name] = Method(name, tuple(members), answer)


def _array_xsd(name: str) -> str:
    return (f'<complexType name="ArrayOf{name}"><sequence><element name="{name}" '
            f'type="vim25:{name}" minOccurs="0" maxOccurs="unbounded"/></sequence></complexType>')


def _message_xsd(methods: dict[str, Method], later_types: str) -> str:
    out = [
        f'<schema targetNamespace="{VIM}" xmlns="{XS}" xmlns:xsd="{XS}" xmlns:vim25="{VIM}"'
        ' elementFormDefault="qualified"><include schemaLocation="vim-types.xsd"/>',
        later_types,
    ]
    this = Member("_this", "vim25:ManagedObjectReference", False, False).element()
    for method in methods.values():
        request = this + "".join(member.element() for member in method.request)
        result = method.result.element() if method.result else ""
        for name, content in ((method.name, request), (method.name + "Response", result)):
            out.append(
                f'<element name="{name}"><complexType><sequence>{content}</sequence>'
                "</complexType></element>"
            )
    out.append("</schema>")
    return "".join(out)


_ENVELOPE_XSD = f"""<schema targetNamespace="{SOAP}" xmlns="{XS}" xmlns:s="{SOAP}"
    elementFormDefault="qualified">
  <import namespace="{VIM}" schemaLocation="messages.xsd"/>
  <complexType name="Detail"><sequence>
    <any namespace="{VIM}" processContents="lax" minOccurs="0"/>
  </sequence></complexType>
  <complexType name="Fault"><sequence>
    <element name="faultcode" type="string" form="unqualified"/>
    <element name="faultstring" type="string" form="unqualified"/>
    <element name="faultactor" type="anyURI" form="unqualified" minOccurs="0"/>
    <element name="detail" type="s:Detail" form="unqualified" minOccurs="0"/>
  </sequence></complexType>
  <element name="Envelope"><complexType><sequence>
    <element name="Header" minOccurs="0"><complexType><sequence>
      <any namespace="##any" processContents="skip" minOccurs="0" maxOccurs="unbounded"/>
    </sequence></complexType></element>
    <element name="Body"><complexType><choice>
      <element name="Fault" type="s:Fault"/>
      <any namespace="{VIM}" processContents="strict"/>
    </choice></complexType></element>
  </sequence></complexType></element>
</schema>
"""

VERSIONS_FILE_XSD = f"""<xs:schema xmlns:xs="{XS}" elementFormDefault="qualified">
  <xs:complexType name="Versions"><xs:sequence>
    <xs:element name="version" type="xs:string" maxOccurs="unbounded"/>
  </xs:sequence></xs:complexType>
  <xs:element name="namespaces"><xs:complexType><xs:sequence>
    <xs:element name="namespace" maxOccurs="unbounded"><xs:complexType><xs:sequence>
      <xs:element name="name" type="xs:anyURI"/>
      <xs:element name="version" type="xs:string"/>
      <xs:element name="priorVersions" type="Versions" minOccurs="0"/>
    </xs:sequence></xs:complexType></xs:element>
  </xs:sequence><xs:attribute name="version" type="xs:string" use="required"/></xs:complexType>
  </xs:element>
</xs:schema>
"""


def load(version: str = "8.0") -> MessageSchema:
    """Compiles the schema of a release. Takes about a second."""
    if version not in VERSIONS:
        raise ValueError(f"no official schema of release {version}: there are {VERSIONS}")
    types = _official_types(version)
    registry = _Registry(version, types)
    later_types = registry.later_types()
    methods, dropped = registry.methods()
    with tempfile.TemporaryDirectory(prefix="failback-schema-") as name:
        folder = pathlib.Path(name)
        for file, path in official_files(version).items():
            (folder / file).write_bytes(path.read_bytes())
        (folder / "messages.xsd").write_text(_message_xsd(methods, later_types), encoding="utf-8")
        (folder / "envelope.xsd").write_text(_ENVELOPE_XSD, encoding="utf-8")
        schema = etree.XMLSchema(etree.parse(str(folder / "envelope.xsd")))
    return MessageSchema(version, schema, methods, _faults(types), registry.paths, dropped)
