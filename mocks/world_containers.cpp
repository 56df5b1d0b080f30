// SPDX-License-Identifier: GPL-2.0-or-later
// Datacenter, folders, compute resources and resource pools.
#include <algorithm>

#include "mocks/config_option.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

void addFolder(const Site& site, const SiteFolder& folder, std::vector<Value> childTypes) {
  std::vector<Field> fields = entity(folder.name, folder.parent);
  fields.emplace_back("childType", Value(std::move(childTypes)));
  fields.emplace_back("childEntity", refs(folder.children));
  site.world.inventory.add(folder.ref, object("Folder", fields));
}

std::int64_t totalMemory(const SiteCluster& cluster) {
  std::int64_t total = 0;
  for (const SiteHost* host : cluster.hosts) total += host->spec->memory;
  return total;
}

std::int32_t totalCores(const SiteCluster& cluster) {
  std::int32_t total = 0;
  for (const SiteHost* host : cluster.hosts) total += host->spec->packages * host->spec->coresPerPackage;
  return total;
}

std::int32_t totalMegahertz(const SiteCluster& cluster) {
  std::int32_t total = 0;
  for (const SiteHost* host : cluster.hosts) {
    total += host->spec->packages * host->spec->coresPerPackage * host->spec->megahertz;
  }
  return total;
}

std::int32_t usableHosts(const SiteCluster& cluster) {
  return static_cast<std::int32_t>(
      std::count_if(cluster.hosts.begin(), cluster.hosts.end(), [](const SiteHost* host) {
        return host->spec->connection == "connected" && !host->spec->maintenance;
      }));
}

Value summaryOf(const SiteCluster& cluster, bool isCluster) {
  const std::int32_t cores = totalCores(cluster);
  std::vector<Field> fields{{"totalCpu", totalMegahertz(cluster)},
                            {"totalMemory", totalMemory(cluster)},
                            {"numCpuCores", cores},
                            {"numCpuThreads", 2 * cores},
                            {"effectiveCpu", totalMegahertz(cluster) / 10 * 9},
                            {"effectiveMemory", (totalMemory(cluster) >> 20) / 10 * 9},
                            {"numHosts", static_cast<std::int32_t>(cluster.hosts.size())},
                            {"numEffectiveHosts", usableHosts(cluster)},
                            {"overallStatus", "green"}};
  if (!isCluster) return object("ComputeResourceSummary", fields);
  fields.insert(fields.end(), {{"currentFailoverLevel", std::int32_t{cluster.spec->ha ? 1 : 0}},
                               {"numVmotions", std::int32_t{12}},
                               {"targetBalance", std::int32_t{200}},
                               {"currentBalance", std::int32_t{58}},
                               {"drsScore", std::int32_t{97}}});
  return object("ClusterComputeResourceSummary", fields);
}

std::vector<Field> drsAndHa(const SiteCluster& cluster) {
  return {{"dasConfig", object("ClusterDasConfigInfo", {{"enabled", cluster.spec->ha},
                                                        {"vmMonitoring", "vmMonitoringDisabled"},
                                                        {"hostMonitoring", "enabled"},
                                                        {"admissionControlEnabled", true}})},
          {"drsConfig", object("ClusterDrsConfigInfo", {{"enabled", cluster.spec->drs},
                                                        {"enableVmBehaviorOverrides", true},
                                                        {"defaultVmBehavior", cluster.spec->drsBehavior},
                                                        {"vmotionRate", std::int32_t{3}}})}};
}

Value allocation(std::int64_t reservation) {
  return object("ResourceAllocationInfo",
                {{"reservation", reservation},
                 {"expandableReservation", true},
                 {"limit", std::int64_t{-1}},
                 {"shares", object("SharesInfo", {{"shares", std::int32_t{4000}}, {"level", "normal"}})}});
}

Value usage(std::int64_t maximum, std::int64_t used) {
  return object("ResourcePoolResourceUsage", {{"reservationUsed", std::int64_t{0}},
                                              {"reservationUsedForVm", std::int64_t{0}},
                                              {"unreservedForPool", maximum},
                                              {"unreservedForVm", maximum},
                                              {"overallUsage", used},
                                              {"maxUsage", maximum}});
}

std::vector<MoRef> datastoresOf(const SiteCluster& cluster) {
  std::vector<MoRef> found;
  for (const SiteHost* host : cluster.hosts) {
    for (const SiteDatastore* each : host->datastores) {
      if (std::find(found.begin(), found.end(), each->ref) == found.end()) found.push_back(each->ref);
    }
  }
  return found;
}

std::vector<MoRef> networksOf(const SiteCluster& cluster) {
  std::vector<MoRef> found;
  for (const SiteHost* host : cluster.hosts) {
    for (const SiteNetwork* each : host->networks) {
      if (std::find(found.begin(), found.end(), each->ref) == found.end()) found.push_back(each->ref);
    }
  }
  return found;
}

void addCluster(const Site& site, const SiteCluster& cluster) {
  const bool isCluster = cluster.ref.type == "ClusterComputeResource";
  std::vector<Field> fields =
      entity(isCluster || cluster.hosts.empty() ? cluster.spec->name : cluster.hosts.front()->spec->name,
             cluster.parent);
  fields.insert(fields.end(), {{"resourcePool", cluster.rootPool->ref},
                               {"host", refsOf(cluster.hosts)},
                               {"datastore", refs(datastoresOf(cluster))},
                               {"network", refs(networksOf(cluster))},
                               {"summary", summaryOf(cluster, isCluster)},
                               {"environmentBrowser", cluster.environment}});
  if (isCluster) {
    std::vector<Field> extended = drsAndHa(cluster);
    extended.emplace_back("vmSwapPlacement", "vmDirectory");
    extended.emplace_back("defaultHardwareVersionKey", Value());
    fields.insert(fields.end(), {{"configuration", object("ClusterConfigInfo", drsAndHa(cluster))},
                                 {"configurationEx", object("ClusterConfigInfoEx", extended)},
                                 {"summaryEx", summaryOf(cluster, true)}});
  } else {
    fields.emplace_back("configurationEx",
                        object("ComputeResourceConfigInfo", {{"vmSwapPlacement", "vmDirectory"}}));
  }
  site.world.inventory.add(cluster.ref, object(cluster.ref.type, fields));
  site.world.inventory.add(cluster.environment, object("EnvironmentBrowser"));
  site.world.configOptions.emplace(cluster.environment.id,
                                   hardwareVersions(releaseOf(site.server.version), refsOf(cluster.hosts)));
}

void addPool(const Site& site, const SiteCluster& cluster, const SitePool& pool) {
  site.world.inventory.add(pool.ref,
                           object("ResourcePool", poolFields(cluster, pool, "ResourcePoolSummary")));
}

}  // namespace

std::vector<Field> poolFields(const SiteCluster& cluster, const SitePool& pool,
                              std::string_view summaryType) {
  const Value config =
      object("ResourceConfigSpec", {{"entity", pool.ref},
                                    {"changeVersion", "2025-03-04T09:00:00.000000Z"},
                                    {"lastModified", Value::dateTime("2025-03-04T09:00:00.000000Z")},
                                    {"cpuAllocation", allocation(0)},
                                    {"memoryAllocation", allocation(0)}});
  const std::int64_t memory = totalMemory(cluster) / 10 * 9;
  const Value runtime =
      object("ResourcePoolRuntimeInfo", {{"memory", usage(memory, memory / 4)},
                                         {"cpu", usage(totalMegahertz(cluster) / 10 * 9, 2400)},
                                         {"overallStatus", "green"}});
  std::vector<Field> fields = entity(pool.name, pool.parent);
  fields.insert(
      fields.end(),
      {{"summary", object(summaryType, {{"name", pool.name}, {"config", config}, {"runtime", runtime}})},
       {"runtime", runtime},
       {"owner", pool.owner},
       {"resourcePool", refs(pool.pools)},
       {"vm", refs(pool.vms)},
       {"config", config}});
  return fields;
}

void buildFolders(const Site& site) {
  std::vector<Field> fields = entity(site.spec.name, site.parent);
  fields.insert(fields.end(), {{"vmFolder", site.vmFolder.ref},
                               {"hostFolder", site.hostFolder.ref},
                               {"datastoreFolder", site.datastoreFolder.ref},
                               {"networkFolder", site.networkFolder.ref},
                               {"datastore", Value()},
                               {"configuration", object("DatacenterConfigInfo")}});
  std::vector<Value> datastores, networks;
  for (const SiteDatastore& each : site.datastores) datastores.emplace_back(each.ref);
  for (const SiteNetwork& each : site.networks) networks.emplace_back(each.ref);
  fields.emplace_back("datastore", Value(std::move(datastores)));
  fields.emplace_back("network", Value(std::move(networks)));
  site.world.inventory.add(site.ref, object("Datacenter", fields));
  addFolder(site, site.vmFolder, {"Folder", "VirtualMachine", "VirtualApp"});
  addFolder(site, site.hostFolder, {"Folder", "ComputeResource"});
  addFolder(site, site.datastoreFolder, {"Folder", "Datastore", "StoragePod"});
  addFolder(site, site.networkFolder, {"Folder", "Network", "DistributedVirtualSwitch"});
  for (const SiteFolder& folder : site.vmFolders)
    addFolder(site, folder, {"Folder", "VirtualMachine", "VirtualApp"});
}

void buildClusters(const Site& site) {
  for (const SiteCluster& cluster : site.clusters) {
    addCluster(site, cluster);
    for (const SitePool* pool : cluster.pools) {
      if (pool->vapp) {
        addVapp(site, cluster, *pool);
      } else {
        addPool(site, cluster, *pool);
      }
    }
  }
}

}  // namespace failback::mock
