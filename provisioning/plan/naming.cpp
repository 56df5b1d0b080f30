// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/plan/naming.h"

namespace failback::provisioning {

ServerIdentity identityOf(const discovery::Inventory& inventory) {
  ServerIdentity identity{lower(inventory.vcenter.about.instanceUuid), "about.instanceUuid"};
  // A host of its own has none; its hardware has one.
  const auto& hosts = inventory.all<vsphere::Host>();
  if (identity.uuid.empty() && hosts.size() == 1)
    identity = {lower(hosts.front().uuid.value_or("")), "summary.hardware.uuid"};
  return identity;
}

}  // namespace failback::provisioning
