// SPDX-License-Identifier: GPL-2.0-or-later
// What every decoder of objects does alike: empty objects by type, facts that follow from several properties,
// and words for what could not be read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vsphere/model/inventory_object.h"
#include "vsphere/model/unreadable.h"

namespace failback::vsphere {

// An object of this type with nothing but its reference; absent when the type is none of the inventory's.
std::optional<InventoryObject> makeObject(const Moref& ref);

// Ends an object: what follows from several properties, and its name in `unreadable`, which holds what is
// wrong with this object and no other.
void finishObject(InventoryObject& object, std::vector<Unreadable>& unreadable);

Unreadable unreadableProperty(const Moref& object, std::string path, const char* reason, std::string text);
// An object of a type that makeObject() does not know.
Unreadable unknownType(const Moref& object);
std::string textOfUnknownValue(std::string_view type);
std::string textOfForeignValue(std::string_view type);
inline constexpr const char* kTextOfUnfitValue =
    "The server sent a value that does not fit the property's type";

}  // namespace failback::vsphere
