// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/time_text.h"

#include <fmt/chrono.h>

namespace failback::vsphere {

std::string timeText(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

std::string timeText(std::int64_t epochSeconds) {
  return timeText(WallTime(std::chrono::seconds(epochSeconds)));
}

}  // namespace failback::vsphere
