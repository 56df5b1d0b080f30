# SPDX-License-Identifier: GPL-2.0-or-later
"""The inventory as govc reads it: `govc object.collect -json` for every type of object."""

from __future__ import annotations

import json
import pathlib
from typing import Any

import facts
import support

_TYPES = ("Datacenter", "Folder", "ComputeResource", "HostSystem", "Datastore", "StoragePod",
          "Network", "DistributedVirtualSwitch", "ResourcePool", "VirtualMachine")


def _documents(text: str) -> list[Any]:
    """govc writes one JSON document per object, one after the other."""
    decoder, found, at = json.JSONDecoder(), [], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        document, at = decoder.raw_decode(text, at)
        found.append(document)
    return found


class Govc:
    """The program, pointed at one server."""

    def __init__(self, program: pathlib.Path, login: support.Login):
        self.program = program
        self._env = login.govc()

    def run(self, *arguments: str, deadline: float = 60) -> str:
        result = support.run([self.program, *arguments], deadline=deadline, env=self._env)
        return result.expect(0).stdout

    def try_run(self, *arguments: str, datacenter: str = "",
                deadline: float = 60) -> support.Result:
        env = self._env | ({"GOVC_DATACENTER": datacenter} if datacenter else {})
        return support.run([self.program, *arguments], deadline=deadline, env=env)

    def inventory(self) -> facts.Inventory:
        trees: dict[str, dict[str, Any]] = {}
        root = json.loads(self.run("object.collect", "-json", "-s", "-", "content.rootFolder"))
        ref = f"{root['type']}:{root['value']}"
        trees[ref] = _properties(json.loads(self.run("object.collect", "-json", ref)))
        for object_type in _TYPES:
            # Without any of a type govc would wait for the first; "find" does not.
            if self.run("find", "-i", "/", "-type", object_type).strip():
                # A container view of a type also holds those derived from it.
                trees |= self._collect("-type", object_type, "/")
        about = json.loads(self.run("about", "-json"))
        return facts.Inventory(trees, about.get("about", about), typed=False)

    def _collect(self, *arguments: str) -> dict[str, dict[str, Any]]:
        trees = {}
        for update in _documents(self.run("object.collect", "-json", *arguments)):
            ref = f"{update['obj']['type']}:{update['obj']['value']}"
            trees[ref] = _properties(update["changeSet"])
        return trees

    def paths(self, kind: str) -> list[str]:
        """The inventory paths that `govc find -type KIND` prints, sorted."""
        return sorted(self.run("find", "/", "-type", kind).splitlines())

    def sessions(self, username: str) -> int:
        """Open sessions of a user, without the one that asks."""
        listed = json.loads(self.run("session.ls", "-json"))
        manager = listed.get("sessionManager", listed)
        sessions = manager.get("sessionList") or []
        current = (manager.get("currentSession") or {}).get("key")
        return sum(1 for s in sessions if s["userName"] == username and s["key"] != current)


def _properties(changes: list[dict[str, Any]]) -> dict[str, Any]:
    tree = {change["name"]: change.get("val") for change in changes}
    if tree.get("parent") == {"_value": None}:
        tree["parent"] = None
    return tree
