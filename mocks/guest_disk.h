// SPDX-License-Identifier: GPL-2.0-or-later
// What a guest (or a replication agent in it) does to the disks of a running machine.
#pragma once

#include <cstdint>
#include <string>

#include "mocks/world.h"

namespace failback::mock {

// Writes `bytes` bytes, told apart by the token, to a disk of a running machine: the top of its chain gets
// another contentId and, where it is thin or a delta, grows. When the datastore is too full for that, the
// machine asks (msg.hbacommon.outofspace) and the write waits: it happens once the question is answered with
// Retry and there is room; Cancel powers the machine off. True when the bytes are written at once.
// Throws InvalidPowerState, InvalidArgument for a key that is no disk, FileNotFound. Called under the lock.
bool guestWrite(World& world, const MoRef& vm, std::int32_t diskKey, const std::string& token,
                std::int64_t bytes);

}  // namespace failback::mock
