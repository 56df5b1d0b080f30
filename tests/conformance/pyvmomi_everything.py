#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads every property that pyVmomi knows of every managed object that can be reached from the service
instance of the server that GOVC_URL names, each with a read of its own, and then all of an object's at
once.

Prints what was read; ends with 1 and a line for each property that could not be. Runs with the python of
the peers' virtual environment.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from typing import Any, Iterator

from pyVim.connect import Disconnect
from pyVmomi import VmomiSupport, vmodl

from pyvmomi_client import Collector, connect


def references(value: Any) -> Iterator[Any]:
    """The managed objects in a value, however deep."""
    if isinstance(value, VmomiSupport.ManagedObject):
        yield value
    elif isinstance(value, VmomiSupport.DataObject):
        for name in value.__dict__:
            yield from references(value.__dict__[name])
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def properties_of(thing: Any) -> list[str]:
    """Those that the version which was agreed on knows."""
    return [info.name for info in thing._GetPropertyList()
            if VmomiSupport.IsChildVersion(thing._stub.version, info.version)]


class Reader:
    def __init__(self, service: Any):
        self.collector = service.RetrieveContent().propertyCollector
        self.seen: dict[str, Any] = {}
        self.waiting: list[Any] = [service]
        self.counts: Counter[str] = Counter()
        self.problems: list[str] = []
        self.read = 0

    def run(self) -> None:
        while self.waiting:
            thing = self.waiting.pop()
            name = f"{type(thing).__name__}:{thing._moId}"
            if name in self.seen:
                continue
            self.seen[name] = thing
            self.counts[type(thing).__name__] += 1
            self.one_by_one(name, thing)
            self.together(name, thing)

    def one_by_one(self, name: str, thing: Any) -> None:
        for path in properties_of(thing):
            try:
                value = getattr(thing, path)
            except Exception as error:  # whatever it is, it is what a user of pyVmomi would see
                self.problems.append(f"{name}.{path}: {type(error).__name__}: {str(error)[:200]}")
                continue
            self.read += 1
            self.waiting.extend(references(value))

    def together(self, name: str, thing: Any) -> None:
        wanted = Collector.FilterSpec(
            objectSet=[Collector.ObjectSpec(obj=thing)],
            propSet=[Collector.PropertySpec(type=type(thing), all=True)])
        try:
            page = self.collector.RetrievePropertiesEx([wanted], Collector.RetrieveOptions())
        except vmodl.MethodFault as fault:
            self.problems.append(f"{name}: {type(fault).__name__}: {fault.msg}")
            return
        for content in page.objects if page else []:
            for missing in content.missingSet:
                self.problems.append(f"{name}.{missing.path}: {type(missing.fault).__name__}")


def main() -> int:
    service = connect(os.environ["GOVC_USERNAME"], os.environ["GOVC_PASSWORD"])
    reader = Reader(service)
    reader.run()
    Disconnect(service)
    print(f"{reader.read} properties of {len(reader.seen)} objects of {len(reader.counts)} types")
    for problem in reader.problems:
        print(problem)
    return 1 if reader.problems else 0


if __name__ == "__main__":
    sys.exit(main())
