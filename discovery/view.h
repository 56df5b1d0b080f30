// SPDX-License-Identifier: GPL-2.0-or-later
// View: the part of an inventory that a filter keeps, in an order that is the same for the same world.
#pragma once

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "discovery/filter.h"
#include "discovery/inventory.h"

namespace failback::discovery {

struct KeptInventory;
class PackedVms;

// Holds pointers into the inventory, which must outlive it unchanged. Safe to read from several threads.
class View {
 public:
  explicit View(const Inventory& inventory, FilterSpec spec = {});
  // What was kept has been filtered when it came.
  explicit View(const KeptInventory& kept);

  const Inventory& inventory() const { return inventory_; }
  const FilterSpec& filter() const { return spec_; }

  // Sorted by inventory path, then by reference.
  template <class T>
  const std::vector<const T*>& all() const {
    return std::get<std::vector<const T*>>(lists_);
  }
  // Calls `visit(object)` for each in that order; a VM may be gone when that returns, and only so are those
  // of a KeptInventory seen.
  template <class T, class Visitor>
  void each(Visitor&& visit) const {
    if constexpr (std::is_same_v<T, vsphere::VirtualMachine>) {
      vsphere::VirtualMachine vm;
      for (std::size_t i = 0; i < packedVms(); ++i) {
        unpack(i, vm);
        visit(std::as_const(vm));
      }
    }
    for (const T* object : all<T>()) visit(*object);
  }
  // What could not be read of the objects kept, of objects that are not there at all, and of the server.
  const std::vector<const vsphere::Unreadable*>& unreadable() const { return unreadable_; }

  std::size_t count(Kind kind) const;
  std::size_t size() const;

 private:
  void sort();
  std::size_t packedVms() const;
  void unpack(std::size_t index, vsphere::VirtualMachine& vm) const;

  const Inventory& inventory_;
  FilterSpec spec_;
  const PackedVms* vms_ = nullptr;
  std::tuple<std::vector<const vsphere::Datacenter*>, std::vector<const vsphere::Folder*>,
             std::vector<const vsphere::Cluster*>, std::vector<const vsphere::Host*>,
             std::vector<const vsphere::Datastore*>, std::vector<const vsphere::StoragePod*>,
             std::vector<const vsphere::Network*>, std::vector<const vsphere::DistributedSwitch*>,
             std::vector<const vsphere::ResourcePool*>, std::vector<const vsphere::VirtualMachine*>>
      lists_;
  std::vector<const vsphere::Unreadable*> unreadable_;
};

}  // namespace failback::discovery
