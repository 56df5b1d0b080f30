// SPDX-License-Identifier: GPL-2.0-or-later
// Tells what changes in the inventory, across lost sessions.
#pragma once

#include "vsphere/client.h"
#include "vsphere/context.h"

namespace failback::vsphere {

class Session;

// See Client::watch. Keeps a digest of each property's last value, some 16 bytes each, so that after a lost
// session the new, whole picture can be compared with what was told.
void watchInventory(const Session& session, const ReadRequest& request, InventoryWatcher& watcher,
                    const Context& first, const Context& context);

}  // namespace failback::vsphere
