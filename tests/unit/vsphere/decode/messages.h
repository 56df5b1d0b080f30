// SPDX-License-Identifier: GPL-2.0-or-later
// Messages for the decoder's tests: our own files in tests/data/messages, and small ones made on the spot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vsphere/error.h"
#include "vsphere/page_decoder.h"

namespace failback::vsphere::test {

// tests/data/messages/<name>.
std::string message(std::string_view name);

// An envelope as vCenter writes it, around `body`.
std::string envelope(std::string_view body);
// A page of RetrievePropertiesEx with one object of those properties.
std::string page(std::string_view type, std::string_view moref, std::string_view properties);
// <propSet>, as vCenter writes it; `type` as in xsi:type.
std::string property(std::string_view path, std::string_view type, std::string_view value);

// Decodes a page as the client does in bulk, and checks that the typed decoder says the same.
InventoryPage decode(const std::string& body, const std::string& method = "RetrievePropertiesEx");

// The object of that name; fails the test when there is none.
template <class T>
const T& named(const InventoryPage& page, std::string_view name) {
  for (const InventoryObject& object : page.objects)
    if (const T* typed = std::get_if<T>(&object); typed != nullptr && typed->name == name) return *typed;
  throw std::runtime_error("no object named " + std::string(name));
}

// "property reason fault" of each, for one comparison.
std::vector<std::string> reasons(const std::vector<Unreadable>& unreadable);

}  // namespace failback::vsphere::test
