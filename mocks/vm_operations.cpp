// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_operations.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "mocks/entity_tools.h"
#include "mocks/world_builder.h"

namespace failback::mock {

namespace {

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return copy;
}

void needPowerState(const ManagedObject& vm, std::string_view wanted, std::string_view requested) {
  const std::string_view existing = vm.state.at("runtime.powerState").string();
  if (existing == wanted) return;
  throw makeFault("InvalidPowerState",
                  fmt::format("The attempted operation cannot be performed in the current state ({}).",
                              existing == "poweredOn" ? "Powered on" : "Powered off"),
                  {{"requestedState", requested}, {"existingState", existing}});
}

void needUsable(const ManagedObject& vm) {
  if (vm.state.at("runtime.connectionState").string() != "connected") {
    throw makeFault("InvalidState",
                    "The operation is not allowed in the current connection state of the virtual machine.");
  }
  if (const bool* isTemplate = vm.state.at("config.template").asBool(); isTemplate && *isTemplate) {
    throw makeFault("NotSupported", "The operation is not supported on a template.");
  }
}

void setPower(World& world, const ManagedObject& vm, bool on) {
  world.inventory.replace(vm.ref.id, withPower(world, vm.state, world.vmSpecs.at(vm.ref.id), on));
}

// The extraConfig list with the changes made.
Value changedOptions(const Value& present, const std::vector<std::pair<std::string, std::string>>& changes) {
  std::vector<Value> options;
  if (const List* items = present.asList()) options = items->items;
  for (const auto& [key, value] : changes) {
    std::erase_if(options,
                  [name = lower(key)](const Value& each) { return lower(each.at("key").string()) == name; });
    if (!value.empty()) options.push_back(object("OptionValue", {{"key", key}, {"value", value}}));
  }
  return list(std::move(options));
}

Value withOptions(const Value& state, const std::vector<std::pair<std::string, std::string>>& changes) {
  Value changed = state.with("config.extraConfig", changedOptions(state.at("config.extraConfig"), changes));
  for (const auto& [key, value] : changes) {
    // The option and the flag are one setting.
    if (lower(key) != "disk.enableuuid") continue;
    changed = changed.with("config.flags.diskUuidEnabled", lower(value) == "true" || value == "1");
  }
  return changed;
}

Value withHardware(const Value& state, const VmChange& change) {
  Value changed = state;
  if (change.cpus) {
    changed =
        changed.with("config.hardware.numCPU", *change.cpus).with("summary.config.numCpu", *change.cpus);
  }
  if (change.memoryMB) {
    const auto megabytes = static_cast<std::int32_t>(*change.memoryMB);
    changed =
        changed.with("config.hardware.memoryMB", megabytes).with("summary.config.memorySizeMB", megabytes);
  }
  return changed;
}

}  // namespace

void powerOn(World& world, const MoRef& vm) {
  const ManagedObject& object = world.inventory.need(vm.id);
  needUsable(object);
  needPowerState(object, "poweredOff", "poweredOn");
  setPower(world, object, true);
}

void powerOff(World& world, const MoRef& vm) {
  const ManagedObject& object = world.inventory.need(vm.id);
  needUsable(object);
  needPowerState(object, "poweredOn", "poweredOff");
  setPower(world, object, false);
}

void reconfigure(World& world, const MoRef& vm, const VmChange& change) {
  const ManagedObject& object = world.inventory.need(vm.id);
  if (change.changeVersion && *change.changeVersion != object.state.at("config.changeVersion").string()) {
    throw makeFault("ConcurrentAccess", "The virtual machine was changed by someone else since it was read.");
  }
  if (change.cpus || change.memoryMB) needPowerState(object, "poweredOff", "poweredOff");
  if (change.name && *change.name != object.state.at("name").string()) renameEntity(world, vm, *change.name);
  Value state = withHardware(object.state, change);
  if (change.annotation) {
    state = state.with("config.annotation", *change.annotation)
                .with("summary.config.annotation", *change.annotation);
  }
  if (!change.extraConfig.empty()) state = withOptions(state, change.extraConfig);
  const std::string now = world.now();
  state = state.with("config.changeVersion", now).with("config.modified", Value::dateTime(now));
  world.inventory.replace(vm.id, state);
}

}  // namespace failback::mock
