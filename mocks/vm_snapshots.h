// SPDX-License-Identifier: GPL-2.0-or-later
// Snapshots of virtual machines: the tree that the API shows, the deltas that it means, and what making,
// reverting to and removing snapshots does to both. Called under the World's lock.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mocks/fault.h"
#include "mocks/world.h"

namespace failback::mock {

struct SnapshotOrder {
  std::string name, description;
  bool memory = false;   // asked for; only a running machine has any
  bool quiesce = false;  // asked for; without Tools or a running guest it means nothing
};

// All snapshots of a machine's tree, parents first.
std::vector<MoRef> snapshotsOf(const Value& state);
// A snapshot with all below it; empty when the machine has no such one.
std::vector<MoRef> snapshotsBelow(const Value& state, const MoRef& snapshot);
// Its node of the tree (VirtualMachineSnapshotTree); unset when there is none.
Value snapshotNode(const Value& state, const MoRef& snapshot);

// Throws what keeps a snapshot from being made: SnapshotIncompatibleDeviceInVm,
// MemorySnapshotOnIndependentDisk, TooManySnapshotLevels, FileLocked, FileNotFound, ...
void needSnapshotPossible(World& world, const MoRef& vm, const SnapshotOrder& order);
MoRef createSnapshotNow(World& world, const MoRef& vm, const SnapshotOrder& order);
// Gives the machine the configuration and disks of a snapshot, whether it runs or not.
void standOn(World& world, const MoRef& vm, const MoRef& snapshot);
// The same as the API does it: what runs is powered off first, and goes on if the snapshot has its memory.
void revertNow(World& world, const MoRef& vm, const MoRef& snapshot, bool suppressPowerOn);
// Removes snapshots from the tree and, when told to, merges their deltas. The fault that a merge ends with is
// thrown when everything else is done: the snapshots are gone then, and consolidationNeeded is true.
void removeSnapshotsNow(World& world, const MoRef& vm, const std::vector<MoRef>& gone, bool consolidate);
void consolidateNow(World& world, const MoRef& vm);
void renameSnapshotNow(World& world, const MoRef& vm, const MoRef& snapshot,
                       const std::optional<std::string>& name, const std::optional<std::string>& description);
// Before a machine leaves the inventory: its snapshots stay in its files. And after it is back: they are
// read from there, as new objects; chains that nobody merged need consolidation again.
void keepSnapshots(World& world, const MoRef& vm);
void recallSnapshots(World& world, const MoRef& vm);

}  // namespace failback::mock
