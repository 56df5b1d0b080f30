// SPDX-License-Identifier: GPL-2.0-or-later
// A VM's virtual devices, as small values. Sizes in bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/model/moref.h"

namespace failback::vsphere {

// VirtualController of any kind.
struct Controller {
  std::int32_t key = 0;
  std::string type;   // vSphere's class: "VirtualLsiLogicController", "ParaVirtualSCSIController" ...
  std::string label;  // what people see; never used to judge
  std::int32_t busNumber = 0;
  std::optional<std::string> sharedBus;            // SCSI: "noSharing", "virtualSharing", "physicalSharing"
  std::optional<std::int32_t> scsiCtlrUnitNumber;  // the unit the controller itself takes, 7
  std::vector<std::int32_t> deviceKeys;

  bool isScsi() const;
  bool isParaVirtualScsi() const { return type == "ParaVirtualSCSIController"; }
  bool isLsiLogic() const;  // parallel or SAS

  friend bool operator==(const Controller&, const Controller&) = default;
};

// One link of a disk's chain: the file that is attached first, its parents after it, the base last.
struct DiskFile {
  std::string path;  // "[datastore1] web-01/web-01-000001.vmdk"
  std::optional<Moref> datastore;
  std::optional<std::string> uuid;  // as written by vSphere
  std::optional<std::string> contentId;
  std::optional<std::string> changeId;         // of changed block tracking
  std::optional<std::string> backingObjectId;  // vSAN, vVol
  std::optional<std::string> deltaFormat;      // "redoLogFormat", "seSparseFormat"

  friend bool operator==(const DiskFile&, const DiskFile&) = default;
};

struct Disk {
  std::int32_t key = 0;
  std::string label;
  std::int32_t controllerKey = 0;
  std::optional<std::int32_t> unitNumber;
  // "flat", "rdmPhysical", "rdmVirtual", "sparse", "seSparse", "localPMem", "raw", "partitioned", and
  // "unknown" for a backing of a class that we do not know.
  std::string kind;
  std::string backingType;          // the backing's class name as the server wrote it
  std::optional<std::string> uuid;  // of the attached file, "6000C29e-..."; compare with sameUuid
  std::int64_t capacityBytes = 0;
  std::optional<std::string> mode;     // "persistent", "independent_persistent", ...
  std::optional<std::string> sharing;  // "sharingNone", "sharingMultiWriter"
  std::optional<bool> thin, eagerlyScrub, writeThrough, digestEnabled;
  std::optional<std::string> rdmDeviceName, rdmLunUuid, rdmCompatibilityMode;
  std::optional<std::string> vDiskId;  // a first-class disk's id
  std::optional<std::string> keyId;    // encrypted with this key
  std::vector<std::string> ioFilters;
  std::optional<bool> nativeUnmanagedLinkedClone;
  std::vector<DiskFile> chain;  // chain[0] is attached; chain.size() > 1: it has deltas below

  const std::string& path() const;  // of chain[0]; empty when there is no file

  friend bool operator==(const Disk&, const Disk&) = default;
};

struct Nic {
  std::int32_t key = 0;
  std::string label;
  std::string type;                        // "VirtualVmxnet3", "VirtualE1000", ...
  std::optional<std::string> macAddress;   // lower case, colons
  std::optional<std::string> addressType;  // "assigned", "manual", "generated"
  std::optional<bool> connected, startConnected, allowGuestControl, wakeOnLan;
  // Where it is plugged in; which are set depends on the backing.
  std::string backingType;
  std::optional<Moref> network;
  std::optional<std::string> networkName;  // a standard port group's, as the device says
  std::optional<std::string> portgroupKey, dvsUuid, portKey;
  std::optional<std::string> opaqueNetworkId;

  friend bool operator==(const Nic&, const Nic&) = default;
};

// Any other device, so that a dump is complete and a created VM can be compared with its source.
struct OtherDevice {
  std::int32_t key = 0;
  std::string type;
  std::string label;
  std::optional<std::int32_t> controllerKey, unitNumber;

  friend bool operator==(const OtherDevice&, const OtherDevice&) = default;
};

// True when both are the same UUID: case, dashes and spaces do not count ("60 00 C2 9e ..." is
// VirtualDiskManager's way).
bool sameUuid(const std::string& a, const std::string& b);
// 32 lower-case hex digits, or the text unchanged when it is not a UUID.
std::string normaliseUuid(const std::string& uuid);

}  // namespace failback::vsphere
