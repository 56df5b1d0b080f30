// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_task.h"

#include "vsphere/binding/fault_decoder.h"
#include "vsphere/binding/values.h"
#include "wsdl/vim_hooks.h"

namespace failback::vsphere {
namespace {

using namespace binding;  // NOLINT(google-build-using-namespace): this file's own helpers

void readReason(TaskInfo& task, const vim25__TaskReason& reason) {
  task.reason = vim25::wireTypeName(reason);
  task.userName.reset();
  task.reasonName.reset();
  if (const auto* user = dynamic_cast<const vim25__TaskReasonUser*>(&reason)) task.userName = user->userName;
  if (const auto* schedule = dynamic_cast<const vim25__TaskReasonSchedule*>(&reason))
    task.reasonName = schedule->name;
  if (const auto* alarm = dynamic_cast<const vim25__TaskReasonAlarm*>(&reason))
    task.reasonName = alarm->alarmName;
}

bool setReason(TaskInfo& task, const xsd__anyType& value) {
  const auto* reason = dynamic_cast<const vim25__TaskReason*>(&value);
  if (reason != nullptr) readReason(task, *reason);
  return reason != nullptr;
}

bool setError(TaskInfo& task, const xsd__anyType& value) {
  const auto* error = dynamic_cast<const vim25__LocalizedMethodFault*>(&value);
  if (error != nullptr) task.error = errorFromFault(*error);
  return error != nullptr;
}

std::vector<TopFile> filesOf(const vim25__HostDatastoreBrowserSearchResults& results) {
  std::vector<TopFile> files;
  files.reserve(results.file.size());
  for (const vim25__FileInfo* file : results.file) {
    if (file == nullptr || !file->path) continue;
    files.push_back({*file->path, dynamic_cast<const vim25__FolderFileInfo*>(file) != nullptr});
  }
  return files;
}

ConfigVerdict verdictOf(const vim25__ArrayOfCheckResult& results) {
  ConfigVerdict verdict;
  for (const vim25__CheckResult* result : results.CheckResult) {
    if (result == nullptr) continue;
    for (const vim25__LocalizedMethodFault* each : result->error) {
      if (each != nullptr) verdict.errors.push_back(errorFromFault(*each));
    }
    for (const vim25__LocalizedMethodFault* each : result->warning) {
      if (each != nullptr) verdict.warnings.push_back(errorFromFault(*each));
    }
  }
  return verdict;
}

// Results of other types belong to whoever started the task.
bool setResult(TaskInfo& task, const xsd__anyType& value) {
  task.result.reset();
  task.files.reset();
  task.verdict.reset();
  if (const auto* checks = dynamic_cast<const vim25__ArrayOfCheckResult*>(&value))
    task.verdict = verdictOf(*checks);
  if (const auto* search = dynamic_cast<const vim25__HostDatastoreBrowserSearchResults*>(&value))
    task.files = filesOf(*search);
  if (const auto* reference = dynamic_cast<const vim25__ManagedObjectReference*>(&value))
    task.result = optionalMoref(reference);
  return true;
}

bool setWhole(TaskInfo& task, const xsd__anyType& value) {
  const auto* info = dynamic_cast<const vim25__TaskInfo*>(&value);
  if (info != nullptr) task = decodeTaskInfo(*info);
  return info != nullptr;
}

template <bool TaskInfo::*Member>
bool setFlag(TaskInfo& task, const xsd__anyType& value) {
  std::optional<bool> flag;
  if (!assign(flag, value)) return false;
  task.*Member = *flag;
  return true;
}

bool setRef(TaskInfo& task, const xsd__anyType& value) {
  std::optional<Moref> ref;
  if (!assign(ref, value)) return false;
  task.ref = ref.value_or(Moref{});
  return true;
}

const SetterTable<TaskInfo>& taskSetters() {
  static const SetterTable<TaskInfo> table{
      {"info", setWhole},
      {"info.task", setRef},
      {"info.descriptionId", set<&TaskInfo::descriptionId>},
      {"info.name", set<&TaskInfo::name>},
      {"info.entity", set<&TaskInfo::entity>},
      {"info.entityName", set<&TaskInfo::entityName>},
      {"info.state", set<&TaskInfo::state>},
      {"info.progress", set<&TaskInfo::progress>},
      {"info.cancelled", setFlag<&TaskInfo::cancelled>},
      {"info.cancelable", setFlag<&TaskInfo::cancelable>},
      {"info.queueTime", set<&TaskInfo::queueTime>},
      {"info.startTime", set<&TaskInfo::startTime>},
      {"info.completeTime", set<&TaskInfo::completeTime>},
      {"info.activationId", set<&TaskInfo::activationId>},
      {"info.reason", setReason},
      {"info.error", setError},
      {"info.result", setResult},
  };
  return table;
}

}  // namespace

TaskInfo decodeTaskInfo(const vim25__TaskInfo& info) {
  TaskInfo task;
  task.ref = morefOf(info.task);
  if (task.ref.empty() && info.key) task.ref = {"Task", *info.key, {}};
  task.descriptionId = info.descriptionId.value_or("");
  task.name = info.name.value_or("");
  task.entity = optionalMoref(info.entity);
  task.entityName = unescapeName(info.entityName.value_or(""));
  task.state = info.state.value_or("");
  task.progress = info.progress;
  task.cancelled = info.cancelled.value_or(false);
  task.cancelable = info.cancelable.value_or(false);
  task.queueTime = info.queueTime.value_or("");
  task.startTime = info.startTime;
  task.completeTime = info.completeTime;
  task.activationId = info.activationId;
  if (info.reason != nullptr) readReason(task, *info.reason);
  if (info.error != nullptr) task.error = errorFromFault(*info.error);
  if (info.result != nullptr) setResult(task, *info.result);
  return task;
}

bool applyTaskProperty(TaskInfo& task, std::string_view path, const xsd__anyType* value) {
  if (value != nullptr) return taskSetters().apply(task, path, value) == Applied::done;
  if (path == "info.progress") {
    task.progress.reset();
  } else if (path == "info.error") {
    task.error.reset();
  } else if (path == "info.result") {
    task.result.reset();
    task.files.reset();
    task.verdict.reset();
  }
  return taskSetters().find(path) != nullptr;
}

}  // namespace failback::vsphere
