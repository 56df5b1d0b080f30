// SPDX-License-Identifier: GPL-2.0-or-later
// What lies at the top of a datastore.
#pragma once

#include <string>

namespace failback::vsphere {

// A file or folder that lies at the top of a datastore.
struct TopFile {
  std::string name;
  bool isFolder = false;
};

}  // namespace failback::vsphere
