// SPDX-License-Identifier: GPL-2.0-or-later
// The tables of operations, one for each op_*.cpp. A new file adds its line here and in operation.cpp.
#pragma once

#include <span>

#include "mocks/operation.h"

namespace failback::mock {

std::span<const OperationEntry> eventOperations();     // op_events.cpp
std::span<const OperationEntry> fieldOperations();     // op_fields.cpp
std::span<const OperationEntry> licenseOperations();   // op_licenses.cpp
std::span<const OperationEntry> managerOperations();   // op_managers.cpp
std::span<const OperationEntry> scheduleOperations();  // op_schedules.cpp
std::span<const OperationEntry> taskOperations();      // op_tasks.cpp
std::span<const OperationEntry> vmOperations();        // op_vm.cpp

}  // namespace failback::mock
