// SPDX-License-Identifier: GPL-2.0-or-later
// Datastores, their browsers, datastore clusters; networks, port groups, distributed switches.
#include <fmt/format.h>

#include "mocks/random_source.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

constexpr std::int64_t tebibyte = 1LL << 40;

Value infoOf(const SiteDatastore& store) {
  const DatastoreSpec& spec = *store.spec;
  std::vector<Field> fields{{"name", spec.name},
                            {"url", store.url()},
                            {"freeSpace", store.free()},
                            {"maxFileSize", spec.type == "NFS" ? 256 * tebibyte : 64 * tebibyte},
                            {"maxVirtualDiskCapacity", 62 * tebibyte},
                            {"maxMemoryFileSize", 6 * tebibyte},
                            {"timestamp", Value::dateTime("2026-01-12T06:30:00.123456Z")}};
  if (spec.type == "NFS" || spec.type == "NFS41") {
    const Value volume = object(
        "HostNasVolume", {{"type", spec.type},
                          {"name", spec.name},
                          {"capacity", spec.capacity},
                          {"remoteHost", spec.remoteHost},
                          {"remotePath", spec.remotePath.empty() ? "/export/" + spec.name : spec.remotePath},
                          {"protocolEndpoint", false}});
    fields.emplace_back("nas", volume);
    return object("NasDatastoreInfo", fields);
  }
  if (spec.type == "vsan") {
    fields.emplace_back("membershipUuid", uuidFor(spec.name + "/membership", "52"));
    return object("VsanDatastoreInfo", fields);
  }
  if (spec.type == "VMFS") {
    const Value extent =
        object("HostScsiDiskPartition",
               {{"diskName", fmt::format("naa.{:016x}", hashOf(spec.name))}, {"partition", std::int32_t{1}}});
    const Value volume = object("HostVmfsVolume", {{"type", "VMFS"},
                                                   {"name", spec.name},
                                                   {"capacity", spec.capacity},
                                                   {"blockSizeMb", std::int32_t{1}},
                                                   {"blockSize", std::int32_t{1024}},
                                                   {"maxBlocks", std::int32_t{63 * 1024 * 1024}},
                                                   {"majorVersion", std::int32_t{6}},
                                                   {"version", "6.82"},
                                                   {"uuid", store.uuid},
                                                   {"extent", std::vector<Value>{extent}},
                                                   {"vmfsUpgradable", false},
                                                   {"ssd", true},
                                                   {"local", store.hosts.size() == 1}});
    fields.insert(fields.end(), {{"maxPhysicalRDMFileSize", 64 * tebibyte},
                                 {"maxVirtualRDMFileSize", 62 * tebibyte},
                                 {"vmfs", volume}});
    return object("VmfsDatastoreInfo", fields);
  }
  if (spec.type == "VVOL") {
    const Value volume =
        object("HostVvolVolume", {{"type", "VVOL"},
                                  {"name", spec.name},
                                  {"capacity", spec.capacity},
                                  {"scId", "vvol:" + uuidFor(spec.name + "/container", "52")},
                                  {"protocolEndpointType", "scsi"}});
    fields.emplace_back("vvolDS", volume);
    return object("VvolDatastoreInfo", fields);
  }
  return object("DatastoreInfo", fields);
}

Value hostMounts(const SiteDatastore& store) {
  std::vector<Value> list;
  for (const SiteHost* host : store.hosts) {
    const bool reachable = host->spec->connection == "connected" && store.spec->accessible;
    const Value mount =
        object("HostMountInfo", {{"path", "/vmfs/volumes/" + store.uuid},
                                 {"accessMode", store.readOnlyOn(*host) ? "readOnly" : "readWrite"},
                                 {"mounted", true},
                                 {"accessible", reachable},
                                 {"inaccessibleReason", reachable ? Value() : Value("AllPathsDown_Start")}});
    list.push_back(object("DatastoreHostMount", {{"key", host->ref}, {"mountInfo", mount}}));
  }
  return list;
}

void addDatastore(const Site& site, const SiteDatastore& store) {
  const DatastoreSpec& spec = *store.spec;
  const bool objectStore = spec.type == "vsan" || spec.type == "VVOL";
  const Value summary = object("DatastoreSummary", {{"datastore", store.ref},
                                                    {"name", spec.name},
                                                    {"url", store.url()},
                                                    {"capacity", spec.accessible ? spec.capacity : 0},
                                                    {"freeSpace", spec.accessible ? store.free() : 0},
                                                    {"uncommitted", store.uncommitted},
                                                    {"accessible", spec.accessible},
                                                    {"multipleHostAccess", store.hosts.size() > 1},
                                                    {"type", spec.type},
                                                    {"maintenanceMode", spec.maintenance}});
  const Value capability =
      object("DatastoreCapability", {{"directoryHierarchySupported", true},
                                     {"rawDiskMappingsSupported", spec.type == "VMFS"},
                                     {"perFileThinProvisioningSupported", true},
                                     {"storageIORMSupported", spec.type == "VMFS" || spec.type == "NFS"},
                                     {"nativeSnapshotSupported", objectStore},
                                     {"topLevelDirectoryCreateSupported", !objectStore},
                                     {"seSparseSupported", spec.type == "VMFS"}});
  std::vector<Field> fields = entity(spec.name, store.parent);
  fields.insert(fields.end(), {{"info", infoOf(store)},
                               {"summary", summary},
                               {"host", hostMounts(store)},
                               {"vm", refs(store.vms)},
                               {"browser", store.browser},
                               {"capability", capability}});
  site.world.inventory.add(store.browser, object("HostDatastoreBrowser", {{"datastore", refs({store.ref})}}));
  site.world.inventory.add(store.ref, object("Datastore", fields));
}

void addPod(const Site& site, const SiteFolder& pod, const StoragePodSpec& spec) {
  std::int64_t capacity = 0, freeSpace = 0;
  for (const SiteDatastore& store : site.datastores) {
    if (store.parent != pod.ref) continue;
    capacity += store.spec->capacity;
    freeSpace += store.free();
  }
  const Value podConfig = object("StorageDrsPodConfigInfo", {{"enabled", spec.drs},
                                                             {"ioLoadBalanceEnabled", false},
                                                             {"defaultVmBehavior", spec.behavior},
                                                             {"loadBalanceInterval", std::int32_t{480}},
                                                             {"defaultIntraVmAffinity", true}});
  const Value entry = object(
      "PodStorageDrsEntry",
      {{"storageDrsConfig",
        object("StorageDrsConfigInfo", {{"podConfig", podConfig}, {"vmConfig", std::vector<Value>{}}})}});
  std::vector<Field> fields = entity(pod.name, pod.parent);
  fields.insert(fields.end(),
                {{"childType", std::vector<Value>{"Datastore"}},
                 {"childEntity", refs(pod.children)},
                 {"summary", object("StoragePodSummary",
                                    {{"name", pod.name}, {"capacity", capacity}, {"freeSpace", freeSpace}})},
                 {"podStorageDrsEntry", entry}});
  site.world.inventory.add(pod.ref, object("StoragePod", fields));
}

Value networkSummary(const SiteNetwork& network) {
  return object("NetworkSummary",
                {{"network", network.ref}, {"name", network.name}, {"accessible", true}, {"ipPoolName", ""}});
}

Value portGroupConfig(const SiteNetwork& network) {
  return object("DVPortgroupConfigInfo",
                {{"key", network.key},
                 {"name", network.name},
                 {"numPorts", std::int32_t{network.uplink ? 8 : 128}},
                 {"distributedVirtualSwitch", network.dvs},
                 {"defaultPortConfig", object("DVPortSetting")},
                 {"type", network.portGroup ? network.portGroup->binding : "earlyBinding"},
                 {"policy", filled("DVPortgroupPolicy", false)},
                 {"configVersion", "0"},
                 {"autoExpand", true},
                 {"uplink", network.uplink}});
}

void addNetwork(const Site& site, const SiteNetwork& network) {
  std::vector<Field> fields = entity(network.name, network.parent);
  fields.insert(
      fields.end(),
      {{"summary", networkSummary(network)}, {"host", refsOf(network.hosts)}, {"vm", refs(network.vms)}});
  if (network.dvs.id.empty()) {
    site.world.inventory.add(network.ref, object("Network", fields));
    return;
  }
  std::vector<Value> ports;
  ports.reserve(8);
  for (std::int32_t i = 0; i < 8; ++i) ports.emplace_back(std::to_string(i));
  fields.insert(fields.end(),
                {{"key", network.key}, {"config", portGroupConfig(network)}, {"portKeys", ports}});
  site.world.inventory.add(network.ref, object("DistributedVirtualPortgroup", fields));
}

void addSwitch(const Site& site, const SwitchSpec& spec) {
  std::vector<MoRef> portGroups, uplinks, hosts;
  std::vector<Value> names;
  MoRef ref;
  std::string uuid;
  const std::string uplinkName = spec.name + "-DVUplinks";
  for (const SiteNetwork& network : site.networks) {
    bool mine = network.uplink && network.name == uplinkName;
    for (const PortGroupSpec& each : spec.portGroups) mine = mine || network.portGroup == &each;
    if (!mine) continue;
    ref = network.dvs;
    uuid = network.switchUuid;
    portGroups.push_back(network.ref);
    names.emplace_back(network.name);
    if (!network.uplink) continue;
    uplinks.push_back(network.ref);
    for (const SiteHost* host : network.hosts) hosts.push_back(host->ref);
  }
  const Value version = object("DistributedVirtualSwitchProductSpec", {{"name", "DVS"},
                                                                       {"vendor", "VMware, Inc."},
                                                                       {"version", spec.version},
                                                                       {"build", site.server.build},
                                                                       {"forwardingClass", "etherswitch"}});
  const auto ports = static_cast<std::int32_t>(128 * portGroups.size());
  const Value config =
      object("DVSConfigInfo", {{"uuid", uuid},
                               {"name", spec.name},
                               {"numStandalonePorts", std::int32_t{0}},
                               {"numPorts", ports},
                               {"maxPorts", std::int32_t{2'147'483'647}},
                               {"uplinkPortPolicy", object("DVSUplinkPortPolicy")},
                               {"uplinkPortgroup", refs(uplinks)},
                               {"defaultPortConfig", object("DVPortSetting")},
                               {"productInfo", version},
                               {"configVersion", "7"},
                               {"contact", object("DVSContactInfo")},
                               {"createTime", Value::dateTime("2025-03-04T09:00:00.000000Z")},
                               {"networkResourceManagementEnabled", true}});
  const Value summary = object("DVSSummary", {{"name", spec.name},
                                              {"uuid", uuid},
                                              {"numPorts", ports},
                                              {"productInfo", version},
                                              {"hostMember", refs(hosts)},
                                              {"portgroupName", names},
                                              {"numHosts", static_cast<std::int32_t>(hosts.size())}});
  std::vector<Field> fields = entity(spec.name, site.networkFolder.ref);
  fields.insert(fields.end(),
                {{"uuid", uuid}, {"summary", summary}, {"config", config}, {"portgroup", refs(portGroups)}});
  site.world.inventory.add(ref, object("VmwareDistributedVirtualSwitch", fields));
}

}  // namespace

void buildDatastores(const Site& site) {
  for (std::size_t i = 0; i < site.pods.size(); ++i)
    addPod(site, site.pods[i], site.spec.datastoreClusters[i]);
  for (const SiteDatastore& store : site.datastores) addDatastore(site, store);
}

void buildNetworks(const Site& site) {
  for (const SiteNetwork& network : site.networks) addNetwork(site, network);
  for (const SwitchSpec& spec : site.spec.switches) addSwitch(site, spec);
}

}  // namespace failback::mock
