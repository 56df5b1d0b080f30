// SPDX-License-Identifier: GPL-2.0-or-later
// TaskManager: collectors of tasks, and tasks of clients' own.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/fault.h"
#include "mocks/history.h"
#include "mocks/op_history.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

std::string_view timeOf(const Value& info, std::string_view timeType) {
  if (timeType == "startedTime") return info.at("startTime").string();
  if (timeType == "completedTime") return info.at("completeTime").string();
  return info.at("queueTime").string();
}

// Whether a list that may be unset names the text.
bool among(const Value& wanted, std::string_view text) {
  return !wanted.isSet() || listHolds(wanted, text);
}

bool matchesChain(const Value& wanted, const Value& info) {
  const List* items = wanted.asList();
  return !items || std::any_of(items->items.begin(), items->items.end(), [&](const Value& each) {
    return each.asInteger() == info.at("eventChainId").asInteger();
  });
}

bool matchesScheduledTask(const Value& wanted, const Value& reason) {
  const MoRef* ref = wanted.asRef();
  if (!ref) return true;
  if (!reason.asObject()->type().find("scheduledTask")) return false;
  const MoRef* of = reason.at("scheduledTask").asRef();
  return of && *of == *ref;
}

bool matches(const Value& spec, const HistoryItem& item) {
  const Value& info = item.item;
  const Value& reason = info.at("reason");
  const bool byUser = reason.asObject()->type().find("userName");
  const Value& time = spec.at("time");
  return matchesEntity(spec.at("entity"), item) &&
         matchesTime(time, timeOf(info, time.at("timeType").string())) &&
         matchesUser(spec.at("userName"), byUser ? reason.at("userName").string() : std::string_view()) &&
         among(spec.at("activationId"), info.at("activationId").string()) &&
         among(spec.at("state"), info.at("state").string()) && matchesChain(spec.at("eventChainId"), info) &&
         among(spec.at("tag"), info.at("changeTag").string()) &&
         among(spec.at("parentTaskKey"), info.at("parentTaskKey").string()) &&
         among(spec.at("rootTaskKey"), info.at("rootTaskKey").string()) &&
         matchesScheduledTask(spec.at("scheduledTask"), reason);
}

Answer createCollector(Operation& op) {
  const Value& spec = op.get("filter");
  checkFilterEntity(op, spec);
  const MoRef ref{"TaskHistoryCollector",
                  fmt::format("session[{}]{}", op.session->key, op.world.random.uuid())};
  HistoryView view(
      op.world.taskHistory.items(),
      [spec, visible = visibleItems(op)](const HistoryItem& item) {
        return visible(item) && matches(spec, item);
      },
      {}, op.world.taskHistory.items().size() + 1);
  op.world.histories.add(ref, op.session->key, object(ref.type, {{"filter", spec}}), std::move(view));
  return {ref, {}};
}

bool isRegistered(const World& world, std::string_view taskType) {
  const ManagedObject* manager = world.inventory.find(world.managerId("ExtensionManager"));
  const List* extensions = manager ? manager->properties().get("extensionList").asList() : nullptr;
  for (const Value& extension : extensions ? extensions->items : std::vector<Value>{}) {
    const List* tasks = extension.at("taskList").asList();
    for (const Value& task : tasks ? tasks->items : std::vector<Value>{}) {
      if (task.at("taskID").string() == taskType) return true;
    }
  }
  return false;
}

Answer createTask(Operation& op) {
  const MoRef entity = op.object("obj", "ManagedObject").ref;
  const std::string type = op.text("taskTypeId");
  if (!isRegistered(op.world, type)) throw invalidArgument("taskTypeId", "no extension has registered it");
  const std::string parent = op.text("parentTaskKey");
  if (!parent.empty() && !op.world.taskHistory.find(parent).isSet()) throw invalidArgument("parentTaskKey");
  TaskOrder order;
  order.descriptionId = type;
  order.entity = entity;
  order.userName = op.get("initiatedBy").isSet() ? op.text("initiatedBy") : op.session->user->name;
  order.activationId = op.get("activationId").isSet() ? op.text("activationId") : op.context.operationId;
  order.parentKey = parent;
  order.cancelable = op.flag("cancelable");
  order.exclusive = false;
  order.external = true;
  const MoRef task = op.world.tasks.start(std::move(order));
  return {op.world.inventory.need(task.id).properties().get("info"), {}};
}

Answer updateProgress(Operation& op) {
  const auto percent = static_cast<std::int32_t>(op.number("percentDone").value_or(0));
  if (percent < 0 || percent > 100) throw invalidArgument("percentDone");
  if (op.self.state.at("info.state").string() != "running") {
    throw makeFault("InvalidState",
                    "The operation is not allowed in the current state: the task is not running.");
  }
  op.world.tasks.update(op.self.ref, [percent](const Value& info) { return info.with("progress", percent); });
  return {};
}

Answer setTaskState(Operation& op) {
  const Value& result = op.get("result");
  const Value& fault = op.get("fault");
  op.world.tasks.update(op.self.ref, [&](const Value& info) {
    return info.with("state", op.get("state")).with("result", result).with("error", fault);
  });
  return {};
}

Answer setTaskDescription(Operation& op) {
  op.world.tasks.update(op.self.ref,
                        [&](const Value& info) { return info.with("description", op.get("description")); });
  return {};
}

constexpr std::array<OperationEntry, 5> tasksEntries{{{"CreateCollectorForTasks", createCollector},
                                                      {"CreateTask", createTask},
                                                      {"UpdateProgress", updateProgress},
                                                      {"SetTaskState", setTaskState},
                                                      {"SetTaskDescription", setTaskDescription}}};

}  // namespace

std::span<const OperationEntry> taskOperations() {
  return tasksEntries;
}

}  // namespace failback::mock
