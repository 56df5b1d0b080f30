// SPDX-License-Identifier: GPL-2.0-or-later
// Inventory paths as vCenter writes them ("/DC0/vm/web-01"), from the objects' parents.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "discovery/inventory.h"

namespace failback::discovery {

// '%', '/' and '\' become "%25", "%2f", "%5c", so that a path can be taken apart again.
std::string escapeName(std::string_view name);
std::string unescapeName(std::string_view escaped);

// Builds paths over an inventory that may still grow; not thread-safe. A path that begins with "..." instead
// of "/" is incomplete: a parent above can't be seen with this account, or was not read.
class InventoryPaths {
 public:
  explicit InventoryPaths(const Inventory& inventory) : inventory_(inventory) {}

  // The object itself need not be in the inventory, its parents are looked up there.
  std::string pathOf(const vsphere::Entity& object) const;
  std::string pathOf(const vsphere::VirtualMachine& vm) const;

  // The datacenter that the object lies in, or is; none when that can't be seen.
  std::optional<vsphere::Moref> datacenterOf(const vsphere::Entity& object) const;
  std::optional<vsphere::Moref> datacenterOf(const vsphere::VirtualMachine& vm) const;

  static bool isComplete(std::string_view path) { return path.substr(0, 1) == "/"; }

 private:
  std::string below(const std::optional<vsphere::Moref>& parent, const std::string& name) const;
  const std::string& container(const vsphere::Moref& ref, int depth) const;
  std::optional<vsphere::Moref> datacenterAbove(std::optional<vsphere::Moref> parent) const;

  const Inventory& inventory_;
  // Complete paths only: an incomplete one may become complete when more has been read.
  mutable std::unordered_map<vsphere::Moref, std::string> known_;
  mutable std::string scratch_;
};

// Sets Entity::inventoryPath of every object.
void fillInventoryPaths(Inventory& inventory);

}  // namespace failback::discovery
