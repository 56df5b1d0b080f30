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

namespace {

// ESXi has no checker, and vCenter asks for the new configuration only from this version on.
bool canCheck(const Session& session) {
  return !session.refs().compatibilityChecker.empty() && compareApiVersions(session.apiVersion(), "6.7") >= 0;
}

ConfigVerdict verdictOn(const Session& session, vim25__CheckVmConfigRequestType& request,
                        const Context& context) {
  const Moref task = binding::morefOf(
      session.service().call(session.refs().compatibilityChecker, request, context)->returnval);
  if (task.empty()) fail(Category::malformedAnswer, "the answer to CheckVmConfig_Task holds no task");
  TaskInfo ended = waitForTasks(session, {task}, {}, context).at(0);
  if (ended.error) throw Failure(std::move(*ended.error));
  if (!ended.verdict)
    fail(Category::malformedAnswer, "the check of a configuration has ended without a result");
  return std::move(*ended.verdict);
}

}  // namespace

std::optional<ConfigVerdict> checkConfig(const Session& session, const Moref& vm, const VmChange& change,
                                         const Context& context) {
  if (!canCheck(session)) return std::nullopt;
  RequestArena arena;
  vim25__CheckVmConfigRequestType request;
  request.spec = encodeVmChange(arena, change);
  request.vm = arena.reference(vm);
  return verdictOn(session, request, context);
}

std::optional<ConfigVerdict> checkNewVm(const Session& session, const NewVmPlace& place, const NewVm& vm,
                                        const Context& context) {
  if (!canCheck(session)) return std::nullopt;
  RequestArena arena;
  vim25__CheckVmConfigRequestType request;
  request.spec = encodeNewVm(arena, vm);
  // The folder has no place in the question.
  if (!place.host.empty()) request.host = arena.reference(place.host);
  if (!place.pool.empty()) request.pool = arena.reference(place.pool);
  return verdictOn(session, request, context);
}

}  // namespace failback::vsphere
