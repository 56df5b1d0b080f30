// SPDX-License-Identifier: GPL-2.0-or-later
// Sizes and durations as people read and write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "vsphere/clock.h"

namespace failback::cli {

// "512 B", "1.5 GiB", "20 TiB": three digits at most, in powers of 1024. Negative: "-".
std::string humanBytes(std::int64_t bytes);
// "450 ms", "4.2 s", "3 min 20 s"
std::string humanDuration(vsphere::Milliseconds duration);

// "30s", "500ms", "5m", "1m30s", "1h"; a unit is wanted. Throws Failure(usage) that names `what`
// ("--timeout") when it is no duration, or not more than zero.
vsphere::Milliseconds parseDuration(std::string_view text, std::string_view what);

}  // namespace failback::cli
