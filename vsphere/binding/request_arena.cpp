// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/request_arena.h"

namespace failback::vsphere {

vim25__ManagedObjectReference* RequestArena::reference(const Moref& ref) {
  auto* made = make<vim25__ManagedObjectReference>();
  made->__item = ref.value;
  made->type = ref.type;
  if (!ref.serverGuid.empty()) made->serverGuid = ref.serverGuid;
  return made;
}

}  // namespace failback::vsphere
