// SPDX-License-Identifier: GPL-2.0-or-later
// The managed objects of the simulated vCenter: each a reference and a tree of properties. It knows nothing
// of SOAP.
//
// Every change goes through here and into a journal, so that an update stream can tell what happened since a
// version. Versions are one sequence for the whole inventory. Not thread safe: the World's lock guards it.
//
// The objects of the site as it was built are packed (packed.h); one that is changed is so no longer.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mocks/packed.h"
#include "mocks/value.h"

namespace failback::mock {

struct ManagedObject {
  MoRef ref;
  Value state;  // an object of the managed type `ref.type`

  const DataObject& properties() const { return *state.asObject(); }
  const TypeInfo& type() const { return properties().type(); }
  // What a path holds, unset when nothing: for who looks at thousands of objects. Nothing else of the object
  // is made (packed.h), as `state.at()` would.
  Value read(std::string_view path) const;
};

enum class ChangeOp { assign, add, remove, indirectRemove };

// One property, or one element of a keyed list, that changed.
struct PathChange {
  std::string path;  // "runtime.powerState", "config.hardware.device[2000]"
  ChangeOp op = ChangeOp::assign;
};

enum class ObjectChange { created, modified, destroyed };

struct JournalEntry {
  std::uint64_t version;
  std::string id;
  ObjectChange kind;
  std::vector<PathChange> paths;  // of a modification
};

// What differs between two trees, as finely as paths can say it, appended to `found`. Elements of lists
// without keys have no path of their own: there the whole list is assigned.
void diffValues(const Value& before, const Value& after, const std::string& path,
                std::vector<PathChange>& found);

class Inventory {
 public:
  explicit Inventory(std::size_t journalLimit = 100'000) : journalLimit_(journalLimit) {}

  // Null when there is none.
  const ManagedObject* find(std::string_view id) const;
  // Throws std::logic_error when there is none: for objects that the caller knows to exist.
  const ManagedObject& need(std::string_view id) const;
  // In the order of creation.
  std::vector<const ManagedObject*> all(std::string_view type = "ManagedObject") const;
  std::size_t size() const { return objects_.size(); }

  // Changes; they count from the next commit().
  void add(MoRef ref, Value state);
  // One whose properties `make` gives when somebody first asks for them, on any thread, whenever that is.
  void addDeferred(MoRef ref, const TypeInfo& type, std::function<Value()> make);
  // Those of which that may still lie ahead; then they are no longer known here.
  std::vector<Value> takeDeferred() { return std::move(deferred_); }
  void set(std::string_view id, std::string_view path, Value value);  // path of plain names
  void replace(std::string_view id, Value state);
  void remove(std::string_view id);

  // Something outside the inventory changed that update streams depend on: a view, a filter.
  void touch();

  // What is there now is the site as it was built; what differs from it later can be asked for.
  void markBuilt();
  // Lets go of what was made of packed objects since the last time. Pointers into properties end here; to be
  // called where nobody has any, as at the start of a call.
  void settle();
  struct Changes {
    std::vector<const ManagedObject*> changed;  // or new, in the order of creation
    std::vector<std::string> removed;           // of the site as built
  };
  Changes sinceBuilt() const;

  // Makes the changes since the last commit one version and tells the observer. No change, no version.
  void commit();
  std::uint64_t version() const { return version_; }
  // Changes whenever objects come, go or refer to others: what views and traversals show depends on nothing
  // else.
  std::uint64_t structure() const { return structure_; }
  // Called by commit(), under the caller's lock.
  void observe(std::function<void()> onCommit) { onCommit_ = std::move(onCommit); }

  // Entries later than `version`, oldest first; false when the journal no longer reaches back so far.
  bool changesSince(std::uint64_t version, std::vector<const JournalEntry*>& found) const;

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  struct Stored {
    ManagedObject object;
    std::uint64_t order;
    bool original = false, changed = false;  // from when the site was built; since then
  };
  // Of one type, in the order of creation. Pointers into objects_.
  using OfType = std::vector<Stored*>;

  void journal(std::string id, ObjectChange kind, std::vector<PathChange> paths);
  static bool earlier(const Stored* a, const Stored* b) { return a->order < b->order; }
  void look(const Stored& stored) const {
    if (stored.object.properties().isPacked()) looked_.push_back(&stored);
  }
  void pack(Stored& stored);
  void insert(MoRef ref, Value state);

  std::unordered_map<std::string, Stored, Hash, std::equal_to<>> objects_;
  std::deque<JournalEntry> journal_;
  std::size_t journalLimit_;
  std::uint64_t journalStart_ = 0;  // version before the oldest entry
  std::uint64_t version_ = 1;
  std::uint64_t structure_ = 1;
  std::uint64_t nextOrder_ = 0;
  bool dirty_ = false, built_ = false;
  std::set<std::string> removed_;  // originals
  std::unordered_map<const TypeInfo*, OfType> byType_;
  std::shared_ptr<PackedStore> store_ = std::make_shared<PackedStore>();
  std::vector<Value> deferred_;
  mutable std::vector<const Stored*> looked_;  // at since the last settle()
  std::function<void()> onCommit_;
};

}  // namespace failback::mock
