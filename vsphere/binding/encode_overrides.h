// SPDX-License-Identifier: GPL-2.0-or-later
// Changes of VMs' DRS or Storage DRS overrides as the request that carries it. Everything belongs to the
// arena.
#pragma once

#include "vsphere/binding/request_arena.h"
#include "vsphere/model/overrides.h"

namespace failback::vsphere {

vim25__ClusterConfigSpecEx* encodeDrsOverrides(RequestArena& arena, const DrsOverrideChanges& changes);
vim25__StorageDrsConfigSpec* encodeStorageDrsOverrides(RequestArena& arena,
                                                       const StorageDrsOverrideChanges& changes);

}  // namespace failback::vsphere
