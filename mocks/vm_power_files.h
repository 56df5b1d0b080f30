// SPDX-License-Identifier: GPL-2.0-or-later
// The files that come and go with a machine's process: swap file, log, state of a suspended one. Called under
// the World's lock.
#pragma once

#include <cstdint>
#include <string>

#include "mocks/world.h"

namespace failback::mock {

// Writes a file of this size, new or over the one that is there.
void putFile(World& world, const FileId& file, FileKind kind, std::int64_t size);

// "[vmfs-01] web-01/web-01.vswp"
std::string swapPath(World& world, const Value& state);
// Throws NoDiskSpace when the machine's swap file does not fit on its datastore.
void needSwapSpace(World& world, const Value& state);
// Swap file and a new vmware.log; the log before becomes vmware-1.log or the next number, of which six stay.
void makeRunFiles(World& world, const Value& state);
// The swap file goes, the log ends; a suspended machine's memory stays in a .vmss.
void removeRunFiles(World& world, const Value& state, bool suspended);

}  // namespace failback::mock
