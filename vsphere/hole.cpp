// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/hole.h"

namespace failback::vsphere {

bool isHole(const Error& error) {
  return error.category == Category::notPermitted || error.category == Category::unsupported;
}

Unreadable holeOf(const Moref& object, const std::string& property, const Error& error) {
  Unreadable hole;
  hole.object = object;
  hole.property = property;
  hole.reason = "fault";
  if (error.category == Category::notPermitted) hole.reason = "noPermission";
  if (error.hasFault("ManagedObjectNotFound")) hole.reason = "vanished";
  hole.fault = error.fault;
  hole.privilege = error.privilege;
  hole.text = error.text;
  return hole;
}

}  // namespace failback::vsphere
