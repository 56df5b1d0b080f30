# SPDX-License-Identifier: GPL-2.0-or-later
"""Writes the subset as XSD and WSDL: once as it is, once in the form that the gSOAP tools turn into tolerant classes."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

from .closure import Subset
from .model import MOREF, Member, Method, Schema

NOTE = """<!--
  Written by wsdl/generate.py from wsdl/manifest.toml: do not edit. A subset of the vSphere Web Services API (vim25).
  Facts from the vSphere 8.0 type schemas (package oslo.vmware) and from the method registry of pyVmomi, both Apache-2.0.
-->
"""
# XML Schema types that may stand as xsi:type in an anyType although no member of the subset has them.
EVERY_PRIMITIVE = ("boolean", "byte", "short", "int", "long", "float", "double", "string", "dateTime", "anyURI",
                   "base64Binary")

# The WSDL that people read and the mock serves takes its types from the file beside it.
INCLUDE = ('<xsd:schema targetNamespace="urn:vim25"><xsd:include schemaLocation="vim25.xsd"/></xsd:schema>',)


def request_type(method: Method) -> str:
    """Name of the type of a method's request element."""
    name = method.name[: -len("_Task")] if method.name.endswith("_Task") else method.name
    return name + "RequestType"


class XmlWriter:
    """binding=True: data members all optional and enums plain strings, because a decoder must survive a server that
    leaves out a mandatory member or knows a newer enum value (a generated enum fails the whole answer)."""

    def __init__(self, schema: Schema, subset: Subset, binding: bool):
        self.schema, self.subset, self.binding = schema, subset, binding
        self.lines: list[str] = []

    def xml_type(self, kind: str) -> str:
        if kind.startswith("xsd:"):
            return kind
        if kind in self.schema.enums and self.binding:
            return "xsd:string"
        return "vim25:" + kind

    def element(self, m: Member, indent: str) -> None:
        attributes = f'name={quoteattr(m.name)} type={quoteattr(self.xml_type(m.type))}'
        if m.optional or self.binding:
            attributes += ' minOccurs="0"'
        if m.is_list:
            attributes += ' maxOccurs="unbounded"'
        self.lines.append(f"{indent}<xsd:element {attributes}/>")

    def complex_type(self, name: str, base: str, members) -> None:
        self.lines.append(f"  <xsd:complexType name={quoteattr(name)}>")
        indent = "    "
        if base:
            self.lines.append("    <xsd:complexContent>")
            self.lines.append(f"      <xsd:extension base={quoteattr('vim25:' + base)}>")
            indent = "        "
        self.lines.append(f"{indent}<xsd:sequence>")
        for m in members:
            self.element(m, indent + "  ")
        self.lines.append(f"{indent}</xsd:sequence>")
        if base:
            self.lines += ["      </xsd:extension>", "    </xsd:complexContent>"]
        self.lines.append("  </xsd:complexType>")

    def moref(self) -> None:
        self.lines += [
            f"  <xsd:complexType name={quoteattr(MOREF)}>",
            "    <xsd:simpleContent>",
            '      <xsd:extension base="xsd:string">',
            '        <xsd:attribute name="type" type="xsd:string"/>',
            # Not in the official schema, but real servers may send it and want it back.
            '        <xsd:attribute name="serverGuid" type="xsd:string"/>',
            "      </xsd:extension>",
            "    </xsd:simpleContent>",
            "  </xsd:complexType>",
        ]

    def enums(self) -> None:
        for name in sorted(self.subset.enums):
            self.lines.append(f"  <xsd:simpleType name={quoteattr(name)}>")
            self.lines.append('    <xsd:restriction base="xsd:string">')
            for value in self.schema.enums[name].values:
                self.lines.append(f"      <xsd:enumeration value={quoteattr(value.text)}/>")
            self.lines += ["    </xsd:restriction>", "  </xsd:simpleType>"]

    def messages(self) -> None:
        for m in self.subset.methods:
            members = [Member("_this", MOREF)]
            members += [Member(p.name, p.type, p.is_list, p.optional) for p in m.parameters]
            self.complex_type(request_type(m), "", members)
            self.lines.append(f"  <xsd:element name={quoteattr(m.name)} type={quoteattr('vim25:' + request_type(m))}/>")
            self.lines.append(f"  <xsd:element name={quoteattr(m.name + 'Response')}>")
            self.lines.append("    <xsd:complexType>")
            if m.result:
                self.lines.append("      <xsd:sequence>")
                optional = m.result_optional or m.result_list
                self.element(Member("returnval", m.result, m.result_list, optional), "        ")
                self.lines.append("      </xsd:sequence>")
            else:
                self.lines.append("      <xsd:sequence/>")
            self.lines += ["    </xsd:complexType>", "  </xsd:element>"]

    def schema_lines(self) -> list[str]:
        self.lines = [
            '<xsd:schema targetNamespace="urn:vim25" elementFormDefault="qualified"',
            '    xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:vim25="urn:vim25">',
        ]
        self.moref()
        if not self.binding:
            self.enums()
        for name, t in sorted(self.subset.types.items()):
            self.complex_type(name, t.base, t.members)
        for name, (element, kind) in sorted(self.subset.arrays.items()):
            self.complex_type(name, "", [Member(element, kind, True, True)])
        if self.binding:
            # Brings a wrapper class for each primitive into the generated code; never sent.
            self.complex_type("EveryPrimitive", "", [Member(p, "xsd:" + p, False, True) for p in EVERY_PRIMITIVE])
        self.messages()
        self.lines.append("</xsd:schema>")
        return self.lines


def write_xsd(schema: Schema, subset: Subset) -> str:
    lines = XmlWriter(schema, subset, binding=False).schema_lines()
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + NOTE + "\n".join(lines) + "\n"


def write_wsdl(schema: Schema, subset: Subset, binding: bool) -> str:
    """Faults are not declared: any fault may come with any method, and the type stands in xsi:type."""
    out = [
        '<definitions targetNamespace="urn:vim25" xmlns="http://schemas.xmlsoap.org/wsdl/"',
        '    xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:vim25="urn:vim25"',
        '    xmlns:xsd="http://www.w3.org/2001/XMLSchema">',
        "<types>",
        *(XmlWriter(schema, subset, binding).schema_lines() if binding else INCLUDE),
        "</types>",
    ]
    for m in subset.methods:
        name = quoteattr(m.name + "RequestMsg")
        out.append(f'<message name={name}><part name="parameters" element="vim25:{m.name}"/></message>')
        name = quoteattr(m.name + "ResponseMsg")
        out.append(f'<message name={name}><part name="parameters" element="vim25:{m.name}Response"/></message>')
    out.append('<portType name="VimPortType">')
    for m in subset.methods:
        out.append(f'<operation name="{m.name}"><input message="vim25:{m.name}RequestMsg"/>'
                   f'<output message="vim25:{m.name}ResponseMsg"/></operation>')
    out.append("</portType>")
    out.append('<binding name="VimBinding" type="vim25:VimPortType">')
    out.append('<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>')
    for m in subset.methods:
        out.append(f'<operation name="{m.name}"><soap:operation soapAction="urn:vim25/8.0.0.0" style="document"/>'
                   '<input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>')
    out += [
        "</binding>",
        '<service name="VimService"><port name="VimPort" binding="vim25:VimBinding">'
        '<soap:address location="https://localhost/sdk"/></port></service>',
        "</definitions>",
    ]
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + NOTE + "\n".join(out) + "\n"
