// SPDX-License-Identifier: GPL-2.0-or-later
// What tasks do to virtual machines and other entities. Each function makes its change in the inventory at
// once, or throws the fault that the task ends with. Called under the World's lock.
#pragma once

#include <string>

#include "mocks/world.h"

namespace failback::mock {

void powerOn(World& world, const MoRef& vm);
void powerOff(World& world, const MoRef& vm);

}  // namespace failback::mock
