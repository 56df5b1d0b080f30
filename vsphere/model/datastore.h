// SPDX-License-Identifier: GPL-2.0-or-later
// Datastore, and how each host mounts it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/model/container.h"

namespace failback::vsphere {

// DatastoreHostMount: one host's view of the datastore.
struct HostMount {
  Moref host;
  std::optional<std::string> accessMode;  // "readWrite", "readOnly"
  std::optional<bool> mounted;
  std::optional<bool> accessible;
  std::optional<std::string> inaccessibleReason;  // "AllPathsDown_Start", ...
  std::optional<std::string> path;                // on the host: "/vmfs/volumes/..."

  friend bool operator==(const HostMount&, const HostMount&) = default;
};

struct Datastore : Entity {
  std::optional<std::string>
      type;  // summary.type: "VMFS", "vsan", "NFS", "NFS41", "VVOL", "PMEM", "vfat", ...
  std::optional<std::string> url;  // "ds:///vmfs/volumes/<uuid>/": the same in every datacenter
  std::optional<std::int64_t> capacityBytes, freeSpaceBytes;
  std::optional<std::int64_t> uncommittedBytes;     // what thin disks may still grow
  std::optional<std::int64_t> maxFileSizeBytes;     // info.maxFileSize
  std::optional<std::int64_t> maxVirtualDiskBytes;  // info.maxVirtualDiskCapacity
  std::optional<bool> accessible;                   // from at least one host
  std::optional<bool> multipleHostAccess;
  std::optional<std::string> maintenanceMode;  // "normal", "enteringMaintenance", "inMaintenance"
  std::optional<std::string> vmfsUuid, vmfsVersion;
  std::optional<std::int32_t> blockSizeMb;
  std::optional<std::string> nfsRemoteHost, nfsRemotePath;
  std::optional<bool> local;               // VMFS on a disk that one host alone has
  std::optional<std::string> aliasOf;      // vSAN: the datastore that this one is a name for (7.0 and later)
  std::optional<std::string> containerId;  // vSAN, vVol
  std::optional<Moref> browser;            // HostDatastoreBrowser
  std::optional<Moref> storagePod;         // its datastore cluster; filled by discovery/
  std::vector<HostMount> mounts;
  std::vector<Moref> vms;  // all that use it, templates and powered-off ones too

  friend bool operator==(const Datastore&, const Datastore&) = default;
};

}  // namespace failback::vsphere
