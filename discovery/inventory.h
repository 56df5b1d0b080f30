// SPDX-License-Identifier: GPL-2.0-or-later
// Inventory: all that was read from one server, as one value; every object can be found by its reference.
#pragma once

#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "discovery/kind.h"
#include "vsphere/model/inventory_object.h"
#include "vsphere/model/unreadable.h"
#include "vsphere/model/vcenter.h"
#include "vsphere/property_table.h"

namespace failback::discovery {

// Not thread-safe while it is filled; then it may be read from several threads. References to objects stay
// valid until the next add().
class Inventory {
 public:
  vsphere::VCenter vcenter;
  // How much was asked of the objects; for an inventory from a dump, what the dump says.
  vsphere::Depth depth = vsphere::Depth::standard;
  std::vector<vsphere::Unreadable> unreadable;

  // Takes the object in. One with the same reference replaces the former. The root folder is not taken: it
  // has no facts but its reference, which VCenter::rootFolder holds.
  void add(vsphere::InventoryObject&& object);
  // Another one takes its place in the list. False when there is none.
  bool remove(const vsphere::Moref& ref);

  template <class T>
  const std::vector<T>& all() const {
    return std::get<std::vector<T>>(lists_);
  }
  template <class T>
  std::vector<T>& all() {
    return std::get<std::vector<T>>(lists_);
  }

  // nullptr when there is none.
  template <class T>
  const T* find(const vsphere::Moref& ref) const {
    const auto place = places_.find(ref);
    if (place == places_.end() || place->second.first != kindOfValue<T>) return nullptr;
    return &all<T>()[place->second.second];
  }
  template <class T>
  const T* find(const std::optional<vsphere::Moref>& ref) const {
    return ref ? find<T>(*ref) : nullptr;
  }
  // Calls `visit(object)` for the object, whatever its kind; false when there is none.
  template <class Visitor>
  bool visit(const vsphere::Moref& ref, Visitor&& visit) const {
    return visitIn(lists_, ref, visit);
  }
  template <class Visitor>
  bool visit(const vsphere::Moref& ref, Visitor&& visit) {
    return visitIn(lists_, ref, visit);
  }
  // Any kind of object; nullptr when there is none.
  const vsphere::Entity* entity(const vsphere::Moref& ref) const;
  std::optional<Kind> kindOf(const vsphere::Moref& ref) const;

  std::size_t count(Kind kind) const;
  std::size_t size() const { return places_.size(); }

  // True when this is the server's root folder, by what the server said, or by the name that every vCenter
  // and every ESXi host gives it when it said nothing.
  bool isRoot(const vsphere::Moref& ref) const;

  // Calls `visit(object)` for every object, kind by kind.
  template <class Visitor>
  void forEach(Visitor&& visit) const {
    std::apply([&](const auto&... list) { (forEachIn(list, visit), ...); }, lists_);
  }
  template <class Visitor>
  void forEach(Visitor&& visit) {
    std::apply([&](auto&... list) { (forEachIn(list, visit), ...); }, lists_);
  }

 private:
  template <class Lists, class Visitor>
  bool visitIn(Lists& lists, const vsphere::Moref& ref, Visitor& visit) const {
    const auto place = places_.find(ref);
    if (place == places_.end()) return false;
    const auto [kind, index] = place->second;
    std::apply(
        [&, wanted = static_cast<std::size_t>(kind), at = index](auto&... list) {
          std::size_t present = 0;
          ((present++ == wanted ? void(visit(list[at])) : void()), ...);
        },
        lists);
    return true;
  }
  template <class List, class Visitor>
  static void forEachIn(List& list, Visitor& visit) {
    for (auto& object : list) visit(object);
  }

  std::tuple<std::vector<vsphere::Datacenter>, std::vector<vsphere::Folder>, std::vector<vsphere::Cluster>,
             std::vector<vsphere::Host>, std::vector<vsphere::Datastore>, std::vector<vsphere::StoragePod>,
             std::vector<vsphere::Network>, std::vector<vsphere::DistributedSwitch>,
             std::vector<vsphere::ResourcePool>, std::vector<vsphere::VirtualMachine>>
      lists_;
  std::unordered_map<vsphere::Moref, std::pair<Kind, std::size_t>> places_;
};

}  // namespace failback::discovery
