// SPDX-License-Identifier: GPL-2.0-or-later
// What DRS and Storage DRS do by themselves: a move that nobody asked for, with the events that it has on a
// real server. False when the cluster, the datastore cluster or the machine's override leaves it alone.
// So does Storage DRS with templates and with machines that have an independent disk; disks that lie outside
// of the datastore cluster stay there. Throws the fault that stands in the way of the move. Called under the
// World's lock.
#pragma once

#include "mocks/world.h"

namespace failback::mock {

bool drsMove(World& world, const MoRef& vm, const MoRef& host);
bool storageDrsMove(World& world, const MoRef& vm, const MoRef& datastore);

}  // namespace failback::mock
