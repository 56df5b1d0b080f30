// SPDX-License-Identifier: GPL-2.0-or-later
// What a machine shows when it runs and when it does not: runtime, guest, summaries.
#include <array>

#include "mocks/vm_parts.h"

namespace failback::mock {

namespace {

struct Guest {
  std::string_view id, name, family, fileSystem;
};
constexpr std::array<Guest, 12> guests{{
    {"ubuntu64Guest", "Ubuntu Linux (64-bit)", "linuxGuest", "ext4"},
    {"debian11_64Guest", "Debian GNU/Linux 11 (64-bit)", "linuxGuest", "ext4"},
    {"debian12_64Guest", "Debian GNU/Linux 12 (64-bit)", "linuxGuest", "ext4"},
    {"rhel8_64Guest", "Red Hat Enterprise Linux 8 (64-bit)", "linuxGuest", "xfs"},
    {"rhel9_64Guest", "Red Hat Enterprise Linux 9 (64-bit)", "linuxGuest", "xfs"},
    {"sles15_64Guest", "SUSE Linux Enterprise 15 (64-bit)", "linuxGuest", "xfs"},
    {"centos7_64Guest", "CentOS 7 (64-bit)", "linuxGuest", "xfs"},
    {"otherLinux64Guest", "Other Linux (64-bit)", "linuxGuest", "ext4"},
    {"windows9Server64Guest", "Microsoft Windows Server 2016 (64-bit)", "windowsGuest", "NTFS"},
    {"windows2019srv_64Guest", "Microsoft Windows Server 2019 (64-bit)", "windowsGuest", "NTFS"},
    {"windows2019srvNext_64Guest", "Microsoft Windows Server 2022 (64-bit)", "windowsGuest", "NTFS"},
    {"otherGuest64", "Other (64-bit)", "otherGuestFamily", ""},
}};

const Guest& guestOf(const VmSpec& spec) {
  for (const Guest& each : guests) {
    if (each.id == spec.guestId) return each;
  }
  static constexpr Guest windows{"", "", "windowsGuest", "NTFS"}, linux{"", "", "linuxGuest", "ext4"};
  return spec.guestId.starts_with("win") ? windows : linux;
}

std::string hostNameOf(const VmSpec& spec) {
  return spec.hostName.empty() ? spec.name : spec.hostName;
}

std::string firstAddress(const VmSpec& spec) {
  if (!spec.addresses.empty()) return spec.addresses.front();
  for (const NicSpec& each : spec.nics) {
    if (!each.addresses.empty()) return each.addresses.front();
  }
  return {};
}

// What the guest has on an adapter. The first has those of the machine, unless there is one for each.
std::vector<std::string> addressesOn(const VmSpec& spec, std::size_t number, std::size_t adapters) {
  if (!spec.nics[number].addresses.empty()) return spec.nics[number].addresses;
  if (spec.addresses.size() == adapters) return {spec.addresses[number]};
  return number == 0 ? spec.addresses : std::vector<std::string>{};
}

// Keys and MAC addresses of the machine's network adapters.
std::vector<std::pair<std::int32_t, std::string>> adapters(const Value& state) {
  std::vector<std::pair<std::int32_t, std::string>> found;
  const List* devices = state.at("config.hardware.device").asList();
  for (const Value& device : devices ? devices->items : std::vector<Value>{}) {
    if (!device.asObject()->type().isA("VirtualEthernetCard")) continue;
    found.emplace_back(static_cast<std::int32_t>(*device.at("key").asInteger()),
                       std::string(device.at("macAddress").string()));
  }
  return found;
}

std::vector<std::int32_t> diskKeys(const Value& state) {
  std::vector<std::int32_t> keys;
  const List* devices = state.at("config.hardware.device").asList();
  for (const Value& device : devices ? devices->items : std::vector<Value>{}) {
    if (device.asObject()->type().isA("VirtualDisk"))
      keys.push_back(static_cast<std::int32_t>(*device.at("key").asInteger()));
  }
  return keys;
}

Value guestNics(const Value& state, const VmSpec& spec) {
  std::vector<Value> list;
  const auto found = adapters(state);
  for (std::size_t i = 0; i < found.size() && i < spec.nics.size(); ++i) {
    std::vector<Value> texts, configured;
    for (const std::string& address : addressesOn(spec, i, found.size())) {
      texts.emplace_back(address);
      configured.push_back(
          object("NetIpConfigInfoIpAddress",
                 {{"ipAddress", address}, {"prefixLength", std::int32_t{24}}, {"state", "preferred"}}));
    }
    const Value ip = object("NetIpConfigInfo", {{"ipAddress", configured}});
    list.push_back(object("GuestNicInfo", {{"network", word(spec.nics[i].network)},
                                           {"ipAddress", texts},
                                           {"macAddress", found[i].second},
                                           {"connected", spec.nics[i].connected},
                                           {"deviceConfigId", found[i].first},
                                           {"ipConfig", ip}}));
  }
  return list;
}

Value volumes(const Value& state, const VmSpec& spec) {
  std::vector<VolumeSpec> shown = spec.volumes;
  if (shown.empty() && !spec.disks.empty()) {
    const bool windows = guestOf(spec).family == "windowsGuest";
    shown.push_back(
        {windows ? "C:\\" : "/", {}, spec.disks[0].size / 10 * 9, spec.disks[0].size / 10 * 5, 0});
  }
  const std::vector<std::int32_t> keys = diskKeys(state);
  std::vector<Value> list;
  for (const VolumeSpec& each : shown) {
    Value mapping;
    if (each.disk && static_cast<std::size_t>(*each.disk) < keys.size()) {
      mapping = std::vector<Value>{shared(
          object("GuestInfoVirtualDiskMapping", {{"key", keys[static_cast<std::size_t>(*each.disk)]}}))};
    }
    list.push_back(shared(object(
        "GuestDiskInfo", {{"diskPath", each.path},
                          {"capacity", each.size},
                          {"freeSpace", each.free},
                          {"filesystemType",
                           each.filesystem.empty() ? std::string(guestOf(spec).fileSystem) : each.filesystem},
                          {"mappings", shared(mapping)}})));
  }
  return list;
}

std::vector<Field> toolsFields(const VmSpec& spec, bool on) {
  if (!spec.tools) {
    return {{"toolsStatus", "toolsNotInstalled"},
            {"toolsVersionStatus", "guestToolsNotInstalled"},
            {"toolsVersionStatus2", "guestToolsNotInstalled"},
            {"toolsRunningStatus", "guestToolsNotRunning"}};
  }
  return {{"toolsStatus", on ? "toolsOk" : "toolsNotRunning"},
          {"toolsVersionStatus", "guestToolsUnmanaged"},
          {"toolsVersionStatus2", "guestToolsUnmanaged"},
          {"toolsRunningStatus", on ? "guestToolsRunning" : "guestToolsNotRunning"}};
}

Value guestInfo(const Value& state, const VmSpec& spec, bool on) {
  const bool talks = on && spec.tools;
  std::vector<Field> fields = toolsFields(spec, on);
  fields.insert(fields.end(), {{"toolsVersion", spec.tools ? "12352" : "0"},
                               {"guestState", talks ? "running" : "notRunning"},
                               {"appHeartbeatStatus", "appStatusGray"},
                               {"guestKernelCrashed", false},
                               {"appState", "none"},
                               {"guestOperationsReady", talks},
                               {"interactiveGuestOperationsReady", false},
                               {"guestStateChangeSupported", talks},
                               {"hwVersion", word(spec.hardware)}});
  if (spec.tools) fields.insert(fields.end(), {{"toolsInstallType", "guestToolsTypeOpenVMTools"}});
  if (talks) {
    fields.insert(fields.end(),
                  {{"guestId", word(spec.guestId)},
                   {"guestFamily", word(std::string(guestOf(spec).family))},
                   {"guestFullName", word(guestFullName(spec))},
                   {"hostName", hostNameOf(spec)},
                   {"ipAddress", firstAddress(spec).empty() ? Value() : Value(firstAddress(spec))},
                   {"net", guestNics(state, spec)},
                   {"disk", volumes(state, spec)}});
  }
  return object("GuestInfo", fields);
}

Value guestSummary(const VmSpec& spec, bool on) {
  std::vector<Field> fields = toolsFields(spec, on);
  if (on && spec.tools) {
    fields.insert(fields.end(),
                  {{"guestId", word(spec.guestId)},
                   {"guestFullName", word(guestFullName(spec))},
                   {"hostName", hostNameOf(spec)},
                   {"ipAddress", firstAddress(spec).empty() ? Value() : Value(firstAddress(spec))}});
  }
  fields.emplace_back("hwVersion", word(spec.hardware));
  return object("VirtualMachineGuestSummary", fields);
}

Value quickStats(const VmSpec& spec, bool on) {
  const auto memory = static_cast<std::int32_t>(spec.memory >> 20);
  return shared(
      object("VirtualMachineQuickStats", {{"overallCpuUsage", std::int32_t{on ? 120 * spec.cpus : 0}},
                                          {"overallCpuDemand", std::int32_t{on ? 110 * spec.cpus : 0}},
                                          {"guestMemoryUsage", on ? memory / 10 : 0},
                                          {"hostMemoryUsage", on ? memory : 0},
                                          {"guestHeartbeatStatus", on && spec.tools ? "green" : "gray"},
                                          {"distributedCpuEntitlement", std::int32_t{0}},
                                          {"distributedMemoryEntitlement", std::int32_t{0}},
                                          {"staticCpuEntitlement", std::int32_t{0}},
                                          {"staticMemoryEntitlement", std::int32_t{0}},
                                          {"privateMemory", on ? memory : 0},
                                          {"sharedMemory", std::int32_t{0}},
                                          {"swappedMemory", std::int32_t{0}},
                                          {"balloonedMemory", std::int32_t{0}},
                                          {"consumedOverheadMemory", std::int32_t{on ? 48 : 0}},
                                          {"ftLogBandwidth", std::int32_t{-1}},
                                          {"ftSecondaryLatency", std::int32_t{-1}},
                                          {"ftLatencyStatus", "gray"},
                                          {"compressedMemory", std::int64_t{0}},
                                          {"uptimeSeconds", std::int32_t{on ? 864'000 : 0}},
                                          {"ssdSwappedMemory", std::int64_t{0}}}));
}

}  // namespace

std::string guestFullName(const VmSpec& spec) {
  if (!spec.guestName.empty()) return spec.guestName;
  for (const Guest& each : guests) {
    if (each.id == spec.guestId) return std::string(each.name);
  }
  return spec.guestId;
}

Value withPower(const World& world, const Value& state, const VmSpec& spec, bool on) {
  const bool fresh = !state.at("guest").isSet();  // made just now: it has been running for a while
  const Value booted = Value::dateTime(fresh ? "2026-02-20T07:15:30.000000Z" : world.now());
  const Value runtime = state.at("runtime")
                            .with("powerState", on ? "poweredOn" : "poweredOff")
                            .with("bootTime", on ? booted : Value())
                            .with("cleanPowerOff", on ? Value() : Value(true))
                            .with("memoryOverhead", on ? Value(std::int64_t{48LL << 20}) : Value());
  Value stats = quickStats(spec, on);
  if (!fresh && on) stats = stats.with("uptimeSeconds", std::int32_t{0});
  return state.with("runtime", runtime)
      .with("guest", guestInfo(state, spec, on))
      .with("guestHeartbeatStatus", on && spec.tools ? "green" : "gray")
      .with("summary.runtime", runtime)
      .with("summary.guest", guestSummary(spec, on))
      .with("summary.quickStats", stats);
}

}  // namespace failback::mock
