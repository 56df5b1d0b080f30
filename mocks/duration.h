// SPDX-License-Identifier: GPL-2.0-or-later
// Durations as people write them, in options, orders and commands: "20ms", "30s", "5m", "1h". Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace failback::mock {

// Nothing when the text is no duration. A sign is only taken when `isSigned` ("+5m", "-30s").
std::optional<std::chrono::milliseconds> durationIn(std::string_view text, bool isSigned = false);
// The shortest text that durationIn() reads as the same: "5m", "1500ms".
std::string durationText(std::chrono::milliseconds duration);

// The RFC 3339 time in UTC, as a server writes it ("2026-11-23T07:25:00.123456Z"), so much later. A text that
// is none comes back as it is.
std::string laterBy(const std::string& time, std::chrono::milliseconds skew);

}  // namespace failback::mock
