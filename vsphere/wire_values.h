// SPDX-License-Identifier: GPL-2.0-or-later
// How vSphere writes values that are not what they look like: names, counts of larger units, keys. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace failback::vsphere {

// "%2f", "%5c", "%25" are how vSphere writes '/', '\' and '%' in names. Other percent signs stay.
std::string unescapeName(std::string_view name);
// A name that is sent: the three as above, so that a percent sign of the name itself begins no such sequence.
std::string escapeName(std::string_view name);

// `unit` bytes each, as in memoryMB. A negative count (unlimited) stays as it is; one that would not fit is
// none.
std::optional<std::int64_t> scaled(std::optional<std::int64_t> count, std::int64_t unit);
inline constexpr std::int64_t kMebibyte = 1024 * 1024;

// The key in `config.extraConfig["disk.EnableUUID"]`; nothing when the path is none of that kind.
std::optional<std::string> extraConfigKeyOf(std::string_view path);

// vSphere compares option keys without case; so do we for the one that has a rule.
bool isDiskEnableUuid(std::string_view key);

}  // namespace failback::vsphere
