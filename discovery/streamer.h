// SPDX-License-Identifier: GPL-2.0-or-later
// Names, judges and filters objects while they come, and hands on those that are wanted.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "discovery/filter.h"
#include "discovery/inventory_path.h"
#include "discovery/reader.h"
#include "vsphere/client.h"

namespace failback::discovery {

// What paths and judgements need is kept in an inventory beside, which must outlive it. Not thread-safe.
class Streamer : public vsphere::InventorySink {
 public:
  Streamer(Inventory& world, const ReadOptions& options, ObjectListener& listener)
      : world_(world),
        options_(options),
        listener_(listener),
        filter_(options.filter, world),
        paths_(world) {}

  void object(vsphere::InventoryObject&& object) override;
  void unreadable(vsphere::Unreadable&& what) override;
  void progress(std::uint64_t done, std::uint64_t total) override;
  // Nothing more comes that an object of this phase could wait for.
  void phaseEnded() override { tellWaiting(true); }
  // Everything has come: what could not be judged before, is now.
  void endAll();

 private:
  // Tells those whose parents are known by now; the others when the phase ends.
  void tellWaiting(bool all);
  void tellOf(const vsphere::Moref& ref);
  void tell(const vsphere::InventoryObject& object);

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

}  // namespace failback::discovery
