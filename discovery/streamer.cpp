// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/streamer.h"

#include <utility>

#include "discovery/derived.h"

namespace failback::discovery {

void Streamer::object(vsphere::InventoryObject&& object) {
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
  if (auto entry = cutOff(object)) unreadable(std::move(*entry));
  const vsphere::Moref ref = vsphere::entityOf(object).ref;
  if (world_.kindOf(ref)) return;
  world_.add(std::move(object));
  waiting_.push_back(ref);
}

void Streamer::unreadable(vsphere::Unreadable&& what) {
  // Whether its object is wanted may only be known later.
  if (filter_.spec().empty()) {
    listener_.unreadable(what);
  } else {
    held_.push_back(std::move(what));
  }
}

void Streamer::progress(std::uint64_t, std::uint64_t) {
  tellWaiting(false);
  if (options_.onProgress) options_.onProgress(objects_);
}

void Streamer::endAll() {
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

void Streamer::tellWaiting(bool all) {
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

void Streamer::tellOf(const vsphere::Moref& ref) {
  world_.visit(ref, [this](auto& object) {
    object.inventoryPath = paths_.pathOf(object);
    if constexpr (requires { deriveFacts(object, std::as_const(world_)); }) {
      deriveFacts(object, std::as_const(world_));
    }
    tell(vsphere::InventoryObject(object));
  });
}

void Streamer::tell(const vsphere::InventoryObject& object) {
  const bool kept = std::visit([this](const auto& value) { return filter_.keeps(value); }, object);
  if (kept) {
    listener_.object(object, world_);
  } else if (!filter_.spec().empty()) {
    leftOut_.insert(vsphere::entityOf(object).ref);
  }
}

}  // namespace failback::discovery
