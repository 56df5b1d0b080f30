// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/model/vcenter.h"

namespace failback::vsphere {

bool License::isFreeEdition() const {
  constexpr std::string_view free = "esxbasic";
  std::string key = editionKey.substr(0, free.size());
  for (char& c : key)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return key == free;
}

}  // namespace failback::vsphere
