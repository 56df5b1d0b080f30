// SPDX-License-Identifier: GPL-2.0-or-later
// The members of a virtual machine in a dump, as json_members.h has those of the others.
#pragma once

#include "discovery/json_members.h"

namespace failback::discovery {

template <class Io, Is<vsphere::Controller> T>
void describe(Io& io, T& x) {
  io.value("key", x.key);
  io.value("objectType", x.type);
  io.member("label", x.label);
  io.value("busNumber", x.busNumber);
  io.member("sharedBus", x.sharedBus);
  io.member("scsiCtlrUnitNumber", x.scsiCtlrUnitNumber);
  io.numbers("device", x.deviceKeys);
}

template <class Io, Is<vsphere::DiskFile> T>
void describeFile(Io& io, T& x) {
  io.member("fileName", x.path);
  io.ref("datastore", x.datastore, "Datastore");
  io.member("contentId", x.contentId);
  io.member("changeId", x.changeId);
  io.member("backingObjectId", x.backingObjectId);
  io.member("deltaDiskFormat", x.deltaFormat);
}

// A file below the attached one.
template <class Io, Is<vsphere::DiskFile> T>
void describe(Io& io, T& x) {
  describeFile(io, x);
  io.member("uuid", x.uuid);
}

template <class Io, Is<vsphere::Disk> T>
void describe(Io& io, T& x) {
  io.value("key", x.key);
  io.member("label", x.label);
  io.value("controllerKey", x.controllerKey);
  io.member("unitNumber", x.unitNumber);
  io.value("kind", x.kind);
  io.member("backingType", x.backingType);
  io.member("uuid", x.uuid);
  io.value("capacityInBytes", x.capacityBytes);
  io.member("diskMode", x.mode);
  io.member("sharing", x.sharing);
  io.member("thinProvisioned", x.thin);
  io.member("eagerlyScrub", x.eagerlyScrub);
  io.member("writeThrough", x.writeThrough);
  io.member("digestEnabled", x.digestEnabled);
  io.member("deviceName", x.rdmDeviceName);
  io.member("lunUuid", x.rdmLunUuid);
  io.member("compatibilityMode", x.rdmCompatibilityMode);
  io.member("vDiskId", x.vDiskId);
  io.member("keyId", x.keyId);
  io.texts("iofilter", x.ioFilters);
  io.member("nativeUnmanagedLinkedClone", x.nativeUnmanagedLinkedClone);
  // The attached file's members stand in the disk itself, its parents' in a list. The attached file's UUID is
  // the disk's.
  std::vector<vsphere::DiskFile> parents;
  if constexpr (Io::reads) {
    vsphere::DiskFile attached;
    if (!x.chain.empty()) {
      attached = x.chain.front();
      parents.assign(x.chain.begin() + 1, x.chain.end());
    }
    describeFile(io, attached);
    io.some("parents", parents);
    attached.uuid = x.uuid;
    x.chain.clear();
    if (!attached.path.empty() || attached.datastore || !parents.empty())
      x.chain.push_back(std::move(attached));
    x.chain.insert(x.chain.end(), parents.begin(), parents.end());
  } else if (!x.chain.empty()) {
    describeFile(io, x.chain.front());
    if (x.chain.size() > 1) {
      parents.assign(x.chain.begin() + 1, x.chain.end());
      io.some("parents", parents);
    }
  }
}

template <class Io, Is<vsphere::Nic> T>
void describe(Io& io, T& x) {
  io.value("key", x.key);
  io.value("objectType", x.type);
  io.member("label", x.label);
  io.member("macAddress", x.macAddress);
  io.member("addressType", x.addressType);
  io.member("connected", x.connected);
  io.member("startConnected", x.startConnected);
  io.member("allowGuestControl", x.allowGuestControl);
  io.member("wakeOnLanEnabled", x.wakeOnLan);
  io.member("backingType", x.backingType);
  io.ref("network", x.network, "Network");
  io.member("deviceName", x.networkName);
  io.member("portgroupKey", x.portgroupKey);
  io.member("switchUuid", x.dvsUuid);
  io.member("portKey", x.portKey);
  io.member("opaqueNetworkId", x.opaqueNetworkId);
}

template <class Io, Is<vsphere::OtherDevice> T>
void describe(Io& io, T& x) {
  io.value("key", x.key);
  io.value("objectType", x.type);
  io.member("label", x.label);
  io.member("controllerKey", x.controllerKey);
  io.member("unitNumber", x.unitNumber);
}

template <class Io, Is<vsphere::Snapshot> T>
void describe(Io& io, T& x) {
  io.ref("moref", x.ref, "VirtualMachineSnapshot");
  io.value("id", x.id);
  io.value("name", x.name);
  io.member("description", x.description);
  io.value("createTime", x.createTime);
  io.member("state", x.state);
  io.value("quiesced", x.quiesced);
  io.value("current", x.current);
  io.some("childSnapshotList", x.children);
}

template <class Io, Is<vsphere::QuestionChoice> T>
void describe(Io& io, T& x) {
  io.member("key", x.key);
  io.member("label", x.label);
}

template <class Io, Is<vsphere::Question> T>
void describe(Io& io, T& x) {
  io.value("id", x.id);
  io.value("text", x.text);
  io.texts("messageId", x.messageIds);
  io.some("choice", x.choices);
  io.member("defaultIndex", x.defaultIndex);
}

template <class Io, Is<vsphere::GuestNic> T>
void describe(Io& io, T& x) {
  io.member("network", x.network);
  io.member("macAddress", x.macAddress);
  io.member("connected", x.connected);
  io.texts("ipAddress", x.ipAddresses);
  io.member("dhcp", x.dhcp);
}

template <class Io, Is<vsphere::GuestVolume> T>
void describe(Io& io, T& x) {
  io.member("diskPath", x.path);
  io.member("capacity", x.capacityBytes);
  io.member("freeSpace", x.freeSpaceBytes);
  io.member("filesystemType", x.filesystemType);
  io.numbers("diskKey", x.diskKeys);
}

template <class Io, Is<vsphere::VmFile> T>
void describe(Io& io, T& x) {
  io.value("key", x.key);
  io.value("name", x.name);
  io.member("type", x.type);
  io.value("size", x.sizeBytes);
  io.member("uniqueSize", x.uniqueSizeBytes);
  io.member("accessible", x.accessible);
}

template <class Io, Is<vsphere::VmDiskLayout> T>
void describe(Io& io, T& x) {
  io.value("key", x.diskKey);
  io.numberLists("chain", x.chainFileKeys);
}

template <class Io, class T>
void describeIdentity(Io& io, T& x) {
  io.member("instanceUuid", x.instanceUuid);
  io.member("uuid", x.biosUuid);
  io.member("vmPathName", x.vmPathName);
  io.member("changeVersion", x.changeVersion);
  io.member("createDate", x.created);
  io.member("annotation", x.annotation);
  io.member("template", x.isTemplate);
  io.group("managedBy", [&](auto& managedBy) {
    managedBy.member("extensionKey", x.managedByExtension);
    managedBy.member("type", x.managedByType);
  });
}

template <class Io, class T>
void describeState(Io& io, T& x) {
  io.member("powerState", x.powerState);
  io.member("connectionState", x.connectionState);
  io.member("bootTime", x.bootTime);
  io.member("suspendTime", x.suspendTime);
  io.member("consolidationNeeded", x.consolidationNeeded);
  io.member("uptimeSeconds", x.uptimeSeconds);
  io.member("faultToleranceState", x.faultToleranceState);
  io.member("faultToleranceConfigured", x.faultToleranceConfigured);
  io.object("question", x.question);
  io.group("storage", [&](auto& storage) {
    storage.member("committed", x.storageCommittedBytes);
    storage.member("uncommitted", x.storageUncommittedBytes);
  });
  io.ref("host", x.host, "HostSystem");
  io.ref("resourcePool", x.resourcePool, "ResourcePool");
  io.ref("parentVApp", x.parentVApp, "VirtualApp");
  io.refs("datastore", x.datastores, "Datastore");
  io.refs("network", x.networks, "Network");
}

template <class Io, class T>
void describeGuest(Io& io, T& x) {
  io.member("guestId", x.guestId);
  io.member("guestFullName", x.guestFullName);
  io.member("guestFamily", x.guestFamily);
  io.member("guestState", x.guestState);
  io.member("hostName", x.hostName);
  io.member("ipAddress", x.ipAddress);
  io.member("toolsStatus", x.toolsStatus);
  io.member("toolsRunningStatus", x.toolsRunningStatus);
  io.member("toolsVersionStatus", x.toolsVersionStatus);
  io.member("toolsVersion", x.toolsVersion);
  io.some("guestNet", x.guestNics);
  io.some("guestDisk", x.guestVolumes);
}

template <class Io, class T>
void describeHardware(Io& io, T& x) {
  io.member("hardwareVersion", x.hardwareVersion);
  io.member("firmware", x.firmware);
  io.member("efiSecureBootEnabled", x.secureBoot);
  io.member("numCPU", x.cpus);
  io.member("numCoresPerSocket", x.coresPerSocket);
  io.member("memorySize", x.memoryBytes);
  io.member("cpuHotAddEnabled", x.cpuHotAdd);
  io.member("memoryHotAddEnabled", x.memoryHotAdd);
  io.member("changeTrackingEnabled", x.changeTrackingEnabled);
  io.member("vtpmPresent", x.vtpmPresent);
  io.member("keyId", x.keyId);
  io.flag("replicated", x.hasReplicationConfig);
  io.texts("bootOrder", x.bootOrder);
  io.list("controllers", x.controllers);
  io.list("disks", x.disks);
  io.list("nics", x.nics);
  io.some("otherDevices", x.otherDevices);
  io.member("diskUuidEnabled", x.diskUuidEnabled);
  io.member("diskEnableUUID", x.diskEnableUuidOption);
  io.map("extraConfig", x.extraConfig);
}

template <class Io, Is<vsphere::VirtualMachine> T>
void describe(Io& io, T& x) {
  describeEntity(io, x);
  describeIdentity(io, x);
  describeState(io, x);
  describeGuest(io, x);
  describeHardware(io, x);
  io.list("rootSnapshotList", x.snapshots);
  io.ref("currentSnapshot", x.currentSnapshot, "VirtualMachineSnapshot");
  io.group("layoutEx", [&](auto& layout) {
    layout.some("file", x.files);
    layout.some("disk", x.diskLayouts);
  });
}

}  // namespace failback::discovery
