// SPDX-License-Identifier: GPL-2.0-or-later
// ScheduledTaskManager and ScheduledTask.
#include <fmt/format.h>

#include <array>

#include "mocks/fault.h"
#include "mocks/operation_tables.h"
#include "mocks/schedule.h"

namespace failback::mock {

namespace {

Answer tasksFor(Operation& op, std::string_view parameter) {
  const auto entity = op.ref(parameter);
  if (entity) (void)op.object(parameter, "ManagedObject");
  std::vector<Value> found;
  for (const ManagedObject* task : op.world.inventory.all("ScheduledTask")) {
    const MoRef* of = task->state.at("info.entity").asRef();
    if ((!entity || *of == *entity) && op.scope.sees(of->id)) found.emplace_back(task->ref);
  }
  return {found.empty() ? Value() : list(std::move(found)), {}};
}

Answer ofEntity(Operation& op) {
  return tasksFor(op, "entity");
}

Answer ofObject(Operation& op) {
  return tasksFor(op, "obj");
}

Answer create(Operation& op) {
  const MoRef entity = op.object("entity", "ManagedEntity").ref;
  op.need(entity, "ScheduledTask.Create");
  const Value& spec = op.get("spec");
  const std::string_view name = spec.at("name").string();
  if (name.empty()) throw makeFault("InvalidName", "The name '' is not valid.", {{"name", ""}});
  for (const ManagedObject* task : op.world.inventory.all("ScheduledTask")) {
    if (task->state.at("info.name").string() != name) continue;
    throw makeFault("DuplicateName", fmt::format("The name '{}' already exists.", name),
                    {{"name", name}, {"object", task->ref}});
  }
  return {addScheduledTask(op.world, entity, spec, op.session->user->name, op.world.now()), {}};
}

Answer remove(Operation& op) {
  removeScheduledTask(op.world, op.self.ref);
  return {};
}

constexpr std::array<OperationEntry, 4> schedulesEntries{{{"RetrieveEntityScheduledTask", ofEntity},
                                                          {"RetrieveObjectScheduledTask", ofObject},
                                                          {"CreateScheduledTask", create},
                                                          {"RemoveScheduledTask", remove}}};

}  // namespace

std::span<const OperationEntry> scheduleOperations() {
  return schedulesEntries;
}

}  // namespace failback::mock
