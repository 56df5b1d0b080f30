// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_set>

#include "discovery/derived.h"
#include "discovery/inventory_path.h"

namespace failback::discovery {
namespace {

using vsphere::Depth;

// How deep each kind has to be read; nothing: not at all.
class Needs {
 public:
  explicit Needs(const ReadOptions& options) {
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

  std::optional<Depth> of(Kind kind) const { return depths_[static_cast<std::size_t>(kind)]; }

 private:
  void want(Kind kind, Depth depth) {
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
  void atLeast(Kind kind, Depth depth) {
    std::optional<Depth>& present = depths_[static_cast<std::size_t>(kind)];
    if (!present || *present < depth) present = depth;
  }

  std::array<std::optional<Depth>, kindCount> depths_{};
};

// All of it, each kind as deep as it is needed.
vsphere::ReadRequest requestFor(const Needs& needs) {
  vsphere::ReadRequest request;
  for (const KindInfo& row : allKinds()) {
    if (const auto depth = needs.of(row.kind)) {
      request.depths.emplace(row.viewType, *depth);
      request.types.emplace_back(row.viewType);
    }
  }
  return request;
}

// Puts objects into an inventory.
class Collector : public vsphere::InventorySink {
 public:
  Collector(Inventory& inventory, const ReadOptions& options) : inventory_(inventory), options_(options) {}

  void object(vsphere::InventoryObject&& object) override {
    ++objects_;
    note(object);
    inventory_.add(std::move(object));
  }
  void unreadable(vsphere::Unreadable&& what) override { inventory_.unreadable.push_back(std::move(what)); }
  void progress(std::uint64_t, std::uint64_t) override {
    if (options_.onProgress) options_.onProgress(objects_);
  }

 private:
  void note(const vsphere::InventoryObject& object) {
    std::optional<vsphere::Unreadable> entry;
    if (const auto* host = std::get_if<vsphere::Host>(&object)) entry = cutOff(*host);
    if (const auto* vm = std::get_if<vsphere::VirtualMachine>(&object)) entry = cutOff(*vm);
    if (entry) inventory_.unreadable.push_back(std::move(*entry));
  }

  Inventory& inventory_;
  const ReadOptions& options_;
  std::uint64_t objects_ = 0;
};

void readLicenses(vsphere::Client& client, Inventory& inventory, const ReadOptions& options,
                  const vsphere::Context& context) {
  if (options.depth == Depth::thin) return;
  inventory.vcenter.licenses = client.readLicenses(context, inventory.unreadable);
}

// Hands objects on as they come; what paths and judgements need is kept in an inventory beside.
class Streamer : public vsphere::InventorySink {
 public:
  Streamer(Inventory& world, const ReadOptions& options, ObjectListener& listener)
      : world_(world),
        options_(options),
        listener_(listener),
        filter_(options.filter, world),
        paths_(world) {}

  void object(vsphere::InventoryObject&& object) override {
    ++objects_;
    if (world_.isRoot(vsphere::entityOf(object).ref)) return;
    if (auto* vm = std::get_if<vsphere::VirtualMachine>(&object)) {
      vm->inventoryPath = paths_.pathOf(*vm);
      deriveFacts(*vm, world_);
      filter_.noteAncestorsOf(*vm);
      if (auto entry = cutOff(*vm)) unreadable(std::move(*entry));
      tell(object);
      return;
    }
    if (const auto* host = std::get_if<vsphere::Host>(&object)) {
      if (auto entry = cutOff(*host)) unreadable(std::move(*entry));
    }
    const vsphere::Moref ref = vsphere::entityOf(object).ref;
    if (world_.kindOf(ref)) return;
    world_.add(std::move(object));
    waiting_.push_back(ref);
  }
  void unreadable(vsphere::Unreadable&& what) override {
    // Whether its object is wanted may only be known later.
    if (filter_.spec().empty()) {
      listener_.unreadable(what);
    } else {
      held_.push_back(std::move(what));
    }
  }
  void progress(std::uint64_t, std::uint64_t) override {
    tellWaiting(false);
    if (options_.onProgress) options_.onProgress(objects_);
  }

  // Nothing more comes that an object of this phase could wait for.
  void phaseEnded() override { tellWaiting(true); }

  void endAll() {
    filter_.indexAncestors();
    for (const vsphere::Moref& ref : late_) tellOf(ref);
    late_.clear();
    for (const vsphere::Unreadable& entry : held_) {
      const auto kind = kindFromType(entry.object.type);
      if (leftOut_.count(entry.object) == 0 && (!kind || filter_.spec().wants(*kind))) {
        listener_.unreadable(entry);
      }
    }
    held_.clear();
  }

 private:
  // Tells those whose parents are known by now; the others when the phase ends.
  void tellWaiting(bool all) {
    std::vector<vsphere::Moref> later;
    for (const vsphere::Moref& ref : waiting_) {
      const vsphere::Entity* entity = world_.entity(ref);
      if (!all && !InventoryPaths::isComplete(paths_.pathOf(*entity))) {
        later.push_back(ref);
      } else if (filter_.judgesLate(*world_.kindOf(ref))) {
        late_.push_back(ref);
      } else {
        tellOf(ref);
      }
    }
    waiting_ = std::move(later);
  }

  void tellOf(const vsphere::Moref& ref) {
    world_.visit(ref, [this](auto& object) {
      object.inventoryPath = paths_.pathOf(object);
      if constexpr (requires { deriveFacts(object, std::as_const(world_)); }) {
        deriveFacts(object, std::as_const(world_));
      }
      tell(vsphere::InventoryObject(object));
    });
  }

  void tell(const vsphere::InventoryObject& object) {
    const bool kept = std::visit([this](const auto& value) { return filter_.keeps(value); }, object);
    if (kept) {
      listener_.object(object, world_);
    } else if (!filter_.spec().empty()) {
      leftOut_.insert(vsphere::entityOf(object).ref);
    }
  }

  Inventory& world_;
  const ReadOptions& options_;
  ObjectListener& listener_;
  Filter filter_;
  InventoryPaths paths_;
  std::vector<vsphere::Moref> waiting_, late_;
  std::vector<vsphere::Unreadable> held_;
  std::unordered_set<vsphere::Moref> leftOut_;
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
  client.readInventory(requestFor(needs), collector, context);
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
  client.readInventory(requestFor(needs), streamer, context);
  streamer.endAll();
  return world;
}

}  // namespace failback::discovery
