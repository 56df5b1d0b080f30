// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/wording.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <ctime>

namespace failback::provisioning {
namespace {

// Digits at a place; nothing when there are none.
std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  if (text.size() < from + count) return std::nullopt;
  int value = 0;
  const char* end = text.data() + from + count;
  const auto [stop, error] = std::from_chars(text.data() + from, end, value);
  if (error != std::errc{} || stop != end || value < 0) return std::nullopt;
  return value;
}

// "+02:00" as seconds; "Z" and nothing are 0.
std::optional<std::int64_t> offsetOf(std::string_view zone) {
  if (zone.empty() || zone == "Z" || zone == "z") return 0;
  const auto hours = digits(zone, 1, 2);
  const auto minutes = digits(zone, 4, 2);
  if ((zone[0] != '+' && zone[0] != '-') || !hours || !minutes) return std::nullopt;
  const std::int64_t seconds = *hours * 3600 + *minutes * 60;
  return zone[0] == '-' ? -seconds : seconds;
}

}  // namespace

std::optional<std::int64_t> secondsOf(std::string_view time) {
  const auto year = digits(time, 0, 4), month = digits(time, 5, 2), day = digits(time, 8, 2),
             hour = digits(time, 11, 2), minute = digits(time, 14, 2), second = digits(time, 17, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  std::size_t zone = 19;
  if (zone < time.size() && time[zone] == '.') zone = time.find_first_not_of("0123456789", zone + 1);
  const auto offset = offsetOf(zone < time.size() ? time.substr(zone) : std::string_view());
  if (!offset) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(days).count() + *hour * 3600 + *minute * 60 +
         *second - *offset;
}

std::string shortTime(const std::string& time) {
  const auto seconds = secondsOf(time);
  return seconds ? dayText(*seconds) : time;
}

std::string dayText(std::int64_t seconds) {
  return fmt::format("{:%Y-%m-%d %H:%M}", fmt::gmtime(static_cast<std::time_t>(seconds)));
}

bool isLater(const std::string& time, const std::string& than) {
  const auto a = secondsOf(time), b = secondsOf(than);
  return a && b && *a > *b;
}

std::string describe(const vsphere::TaskInfo& task) {
  std::string text = task.name.empty() ? task.descriptionId : task.name;
  text += fmt::format(" ({}", task.state);
  if (task.progress) text += fmt::format(", {} %", *task.progress);
  text += ")";
  if (task.userName) text += " by " + *task.userName;
  if (task.reasonName) text += fmt::format(" through \"{}\"", *task.reasonName);
  const std::string since = task.startTime.value_or(task.queueTime);
  if (!since.empty()) text += " since " + shortTime(since);
  return text;
}

}  // namespace failback::provisioning
