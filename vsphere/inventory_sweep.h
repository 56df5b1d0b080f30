// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the whole inventory with one RetrievePropertiesEx that walks it, and the pages of its answer. Few
// calls, one after the other; InventoryReader, beside it, makes more of them, several at once.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "vsphere/client.h"
#include "vsphere/context.h"
#include "vsphere/property_table.h"

namespace failback::vsphere {

class Session;

// See Client::sweep. The server is asked for pages of this size.
void sweepInventory(const Session& session, const std::vector<std::string>& types, Depth depth,
                    std::int32_t pageSize, InventorySink& sink, const Context& context);

}  // namespace failback::vsphere
