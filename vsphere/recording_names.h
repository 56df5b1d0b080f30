// SPDX-License-Identifier: GPL-2.0-or-later
// The names of a recording's files: [SET-]NNN-METHOD[-MORE].request.xml, .response.xml, .headers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace failback::vsphere {

struct RecordingName {
  std::size_t number = 0;
  std::string method;
  std::string stem;  // the name without its ending
  std::string part;  // "request.xml", "response.xml", "headers"
};

// Nothing when it is no such name, or belongs to another set ("" is the set without a name).
std::optional<RecordingName> parseRecordingName(std::string_view fileName, std::string_view set);

}  // namespace failback::vsphere
