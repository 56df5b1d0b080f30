// SPDX-License-Identifier: GPL-2.0-or-later
// A small site, as a vCenter would show it: one datacenter, a cluster of two hosts, a host of its own, VMFS
// in a datastore cluster, NFS, a distributed switch, a vApp, and VMs of the kinds that matter.
#pragma once

#include <string>
#include <vector>

#include "discovery/filter.h"
#include "discovery/inventory.h"
#include "tests/unit/discovery/fake_client.h"
#include "vsphere/client.h"

namespace failback::testing {

vsphere::VCenter sampleVCenter();
// In an order in which children come before parents, as a server may send them.
std::vector<vsphere::InventoryObject> sampleObjects();
// The same with what is derived from it.
discovery::Inventory derivedSite(vsphere::Depth depth = vsphere::Depth::standard);
// What `discover -o json` writes of it.
std::string dumpOf(const discovery::Inventory& inventory, const discovery::FilterSpec& spec = {});
// A client on that site.
void fillSampleSite(FakeClient& client);

// "mt-linux-01": could be a master target; every rule passes.
vsphere::VirtualMachine healthyMasterTarget();
vsphere::Host healthyHost();
// A VM with every member set, for tests that nothing is lost.
vsphere::VirtualMachine completeVm();

vsphere::Moref ref(const std::string& type, const std::string& value);

}  // namespace failback::testing
