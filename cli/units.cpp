// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/units.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <limits>

#include "vsphere/error.h"

namespace failback::cli {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};
// "ms" before "m", so that the longer is found first.
constexpr std::array<Unit, 5> durationUnits = {
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

[[noreturn]] void noDuration(std::string_view text, std::string_view what) {
  vsphere::fail(vsphere::Category::usage, fmt::format("{} is no duration: {}", what, text),
                "write a number and a unit: 30s, 5m, 1m30s, 500ms");
}

}  // namespace

std::string humanBytes(std::int64_t bytes) {
  if (bytes < 0) return "-";
  constexpr std::array<std::string_view, 6> units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
  auto value = static_cast<double>(bytes);
  std::size_t unit = 0;
  // 999.5 would be shown as 1000: the next unit is shorter.
  while (value >= 999.5 && unit + 1 < units.size()) {
    value /= 1024;
    ++unit;
  }
  const bool fraction =
      unit > 0 && value < 9.95 && value != static_cast<double>(static_cast<std::int64_t>(value));
  return fraction ? fmt::format("{:.1f} {}", value, units[unit])
                  : fmt::format("{:.0f} {}", value, units[unit]);
}

std::string humanDuration(vsphere::Milliseconds duration) {
  const std::int64_t ms = duration.count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms < 60'000) {
    const double seconds = static_cast<double>(ms) / 1000;
    return ms % 1000 == 0 ? fmt::format("{} s", ms / 1000) : fmt::format("{:.1f} s", seconds);
  }
  const std::int64_t minutes = ms / 60'000, seconds = ms % 60'000 / 1000;
  return seconds == 0 ? fmt::format("{} min", minutes) : fmt::format("{} min {} s", minutes, seconds);
}

vsphere::Milliseconds parseDuration(std::string_view text, std::string_view what) {
  std::int64_t total = 0;
  std::string_view rest = text;
  if (rest.empty()) noDuration(text, what);
  constexpr std::int64_t longest = std::numeric_limits<std::int32_t>::max();
  while (!rest.empty()) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (error != std::errc{} || number < 0) noDuration(text, what);
    rest.remove_prefix(static_cast<std::size_t>(end - rest.data()));
    const Unit* found = nullptr;
    for (const Unit& unit : durationUnits) {
      if (rest.substr(0, unit.name.size()) == unit.name) {
        found = &unit;
        break;
      }
    }
    if (found == nullptr || number > longest / found->milliseconds) noDuration(text, what);
    rest.remove_prefix(found->name.size());
    total += number * found->milliseconds;
  }
  if (total <= 0) {
    vsphere::fail(vsphere::Category::usage, fmt::format("{} must be more than zero", what),
                  "nothing waits without a deadline; choose a long one, such as 1h");
  }
  return vsphere::Milliseconds(total);
}

}  // namespace failback::cli
