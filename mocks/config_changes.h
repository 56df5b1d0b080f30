// SPDX-License-Identifier: GPL-2.0-or-later
// What a reconfiguration changed, as VmReconfiguredEvent.configChanges says it to people.
#pragma once

#include "mocks/value.h"

namespace failback::mock {

// A ChangesInfoEventArgument of two configurations: one line per changed member, with its path from `config`:
// `config.hardware.numCPU: 1 -> 2`, `config.hardware.device(2001): (key = 2001, ...)`. Pure; any thread.
Value configChanges(const Value& before, const Value& after);

}  // namespace failback::mock
