// SPDX-License-Identifier: GPL-2.0-or-later
// TaskInfo, whole and as a stream of changes.
#pragma once

#include <string_view>

#include "vim25/soapStub.h"
#include "vsphere/model/task.h"

namespace failback::vsphere {

TaskInfo decodeTaskInfo(const vim25__TaskInfo& info);

// A property of a Task object: "info" replaces all of it, "info.progress" and the like one member; a null
// value clears it. False when the path feeds nothing of ours or the value is of another type.
bool applyTaskProperty(TaskInfo& task, std::string_view path, const xsd__anyType* value);

}  // namespace failback::vsphere
