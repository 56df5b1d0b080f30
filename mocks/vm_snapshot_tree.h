// SPDX-License-Identifier: GPL-2.0-or-later
// VirtualMachineSnapshotInfo as a value: finding and changing nodes of the tree. Pure.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "mocks/value.h"

namespace failback::mock {

std::vector<Value> snapshotRoots(const Value& info);
std::vector<Value> snapshotChildren(const Value& node);
// Each node below and with those given, parents first; `parent` is unset for the roots.
void eachSnapshot(const std::vector<Value>& nodes,
                  const std::function<void(const Value& node, const Value& parent)>& visit);

// The info with the node of a snapshot replaced by those that `change` gives.
Value withSnapshotNode(const Value& info, const MoRef& snapshot,
                       const std::function<std::vector<Value>(const Value&)>& change);
// With a new node below a snapshot, or as a root.
Value withNewSnapshot(const Value& info, const std::optional<MoRef>& parent, const Value& node);
// Without these; their children that stay take their place. Unset when none is left.
Value withoutSnapshots(const Value& info, const std::vector<MoRef>& gone);

}  // namespace failback::mock
