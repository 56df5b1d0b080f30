// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_disk.h"

#include <utility>

#include "vsphere/binding/values.h"
#include "wsdl/vim_hooks.h"

namespace failback::vsphere::binding {
namespace {

// The backing classes have no common base for what they have in common: the members are found by name.
template <class Backing>
DiskFile fileOf(const Backing& backing) {
  DiskFile file;
  if constexpr (requires { backing.fileName; }) {
    file.path = backing.fileName.value_or("");
    file.datastore = optionalMoref(backing.datastore);
    file.backingObjectId = backing.backingObjectId;
  }
  if constexpr (requires { backing.descriptorFileName; }) file.path = backing.descriptorFileName.value_or("");
  if constexpr (requires { backing.uuid; }) file.uuid = backing.uuid;
  if constexpr (requires { backing.contentId; }) file.contentId = backing.contentId;
  if constexpr (requires { backing.changeId; }) file.changeId = backing.changeId;
  if constexpr (requires { backing.deltaDiskFormat; }) file.deltaFormat = backing.deltaDiskFormat;
  return file;
}

template <class Backing>
void readBacking(Disk& disk, const Backing& backing) {
  if constexpr (requires { backing.diskMode; }) disk.mode = backing.diskMode;
  if constexpr (requires { backing.sharing; }) disk.sharing = backing.sharing;
  if constexpr (requires { backing.thinProvisioned; }) disk.thin = backing.thinProvisioned;
  if constexpr (requires { backing.eagerlyScrub; }) disk.eagerlyScrub = backing.eagerlyScrub;
  if constexpr (requires { backing.writeThrough; }) disk.writeThrough = backing.writeThrough;
  if constexpr (requires { backing.digestEnabled; }) disk.digestEnabled = backing.digestEnabled;
  if constexpr (requires { backing.deviceName; }) disk.rdmDeviceName = backing.deviceName;
  if constexpr (requires { backing.lunUuid; }) disk.rdmLunUuid = backing.lunUuid;
  if constexpr (requires { backing.compatibilityMode; })
    disk.rdmCompatibilityMode = backing.compatibilityMode;
  if constexpr (requires { backing.keyId; })
    if (backing.keyId != nullptr) disk.keyId = backing.keyId->keyId;
  disk.chain.push_back(fileOf(backing));
  if constexpr (requires { backing.parent; })
    for (const Backing* parent = backing.parent; parent != nullptr; parent = parent->parent)
      disk.chain.push_back(fileOf(*parent));
  disk.uuid = disk.chain.front().uuid;
}

template <class Backing>
bool readIf(Disk& disk, const vim25__VirtualDeviceBackingInfo& backing, const char* kind) {
  const auto* typed = dynamic_cast<const Backing*>(&backing);
  if (typed == nullptr) return false;
  disk.kind = kind;
  readBacking(disk, *typed);
  return true;
}

std::string rdmKind(const std::optional<std::string>& compatibilityMode) {
  if (compatibilityMode == "physicalMode") return "rdmPhysical";
  if (compatibilityMode == "virtualMode") return "rdmVirtual";
  return "unknown";
}

void readAnyBacking(Disk& disk, const vim25__VirtualDeviceBackingInfo& backing) {
  disk.backingType = vim25::wireTypeName(backing);
  const bool known =
      readIf<vim25__VirtualDiskFlatVer2BackingInfo>(disk, backing, "flat") ||
      readIf<vim25__VirtualDiskSeSparseBackingInfo>(disk, backing, "seSparse") ||
      readIf<vim25__VirtualDiskRawDiskMappingVer1BackingInfo>(disk, backing, "rdm") ||
      readIf<vim25__VirtualDiskSparseVer2BackingInfo>(disk, backing, "sparse") ||
      readIf<vim25__VirtualDiskLocalPMemBackingInfo>(disk, backing, "localPMem") ||
      readIf<vim25__VirtualDiskFlatVer1BackingInfo>(disk, backing, "flat") ||
      readIf<vim25__VirtualDiskSparseVer1BackingInfo>(disk, backing, "sparse") ||
      readIf<vim25__VirtualDiskPartitionedRawDiskVer2BackingInfo>(disk, backing, "partitioned") ||
      readIf<vim25__VirtualDiskRawDiskVer2BackingInfo>(disk, backing, "raw");
  if (disk.kind == "rdm") disk.kind = rdmKind(disk.rdmCompatibilityMode);
  // A class newer than ours, that extends one we know: what it adds may matter, so its kind is not taken for
  // sure.
  if (!vim25::degradedFrom(backing).empty()) disk.kind = "unknown";
  if (known) return;
  disk.kind = "unknown";
  if (const auto* file = dynamic_cast<const vim25__VirtualDeviceFileBackingInfo*>(&backing))
    disk.chain.push_back(fileOf(*file));
}

}  // namespace

Disk decodeDisk(const vim25__VirtualDisk& device) {
  Disk disk;
  disk.key = device.key.value_or(0);
  if (device.deviceInfo != nullptr) disk.label = device.deviceInfo->label.value_or("");
  disk.controllerKey = device.controllerKey.value_or(0);
  disk.unitNumber = device.unitNumber;
  disk.capacityBytes = device.capacityInBytes.value_or(0);
  if (disk.capacityBytes <= 0) disk.capacityBytes = scaled(device.capacityInKB, 1024).value_or(0);
  disk.ioFilters = device.iofilter;
  if (device.vDiskId != nullptr) disk.vDiskId = device.vDiskId->id;
  disk.nativeUnmanagedLinkedClone = device.nativeUnmanagedLinkedClone;
  disk.kind = "unknown";
  if (device.backing != nullptr) readAnyBacking(disk, *device.backing);
  return disk;
}

}  // namespace failback::vsphere::binding
