// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/wire_values.h"

#include <limits>

#include "vsphere/text_case.h"

namespace failback::vsphere {

std::string escapeName(std::string_view name) {
  std::string result;
  result.reserve(name.size());
  for (const char c : name) {
    if (c == '/') {
      result += "%2f";
    } else if (c == '\\') {
      result += "%5c";
    } else if (c == '%') {
      result += "%25";
    } else {
      result += c;
    }
  }
  return result;
}

std::string unescapeName(std::string_view name) {
  std::string result;
  result.reserve(name.size());
  for (std::size_t i = 0; i < name.size(); ++i) {
    const std::string_view code = name.substr(i, 3);
    if (code == "%2f" || code == "%2F") {
      result += '/';
    } else if (code == "%5c" || code == "%5C") {
      result += '\\';
    } else if (code == "%25") {
      result += '%';
    } else {
      result += name[i];
      continue;
    }
    i += 2;
  }
  return result;
}

std::optional<std::int64_t> scaled(std::optional<std::int64_t> count, std::int64_t unit) {
  if (!count || *count < 0) return count;
  if (*count > std::numeric_limits<std::int64_t>::max() / unit) return std::nullopt;
  return *count * unit;
}

std::optional<std::string> extraConfigKeyOf(std::string_view path) {
  constexpr std::string_view opening = "config.extraConfig[\"";
  const std::size_t closing = path.rfind("\"]");
  if (!path.starts_with(opening) || closing == std::string_view::npos || closing < opening.size())
    return std::nullopt;
  return std::string(path.substr(opening.size(), closing - opening.size()));
}

bool isDiskEnableUuid(std::string_view key) {
  return key.size() == std::string_view("disk.enableuuid").size() &&
         lowerCase(std::string(key)) == "disk.enableuuid";
}

}  // namespace failback::vsphere
