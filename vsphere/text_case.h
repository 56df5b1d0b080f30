// SPDX-License-Identifier: GPL-2.0-or-later
// Letters of ASCII in lower case; all others stay.
#pragma once

#include <string>

namespace failback::vsphere {

inline std::string lowerCase(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

}  // namespace failback::vsphere
