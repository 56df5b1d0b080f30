// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/config_spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "mocks/device_changes.h"
#include "mocks/device_slots.h"
#include "mocks/fault.h"
#include "mocks/search_index.h"
#include "mocks/vm_lifecycle.h"
#include "mocks/vm_model.h"
#include "mocks/vm_parts.h"

namespace failback::mock {

namespace {

// Members of a spec that become a member of the configuration as they are.
struct Plain {
  std::string_view spec, config;
  bool onlyOff;  // only of a machine that is powered off
  bool part;     // an object of which the spec sets some members
  std::string_view privilege;
};
constexpr std::string_view settings = "VirtualMachine.Config.Settings",
                           resources = "VirtualMachine.Config.Resource",
                           advanced = "VirtualMachine.Config.AdvancedConfig";
constexpr std::int64_t mostCpus = 768;  // of any hardware version
constexpr std::array<Plain, 40> plainMembers{{
    {"uuid", "uuid", true, false, advanced},
    {"annotation", "annotation", false, false, "VirtualMachine.Config.Annotation"},
    {"alternateGuestName", "alternateGuestName", true, false, settings},
    {"version", "version", true, false, "VirtualMachine.Config.UpgradeVirtualHardware"},
    {"createDate", "createDate", true, false, settings},
    {"locationId", "locationId", false, false, settings},
    {"npivTemporaryDisabled", "npivTemporaryDisabled", true, false, settings},
    {"npivOnNonRdmDisks", "npivOnNonRdmDisks", true, false, settings},
    {"tools", "tools", false, true, settings},
    {"flags", "flags", false, true, settings},
    {"powerOpInfo", "defaultPowerOps", false, true, settings},
    {"numCoresPerSocket", "hardware.numCoresPerSocket", true, false, "VirtualMachine.Config.CPUCount"},
    {"memoryHotAddEnabled", "memoryHotAddEnabled", true, false, "VirtualMachine.Config.Memory"},
    {"cpuHotAddEnabled", "cpuHotAddEnabled", true, false, "VirtualMachine.Config.CPUCount"},
    {"cpuHotRemoveEnabled", "cpuHotRemoveEnabled", true, false, "VirtualMachine.Config.CPUCount"},
    {"virtualICH7MPresent", "hardware.virtualICH7MPresent", true, false, settings},
    {"virtualSMCPresent", "hardware.virtualSMCPresent", true, false, settings},
    {"cpuAllocation", "cpuAllocation", false, true, resources},
    {"memoryAllocation", "memoryAllocation", false, true, resources},
    {"latencySensitivity", "latencySensitivity", false, false, settings},
    {"swapPlacement", "swapPlacement", false, false, "VirtualMachine.Config.SwapPlacement"},
    {"bootOptions", "bootOptions", false, true, settings},
    {"ftInfo", "ftInfo", true, false, settings},
    {"vAssertsEnabled", "vAssertsEnabled", false, false, settings},
    {"changeTrackingEnabled", "changeTrackingEnabled", false, false, "VirtualMachine.Config.ChangeTracking"},
    {"firmware", "firmware", true, false, settings},
    {"maxMksConnections", "maxMksConnections", true, false, settings},
    {"guestAutoLockEnabled", "guestAutoLockEnabled", false, false, settings},
    {"managedBy", "managedBy", false, false, "VirtualMachine.Config.ManagedBy"},
    {"memoryReservationLockedToMax", "memoryReservationLockedToMax", false, false, resources},
    {"nestedHVEnabled", "nestedHVEnabled", true, false, settings},
    {"vPMCEnabled", "vPMCEnabled", true, false, settings},
    {"messageBusTunnelEnabled", "messageBusTunnelEnabled", false, false, settings},
    {"migrateEncryption", "migrateEncryption", true, false, settings},
    {"ftEncryptionMode", "ftEncryptionMode", true, false, settings},
    {"sevEnabled", "sevEnabled", true, false, settings},
    {"pmemFailoverEnabled", "pmemFailoverEnabled", true, false, settings},
    {"vmxStatsCollectionEnabled", "vmxStatsCollectionEnabled", false, false, settings},
    {"vmOpNotificationToAppEnabled", "vmOpNotificationToAppEnabled", false, false, settings},
    {"repConfig", "", false, false, settings},
}};
// Members that functions of their own look at, or that say nothing about the configuration.
constexpr std::array<std::string_view, 11> otherMembers{
    "changeVersion", "name",        "instanceUuid", "guestId",          "files", "numCPUs", "memoryMB",
    "deviceChange",  "extraConfig", "vmProfile",    "vAppConfigRemoved"};

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return copy;
}

[[noreturn]] void needsPowerOff() {
  throw makeFault("InvalidPowerState",
                  "The attempted operation cannot be performed in the current state (Powered on).",
                  {{"requestedState", "poweredOff"}, {"existingState", "poweredOn"}});
}

[[noreturn]] void invalidConfig(std::string_view property) {
  const std::string path = fmt::format("configSpec.{}", property);
  throw makeFault("InvalidVmConfig", "The virtual machine configuration is not valid.", {{"property", path}});
}

const Plain* plainMember(std::string_view name) {
  for (const Plain& each : plainMembers) {
    if (each.spec == name) return &each;
  }
  return nullptr;
}

// The members of `after` over those of `before`.
Value overlaid(const Value& before, const Value& after) {
  if (!before.isSet()) return after;
  DataObject object = *before.asObject();
  for (const DataObject::Member& member : after.asObject()->members()) object.set(member.index, member.value);
  return object;
}

// ReplicationConfigSpec and the configuration's are one type.
Value withPlain(Value config, const Plain& member, const Value& value, bool poweredOn) {
  const std::string_view path = member.config.empty() ? member.spec : member.config;
  const Value& present = config.at(path);
  const Value wanted = member.part ? overlaid(present, value) : value;
  if (wanted == present) return config;
  if (member.onlyOff && poweredOn) needsPowerOff();
  return config.with(path, wanted);
}

Value withHardware(World&, const ConfigPlace& place, Value config, const Value& spec) {
  const bool on = place.poweredOn;
  if (const auto cpus = spec.at("numCPUs").asInteger();
      cpus && cpus != config.at("hardware.numCPU").asInteger()) {
    const bool* hot = config.at("cpuHotAddEnabled").asBool();
    if (*cpus <= 0 || *cpus > mostCpus) invalidConfig("numCPUs");
    if (on && !(hot && *hot && *cpus > config.at("hardware.numCPU").asInteger().value_or(0))) needsPowerOff();
    config = config.with("hardware.numCPU", static_cast<std::int32_t>(*cpus));
  }
  if (const auto memory = spec.at("memoryMB").asInteger();
      memory && memory != config.at("hardware.memoryMB").asInteger()) {
    const bool* hot = config.at("memoryHotAddEnabled").asBool();
    if (*memory < 4 || *memory % 4 != 0) invalidConfig("memoryMB");
    if (on && !(hot && *hot && *memory > config.at("hardware.memoryMB").asInteger().value_or(0)))
      needsPowerOff();
    config = config.with("hardware.memoryMB", static_cast<std::int32_t>(*memory));
  }
  return config;
}

void needWholeSockets(const Value& config) {
  const auto cores = config.at("hardware.numCoresPerSocket").asInteger().value_or(1);
  const auto cpus = config.at("hardware.numCPU").asInteger().value_or(1);
  if (cores <= 0 || cpus % std::max<std::int64_t>(1, cores) != 0) invalidConfig("numCoresPerSocket");
}

// disk.EnableUUID is an option and a flag, and both are one setting.
Value withDiskUuid(Value config, const Value& spec) {
  const List* changes = spec.at("extraConfig").asList();
  for (const Value& each : changes ? changes->items : std::vector<Value>{}) {
    if (lower(each.at("key").string()) != "disk.enableuuid") continue;
    const std::string value = lower(each.at("value").string());
    config = config.with("flags.diskUuidEnabled", value == "true" || value == "1");
  }
  if (const bool* flag = spec.at("flags.diskUuidEnabled").asBool()) {
    const List* options = config.at("extraConfig").asList();
    std::vector<Value> kept = options ? options->items : std::vector<Value>{};
    std::erase_if(kept,
                  [](const Value& each) { return lower(each.at("key").string()) == "disk.enableuuid"; });
    kept.push_back(object("OptionValue", {{"key", "disk.EnableUUID"}, {"value", *flag ? "TRUE" : "FALSE"}}));
    config = config.with("extraConfig", list(std::move(kept)));
  }
  return config;
}

Value withOptions(Value config, const Value& spec) {
  const List* changes = spec.at("extraConfig").asList();
  if (!changes) return config;
  const List* present = config.at("extraConfig").asList();
  std::vector<Value> options = present ? present->items : std::vector<Value>{};
  for (const Value& change : changes->items) {
    const std::string key = lower(change.at("key").string());
    const std::string_view value = change.at("value").string();
    const auto at = std::find_if(options.begin(), options.end(),
                                 [&key](const Value& each) { return lower(each.at("key").string()) == key; });
    const bool empty = change.at("value").asText() && value.empty();
    if (empty && at != options.end()) {
      options.erase(at);
    } else if (!empty && at != options.end()) {
      *at = object("OptionValue", {{"key", at->at("key")}, {"value", change.at("value")}});
    } else if (!empty) {
      options.push_back(object("OptionValue", {{"key", change.at("key")}, {"value", change.at("value")}}));
    }
  }
  return config.with("extraConfig", list(std::move(options)));
}

// No two machines of a vCenter have one instance UUID: who asks for one in use gets another.
std::string freeInstanceUuid(World& world, const MoRef& vm, std::string_view wanted) {
  for (const ManagedObject* each : world.inventory.all("VirtualMachine")) {
    if (each->ref == vm || lower(each->read("config.instanceUuid").string()) != lower(wanted)) continue;
    std::string fresh = world.random.uuid();
    fresh.replace(0, 2, "50");
    return fresh;
  }
  return std::string(wanted);
}

// Newer servers know more systems than any list: "debian12_64Guest", "otherGuest64".
bool looksLikeGuestId(std::string_view id) {
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '_'; };
  return id.find("Guest") != std::string_view::npos && std::all_of(id.begin(), id.end(), plain);
}

Value withIdentity(World& world, const ConfigPlace& place, Value config, const Value& spec) {
  if (const std::string_view wanted = spec.at("instanceUuid").string();
      !wanted.empty() && wanted != config.at("instanceUuid").string()) {
    if (place.poweredOn) needsPowerOff();
    config = config.with("instanceUuid", freeInstanceUuid(world, place.vm, wanted));
  }
  if (const std::string_view name = spec.at("name").string();
      spec.at("name").isSet() && name != config.at("name").string()) {
    if (name.empty() || name.size() > 80) {
      throw makeFault("InvalidName", fmt::format("The name '{}' is not valid.", name),
                      {{"name", name}, {"entity", place.vm.id.empty() ? Value() : Value(place.vm)}});
    }
    if (const ManagedObject* vm = world.inventory.find(place.vm.id)) {
      const MoRef* parent = vm->state.at("parent").asRef();
      const auto taken = parent ? findChildByName(world.inventory, *parent, std::string(name)) : std::nullopt;
      if (taken && *taken != place.vm) {
        throw makeFault("DuplicateName", fmt::format("The name '{}' already exists.", name),
                        {{"name", name}, {"object", *taken}});
      }
    }
    config = config.with("name", name);
  }
  if (const std::string_view guest = spec.at("guestId").string(); !guest.empty()) {
    if (!looksLikeGuestId(guest)) throw invalidArgument("configSpec.guestId");
    if (place.poweredOn && guest != config.at("guestId").string()) needsPowerOff();
    VmSpec named;
    named.guestId = guest;
    config = config.with("guestId", guest).with("guestFullName", guestFullName(named));
  }
  return config;
}

void refuseUnknown(const Value& spec) {
  const DataObject& object = *spec.asObject();
  for (const DataObject::Member& member : object.members()) {
    const std::string_view name = object.type().members[member.index].name;
    if (plainMember(name) || std::find(otherMembers.begin(), otherMembers.end(), name) != otherMembers.end())
      continue;
    throw notSupported(fmt::format("mock-vcenter does not model changes of '{}'.", name));
  }
}

}  // namespace

ConfigResult applyConfigSpec(World& world, const ConfigPlace& place, const Value& config, const Value& spec) {
  const std::string_view version = spec.at("changeVersion").string();
  if (!version.empty() && version != config.at("changeVersion").string()) {
    throw makeFault("ConcurrentAccess", "The virtual machine was changed by someone else since it was read.");
  }
  refuseUnknown(spec);
  Value changed = withIdentity(world, place, config, spec);
  changed = withHardware(world, place, changed, spec);
  for (const DataObject::Member& member : spec.asObject()->members()) {
    const Plain* plain = plainMember(spec.asObject()->type().members[member.index].name);
    if (plain) changed = withPlain(changed, *plain, member.value, place.poweredOn);
  }
  needWholeSockets(changed);
  if (!(changed.at("version") == config.at("version")) && !place.host.id.empty())
    needHardware(world, place.host, changed.at("version").string());
  changed = withDiskUuid(withOptions(changed, spec), spec);
  const std::string name(changed.at("name").string());
  DeviceChanges devices(world, place, name, devicesOfConfig(config));
  devices.apply(spec.at("deviceChange"));
  changed = changed.with("hardware.device", list(devices.devices()));
  return {std::move(changed), std::move(devices.files())};
}

std::vector<std::pair<MoRef, std::string_view>> privilegesFor(World& world, const MoRef& vm,
                                                              const Value& spec) {
  std::vector<std::pair<MoRef, std::string_view>> needed;
  const auto add = [&](const MoRef& on, std::string_view privilege) {
    const std::pair<MoRef, std::string_view> one{on, privilege};
    if (std::find(needed.begin(), needed.end(), one) == needed.end()) needed.push_back(one);
  };
  for (const DataObject::Member& member : spec.asObject()->members()) {
    const std::string_view name = spec.asObject()->type().members[member.index].name;
    if (const Plain* plain = plainMember(name)) add(vm, plain->privilege);
    if (name == "name") add(vm, "VirtualMachine.Config.Rename");
    if (name == "guestId") add(vm, settings);
    if (name == "instanceUuid") add(vm, advanced);
    if (name == "numCPUs") add(vm, "VirtualMachine.Config.CPUCount");
    if (name == "memoryMB") add(vm, "VirtualMachine.Config.Memory");
    if (name == "extraConfig") add(vm, advanced);
  }
  const List* changes = spec.at("deviceChange").asList();
  for (const Value& change : changes ? changes->items : std::vector<Value>{}) {
    for (const auto& [on, privilege] : devicePrivileges(world, vm, change)) add(on, privilege);
  }
  return needed;
}

}  // namespace failback::mock
