// SPDX-License-Identifier: GPL-2.0-or-later
// How findings put things that come from the server into words.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "vsphere/model/task.h"

namespace failback::provisioning {

// "2026-11-27 03:41" (UTC) of an RFC 3339 time; the text itself when it is none.
std::string shortTime(const std::string& time);
// The same of seconds since 1970.
std::string dayText(std::int64_t seconds);
// Seconds since 1970, for RFC 3339 with "Z" or an offset.
std::optional<std::int64_t> secondsOf(const std::string& time);
// False when either is no time.
bool isLater(const std::string& time, const std::string& than);

// "Relocate (RelocateVM_Task, 40 %) by LAB\\jo since 2026-11-27 03:41"
std::string describe(const vsphere::TaskInfo& task);

}  // namespace failback::provisioning
