// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/time_text.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace failback::mock {

namespace {

// Takes fixed-width numbers and separators from the front of a text; `good` tells whether all were there.
struct Scanner {
  std::string_view rest;
  bool good = true;

  int number(std::size_t digits) {
    int value = 0;
    if (rest.size() < digits) {
      good = false;
      return 0;
    }
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + digits, value);
    good = good && error == std::errc() && end == rest.data() + digits && value >= 0;
    rest.remove_prefix(digits);
    return value;
  }

  void literal(char expected) {
    good = good && rest.starts_with(expected);
    if (good) rest.remove_prefix(1);
  }

  std::int64_t fraction() {
    std::int64_t micros = 0;
    if (!rest.starts_with('.')) return 0;
    rest.remove_prefix(1);
    std::int64_t scale = microsPerSecond / 10;
    while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
      micros += (rest.front() - '0') * scale;
      scale /= 10;
      rest.remove_prefix(1);
    }
    return micros;
  }

  // Seconds east of Greenwich.
  int offset() {
    if (rest.empty() || rest == "Z") return 0;
    const int sign = rest.front() == '-' ? -1 : 1;
    good = good && (rest.front() == '-' || rest.front() == '+');
    rest.remove_prefix(1);
    const int hours = number(2);
    literal(':');
    const int minutes = number(2);
    good = good && rest.empty();
    return sign * (hours * 3600 + minutes * 60);
  }
};

}  // namespace

std::optional<std::int64_t> microsOf(std::string_view rfc3339) {
  Scanner in{rfc3339};
  const int year = in.number(4);
  in.literal('-');
  const int month = in.number(2);
  in.literal('-');
  const int day = in.number(2);
  in.literal('T');
  const int hour = in.number(2);
  in.literal(':');
  const int minute = in.number(2);
  in.literal(':');
  const int second = in.number(2);
  const std::int64_t fraction = in.fraction();
  const int offset = in.offset();
  const std::chrono::year_month_day date(std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day)));
  if (!in.good || !date.ok() || hour > 24 || minute > 59 || second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return days * microsPerDay + (hour * 3600 + minute * 60 + second - offset) * microsPerSecond + fraction;
}

std::string timeText(std::int64_t micros) {
  const std::chrono::sys_time<std::chrono::microseconds> time{std::chrono::microseconds(micros)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::int64_t rest = (time - day).count();
  const std::int64_t seconds = rest / microsPerSecond;
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), seconds / 3600,
                     seconds / 60 % 60, seconds % 60, rest % microsPerSecond);
}

}  // namespace failback::mock
