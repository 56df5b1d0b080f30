// SPDX-License-Identifier: GPL-2.0-or-later
// Tasks: made by a call, queued, running with progress, then success or error, over time. Task objects are
// managed objects in the inventory, so that update streams see every step. One task per virtual machine runs
// at a time; a second one is refused with TaskInProgress. Guarded by the World's lock; the steps take it
// themselves.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "mocks/event_log.h"
#include "mocks/fault.h"
#include "mocks/inventory.h"
#include "mocks/orders.h"
#include "mocks/scheduler.h"

namespace failback::mock {

// Thrown by TaskOrder::finish for a task that cannot end yet, because a question waits for its answer: it
// keeps its state and progress until TaskEngine::resume(), and then finish runs again.
struct TaskWaits {};

struct TaskOrder {
  std::string method;         // "PowerOnVM_Task": TaskInfo.name, without the suffix
  std::string descriptionId;  // "VirtualMachine.powerOn"
  MoRef entity;
  std::string userName;
  std::string activationId;  // the operation id of the call
  std::string parentKey;     // of the task that this one is a part of
  bool external = false;     // a client's own (CreateTask): only update() moves it
  std::int32_t chain = 0;    // of its events; start() sets it
  bool cancelable = true;
  bool exclusive = true;                              // false: may run beside another task of the entity
  std::optional<std::chrono::milliseconds> duration;  // unset: the usual one
  // Runs at the end, under the lock: makes the change and gives the result (unset: none), or throws a Fault.
  std::function<Value()> finish;
  // Asked when the time is over, under the lock: while it says true, the task goes on running. Optional.
  std::function<bool()> waiting;
  // Told why the task ended without success, cancelled ones included, under the lock. Optional.
  std::function<void(const Fault&)> failed;
};

class TaskEngine {
 public:
  struct Timing {
    std::chrono::milliseconds duration{200};       // of a task, from running to its end
    std::chrono::milliseconds retention{600'000};  // how long a finished one can still be read
  };

  TaskEngine(Inventory& inventory, Scheduler& scheduler, std::mutex& worldLock, Timing timing,
             std::function<std::string()> clock, EventLog& events);

  // Asked at each start, under the lock, what is to happen to the task; nothing: as usual.
  using Fates = std::function<std::optional<TaskFate>(const TaskOrder&)>;
  void setFates(Fates fates) { fates_ = std::move(fates); }

  // Queues the task. Throws TaskInProgress when another one holds the entity.
  MoRef start(TaskOrder order);
  // Puts a task that ended before the server started into the history; there is no Task object for it.
  void past(TaskOrder order, const std::string& time, std::string_view state, const Value& error);
  // Throws NotSupported for a task that cannot be cancelled, InvalidState for one that has ended.
  void cancel(const MoRef& task);
  // Ends a task that runs, or hangs, now: as usual, with a fault, or without a trace. False when there is
  // none.
  bool finishNow(const std::string& id);
  bool failNow(const std::string& id, const Fault& fault);
  bool vanishNow(const std::string& id);
  // Takes all Task objects away; what those that run were to do is still done in its time.
  void loseAll();
  bool hangs(const std::string& id) const;
  // Ends all that run now, but for those that hang or wait for somebody's answer.
  void finishAll();
  // Number of the next Task; for a state that is restored.
  std::uint64_t nextId() const { return nextId_; }
  void setNextId(std::uint64_t next) { nextId_ = next; }
  // Lets a task go on that threw TaskWaits. A task that has ended meanwhile is left alone.
  void resume(const MoRef& task);
  // Changes the TaskInfo of an external task; one that is set to success or error ends with that. Throws
  // InvalidState for a task that has ended, NotSupported for one that is not external.
  void update(const MoRef& task, const std::function<Value(Value)>& change);
  // Told of every TaskInfo when it is new and when it changes.
  void observe(std::function<void(const Value& info)> onInfo) { onInfo_ = std::move(onInfo); }
  // Told of each entity that a task has begun or ceased to hold.
  void observeHolding(std::function<void(const MoRef& entity)> onHolding) {
    onHolding_ = std::move(onHolding);
  }
  // The TaskManager, whose recentTask shows them all.
  void setManager(std::string id) { managerId_ = std::move(id); }
  // Throws TaskInProgress when a task holds the entity.
  void needFree(std::string_view entityId) const;
  bool busy(std::string_view entityId) const { return holders_.contains(std::string(entityId)); }

 private:
  struct Running {
    TaskOrder order;
    TaskFate fate;
  };

  void schedule(const std::string& id, const TaskFate& fate);
  void step(const std::string& id, int progress);
  void finish(const std::string& id);
  void failed(const std::string& id, const Fault& fault);
  void ended(const std::string& id, std::string_view state, const Value& result, const Value& error);
  Value newInfo(TaskOrder& order, const MoRef& task, const std::string& time);
  void announce(const TaskOrder& order, const Value& info, const std::string& time);
  void release(const std::string& id);
  void letGo(const TaskOrder& order);
  void setInfo(const std::string& id, const std::function<Value(Value)>& change);
  void addRecent(const std::string& objectId, const MoRef& task);
  void later(std::chrono::milliseconds delay, std::function<void()> work);
  void forget(const std::string& id);

  Inventory& inventory_;
  Scheduler& scheduler_;
  std::mutex& worldLock_;
  Timing timing_;
  std::function<std::string()> clock_;
  EventLog& events_;
  std::function<void(const Value&)> onInfo_;
  std::function<void(const MoRef&)> onHolding_;
  Fates fates_;
  std::map<std::string, Running> running_;
  std::map<std::string, MoRef> holders_;  // entity -> the task that holds it
  std::string managerId_ = "TaskManager";
  std::uint64_t nextId_ = 1;
};

}  // namespace failback::mock
