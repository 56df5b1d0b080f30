// SPDX-License-Identifier: GPL-2.0-or-later
// What the property collector is asked for: which objects, which properties of each type.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "vsphere/binding/request_arena.h"
#include "vsphere/model/moref.h"

namespace failback::vsphere {

// The properties to read of a managed type (and of its subtypes).
struct TypePaths {
  std::string type;
  std::vector<std::string> paths;
};

// These very objects. Those that are gone by now do not fail the call (reportMissingObjectsInResults).
vim25__PropertyFilterSpec* specOfObjects(RequestArena& arena, std::span<const Moref> objects,
                                         std::span<const TypePaths> properties);
// All objects of a ContainerView, as it changes.
vim25__PropertyFilterSpec* specOfView(RequestArena& arena, const Moref& view,
                                      std::span<const TypePaths> properties);
// Everything below the root folder, the root folder aside: the collector walks folders, datacenters, compute
// resources, pools and vApps by itself.
vim25__PropertyFilterSpec* specOfInventory(RequestArena& arena, const Moref& rootFolder,
                                           std::span<const TypePaths> properties);
// All scheduled tasks, with their infos, and whether the list of them may be read.
vim25__PropertyFilterSpec* specOfScheduledTasks(RequestArena& arena, const Moref& manager);

}  // namespace failback::vsphere
