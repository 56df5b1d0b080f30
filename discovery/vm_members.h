// SPDX-License-Identifier: GPL-2.0-or-later
// All members of a virtual machine, listed once for whoever walks through them (packed_vms.cpp). A member
// that is not listed here is lost when a machine is packed: a test counts.
//
// The words of the lists:
//   text(x)   a text of this machine alone: names, UUIDs, files; also optional
//   uuid(x)   the same, and mostly a UUID or 32 hexadecimal digits; optional
//   word(x)   a text that many machines have: types, states, versions; also optional, and lists
//   number(x) integers and booleans, also optional, and lists
//   own(x)    a reference to something of this machine alone; also optional
//   ref(x)    a reference that many machines have: hosts, datastores; also optional, and lists
//   each(x)   a list of values that have members themselves
#pragma once

#include "vsphere/model/virtual_machine.h"

namespace failback::discovery {

template <class Walker>
void walk(Walker& walker, vsphere::Controller& x) {
  walker.number(x.key);
  walker.word(x.type);
  walker.word(x.label);
  walker.number(x.busNumber);
  walker.word(x.sharedBus);
  walker.number(x.scsiCtlrUnitNumber);
  walker.number(x.deviceKeys);
}

template <class Walker>
void walk(Walker& walker, vsphere::DiskFile& x) {
  walker.text(x.path);
  walker.ref(x.datastore);
  walker.uuid(x.uuid);
  walker.uuid(x.contentId);
  walker.text(x.changeId);
  walker.text(x.backingObjectId);
  walker.word(x.deltaFormat);
}

template <class Walker>
void walk(Walker& walker, vsphere::Disk& x) {
  walker.number(x.key);
  walker.word(x.label);
  walker.number(x.controllerKey);
  walker.number(x.unitNumber);
  walker.word(x.kind);
  walker.word(x.backingType);
  walker.uuid(x.uuid);
  walker.number(x.capacityBytes);
  walker.word(x.mode);
  walker.word(x.sharing);
  walker.number(x.thin);
  walker.number(x.eagerlyScrub);
  walker.number(x.writeThrough);
  walker.number(x.digestEnabled);
  walker.text(x.rdmDeviceName);
  walker.text(x.rdmLunUuid);
  walker.word(x.rdmCompatibilityMode);
  walker.text(x.vDiskId);
  walker.word(x.keyId);
  walker.word(x.ioFilters);
  walker.number(x.nativeUnmanagedLinkedClone);
  walker.each(x.chain);
}

template <class Walker>
void walk(Walker& walker, vsphere::Nic& x) {
  walker.number(x.key);
  walker.word(x.label);
  walker.word(x.type);
  walker.text(x.macAddress);
  walker.word(x.addressType);
  walker.number(x.connected);
  walker.number(x.startConnected);
  walker.number(x.allowGuestControl);
  walker.number(x.wakeOnLan);
  walker.word(x.backingType);
  walker.ref(x.network);
  walker.word(x.networkName);
  walker.word(x.portgroupKey);
  walker.word(x.dvsUuid);
  walker.text(x.portKey);
  walker.word(x.opaqueNetworkId);
}

template <class Walker>
void walk(Walker& walker, vsphere::OtherDevice& x) {
  walker.number(x.key);
  walker.word(x.type);
  walker.word(x.label);
  walker.number(x.controllerKey);
  walker.number(x.unitNumber);
}

template <class Walker>
void walk(Walker& walker, vsphere::GuestVolume& x) {
  walker.word(x.path);
  walker.number(x.capacityBytes);
  walker.number(x.freeSpaceBytes);
  walker.word(x.filesystemType);
  walker.number(x.diskKeys);
}

template <class Walker>
void walk(Walker& walker, vsphere::GuestNic& x) {
  walker.word(x.network);
  walker.text(x.macAddress);
  walker.number(x.connected);
  walker.texts(x.ipAddresses);
  walker.number(x.dhcp);
}

template <class Walker>
void walk(Walker& walker, vsphere::Snapshot& x) {
  walker.own(x.ref);
  walker.number(x.id);
  walker.text(x.name);
  walker.text(x.description);
  walker.text(x.createTime);
  walker.word(x.state);
  walker.number(x.quiesced);
  walker.number(x.current);
  walker.each(x.children);
}

template <class Walker>
void walk(Walker& walker, vsphere::QuestionChoice& x) {
  walker.word(x.key);
  walker.word(x.label);
  walker.word(x.summary);
}

template <class Walker>
void walk(Walker& walker, vsphere::Question& x) {
  walker.text(x.id);
  walker.text(x.text);
  walker.each(x.choices);
  walker.word(x.messageIds);
  walker.number(x.defaultIndex);
}

template <class Walker>
void walk(Walker& walker, vsphere::VmFile& x) {
  walker.number(x.key);
  walker.text(x.name);
  walker.word(x.type);
  walker.number(x.sizeBytes);
  walker.number(x.uniqueSizeBytes);
  walker.number(x.accessible);
}

template <class Walker>
void walk(Walker& walker, vsphere::VmDiskLayout& x) {
  walker.number(x.diskKey);
  walker.numberLists(x.chainFileKeys);
}

template <class Walker>
void walkState(Walker& walker, vsphere::VirtualMachine& x) {
  walker.word(x.powerState);
  walker.word(x.connectionState);
  walker.text(x.bootTime);
  walker.text(x.suspendTime);
  walker.number(x.consolidationNeeded);
  walker.number(x.uptimeSeconds);
  walker.word(x.faultToleranceState);
  walker.number(x.faultToleranceConfigured);
  walker.maybe(x.question);
  walker.number(x.storageCommittedBytes);
  walker.number(x.storageUncommittedBytes);
  walker.ref(x.host);
  walker.ref(x.resourcePool);
  walker.ref(x.parentVApp);
  walker.ref(x.datastores);
  walker.ref(x.networks);
}

template <class Walker>
void walkGuest(Walker& walker, vsphere::VirtualMachine& x) {
  walker.word(x.guestId);
  walker.word(x.guestFullName);
  walker.word(x.guestFamily);
  walker.word(x.guestState);
  walker.text(x.hostName);
  walker.text(x.ipAddress);
  walker.word(x.toolsStatus);
  walker.word(x.toolsRunningStatus);
  walker.word(x.toolsVersionStatus);
  walker.word(x.toolsVersion);
  walker.each(x.guestNics);
  walker.each(x.guestVolumes);
}

template <class Walker>
void walkHardware(Walker& walker, vsphere::VirtualMachine& x) {
  walker.word(x.hardwareVersion);
  walker.word(x.firmware);
  walker.number(x.secureBoot);
  walker.number(x.cpus);
  walker.number(x.coresPerSocket);
  walker.number(x.memoryBytes);
  walker.number(x.cpuHotAdd);
  walker.number(x.memoryHotAdd);
  walker.number(x.changeTrackingEnabled);
  walker.number(x.vtpmPresent);
  walker.word(x.keyId);
  walker.number(x.hasReplicationConfig);
  walker.word(x.bootOrder);
  walker.each(x.controllers);
  walker.each(x.disks);
  walker.each(x.nics);
  walker.each(x.otherDevices);
  walker.number(x.diskUuidEnabled);
  walker.word(x.diskEnableUuidOption);
  walker.map(x.extraConfig);
}

// The path and the reference come first: PackedVms sorts by them.
template <class Walker>
void walk(Walker& walker, vsphere::VirtualMachine& x) {
  walker.text(x.inventoryPath);
  walker.own(x.ref);
  walker.text(x.name);
  walker.ref(x.parent);
  walker.word(x.disabledMethods);
  walker.owns(x.recentTasks);
  walker.uuid(x.instanceUuid);
  walker.uuid(x.biosUuid);
  walker.text(x.vmPathName);
  walker.text(x.changeVersion);
  walker.text(x.created);
  walker.text(x.annotation);
  walker.number(x.isTemplate);
  walker.word(x.managedByExtension);
  walker.word(x.managedByType);
  walkState(walker, x);
  walkGuest(walker, x);
  walkHardware(walker, x);
  walker.each(x.snapshots);
  walker.own(x.currentSnapshot);
  walker.each(x.files);
  walker.each(x.diskLayouts);
}

}  // namespace failback::discovery
