// SPDX-License-Identifier: GPL-2.0-or-later
// ContainerView, ListView and InventoryView, and what a container contains.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/inventory.h"

namespace failback::mock {

// What a container view of `container` shows: its children (recursively down to the leaves) of the given
// types, all types when none is given. VMs of vApps and pools come in through these; nothing comes twice.
std::vector<MoRef> containedIn(const Inventory& inventory, const MoRef& container,
                               const std::vector<std::string>& types, bool recursive);

// The direct children of an object in the inventory tree, as containers define it.
std::vector<MoRef> childrenOf(const ManagedObject& object);

struct View {
  enum class Kind { container, list, inventory };
  MoRef ref;
  Kind kind = Kind::container;
  MoRef container;
  std::vector<std::string> types;
  bool recursive = false;
  std::vector<MoRef> listed;  // of a list view; of an inventory view: the opened folders

  void relist(std::vector<MoRef> refs) {
    listed = std::move(refs);
    structure_ = shownStructure_ = 0;
  }

  // What it shows now. Computed again only when the structure of the inventory changed.
  using Contents = std::shared_ptr<const std::vector<MoRef>>;
  const Contents& contents(const Inventory& inventory) const;
  // The properties of the managed object that the view is.
  Value state(const Inventory& inventory) const;

 private:
  mutable std::uint64_t structure_ = 0;
  mutable Contents cache_;
  mutable std::uint64_t shownStructure_ = 0;
  mutable Value shown_;  // the same as a list
};

}  // namespace failback::mock
