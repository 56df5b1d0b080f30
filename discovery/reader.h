// SPDX-License-Identifier: GPL-2.0-or-later
// Reads an inventory from a server through a vsphere::Client, whole or object by object, and adds what
// follows from several objects.
#pragma once

#include <cstdint>
#include <functional>

#include "discovery/filter.h"
#include "discovery/inventory.h"
#include "vsphere/client.h"

namespace failback::discovery {

struct ReadOptions {
  vsphere::Depth depth = vsphere::Depth::standard;
  // Decides what must be read: the kinds it wants at `depth`, and what is needed to judge and to name them.
  // The inventory that comes back holds all of that; View shows the part that was wanted.
  FilterSpec filter;
  // Called from one thread at a time after each page, with the objects read so far in all.
  std::function<void(std::uint64_t objects)> onProgress;
};

// Reads everything, then returns it. Throws Failure; what could not be read is in Inventory::unreadable.
Inventory readInventory(vsphere::Client& client, const ReadOptions& options, const vsphere::Context& context);

// Receives what streamInventory() finds, in the order in which it comes. Called from one thread at a time; an
// exception ends the reading and passes through.
class ObjectListener {
 public:
  virtual ~ObjectListener() = default;
  virtual void vcenter(const vsphere::VCenter& vcenter) = 0;
  // Each object once, with its inventory path. `world` holds the containers, hosts, datastores and networks
  // read so far, which for a VM are all of them.
  virtual void object(const vsphere::InventoryObject& object, const Inventory& world) = 0;
  virtual void unreadable(const vsphere::Unreadable& entry) = 0;
};

// Tells objects while they are read: containers first (paths need them), then hosts, datastores and networks,
// then VMs page by page. VMs are not kept, so memory does not grow with their number; all else is returned.
Inventory streamInventory(vsphere::Client& client, const ReadOptions& options, ObjectListener& listener,
                          const vsphere::Context& context);

}  // namespace failback::discovery
