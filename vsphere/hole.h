// SPDX-License-Identifier: GPL-2.0-or-later
// A question that an account may not ask is a hole in the picture, and no error.
#pragma once

#include <string>

#include "vsphere/error.h"
#include "vsphere/model/unreadable.h"

namespace failback::vsphere {

// Not permitted, or not known to this server.
bool isHole(const Error& error);
Unreadable holeOf(const Moref& object, const std::string& property, const Error& error);

}  // namespace failback::vsphere
