// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/property_table.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace failback::vsphere {
namespace {

constexpr Depth thin = Depth::thin;
constexpr Depth standard = Depth::standard;
constexpr Depth full = Depth::full;

// clang-format off
// type, path, depth, since, feeds, needed, keyed
constexpr Property table[] = {
    // ---------------------------------------------------------------------------------------- Datacenter
    {"Datacenter", "name", thin, "", "name", "lists, paths"},
    {"Datacenter", "parent", thin, "", "parent", "inventory path"},
    {"Datacenter", "vmFolder", thin, "", "vmFolder", "NEW-NAME, inventory path"},
    {"Datacenter", "hostFolder", thin, "", "hostFolder", "inventory path"},
    {"Datacenter", "datastoreFolder", thin, "", "datastoreFolder", "inventory path"},
    {"Datacenter", "networkFolder", thin, "", "networkFolder", "inventory path"},

    // -------------------------------------------------------------------------------------------- Folder
    {"Folder", "name", thin, "", "name", "lists, NEW-NAME"},
    {"Folder", "parent", thin, "", "parent", "inventory path"},
    {"Folder", "childType", thin, "", "childTypes", "which folders may hold VMs"},
    {"Folder", "recentTask", standard, "", "recentTasks", "a CreateVM that is under way"},

    // ---------------------------------------------------------------------------------------- StoragePod
    {"StoragePod", "summary.capacity", thin, "", "capacityBytes", "lists"},
    {"StoragePod", "summary.freeSpace", thin, "", "freeSpaceBytes", "lists, NEW-SPACE"},
    {"StoragePod", "childEntity", standard, "", "datastores", "NEW-DATASTORE, MT-SDRS"},
    {"StoragePod", "podStorageDrsEntry.storageDrsConfig.podConfig.enabled", standard, "", "sdrsEnabled", "MT-SDRS"},
    {"StoragePod", "podStorageDrsEntry.storageDrsConfig.podConfig.defaultVmBehavior", standard, "", "sdrsDefaultBehavior", "MT-SDRS"},
    {"StoragePod", "podStorageDrsEntry.storageDrsConfig.vmConfig", standard, "", "sdrsOverrides", "MT-SDRS, FB-LEFTOVERS"},

    // ----------------------------------------------------------------------------------- ComputeResource
    {"ComputeResource", "name", thin, "", "name", "lists"},
    {"ComputeResource", "parent", thin, "", "parent", "inventory path"},
    {"ComputeResource", "host", thin, "", "hosts", "which cluster a host is in"},
    {"ComputeResource", "resourcePool", thin, "", "resourcePool", "NEW-HOST"},
    {"ComputeResource", "datastore", standard, "", "datastores", "MT-VMOTION"},
    {"ComputeResource", "network", standard, "", "networks", "NEW-NETWORK"},
    {"ComputeResource", "environmentBrowser", standard, "", "environmentBrowser", "NEW-HOST, PLAN-GUEST-OS, PLAN-FIRMWARE"},
    {"ComputeResource", "summary.numEffectiveHosts", standard, "", "effectiveHosts", "lists"},
    {"ComputeResource", "summary.totalCpu", standard, "", "totalCpuMHz", "lists"},
    {"ComputeResource", "summary.totalMemory", standard, "", "totalMemoryBytes", "lists"},
    // Whole: its type is declared as the base, and servers refuse paths to members of a subtype.
    {"ClusterComputeResource", "configurationEx", standard, "", "drsEnabled, haEnabled, drsOverrides, rules, groups", "MT-VMOTION, MT-SDRS, FB-LEFTOVERS"},

    // -------------------------------------------------------------------------------------- ResourcePool
    {"ResourcePool", "name", thin, "", "name", "lists"},
    {"ResourcePool", "parent", thin, "", "parent", "inventory path"},
    {"ResourcePool", "owner", thin, "", "owner", "NEW-HOST"},
    {"ResourcePool", "vm", standard, "", "vms", "NEW-HOST"},
    {"ResourcePool", "config.cpuAllocation", standard, "", "cpuLimitMHz, cpuReservationMHz, cpuExpandable", "NEW-HOST, FB-POWER-ON"},
    {"ResourcePool", "config.memoryAllocation", standard, "", "memoryLimitBytes, memoryReservationBytes, memoryExpandable", "NEW-HOST, FB-POWER-ON"},
    {"ResourcePool", "runtime.cpu.unreservedForVm", standard, "", "cpuUnreservedMHz", "FB-POWER-ON"},
    {"ResourcePool", "runtime.memory.unreservedForVm", standard, "", "memoryUnreservedBytes", "FB-POWER-ON"},
    {"VirtualApp", "parentFolder", thin, "", "parentFolder", "NEW-NAME"},

    // ---------------------------------------------------------------------------------------- HostSystem
    {"HostSystem", "name", thin, "", "name", "lists"},
    {"HostSystem", "parent", thin, "", "parent", "its cluster"},
    {"HostSystem", "runtime.connectionState", thin, "", "connectionState", "MT-HOST"},
    {"HostSystem", "runtime.powerState", thin, "", "powerState", "MT-HOST"},
    {"HostSystem", "runtime.inMaintenanceMode", thin, "", "inMaintenanceMode", "MT-HOST"},
    {"HostSystem", "summary.config.product", thin, "", "productName, productFullName, version, build, apiVersion, productLineId, licenseProductName", "ENV-API, ENV-LICENSE"},
    {"HostSystem", "summary.hardware.memorySize", thin, "", "memoryBytes", "NEW-HOST"},
    {"HostSystem", "summary.hardware.numCpuCores", thin, "", "cpuCores", "NEW-HOST"},
    {"HostSystem", "summary.hardware.vendor", standard, "", "vendor", "lists"},
    {"HostSystem", "summary.hardware.model", standard, "", "model", "lists"},
    {"HostSystem", "summary.hardware.uuid", standard, "", "uuid", "the same host after a re-add"},
    {"HostSystem", "summary.hardware.cpuModel", standard, "", "cpuModel", "lists"},
    {"HostSystem", "summary.hardware.cpuMhz", standard, "", "cpuMHz", "NEW-HOST"},
    {"HostSystem", "summary.hardware.numCpuPkgs", standard, "", "cpuPackages", "lists"},
    {"HostSystem", "summary.hardware.numCpuThreads", standard, "", "cpuThreads", "NEW-HOST"},
    {"HostSystem", "summary.quickStats.overallMemoryUsage", standard, "", "memoryUsedBytes", "FB-POWER-ON"},
    {"HostSystem", "summary.quickStats.overallCpuUsage", standard, "", "cpuUsedMHz", "FB-POWER-ON"},
    {"HostSystem", "summary.managementServerIp", standard, "", "managementServerIp", "a host that a vCenter manages"},
    {"HostSystem", "runtime.bootTime", standard, "", "bootTime", "lists"},
    {"HostSystem", "runtime.inQuarantineMode", standard, "", "inQuarantineMode", "MT-HOST"},
    {"HostSystem", "capability.maxSupportedVcpus", standard, "", "maxSupportedVcpus", "NEW-HOST"},
    {"HostSystem", "capability.maxSupportedVmMemory", standard, "7.0", "maxSupportedVmMemoryBytes", "NEW-HOST"},
    {"HostSystem", "capability.maxRegisteredVMs", standard, "", "maxRegisteredVms", "NEW-HOST"},
    {"HostSystem", "capability.maxRunningVMs", standard, "", "maxRunningVms", "FB-POWER-ON"},
    {"HostSystem", "capability.vmotionSupported", standard, "", "vmotionSupported", "MT-VMOTION"},
    {"HostSystem", "capability.storageVMotionSupported", standard, "", "storageVmotionSupported", "MT-SDRS"},
    {"HostSystem", "config.autoStart.defaults.enabled", standard, "", "autoStartEnabled", "MT-HABIT"},
    {"HostSystem", "config.autoStart.powerInfo", standard, "", "autoStartVms", "MT-HABIT"},
    {"HostSystem", "datastore", standard, "", "datastores", "MT-DATASTORE"},
    {"HostSystem", "network", standard, "", "networks", "NEW-NETWORK"},
    {"HostSystem", "vm", standard, "", "vms", "NEW-NAME"},
    {"HostSystem", "recentTask", standard, "", "recentTasks", "a CreateVM that is under way"},

    // ----------------------------------------------------------------------------------------- Datastore
    {"Datastore", "name", thin, "", "name", "lists, PLAN-DATASTORE"},
    {"Datastore", "parent", thin, "", "parent", "its datastore cluster"},
    {"Datastore", "summary.type", thin, "", "type", "NEW-DATASTORE, MT-DATASTORE"},
    {"Datastore", "summary.url", thin, "", "url", "VM-DISK-FREE"},
    {"Datastore", "summary.capacity", thin, "", "capacityBytes", "lists"},
    {"Datastore", "summary.freeSpace", thin, "", "freeSpaceBytes", "NEW-SPACE"},
    {"Datastore", "summary.accessible", thin, "", "accessible", "NEW-DATASTORE"},
    {"Datastore", "summary.maintenanceMode", thin, "", "maintenanceMode", "NEW-DATASTORE"},
    {"Datastore", "summary.uncommitted", standard, "", "uncommittedBytes", "NEW-SPACE, VM-DATASTORE-RW"},
    {"Datastore", "summary.multipleHostAccess", standard, "", "multipleHostAccess", "MT-VMOTION"},
    {"Datastore", "host", standard, "", "mounts", "MT-DATASTORE, VM-DATASTORE-RW, MT-VMOTION"},
    {"Datastore", "vm", standard, "", "vms", "VM-DISK-FREE, VM-SHARED-BASE"},
    {"Datastore", "browser", standard, "", "browser", "NEW-PATH, VM-STAYS-OFF"},
    // Whole: what matters stands in subtypes.
    {"Datastore", "info", standard, "", "maxFileSizeBytes, maxVirtualDiskBytes, aliasOf, containerId, vmfsUuid, vmfsVersion, blockSizeMb, local, nfsRemoteHost, nfsRemotePath", "NEW-FILE-SIZE, FB-SVMOTION"},

    // ------------------------------------------------------------------------------------------- Network
    {"Network", "name", thin, "", "name", "lists"},
    {"Network", "parent", thin, "", "parent", "inventory path"},
    {"Network", "summary.accessible", thin, "", "accessible", "NEW-NETWORK"},
    {"Network", "host", standard, "", "hosts", "NEW-NETWORK"},
    {"OpaqueNetwork", "summary", standard, "", "opaqueNetworkId, opaqueNetworkType", "NEW-NETWORK"},
    {"DistributedVirtualPortgroup", "key", thin, "", "portgroupKey", "NEW-NETWORK"},
    {"DistributedVirtualPortgroup", "config.type", standard, "", "portBinding", "NEW-NETWORK"},
    {"DistributedVirtualPortgroup", "config.uplink", standard, "", "uplink", "NEW-NETWORK"},
    {"DistributedVirtualPortgroup", "config.distributedVirtualSwitch", standard, "", "dvs", "NEW-NETWORK"},
    {"DistributedVirtualSwitch", "name", thin, "", "name", "lists"},
    {"DistributedVirtualSwitch", "parent", thin, "", "parent", "inventory path"},
    {"DistributedVirtualSwitch", "uuid", thin, "", "uuid", "NEW-NETWORK"},
    {"DistributedVirtualSwitch", "portgroup", standard, "", "portgroups", "NEW-NETWORK"},
    {"DistributedVirtualSwitch", "summary.hostMember", standard, "", "hosts", "NEW-NETWORK"},

    // ------------------------------------------------------------------------------------ VirtualMachine
    {"VirtualMachine", "name", thin, "", "name", "lists, NEW-NAME"},
    {"VirtualMachine", "parent", thin, "", "parent", "inventory path, NEW-NAME"},
    {"VirtualMachine", "config.instanceUuid", thin, "", "instanceUuid", "MT-FOUND, VM-IDENTITY, NEW-GONE, NEW-UUID"},
    {"VirtualMachine", "config.uuid", thin, "", "biosUuid", "MT-FOUND, VM-IDENTITY, NEW-GONE, NEW-UUID"},
    {"VirtualMachine", "config.template", thin, "", "isTemplate", "MT-STATE, VM-STATE"},
    {"VirtualMachine", "runtime.powerState", thin, "", "powerState", "MT-STATE, VM-POWER"},
    {"VirtualMachine", "runtime.connectionState", thin, "", "connectionState", "MT-STATE, VM-STATE"},
    {"VirtualMachine", "runtime.host", thin, "", "host", "MT-HOST, VM-DATASTORE-RW"},
    {"VirtualMachine", "config.guestId", thin, "", "guestId", "MT-OS, PLAN-ONE-OS, PLAN-GUEST-OS"},
    {"VirtualMachine", "config.hardware.numCPU", thin, "", "cpus", "lists, NEW-HOST"},
    {"VirtualMachine", "config.hardware.memoryMB", thin, "", "memoryBytes", "MT-RAM, NEW-HOST"},
    {"VirtualMachine", "guest.ipAddress", thin, "", "ipAddress", "MT-IP"},
    {"VirtualMachine", "summary.storage.committed", thin, "", "storageCommittedBytes", "lists"},
    {"VirtualMachine", "summary.storage.uncommitted", standard, "", "storageUncommittedBytes", "VM-DATASTORE-RW"},
    {"VirtualMachine", "config.version", standard, "", "hardwareVersion", "PLAN-FIRMWARE"},
    {"VirtualMachine", "config.firmware", standard, "", "firmware", "PLAN-FIRMWARE"},
    {"VirtualMachine", "config.bootOptions.efiSecureBootEnabled", standard, "", "secureBoot", "PLAN-FIRMWARE"},
    {"VirtualMachine", "config.bootOptions.bootOrder", standard, "", "bootOrder", "MT-BOOT"},
    {"VirtualMachine", "config.files.vmPathName", standard, "", "vmPathName", "NEW-PATH"},
    // The same, kept by vCenter for a VM whose configuration it cannot read now.
    {"VirtualMachine", "summary.config.vmPathName", standard, "", "vmPathName", "NEW-PATH"},
    {"VirtualMachine", "config.changeVersion", standard, "", "changeVersion", "every ReconfigVM"},
    {"VirtualMachine", "config.createDate", standard, "6.7", "created", "lists"},
    {"VirtualMachine", "config.managedBy", standard, "", "managedByExtension, managedByType", "VM-OTHER-DR"},
    {"VirtualMachine", "config.guestFullName", standard, "", "guestFullName", "lists"},
    {"VirtualMachine", "config.hardware.numCoresPerSocket", standard, "", "coresPerSocket", "creating a VM like its source"},
    {"VirtualMachine", "config.hardware.device", standard, "", "controllers, disks, nics, otherDevices, vtpmPresent", "MT-CONTROLLER, MT-SLOTS, MT-CLONE, MT-FOREIGN, MT-BOOT, VM-IDENTITY, VM-CHANGED, VM-DISK-SIZE, VM-DISK-KIND, VM-DISK-FREE, VM-ENCRYPTED, VM-MERGEABLE, VM-SHARED-BASE, VM-OTHER-DR, NEW-MAC, FB-LEDGER, FB-SVMOTION"},
    {"VirtualMachine", "config.cpuHotAddEnabled", standard, "", "cpuHotAdd", "creating a VM like its source"},
    {"VirtualMachine", "config.memoryHotAddEnabled", standard, "", "memoryHotAdd", "creating a VM like its source"},
    {"VirtualMachine", "config.changeTrackingEnabled", standard, "", "changeTrackingEnabled", "failback: reset of changed block tracking"},
    {"VirtualMachine", "config.keyId", standard, "", "keyId", "VM-ENCRYPTED"},
    {"VirtualMachine", "config.repConfig.vmReplicationId", standard, "", "hasReplicationConfig", "VM-OTHER-DR"},
    {"VirtualMachine", "config.ftInfo.role", standard, "", "faultToleranceConfigured", "VM-FT"},
    {"VirtualMachine", "config.flags.diskUuidEnabled", standard, "", "diskUuidEnabled", "MT-UUID"},
    // Both spellings are common; other ones are seen by the flag, and with all keys at full depth.
    {"VirtualMachine", "config.extraConfig[\"disk.EnableUUID\"]", standard, "", "diskEnableUuidOption", "MT-UUID", true},
    {"VirtualMachine", "config.extraConfig[\"disk.enableUUID\"]", standard, "", "diskEnableUuidOption", "MT-UUID", true},
    {"VirtualMachine", "config.extraConfig[\"failback.plan\"]", standard, "", "extraConfig", "marks", true},
    {"VirtualMachine", "config.extraConfig[\"failback.machine\"]", standard, "", "extraConfig", "marks", true},
    {"VirtualMachine", "config.extraConfig[\"failback.instance\"]", standard, "", "extraConfig", "marks", true},
    {"VirtualMachine", "config.extraConfig[\"failback.created\"]", standard, "", "extraConfig", "marks", true},
    {"VirtualMachine", "runtime.bootTime", standard, "", "bootTime", "MT-UUID-ACTIVE"},
    {"VirtualMachine", "runtime.suspendTime", standard, "", "suspendTime", "VM-POWER"},
    {"VirtualMachine", "runtime.consolidationNeeded", standard, "", "consolidationNeeded", "MT-SNAPSHOT, VM-SNAPSHOT"},
    {"VirtualMachine", "runtime.faultToleranceState", standard, "", "faultToleranceState", "VM-FT"},
    {"VirtualMachine", "runtime.question", standard, "", "question", "MT-QUESTION, VM-QUESTION"},
    {"VirtualMachine", "summary.quickStats.uptimeSeconds", standard, "", "uptimeSeconds", "VM-POWER"},
    {"VirtualMachine", "resourcePool", standard, "", "resourcePool", "NEW-HOST"},
    {"VirtualMachine", "parentVApp", standard, "", "parentVApp", "inventory path"},
    {"VirtualMachine", "datastore", standard, "", "datastores", "VM-DATASTORE-RW"},
    {"VirtualMachine", "network", standard, "", "networks", "FB-NETWORK"},
    {"VirtualMachine", "guest.guestFamily", standard, "", "guestFamily", "MT-OS"},
    {"VirtualMachine", "guest.guestState", standard, "", "guestState", "VM-POWER"},
    {"VirtualMachine", "guest.hostName", standard, "", "hostName", "lists"},
    {"VirtualMachine", "guest.toolsStatus", standard, "", "toolsStatus", "MT-TOOLS"},
    {"VirtualMachine", "guest.toolsRunningStatus", standard, "", "toolsRunningStatus", "MT-TOOLS"},
    {"VirtualMachine", "guest.toolsVersionStatus2", standard, "", "toolsVersionStatus", "MT-TOOLS"},
    {"VirtualMachine", "guest.toolsVersion", standard, "", "toolsVersion", "lists"},
    {"VirtualMachine", "guest.net", standard, "", "guestNics", "MT-IP, FB-NETWORK"},
    {"VirtualMachine", "guest.disk", standard, "", "guestVolumes", "MT-RETENTION"},
    {"VirtualMachine", "snapshot", standard, "", "snapshots, currentSnapshot", "MT-SNAPSHOT, VM-SNAPSHOT"},
    {"VirtualMachine", "disabledMethod", standard, "", "disabledMethods", "MT-RELOCATING, VM-MERGEABLE, VM-TASK"},
    {"VirtualMachine", "recentTask", standard, "", "recentTasks", "MT-RELOCATING, VM-TASK"},
    {"VirtualMachine", "config.extraConfig", full, "", "extraConfig, diskEnableUuidOption", "MT-UUID, MT-FOREIGN, dumps"},
    {"VirtualMachine", "config.annotation", full, "", "annotation", "dumps"},
    {"VirtualMachine", "layoutEx.file", full, "", "files", "VM-MERGEABLE, dumps"},
    {"VirtualMachine", "layoutEx.disk", full, "", "diskLayouts", "VM-MERGEABLE, dumps"},

    // ---------------------------------------------------------------------------------------------- Task
    // Watched, not part of the inventory. One path: results of a server's own are small but for searches, and
    // a change of any member comes as that member.
    {"Task", "info", thin, "", "TaskInfo", "waiting for tasks, MT-RELOCATING, VM-TASK"},
};
// clang-format on

struct Kind {
  std::string_view type, base;
  bool viewed;  // given to a view; its subtypes come with it
};
constexpr Kind kinds[] = {
    {"Datacenter", "", true},
    {"Folder", "", true},
    {"StoragePod", "Folder", false},
    {"ComputeResource", "", true},
    {"ClusterComputeResource", "ComputeResource", false},
    {"ResourcePool", "", true},
    {"VirtualApp", "ResourcePool", false},
    {"HostSystem", "", true},
    {"Datastore", "", true},
    {"Network", "", true},
    {"OpaqueNetwork", "Network", false},
    {"DistributedVirtualPortgroup", "Network", false},
    {"DistributedVirtualSwitch", "", true},
    {"VmwareDistributedVirtualSwitch", "DistributedVirtualSwitch", false},
    {"VirtualMachine", "", true},
    {"Task", "", false},
};

const Kind* kindOf(std::string_view type) {
  const auto* found = std::ranges::find(kinds, type, &Kind::type);
  return found == std::end(kinds) ? nullptr : found;
}

bool hasRows(std::string_view type) {
  return std::ranges::any_of(table, [&](const Property& row) { return row.type == type; });
}

constexpr std::string_view allExtraConfig = "config.extraConfig";

void addOnce(std::vector<std::string>& paths, std::string_view path, const PathRequest& request) {
  if (std::ranges::find(request.refused, path) != request.refused.end()) return;
  if (std::ranges::find(paths, path) == paths.end()) paths.emplace_back(path);
}

void addRows(std::vector<std::string>& paths, std::string_view type, const PathRequest& request) {
  for (const Property& row : table) {
    if (row.type != type || row.depth > request.depth) continue;
    if (!row.since.empty() && compareApiVersions(request.apiVersion, row.since) < 0) continue;
    // At full depth all keys come with the list.
    if (row.keyed && request.depth == Depth::full) continue;
    addOnce(paths, row.keyed && !request.keyedPaths ? allExtraConfig : row.path, request);
  }
}

void addExtraKeys(std::vector<std::string>& paths, const PathRequest& request) {
  if (request.depth == Depth::full) return;
  for (const std::string& key : request.extraConfigKeys)
    addOnce(paths, request.keyedPaths ? "config.extraConfig[\"" + key + "\"]" : std::string(allExtraConfig),
            request);
}

// The next field of a version as a number; nothing when the text is no version.
std::optional<unsigned> nextField(std::string_view& text) {
  if (text.empty()) return 0;
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty() && text.front() != '.') return std::nullopt;
  if (!text.empty()) text.remove_prefix(1);
  return value;
}

bool isVersion(std::string_view text) {
  if (text.empty()) return true;
  while (!text.empty())
    if (!nextField(text)) return false;
  return true;
}

}  // namespace

std::span<const Property> propertyTable() {
  return table;
}

std::span<const std::string_view> inventoryTypes() {
  static const std::vector<std::string_view> types = [] {
    std::vector<std::string_view> result;
    for (const Kind& kind : kinds)
      if (kind.viewed) result.push_back(kind.type);
    return result;
  }();
  return types;
}

std::vector<std::string_view> specTypesOf(std::string_view type) {
  std::vector<std::string_view> result{type};
  for (const Kind& kind : kinds)
    if (kind.base == type && !type.empty() && hasRows(kind.type)) result.push_back(kind.type);
  return result;
}

std::string_view knownTypeOf(std::string_view managedType) {
  const Kind* kind = kindOf(managedType);
  if (kind == nullptr) return {};
  return hasRows(kind->type) ? kind->type : kind->base;
}

std::string_view baseTypeOf(std::string_view managedType) {
  const Kind* kind = kindOf(managedType);
  return kind == nullptr ? std::string_view{} : kind->base;
}

std::vector<std::string> pathsFor(std::string_view type, const PathRequest& request) {
  std::vector<std::string> paths;
  if (const Kind* kind = kindOf(type); kind != nullptr && !kind->base.empty())
    addRows(paths, kind->base, request);
  addRows(paths, type, request);
  if (type == "VirtualMachine") addExtraKeys(paths, request);
  return paths;
}

int compareApiVersions(std::string_view a, std::string_view b) {
  const bool aKnown = isVersion(a);
  const bool bKnown = isVersion(b);
  if (!aKnown || !bKnown) return static_cast<int>(bKnown) - static_cast<int>(aKnown);
  while (!a.empty() || !b.empty()) {
    const unsigned left = nextField(a).value_or(0);
    const unsigned right = nextField(b).value_or(0);
    if (left != right) return left < right ? -1 : 1;
  }
  return 0;
}

}  // namespace failback::vsphere
