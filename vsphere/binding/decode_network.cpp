// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_network.h"

namespace failback::vsphere::binding {
namespace {

bool setSummary(Network& network, const xsd__anyType& value) {
  const auto* summary = dynamic_cast<const vim25__NetworkSummary*>(&value);
  if (summary == nullptr) return false;
  if (summary->accessible) network.accessible = summary->accessible;
  if (const auto* opaque = dynamic_cast<const vim25__OpaqueNetworkSummary*>(summary)) {
    network.opaqueNetworkId = opaque->opaqueNetworkId;
    network.opaqueNetworkType = opaque->opaqueNetworkType;
  }
  return true;
}

}  // namespace

const SetterTable<Network>& networkSetters() {
  static const SetterTable<Network> table{
      {"name", setName},
      {"parent", set<&Network::parent>},
      {"summary", setSummary},
      {"summary.accessible", set<&Network::accessible>},
      {"host", set<&Network::hosts>},
      {"key", set<&Network::portgroupKey>},
      {"config.type", set<&Network::portBinding>},
      {"config.uplink", set<&Network::uplink>},
      {"config.distributedVirtualSwitch", set<&Network::dvs>},
  };
  return table;
}

const SetterTable<DistributedSwitch>& distributedSwitchSetters() {
  static const SetterTable<DistributedSwitch> table{
      {"name", setName},
      {"parent", set<&DistributedSwitch::parent>},
      {"uuid", set<&DistributedSwitch::uuid>},
      {"portgroup", set<&DistributedSwitch::portgroups>},
      {"summary.hostMember", set<&DistributedSwitch::hosts>},
  };
  return table;
}

}  // namespace failback::vsphere::binding
