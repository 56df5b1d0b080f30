// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_operations.h"

#include <fmt/format.h>

#include "mocks/search_index.h"
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
  world.events.post("VmStartingEvent", vm, {});
  setPower(world, object, true);
  world.events.post("VmPoweredOnEvent", vm, {});
}

void powerOff(World& world, const MoRef& vm) {
  const ManagedObject& object = world.inventory.need(vm.id);
  needUsable(object);
  needPowerState(object, "poweredOn", "poweredOff");
  world.events.post("VmStoppingEvent", vm, {});
  setPower(world, object, false);
  world.events.post("VmPoweredOffEvent", vm, {});
}

void renameEntity(World& world, const MoRef& entity, const std::string& newName) {
  const ManagedObject& object = world.inventory.need(entity.id);
  if (newName.empty() || newName.size() > 80) {
    throw makeFault("InvalidName", fmt::format("The name '{}' is not valid.", newName),
                    {{"name", newName}, {"entity", entity}});
  }
  const MoRef* parent = object.properties().get("parent").asRef();
  const auto taken = parent ? findChildByName(world.inventory, *parent, newName) : std::nullopt;
  if (taken && *taken != entity) {
    throw makeFault("DuplicateName", fmt::format("The name '{}' already exists.", newName),
                    {{"name", newName}, {"object", *taken}});
  }
  const Value oldName = object.properties().get("name");
  Value state = object.state.with("name", newName);
  if (object.type().isA("VirtualMachine")) {
    state = state.with("config.name", newName).with("summary.config.name", newName);
  } else if (object.type().find("summary") && state.at("summary").asObject()->type().find("name")) {
    state = state.with("summary.name", newName);
  }
  world.inventory.replace(entity.id, state);
  const std::vector<Field> names{{"oldName", oldName}, {"newName", newName}};
  if (object.type().isA("VirtualMachine")) world.events.post("VmRenamedEvent", entity, {}, names);
  if (object.type().isA("Datacenter")) world.events.post("DatacenterRenamedEvent", entity, {}, names);
  if (object.type().isA("Datastore")) {
    world.events.post(
        "DatastoreRenamedEvent", entity, {},
        {{"datastore", world.events.datastoreArgument(entity)}, {"oldName", oldName}, {"newName", newName}});
  }
}

}  // namespace failback::mock
