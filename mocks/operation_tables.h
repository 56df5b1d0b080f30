// SPDX-License-Identifier: GPL-2.0-or-later
// The tables of operations, one for each op_*.cpp. A new file adds its line here and in operation.cpp.
#pragma once

#include <span>

#include "mocks/operation.h"

namespace failback::mock {

std::span<const OperationEntry> authorizationOperations();  // op_authorization.cpp
std::span<const OperationEntry> clusterOperations();        // op_clusters.cpp
std::span<const OperationEntry> datastoreOperations();      // op_datastores.cpp
std::span<const OperationEntry> folderOperations();         // op_folders.cpp
std::span<const OperationEntry> hostOperations();           // op_hosts.cpp
std::span<const OperationEntry> poolOperations();           // op_pools.cpp
std::span<const OperationEntry> powerOperations();          // op_power.cpp
std::span<const OperationEntry> snapshotOperations();       // op_snapshots.cpp
std::span<const OperationEntry> vmOperations();             // op_vm.cpp

}  // namespace failback::mock
