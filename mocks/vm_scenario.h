// SPDX-License-Identifier: GPL-2.0-or-later
// What of a scenario's machines is done to them rather than built: trees of snapshots with branches,
// questions that wait from the start.
#pragma once

#include "mocks/world.h"

namespace failback::mock {

// When everything else of the world is there. Called under the World's lock.
void setUpMachines(World& world);

}  // namespace failback::mock
