// SPDX-License-Identifier: GPL-2.0-or-later
// Tasks of many threads, awaited through one update stream; and the questions that hold them up.
#pragma once

#include <functional>
#include <optional>

#include "vsphere/context.h"
#include "vsphere/model/moref.h"
#include "vsphere/model/task.h"
#include "vsphere/model/virtual_machine.h"

namespace failback::vsphere {

// Thread-safe: made once for a piece of work, and shared by all its threads. Costs nothing before the first
// wait() and, while nobody waits, no call.
class TaskWatch {
 public:
  // Who waits is told, on its own thread; it may call the server meanwhile, or throw, which ends its wait.
  // Of what changes while it is being told, it hears the last state only.
  struct Listener {
    std::function<void(const TaskInfo&)> progress;  // each state or percent that changes
    // runtime.question of the VM: one that is there or comes; nothing when it is gone.
    std::function<void(const std::optional<Question>&)> question;
    // Called about every `interval` while the task goes on; not without an interval.
    std::function<void()> meanwhile;
    Milliseconds interval{0};
  };

  virtual ~TaskWatch() = default;

  // Waits for the task's end, and returns how it ended, as Client::waitForTasks() does: a task whose state
  // can't be read, or that is gone, comes back with state "" and an error. `vm`: whose questions are told;
  // may be empty, and a VM that can't be read has none. Throws Failure at the context's deadline, on its
  // stop, or when the stream can't be kept; the task then goes on. All waits end before the watch is
  // destroyed.
  virtual TaskInfo wait(const Moref& task, const Moref& vm, const Listener& listener,
                        const Context& context) = 0;
};

}  // namespace failback::vsphere
