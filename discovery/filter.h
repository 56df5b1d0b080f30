// SPDX-License-Identifier: GPL-2.0-or-later
// Which part of an inventory somebody wants to see.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "discovery/inventory.h"
#include "discovery/inventory_path.h"

namespace failback::discovery {

// Patterns are those of matchesGlob(). Several values of one member are alternatives; an object is shown when
// it passes every member that has values.
struct FilterSpec {
  // Only these kinds.
  std::vector<Kind> kinds;
  // Objects inside datacenters of these names, and the datacenters themselves.
  std::vector<std::string> datacenters;
  // Hosts of these names, and what belongs to them: VMs that run on them, datastores that they mount,
  // networks and distributed switches that they are connected to, the clusters they are in with their pools,
  // the datastore clusters of those datastores, and the folders and datacenters above all of that.
  std::vector<std::string> hosts;
  // Objects of these names; a pattern with a "/" is compared with the inventory path.
  std::vector<std::string> names;

  bool empty() const { return kinds.empty() && datacenters.empty() && hosts.empty() && names.empty(); }
  bool wants(Kind kind) const;
};

// Decides object by object. The inventory must outlive it, and hold the objects that the specification is
// about: datacenters and folders for `datacenters`; hosts, clusters and datastores for `hosts`.
class Filter {
 public:
  Filter(FilterSpec spec, const Inventory& inventory);

  // Finds what lies above the chosen objects of the inventory; to be called when everything has been read.
  // Until then folders and datacenters are not kept by a filter on hosts.
  void indexAncestors();
  // The same for one object that is not kept in the inventory.
  template <class T>
  void noteAncestorsOf(const T& object) {
    if (!spec_.hosts.empty() && onHosts(object)) noteAbove(object.parent);
  }

  template <class T>
  bool keeps(const T& object) const {
    return spec_.wants(kindOfValue<T>) && matchesName(object) && inDatacenter(object) && onHosts(object);
  }
  const FilterSpec& spec() const { return spec_; }
  // True when objects of this kind can only be judged when everything has been read.
  bool judgesLate(Kind kind) const;

 private:
  bool matchesName(const vsphere::Entity& object) const;
  template <class T>
  bool inDatacenter(const T& object) const {
    return spec_.datacenters.empty() || matchesDatacenter(paths_.datacenterOf(object));
  }
  bool matchesDatacenter(const std::optional<vsphere::Moref>& ref) const;

  bool onHosts(const vsphere::Host& object) const;
  bool onHosts(const vsphere::VirtualMachine& object) const;
  bool onHosts(const vsphere::Datastore& object) const;
  bool onHosts(const vsphere::Network& object) const;
  bool onHosts(const vsphere::DistributedSwitch& object) const;
  bool onHosts(const vsphere::Cluster& object) const;
  bool onHosts(const vsphere::ResourcePool& object) const;
  bool onHosts(const vsphere::StoragePod& object) const;
  bool onHosts(const vsphere::Folder& object) const { return onHostsAbove(object); }
  bool onHosts(const vsphere::Datacenter& object) const { return onHostsAbove(object); }
  bool onHostsAbove(const vsphere::Entity& object) const;
  void noteAbove(std::optional<vsphere::Moref> parent);
  bool anyChosen(const std::vector<vsphere::Moref>& hosts) const;

  FilterSpec spec_;
  const Inventory& inventory_;
  InventoryPaths paths_;
  mutable std::unordered_set<vsphere::Moref> hosts_;  // chosen so far
  std::unordered_set<vsphere::Moref> ancestors_;
};

}  // namespace failback::discovery
