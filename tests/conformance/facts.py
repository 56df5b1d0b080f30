# SPDX-License-Identifier: GPL-2.0-or-later
"""Facts about an inventory, flat and comparable, from what another client has read.

govc_facts.py and pyvmomi_facts.py each bring the inventory as trees of vSphere's own properties:

    {"VirtualMachine:vm-42": {"name": ..., "config": {"uuid": ...}, ...}, ...}

Here those become flat facts under the names that `failback discover -o json` uses, and its dump
becomes the same, so that the comparison is one loop. A fact that a client cannot tell is absent;
one that it knows to be unset is None. Only Python's standard library.
"""

from __future__ import annotations

import datetime
import re
from typing import Any

Facts = dict[str, dict[str, Any]]  # "vm-42" -> {"disks[2000].fileName": ...}

KINDS = {
    "Datacenter": "datacenters",
    "Folder": "folders",
    "ComputeResource": "clusters",
    "ClusterComputeResource": "clusters",
    "HostSystem": "hosts",
    "Datastore": "datastores",
    "StoragePod": "storagePods",
    "Network": "networks",
    "DistributedVirtualPortgroup": "networks",
    "OpaqueNetwork": "networks",
    "DistributedVirtualSwitch": "distributedSwitches",
    "VmwareDistributedVirtualSwitch": "distributedSwitches",
    "ResourcePool": "resourcePools",
    "VirtualApp": "resourcePools",
    "VirtualMachine": "virtualMachines",
}

_KEYS = ("moref", "key", "host", "vm", "name", "id")
_SETS = {"host", "datastore", "network", "vm", "childType", "childEntity", "device", "portgroup",
         "disabledMethod", "autoStartVm", "features"}


class Inventory:
    """All objects that one client has read."""

    def __init__(self, trees: dict[str, dict[str, Any]], about: dict[str, Any], typed: bool):
        """typed: data objects carry their type's name as "_type" (govc's JSON does not)."""
        self._trees = trees
        self._about = about
        self._typed = typed
        self._portgroups = {tree["key"]: ref.split(":", 1)[1] for ref, tree in trees.items()
                            if ref.startswith("DistributedVirtualPortgroup:") and "key" in tree}

    def facts(self) -> dict[str, Facts]:
        out: dict[str, Facts] = {kind: {} for kind in KINDS.values()}
        out["vcenter"] = {"vcenter": {name: self._about.get(name) for name in (
            "name", "fullName", "vendor", "version", "build", "osType", "productLineId", "apiType",
            "apiVersion", "instanceUuid", "licenseProductName", "licenseProductVersion")}}
        for ref, tree in self._trees.items():
            object_type, value = ref.split(":", 1)
            kind = KINDS.get(object_type)
            if kind is None or (object_type == "Folder" and tree.get("parent") is None):
                continue  # the root folder is not listed
            flat = self._common(ref, tree)
            reader = getattr(self, "_" + kind)
            reader(tree, flat, object_type)
            out[kind][value] = flat
        return out

    def _common(self, ref: str, tree: dict) -> dict[str, Any]:
        object_type, value = ref.split(":", 1)
        return {
            "moref": value, "objectType": object_type, "name": unescape(tree.get("name")),
            "parent": _ref(tree.get("parent")), "inventoryPath": self._path(ref),
        }

    def _path(self, ref: str) -> str:
        names: list[str] = []
        at: str | None = ref
        while at is not None and at in self._trees:
            tree = self._trees[at]
            parent = tree.get("parent")
            if parent is None and at.startswith("Folder:"):
                break  # the root folder has no part in the path
            names.append(tree.get("name") or "")
            at = f"{parent['type']}:{parent['value']}" if parent else None
        return "/" + "/".join(reversed(names))

    def _type(self, flat: dict, name: str, tree: dict | None) -> None:
        if self._typed and tree is not None:
            flat[name] = tree.get("_type")

    # One function a kind; the names are those of the dump.

    @staticmethod
    def _datacenters(tree: dict, flat: dict, _: str) -> None:
        for name in ("vmFolder", "hostFolder", "datastoreFolder", "networkFolder"):
            flat[name] = _ref(tree.get(name))

    @staticmethod
    def _folders(tree: dict, flat: dict, _: str) -> None:
        flat["childType"] = sorted(_strings(tree.get("childType")))

    @staticmethod
    def _clusters(tree: dict, flat: dict, object_type: str) -> None:
        for name in ("host", "datastore", "network"):
            flat[name] = _refs(tree.get(name))
        flat["resourcePool"] = _ref(tree.get("resourcePool"))
        flat["environmentBrowser"] = _ref(tree.get("environmentBrowser"))
        _copy(flat, tree, "summary", "numEffectiveHosts", "totalCpu", "totalMemory")
        if object_type == "ClusterComputeResource":
            overrides = _list(at(tree, "configurationEx.drsVmConfig"))
            flat["drsVmConfig.count"] = len(overrides)
            for override in overrides:
                for name in ("enabled", "behavior"):
                    flat[f"drsVmConfig[{_ref(override['key'])}].{name}"] = override.get(name)
            rules = _list(at(tree, "configurationEx.rule"))
            flat["rule.count"] = len(rules)
            for rule in rules:
                flat[f"rule[{rule['key']}].vm"] = _refs(rule.get("vm"))
                for name in ("name", "enabled", "mandatory"):
                    flat[f"rule[{rule['key']}].{name}"] = rule.get(name)
            drs = at(tree, "configurationEx.drsConfig") or {}
            for name in ("enabled", "defaultVmBehavior", "enableVmBehaviorOverrides"):
                flat[f"drsConfig.{name}"] = drs.get(name)
            flat["dasConfig.enabled"] = at(tree, "configurationEx.dasConfig.enabled")

    @staticmethod
    def _hosts(tree: dict, flat: dict, _: str) -> None:
        for name in ("datastore", "network", "vm"):
            flat[name] = _refs(tree.get(name))
        _copy(flat, tree, "runtime", "connectionState", "powerState", "inMaintenanceMode")
        flat["bootTime"] = time(at(tree, "runtime.bootTime"))
        product = at(tree, "config.product") or at(tree, "summary.config.product") or {}
        for name in ("name", "fullName", "version", "build", "apiVersion", "productLineId",
                     "licenseProductName"):
            flat[f"product.{name}"] = product.get(name)
        _copy(flat, tree, "summary.hardware", "uuid", "vendor", "model", "cpuModel", "memorySize",
              "cpuMhz", "numCpuPkgs", "numCpuCores", "numCpuThreads")
        flat["cluster"] = _ref(tree.get("parent"))
        memory = at(tree, "summary.quickStats.overallMemoryUsage")
        flat["overallMemoryUsage"] = None if memory is None else memory << 20
        flat["overallCpuUsage"] = at(tree, "summary.quickStats.overallCpuUsage")
        _copy(flat, tree, "capability", "maxSupportedVcpus", "maxRegisteredVMs", "maxRunningVMs",
              "vmotionSupported", "storageVMotionSupported")

    @staticmethod
    def _datastores(tree: dict, flat: dict, _: str) -> None:
        _copy(flat, tree, "summary", "type", "url", "capacity", "freeSpace", "uncommitted",
              "accessible", "multipleHostAccess", "maintenanceMode")
        _copy(flat, tree, "info", "maxFileSize", "maxVirtualDiskCapacity")
        flat["browser"] = _ref(tree.get("browser"))
        for name in ("uuid", "version", "blockSizeMb", "local"):
            flat[f"vmfs.{name}"] = at(tree, f"info.vmfs.{name}")
        for name in ("remoteHost", "remotePath"):
            flat[f"nas.{name}"] = at(tree, f"info.nas.{name}")
        flat["vm"] = _refs(tree.get("vm"))
        parent = tree.get("parent") or {}
        flat["storagePod"] = parent.get("value") if parent.get("type") == "StoragePod" else None
        mounts = _list(tree.get("host"))
        for mount in mounts:
            place = f"host[{_ref(mount['key'])}]."
            flat[place + "host"] = _ref(mount["key"])
            info = mount.get("mountInfo") or {}
            for name in ("accessMode", "mounted", "accessible", "inaccessibleReason", "path"):
                flat[place + name] = info.get(name)
        flat["host.count"] = len(mounts)

    @staticmethod
    def _storagePods(tree: dict, flat: dict, _: str) -> None:
        _copy(flat, tree, "summary", "capacity", "freeSpace")
        flat["childEntity"] = _refs(tree.get("childEntity"))
        pod = at(tree, "podStorageDrsEntry.storageDrsConfig.podConfig") or {}
        for name in ("enabled", "defaultVmBehavior"):
            flat[f"podConfig.{name}"] = pod.get(name)

    def _networks(self, tree: dict, flat: dict, object_type: str) -> None:
        flat["accessible"] = at(tree, "summary.accessible")
        flat["host"] = _refs(tree.get("host"))
        if object_type == "DistributedVirtualPortgroup":
            flat["portgroupKey"] = tree.get("key")
            flat["portBinding"] = at(tree, "config.type")
            flat["uplink"] = at(tree, "config.uplink")
            switch = at(tree, "config.distributedVirtualSwitch")
            flat["distributedVirtualSwitch"] = _ref(switch)
            if switch:
                of = self._trees.get(f"{switch['type']}:{switch['value']}", {})
                flat["dvsUuid"], flat["dvsName"] = of.get("uuid"), unescape(of.get("name"))

    @staticmethod
    def _distributedSwitches(tree: dict, flat: dict, _: str) -> None:
        flat["uuid"] = tree.get("uuid")
        flat["portgroup"] = _refs(tree.get("portgroup"))

    @staticmethod
    def _resourcePools(tree: dict, flat: dict, _: str) -> None:
        flat["owner"] = _ref(tree.get("owner"))
        flat["vm"] = _refs(tree.get("vm"))
        flat["cpuUnreservedForVm"] = at(tree, "runtime.cpu.unreservedForVm")
        flat["memoryUnreservedForVm"] = at(tree, "runtime.memory.unreservedForVm")
        for name, unit in (("cpuAllocation", 1), ("memoryAllocation", 1 << 20)):
            for field in ("limit", "reservation"):
                value = at(tree, f"config.{name}.{field}")
                flat[f"{name}.{field}"] = value * unit if value and value > 0 else value
            flat[f"{name}.expandableReservation"] = at(
                tree, f"config.{name}.expandableReservation")

    def _virtualMachines(self, tree: dict, flat: dict, _: str) -> None:
        _copy(flat, tree, "config", "instanceUuid", "uuid", "changeVersion", "annotation",
              "template", "guestId", "guestFullName", "firmware", "cpuHotAddEnabled",
              "memoryHotAddEnabled", "changeTrackingEnabled")
        flat["disabledMethod"] = sorted(_strings(tree.get("disabledMethod")))
        flat["createDate"] = time(at(tree, "config.createDate"))
        flat["vmPathName"] = (at(tree, "config.files.vmPathName")
                              or at(tree, "summary.config.vmPathName"))
        flat["hardwareVersion"] = at(tree, "config.version")
        flat["efiSecureBootEnabled"] = at(tree, "config.bootOptions.efiSecureBootEnabled")
        for name in ("extensionKey", "type"):
            flat[f"managedBy.{name}"] = at(tree, f"config.managedBy.{name}")
        _copy(flat, tree, "config.hardware", "numCPU", "numCoresPerSocket")
        memory = at(tree, "config.hardware.memoryMB")
        flat["memorySize"] = None if memory is None else memory << 20
        flat["diskUuidEnabled"] = at(tree, "config.flags.diskUuidEnabled")

        _copy(flat, tree, "runtime", "powerState", "connectionState", "consolidationNeeded")
        for name in ("bootTime", "suspendTime"):
            flat[name] = time(at(tree, f"runtime.{name}"))
        for name in ("committed", "uncommitted"):
            flat[f"storage.{name}"] = at(tree, f"summary.storage.{name}")
        flat["host"] = _ref(at(tree, "runtime.host"))
        flat["resourcePool"] = _ref(tree.get("resourcePool"))
        flat["parentVApp"] = _ref(tree.get("parentVApp"))
        for name in ("datastore", "network"):
            flat[name] = _refs(tree.get(name))
        _copy(flat, tree, "guest", "guestFamily", "guestState", "hostName", "ipAddress",
              "toolsStatus", "toolsRunningStatus", "toolsVersion")
        flat["toolsVersionStatus"] = at(tree, "guest.toolsVersionStatus2")
        self._options(tree, flat)
        self._guest(tree, flat)
        self._devices(tree, flat)
        self._snapshots(tree, flat)

    @staticmethod
    def _options(tree: dict, flat: dict) -> None:
        options = {o["key"]: o.get("value") for o in _list(at(tree, "config.extraConfig"))}
        flat["diskEnableUUID"] = options.get("disk.EnableUUID")
        for key, value in options.items():
            if key.startswith("failback."):
                flat[f"extraConfig.{key}"] = value

    @staticmethod
    def _guest(tree: dict, flat: dict) -> None:
        nets = _list(at(tree, "guest.net"))
        flat["guestNet.count"] = len(nets)
        for i, net in enumerate(nets):
            for name in ("network", "connected"):
                flat[f"guestNet[{i}].{name}"] = net.get(name)
            flat[f"guestNet[{i}].macAddress"] = lower(net.get("macAddress"))
            flat[f"guestNet[{i}].ipAddress"] = _strings(net.get("ipAddress"))
        disks = _list(at(tree, "guest.disk"))
        flat["guestDisk.count"] = len(disks)
        for i, disk in enumerate(disks):
            for name in ("diskPath", "capacity", "freeSpace"):
                flat[f"guestDisk[{i}].{name}"] = disk.get(name)

    def _devices(self, tree: dict, flat: dict) -> None:
        counts = {"controllers": 0, "disks": 0, "nics": 0, "otherDevices": 0}
        for device in _list(at(tree, "config.hardware.device")):
            kind = device_kind(device)
            counts[kind] += 1
            place = f"{kind}[{device['key']}]."
            flat[place + "key"] = device["key"]
            flat[place + "label"] = at(device, "deviceInfo.label")
            if kind in ("disks", "otherDevices"):
                flat[place + "controllerKey"] = device.get("controllerKey")
                flat[place + "unitNumber"] = device.get("unitNumber")
            if kind == "controllers":
                self._controller(device, flat, place)
            elif kind == "disks":
                self._disk(device, flat, place)
            elif kind == "nics":
                self._nic(device, flat, place)
            else:
                self._type(flat, place + "objectType", device)
        for kind, count in counts.items():
            flat[f"{kind}.count"] = count

    def _controller(self, device: dict, flat: dict, place: str) -> None:
        self._type(flat, place + "objectType", device)
        for name in ("busNumber", "sharedBus", "scsiCtlrUnitNumber"):
            flat[place + name] = device.get(name)
        flat[place + "device"] = sorted(_list(device.get("device")))

    def _disk(self, device: dict, flat: dict, place: str) -> None:
        backing = device.get("backing") or {}
        size = device.get("capacityInBytes")
        flat[place + "capacityInBytes"] = size if size else device["capacityInKB"] * 1024
        self._type(flat, place + "backingType", backing)
        for name in ("uuid", "diskMode", "sharing", "thinProvisioned", "eagerlyScrub",
                     "writeThrough", "digestEnabled", "deviceName", "lunUuid",
                     "compatibilityMode"):
            flat[place + name] = backing.get(name)
        flat[place + "vDiskId"] = at(device, "vDiskId.id")
        _link(backing, flat, place)
        parents, link = 0, backing.get("parent")
        while link:
            inside = f"{place}parents[{parents}]."
            flat[inside + "uuid"] = link.get("uuid")
            _link(link, flat, inside)
            parents, link = parents + 1, link.get("parent")
        flat[place + "parents.count"] = parents

    def _nic(self, device: dict, flat: dict, place: str) -> None:
        backing = device.get("backing") or {}
        self._type(flat, place + "objectType", device)
        self._type(flat, place + "backingType", backing)
        flat[place + "macAddress"] = lower(device.get("macAddress"))
        flat[place + "addressType"] = device.get("addressType")
        flat[place + "wakeOnLanEnabled"] = device.get("wakeOnLanEnabled")
        for name in ("connected", "startConnected", "allowGuestControl"):
            flat[place + name] = at(device, f"connectable.{name}")
        port = backing.get("port") or {}
        for name in ("portgroupKey", "switchUuid", "portKey"):
            flat[place + name] = port.get(name)
        flat[place + "deviceName"] = backing.get("deviceName")
        network = _ref(backing.get("network")) or self._portgroups.get(port.get("portgroupKey"))
        flat[place + "network"] = network

    @staticmethod
    def _snapshots(tree: dict, flat: dict) -> None:
        current = _ref(at(tree, "snapshot.currentSnapshot"))
        flat["currentSnapshot"] = current
        count = 0
        waiting = [(None, s) for s in _list(at(tree, "snapshot.rootSnapshotList"))]
        while waiting:
            parent, snapshot = waiting.pop()
            me = _ref(snapshot["snapshot"])
            place = f"snapshot[{me}]."
            count += 1
            flat[place + "parent"] = parent
            for name in ("id", "name", "description", "state", "quiesced"):
                flat[place + name] = snapshot.get(name)
            flat[place + "createTime"] = time(snapshot.get("createTime"))
            flat[place + "current"] = me == current
            waiting += [(me, s) for s in _list(snapshot.get("childSnapshotList"))]
        flat["snapshot.count"] = count


def _link(backing: dict, flat: dict, place: str) -> None:
    for name in ("fileName", "contentId", "changeId", "backingObjectId", "deltaDiskFormat"):
        flat[place + name] = backing.get(name)
    flat[place + "datastore"] = _ref(backing.get("datastore"))


def device_kind(device: dict) -> str:
    if "busNumber" in device:
        return "controllers"
    if "capacityInKB" in device:
        return "disks"
    if "macAddress" in device or "addressType" in device:
        return "nics"
    return "otherDevices"


def at(tree: Any, path: str) -> Any:
    """The value at a property path, or None."""
    for name in path.split("."):
        if not isinstance(tree, dict):
            return None
        tree = tree.get(name)
    return tree


def _copy(flat: dict, tree: dict, path: str, *names: str) -> None:
    found = at(tree, path) or {}
    for name in names:
        flat[name] = found.get(name)


def _ref(value: Any) -> str | None:
    return value["value"] if isinstance(value, dict) and value.get("value") else None


def _list(value: Any) -> list:
    if isinstance(value, dict) and "_value" in value:  # how govc writes a list as a property
        value = value["_value"]
    return value or []


def _refs(value: Any) -> list[str]:
    return sorted(r["value"] for r in _list(value))


def _strings(value: Any) -> list[str]:
    return list(_list(value))


def lower(text: str | None) -> str | None:
    return text.lower() if text else text


def unescape(name: str | None) -> str | None:
    """vCenter escapes three characters in names, and only those."""
    if name is None:
        return None
    return re.sub(r"%(2f|5c|25)", lambda m: chr(int(m[1], 16)), name, flags=re.IGNORECASE)


def time(text: str | None) -> str | None:
    """RFC 3339 in one spelling: UTC, microseconds."""
    if not text:
        return None
    match = re.fullmatch(r"(.*?)(\.\d+)?(Z|[+-]\d\d:\d\d)?", text)
    fraction = ((match[2] or ".") + "000000")[:7]
    zone = match[3] if match[3] not in (None, "Z") else "+00:00"
    moment = datetime.datetime.fromisoformat(match[1] + fraction + zone)
    return moment.astimezone(datetime.timezone.utc).isoformat(timespec="microseconds")


_TIMES = {"bootTime", "suspendTime", "createDate", "createTime"}


def from_dump(dump: dict[str, Any]) -> dict[str, Facts]:
    """The dump of `failback discover -o json`, flattened to the same names."""
    out: dict[str, Facts] = {}
    for kind in set(KINDS.values()):
        out[kind] = {}
        for entry in dump.get(kind, []):
            flat: dict[str, Any] = {}
            snapshots = entry.get("rootSnapshotList", [])
            _flatten({k: v for k, v in entry.items() if k != "rootSnapshotList"}, "", flat)
            if kind == "virtualMachines":
                flat["snapshot.count"] = _flatten_snapshots(snapshots, None, flat)
            out[kind][entry["moref"]] = flat
    about: dict[str, Any] = {}
    _flatten(dump.get("vcenter", {}), "", about)
    out["vcenter"] = {"vcenter": about}
    return out


def _flatten(value: Any, place: str, flat: dict[str, Any]) -> None:
    name = place.rsplit(".", 1)[-1]
    if isinstance(value, dict):
        for key, inner in value.items():
            _flatten(inner, f"{place}.{key}" if place else key, flat)
    elif isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        flat[place + ".count"] = len(value)
        for i, inner in enumerate(value):
            by = next((inner[k] for k in _KEYS if k in inner), i)
            if name in ("parents", "guestNet", "guestDisk"):
                by = i
            _flatten(inner, f"{place}[{by}]", flat)
    elif isinstance(value, list):
        flat[place] = sorted(value) if name in _SETS else value
    else:
        flat[place] = time(value) if name in _TIMES else value


def _flatten_snapshots(snapshots: list[dict], parent: str | None, flat: dict[str, Any]) -> int:
    count = 0
    for snapshot in snapshots:
        place = f"snapshot[{snapshot['moref']}]."
        flat[place + "parent"] = parent
        for name, value in snapshot.items():
            if name not in ("childSnapshotList", "moref"):
                flat[place + name] = time(value) if name in _TIMES else value
        count += 1 + _flatten_snapshots(snapshot.get("childSnapshotList", []),
                                        snapshot["moref"], flat)
    return count
