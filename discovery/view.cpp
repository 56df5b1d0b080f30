// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/view.h"

#include <algorithm>
#include <array>
#include <unordered_set>

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
  std::apply([](auto&... list) { (std::sort(list.begin(), list.end(), inOrder), ...); }, lists_);
  for (const vsphere::Unreadable& entry : inventory.unreadable) {
    const auto kind = kindFromType(entry.object.type);
    if (leftOut.count(entry.object) != 0 || (kind && !spec_.wants(*kind))) continue;
    unreadable_.push_back(&entry);
  }
  std::sort(unreadable_.begin(), unreadable_.end(), unreadableInOrder);
}

std::size_t View::count(Kind kind) const {
  std::array<std::size_t, kindCount> sizes{};
  std::apply(
      [&](const auto&... list) {
        std::size_t index = 0;
        ((sizes[index++] = list.size()), ...);
      },
      lists_);
  return sizes[static_cast<std::size_t>(kind)];
}

std::size_t View::size() const {
  std::size_t result = 0;
  std::apply([&](const auto&... list) { ((result += list.size()), ...); }, lists_);
  return result;
}

}  // namespace failback::discovery
