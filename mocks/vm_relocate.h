// SPDX-License-Identifier: GPL-2.0-or-later
// Moving machines: to another host, another pool, other datastores. The UUIDs stay what they are.
// Called under the World's lock.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>
#include <vector>

#include "mocks/fault.h"
#include "mocks/world.h"

namespace failback::mock {

// Throws what stands in the way of the move; changes nothing.
void checkRelocation(World& world, const MoRef& vm, const Value& spec);
// Bytes that the move copies from one datastore to another.
std::int64_t relocatedBytes(World& world, const MoRef& vm, const Value& spec);
// VmBeingRelocatedEvent or VmBeingHotMigratedEvent.
void announceRelocation(World& world, const MoRef& vm, const Value& spec);
// Moves. `eventType`: of the event at the end; empty: VmRelocatedEvent or VmMigratedEvent.
void relocate(World& world, const MoRef& vm, const Value& spec, std::string_view eventType = {});
// VmRelocateFailedEvent or VmFailedMigrateEvent: the machine is where it was.
void sayNotMoved(World& world, const MoRef& vm, const Value& spec, const Fault& why);
// How long moving so many bytes takes, with --task-time for ten gigabytes.
std::chrono::milliseconds timeFor(const World& world, std::int64_t bytes);

}  // namespace failback::mock
