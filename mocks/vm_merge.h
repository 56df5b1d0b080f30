// SPDX-License-Identifier: GPL-2.0-or-later
// Chains of deltas and their merging: which deltas no snapshot needs any more, and putting them back into the
// files below. Called under the World's lock.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <vector>

#include "mocks/fault.h"
#include "mocks/world.h"

namespace failback::mock {

struct Merge {
  FileId delta, parent;
  std::vector<FileId> above;  // deltas on the delta, which stand on the parent afterwards
  std::int64_t bytes = 0;     // of the delta
};

// The files of the chains of a machine's disks and of those that its snapshots hold.
std::set<FileId> chainFiles(World& world, const Value& state);
// What can be merged, lowest first: a delta whose parent is no snapshot's and nobody else's. `gone` are
// snapshots that do not count.
std::vector<Merge> mergesOf(World& world, const Value& state, const std::vector<MoRef>& gone = {});
std::int64_t bytesOf(const std::vector<Merge>& merges);

struct MergeOutcome {
  std::map<FileId, FileId> replaced;  // what each merged delta is now
  std::optional<Fault> failed;        // that stopped it half-way
};
// Merges one after another until one fails: a file that another machine holds, a full datastore, an order
// (World::mergeFaults). The machine must hold no locks itself.
MergeOutcome runMerges(World& world, const MoRef& vm, const std::vector<Merge>& merges);

// Removes deltas that belonged to chains before and do not any more.
void removeOrphans(World& world, const MoRef& vm, const std::set<FileId>& before, const Value& state);

// A configuration with its disks' backings as the files are now, after deltas were replaced.
Value withChains(World& world, const Value& config, const std::map<FileId, FileId>& replaced);

}  // namespace failback::mock
