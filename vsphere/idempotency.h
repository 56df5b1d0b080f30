// SPDX-License-Identifier: GPL-2.0-or-later
// Per SOAP method: may a request whose fate is unknown be sent once more? One table, which a test compares
// with the manifest of methods, so that none goes undecided.
#pragma once

#include <string_view>

#include "vsphere/transport.h"

namespace failback::vsphere {

// A method that the table does not know is Replay::never.
Replay replayOf(std::string_view method);

// False for a method that the table does not know.
bool isReplayDecided(std::string_view method);

}  // namespace failback::vsphere
