// SPDX-License-Identifier: GPL-2.0-or-later
// Hosts, datastores, networks, switches.
#include "vsphere/stream/place_rules.h"

namespace failback::vsphere::stream {
namespace {

// ------------------------------------------------------------------------------------------------- hosts

const Rule& productRule() {
  static const Rule rule =
      objectRule("AboutInfo", {{"name", &leaf<Host, &Host::productName>()},
                               {"fullName", &leaf<Host, &Host::productFullName>()},
                               {"version", &leaf<Host, &Host::version>()},
                               {"build", &leaf<Host, &Host::build>()},
                               {"apiVersion", &leaf<Host, &Host::apiVersion>()},
                               {"productLineId", &leaf<Host, &Host::productLineId>()},
                               {"licenseProductName", &leaf<Host, &Host::licenseProductName>()}});
  return rule;
}

void* openAutoStart(void* host, const Opening&, Scratch& scratch) {
  scratch.startAction.reset();
  scratch.reference.reset();
  return host;
}

// "None" and "none" both occur for a VM that is listed but not started.
bool closeAutoStart(void* host, Scratch& scratch) {
  const auto& action = scratch.startAction;
  if ((action == "powerOn" || action == "PowerOn") && scratch.reference)
    static_cast<Host*>(host)->autoStartVms.push_back(std::move(*scratch.reference));
  return true;
}

const Rule& autoStartRule() {
  static const Rule info = objectRule(
      "AutoStartPowerInfo",
      {{"key", &scratchLeaf<&Scratch::reference>()}, {"startAction", &scratchLeaf<&Scratch::startAction>()}},
      openAutoStart, closeAutoStart);
  static const Rule rule = arrayRule("ArrayOfAutoStartPowerInfo", "AutoStartPowerInfo", info);
  return rule;
}

// -------------------------------------------------------------------------------------------- datastores

const Rule& mountsRule() {
  static const Rule info = objectRule(
      "HostMountInfo", {{"path", &leaf<HostMount, &HostMount::path>()},
                        {"accessMode", &leaf<HostMount, &HostMount::accessMode>()},
                        {"mounted", &leaf<HostMount, &HostMount::mounted>()},
                        {"accessible", &leaf<HostMount, &HostMount::accessible>()},
                        {"inaccessibleReason", &leaf<HostMount, &HostMount::inaccessibleReason>()}});
  static const Rule mount =
      objectRule("DatastoreHostMount", {{"key", &leaf<HostMount, &HostMount::host>()}, {"mountInfo", &info}},
                 appendTo<Datastore, &Datastore::mounts>);
  static const Rule rule = arrayRule("ArrayOfDatastoreHostMount", "DatastoreHostMount", mount);
  return rule;
}

// Zero stands where a server does not know a limit (NFS, vVol), and where vcsim has none.
template <auto Member>
const Rule& limit() {
  static const Rule rule = leafWith(Simple::int64, [](void* datastore, const Leaf& leaf, Scratch&) {
    std::optional<std::int64_t> bytes;
    if (!put(bytes, leaf)) return false;
    if (*bytes > 0) static_cast<Datastore*>(datastore)->*Member = bytes;
    return true;
  });
  return rule;
}

const Rule& volumeRule() {
  static const Rule rule =
      objectRule("HostVmfsVolume", {{"uuid", &leaf<Datastore, &Datastore::vmfsUuid>()},
                                    {"version", &leaf<Datastore, &Datastore::vmfsVersion>()},
                                    {"blockSizeMb", &leaf<Datastore, &Datastore::blockSizeMb>()},
                                    {"local", &leaf<Datastore, &Datastore::local>()}});
  return rule;
}

const Rule& nasRule() {
  static const Rule rule =
      objectRule("HostNasVolume", {{"remoteHost", &leaf<Datastore, &Datastore::nfsRemoteHost>()},
                                   {"remotePath", &leaf<Datastore, &Datastore::nfsRemotePath>()}});
  return rule;
}

// Any subtype, also one that we do not know: then what the base has is kept.
const Rule& infoRule() {
  static const Rule rule =
      objectRule("DatastoreInfo", {{"maxFileSize", &limit<&Datastore::maxFileSizeBytes>()},
                                   {"maxVirtualDiskCapacity", &limit<&Datastore::maxVirtualDiskBytes>()},
                                   {"containerId", &leaf<Datastore, &Datastore::containerId>()},
                                   {"aliasOf", &leaf<Datastore, &Datastore::aliasOf>()},
                                   {"vmfs", &volumeRule()},
                                   {"nas", &nasRule()}});
  return rule;
}

// ---------------------------------------------------------------------------------------------- networks

const Rule& networkSummaryRule() {
  static const Rule rule =
      objectRule("NetworkSummary", {{"accessible", &leaf<Network, &Network::accessible>()},
                                    {"opaqueNetworkId", &leaf<Network, &Network::opaqueNetworkId>()},
                                    {"opaqueNetworkType", &leaf<Network, &Network::opaqueNetworkType>()}});
  return rule;
}

void commitNetworkSummary(void* target, void* draft) {
  auto& network = *static_cast<Network*>(target);
  auto& read = *static_cast<Network*>(draft);
  if (read.accessible) network.accessible = read.accessible;
  read.accessible.reset();
  if (auto id = std::exchange(read.opaqueNetworkId, std::nullopt)) network.opaqueNetworkId = std::move(id);
  if (auto type = std::exchange(read.opaqueNetworkType, std::nullopt))
    network.opaqueNetworkType = std::move(type);
}

}  // namespace

const PropertyRules& hostRules() {
  static const PropertyRules rules{
      named<Host>(),
      plain<Host, &Host::parent>("parent"),
      references<Host, &Host::recentTasks>("recentTask"),
      plain<Host, &Host::connectionState>("runtime.connectionState"),
      plain<Host, &Host::powerState>("runtime.powerState"),
      plain<Host, &Host::inMaintenanceMode>("runtime.inMaintenanceMode"),
      plain<Host, &Host::inQuarantineMode>("runtime.inQuarantineMode"),
      plain<Host, &Host::bootTime>("runtime.bootTime"),
      {"summary.config.product", &productRule(),
       commit<Host, &Host::productName, &Host::productFullName, &Host::version, &Host::build,
              &Host::apiVersion, &Host::productLineId, &Host::licenseProductName>},
      plain<Host, &Host::memoryBytes>("summary.hardware.memorySize"),
      plain<Host, &Host::cpuCores>("summary.hardware.numCpuCores"),
      plain<Host, &Host::vendor>("summary.hardware.vendor"),
      plain<Host, &Host::model>("summary.hardware.model"),
      plain<Host, &Host::uuid>("summary.hardware.uuid"),
      plain<Host, &Host::cpuModel>("summary.hardware.cpuModel"),
      plain<Host, &Host::cpuMHz>("summary.hardware.cpuMhz"),
      plain<Host, &Host::cpuPackages>("summary.hardware.numCpuPkgs"),
      plain<Host, &Host::cpuThreads>("summary.hardware.numCpuThreads"),
      {"summary.quickStats.overallMemoryUsage", &mebibytes<Host, &Host::memoryUsedBytes>()},
      plain<Host, &Host::cpuUsedMHz>("summary.quickStats.overallCpuUsage"),
      plain<Host, &Host::managementServerIp>("summary.managementServerIp"),
      plain<Host, &Host::maxSupportedVcpus>("capability.maxSupportedVcpus"),
      {"capability.maxSupportedVmMemory", &mebibytes<Host, &Host::maxSupportedVmMemoryBytes>()},
      plain<Host, &Host::maxRegisteredVms>("capability.maxRegisteredVMs"),
      plain<Host, &Host::maxRunningVms>("capability.maxRunningVMs"),
      plain<Host, &Host::vmotionSupported>("capability.vmotionSupported"),
      plain<Host, &Host::storageVmotionSupported>("capability.storageVMotionSupported"),
      plain<Host, &Host::autoStartEnabled>("config.autoStart.defaults.enabled"),
      {"config.autoStart.powerInfo", &autoStartRule(), commit<Host, &Host::autoStartVms>},
      references<Host, &Host::datastores>("datastore"),
      references<Host, &Host::networks>("network"),
      references<Host, &Host::vms>("vm"),
  };
  return rules;
}

const PropertyRules& datastoreRules() {
  using Ds = Datastore;
  static const PropertyRules rules{
      named<Ds>(),
      plain<Ds, &Ds::parent>("parent"),
      plain<Ds, &Ds::type>("summary.type"),
      plain<Ds, &Ds::url>("summary.url"),
      plain<Ds, &Ds::capacityBytes>("summary.capacity"),
      plain<Ds, &Ds::freeSpaceBytes>("summary.freeSpace"),
      plain<Ds, &Ds::accessible>("summary.accessible"),
      plain<Ds, &Ds::maintenanceMode>("summary.maintenanceMode"),
      plain<Ds, &Ds::uncommittedBytes>("summary.uncommitted"),
      plain<Ds, &Ds::multipleHostAccess>("summary.multipleHostAccess"),
      {"host", &mountsRule(), commit<Ds, &Ds::mounts>},
      references<Ds, &Ds::vms>("vm"),
      plain<Ds, &Ds::browser>("browser"),
      {"info", &infoRule(),
       commit<Ds, &Ds::maxFileSizeBytes, &Ds::maxVirtualDiskBytes, &Ds::containerId, &Ds::aliasOf,
              &Ds::vmfsUuid, &Ds::vmfsVersion, &Ds::blockSizeMb, &Ds::local, &Ds::nfsRemoteHost,
              &Ds::nfsRemotePath>},
  };
  return rules;
}

const PropertyRules& networkRules() {
  static const PropertyRules rules{
      named<Network>(),
      plain<Network, &Network::parent>("parent"),
      {"summary", &networkSummaryRule(), commitNetworkSummary},
      plain<Network, &Network::accessible>("summary.accessible"),
      references<Network, &Network::hosts>("host"),
      plain<Network, &Network::portgroupKey>("key"),
      plain<Network, &Network::portBinding>("config.type"),
      plain<Network, &Network::uplink>("config.uplink"),
      plain<Network, &Network::dvs>("config.distributedVirtualSwitch"),
  };
  return rules;
}

const PropertyRules& distributedSwitchRules() {
  using Dvs = DistributedSwitch;
  static const PropertyRules rules{
      named<Dvs>(),
      plain<Dvs, &Dvs::parent>("parent"),
      plain<Dvs, &Dvs::uuid>("uuid"),
      references<Dvs, &Dvs::portgroups>("portgroup"),
      references<Dvs, &Dvs::hosts>("summary.hostMember"),
  };
  return rules;
}

}  // namespace failback::vsphere::stream
