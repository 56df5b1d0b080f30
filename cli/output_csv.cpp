// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output_csv.h"

#include <functional>
#include <utility>

#include "discovery/master_target.h"

namespace failback::cli {
namespace {

using discovery::Inventory;
using discovery::Kind;

// ------------------------------------------------------------------------- values as texts; unset: empty

std::string text(const std::optional<std::string>& value) {
  return value.value_or("");
}
std::string text(const std::optional<bool>& value) {
  return !value ? "" : *value ? "true" : "false";
}
template <class T>
std::string text(const std::optional<T>& value) {
  return value ? std::to_string(*value) : std::string();
}
std::string text(std::size_t value) {
  return std::to_string(value);
}

// The name of what is referred to, or the reference when it can't be seen.
std::string nameOf(const std::optional<vsphere::Moref>& ref, const Inventory& world) {
  if (!ref || ref->empty()) return {};
  const vsphere::Entity* entity = world.entity(*ref);
  return entity == nullptr ? ref->value : entity->name;
}

std::string namesOf(const std::vector<vsphere::Moref>& refs, const Inventory& world) {
  std::string names;
  for (const vsphere::Moref& ref : refs) names += (names.empty() ? "" : ";") + nameOf(ref, world);
  return names;
}

// ------------------------------------------------------------------------------------------- columns

template <class T>
using Columns = std::vector<std::pair<std::string, std::function<std::string(const T&, const Inventory&)>>>;

template <class T>
Columns<T> entityColumns() {
  return {{"name", [](const T& x, const Inventory&) { return x.name; }},
          {"moref", [](const T& x, const Inventory&) { return x.ref.value; }},
          {"objectType", [](const T& x, const Inventory&) { return x.ref.type; }},
          {"inventoryPath", [](const T& x, const Inventory&) { return x.inventoryPath; }}};
}

// A column that is one member of the value.
template <class T, class M>
auto of(M T::*member) {
  return [member](const T& x, const Inventory&) { return text(x.*member); };
}
// Lists are not part of a thin read: an empty one says nothing then.
std::string deep(const Inventory& world, std::string value) {
  return world.depth == vsphere::Depth::thin ? std::string() : value;
}
template <class T>
auto countOf(std::vector<vsphere::Moref> T::*member) {
  return [member](const T& x, const Inventory& world) { return deep(world, text((x.*member).size())); };
}
template <class T>
auto namesIn(std::vector<vsphere::Moref> T::*member) {
  return [member](const T& x, const Inventory& world) { return namesOf(x.*member, world); };
}
template <class T>
auto nameIn(std::optional<vsphere::Moref> T::*member) {
  return [member](const T& x, const Inventory& world) { return nameOf(x.*member, world); };
}

template <class T>
Columns<T> with(Columns<T> more) {
  Columns<T> all = entityColumns<T>();
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

template <class T>
Columns<T> columns();

template <>
Columns<vsphere::Datacenter> columns() {
  return entityColumns<vsphere::Datacenter>();
}

template <>
Columns<vsphere::Folder> columns() {
  return with<vsphere::Folder>({{"childType", [](const vsphere::Folder& x, const Inventory&) {
                                   std::string types;
                                   for (const std::string& type : x.childTypes)
                                     types += (types.empty() ? "" : ";") + type;
                                   return types;
                                 }}});
}

template <>
Columns<vsphere::Cluster> columns() {
  using T = vsphere::Cluster;
  return with<T>({{"hosts", namesIn(&T::hosts)},
                  {"datastores", namesIn(&T::datastores)},
                  {"drsEnabled", of(&T::drsEnabled)},
                  {"drsDefaultVmBehavior", of(&T::drsDefaultBehavior)},
                  {"dasEnabled", of(&T::haEnabled)},
                  {"numEffectiveHosts", of(&T::effectiveHosts)},
                  {"totalCpu", of(&T::totalCpuMHz)},
                  {"totalMemory", of(&T::totalMemoryBytes)}});
}

template <>
Columns<vsphere::Host> columns() {
  using T = vsphere::Host;
  return with<T>({{"cluster", [](const T& x, const Inventory& world) { return nameOf(x.parent, world); }},
                  {"connectionState", of(&T::connectionState)},
                  {"powerState", of(&T::powerState)},
                  {"inMaintenanceMode", of(&T::inMaintenanceMode)},
                  {"version", of(&T::version)},
                  {"build", of(&T::build)},
                  {"vendor", of(&T::vendor)},
                  {"model", of(&T::model)},
                  {"uuid", of(&T::uuid)},
                  {"cpuModel", of(&T::cpuModel)},
                  {"cpuMhz", of(&T::cpuMHz)},
                  {"numCpuPkgs", of(&T::cpuPackages)},
                  {"numCpuCores", of(&T::cpuCores)},
                  {"numCpuThreads", of(&T::cpuThreads)},
                  {"memorySize", of(&T::memoryBytes)},
                  {"overallMemoryUsage", of(&T::memoryUsedBytes)},
                  {"overallCpuUsage", of(&T::cpuUsedMHz)},
                  {"vms", countOf(&T::vms)},
                  {"datastores", namesIn(&T::datastores)},
                  {"networks", namesIn(&T::networks)}});
}

template <>
Columns<vsphere::Datastore> columns() {
  using T = vsphere::Datastore;
  return with<T>({{"type", of(&T::type)},
                  {"url", of(&T::url)},
                  {"capacity", of(&T::capacityBytes)},
                  {"freeSpace", of(&T::freeSpaceBytes)},
                  {"uncommitted", of(&T::uncommittedBytes)},
                  {"maxFileSize", of(&T::maxFileSizeBytes)},
                  {"accessible", of(&T::accessible)},
                  {"maintenanceMode", of(&T::maintenanceMode)},
                  {"storagePod", nameIn(&T::storagePod)},
                  {"hosts",
                   [](const T& x, const Inventory& world) {
                     std::string mounts;
                     for (const vsphere::HostMount& mount : x.mounts) {
                       mounts += (mounts.empty() ? "" : ";") + nameOf(mount.host, world) + "=" +
                                 mount.accessMode.value_or("unknown");
                     }
                     return mounts;
                   }},
                  {"vms", countOf(&T::vms)}});
}

template <>
Columns<vsphere::StoragePod> columns() {
  using T = vsphere::StoragePod;
  return with<T>({{"capacity", of(&T::capacityBytes)},
                  {"freeSpace", of(&T::freeSpaceBytes)},
                  {"sdrsEnabled", of(&T::sdrsEnabled)},
                  {"sdrsDefaultVmBehavior", of(&T::sdrsDefaultBehavior)},
                  {"datastores", namesIn(&T::datastores)}});
}

template <>
Columns<vsphere::Network> columns() {
  using T = vsphere::Network;
  return with<T>({{"accessible", of(&T::accessible)},
                  {"portgroupKey", of(&T::portgroupKey)},
                  {"portBinding", of(&T::portBinding)},
                  {"uplink", of(&T::uplink)},
                  {"dvsName", of(&T::dvsName)},
                  {"dvsUuid", of(&T::dvsUuid)},
                  {"hosts", namesIn(&T::hosts)}});
}

template <>
Columns<vsphere::DistributedSwitch> columns() {
  using T = vsphere::DistributedSwitch;
  return with<T>(
      {{"uuid", of(&T::uuid)}, {"portgroups", namesIn(&T::portgroups)}, {"hosts", namesIn(&T::hosts)}});
}

template <>
Columns<vsphere::ResourcePool> columns() {
  using T = vsphere::ResourcePool;
  return with<T>({{"owner", nameIn(&T::owner)},
                  {"vms", countOf(&T::vms)},
                  {"cpuLimit", of(&T::cpuLimitMHz)},
                  {"cpuReservation", of(&T::cpuReservationMHz)},
                  {"memoryLimit", of(&T::memoryLimitBytes)},
                  {"memoryReservation", of(&T::memoryReservationBytes)}});
}

std::string diskBytes(const vsphere::VirtualMachine& vm) {
  std::int64_t sum = 0;
  for (const vsphere::Disk& disk : vm.disks) sum += disk.capacityBytes;
  return std::to_string(sum);
}

std::string macAddresses(const vsphere::VirtualMachine& vm) {
  std::string list;
  for (const vsphere::Nic& nic : vm.nics) {
    if (nic.macAddress) list += (list.empty() ? "" : ";") + *nic.macAddress;
  }
  return list;
}

std::string obstacles(const vsphere::VirtualMachine& vm, const Inventory& world) {
  std::string list;
  for (const discovery::Fact& fact : judgeMasterTarget(vm, world).facts) {
    if (fact.verdict == discovery::Verdict::ok) continue;
    list += (list.empty() ? "" : "; ") + std::string(fact.rule) + ": " + fact.value;
  }
  return list;
}

template <>
Columns<vsphere::VirtualMachine> columns() {
  using T = vsphere::VirtualMachine;
  Columns<T> all = with<T>({{"powerState", of(&T::powerState)},
                            {"connectionState", of(&T::connectionState)},
                            {"template", of(&T::isTemplate)},
                            {"instanceUuid", of(&T::instanceUuid)},
                            {"uuid", of(&T::biosUuid)},
                            {"vmPathName", of(&T::vmPathName)},
                            {"host", nameIn(&T::host)},
                            {"resourcePool", nameIn(&T::resourcePool)},
                            {"datastores", namesIn(&T::datastores)},
                            {"networks", namesIn(&T::networks)},
                            {"guestId", of(&T::guestId)},
                            {"guestFullName", of(&T::guestFullName)},
                            {"hostName", of(&T::hostName)},
                            {"ipAddress", of(&T::ipAddress)},
                            {"toolsRunningStatus", of(&T::toolsRunningStatus)},
                            {"hardwareVersion", of(&T::hardwareVersion)},
                            {"firmware", of(&T::firmware)},
                            {"numCPU", of(&T::cpus)},
                            {"memorySize", of(&T::memoryBytes)}});
  const Columns<T> more = {
      {"disks", [](const T& x, const Inventory& world) { return deep(world, text(x.disks.size())); }},
      {"diskBytes", [](const T& x, const Inventory& world) { return deep(world, diskBytes(x)); }},
      {"macAddresses", [](const T& x, const Inventory&) { return macAddresses(x); }},
      {"snapshots", [](const T& x, const Inventory& world) { return deep(world, text(x.snapshotCount())); }},
      {"consolidationNeeded", of(&T::consolidationNeeded)},
      {"diskUuidEnabled", [](const T& x, const Inventory&) { return text(discovery::diskUuidEnabled(x)); }},
      {"masterTarget",
       [](const T& x, const Inventory& world) {
         return deep(world, std::string(toString(judgeMasterTarget(x, world).candidate)));
       }},
      {"masterTargetObstacles",
       [](const T& x, const Inventory& world) { return deep(world, obstacles(x, world)); }}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

void writeRow(Output& out, const std::vector<std::string>& fields) {
  std::string row;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) row += ',';
    row += csvField(fields[i]);
  }
  out.write(row + "\r\n");
}

template <class T>
void writeKind(const discovery::View& view, Output& out) {
  const Columns<T> all = columns<T>();
  std::vector<std::string> fields;
  for (const auto& column : all) fields.push_back(column.first);
  writeRow(out, fields);
  view.each<T>([&](const T& object) {
    fields.clear();
    for (const auto& column : all) fields.push_back(column.second(object, view.inventory()));
    writeRow(out, fields);
  });
}

// Calls `work` with the type that belongs to the kind.
template <class Work, std::size_t... I>
void forKind(Kind kind, Work&& work, std::index_sequence<I...>) {
  (void)((static_cast<std::size_t>(kind) == I
              ? (work.template operator()<std::variant_alternative_t<I, vsphere::InventoryObject>>(), true)
              : false) ||
         ...);
}

}  // namespace

std::string csvField(std::string_view value) {
  if (value.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

void writeCsv(const discovery::View& view, Kind kind, Output& out) {
  forKind(
      kind, [&]<class T>() { writeKind<T>(view, out); }, std::make_index_sequence<discovery::kindCount>{});
}

std::vector<std::string> csvColumns(Kind kind) {
  std::vector<std::string> names;
  forKind(
      kind,
      [&]<class T>() {
        for (const auto& column : columns<T>()) names.push_back(column.first);
      },
      std::make_index_sequence<discovery::kindCount>{});
  return names;
}

}  // namespace failback::cli
