// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/reader.h"

#include "discovery/derived.h"
#include "discovery/needs.h"
#include "discovery/streamer.h"

namespace failback::discovery {
namespace {

// Puts objects into an inventory.
class Collector : public vsphere::InventorySink {
 public:
  Collector(Inventory& inventory, const ReadOptions& options) : inventory_(inventory), options_(options) {}

  void object(vsphere::InventoryObject&& object) override {
    ++objects_;
    if (auto entry = cutOff(object)) inventory_.unreadable.push_back(std::move(*entry));
    inventory_.add(std::move(object));
  }
  void unreadable(vsphere::Unreadable&& what) override { inventory_.unreadable.push_back(std::move(what)); }
  void progress(std::uint64_t, std::uint64_t) override {
    if (options_.onProgress) options_.onProgress(objects_);
  }

 private:
  Inventory& inventory_;
  const ReadOptions& options_;
  std::uint64_t objects_ = 0;
};

}  // namespace

Inventory readInventory(vsphere::Client& client, const ReadOptions& options,
                        const vsphere::Context& context) {
  Inventory inventory;
  inventory.depth = options.depth;
  inventory.vcenter = client.server();
  readLicenses(client, inventory, options, context);
  const Needs needs(options);
  Collector collector(inventory, options);
  client.readInventory(needs.request(), collector, context);
  deriveFacts(inventory);
  return inventory;
}

Inventory streamInventory(vsphere::Client& client, const ReadOptions& options, ObjectListener& listener,
                          const vsphere::Context& context) {
  Inventory world;
  world.depth = options.depth;
  world.vcenter = client.server();
  readLicenses(client, world, options, context);
  listener.vcenter(world.vcenter);
  const Needs needs(options);
  Streamer streamer(world, options, listener);
  for (vsphere::Unreadable& entry : world.unreadable) streamer.unreadable(std::move(entry));
  world.unreadable.clear();
  client.readInventory(needs.request(), streamer, context);
  streamer.endAll();
  return world;
}

}  // namespace failback::discovery
