// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/wording.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <ctime>

#include "vsphere/session.h"

namespace failback::provisioning {
std::optional<std::int64_t> secondsOf(const std::string& time) {
  const auto milliseconds = vsphere::parseTime(time);
  if (!milliseconds) return std::nullopt;
  return *milliseconds / 1000;
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
