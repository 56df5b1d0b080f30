// SPDX-License-Identifier: GPL-2.0-or-later
// HostSystem and the managers that its configManager names.
#include <fmt/format.h>

#include <array>

#include "mocks/random_source.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

constexpr const char* bootTime = "2026-01-12T06:30:00Z";
constexpr std::int32_t uptimeSeconds = 40 * 24 * 3600;

Value hardwareSummary(const HostSpec& spec, const std::string& uuid) {
  const std::int32_t cores = spec.packages * spec.coresPerPackage;
  return object("HostHardwareSummary", {{"vendor", spec.vendor},
                                        {"model", spec.model},
                                        {"uuid", uuid},
                                        {"memorySize", spec.memory},
                                        {"cpuModel", spec.cpuModel},
                                        {"cpuMhz", spec.megahertz},
                                        {"numCpuPkgs", spec.packages},
                                        {"numCpuCores", cores},
                                        {"numCpuThreads", 2 * cores},
                                        {"numNics", std::int32_t{4}},
                                        {"numHBAs", std::int32_t{3}}});
}

Value hardware(const HostSpec& spec, const std::string& uuid) {
  const std::int32_t cores = spec.packages * spec.coresPerPackage;
  const std::int64_t hertz = std::int64_t{spec.megahertz} * 1'000'000;
  std::vector<Value> packages;
  for (std::int32_t i = 0; i < spec.packages; ++i) {
    std::vector<Value> threads;
    threads.reserve(2 * static_cast<std::size_t>(spec.coresPerPackage));
    for (std::int32_t t = 0; t < 2 * spec.coresPerPackage; ++t)
      threads.emplace_back(2 * spec.coresPerPackage * i + t);
    packages.push_back(object("HostCpuPackage", {{"index", i},
                                                 {"vendor", "intel"},
                                                 {"hz", hertz},
                                                 {"busHz", std::int64_t{100'000'000}},
                                                 {"description", spec.cpuModel},
                                                 {"threadId", threads}}));
  }
  return object("HostHardwareInfo",
                {{"systemInfo",
                  object("HostSystemInfo", {{"vendor", spec.vendor}, {"model", spec.model}, {"uuid", uuid}})},
                 {"cpuInfo", object("HostCpuInfo", {{"numCpuPackages", spec.packages},
                                                    {"numCpuCores", cores},
                                                    {"numCpuThreads", 2 * cores},
                                                    {"hz", hertz}})},
                 {"cpuPkg", packages},
                 {"memorySize", spec.memory},
                 {"smcPresent", false}});
}

Value runtimeOf(const HostSpec& spec) {
  const bool connected = spec.connection == "connected";
  return object("HostRuntimeInfo", {{"connectionState", spec.connection},
                                    {"powerState", spec.standby                         ? "standBy"
                                                   : spec.connection == "notResponding" ? "unknown"
                                                                                        : "poweredOn"},
                                    {"standbyMode", spec.standby ? "in" : "none"},
                                    {"inMaintenanceMode", spec.maintenance},
                                    {"inQuarantineMode", false},
                                    {"bootTime", connected ? Value::dateTime(bootTime) : Value()},
                                    {"cryptoState", "incapable"}});
}

Value summaryOf(const Site& site, const SiteHost& host, const Value& runtime, const std::string& uuid) {
  const HostSpec& spec = *host.spec;
  const Value config =
      object("HostConfigSummary", {{"name", spec.name},
                                   {"port", std::int32_t{443}},
                                   {"product", product(site.server, spec.version, spec.build)},
                                   {"vmotionEnabled", !site.server.esxi},
                                   {"faultToleranceEnabled", false}});
  const auto megabytes = static_cast<std::int32_t>(host.memoryUsed / (1LL << 20));
  const Value quick = object("HostListSummaryQuickStats", {{"overallCpuUsage", std::int32_t{1200}},
                                                           {"overallMemoryUsage", megabytes + 4096},
                                                           {"distributedCpuFairness", std::int32_t{1000}},
                                                           {"distributedMemoryFairness", std::int32_t{1000}},
                                                           {"uptime", uptimeSeconds}});
  return object("HostListSummary",
                {{"host", host.ref},
                 {"hardware", hardwareSummary(spec, uuid)},
                 {"runtime", runtime},
                 {"config", config},
                 {"quickStats", quick},
                 {"overallStatus", spec.connection == "connected" ? "green" : "red"},
                 {"rebootRequired", false},
                 {"managementServerIp", site.server.esxi ? Value() : Value("10.20.0.10")}});
}

Value capabilityOf() {
  return filled("HostCapability", true,
                {{"maxSupportedVMs", std::int32_t{1024}},
                 {"maxRunningVMs", std::int32_t{1024}},
                 {"maxSupportedVcpus", std::int32_t{768}},
                 {"maxRegisteredVMs", std::int32_t{4096}},
                 {"maxHostRunningVms", std::int32_t{1024}},
                 {"maxHostSupportedVcpus", std::int32_t{4096}},
                 {"maxSupportedVmMemory", std::int32_t{24'903'680}},
                 {"supportedVmfsMajorVersion", std::vector<Value>{std::int32_t{5}, std::int32_t{6}}}});
}

Value mounts(const SiteHost& host) {
  std::vector<Value> list;
  for (const SiteDatastore* store : host.datastores) {
    const Value mount =
        object("HostMountInfo", {{"path", "/vmfs/volumes/" + store->uuid},
                                 {"accessMode", store->readOnlyOn(host) ? "readOnly" : "readWrite"},
                                 {"mounted", true},
                                 {"accessible", store->spec->accessible}});
    const Value volume = object(
        "HostFileSystemVolume",
        {{"type", store->spec->type}, {"name", store->spec->name}, {"capacity", store->spec->capacity}});
    list.push_back(object("HostFileSystemMountInfo", {{"mountInfo", mount}, {"volume", volume}}));
  }
  return list;
}

Value configOf(const Site& site, const SiteHost& host) {
  const Value autoStart = object("HostAutoStartManagerConfig",
                                 {{"defaults", object("AutoStartDefaults", {{"enabled", false},
                                                                            {"startDelay", std::int32_t{120}},
                                                                            {"stopDelay", std::int32_t{120}},
                                                                            {"waitForHeartbeat", false},
                                                                            {"stopAction", "powerOff"}})}});
  return object(
      "HostConfigInfo",
      {{"host", host.ref},
       {"product", product(site.server, host.spec->version, host.spec->build)},
       {"fileSystemVolume",
        object("HostFileSystemVolumeInfo",
               {{"volumeTypeList", std::vector<Value>{"VMFS", "NFS", "NFS41", "vsan", "VVOL", "PMEM"}},
                {"mountInfo", mounts(host)}})},
       {"network", networkConfig(site, host)},
       {"autoStart", autoStart},
       {"option", std::vector<Value>{object("OptionValue", {{"key", "VMFS3.HardwareAcceleratedLocking"},
                                                            {"value", std::int64_t{1}}})}},
       {"lockdownMode", "lockdownDisabled"}});
}

struct HostManager {
  std::string_view member, type, id;
};
constexpr std::array<HostManager, 6> hostManagers{
    {{"autoStartManager", "HostAutoStartManager", "autoStartManager"},
     {"datastoreSystem", "HostDatastoreSystem", "datastoreSystem"},
     {"storageSystem", "HostStorageSystem", "storageSystem"},
     {"networkSystem", "HostNetworkSystem", "networkSystem"},
     {"dateTimeSystem", "HostDateTimeSystem", "dateTimeSystem"},
     {"serviceSystem", "HostServiceSystem", "serviceSystem"}}};

Value managerState(const SiteHost& host, std::string_view type, const Value& config) {
  if (type == "HostAutoStartManager") return object(type, {{"config", config.at("autoStart")}});
  if (type == "HostDatastoreSystem") {
    return object(type, {{"datastore", refsOf(host.datastores)},
                         {"capabilities", filled("HostDatastoreSystemCapabilities", true)}});
  }
  if (type == "HostStorageSystem")
    return object(type, {{"fileSystemVolumeInfo", config.at("fileSystemVolume")}});
  if (type == "HostNetworkSystem") return object(type, {{"networkInfo", config.at("network")}});
  if (type == "HostDateTimeSystem") {
    const Value zone =
        object("HostDateTimeSystemTimeZone",
               {{"key", "UTC"}, {"name", "UTC"}, {"description", "UTC"}, {"gmtOffset", std::int32_t{0}}});
    return object(type, {{"dateTimeInfo", object("HostDateTimeInfo", {{"timeZone", zone}})}});
  }
  return object(type, {{"serviceInfo", object("HostServiceInfo")}});
}

void addHost(const Site& site, const SiteHost& host) {
  const std::string uuid = host.spec->uuid.empty()
                               ? uuidFor(site.server.name + "/host/" + host.spec->name, "4c4c4544")
                               : host.spec->uuid;
  const bool reachable = host.spec->connection == "connected";
  const Value runtime = runtimeOf(*host.spec);
  const Value config = configOf(site, host);
  DataObject manager(TypeModel::get().need("HostConfigManager"));
  const std::string number = site.server.esxi ? std::string() : host.ref.id.substr(host.ref.id.rfind('-'));
  for (const HostManager& each : hostManagers) {
    const MoRef ref{std::string(each.type), (site.server.esxi ? "ha-" : "") + std::string(each.id) + number};
    manager.set(each.member, ref);
    site.world.inventory.add(ref, managerState(host, each.type, config));
  }
  const MoRef browser{"HostDatastoreBrowser",
                      site.server.esxi ? "ha-host-datastorebrowser" : "datastoreBrowser-" + host.ref.id};
  std::vector<Field> fields = entity(host.spec->name, host.cluster->ref);
  const Value cores = object("KeyAnyValue", {{"key", "numCpuPackages"}, {"value", host.spec->packages}});
  // What vCenter cannot ask a host that does not answer, it does not show.
  fields.insert(fields.end(), {{"runtime", runtime},
                               {"summary", summaryOf(site, host, runtime, uuid)},
                               {"hardware", reachable ? hardware(*host.spec, uuid) : Value()},
                               {"capability", reachable ? capabilityOf() : Value()},
                               {"licensableResource", object("HostLicensableResourceInfo",
                                                             {{"resource", std::vector<Value>{cores}}})},
                               {"configManager", manager},
                               {"config", reachable ? config : Value()},
                               {"vm", refs(host.vms)},
                               {"datastore", refsOf(host.datastores)},
                               {"network", refsOf(host.networks)},
                               {"datastoreBrowser", browser}});
  if (!reachable) {
    site.world.unreachableHosts.emplace(host.ref.id,
                                        object("HostSystem", {{"hardware", hardware(*host.spec, uuid)},
                                                              {"capability", capabilityOf()},
                                                              {"config", config}}));
  }
  site.world.inventory.add(browser, object("HostDatastoreBrowser", {{"datastore", refsOf(host.datastores)}}));
  site.world.inventory.add(host.ref, object("HostSystem", fields));
}

}  // namespace

void buildHosts(const Site& site) {
  for (const SiteHost& host : site.hosts) addHost(site, host);
}

}  // namespace failback::mock
