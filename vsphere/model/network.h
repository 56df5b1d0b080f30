// SPDX-License-Identifier: GPL-2.0-or-later
// Network, DistributedVirtualPortgroup, OpaqueNetwork; and distributed switches.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "vsphere/model/container.h"

namespace failback::vsphere {

struct Network : Entity {
  // "standard", "distributed", "opaque"; from the object's type.
  std::string kind;
  std::optional<bool> accessible;
  std::vector<Moref> hosts;
  // Distributed port groups.
  std::optional<std::string> portgroupKey;
  std::optional<std::string> portBinding;  // config.type: "earlyBinding", "lateBinding", "ephemeral"
  std::optional<bool> uplink;
  std::optional<Moref> dvs;
  std::optional<std::string> dvsUuid;  // of its switch; filled by discovery/
  std::optional<std::string> dvsName;
  // Opaque networks (NSX).
  std::optional<std::string> opaqueNetworkId, opaqueNetworkType;

  friend bool operator==(const Network&, const Network&) = default;
};

struct DistributedSwitch : Entity {
  std::optional<std::string> uuid;
  std::vector<Moref> portgroups;
  std::vector<Moref> hosts;

  friend bool operator==(const DistributedSwitch&, const DistributedSwitch&) = default;
};

}  // namespace failback::vsphere
