// SPDX-License-Identifier: GPL-2.0-or-later
// TaskInfo: an operation that runs on the server.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "vsphere/error.h"
#include "vsphere/model/moref.h"
#include "vsphere/model/top_file.h"
#include "vsphere/model/vm_change.h"

namespace failback::vsphere {

struct TaskInfo {
  Moref ref;
  std::string descriptionId;  // "VirtualMachine.reconfigure"
  std::string name;           // "ReconfigVM_Task"
  std::optional<Moref> entity;
  std::string entityName;
  std::string state;                     // "queued", "running", "success", "error"
  std::optional<std::int32_t> progress;  // percent
  bool cancelled = false, cancelable = false;
  std::string queueTime;  // RFC 3339
  std::optional<std::string> startTime, completeTime;
  // Why it runs: "TaskReasonUser", "TaskReasonSchedule", "TaskReasonAlarm", "TaskReasonSystem", as written.
  std::string reason;
  std::optional<std::string> userName;    // who asked, of a user's task
  std::optional<std::string> reasonName;  // the scheduled task's or the alarm's name
  std::optional<std::string> activationId;
  std::optional<Error> error;   // state "error": why
  std::optional<Moref> result;  // when the result is a reference (a created VM, a snapshot)

  // When it was a search of one folder of a datastore: what lies there.
  std::optional<std::vector<TopFile>> files;
  // When the result is that of a check (CheckResult), of all of them together.
  std::optional<ConfigVerdict> verdict;

  bool done() const { return state == "success" || state == "error"; }
};

}  // namespace failback::vsphere
