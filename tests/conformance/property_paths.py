# SPDX-License-Identifier: GPL-2.0-or-later
"""Are the property paths in a request such that a server of a release knows them?

A schema sees a path as a text. A real server refuses the whole request for one path that it does
not know (InvalidProperty); vcsim passes over it. So paths are followed through pyVmomi's registry.
"""

from __future__ import annotations

import re

_PART = re.compile(r'([A-Za-z_]\w*)(\[(?:"[^"]*"|[^\]]*)\])?(?:\.|$)')


class PropertyPaths:
    """The properties that a release has, by their paths."""

    def __init__(self, parents: set[str]):
        """parents: the versions (as pyVmomi names them) that the release includes."""
        from pyVmomi import VmomiSupport

        self._managed = VmomiSupport._managedDefMap
        self._data = VmomiSupport._dataDefMap
        self._parents = parents
        self._by_wire = {row[1]: vmodl for vmodl, row in self._managed.items()}
        self._known: dict[tuple[str, str], str | None] = {}

    def problem(self, object_type: str, path: str) -> str | None:
        """What is wrong with a path from an object of that type; None when nothing is."""
        key = (object_type, path)
        if key not in self._known:
            self._known[key] = self._follow(object_type, path)
        return self._known[key]

    def _follow(self, object_type: str, path: str) -> str | None:
        vmodl = self._by_wire.get(object_type)
        if vmodl is None:
            return f"there is no managed object type {object_type}"
        parts = list(_PART.finditer(path))
        if not parts or "".join(part[0] for part in parts) != path or path.endswith("."):
            return f"{path!r} is no property path"
        at, many = vmodl, False
        for i, part in enumerate(parts):
            name, index = part[1], part[2]
            if many:
                return f"{path}: {parts[i - 1][1]} is a list: it needs a [key] to go on"
            if i > 0 and at in self._managed:
                return f"{path}: {parts[i - 1][1]} is a reference to another object"
            row = self._property(at, name)
            if row is None:
                return f"{path}: {at.rsplit('.', 1)[-1]} has no property {name}"
            if row[2] not in self._parents:
                return f"{path}: {name} is newer than this release ({row[2]})"
            at, many = row[1].removesuffix("[]"), row[1].endswith("[]") and index is None
            if index is not None and not row[1].endswith("[]"):
                return f"{path}: {name} is no list"
        return None

    def _property(self, vmodl: str, name: str) -> tuple | None:
        """The row of a property, of the type itself or of one that it derives from."""
        table = self._managed if vmodl in self._managed else self._data
        at: str | None = vmodl
        while at in table:
            properties = table[at][4] or ()
            found = next((row for row in properties if row[0] == name), None)
            if found is not None:
                return found
            at = table[at][2]
        return None
