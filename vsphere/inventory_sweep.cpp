// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/inventory_sweep.h"

#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "vsphere/asked_paths.h"
#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/service.h"
#include "vsphere/error.h"
#include "vsphere/inventory_reader.h"
#include "vsphere/page_token.h"
#include "vsphere/session.h"

namespace failback::vsphere {
namespace {

// A walk that is broken off again and again, without bringing anything new, is no accident.
constexpr int kMostWalks = 3;

PathRequest pathsOf(const Session& session, Depth depth) {
  PathRequest request;
  request.depth = depth;
  request.apiVersion = session.apiVersion();
  return request;
}

class Sweep {
 public:
  Sweep(const Session& session, std::vector<std::string_view> types, Depth depth, std::int32_t pageSize,
        InventorySink& sink, const Context& context)
      : session_(session),
        types_(std::move(types)),
        pageSize_(pageSize),
        sink_(sink),
        context_(context),
        paths_(pathsOf(session, depth)) {}

  void run() {
    while (true) {
      try {
        walk();
        return;
      } catch (const Failure& failure) {
        if (!goesOnAfter(failure)) throw;
      }
    }
  }

 private:
  void walk() {
    asked_ = paths_.forView(types_);
    if (!session_.about().isVCenter()) {
      std::erase_if(asked_.properties, [](const TypePaths& one) { return !onHostsToo(one.type); });
    }
    generation_ = session_.generation();
    inPages_ = false;
    ++walk_;
    bound_ = {};
    RequestArena arena;
    vim25__RetrievePropertiesExRequestType request;
    request.specSet.push_back(specOfInventory(arena, session_.refs().rootFolder, asked_.properties));
    request.options = arena.make<vim25__RetrieveOptions>();
    request.options->maxObjects = pageSize_;
    InventoryPage page = firstPage(session_, request, generation_, {}, context_);
    while (true) {
      PageToken token(session_, context_, std::move(page.token));
      tell(std::move(page), !token.text().empty());
      if (token.text().empty()) return;
      inPages_ = true;
      page = nextPage(session_, token, generation_, context_);
    }
  }

  // Without what was told before: in a walk that was broken off, or because several ways lead to it.
  void tell(InventoryPage page, bool more) {
    std::unordered_set<Moref> fresh;
    std::size_t ofThisWalk = 0;
    for (Moref& object : page.seen) {
      const auto [known, isNew] = told_.try_emplace(object, walk_);
      if (isNew || known->second != walk_) ++ofThisWalk;
      known->second = walk_;
      if (isNew) fresh.insert(std::move(object));
    }
    bound_.page(ofThisWalk, more);
    if (!fresh.empty()) restarts_ = 0;
    std::unordered_set<Moref> open = fresh;
    for (InventoryObject& object : page.objects) {
      if (open.erase(entityOf(object).ref) > 0) sink_.object(std::move(object));
    }
    for (Unreadable& hole : page.unreadable) {
      if (fresh.contains(hole.object)) sink_.unreadable(std::move(hole));
    }
    sink_.progress(told_.size(), 0);
  }

  // True when the walk is to be begun anew.
  bool goesOnAfter(const Failure& failure) {
    const Error& error = failure.error();
    if (paths_.learn(error, asked_)) return true;
    // An object that is deleted while the server stands on it may break the walk off.
    const bool again = mayBeginAgain(failure, inPages_) || error.hasFault("ManagedObjectNotFound");
    if (again && ++restarts_ > kMostWalks && isSessionLoss(error)) failLostAgain(error);
    return again && restarts_ <= kMostWalks;
  }

  const Session& session_;
  const std::vector<std::string_view> types_;
  const std::int32_t pageSize_;
  InventorySink& sink_;
  const Context& context_;
  AskedPaths paths_;
  AskedPaths::Asked asked_;
  std::unordered_map<Moref, unsigned> told_;  // and the last walk that came by
  unsigned walk_ = 0;
  bool inPages_ = false;
  PageBound bound_;  // of this walk
  std::uint64_t generation_ = 0;
  int restarts_ = 0;
};

}  // namespace

void sweepInventory(const Session& session, const std::vector<std::string>& types, Depth depth,
                    std::int32_t pageSize, InventorySink& sink, const Context& context) {
  ReadRequest request;
  request.types = types;
  Sweep(session, typesToRead(request, session), depth, pageSize, sink, context).run();
}

}  // namespace failback::vsphere
