// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/view.h"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "discovery/kept_inventory.h"

namespace failback::discovery {
namespace {

bool inOrder(const vsphere::Entity* a, const vsphere::Entity* b) {
  return std::tie(a->inventoryPath, a->ref) < std::tie(b->inventoryPath, b->ref);
}

bool unreadableInOrder(const vsphere::Unreadable* a, const vsphere::Unreadable* b) {
  return std::tie(a->object, a->property, a->reason, a->text) <
         std::tie(b->object, b->property, b->reason, b->text);
}

}  // namespace

View::View(const Inventory& inventory, FilterSpec spec) : inventory_(inventory), spec_(std::move(spec)) {
  Filter filter(spec_, inventory);
  filter.indexAncestors();
  std::unordered_set<vsphere::Moref> leftOut;
  inventory.forEach([&](const auto& object) {
    using T = std::decay_t<decltype(object)>;
    if (spec_.empty() || filter.keeps(object)) {
      std::get<std::vector<const T*>>(lists_).push_back(&object);
    } else {
      leftOut.insert(object.ref);
    }
  });
  for (const vsphere::Unreadable& entry : inventory.unreadable) {
    const auto kind = kindFromType(entry.object.type);
    if (leftOut.count(entry.object) != 0 || (kind && !spec_.wants(*kind))) continue;
    unreadable_.push_back(&entry);
  }
  sort();
}

View::View(const KeptInventory& kept) : inventory_(kept.world), spec_(kept.filter), vms_(&kept.vms) {
  kept.world.forEach([&](const auto& object) {
    using T = std::decay_t<decltype(object)>;
    if (spec_.empty() || kept.shown.contains(object.ref))
      std::get<std::vector<const T*>>(lists_).push_back(&object);
  });
  for (const vsphere::Unreadable& entry : kept.unreadable) unreadable_.push_back(&entry);
  sort();
}

void View::sort() {
  std::apply([](auto&... list) { (std::sort(list.begin(), list.end(), inOrder), ...); }, lists_);
  std::sort(unreadable_.begin(), unreadable_.end(), unreadableInOrder);
}

std::size_t View::packedVms() const {
  return vms_ == nullptr ? 0 : vms_->size();
}

void View::unpack(std::size_t index, vsphere::VirtualMachine& vm) const {
  vms_->get(index, vm);
}

std::size_t View::count(Kind kind) const {
  std::array<std::size_t, kindCount> sizes{};
  std::apply(
      [&](const auto&... list) {
        std::size_t index = 0;
        ((sizes[index++] = list.size()), ...);
      },
      lists_);
  return sizes[static_cast<std::size_t>(kind)] + (kind == Kind::virtualMachine ? packedVms() : 0);
}

std::size_t View::size() const {
  std::size_t result = packedVms();
  std::apply([&](const auto&... list) { ((result += list.size()), ...); }, lists_);
  return result;
}

}  // namespace failback::discovery
