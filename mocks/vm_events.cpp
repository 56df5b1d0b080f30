// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_events.h"

#include <fmt/format.h>

#include "mocks/search_index.h"

namespace failback::mock {

namespace {

std::string knownName(const World& world, const MoRef& ref) {
  const ManagedObject* found = world.inventory.find(ref.id);
  return found ? std::string(found->properties().get("name").string()) : std::string();
}

}  // namespace

std::string placeOf(const World& world, const MoRef& vm) {
  std::string text = knownName(world, vm);
  const ManagedObject* found = world.inventory.find(vm.id);
  const MoRef* host = found ? found->state.at("runtime.host").asRef() : nullptr;
  if (host) text += " on " + knownName(world, *host);
  if (const auto datacenter = ancestorOf(world.inventory, vm, "Datacenter")) {
    text += " in " + knownName(world, *datacenter);
  }
  return text;
}

void postVmEvent(World& world, std::string_view type, const MoRef& vm, std::string message,
                 std::vector<Field> fields) {
  const ManagedObject* found = world.inventory.find(vm.id);
  const bool* isTemplate = found ? found->state.at("config.template").asBool() : nullptr;
  fields.emplace_back("template", isTemplate && *isTemplate);
  world.events.post(type, vm, std::move(message), fields);
}

void postExtendedVmEvent(World& world, std::string_view id, std::string_view severity, const MoRef& vm,
                         std::string message) {
  world.events.post("EventEx", vm, message,
                    {{"eventTypeId", id},
                     {"severity", severity},
                     {"message", message},
                     {"objectId", vm.id},
                     {"objectType", "VirtualMachine"},
                     {"objectName", knownName(world, vm)}});
}

ActingFor::ActingFor(World& world, const std::string& user) : world_(world), before_(world.events.actor) {
  if (world.events.actor.user.empty()) world.events.actor.user = user;
}

}  // namespace failback::mock
