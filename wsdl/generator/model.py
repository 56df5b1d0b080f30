# SPDX-License-Identifier: GPL-2.0-or-later
"""What the generator knows about vim25, whatever source it came from."""

from __future__ import annotations

from dataclasses import dataclass, field

# "Since" of a member or value: the first of these releases whose schema has it. 6.5 stands for 6.5 and all before;
# LATER for what only a newer registry than the 8.0 schema knows.
RELEASES = ("6.5", "6.7", "7.0", "8.0")
LATER = "later"

XSD_PREFIX = "xsd:"
MOREF = "ManagedObjectReference"

# XML Schema types that vim25 uses, and the element name of their ArrayOf wrapper (None: there is no wrapper).
PRIMITIVES = {
    "xsd:anyType": ("ArrayOfAnyType", "anyType"),
    "xsd:anyURI": ("ArrayOfAnyURI", "anyURI"),
    "xsd:base64Binary": ("ArrayOfBase64Binary", "base64Binary"),
    "xsd:boolean": ("ArrayOfBoolean", "boolean"),
    "xsd:byte": ("ArrayOfByte", "byte"),
    "xsd:dateTime": None,
    "xsd:double": ("ArrayOfDouble", "double"),
    "xsd:float": None,
    "xsd:int": ("ArrayOfInt", "int"),
    "xsd:long": ("ArrayOfLong", "long"),
    "xsd:short": ("ArrayOfShort", "short"),
    "xsd:string": ("ArrayOfString", "string"),
}


class GeneratorError(Exception):
    """Something a person has to look at; the text says where and what to do."""


@dataclass(frozen=True)
class Member:
    name: str
    type: str  # "xsd:int" or the name of a vim25 type
    is_list: bool = False
    optional: bool = False
    since: str = "6.5"


@dataclass(frozen=True)
class Type:
    name: str
    base: str  # "" for a root
    members: tuple[Member, ...] = ()
    since: str = "6.5"


@dataclass(frozen=True)
class EnumValue:
    text: str
    since: str = "6.5"


@dataclass(frozen=True)
class Enum:
    name: str
    values: tuple[EnumValue, ...]
    since: str = "6.5"


@dataclass(frozen=True)
class Parameter:
    name: str
    type: str
    is_list: bool
    optional: bool
    target: str  # managed type that a reference must point to, else ""
    privilege: str  # "" when the registry names none
    version: str  # vim version id, e.g. "6.7"


@dataclass(frozen=True)
class Method:
    name: str  # on the wire, e.g. PowerOnVM_Task
    owner: str  # managed type that declares it
    version: str
    parameters: tuple[Parameter, ...]
    result: str  # type on the wire, "" for none
    result_list: bool
    result_optional: bool
    result_target: str
    task_result: str  # what TaskInfo.result holds ("" when none or no task)
    task_result_list: bool
    faults: tuple[str, ...]
    privilege: str

    @property
    def is_task(self) -> bool:
        return self.result_target == "Task" and self.name.endswith("_Task")


@dataclass(frozen=True)
class Property:
    name: str
    type: str
    is_list: bool
    optional: bool
    target: str
    privilege: str
    version: str


@dataclass(frozen=True)
class ManagedType:
    name: str
    base: str
    version: str
    properties: tuple[Property, ...]
    methods: tuple[str, ...]


@dataclass
class Schema:
    """Data types and enums by name."""

    types: dict[str, Type] = field(default_factory=dict)
    enums: dict[str, Enum] = field(default_factory=dict)

    def ancestors(self, name: str) -> list[str]:
        """Bases of a type, nearest first."""
        found = []
        while name in self.types and self.types[name].base:
            name = self.types[name].base
            found.append(name)
        return found

    def is_a(self, name: str, base: str) -> bool:
        return name == base or base in self.ancestors(name)

    def all_members(self, name: str) -> list[Member]:
        """Members in wire order: those of the bases first."""
        chain = [name, *self.ancestors(name)]
        return [m for t in reversed(chain) if t in self.types for m in self.types[t].members]

    def subtypes(self, base: str) -> list[str]:
        return sorted(t for t in self.types if t != base and self.is_a(t, base))


def array_of(type_name: str) -> tuple[str, str] | None:
    """Name and element name of the ArrayOf wrapper of a type."""
    if type_name in PRIMITIVES:
        return PRIMITIVES[type_name]
    return "ArrayOf" + type_name[0].upper() + type_name[1:], type_name


def release_of(version: str) -> str:
    """Release of RELEASES that a vim version id such as '7.0.3.2' first appears in; LATER when it is newer than all."""
    digits = []
    for part in version.split("."):
        number = ""
        for c in part:
            if not c.isdigit():
                break
            number += c
        digits.append(int(number or 0))
    digits += [0] * (4 - len(digits))
    # Development versions between two releases (6.7.1, 6.8.7, 6.9.1) came out with the next one.
    for limit, release in (((6, 5), "6.5"), ((6, 7), "6.7"), ((7, 0, 0, 0), "7.0"), ((8, 0, 0, 0), "8.0")):
        bound = list(limit) + [0] * (4 - len(limit))
        if digits[:4] <= bound:
            return release
    return LATER
