// SPDX-License-Identifier: GPL-2.0-or-later
// PropertyCollector: pages of a retrieval, and filters with the stream of updates that they give.
//
// A collector belongs to one session; the World's lock guards it. Versions of its update stream are counted
// per collector. A client that lost an answer may ask once more with the version it had and gets the same set
// again; any older version is InvalidCollectorVersion.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "mocks/content_reader.h"

namespace failback::mock {

// A server's limit to the objects in one answer, whatever the client asks for.
inline constexpr std::size_t pageLimit = 100;

struct ChangeEntry {
  std::string name;
  ChangeOp op = ChangeOp::assign;
  Value value;  // unset: the property has no value any more
  MemberInfo declared;
};

struct ObjectUpdate {
  enum class Kind { enter, modify, leave };
  Kind kind = Kind::enter;
  MoRef ref;
  std::vector<ChangeEntry> changes;
  std::vector<MissingEntry> missing;
};

struct FilterUpdate {
  MoRef filter;
  std::vector<ObjectUpdate> objects;
  std::vector<MoRef> missing;
};

struct UpdateSet {
  std::string version;
  std::vector<FilterUpdate> filters;
  bool truncated = false;
};

void writeUpdateSet(XmlWriter& writer, std::string_view element, const UpdateSet& set);

// PropertyFilter: which objects its client knows of, and what it has not been told yet.
class Filter {
 public:
  Filter(MoRef ref, FilterSpec spec, Value original, bool partialUpdates);

  const MoRef& ref() const { return ref_; }
  Value state() const;  // properties of the managed object
  // Forgets what the client knows: it will be told everything again.
  void reset();
  // Takes note of what the inventory did since the last time.
  void notice(const Scope& scope);
  bool hasPending() const { return !order_.empty(); }
  // Up to `limit` objects of what is pending; what turns out to be no news is left out.
  FilterUpdate take(const Scope& scope, std::size_t limit);

 private:
  struct Pending {
    MoRef ref;
    ObjectUpdate::Kind kind;
    bool everything = false;  // of a modification: all paths
    std::vector<PathChange> changes;
  };

  void recompute(const Scope& scope);
  void noteChange(const Scope& scope, const JournalEntry& entry);
  void noteEverything();
  void queue(Pending pending);
  void queueLeave(const MoRef& ref);
  const AskedPaths& paths(const TypeInfo& type);
  std::optional<ObjectUpdate> build(const Scope& scope, const Pending& pending);
  void noteRights(const Scope& scope);
  void addChange(const Scope& scope, const ManagedObject& object, const PathChange& change,
                 std::string_view path, ObjectUpdate& update) const;

  MoRef ref_;
  FilterSpec spec_;
  Value original_;  // PropertyFilterSpec as the client gave it
  bool partial_;
  bool started_ = false;
  std::uint64_t seen_ = 0;       // version of the inventory up to which the journal has been read
  std::uint64_t structure_ = 0;  // of the inventory when the objects were selected
  std::unordered_map<std::string, MoRef> told_;
  std::deque<std::string> order_;  // of pending_
  std::unordered_map<std::string, Pending> pending_;
  std::unordered_map<const TypeInfo*, AskedPaths> paths_;
  std::vector<MoRef> missing_;
  std::shared_ptr<const AuthorizationState> authority_;  // that told_ was told by
};

class Collector {
 public:
  explicit Collector(MoRef ref) : ref_(std::move(ref)) {}

  const MoRef& ref() const { return ref_; }
  Value state() const;

  // Retrieval, page by page.
  struct Page {
    std::vector<ObjectContent> objects;
    std::vector<MoRef> missing;
    std::string token;  // empty on the last page
  };
  Page retrieve(const FilterSpec& spec, const Scope& scope, std::size_t limit);
  Page more(const std::string& token, const Scope& scope);  // throws InvalidProperty("token") for one unknown
  bool cancelRetrieval(const std::string& token) { return retrievals_.erase(token) > 0; }

  // Updates.
  const Filter& addFilter(MoRef ref, FilterSpec spec, Value original, bool partialUpdates);
  const Filter* filter(std::string_view id) const;
  bool removeFilter(std::string_view id);
  // What is new since `version` (empty: everything), or nothing. Throws InvalidCollectorVersion.
  std::optional<UpdateSet> updates(const std::string& version, const Scope& scope, std::size_t limit);
  // Ends a wait that is under way: it answers RequestCanceled.
  void cancelWaits() { ++waitGeneration_; }
  std::uint64_t waitGeneration() const { return waitGeneration_; }

 private:
  struct Retrieval {
    ContentReader reader;
    SelectedObjects objects;
    std::size_t next;  // of them
    std::size_t limit;
  };

  Page page(Retrieval retrieval, const Scope& scope);

  MoRef ref_;
  std::map<std::string, Retrieval, std::less<>> retrievals_;
  std::uint64_t nextToken_ = 0;
  std::map<std::string, Filter, std::less<>> filters_;
  std::uint64_t version_ = 0;      // of the last set that was given out
  std::optional<UpdateSet> last_;  // that set, in case its answer gets lost
  std::uint64_t waitGeneration_ = 0;
};

}  // namespace failback::mock
