// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/duration.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>
#include <ctime>
#include <limits>
#include <utility>

namespace failback::mock {

namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 5> units{
    {{"ms", 1}, {"s", 1000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};

}  // namespace

std::optional<std::chrono::milliseconds> durationIn(std::string_view text, bool isSigned) {
  const bool negative = isSigned && text.starts_with('-');
  if (isSigned && (negative || text.starts_with('+'))) text.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number < 0) return std::nullopt;
  const std::string_view unit = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& [name, factor] : units) {
    if (unit != name) continue;
    // No more than a hundred years, so that sums of durations don't overflow.
    if (number > std::int64_t{36'500} * 86'400'000 / factor) return std::nullopt;
    return std::chrono::milliseconds((negative ? -number : number) * factor);
  }
  return std::nullopt;
}

std::string durationText(std::chrono::milliseconds duration) {
  const std::int64_t count = duration.count();
  for (auto unit = units.rbegin(); unit != units.rend(); ++unit) {
    if (count != 0 && count % unit->second == 0)
      return fmt::format("{}{}", count / unit->second, unit->first);
  }
  return "0ms";
}

std::string laterBy(const std::string& time, std::chrono::milliseconds skew) {
  if (skew.count() == 0) return time;
  std::tm parts{};
  const char* rest = strptime(time.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  if (!rest) return time;
  std::int64_t micros = 0;
  if (*rest == '.') {
    std::int64_t worth = 100'000;
    for (++rest; *rest >= '0' && *rest <= '9'; ++rest, worth /= 10) micros += worth * (*rest - '0');
  }
  constexpr std::int64_t million = 1'000'000;
  const std::int64_t total = std::int64_t{timegm(&parts)} * million + micros + skew.count() * 1000;
  const std::time_t seconds = total >= 0 ? total / million : (total - million + 1) / million;
  std::tm shifted{};
  gmtime_r(&seconds, &shifted);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}{}", shifted, total - seconds * million, rest);
}

}  // namespace failback::mock
