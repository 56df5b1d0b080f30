#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""The inventory as pyVmomi reads it, as JSON on standard output.

The server comes by the environment (GOVC_URL, GOVC_USERNAME, GOVC_PASSWORD), so that no password
stands on a command line. Runs with the python of the peers' virtual environment.
"""

from __future__ import annotations

import datetime
import json
import os
import sys
import urllib.parse
from typing import Any

from pyVim.connect import Disconnect, SmartConnect
from pyVmomi import VmomiSupport, vim, vmodl

_COMMON = ["name", "parent", "disabledMethod"]

# What the comparison needs, as narrow as it takes: vcsim leaves some mandatory enumerations empty
# (runtime.faultToleranceState), and pyVmomi refuses an answer that holds one.
_PATHS = {
    vim.Datacenter: ["vmFolder", "hostFolder", "datastoreFolder", "networkFolder"],
    vim.Folder: ["childType"],
    vim.ComputeResource: ["host", "datastore", "network", "resourcePool", "environmentBrowser",
                          "summary.numEffectiveHosts", "summary.totalCpu", "summary.totalMemory"],
    vim.ClusterComputeResource: ["configurationEx"],
    vim.HostSystem: ["datastore", "network", "vm", "runtime.connectionState", "runtime.powerState",
                     "runtime.inMaintenanceMode", "runtime.bootTime", "summary.config.product",
                     "summary.hardware", "summary.quickStats", "capability.maxSupportedVcpus",
                     "capability.maxRegisteredVMs", "capability.maxRunningVMs",
                     "capability.vmotionSupported", "capability.storageVMotionSupported"],
    vim.Datastore: ["summary.type", "summary.url", "summary.capacity", "summary.freeSpace",
                    "summary.uncommitted", "summary.accessible", "summary.multipleHostAccess",
                    "summary.maintenanceMode", "info", "vm", "host", "browser"],
    vim.StoragePod: ["summary", "childEntity", "podStorageDrsEntry"],
    vim.Network: ["host", "summary.accessible"],
    vim.dvs.DistributedVirtualPortgroup: ["key", "config.type", "config.uplink",
                                          "config.distributedVirtualSwitch"],
    vim.DistributedVirtualSwitch: ["uuid", "portgroup"],
    vim.ResourcePool: ["owner", "vm", "runtime", "config.cpuAllocation", "config.memoryAllocation"],
    vim.VirtualMachine: ["config", "guest", "resourcePool", "parentVApp", "datastore", "network",
                         "snapshot", "runtime.powerState", "runtime.connectionState",
                         "runtime.consolidationNeeded", "runtime.bootTime", "runtime.suspendTime",
                         "runtime.host", "summary.storage", "summary.config.vmPathName"],
}


def plain(value: Any) -> Any:
    """pyVmomi's objects as plain data, each data object with its wire type as "_type"."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, VmomiSupport.ManagedObject):
        return {"type": value._wsdlName, "value": value._moId}
    if isinstance(value, VmomiSupport.DataObject):
        tree = {"_type": value._wsdlName}
        for info in value._GetPropertyList():
            inner = plain(getattr(value, info.name))
            if inner is not None and inner != []:
                tree[info.name] = inner
        return tree
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    if isinstance(value, type):
        return VmomiSupport.GetWsdlName(value)
    return str(value)


def put(tree: dict[str, Any], path: str, value: Any) -> None:
    *parents, last = path.split(".")
    for name in parents:
        tree = tree.setdefault(name, {})
    tree[last] = value


def read_type(content: Any, object_type: type) -> dict[str, dict[str, Any]]:
    """All objects of a type, and those derived from it, by the property collector."""
    view = content.viewManager.CreateContainerView(content.rootFolder, [object_type], True)
    collector = vmodl.query.PropertyCollector
    walk = collector.TraversalSpec(name="view", type=vim.view.ContainerView, path="view",
                                   skip=False)
    start = collector.ObjectSpec(obj=view, skip=True, selectSet=[walk])
    paths = collector.PropertySpec(type=object_type, pathSet=_COMMON + _PATHS[object_type])
    wanted = collector.FilterSpec(objectSet=[start], propSet=[paths])
    trees: dict[str, dict[str, Any]] = {}
    try:
        page = content.propertyCollector.RetrievePropertiesEx(
            [wanted], collector.RetrieveOptions())
        while page is not None:
            for found in page.objects:
                tree: dict[str, Any] = {}
                for prop in found.propSet:
                    put(tree, prop.name, plain(prop.val))
                trees[f"{found.obj._wsdlName}:{found.obj._moId}"] = tree
            if not page.token:
                break
            page = content.propertyCollector.ContinueRetrievePropertiesEx(page.token)
    finally:
        view.DestroyView()
    return trees


def read_root(content: Any) -> dict[str, dict[str, Any]]:
    root = content.rootFolder
    return {f"Folder:{root._moId}": {"name": root.name, "parent": None}}


def connect() -> Any:
    url = urllib.parse.urlsplit(os.environ["GOVC_URL"])
    return SmartConnect(protocol=url.scheme, host=url.hostname, port=url.port or 443,
                        user=os.environ["GOVC_USERNAME"], pwd=os.environ["GOVC_PASSWORD"],
                        disableSslCertValidation=True)


def main() -> int:
    service = connect()
    try:
        content = service.RetrieveContent()
        trees = read_root(content)
        for object_type in _PATHS:
            for ref, tree in read_type(content, object_type).items():
                merge(trees.setdefault(ref, {}), tree)
        json.dump({"about": plain(content.about), "trees": trees}, sys.stdout)
    finally:
        Disconnect(service)
    return 0


def merge(into: dict[str, Any], tree: dict[str, Any]) -> None:
    for name, value in tree.items():
        if isinstance(into.get(name), dict) and isinstance(value, dict):
            merge(into[name], value)
        else:
            into[name] = value


if __name__ == "__main__":
    sys.exit(main())
