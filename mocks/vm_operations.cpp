// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_operations.h"

#include <fmt/format.h>

#include "mocks/world_builder.h"

namespace failback::mock {

namespace {

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

}  // namespace failback::mock
