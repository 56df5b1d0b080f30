// SPDX-License-Identifier: GPL-2.0-or-later
// The configuration of clusters and datastore clusters: DRS, HA, overrides of machines, rules, groups.
// Called under the World's lock.
#pragma once

#include "mocks/world.h"

namespace failback::mock {

// What a ClusterConfigSpecEx or ClusterConfigSpec makes of a cluster's configuration. With `modify`, what the
// spec does not mention stays; without, it becomes as if never set. Throws InvalidArgument for what does not
// fit (an unknown machine, an override to remove that is not there); nothing has changed then.
void reconfigureCluster(World& world, const MoRef& cluster, const Value& spec, bool modify);
// The same of a datastore cluster and a StorageDrsConfigSpec.
void reconfigurePod(World& world, const MoRef& pod, const Value& spec, bool modify);

// A cluster without hosts and its root pool, in a folder of hosts.
MoRef addCluster(World& world, const MoRef& folder, const std::string& name, const Value& spec);
// The summary, datastores and networks of a compute resource follow from its hosts.
void settleCluster(World& world, const MoRef& resource);

// The pool "Resources" of a compute resource that is being made.
void addRootPool(World& world, const MoRef& pool, const MoRef& owner);

// A machine that leaves: out of overrides, rules and groups.
void dropOverrides(World& world, const MoRef& vm);

// Whether DRS moves the machine by itself: enabled, fully automated, and not overridden.
bool drsMoves(const World& world, const MoRef& cluster, const MoRef& vm);

}  // namespace failback::mock
