// SPDX-License-Identifier: GPL-2.0-or-later
// Snapshots and deltas of a home VM become its disks: what to try next, how long to wait before, when to
// stop. Pure functions.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "provisioning/job/merge_tries.h"
#include "vsphere/model/datastore.h"
#include "vsphere/model/virtual_machine.h"

namespace failback::provisioning {
struct Step;

namespace steps {

// It is ours: one that is left over is merged like any other.
inline constexpr std::string_view consolidateSnapshotName = "failback-consolidate";

// Of a VM that has snapshots, deltas, or disks that need consolidation: all snapshots are removed; what is
// left of their files is consolidated, again and again; then one fresh snapshot makes the server look at the
// chain anew when it is removed. After that it stops, and says what went wrong last.
Step nextMerge(const vsphere::VirtualMachine& home, const MergeTries& tries);
// Before the next try: none before the first one, nor right after the fresh snapshot; then longer each time.
std::chrono::milliseconds pauseBefore(const MergeTries& tries);

// What is said of a datastore that gets full while a merge writes to it; nothing while there is room: 5 % of
// it, and not more than 20 GiB, are to stay free. A merge can't be stopped.
std::optional<std::string> lowSpace(const vsphere::Datastore& datastore, const std::string& vmName);

}  // namespace steps
}  // namespace failback::provisioning
