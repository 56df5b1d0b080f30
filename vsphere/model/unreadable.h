// SPDX-License-Identifier: GPL-2.0-or-later
// What could not be read, and why: nothing vanishes silently.
#pragma once

#include <string>

#include "vsphere/model/moref.h"

namespace failback::vsphere {

struct Unreadable {
  Moref object;
  std::string name;       // of the object, when known
  std::string property;   // path asked for; empty: the whole object
  std::string reason;     // "noPermission", "hostNotResponding", "orphaned", "inaccessible", "vanished",
                          // "unknownType", "malformed", "fault"
  std::string fault;      // vSphere's fault name, when there was one
  std::string privilege;  // that is missing, for noPermission
  std::string text;       // one sentence for people

  friend bool operator==(const Unreadable&, const Unreadable&) = default;
};

}  // namespace failback::vsphere
