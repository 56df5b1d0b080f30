// SPDX-License-Identifier: GPL-2.0-or-later
// disabledMethod of a virtual machine: what its power state, a question or a task does not allow now. It
// tells people what to grey out; what a call is refused for, the operations decide themselves.
#pragma once

#include "mocks/value.h"
#include "mocks/world.h"

namespace failback::mock {

// For a machine with these properties; `busy`: a task is at work on it. Pure; any thread.
Value disabledMethods(const Value& vmState, bool busy);

// Makes disabledMethod true again after a task has begun or ended. Nothing for what is no machine (any more).
// Under the World's lock.
void refreshDisabledMethods(World& world, const MoRef& vm);

}  // namespace failback::mock
