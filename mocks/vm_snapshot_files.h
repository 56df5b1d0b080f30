// SPDX-License-Identifier: GPL-2.0-or-later
// The files that snapshots leave in a machine's directory beside the deltas: the list of snapshots (.vmsd),
// each one's data (.vmsn) and memory (.vmem). Called under the World's lock.
#pragma once

#include <cstdint>

#include "mocks/world.h"

namespace failback::mock {

// Of the next snapshot: one more than any that the machine ever had.
std::int32_t nextSnapshotId(World& world, const Value& state);
void writeSnapshotFiles(World& world, const Value& state, std::int32_t id, bool memory);
void removeSnapshotFiles(World& world, const Value& state, std::int32_t id);
// The .vmsd as the tree is now; `id` is that of a new snapshot, 0 for none.
void writeSnapshotList(World& world, const Value& state, std::int32_t id);

// The configuration that a snapshot froze is in its .vmsn while the machine is not registered; unset when
// there is none.
void writeFrozenConfig(World& world, const Value& state, std::int32_t id, const Value& config);
Value frozenConfigIn(World& world, const Value& state, std::int32_t id);
// VirtualMachineSnapshotInfo as the .vmsd has it; unset when it has none.
Value snapshotListIn(World& world, const Value& state);

}  // namespace failback::mock
