// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/needs.h"

namespace failback::discovery {

using vsphere::Depth;

Needs::Needs(const ReadOptions& options) {
  const FilterSpec& filter = options.filter;
  // Paths and the datacenter filter.
  for (const Kind kind : {Kind::datacenter, Kind::folder, Kind::storagePod}) atLeast(kind, Depth::thin);
  for (const KindInfo& row : allKinds()) {
    if (filter.wants(row.kind)) want(row.kind, options.depth);
  }
  if (!filter.hosts.empty()) {
    atLeast(Kind::host, Depth::thin);
    atLeast(Kind::cluster, Depth::thin);
    // Which hosts they belong to is not part of a thin read.
    for (const Kind kind : {Kind::datastore, Kind::network, Kind::distributedSwitch, Kind::storagePod}) {
      if (filter.wants(kind)) atLeast(kind, Depth::standard);
    }
    if (filter.wants(Kind::storagePod)) atLeast(Kind::datastore, Depth::standard);
  }
}

void Needs::want(Kind kind, Depth depth) {
  atLeast(kind, depth);
  if (kind == Kind::host) atLeast(Kind::cluster, Depth::thin);
  if (kind == Kind::resourcePool) atLeast(Kind::cluster, Depth::thin);
  if (kind == Kind::network) atLeast(Kind::distributedSwitch, Depth::thin);
  if (kind == Kind::datastore && depth != Depth::thin) atLeast(Kind::storagePod, Depth::standard);
  // Names of the hosts that they list.
  const bool listsHosts = kind == Kind::datastore || kind == Kind::network ||
                          kind == Kind::distributedSwitch || kind == Kind::cluster;
  if (listsHosts && depth != Depth::thin) atLeast(Kind::host, Depth::thin);
  if (kind == Kind::virtualMachine) {
    // vApps and their clusters stand in paths; hosts and datastores say whether it could be a master
    // target.
    const Depth around = depth == Depth::thin ? Depth::thin : Depth::standard;
    atLeast(Kind::host, around);
    atLeast(Kind::datastore, around);
    atLeast(Kind::resourcePool, Depth::thin);
    atLeast(Kind::cluster, Depth::thin);
    if (depth != Depth::thin) atLeast(Kind::network, Depth::thin);
  }
}

void Needs::atLeast(Kind kind, Depth depth) {
  std::optional<Depth>& present = depths_[static_cast<std::size_t>(kind)];
  if (!present || *present < depth) present = depth;
}

vsphere::ReadRequest Needs::request() const {
  vsphere::ReadRequest request;
  for (const KindInfo& row : allKinds()) {
    if (const auto depth = of(row.kind)) {
      request.depths.emplace(row.viewType, *depth);
      request.types.emplace_back(row.viewType);
    }
  }
  return request;
}

void readLicenses(vsphere::Client& client, Inventory& inventory, const ReadOptions& options,
                  const vsphere::Context& context) {
  if (options.depth == Depth::thin) return;
  inventory.vcenter.licenses = client.readLicenses(context, inventory.unreadable);
}

}  // namespace failback::discovery
