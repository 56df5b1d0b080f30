// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/filter.h"

#include <algorithm>

#include "discovery/glob.h"

namespace failback::discovery {

bool FilterSpec::wants(Kind kind) const {
  return kinds.empty() || std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

Filter::Filter(FilterSpec spec, const Inventory& inventory)
    : spec_(std::move(spec)), inventory_(inventory), paths_(inventory) {}

bool Filter::judgesLate(Kind kind) const {
  return !spec_.hosts.empty() && kind != Kind::host && kind != Kind::virtualMachine;
}

void Filter::noteAbove(std::optional<vsphere::Moref> parent) {
  while (parent && ancestors_.insert(*parent).second) {
    const vsphere::Entity* entity = inventory_.entity(*parent);
    if (entity == nullptr) break;
    parent = entity->parent;
  }
}

void Filter::indexAncestors() {
  inventory_.forEach([this](const auto& object) {
    using T = std::decay_t<decltype(object)>;
    if constexpr (!std::is_same_v<T, vsphere::Folder> && !std::is_same_v<T, vsphere::Datacenter>) {
      noteAncestorsOf(object);
    }
  });
}

bool Filter::matchesName(const vsphere::Entity& object) const {
  if (spec_.names.empty()) return true;
  return std::any_of(spec_.names.begin(), spec_.names.end(), [&](const std::string& pattern) {
    const bool isPath = pattern.find('/') != std::string::npos;
    return matchesGlob(pattern, isPath ? object.inventoryPath : object.name);
  });
}

bool Filter::matchesDatacenter(const std::optional<vsphere::Moref>& ref) const {
  const auto* datacenter = inventory_.find<vsphere::Datacenter>(ref);
  if (datacenter == nullptr) return false;
  return std::any_of(spec_.datacenters.begin(), spec_.datacenters.end(),
                     [&](const std::string& pattern) { return matchesGlob(pattern, datacenter->name); });
}

bool Filter::onHosts(const vsphere::Host& object) const {
  if (spec_.hosts.empty()) return true;
  return std::any_of(spec_.hosts.begin(), spec_.hosts.end(),
                     [&](const std::string& pattern) { return matchesGlob(pattern, object.name); });
}

bool Filter::anyChosen(const std::vector<vsphere::Moref>& hosts) const {
  return std::any_of(hosts.begin(), hosts.end(), [this](const vsphere::Moref& ref) {
    if (hosts_.count(ref) != 0) return true;
    const auto* host = inventory_.find<vsphere::Host>(ref);
    if (host == nullptr || !onHosts(*host)) return false;
    hosts_.insert(ref);
    return true;
  });
}

bool Filter::onHosts(const vsphere::VirtualMachine& object) const {
  return spec_.hosts.empty() || (object.host && anyChosen({*object.host}));
}

bool Filter::onHosts(const vsphere::Datastore& object) const {
  if (spec_.hosts.empty()) return true;
  return std::any_of(object.mounts.begin(), object.mounts.end(),
                     [this](const vsphere::HostMount& mount) { return anyChosen({mount.host}); });
}

bool Filter::onHosts(const vsphere::Network& object) const {
  return spec_.hosts.empty() || anyChosen(object.hosts);
}

bool Filter::onHosts(const vsphere::DistributedSwitch& object) const {
  return spec_.hosts.empty() || anyChosen(object.hosts);
}

bool Filter::onHosts(const vsphere::Cluster& object) const {
  return spec_.hosts.empty() || anyChosen(object.hosts);
}

bool Filter::onHosts(const vsphere::ResourcePool& object) const {
  if (spec_.hosts.empty()) return true;
  const auto* cluster = inventory_.find<vsphere::Cluster>(object.owner);
  return cluster != nullptr && onHosts(*cluster);
}

bool Filter::onHosts(const vsphere::StoragePod& object) const {
  if (spec_.hosts.empty()) return true;
  return std::any_of(object.datastores.begin(), object.datastores.end(), [this](const vsphere::Moref& ref) {
    const auto* datastore = inventory_.find<vsphere::Datastore>(ref);
    return datastore != nullptr && onHosts(*datastore);
  });
}

bool Filter::onHostsAbove(const vsphere::Entity& object) const {
  return spec_.hosts.empty() || ancestors_.count(object.ref) != 0;
}

}  // namespace failback::discovery
