// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/recording_names.h"

#include <charconv>

namespace failback::vsphere {

std::optional<RecordingName> parseRecordingName(std::string_view fileName, std::string_view set) {
  constexpr std::size_t leastDigits = 3;
  RecordingName name;
  for (const std::string_view part : {"request.xml", "response.xml", "headers"}) {
    if (fileName.size() > part.size() + 1 && fileName.ends_with(part) &&
        fileName[fileName.size() - part.size() - 1] == '.') {
      name.part = part;
      name.stem = fileName.substr(0, fileName.size() - part.size() - 1);
    }
  }
  std::string_view rest = name.stem;
  if (!set.empty()) {
    if (!rest.starts_with(set) || rest.size() <= set.size() || rest[set.size()] != '-') return std::nullopt;
    rest.remove_prefix(set.size() + 1);
  }
  const std::size_t dash = rest.find('-');
  if (name.part.empty() || dash == std::string_view::npos || dash < leastDigits) return std::nullopt;
  const auto [end, error] = std::from_chars(rest.data(), rest.data() + dash, name.number);
  if (error != std::errc{} || end != rest.data() + dash) return std::nullopt;
  rest.remove_prefix(dash + 1);
  name.method = rest.substr(0, rest.find('-'));
  if (name.method.empty()) return std::nullopt;
  return name;
}

}  // namespace failback::vsphere
