// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/inventory_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <map>
#include <unordered_set>
#include <utility>

#include "vsphere/asked_paths.h"
#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/service.h"
#include "vsphere/container_view.h"
#include "vsphere/error.h"
#include "vsphere/page_pipeline.h"
#include "vsphere/page_token.h"
#include "vsphere/session.h"

namespace failback::vsphere {
namespace {

// What is read after what: containers, then what they hold, then VMs, which lie in all of that. Within a
// phase slices of several types are in flight together.
constexpr std::array<std::string_view, 5> kPlaces = {"HostSystem", "Datastore", "Network",
                                                     "DistributedVirtualPortgroup", "OpaqueNetwork"};
constexpr std::size_t kPhases = 3;

std::size_t phaseOf(std::string_view knownType) {
  if (knownType == "VirtualMachine") return 2;
  return std::find(kPlaces.begin(), kPlaces.end(), knownType) == kPlaces.end() ? 0 : 1;
}

Unreadable vanished(const Moref& object) {
  Unreadable hole;
  hole.object = object;
  hole.reason = "vanished";
  hole.text = fmt::format("{} was listed, but is gone, or hidden from this account", object.str());
  return hole;
}

Unreadable unknown(const Moref& object) {
  Unreadable hole;
  hole.object = object;
  hole.reason = "unknownType";
  hole.text = fmt::format("{} is of a type that this program does not know", object.str());
  return hole;
}

}  // namespace

// ------------------------------------------------------------------------------------------- one slice

class InventoryReader::SliceReader {
 public:
  using Emit = PagePipeline<InventoryPage>::Emit;

  SliceReader(const Session& session, AskedPaths& paths, std::int32_t pageSize, const Slice& slice,
              const Context& context, const Emit& emit)
      : session_(session),
        paths_(paths),
        pageSize_(pageSize),
        context_(context),
        emit_(emit),
        continues_(slice.continues),
        pending_(slice.objects) {}

  void read() {
    while (!pending_.empty()) {
      try {
        ask();
        break;
      } catch (const Failure& failure) {
        if (!learn(failure)) throw;
      }
    }
    if (pending_.empty()) return;
    InventoryPage rest;
    for (const Moref& object : pending_) rest.unreadable.push_back(vanished(object));
    rest.seen = std::move(pending_);
    emit_(std::move(rest));
  }

 private:
  void ask() {
    asked_ = paths_.forObjects(pending_);
    generation_ = session_.generation();
    inPages_ = false;
    RequestArena arena;
    vim25__RetrievePropertiesExRequestType request;
    request.specSet.push_back(specOfObjects(arena, pending_, asked_.properties));
    request.options = arena.make<vim25__RetrieveOptions>();
    request.options->maxObjects = pageSize_;
    InventoryPage page = firstPage(session_, request, generation_, {.continues = continues_}, context_);
    while (true) {
      PageToken token(session_, context_, std::move(page.token));
      const std::size_t open = pending_.size();
      hand(std::move(page));
      bound_.page(open - pending_.size(), !token.text().empty());
      if (token.text().empty()) return;
      inPages_ = true;
      page = nextPage(session_, token, generation_, context_);
    }
  }

  // Emits the page without what was told before or was never asked.
  void hand(InventoryPage page) {
    const std::unordered_set<Moref> open(pending_.begin(), pending_.end());
    const std::unordered_set<Moref> answered(page.seen.begin(), page.seen.end());
    std::erase_if(page.objects,
                  [&](const InventoryObject& object) { return !open.contains(entityOf(object).ref); });
    std::erase_if(page.unreadable, [&](const Unreadable& hole) { return !open.contains(hole.object); });
    std::erase_if(page.seen, [&](const Moref& object) { return !open.contains(object); });
    const auto came = std::erase_if(pending_, [&](const Moref& object) { return answered.contains(object); });
    if (came > 0) losses_ = 0;
    emit_(std::move(page));
  }

  // True when it makes sense to ask for the rest once more.
  bool learn(const Failure& failure) {
    const Error& error = failure.error();
    if (isSessionLoss(error)) {
      if (++sessionLosses_ > kMostLosses) failLostAgain(error);
      return true;
    }
    if (mayBeginAgain(failure, inPages_)) return ++losses_ <= kMostLosses;
    if (paths_.learn(error, asked_)) return true;
    if (error.hasFault("ManagedObjectNotFound")) {
      const auto gone = std::find(pending_.begin(), pending_.end(), error.object);
      if (gone == pending_.end()) return false;
      InventoryPage page;
      page.unreadable.push_back(vanished(*gone));
      page.seen.push_back(*gone);
      pending_.erase(gone);
      emit_(std::move(page));
      return true;
    }
    return false;
  }

  const Session& session_;
  AskedPaths& paths_;
  const std::int32_t pageSize_;
  const Context& context_;
  const Emit& emit_;
  const bool continues_;
  std::vector<Moref> pending_;  // listed, and not yet answered
  AskedPaths::Asked asked_;
  std::uint64_t generation_ = 0;
  int sessionLosses_ = 0;
  int losses_ = 0;        // of the connection, since something came
  bool inPages_ = false;  // asking for a page after the first
  PageBound bound_;
};

// --------------------------------------------------------------------------------------------- the whole

Depth depthOf(const ReadRequest& request, std::string_view managedType) {
  for (std::string_view type = knownTypeOf(managedType); !type.empty(); type = baseTypeOf(type)) {
    const auto found = request.depths.find(type);
    if (found != request.depths.end()) return found->second;
  }
  return request.depth;
}

bool onHostsToo(std::string_view type) {
  return type != "StoragePod" && type != "DistributedVirtualSwitch";
}

std::vector<std::string_view> typesToRead(const ReadRequest& request, const Session& session) {
  if (!request.types.empty()) return {request.types.begin(), request.types.end()};
  std::vector<std::string_view> types;
  for (const std::string_view type : inventoryTypes()) {
    if (session.about().isVCenter() || onHostsToo(type)) types.push_back(type);
  }
  return types;
}

void InventoryReader::readInventory(const ReadRequest& request, InventorySink& sink, const Context& context) {
  readPhases(list(request, context), request, kPhases, sink, context);
}

void InventoryReader::readObjects(const std::vector<Moref>& objects, Depth depth, InventorySink& sink,
                                  const Context& context) {
  std::vector<Moref> unique;
  std::unordered_set<Moref> known;
  for (const Moref& object : objects) {
    if (known.insert(object).second) unique.push_back(object);
  }
  // Few, and of one call as far as they fit.
  std::ranges::stable_sort(unique, {}, [](const Moref& object) { return phaseOf(knownTypeOf(object.type)); });
  ReadRequest request;
  request.depth = depth;
  readPhases(std::move(unique), request, 1, sink, context);
}

std::vector<Moref> InventoryReader::list(const ReadRequest& request, const Context& context) const {
  const std::vector<std::string_view> types = typesToRead(request, *session_);
  const Moref& container = request.container.empty() ? session_->refs().rootFolder : request.container;
  for (int losses = 0;; ++losses) {
    try {
      return ContainerView(*session_, container, types, context).list(context);
    } catch (const Failure& failure) {
      if (!isSessionLoss(failure.error()) || losses == kMostLosses) throw;
    }
  }
}

void InventoryReader::readPhases(std::vector<Moref> objects, const ReadRequest& request, std::size_t count,
                                 InventorySink& sink, const Context& context) const {
  const std::uint64_t total = objects.size();
  std::uint64_t done = 0;
  std::array<std::map<Depth, std::vector<Moref>>, kPhases> phases;
  for (Moref& object : objects) {
    const std::string_view type = knownTypeOf(object.type);
    if (type.empty()) {
      sink.unreadable(unknown(object));
      ++done;
    } else {
      phases[std::min(phaseOf(type), count - 1)][depthOf(request, object.type)].push_back(std::move(object));
    }
  }
  objects = {};
  bool begun = false;
  for (auto& phase : phases) {
    for (auto& [depth, ofDepth] : phase) {
      PathRequest asked;
      asked.depth = depth;
      asked.apiVersion = session_->apiVersion();
      AskedPaths paths(std::move(asked));
      std::vector<Slice> slices = sliced(std::exchange(ofDepth, {}), pageSize_);
      if (!slices.empty()) slices.front().continues = std::exchange(begun, true);
      readSlices(slices, paths, sink, done, total, context);
    }
    sink.phaseEnded();
  }
}

std::vector<InventoryReader::Slice> InventoryReader::sliced(std::vector<Moref> objects, std::int32_t size) {
  const std::size_t step = size > 0 ? static_cast<std::size_t>(size) : objects.size();
  std::vector<Slice> slices;
  for (std::size_t from = 0; from < objects.size(); from += step) {
    const std::size_t to = std::min(objects.size(), from + step);
    const auto begin = objects.begin();
    slices.push_back({std::vector<Moref>(std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(from)),
                                         std::make_move_iterator(begin + static_cast<std::ptrdiff_t>(to))),
                      true});
  }
  return slices;
}

void InventoryReader::readSlices(const std::vector<Slice>& slices, AskedPaths& paths, InventorySink& sink,
                                 std::uint64_t& done, std::uint64_t total, const Context& context) const {
  PagePipeline<InventoryPage>::run(
      slices.size(), parallelCalls_, context,
      [&](std::size_t index, const Context& own, const SliceReader::Emit& emit) {
        SliceReader(*session_, paths, pageSize_, slices[index], own, emit).read();
      },
      [&](InventoryPage&& page) {
        for (InventoryObject& object : page.objects) sink.object(std::move(object));
        for (Unreadable& hole : page.unreadable) sink.unreadable(std::move(hole));
        done += page.seen.size();
        sink.progress(done, total);
      });
}

}  // namespace failback::vsphere
