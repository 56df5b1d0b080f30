// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/config_checker.h"

#include <utility>

#include "vsphere/binding/encode_vm_change.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/property_table.h"
#include "vsphere/session.h"
#include "vsphere/task_waiter.h"

namespace failback::vsphere {

std::optional<ConfigVerdict> checkConfig(const Session& session, const Moref& vm, const VmChange& change,
                                         const Context& context) {
  const Moref& checker = session.refs().compatibilityChecker;
  if (checker.empty() || compareApiVersions(session.apiVersion(), "6.7") < 0) return std::nullopt;
  RequestArena arena;
  vim25__CheckVmConfigRequestType request;
  request.spec = encodeVmChange(arena, change);
  request.vm = arena.reference(vm);
  const Moref task = binding::morefOf(session.service().call(checker, request, context)->returnval);
  if (task.empty()) fail(Category::malformedAnswer, "the answer to CheckVmConfig_Task holds no task");
  TaskInfo ended = waitForTasks(session, {task}, {}, context).at(0);
  if (ended.error) throw Failure(std::move(*ended.error));
  if (!ended.verdict)
    fail(Category::malformedAnswer, "the check of a configuration has ended without a result");
  return std::move(*ended.verdict);
}

}  // namespace failback::vsphere
