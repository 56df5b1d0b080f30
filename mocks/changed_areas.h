// SPDX-License-Identifier: GPL-2.0-or-later
// Changed block tracking: which parts of a disk somebody wrote to since a change ID. A change ID names a
// state of a disk by what had been written until then, so one from another branch of snapshots is unknown.
// Called under the World's lock.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/file_store.h"
#include "mocks/world.h"

namespace failback::mock {

struct DiskArea {
  std::int64_t start = 0, length = 0;  // bytes
};

// "52 3c 0e ... 41/7"
std::string changeIdOf(World& world, const FileId& disk);
// A configuration as a snapshot freezes it: with change IDs of its disks, when their changes are tracked.
Value withChangeIds(World& world, const Value& config);

// What is in use on the disk, when the change ID is "*"; else what was written since. Ordered, disjoint;
// nothing for a change ID that the disk never had.
std::optional<std::vector<DiskArea>> changedAreas(World& world, const FileId& disk,
                                                  std::string_view changeId);

}  // namespace failback::mock
