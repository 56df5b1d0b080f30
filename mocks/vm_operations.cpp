// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_operations.h"

#include <fmt/format.h>

#include "mocks/search_index.h"

namespace failback::mock {

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
  Value state = object.state.with("name", newName);
  if (object.type().isA("VirtualMachine")) {
    state = state.with("config.name", newName).with("summary.config.name", newName);
  } else if (object.type().find("summary") && state.at("summary").asObject()->type().find("name")) {
    state = state.with("summary.name", newName);
  }
  world.inventory.replace(entity.id, state);
}

}  // namespace failback::mock
