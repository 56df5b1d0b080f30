// SPDX-License-Identifier: GPL-2.0-or-later
// Datacenters, folders, clusters, resource pools, datastore clusters: the objects that contain others.
// Every member that the server may leave unset, or hide, is optional; what could not be read is listed in
// Unreadable, never guessed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/model/moref.h"

namespace failback::vsphere {

// What every inventory object has.
struct Entity {
  Moref ref;
  std::string name;             // unescaped: "%2f" read as "/"
  std::optional<Moref> parent;  // absent at the root, or when it can't be seen
  std::string inventoryPath;  // "/DC0/vm/web-01", names escaped as vCenter writes them; filled by discovery/
  std::vector<std::string> disabledMethods;  // disabledMethod: calls the server would refuse now
  // recentTask: queued, running, or ended a short while ago. Read for VMs, folders and hosts.
  std::vector<Moref> recentTasks;

  friend bool operator==(const Entity&, const Entity&) = default;
};

struct Datacenter : Entity {
  std::optional<Moref> vmFolder, hostFolder, datastoreFolder, networkFolder;

  friend bool operator==(const Datacenter&, const Datacenter&) = default;
};

struct Folder : Entity {
  std::vector<std::string> childTypes;  // "VirtualMachine", "Folder", ...

  friend bool operator==(const Folder&, const Folder&) = default;
};

// One VM's DRS override (ClusterDrsVmConfigInfo) or Storage DRS override (StorageDrsVmConfigInfo).
struct DrsOverride {
  Moref vm;
  std::optional<bool> enabled;
  std::optional<std::string> behavior;  // "manual", "partiallyAutomated", "fullyAutomated"; "automated"
  std::optional<bool> intraVmAffinity;  // Storage DRS only

  friend bool operator==(const DrsOverride&, const DrsOverride&) = default;
};

// ClusterRuleInfo of any kind.
struct DrsRule {
  std::int32_t key = 0;
  std::string name;
  std::string kind;  // type name: "ClusterAffinityRuleSpec", "ClusterVmHostRuleInfo" ...
  bool enabled = false;
  std::optional<bool> mandatory;
  std::vector<Moref> vms;
  std::string vmGroup, affineHostGroup, antiAffineHostGroup;

  friend bool operator==(const DrsRule&, const DrsRule&) = default;
};

struct ClusterGroup {
  std::string name;
  std::vector<Moref> vms;
  std::vector<Moref> hosts;

  friend bool operator==(const ClusterGroup&, const ClusterGroup&) = default;
};

// ComputeResource (a standalone host's) or ClusterComputeResource.
struct Cluster : Entity {
  bool isCluster = false;
  std::vector<Moref> hosts;
  std::vector<Moref> datastores;
  std::vector<Moref> networks;
  std::optional<Moref> resourcePool;        // the root pool
  std::optional<Moref> environmentBrowser;  // asked for hardware versions and guest ids
  std::optional<bool> drsEnabled;
  std::optional<std::string> drsDefaultBehavior;
  std::optional<bool> drsVmOverridesAllowed;  // enableVmBehaviorOverrides
  std::optional<bool> haEnabled;
  std::optional<std::int32_t> effectiveHosts;
  std::optional<std::int64_t> totalCpuMHz, totalMemoryBytes;
  std::vector<DrsOverride> drsOverrides;
  std::vector<DrsRule> rules;
  std::vector<ClusterGroup> groups;

  friend bool operator==(const Cluster&, const Cluster&) = default;
};

// ResourcePool or VirtualApp.
struct ResourcePool : Entity {
  bool isVApp = false;
  std::optional<Moref> owner;  // the compute resource
  std::vector<Moref> vms;
  std::optional<std::int64_t> cpuLimitMHz;       // -1: unlimited
  std::optional<std::int64_t> memoryLimitBytes;  // -1: unlimited
  std::optional<std::int64_t> cpuReservationMHz, memoryReservationBytes;
  std::optional<bool> cpuExpandable, memoryExpandable;
  std::optional<std::int64_t> cpuUnreservedMHz, memoryUnreservedBytes;  // still free for VMs' reservations
  std::optional<Moref> parentFolder;  // a vApp's place among VMs and templates; its name is taken there

  friend bool operator==(const ResourcePool&, const ResourcePool&) = default;
};

// StoragePod: a datastore cluster.
struct StoragePod : Entity {
  std::optional<std::int64_t> capacityBytes, freeSpaceBytes;
  std::vector<Moref> datastores;  // its children
  std::optional<bool> sdrsEnabled;
  std::optional<std::string> sdrsDefaultBehavior;
  std::vector<DrsOverride> sdrsOverrides;

  friend bool operator==(const StoragePod&, const StoragePod&) = default;
};

}  // namespace failback::vsphere
