// SPDX-License-Identifier: GPL-2.0-or-later
// Times of day as the wire writes them. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace failback::mock {

inline constexpr std::int64_t microsPerSecond = 1'000'000;
inline constexpr std::int64_t microsPerDay = 86'400 * microsPerSecond;

// Microseconds since 1970 in UTC of "2026-11-23T07:25:00.123Z" or "...+01:00"; nothing when it is no such
// time. A time without an offset counts as UTC.
std::optional<std::int64_t> microsOf(std::string_view rfc3339);
// "2026-11-23T07:25:00.123456Z"
std::string timeText(std::int64_t micros);

}  // namespace failback::mock
