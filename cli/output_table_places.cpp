// SPDX-License-Identifier: GPL-2.0-or-later
// Sections about what contains VMs: datacenters, folders, clusters, hosts, datastores, networks, pools.
#include <fmt/format.h>

#include <algorithm>

#include "cli/output_table.h"
#include "cli/units.h"

namespace failback::cli {
namespace {

using vsphere::Depth;

std::string onOff(const std::optional<bool>& value) {
  return !value ? "-" : *value ? "on" : "off";
}

// A number that a thin read does not bring.
std::string count(std::size_t value, const discovery::View& view) {
  return view.inventory().depth == Depth::thin && value == 0 ? "-" : std::to_string(value);
}

std::string limitText(const std::optional<std::int64_t>& value, bool bytes) {
  if (!value) return "-";
  if (*value < 0) return "unlimited";
  return bytes ? humanBytes(*value) : fmt::format("{} MHz", *value);
}

Cell freeCell(const std::optional<std::int64_t>& free, const std::optional<std::int64_t>& capacity) {
  if (!free) return {"-"};
  if (!capacity || *capacity <= 0) return {humanBytes(*free)};
  const auto percent = static_cast<int>(100.0 * static_cast<double>(*free) / static_cast<double>(*capacity));
  return {fmt::format("{} ({} %)", humanBytes(*free), percent), percent < 5    ? Style::bad
                                                                : percent < 15 ? Style::warning
                                                                               : Style::plain};
}

Cell hostState(const vsphere::Host& host) {
  if (host.connectionState && *host.connectionState == "connected") {
    if (host.powerState && *host.powerState != "poweredOn") return stateCell(host.powerState);
    if (host.inMaintenanceMode.value_or(false)) return {"maintenance", Style::warning};
    if (host.inQuarantineMode.value_or(false)) return {"quarantine", Style::warning};
  }
  return stateCell(host.connectionState);
}

Cell datastoreState(const vsphere::Datastore& datastore) {
  if (datastore.accessible && !*datastore.accessible) return {"not accessible", Style::bad};
  if (datastore.maintenanceMode && *datastore.maintenanceMode != "normal") {
    return {*datastore.maintenanceMode, Style::warning};
  }
  if (!datastore.accessible) return {"?", Style::warning};
  return {"ok", Style::good};
}

// "3 rw, 1 ro": how its hosts mount it.
Cell mountsCell(const vsphere::Datastore& datastore) {
  std::size_t writable = 0, readable = 0, unusable = 0;
  for (const vsphere::HostMount& mount : datastore.mounts) {
    const bool usable = mount.mounted.value_or(true) && mount.accessible.value_or(true);
    if (!usable) {
      ++unusable;
    } else {
      ++(mount.accessMode.value_or("") == "readOnly" ? readable : writable);
    }
  }
  std::string text;
  const auto add = [&](std::size_t number, std::string_view what) {
    if (number > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", number, what);
  };
  add(writable, "rw");
  add(readable, "ro");
  add(unusable, "down");
  if (text.empty()) return {"-"};
  return {text, unusable > 0 ? Style::warning : Style::plain};
}

}  // namespace

Table datacenterTable(const discovery::View& view) {
  Table table({{"NAME", false, 12}, {"FOLDER", false, 8, 1, Column::Shorten::front}});
  for (const auto* datacenter : view.all<vsphere::Datacenter>()) {
    table.add({datacenter->name, folderOf(datacenter->inventoryPath)});
  }
  return table;
}

Table folderTable(const discovery::View& view) {
  Table table(
      {{"PATH", false, 12, 0, Column::Shorten::front}, {"MAY HOLD", false, 12, 1, Column::Shorten::wrap}});
  for (const auto* folder : view.all<vsphere::Folder>()) {
    table.add({folder->inventoryPath, fmt::format("{}", fmt::join(folder->childTypes, ", "))});
  }
  return table;
}

Table clusterTable(const discovery::View& view) {
  Table table({{"NAME", false, 12},
               {"KIND"},
               {"HOSTS", true},
               {"DRS", false, 0, 1},
               {"HA", false, 0, 2},
               {"CPU", true, 0, 3},
               {"MEMORY", true, 0, 3},
               {"OVERRIDES", true, 0, 4},
               {"RULES", true, 0, 4}});
  for (const auto* cluster : view.all<vsphere::Cluster>()) {
    std::string drs = onOff(cluster->drsEnabled);
    if (cluster->drsEnabled.value_or(false) && cluster->drsDefaultBehavior)
      drs = *cluster->drsDefaultBehavior;
    table.add({cluster->name, cluster->isCluster ? "cluster" : "standalone",
               std::to_string(cluster->hosts.size()), drs, onOff(cluster->haEnabled),
               cluster->totalCpuMHz
                   ? fmt::format("{:.1f} GHz", static_cast<double>(*cluster->totalCpuMHz) / 1000)
                   : "-",
               bytesText(cluster->totalMemoryBytes), count(cluster->drsOverrides.size(), view),
               count(cluster->rules.size(), view)});
  }
  return table;
}

Table hostTable(const discovery::View& view) {
  Table table({{"NAME", false, 14},
               {"STATE"},
               {"VERSION", false, 0, 3},
               {"CPU", true, 0, 4},
               {"MEMORY", true, 0, 2},
               {"USED", true, 0, 5},
               {"VMS", true, 0, 2},
               {"DATASTORES", true, 0, 6},
               {"CLUSTER", false, 8, 1}});
  for (const auto* host : view.all<vsphere::Host>()) {
    table.add({host->name, hostState(*host), host->version.value_or("-"),
               host->cpuCores ? fmt::format("{} cores", *host->cpuCores) : "-", bytesText(host->memoryBytes),
               bytesText(host->memoryUsedBytes), count(host->vms.size(), view),
               count(host->datastores.size(), view), nameOf(host->parent, view.inventory())});
  }
  return table;
}

Table datastoreTable(const discovery::View& view) {
  Table table({{"NAME", false, 12},
               {"TYPE"},
               {"CAPACITY", true, 0, 2},
               {"FREE", true},
               {"MAY GROW", true, 0, 5},
               {"HOSTS", false, 0, 1},
               {"VMS", true, 0, 3},
               {"STATE"},
               {"CLUSTER", false, 8, 4}});
  for (const auto* datastore : view.all<vsphere::Datastore>()) {
    table.add({datastore->name, datastore->type.value_or("?"), bytesText(datastore->capacityBytes),
               freeCell(datastore->freeSpaceBytes, datastore->capacityBytes),
               bytesText(datastore->uncommittedBytes), mountsCell(*datastore),
               count(datastore->vms.size(), view), datastoreState(*datastore),
               nameOf(datastore->storagePod, view.inventory())});
  }
  return table;
}

Table storagePodTable(const discovery::View& view) {
  Table table({{"NAME", false, 12},
               {"CAPACITY", true},
               {"FREE", true},
               {"DATASTORES", true, 0, 2},
               {"STORAGE DRS", false, 0, 1}});
  for (const auto* pod : view.all<vsphere::StoragePod>()) {
    std::string drs = onOff(pod->sdrsEnabled);
    if (pod->sdrsEnabled.value_or(false) && pod->sdrsDefaultBehavior) drs = *pod->sdrsDefaultBehavior;
    table.add({pod->name, bytesText(pod->capacityBytes), freeCell(pod->freeSpaceBytes, pod->capacityBytes),
               count(pod->datastores.size(), view), drs});
  }
  return table;
}

Table networkTable(const discovery::View& view) {
  Table table({{"NAME", false, 12},
               {"KIND"},
               {"SWITCH", false, 8, 1},
               {"BINDING", false, 0, 3},
               {"HOSTS", true, 0, 2},
               {"STATE"}});
  for (const auto* network : view.all<vsphere::Network>()) {
    Cell state{"ok", Style::good};
    if (!network->accessible) state = {"?", Style::warning};
    if (network->accessible && !*network->accessible) state = {"not accessible", Style::bad};
    table.add({network->name, network->uplink.value_or(false) ? "uplink" : network->kind,
               network->dvsName.value_or("-"), network->portBinding.value_or("-"),
               count(network->hosts.size(), view), state});
  }
  return table;
}

Table distributedSwitchTable(const discovery::View& view) {
  Table table({{"NAME", false, 12}, {"PORT GROUPS", true}, {"HOSTS", true}, {"UUID", false, 8, 1}});
  for (const auto* dvs : view.all<vsphere::DistributedSwitch>()) {
    table.add({dvs->name, count(dvs->portgroups.size(), view), count(dvs->hosts.size(), view),
               dvs->uuid.value_or("-")});
  }
  return table;
}

Table resourcePoolTable(const discovery::View& view) {
  Table table({{"PATH", false, 12, 0, Column::Shorten::front},
               {"KIND"},
               {"VMS", true},
               {"CPU LIMIT", true, 0, 2},
               {"CPU RESERVED", true, 0, 3},
               {"MEMORY LIMIT", true, 0, 2},
               {"MEMORY RESERVED", true, 0, 3}});
  for (const auto* pool : view.all<vsphere::ResourcePool>()) {
    table.add({pool->inventoryPath, pool->isVApp ? "vApp" : "pool", count(pool->vms.size(), view),
               limitText(pool->cpuLimitMHz, false), limitText(pool->cpuReservationMHz, false),
               limitText(pool->memoryLimitBytes, true), limitText(pool->memoryReservationBytes, true)});
  }
  return table;
}

}  // namespace failback::cli
