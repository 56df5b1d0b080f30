// SPDX-License-Identifier: GPL-2.0-or-later
// Objects by what people call them. Under the World's lock.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mocks/orders.h"
#include "mocks/world.h"

namespace failback::mock {

// "DC1/vm/Linux/web-01", without the root folder; empty for objects outside the inventory tree.
std::string inventoryPathOf(const Inventory& inventory, std::string_view id);

// The objects that a text means: "Type:id", an id, an inventory path, or else all of that name.
std::vector<MoRef> objectsCalled(const World& world, const std::string& text);

// A call on an object as orders see it.
CallFacts factsOf(const World& world, std::string method, const MoRef& object, std::string user);

}  // namespace failback::mock
