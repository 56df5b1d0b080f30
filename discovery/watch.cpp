// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/watch.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "discovery/derived.h"
#include "discovery/needs.h"
#include "discovery/packed_vms.h"
#include "discovery/streamer.h"

namespace failback::discovery {
namespace {

using vsphere::InventoryChange;
using vsphere::InventoryObject;
using vsphere::Moref;

// A change of one of these may bring an object into what a filter keeps, or take it out.
constexpr std::array<std::string_view, 10> kPlacing = {
    "name",  "parent",       "parentVApp", "runtime.host",       "host",
    "owner", "resourcePool", "datastore",  "summary.hostMember", "childEntity"};

bool isPlacing(const InventoryChange& change) {
  return std::any_of(change.values.begin(), change.values.end(), [](const vsphere::ChangedValue& value) {
    return std::find(kPlacing.begin(), kPlacing.end(), value.path) != kPlacing.end();
  });
}

// The inventory as it is while it is watched: all but VMs, which are many and stand for themselves. Those
// that changed are read again when somebody needs them.
class LiveWorld {
 public:
  LiveWorld(vsphere::Client& client, const ReadOptions& options, const Needs& needs,
            const vsphere::Context& context)
      : client_(client), options_(options), needs_(needs), context_(context) {}

  Inventory& inventory() { return world_; }

  void changed(const Moref& ref) {
    if (world_.kindOf(ref)) stale_.insert(ref);
  }
  void removed(const Moref& ref) {
    stale_.erase(ref);
    if (world_.remove(ref)) judge_.reset();
  }

  // Gives the object its path and what follows from others. True when the filter keeps it.
  bool prepare(InventoryObject& object) {
    refresh();
    if (!judge_) judge_.emplace(options_.filter, world_);
    return std::visit(
        [this](auto& value) {
          value.inventoryPath = judge_->paths.pathOf(value);
          if constexpr (requires { deriveFacts(value, std::as_const(world_)); }) {
            deriveFacts(value, std::as_const(world_));
          }
          return judge_->filter.keeps(value);
        },
        object);
  }
  void add(const InventoryObject& object) {
    if (std::holds_alternative<vsphere::VirtualMachine>(object)) return;
    world_.add(InventoryObject(object));
    judge_.reset();
  }

  // As it is now; nothing when it has gone.
  std::optional<InventoryObject> readAgain(const Moref& ref) {
    std::optional<InventoryObject> found;
    read({ref}, [&](InventoryObject&& object) { found = std::move(object); });
    return found;
  }

 private:
  struct Judge {
    Judge(const FilterSpec& spec, const Inventory& world) : paths(world), filter(spec, world) {
      filter.indexAncestors();
    }
    InventoryPaths paths;
    Filter filter;
  };

  template <class Take>
  struct Sink final : vsphere::InventorySink {
    explicit Sink(Take& function) : take(function) {}
    void object(InventoryObject&& object) override { take(std::move(object)); }
    // It was told when it came, or will leave.
    void unreadable(vsphere::Unreadable&&) override {}
    void progress(std::uint64_t, std::uint64_t) override {}
    Take& take;
  };

  template <class Take>
  void read(const std::vector<Moref>& refs, Take take) {
    std::map<vsphere::Depth, std::vector<Moref>> byDepth;
    for (const Moref& ref : refs) {
      const auto kind = kindFromType(ref.type);
      const auto depth = kind ? needs_.of(*kind) : std::nullopt;
      if (depth) byDepth[*depth].push_back(ref);
    }
    Sink<Take> sink(take);
    for (const auto& [depth, ofDepth] : byDepth) client_.readObjects(ofDepth, depth, sink, context_);
  }

  void refresh() {
    if (stale_.empty()) return;
    read({stale_.begin(), stale_.end()}, [this](InventoryObject&& object) { world_.add(std::move(object)); });
    stale_.clear();
    judge_.reset();
  }

  vsphere::Client& client_;
  const ReadOptions& options_;
  const Needs& needs_;
  const vsphere::Context& context_;
  Inventory world_;
  std::unordered_set<Moref> stale_;
  std::optional<Judge> judge_;  // of the world as it stands
};

class InventoryWatch final : public vsphere::InventoryWatcher, private ObjectListener {
 public:
  InventoryWatch(vsphere::Client& client, const ReadOptions& options, ChangeListener& listener,
                 const vsphere::Context& context)
      : client_(client),
        options_(options),
        listener_(listener),
        needs_(options),
        live_(client, options, needs_, context),
        streamer_(live_.inventory(), options, *this) {}

  void run(const vsphere::Context& first, const vsphere::Context& context) {
    Inventory& world = live_.inventory();
    world.depth = options_.depth;
    world.vcenter = client_.server();
    readLicenses(client_, world, options_, first);
    listener_.vcenter(world.vcenter);
    for (vsphere::Unreadable& entry : world.unreadable) streamer_.unreadable(std::move(entry));
    world.unreadable.clear();
    client_.watch(needs_.request(), *this, first, context);
  }

  bool change(InventoryChange&& change) override {
    if (complete_) {
      tell(change);
    } else if (change.kind == InventoryChange::Kind::enter && !known_.contains(change.object)) {
      keepFirst(std::move(change));
    } else {
      early_.push_back(std::move(change));
    }
    return true;
  }

  void unreadable(vsphere::Unreadable&& what) override {
    if (!complete_) {
      streamer_.unreadable(std::move(what));
    } else if (const auto known = known_.find(what.object); known == known_.end() || known->second.shown) {
      listener_.unreadable(what);
    }
  }

  bool complete() override {
    tellFirst();
    complete_ = true;
    listener_.complete();
    for (const InventoryChange& change : std::exchange(early_, {})) tell(change);
    return true;
  }

 private:
  struct Known {
    std::string name;
    bool shown = false;  // told, and kept by the filter
  };

  // Objects enter in no order, and can be named and judged when all are there.
  void keepFirst(InventoryChange&& change) {
    if (!change.value) return;
    InventoryObject& object = *change.value;
    known_.emplace(change.object, Known{vsphere::entityOf(object).name, false});
    if (options_.onProgress) options_.onProgress(known_.size());
    if (const auto* vm = std::get_if<vsphere::VirtualMachine>(&object)) {
      firstVms_.add(*vm);
    } else {
      first_.push_back(std::move(object));
    }
  }

  void tellFirst() {
    const auto isContainer = [](const InventoryObject& object) {
      return !std::holds_alternative<vsphere::Host>(object) &&
             !std::holds_alternative<vsphere::Datastore>(object) &&
             !std::holds_alternative<vsphere::Network>(object);
    };
    const auto places = std::stable_partition(first_.begin(), first_.end(), isContainer);
    for (auto object = first_.begin(); object != first_.end(); ++object) {
      if (object == places) streamer_.phaseEnded();
      streamer_.object(std::move(*object));
    }
    streamer_.phaseEnded();
    for (std::size_t i = 0; i < firstVms_.size(); ++i) streamer_.object(firstVms_.get(i));
    streamer_.endAll();
    first_ = {};
    firstVms_ = {};
  }

  // What the streamer tells of the first picture.
  void vcenter(const vsphere::VCenter&) override {}
  void object(const InventoryObject& object, const Inventory& world) override {
    known_[vsphere::entityOf(object).ref].shown = true;
    listener_.object(object, world);
  }
  void unreadable(const vsphere::Unreadable& entry) override { listener_.unreadable(entry); }

  void tell(const InventoryChange& change) {
    if (live_.inventory().isRoot(change.object)) return;
    switch (change.kind) {
      case InventoryChange::Kind::enter:
        if (change.value) enter(*change.value);
        break;
      case InventoryChange::Kind::modify:
        modify(change);
        break;
      case InventoryChange::Kind::leave:
        leave(change.object);
        break;
    }
  }

  void enter(InventoryObject object) {
    live_.add(object);
    const vsphere::Entity& entity = vsphere::entityOf(object);
    Known& known = known_[entity.ref];
    known.name = entity.name;
    known.shown = live_.prepare(object);
    live_.add(object);
    if (known.shown) tellEnter(object);
  }

  void tellEnter(const InventoryObject& object) {
    const vsphere::Entity& entity = vsphere::entityOf(object);
    Change change = changeOf(InventoryChange::Kind::enter, entity.ref, entity.name);
    change.object = &object;
    listener_.change(change, live_.inventory());
    if (const auto hole = cutOff(object)) listener_.unreadable(*hole);
  }

  void modify(const InventoryChange& change) {
    Known& known = known_[change.object];
    live_.changed(change.object);
    for (const vsphere::ChangedValue& value : change.values) {
      if (value.path == "name") known.name = nameIn(value.json);
    }
    const bool wasShown = known.shown;
    if (wasShown) {
      Change told = changeOf(InventoryChange::Kind::modify, change.object, known.name);
      told.values = change.values;
      listener_.change(told, live_.inventory());
    }
    if (restricts() && isPlacing(change)) judgeAgain(change.object, wasShown);
  }

  // A change of place or name may have brought it in, or taken it out.
  void judgeAgain(const Moref& ref, bool wasShown) {
    const auto kind = kindFromType(ref.type);
    if (!kind || !options_.filter.wants(*kind)) return;
    std::optional<InventoryObject> object = live_.readAgain(ref);
    if (!object) return;  // it is about to leave
    Known& known = known_[ref];
    known.shown = live_.prepare(*object);
    if (known.shown && !wasShown) tellEnter(*object);
    if (!known.shown && wasShown)
      listener_.change(changeOf(InventoryChange::Kind::leave, ref, known.name), live_.inventory());
  }

  void leave(const Moref& ref) {
    const auto known = known_.find(ref);
    if (known == known_.end()) return;
    if (known->second.shown)
      listener_.change(changeOf(InventoryChange::Kind::leave, ref, known->second.name), live_.inventory());
    known_.erase(known);
    live_.removed(ref);
  }

  static Change changeOf(InventoryChange::Kind kind, const Moref& ref, const std::string& name) {
    Change change;
    change.kind = kind;
    change.objectKind = kindFromType(ref.type).value_or(Kind::virtualMachine);
    change.ref = ref;
    change.name = name;
    return change;
  }

  // As Entity::name has it.
  static std::string nameIn(const std::string& json) {
    const auto text = nlohmann::json::parse(json, nullptr, false);
    return text.is_string() ? unescapeName(text.get<std::string>()) : std::string();
  }

  bool restricts() const {
    const FilterSpec& filter = options_.filter;
    return !filter.names.empty() || !filter.hosts.empty() || !filter.datacenters.empty();
  }

  vsphere::Client& client_;
  const ReadOptions& options_;
  ChangeListener& listener_;
  const Needs needs_;
  LiveWorld live_;
  Streamer streamer_;  // of the first picture
  std::vector<InventoryObject> first_;
  PackedVms firstVms_;
  std::vector<InventoryChange> early_;  // came before the first picture was whole
  std::unordered_map<Moref, Known> known_;
  bool complete_ = false;
};

}  // namespace

void watchInventory(vsphere::Client& client, const ReadOptions& options, ChangeListener& listener,
                    const vsphere::Context& first, const vsphere::Context& context) {
  InventoryWatch(client, options, listener, context).run(first, context);
}

}  // namespace failback::discovery
