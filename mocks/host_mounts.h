// SPDX-License-Identifier: GPL-2.0-or-later
// Which host sees which datastore, and how: told by the host, its managers, and the datastore alike. Called
// under the World's lock.
#pragma once

#include <functional>
#include <string>

#include "mocks/world.h"

namespace failback::mock {

// Changes the HostMountInfo of a datastore on a host wherever it is shown, and what follows from it: whether
// the datastore can be reached at all. Nothing happens when the host does not have it.
void changeMount(World& world, const MoRef& host, const MoRef& datastore,
                 const std::function<Value(const Value& mountInfo)>& change);

// The mount as the host itself knows it, connected to vCenter or not; unset without one.
Value mountOnHost(const World& world, const MoRef& host, const MoRef& datastore);

// A datastore is on a host from now on, with such a volume (HostFileSystemVolume), or not any more.
void addMount(World& world, const MoRef& host, const MoRef& datastore, const Value& mountInfo,
              const Value& volume);
void dropMount(World& world, const MoRef& host, const MoRef& datastore);

// summary.accessible, capacity and free space follow from the mounts.
void settleAccess(World& world, const MoRef& datastore);

// The manager that a host names as `member` of its configManager ("storageSystem").
MoRef managerOf(const World& world, const MoRef& host, std::string_view member);
// The host that a manager belongs to. Throws std::logic_error when there is none.
MoRef hostOfManager(const World& world, const MoRef& manager);

}  // namespace failback::mock
