// SPDX-License-Identifier: GPL-2.0-or-later
// What the inventory looked like when a plan was made (Plan::facts), and whether it still does: an approval
// is one of a plan in a world. Pure functions.
#pragma once

#include <string>
#include <vector>

#include "discovery/inventory.h"
#include "provisioning/plan/plan.h"

namespace failback::provisioning {

// config.changeVersion, config.files.vmPathName, runtime.powerState, runtime.host; what is not known is left
// out.
std::vector<Fact> factsOf(const vsphere::VirtualMachine& vm);
// summary.url, summary.type.
std::vector<Fact> factsOf(const vsphere::Datastore& datastore);

// Each fact of the plan that is not so any more, or can't be read: "web-01: runtime.powerState was
// poweredOff, and is poweredOn". Of VMs the inventory must hold what factsOf() reads.
std::vector<std::string> movedFacts(const Plan& plan, const discovery::Inventory& inventory);

}  // namespace failback::provisioning
