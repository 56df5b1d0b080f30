// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_containers.h"

#include "wsdl/vim_hooks.h"

namespace failback::vsphere::binding {
namespace {

DrsOverride overrideOf(const vim25__ClusterDrsVmConfigInfo& info) {
  return {morefOf(info.key), info.enabled, info.behavior, std::nullopt};
}

DrsOverride overrideOf(const vim25__StorageDrsVmConfigInfo& info) {
  return {morefOf(info.vm), info.enabled, info.behavior, info.intraVmAffinity};
}

DrsRule ruleOf(const vim25__ClusterRuleInfo& info) {
  DrsRule rule;
  rule.key = info.key.value_or(0);
  rule.name = info.name.value_or("");
  rule.kind = vim25::wireTypeName(info);
  rule.enabled = info.enabled.value_or(false);
  rule.mandatory = info.mandatory;
  if (const auto* together = dynamic_cast<const vim25__ClusterAffinityRuleSpec*>(&info)) {
    rule.vms = morefsOf(together->vm);
  } else if (const auto* apart = dynamic_cast<const vim25__ClusterAntiAffinityRuleSpec*>(&info)) {
    rule.vms = morefsOf(apart->vm);
  } else if (const auto* hosts = dynamic_cast<const vim25__ClusterVmHostRuleInfo*>(&info)) {
    rule.vmGroup = hosts->vmGroupName.value_or("");
    rule.affineHostGroup = hosts->affineHostGroupName.value_or("");
    rule.antiAffineHostGroup = hosts->antiAffineHostGroupName.value_or("");
  } else if (const auto* order = dynamic_cast<const vim25__ClusterDependencyRuleInfo*>(&info)) {
    rule.vmGroup = order->vmGroup.value_or("");
  }
  return rule;
}

ClusterGroup groupOf(const vim25__ClusterGroupInfo& info) {
  ClusterGroup group;
  group.name = info.name.value_or("");
  if (const auto* vms = dynamic_cast<const vim25__ClusterVmGroup*>(&info)) group.vms = morefsOf(vms->vm);
  if (const auto* hosts = dynamic_cast<const vim25__ClusterHostGroup*>(&info))
    group.hosts = morefsOf(hosts->host);
  return group;
}

bool setConfigurationEx(Cluster& cluster, const xsd__anyType& value) {
  const auto* config = dynamic_cast<const vim25__ClusterConfigInfoEx*>(&value);
  // A standalone host's configuration says nothing about DRS or HA.
  if (config == nullptr) return dynamic_cast<const vim25__ComputeResourceConfigInfo*>(&value) != nullptr;
  if (config->drsConfig != nullptr) {
    cluster.drsEnabled = config->drsConfig->enabled;
    cluster.drsDefaultBehavior = config->drsConfig->defaultVmBehavior;
    cluster.drsVmOverridesAllowed = config->drsConfig->enableVmBehaviorOverrides;
  }
  if (config->dasConfig != nullptr) cluster.haEnabled = config->dasConfig->enabled;
  cluster.drsOverrides.clear();
  for (const auto* info : config->drsVmConfig)
    if (info != nullptr) cluster.drsOverrides.push_back(overrideOf(*info));
  cluster.rules.clear();
  for (const auto* info : config->rule)
    if (info != nullptr) cluster.rules.push_back(ruleOf(*info));
  cluster.groups.clear();
  for (const auto* info : config->group)
    if (info != nullptr) cluster.groups.push_back(groupOf(*info));
  return true;
}

bool setCpuAllocation(ResourcePool& pool, const xsd__anyType& value) {
  const auto* allocation = dynamic_cast<const vim25__ResourceAllocationInfo*>(&value);
  if (allocation == nullptr) return false;
  pool.cpuLimitMHz = allocation->limit;
  pool.cpuReservationMHz = allocation->reservation;
  pool.cpuExpandable = allocation->expandableReservation;
  return true;
}

bool setMemoryAllocation(ResourcePool& pool, const xsd__anyType& value) {
  const auto* allocation = dynamic_cast<const vim25__ResourceAllocationInfo*>(&value);
  if (allocation == nullptr) return false;
  pool.memoryLimitBytes = scaled(allocation->limit, kMebibyte);
  pool.memoryReservationBytes = scaled(allocation->reservation, kMebibyte);
  pool.memoryExpandable = allocation->expandableReservation;
  return true;
}

bool setPodOverrides(StoragePod& pod, const xsd__anyType& value) {
  return assignList<vim25__ArrayOfStorageDrsVmConfigInfo,
                    &vim25__ArrayOfStorageDrsVmConfigInfo::StorageDrsVmConfigInfo>(
      pod.sdrsOverrides, value, [](const vim25__StorageDrsVmConfigInfo& info) { return overrideOf(info); });
}

}  // namespace

const SetterTable<Datacenter>& datacenterSetters() {
  static const SetterTable<Datacenter> table{
      {"name", setName},
      {"parent", set<&Datacenter::parent>},
      {"vmFolder", set<&Datacenter::vmFolder>},
      {"hostFolder", set<&Datacenter::hostFolder>},
      {"datastoreFolder", set<&Datacenter::datastoreFolder>},
      {"networkFolder", set<&Datacenter::networkFolder>},
  };
  return table;
}

const SetterTable<Folder>& folderSetters() {
  static const SetterTable<Folder> table{
      {"name", setName},
      {"parent", set<&Folder::parent>},
      {"childType", set<&Folder::childTypes>},
      {"recentTask", set<&Folder::recentTasks>},
  };
  return table;
}

const SetterTable<Cluster>& clusterSetters() {
  static const SetterTable<Cluster> table{
      {"name", setName},
      {"parent", set<&Cluster::parent>},
      {"host", set<&Cluster::hosts>},
      {"resourcePool", set<&Cluster::resourcePool>},
      {"datastore", set<&Cluster::datastores>},
      {"network", set<&Cluster::networks>},
      {"environmentBrowser", set<&Cluster::environmentBrowser>},
      {"summary.numEffectiveHosts", set<&Cluster::effectiveHosts>},
      {"summary.totalCpu", set<&Cluster::totalCpuMHz>},
      {"summary.totalMemory", set<&Cluster::totalMemoryBytes>},
      {"configurationEx", setConfigurationEx},
  };
  return table;
}

const SetterTable<ResourcePool>& resourcePoolSetters() {
  static const SetterTable<ResourcePool> table{
      {"name", setName},
      {"parent", set<&ResourcePool::parent>},
      {"owner", set<&ResourcePool::owner>},
      {"vm", set<&ResourcePool::vms>},
      {"config.cpuAllocation", setCpuAllocation},
      {"config.memoryAllocation", setMemoryAllocation},
      {"runtime.cpu.unreservedForVm", set<&ResourcePool::cpuUnreservedMHz>},
      {"runtime.memory.unreservedForVm", set<&ResourcePool::memoryUnreservedBytes>},
      {"parentFolder", set<&ResourcePool::parentFolder>},
  };
  return table;
}

const SetterTable<StoragePod>& storagePodSetters() {
  static const SetterTable<StoragePod> table{
      {"name", setName},
      {"parent", set<&StoragePod::parent>},
      // What a folder has besides; a datastore cluster holds datastores only.
      {"childType", [](StoragePod&, const xsd__anyType&) { return true; }},
      {"recentTask", set<&StoragePod::recentTasks>},
      {"childEntity", set<&StoragePod::datastores>},
      {"summary.capacity", set<&StoragePod::capacityBytes>},
      {"summary.freeSpace", set<&StoragePod::freeSpaceBytes>},
      {"podStorageDrsEntry.storageDrsConfig.podConfig.enabled", set<&StoragePod::sdrsEnabled>},
      {"podStorageDrsEntry.storageDrsConfig.podConfig.defaultVmBehavior",
       set<&StoragePod::sdrsDefaultBehavior>},
      {"podStorageDrsEntry.storageDrsConfig.vmConfig", setPodOverrides},
  };
  return table;
}

}  // namespace failback::vsphere::binding
