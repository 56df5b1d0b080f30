// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/encode_overrides.h"

namespace failback::vsphere {
namespace {

const char* operationOf(OverrideAct act) {
  switch (act) {
    case OverrideAct::add:
      return "add";
    case OverrideAct::edit:
      return "edit";
    case OverrideAct::remove:
      return "remove";
  }
  return "add";
}

// An entry of either list: what is removed is named by its key, and has no info.
template <class Spec>
Spec* specOf(RequestArena& arena, const Moref& vm, OverrideAct act) {
  auto* spec = arena.make<Spec>();
  spec->operation = operationOf(act);
  if (act == OverrideAct::remove) spec->removeKey = arena.reference(vm);
  return spec;
}

}  // namespace

vim25__ClusterConfigSpecEx* encodeDrsOverrides(RequestArena& arena, const DrsOverrideChanges& changes) {
  auto* spec = arena.make<vim25__ClusterConfigSpecEx>();
  spec->drsVmConfigSpec.reserve(changes.size());
  for (const auto& [vm, change] : changes) {
    auto* entry = specOf<vim25__ClusterDrsVmConfigSpec>(arena, vm, change.act);
    if (change.act != OverrideAct::remove) {
      entry->info = arena.make<vim25__ClusterDrsVmConfigInfo>();
      entry->info->key = arena.reference(vm);
      entry->info->enabled = change.enabled;
      entry->info->behavior = change.behavior;
    }
    spec->drsVmConfigSpec.push_back(entry);
  }
  return spec;
}

vim25__StorageDrsConfigSpec* encodeStorageDrsOverrides(RequestArena& arena,
                                                       const StorageDrsOverrideChanges& changes) {
  auto* spec = arena.make<vim25__StorageDrsConfigSpec>();
  spec->vmConfigSpec.reserve(changes.size());
  for (const auto& [vm, change] : changes) {
    auto* entry = specOf<vim25__StorageDrsVmConfigSpec>(arena, vm, change.act);
    if (change.act != OverrideAct::remove) {
      entry->info = arena.make<vim25__StorageDrsVmConfigInfo>();
      entry->info->vm = arena.reference(vm);
      entry->info->enabled = change.enabled;
      entry->info->behavior = change.behavior;
      entry->info->intraVmAffinity = change.intraVmAffinity;
    }
    spec->vmConfigSpec.push_back(entry);
  }
  return spec;
}

}  // namespace failback::vsphere
