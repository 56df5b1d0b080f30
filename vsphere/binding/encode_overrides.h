// SPDX-License-Identifier: GPL-2.0-or-later
// The change of a VM's DRS or Storage DRS override as the request that carries it. Everything belongs to the
// arena.
#pragma once

#include "vsphere/binding/request_arena.h"
#include "vsphere/model/overrides.h"

namespace failback::vsphere {

vim25__ClusterConfigSpecEx* encodeDrsOverride(RequestArena& arena, const Moref& vm,
                                              const DrsOverrideChange& change);
vim25__StorageDrsConfigSpec* encodeStorageDrsOverride(RequestArena& arena, const Moref& vm,
                                                      const StorageDrsOverrideChange& change);

}  // namespace failback::vsphere
