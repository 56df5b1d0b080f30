// SPDX-License-Identifier: GPL-2.0-or-later
// One object of the inventory, put together property by property: what ObjectContent and ObjectUpdate have in
// common.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vsphere/binding/values.h"
#include "vsphere/model/inventory_object.h"
#include "vsphere/object_facts.h"
#include "vsphere/page_decoder.h"

namespace failback::vsphere::binding {

Applied applyProperty(InventoryObject& object, std::string_view path, const xsd__anyType* value);

// Does the path feed a member of objects of this managed type? Also a path with a key.
bool isKnownPath(std::string_view managedType, std::string_view path);

// Collects one object and what is wrong with it.
class ObjectAssembler {
 public:
  explicit ObjectAssembler(const Moref& ref);

  bool known() const { return object_.has_value(); }
  Applied property(std::string_view path, const xsd__anyType* value);
  void missing(const vim25__MissingProperty& missing);
  // A property whose text can't be read as its type.
  void malformed(std::string path, std::string text);
  // One of the missing properties says so.
  bool notAuthenticated() const { return notAuthenticated_; }

  // Ends it: facts that follow from several properties, names in the list of what is unreadable.
  std::optional<InventoryObject> finish(std::vector<Unreadable>& unreadable);

 private:
  void unreadable(std::string path, const char* reason, std::string text);

  Moref ref_;
  std::optional<InventoryObject> object_;
  std::vector<Unreadable> unreadable_;
  bool notAuthenticated_ = false;
};

}  // namespace failback::vsphere::binding
