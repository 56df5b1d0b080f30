// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/kind.h"

#include <array>

#include "vsphere/property_table.h"

namespace failback::discovery {
namespace {

constexpr std::array<KindInfo, kindCount> table = {{
    {Kind::datacenter, "datacenter", "datacenters", "Datacenters", "Datacenter", "dc"},
    {Kind::folder, "folder", "folders", "Folders", "Folder", ""},
    {Kind::cluster, "cluster", "clusters", "Clusters", "ComputeResource", "compute"},
    {Kind::host, "host", "hosts", "Hosts", "HostSystem", "esxi"},
    {Kind::datastore, "datastore", "datastores", "Datastores", "Datastore", "ds"},
    {Kind::storagePod, "storagePod", "storagePods", "Datastore clusters", "StoragePod", "pod"},
    {Kind::network, "network", "networks", "Networks", "Network", "net"},
    {Kind::distributedSwitch, "distributedSwitch", "distributedSwitches", "Distributed switches",
     "DistributedVirtualSwitch", "dvs"},
    {Kind::resourcePool, "resourcePool", "resourcePools", "Resource pools and vApps", "ResourcePool", "pool"},
    {Kind::virtualMachine, "virtualMachine", "virtualMachines", "Virtual machines", "VirtualMachine", "vm"},
}};

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

bool equalIgnoringCase(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (lower(a[i]) != lower(b[i])) return false;
  }
  return true;
}

std::span<const KindInfo> allKinds() {
  return table;
}

const KindInfo& info(Kind kind) {
  return table[static_cast<std::size_t>(kind)];
}

std::optional<Kind> kindFromText(std::string_view text) {
  if (text.empty()) return std::nullopt;
  for (const KindInfo& row : table) {
    for (const std::string_view name : {row.name, row.plural, row.alias, row.viewType}) {
      if (equalIgnoringCase(name, text)) return row.kind;
    }
  }
  return kindFromType(text);
}

std::optional<Kind> kindFromType(std::string_view managedType) {
  if (managedType.empty()) return std::nullopt;
  const std::string_view known = vsphere::knownTypeOf(managedType);
  const std::string_view type = known.empty() ? managedType : known;
  if (type == "ClusterComputeResource") return Kind::cluster;
  if (type == "VirtualApp") return Kind::resourcePool;
  if (type == "DistributedVirtualPortgroup" || type == "OpaqueNetwork") return Kind::network;
  for (const KindInfo& row : table) {
    if (row.viewType == type) return row.kind;
  }
  return std::nullopt;
}

}  // namespace failback::discovery
