// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/task_engine.h"

#include <algorithm>

#include "mocks/task_history.h"

namespace failback::mock {

namespace {

constexpr std::size_t recentLimit = 200;
constexpr std::chrono::milliseconds waitingStep{200};  // how often a waiting task looks

// Without the task in the list, or unset when nothing is left.
Value without(const Value& refs, const std::string& id) {
  std::vector<Value> kept;
  if (const List* items = refs.asList()) {
    for (const Value& item : items->items) {
      if (item.asRef()->id != id) kept.push_back(item);
    }
  }
  return list(std::move(kept));
}

}  // namespace

TaskEngine::TaskEngine(Inventory& inventory, Scheduler& scheduler, std::mutex& worldLock, Timing timing,
                       std::function<std::string()> clock, EventLog& events)
    : inventory_(inventory),
      scheduler_(scheduler),
      worldLock_(worldLock),
      timing_(timing),
      clock_(std::move(clock)),
      events_(events) {}

void TaskEngine::later(std::chrono::milliseconds delay, std::function<void()> work) {
  scheduler_.after(delay, [this, work = std::move(work)] {
    const std::lock_guard lock(worldLock_);
    work();
    inventory_.commit();
  });
}

void TaskEngine::setInfo(const std::string& id, const std::function<Value(Value)>& change) {
  const ManagedObject* task = inventory_.find(id);
  if (!task) return;
  inventory_.set(id, "info", change(task->properties().get("info")));
  if (onInfo_) onInfo_(task->properties().get("info"));
}

void TaskEngine::addRecent(const std::string& objectId, const MoRef& task) {
  const ManagedObject* object = inventory_.find(objectId);
  if (!object || !object->type().find("recentTask")) return;
  std::vector<Value> recent{Value(task)};
  if (const List* present = object->properties().get("recentTask").asList()) {
    const std::size_t kept = std::min(present->items.size(), recentLimit - 1);
    recent.insert(recent.end(), present->items.begin(),
                  present->items.begin() + static_cast<std::ptrdiff_t>(kept));
  }
  inventory_.set(objectId, "recentTask", list(std::move(recent)));
}

void TaskEngine::needFree(std::string_view entityId) const {
  const auto holder = holders_.find(std::string(entityId));
  if (holder == holders_.end()) return;
  throw makeFault("TaskInProgress", "Another task is already in progress.", {{"task", holder->second}});
}

Value TaskEngine::newInfo(TaskOrder& order, const MoRef& task, const std::string& time) {
  const ManagedObject* entity = inventory_.find(order.entity.id);
  const bool named = entity && entity->type().find("name");
  const ManagedObject* parent = order.parentKey.empty() ? nullptr : inventory_.find(order.parentKey);
  const Value root = parent ? parent->state.at("info.rootTaskKey") : Value();
  order.chain = events_.chain();
  return object("TaskInfo",
                {{"key", task.id},
                 {"task", task},
                 {"name", order.method},
                 {"descriptionId", order.descriptionId},
                 {"entity", order.entity},
                 {"entityName", named ? entity->properties().get("name") : Value()},
                 {"state", "queued"},
                 {"cancelled", false},
                 {"cancelable", order.cancelable},
                 {"reason", object("TaskReasonUser", {{"userName", order.userName}})},
                 {"queueTime", Value::dateTime(time)},
                 {"eventChainId", order.chain},
                 {"parentTaskKey", parent ? Value(order.parentKey) : Value()},
                 {"rootTaskKey", parent && !root.isSet() ? Value(order.parentKey) : root},
                 {"activationId", order.activationId.empty() ? Value() : Value(order.activationId)}});
}

void TaskEngine::announce(const TaskOrder& order, const Value& info, const std::string& time) {
  if (onInfo_) onInfo_(info);
  events_.post("TaskEvent", order.entity, "Task: " + taskLabel(order.descriptionId),
               {{"info", info}, {"createdTime", Value::dateTime(time)}});
}

void TaskEngine::past(TaskOrder order, const std::string& time, std::string_view state, const Value& error) {
  const MoRef task{"Task", "task-" + std::to_string(nextId_++)};
  const Value info = newInfo(order, task, time).with("cancelable", false);
  announce(order, info, time);
  if (!onInfo_) return;
  onInfo_(info.with("state", state)
              .with("startTime", Value::dateTime(time))
              .with("completeTime", Value::dateTime(time))
              .with("error", error));
}

MoRef TaskEngine::start(TaskOrder order) {
  if (order.exclusive) needFree(order.entity.id);
  MoRef task{"Task", "task-" + std::to_string(nextId_++)};
  const Value info = newInfo(order, task, clock_());
  inventory_.add(task, object("Task", {{"info", info}}));
  addRecent(managerId_, task);
  addRecent(order.entity.id, task);
  announce(order, info, clock_());
  if (order.external) return task;
  if (order.exclusive) {
    holders_.emplace(order.entity.id, task);
    if (onHolding_) onHolding_(order.entity);
  }
  const TaskFate fate = fates_ ? fates_(order).value_or(TaskFate{}) : TaskFate{};
  running_.emplace(task.id, Running{std::move(order), fate});
  schedule(task.id, fate);
  return task;
}

void TaskEngine::schedule(const std::string& id, const TaskFate& fate) {
  using End = TaskFate::End;
  const auto duration = fate.duration.value_or(running_.at(id).order.duration.value_or(timing_.duration));
  const int last = fate.end == End::asUsual ? 100 : fate.at;
  for (const int percent : {0, 25, 50, 75}) {
    // Every task has been running once.
    if (percent == 0 || percent < last)
      later(duration * percent / 100, [this, id, percent] { step(id, percent); });
  }
  if (fate.end == End::hangs) {
    if (last > 0) later(duration * last / 100, [this, id, last] { step(id, last); });
    return;
  }
  if (fate.end == End::vanishes) later(duration * last / 100, [this, id] { forget(id); });
  later(fate.end == End::fails ? duration * last / 100 : duration, [this, id] { finish(id); });
}

void TaskEngine::step(const std::string& id, int progress) {
  if (!running_.contains(id)) return;
  setInfo(id, [&](Value info) {
    if (progress == 0) {
      info = info.with("state", "running").with("startTime", Value::dateTime(clock_()));
    }
    return info.with("progress", std::int32_t{progress});
  });
}

void TaskEngine::finish(const std::string& id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return;
  if (found->second.order.waiting && found->second.order.waiting()) {
    later(waitingStep, [this, id] { finish(id); });
    return;
  }
  const Acting acting(events_, {found->second.order.userName, found->second.order.chain});
  try {
    const Running& task = found->second;
    const bool ordered = task.fate.end == TaskFate::End::fails || task.fate.end == TaskFate::End::vanishes;
    const bool happens = task.order.finish && (!ordered || task.fate.happens);
    const Value result = happens ? task.order.finish() : Value();
    if (task.fate.fault) throw Fault(*task.fate.fault);
    ended(id, "success", result, {});
  } catch (const TaskWaits&) {
    return;
  } catch (const Fault& fault) {
    failed(id, fault);
  } catch (const std::exception& problem) {
    // A defect of the mock: the client sees it as a server's, and the process goes on.
    failed(id, makeFault("SystemError", problem.what(), {{"reason", problem.what()}}));
  }
}

void TaskEngine::failed(const std::string& id, const Fault& fault) {
  const TaskOrder& order = running_.at(id).order;
  const auto tell = order.failed;
  const Acting acting(events_, {order.userName, order.chain});
  ended(id, "error", {}, fault.localized());
  if (tell) tell(fault);
}

void TaskEngine::ended(const std::string& id, std::string_view state, const Value& result,
                       const Value& error) {
  const auto found = running_.find(id);
  const TaskOrder order = std::move(found->second.order);
  running_.erase(found);
  letGo(order);
  setInfo(id, [&](const Value& info) {
    return info.with("state", state)
        .with("completeTime", Value::dateTime(clock_()))
        .with("progress", {})
        .with("cancelable", false)
        .with("result", result)
        .with("error", error);
  });
  release(id);
}

void TaskEngine::letGo(const TaskOrder& order) {
  if (!order.exclusive) return;
  holders_.erase(order.entity.id);
  if (onHolding_) onHolding_(order.entity);
}

void TaskEngine::release(const std::string& id) {
  later(timing_.retention, [this, id] { forget(id); });
}

void TaskEngine::update(const MoRef& task, const std::function<Value(Value)>& change) {
  const ManagedObject* found = inventory_.find(task.id);
  if (!found) throw objectNotFound(task);
  if (running_.contains(task.id)) throw notSupported("The task is the server's own.");
  if (found->state.at("info.completeTime").isSet()) {
    throw makeFault("InvalidState", "The operation is not allowed in the current state: the task has ended.");
  }
  setInfo(task.id, [&](const Value& info) {
    Value changed = change(info);
    const std::string_view state = changed.at("state").string();
    if (state == "queued") return changed;
    const Value now = Value::dateTime(clock_());
    const Value started = changed.at("startTime").isSet() ? changed : changed.with("startTime", now);
    return state == "running" ? started : started.with("completeTime", now).with("cancelable", false);
  });
  if (found->state.at("info.completeTime").isSet()) release(task.id);
}

void TaskEngine::forget(const std::string& id) {
  const ManagedObject* task = inventory_.find(id);
  if (!task) return;
  std::vector<std::string> holders{managerId_};
  if (const MoRef* entity = task->state.at("info.entity").asRef()) holders.push_back(entity->id);
  for (const std::string& holder : holders) {
    const ManagedObject* object = inventory_.find(holder);
    if (!object || !object->type().find("recentTask")) continue;
    inventory_.set(holder, "recentTask", without(object->properties().get("recentTask"), id));
  }
  inventory_.remove(id);
}

void TaskEngine::resume(const MoRef& task) {
  later(std::chrono::milliseconds(0), [this, id = task.id] { finish(id); });
}

void TaskEngine::cancel(const MoRef& task) {
  if (!inventory_.find(task.id)) throw objectNotFound(task);
  const auto found = running_.find(task.id);
  if (found == running_.end()) {
    const ManagedObject* known = inventory_.find(task.id);
    if (!known) throw objectNotFound(task);
    if (!known->state.at("info.completeTime").isSet()) {
      // A client's own: the client is told, and ends it.
      if (!*known->state.at("info.cancelable").asBool()) throw notSupported("The task cannot be cancelled.");
      setInfo(task.id, [](const Value& info) { return info.with("cancelled", true); });
      return;
    }
    throw makeFault("InvalidState", "The operation is not allowed in the current state: the task has ended.");
  }
  if (!found->second.order.cancelable) throw notSupported("The task cannot be cancelled.");
  setInfo(task.id, [](const Value& info) { return info.with("cancelled", true); });
  failed(task.id, makeFault("RequestCanceled", "The task was canceled by a user."));
}

bool TaskEngine::finishNow(const std::string& id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return false;
  found->second.fate = TaskFate{};
  finish(id);
  return true;
}

bool TaskEngine::failNow(const std::string& id, const Fault& fault) {
  if (!running_.contains(id)) return false;
  failed(id, fault);
  return true;
}

bool TaskEngine::vanishNow(const std::string& id) {
  const auto found = running_.find(id);
  if (found == running_.end()) return false;
  const TaskOrder order = std::move(found->second.order);
  running_.erase(found);
  letGo(order);
  forget(id);
  return true;
}

void TaskEngine::loseAll() {
  std::vector<std::string> ids;
  for (const ManagedObject* task : inventory_.all("Task")) ids.push_back(task->ref.id);
  for (const std::string& id : ids) forget(id);
}

void TaskEngine::finishAll() {
  std::vector<std::string> ids;
  for (const auto& [id, running] : running_) {
    if (!running.order.external && running.fate.end != TaskFate::End::hangs) ids.push_back(id);
  }
  for (const std::string& id : ids) {
    if (running_.contains(id)) finish(id);
  }
}

bool TaskEngine::hangs(const std::string& id) const {
  const auto found = running_.find(id);
  return found != running_.end() && found->second.fate.end == TaskFate::End::hangs;
}

}  // namespace failback::mock
