// SPDX-License-Identifier: GPL-2.0-or-later
// Reads an inventory and then tells what changes in it (WaitForUpdatesEx), until somebody stops it.
#pragma once

#include <string>
#include <vector>

#include "discovery/reader.h"

namespace failback::discovery {

// One change after the first picture.
struct Change {
  vsphere::InventoryChange::Kind kind = vsphere::InventoryChange::Kind::modify;
  Kind objectKind = Kind::virtualMachine;
  vsphere::Moref ref;
  std::string name;  // as it was last told; empty when it can't be seen
  // enter: the object as it came, with its inventory path; else nullptr.
  const vsphere::InventoryObject* object = nullptr;
  // modify: as the server told them; else empty.
  std::vector<vsphere::ChangedValue> values;
};

// Called from one thread. An exception ends the watch and passes through.
class ChangeListener : public ObjectListener {
 public:
  // All that was there has been told by object() and unreadable().
  virtual void complete() = 0;
  // `world` holds containers, hosts, datastores and networks as they are now.
  virtual void change(const Change& change, const Inventory& world) = 0;
};

// Tells what is there as streamInventory() does, then complete(), then each change once, in the server's
// order: see vsphere::Client::watch for what happens to sessions. `first` bounds the time until complete();
// then it ends with `context` only, by Failure (interrupted or deadline).
//
// An object is shown when the filter keeps it as it is now: one that a change brings in is told as entering,
// one that a change takes out as leaving. What changes of others (a datacenter's name) does not do that.
void watchInventory(vsphere::Client& client, const ReadOptions& options, ChangeListener& listener,
                    const vsphere::Context& first, const vsphere::Context& context);

}  // namespace failback::discovery
