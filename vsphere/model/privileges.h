// SPDX-License-Identifier: GPL-2.0-or-later
// What this session's account may do on an object (AuthorizationManager.HasPrivilegeOnEntities).
#pragma once

#include <string>
#include <vector>

#include "vsphere/model/moref.h"
#include "vsphere/model/unreadable.h"

namespace failback::vsphere {

struct EntityPrivileges {
  Moref entity;
  std::vector<std::string> granted, missing;  // of those that were asked for, in that order
};

struct PrivilegeAnswer {
  std::vector<EntityPrivileges> entities;
  // Ids that this server does not know; they were left out.
  std::vector<std::string> unknownIds;
  // Entities that are gone, or about which this account may not even ask: they are not in `entities`.
  std::vector<Unreadable> unreadable;
};

}  // namespace failback::vsphere
