// SPDX-License-Identifier: GPL-2.0-or-later
// Times as vSphere and documents write them.
#pragma once

#include <cstdint>
#include <string>

#include "vsphere/clock.h"

namespace failback::vsphere {

// RFC 3339 in UTC, whole seconds: "2026-11-27T03:00:00Z". Thread-safe.
std::string timeText(WallTime time);
std::string timeText(std::int64_t epochSeconds);

}  // namespace failback::vsphere
