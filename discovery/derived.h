// SPDX-License-Identifier: GPL-2.0-or-later
// Facts that follow from several objects at once.
#pragma once

#include <optional>

#include "discovery/inventory.h"

namespace failback::discovery {

// Fills Entity::inventoryPath, Datastore::storagePod, Network::dvsUuid and dvsName, and Nic::network where
// the device itself says only which distributed port group it is in.
void deriveFacts(Inventory& inventory);
// The same for one object, from what is in the inventory so far.
void deriveFacts(vsphere::Datastore& datastore, const Inventory& inventory);
void deriveFacts(vsphere::Network& network, const Inventory& inventory);
void deriveFacts(vsphere::VirtualMachine& vm, const Inventory& inventory);

// A host that does not answer, a VM that is orphaned, inaccessible or invalid: what the server still shows of
// it may be old, or nothing at all. None when all is well.
std::optional<vsphere::Unreadable> cutOff(const vsphere::Host& host);
std::optional<vsphere::Unreadable> cutOff(const vsphere::VirtualMachine& vm);
// The same of any object; none for all other kinds.
std::optional<vsphere::Unreadable> cutOff(const vsphere::InventoryObject& object);

}  // namespace failback::discovery
