// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/operation.h"

#include <map>
#include <stdexcept>
#include <string>

#include "mocks/fault.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

const std::map<std::string_view, OperationBody>& allOperations() {
  static const std::map<std::string_view, OperationBody> all = [] {
    std::map<std::string_view, OperationBody> found;
    for (const std::span<const OperationEntry> table :
         {authorizationOperations(), browserOperations(),   checkerOperations(),     clusterOperations(),
          datastoreOperations(),     diskOperations(),      eventOperations(),       fieldOperations(),
          fileOperations(),          folderOperations(),    hostOperations(),        licenseOperations(),
          lifecycleOperations(),     managerOperations(),   poolOperations(),        powerOperations(),
          relocateOperations(),      scheduleOperations(),  snapshotOperations(),    taskOperations(),
          userDirectoryOperations(), vmOperations(),        addHostOperations(),     environmentOperations(),
          vappOperations(),          vappPowerOperations(), changedAreaOperations(), guestToolOperations(),
          ticketOperations(),        hostQueryOperations(), settingOperations()}) {
      for (const OperationEntry& each : table) {
        if (!found.emplace(each.method, each.body).second)
          throw std::logic_error("two operations of one name: " + std::string(each.method));
      }
    }
    return found;
  }();
  return all;
}

}  // namespace

OperationBody findOperation(std::string_view method) {
  const auto found = allOperations().find(method);
  return found == allOperations().end() ? nullptr : found->second;
}

const Value& Operation::get(std::string_view name) const {
  static const Value unset;
  const auto found = parameters_.find(name);
  return found == parameters_.end() ? unset : found->second;
}

std::string Operation::text(std::string_view name) const {
  return std::string(get(name).string());
}

bool Operation::flag(std::string_view name, bool unset) const {
  const bool* value = get(name).asBool();
  return value ? *value : unset;
}

std::optional<std::int64_t> Operation::number(std::string_view name) const {
  return get(name).asInteger();
}

std::optional<MoRef> Operation::ref(std::string_view name) const {
  const MoRef* value = get(name).asRef();
  return value ? std::optional<MoRef>(*value) : std::nullopt;
}

std::vector<MoRef> Operation::refs(std::string_view name) const {
  std::vector<MoRef> found;
  const List* items = get(name).asList();
  if (!items) return found;
  found.reserve(items->items.size());
  for (const Value& item : items->items) found.push_back(*item.asRef());
  return found;
}

const ManagedObject& Operation::object(std::string_view name, std::string_view type) const {
  const MoRef* value = get(name).asRef();
  if (!value) throw invalidArgument(name);
  const ManagedObject* found = scope.find(*value);
  if (!found || !scope.sees(value->id)) throw objectNotFound(*value);
  if (!found->type().isA(type)) throw invalidArgument(name, "it is no " + std::string(type));
  return *found;
}

void Operation::need(const MoRef& on, std::string_view privilege) const {
  if (!scope.may(on, privilege)) throw noPermission(scope.authorityFor(on), privilege);
}

Answer Operation::start(Task task) {
  TaskOrder order;
  order.finish = std::move(task.finish);
  order.waiting = std::move(task.waiting);
  order.failed = std::move(task.failed);
  order.method = context.format.method;
  order.descriptionId = task.descriptionId;
  order.entity = task.entity.value_or(self.ref);
  order.userName = session->user->name;
  order.activationId = context.operationId;
  order.cancelable = task.cancelable;
  order.exclusive = task.exclusive;
  order.duration = task.duration;
  return {world.tasks.start(std::move(order)), {}};
}

}  // namespace failback::mock
