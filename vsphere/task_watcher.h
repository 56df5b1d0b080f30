// SPDX-License-Identifier: GPL-2.0-or-later
// The one implementation of TaskWatch.
#pragma once

#include <memory>

#include "vsphere/task_watch.h"

namespace failback::vsphere {

class Session;

// One collector, with a filter for each task; one thread of its own waits for its updates while anybody waits
// for a task. Who begins to wait adds its filter while that call is under way. A session, collector or
// version that is lost is replaced, and what is still awaited is followed anew. The session must outlive the
// watch; `context`: clock and operation id of the waiting calls (its deadline and stop are not used).
std::unique_ptr<TaskWatch> newTaskWatch(const Session& session, const Context& context);

}  // namespace failback::vsphere
