// SPDX-License-Identifier: GPL-2.0-or-later
// Waits for many tasks with one update stream.
#pragma once

#include <functional>
#include <vector>

#include "vsphere/context.h"
#include "vsphere/model/moref.h"
#include "vsphere/model/task.h"

namespace failback::vsphere {

class Session;

// See Client::waitForTasks.
std::vector<TaskInfo> waitForTasks(const Session& session, const std::vector<Moref>& tasks,
                                   const std::function<void(const TaskInfo&)>& onProgress,
                                   const Context& context);

}  // namespace failback::vsphere
