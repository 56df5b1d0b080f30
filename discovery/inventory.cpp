// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/inventory.h"

namespace failback::discovery {

bool Inventory::isRoot(const vsphere::Moref& ref) const {
  if (!vcenter.rootFolder.empty()) return ref == vcenter.rootFolder;
  return ref.type == "Folder" && (ref.value == "group-d1" || ref.value == "ha-folder-root");
}

void Inventory::add(vsphere::InventoryObject&& object) {
  std::visit(
      [this](auto&& value) {
        using T = std::decay_t<decltype(value)>;
        if (isRoot(value.ref)) return;
        auto& list = all<T>();
        const auto [place, added] = places_.try_emplace(value.ref, kindOfValue<T>, list.size());
        if (added) {
          list.push_back(std::forward<decltype(value)>(value));
        } else if (place->second.first == kindOfValue<T>) {
          list[place->second.second] = std::forward<decltype(value)>(value);
        }
      },
      std::move(object));
}

bool Inventory::remove(const vsphere::Moref& ref) {
  const auto place = places_.find(ref);
  if (place == places_.end()) return false;
  const auto [kind, index] = place->second;
  places_.erase(place);
  std::size_t present = 0;
  const auto removeFrom = [&, wanted = static_cast<std::size_t>(kind), at = index](auto& list) {
    if (present++ != wanted) return;
    if (at + 1 != list.size()) {
      list[at] = std::move(list.back());
      places_[list[at].ref].second = at;
    }
    list.pop_back();
  };
  std::apply([&](auto&... list) { (removeFrom(list), ...); }, lists_);
  return true;
}

const vsphere::Entity* Inventory::entity(const vsphere::Moref& ref) const {
  const vsphere::Entity* found = nullptr;
  visit(ref, [&](const vsphere::Entity& object) { found = &object; });
  return found;
}

std::optional<Kind> Inventory::kindOf(const vsphere::Moref& ref) const {
  const auto place = places_.find(ref);
  if (place == places_.end()) return std::nullopt;
  return place->second.first;
}

std::size_t Inventory::count(Kind kind) const {
  std::size_t result = 0;
  std::apply(
      [&](const auto&... list) {
        std::size_t index = 0;
        ((index++ == static_cast<std::size_t>(kind) ? void(result = list.size()) : void()), ...);
      },
      lists_);
  return result;
}

}  // namespace failback::discovery
