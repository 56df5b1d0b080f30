// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_datastore.h"

namespace failback::vsphere::binding {
namespace {

HostMount mountOf(const vim25__DatastoreHostMount& mount) {
  HostMount result;
  result.host = morefOf(mount.key);
  if (const auto* info = mount.mountInfo) {
    result.accessMode = info->accessMode;
    result.mounted = info->mounted;
    result.accessible = info->accessible;
    result.inaccessibleReason = info->inaccessibleReason;
    result.path = info->path;
  }
  return result;
}

bool setMounts(Datastore& datastore, const xsd__anyType& value) {
  return assignList<vim25__ArrayOfDatastoreHostMount, &vim25__ArrayOfDatastoreHostMount::DatastoreHostMount>(
      datastore.mounts, value, mountOf);
}

// Zero stands where a server does not know a limit (NFS, vVol), and where vcsim has none.
std::optional<std::int64_t> limitOf(const std::optional<LONG64>& bytes) {
  if (!bytes || *bytes <= 0) return std::nullopt;
  return *bytes;
}

// Any subtype, also one that we do not know: then what the base has is kept.
bool setInfo(Datastore& datastore, const xsd__anyType& value) {
  const auto* info = dynamic_cast<const vim25__DatastoreInfo*>(&value);
  if (info == nullptr) return false;
  datastore.maxFileSizeBytes = limitOf(info->maxFileSize);
  datastore.maxVirtualDiskBytes = limitOf(info->maxVirtualDiskCapacity);
  datastore.containerId = info->containerId;
  datastore.aliasOf = info->aliasOf;
  if (const auto* vmfs = dynamic_cast<const vim25__VmfsDatastoreInfo*>(info); vmfs != nullptr && vmfs->vmfs) {
    datastore.vmfsUuid = vmfs->vmfs->uuid;
    datastore.vmfsVersion = vmfs->vmfs->version;
    datastore.blockSizeMb = vmfs->vmfs->blockSizeMb;
    datastore.local = vmfs->vmfs->local;
  }
  if (const auto* nas = dynamic_cast<const vim25__NasDatastoreInfo*>(info); nas != nullptr && nas->nas) {
    datastore.nfsRemoteHost = nas->nas->remoteHost;
    datastore.nfsRemotePath = nas->nas->remotePath;
  }
  return true;
}

}  // namespace

const SetterTable<Datastore>& datastoreSetters() {
  static const SetterTable<Datastore> table{
      {"name", setName},
      {"parent", set<&Datastore::parent>},
      {"summary.type", set<&Datastore::type>},
      {"summary.url", set<&Datastore::url>},
      {"summary.capacity", set<&Datastore::capacityBytes>},
      {"summary.freeSpace", set<&Datastore::freeSpaceBytes>},
      {"summary.accessible", set<&Datastore::accessible>},
      {"summary.maintenanceMode", set<&Datastore::maintenanceMode>},
      {"summary.uncommitted", set<&Datastore::uncommittedBytes>},
      {"summary.multipleHostAccess", set<&Datastore::multipleHostAccess>},
      {"host", setMounts},
      {"vm", set<&Datastore::vms>},
      {"browser", set<&Datastore::browser>},
      {"info", setInfo},
  };
  return table;
}

}  // namespace failback::vsphere::binding
