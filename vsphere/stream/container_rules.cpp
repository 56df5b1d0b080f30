// SPDX-License-Identifier: GPL-2.0-or-later
// Datacenters, folders, clusters, pools, datastore clusters.
#include "vsphere/stream/place_rules.h"

namespace failback::vsphere::stream {
namespace {

// ---------------------------------------------------------------------------------------------- clusters

const Rule& drsConfigRule() {
  static const Rule rule =
      objectRule("ClusterDrsConfigInfo",
                 {{"enabled", &leaf<Cluster, &Cluster::drsEnabled>()},
                  {"enableVmBehaviorOverrides", &leaf<Cluster, &Cluster::drsVmOverridesAllowed>()},
                  {"defaultVmBehavior", &leaf<Cluster, &Cluster::drsDefaultBehavior>()}});
  return rule;
}

const Rule& dasConfigRule() {
  static const Rule rule =
      objectRule("ClusterDasConfigInfo", {{"enabled", &leaf<Cluster, &Cluster::haEnabled>()}});
  return rule;
}

const Rule& drsOverrideRule() {
  static const Rule rule = objectRule("ClusterDrsVmConfigInfo",
                                      {{"key", &leaf<DrsOverride, &DrsOverride::vm>()},
                                       {"enabled", &leaf<DrsOverride, &DrsOverride::enabled>()},
                                       {"behavior", &leaf<DrsOverride, &DrsOverride::behavior>()}},
                                      appendTo<Cluster, &Cluster::drsOverrides>);
  return rule;
}

void* openRule(void* cluster, const Opening& opening, Scratch&) {
  DrsRule& rule = static_cast<Cluster*>(cluster)->rules.emplace_back();
  rule.kind = opening.type;
  return &rule;
}

// Which members there are depends on the kind; no kind has two of one meaning.
const Rule& drsRuleRule() {
  static const Rule rule =
      objectRule("ClusterRuleInfo",
                 {{"key", &leaf<DrsRule, &DrsRule::key>()},
                  {"name", &leaf<DrsRule, &DrsRule::name>()},
                  {"enabled", &leaf<DrsRule, &DrsRule::enabled>()},
                  {"mandatory", &leaf<DrsRule, &DrsRule::mandatory>()},
                  {"vm", &leaf<DrsRule, &DrsRule::vms>(), true},
                  {"vmGroupName", &leaf<DrsRule, &DrsRule::vmGroup>()},
                  {"affineHostGroupName", &leaf<DrsRule, &DrsRule::affineHostGroup>()},
                  {"antiAffineHostGroupName", &leaf<DrsRule, &DrsRule::antiAffineHostGroup>()},
                  {"vmGroup", &leaf<DrsRule, &DrsRule::vmGroup>()}},
                 openRule);
  return rule;
}

const Rule& groupRule() {
  static const Rule rule = objectRule("ClusterGroupInfo",
                                      {{"name", &leaf<ClusterGroup, &ClusterGroup::name>()},
                                       {"vm", &leaf<ClusterGroup, &ClusterGroup::vms>(), true},
                                       {"host", &leaf<ClusterGroup, &ClusterGroup::hosts>(), true}},
                                      appendTo<Cluster, &Cluster::groups>);
  return rule;
}

// Of a standalone host's configuration (ComputeResourceConfigInfo) none of this is a member: it says nothing
// about DRS or HA.
const Rule& configurationRule() {
  static const Rule rule = objectRule("ComputeResourceConfigInfo", {{"dasConfig", &dasConfigRule()},
                                                                    {"drsConfig", &drsConfigRule()},
                                                                    {"drsVmConfig", &drsOverrideRule(), true},
                                                                    {"rule", &drsRuleRule(), true},
                                                                    {"group", &groupRule(), true}});
  return rule;
}

// ------------------------------------------------------------------------------------------------- pools

const Rule& cpuAllocationRule() {
  using Pool = ResourcePool;
  static const Rule rule =
      objectRule("ResourceAllocationInfo", {{"reservation", &leaf<Pool, &Pool::cpuReservationMHz>()},
                                            {"expandableReservation", &leaf<Pool, &Pool::cpuExpandable>()},
                                            {"limit", &leaf<Pool, &Pool::cpuLimitMHz>()}});
  return rule;
}

const Rule& memoryAllocationRule() {
  using Pool = ResourcePool;
  static const Rule rule = objectRule("ResourceAllocationInfo",
                                      {{"reservation", &mebibytes<Pool, &Pool::memoryReservationBytes>()},
                                       {"expandableReservation", &leaf<Pool, &Pool::memoryExpandable>()},
                                       {"limit", &mebibytes<Pool, &Pool::memoryLimitBytes>()}});
  return rule;
}

// ------------------------------------------------------------------------------------ datastore clusters

const Rule& podOverridesRule() {
  static const Rule info =
      objectRule("StorageDrsVmConfigInfo",
                 {{"vm", &leaf<DrsOverride, &DrsOverride::vm>()},
                  {"enabled", &leaf<DrsOverride, &DrsOverride::enabled>()},
                  {"behavior", &leaf<DrsOverride, &DrsOverride::behavior>()},
                  {"intraVmAffinity", &leaf<DrsOverride, &DrsOverride::intraVmAffinity>()}},
                 appendTo<StoragePod, &StoragePod::sdrsOverrides>);
  static const Rule rule = arrayRule("ArrayOfStorageDrsVmConfigInfo", "StorageDrsVmConfigInfo", info);
  return rule;
}

// What a folder has besides; a datastore cluster holds datastores only.
const Rule& ignoredRule() {
  static const Rule rule = presentRule([](void*, const Leaf&, Scratch&) { return true; });
  return rule;
}

}  // namespace

const PropertyRules& datacenterRules() {
  using Dc = Datacenter;
  static const PropertyRules rules{
      named<Dc>(),
      plain<Dc, &Dc::parent>("parent"),
      plain<Dc, &Dc::vmFolder>("vmFolder"),
      plain<Dc, &Dc::hostFolder>("hostFolder"),
      plain<Dc, &Dc::datastoreFolder>("datastoreFolder"),
      plain<Dc, &Dc::networkFolder>("networkFolder"),
  };
  return rules;
}

const PropertyRules& folderRules() {
  static const PropertyRules rules{
      named<Folder>(),
      plain<Folder, &Folder::parent>("parent"),
      strings<Folder, &Folder::childTypes>("childType"),
      references<Folder, &Folder::recentTasks>("recentTask"),
  };
  return rules;
}

const PropertyRules& clusterRules() {
  static const PropertyRules rules{
      named<Cluster>(),
      plain<Cluster, &Cluster::parent>("parent"),
      references<Cluster, &Cluster::hosts>("host"),
      plain<Cluster, &Cluster::resourcePool>("resourcePool"),
      references<Cluster, &Cluster::datastores>("datastore"),
      references<Cluster, &Cluster::networks>("network"),
      plain<Cluster, &Cluster::environmentBrowser>("environmentBrowser"),
      plain<Cluster, &Cluster::effectiveHosts>("summary.numEffectiveHosts"),
      plain<Cluster, &Cluster::totalCpuMHz>("summary.totalCpu"),
      plain<Cluster, &Cluster::totalMemoryBytes>("summary.totalMemory"),
      {"configurationEx", &configurationRule(),
       commit<Cluster, &Cluster::drsEnabled, &Cluster::drsDefaultBehavior, &Cluster::drsVmOverridesAllowed,
              &Cluster::haEnabled, &Cluster::drsOverrides, &Cluster::rules, &Cluster::groups>},
  };
  return rules;
}

const PropertyRules& resourcePoolRules() {
  using Pool = ResourcePool;
  static const PropertyRules rules{
      named<Pool>(),
      plain<Pool, &Pool::parent>("parent"),
      plain<Pool, &Pool::owner>("owner"),
      references<Pool, &Pool::vms>("vm"),
      {"config.cpuAllocation", &cpuAllocationRule(),
       commit<Pool, &Pool::cpuLimitMHz, &Pool::cpuReservationMHz, &Pool::cpuExpandable>},
      {"config.memoryAllocation", &memoryAllocationRule(),
       commit<Pool, &Pool::memoryLimitBytes, &Pool::memoryReservationBytes, &Pool::memoryExpandable>},
      plain<Pool, &Pool::cpuUnreservedMHz>("runtime.cpu.unreservedForVm"),
      plain<Pool, &Pool::memoryUnreservedBytes>("runtime.memory.unreservedForVm"),
      plain<Pool, &Pool::parentFolder>("parentFolder"),
  };
  return rules;
}

const PropertyRules& storagePodRules() {
  using Pod = StoragePod;
  static const PropertyRules rules{
      named<Pod>(),
      plain<Pod, &Pod::parent>("parent"),
      {"childType", &ignoredRule()},
      references<Pod, &Pod::recentTasks>("recentTask"),
      references<Pod, &Pod::datastores>("childEntity"),
      plain<Pod, &Pod::capacityBytes>("summary.capacity"),
      plain<Pod, &Pod::freeSpaceBytes>("summary.freeSpace"),
      plain<Pod, &Pod::sdrsEnabled>("podStorageDrsEntry.storageDrsConfig.podConfig.enabled"),
      plain<Pod, &Pod::sdrsDefaultBehavior>(
          "podStorageDrsEntry.storageDrsConfig.podConfig.defaultVmBehavior"),
      {"podStorageDrsEntry.storageDrsConfig.vmConfig", &podOverridesRule(), commit<Pod, &Pod::sdrsOverrides>},
  };
  return rules;
}

}  // namespace failback::vsphere::stream
