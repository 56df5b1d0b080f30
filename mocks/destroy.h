// SPDX-License-Identifier: GPL-2.0-or-later
// Destroy_Task: one function per kind of entity. Called under the World's lock.
#pragma once

#include "mocks/operation.h"

namespace failback::mock {

// The method itself: judges, then makes the task.
Answer destroyEntity(Operation& op);

// Those that a server never gives away: the root folder, a datacenter's own folders, a root pool.
bool isFixed(const World& world, const ManagedObject& entity);

// A new resource pool or vApp.
struct NewPool {
  MoRef parent;
  std::string name;            // as the client says it
  std::string_view type;       // "ResourcePool", "VirtualApp"
  std::string_view parameter;  // that holds the spec, for faults
};
// Throws InvalidName, DuplicateName, InvalidArgument, Insufficient...ResourcesFault.
MoRef addPool(World& world, const NewPool& pool, const Value& spec);
// A pool goes; its machines and pools belong to its parent then.
void destroyPool(World& world, const MoRef& pool);
// What a pool may still give away follows from what its children have reserved.
void settlePool(World& world, const MoRef& pool);
// A host with its machines (which are unregistered, their files stay).
void removeHost(World& world, const MoRef& host);
// A datastore that no machine is on.
void removeDatastore(World& world, const MoRef& datastore);

}  // namespace failback::mock
