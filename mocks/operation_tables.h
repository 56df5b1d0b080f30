// SPDX-License-Identifier: GPL-2.0-or-later
// The tables of operations, one for each op_*.cpp. A new file adds its line here and in operation.cpp.
#pragma once

#include <span>

#include "mocks/operation.h"

namespace failback::mock {

std::span<const OperationEntry> addHostOperations();        // op_add_host.cpp
std::span<const OperationEntry> authorizationOperations();  // op_authorization.cpp
std::span<const OperationEntry> browserOperations();        // op_browser.cpp
std::span<const OperationEntry> changedAreaOperations();    // op_changed_areas.cpp
std::span<const OperationEntry> checkerOperations();        // op_checkers.cpp
std::span<const OperationEntry> clusterOperations();        // op_clusters.cpp
std::span<const OperationEntry> datastoreOperations();      // op_datastores.cpp
std::span<const OperationEntry> diskOperations();           // op_disks.cpp
std::span<const OperationEntry> environmentOperations();    // op_environment.cpp
std::span<const OperationEntry> eventOperations();          // op_events.cpp
std::span<const OperationEntry> fieldOperations();          // op_fields.cpp
std::span<const OperationEntry> fileOperations();           // op_files.cpp
std::span<const OperationEntry> folderOperations();         // op_folders.cpp
std::span<const OperationEntry> guestToolOperations();      // op_guest_tools.cpp
std::span<const OperationEntry> hostQueryOperations();      // op_host_queries.cpp
std::span<const OperationEntry> hostOperations();           // op_hosts.cpp
std::span<const OperationEntry> licenseOperations();        // op_licenses.cpp
std::span<const OperationEntry> lifecycleOperations();      // op_lifecycle.cpp
std::span<const OperationEntry> managerOperations();        // op_managers.cpp
std::span<const OperationEntry> poolOperations();           // op_pools.cpp
std::span<const OperationEntry> powerOperations();          // op_power.cpp
std::span<const OperationEntry> relocateOperations();       // op_relocate.cpp
std::span<const OperationEntry> scheduleOperations();       // op_schedules.cpp
std::span<const OperationEntry> settingOperations();        // op_settings.cpp
std::span<const OperationEntry> snapshotOperations();       // op_snapshots.cpp
std::span<const OperationEntry> taskOperations();           // op_tasks.cpp
std::span<const OperationEntry> ticketOperations();         // op_tickets.cpp
std::span<const OperationEntry> userDirectoryOperations();  // op_user_directory.cpp
std::span<const OperationEntry> vappPowerOperations();      // op_vapp_power.cpp
std::span<const OperationEntry> vappOperations();           // op_vapps.cpp
std::span<const OperationEntry> vmOperations();             // op_vm.cpp

}  // namespace failback::mock
