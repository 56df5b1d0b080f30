// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/watcher.h"

#include <fmt/format.h>

#include <string_view>
#include <unordered_set>
#include <utility>

#include "vsphere/asked_paths.h"
#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/round_trip.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/container_view.h"
#include "vsphere/digest_book.h"
#include "vsphere/error.h"
#include "vsphere/inventory_reader.h"
#include "vsphere/message_json.h"
#include "vsphere/session.h"
#include "vsphere/update_stream.h"
#include "vsphere/xml_document.h"

namespace failback::vsphere {
namespace {

// Beginnings without any news between: a session that is lost again and again, a server that stays away.
constexpr int kMostRestarts = 5;

// They move all the time, by themselves: each running VM would tell of itself every few seconds.
constexpr std::string_view kMovesByItself = "summary.quickStats.";

PathRequest pathsOf(const Session& session) {
  PathRequest paths;
  paths.apiVersion = session.apiVersion();
  return paths;
}

// One object of an answer: as it was sent, and as we understand it.
struct SeenUpdate {
  const vim25__ObjectUpdate* sent;
  ObjectUpdate* read;
};

// decodeUpdates() keeps the order, and leaves out what is null.
std::vector<SeenUpdate> paired(const _vim25__WaitForUpdatesExResponse& answer, UpdatePage& page) {
  std::vector<SeenUpdate> pairs;
  if (answer.returnval == nullptr) return pairs;
  for (const vim25__PropertyFilterUpdate* filter : answer.returnval->filterSet) {
    if (filter == nullptr) continue;
    for (const vim25__ObjectUpdate* object : filter->objectSet) {
      if (object != nullptr) pairs.push_back({object, nullptr});
    }
  }
  std::size_t next = 0;
  for (FilterUpdate& filter : page.filters) {
    for (ObjectUpdate& object : filter.objects) pairs.at(next++).read = &object;
  }
  return pairs;
}

ChangedValue changedValue(const vim25__PropertyChange& change) {
  ChangedValue result;
  result.path = change.name.value_or("");
  if (change.op && !change.op->empty()) result.op = *change.op;
  if (change.val == nullptr) return result;
  const xml::Document document = xml::parse(binding::writeValue(*change.val));
  if (!document) fail(Category::internal, fmt::format("the value of {} can't be shown", result.path));
  result.json = jsonOfValue(xmlDocGetRootElement(document.get()));
  return result;
}

class Watch {
 public:
  Watch(const Session& session, const ReadRequest& request, InventoryWatcher& watcher, const Context& first,
        const Context& context)
      : session_(session),
        request_(request),
        container_(request.container.empty() ? session.refs().rootFolder : request.container),
        types_(typesToRead(request, session)),
        watcher_(watcher),
        first_(first),
        later_(context),
        paths_(pathsOf(session)) {}

  void run() {
    while (true) {
      try {
        follow();
        return;
      } catch (const Failure& failure) {
        if (telling_ || !goesOnAfter(failure.error())) throw;
      }
    }
  }

 private:
  const Context& context() const { return complete_ ? later_ : first_; }

  // Returns when the watcher wants no more.
  void follow() {
    const ContainerView view(session_, container_, types_, context());
    UpdateStream stream(session_, context());
    generation_ = session_.generation();
    asked_ = askedPaths();
    RequestArena arena;
    stream.follow(*specOfView(arena, view.ref(), asked_.properties), context());
    present_.clear();
    whole_ = truncated_ = false;
    while (true) {
      const auto answer = stream.next(context());
      UpdatePage page = decodeUpdates(*answer);
      if (page.notAuthenticated) {
        session_.renew(generation_, context());
        fail(Category::sessionLost, "the session was lost while the inventory was watched");
      }
      restarts_ = 0;
      for (const SeenUpdate& update : paired(*answer, page)) {
        if (!take(update)) return;
      }
      for (Unreadable& hole : page.unreadable) tellOnce(std::move(hole));
      // An answer without anything says nothing of the rest of a picture.
      if (!page.timedOut) truncated_ = page.truncated;
      if (!whole_ && !truncated_ && !pictureEnds()) return;
    }
  }

  AskedPaths::Asked askedPaths() const {
    AskedPaths::Asked asked =
        paths_.forView(types_, [this](std::string_view type) { return depthOf(request_, type); });
    for (TypePaths& type : asked.properties) {
      std::erase_if(type.paths, [](const std::string& path) { return path.starts_with(kMovesByItself); });
    }
    return asked;
  }

  // A value to compare; one that only tells of a part differs from everything.
  std::uint64_t digestOf(const vim25__PropertyChange& change) const {
    if (change.val == nullptr) return 1;
    if (change.op && *change.op != "assign") return 0;
    return session_.service().codec().digest(*change.val);
  }

  bool take(const SeenUpdate& update) {
    InventoryChange change;
    change.object = update.read->object;
    switch (update.read->kind) {
      case ObjectUpdate::Kind::enter:
        if (!takeEnter(update, change)) return true;
        break;
      case ObjectUpdate::Kind::modify:
        for (const vim25__PropertyChange* one : update.sent->changeSet) {
          if (one == nullptr || !one->name) continue;
          if (book_.update(change.object, *one->name, digestOf(*one)))
            change.values.push_back(changedValue(*one));
        }
        if (change.values.empty()) return true;
        break;
      case ObjectUpdate::Kind::leave:
        if (!book_.contains(change.object)) return true;
        change.kind = InventoryChange::Kind::leave;
        book_.erase(change.object);
        present_.erase(change.object);
        break;
    }
    return tell([&] { return watcher_.change(std::move(change)); });
  }

  // A failure of the watcher's own is not ours to get over: what it was told would be lost.
  template <class Call>
  bool tell(Call call) {
    telling_ = true;
    const bool goesOn = call();
    telling_ = false;
    return goesOn;
  }

  // False when it is as it was told before a session was lost.
  bool takeEnter(const SeenUpdate& update, InventoryChange& change) {
    DigestBook::Values values;
    for (const vim25__PropertyChange* one : update.sent->changeSet) {
      if (one != nullptr && one->name) values.emplace_back(*one->name, digestOf(*one));
    }
    if (!whole_) present_.insert(change.object);
    const bool known = book_.contains(change.object);
    const std::vector<std::string> differing = book_.replace(change.object, values);
    if (!known) {
      change.kind = InventoryChange::Kind::enter;
      change.value = std::move(update.read->value);
      return true;
    }
    for (const std::string& path : differing) change.values.push_back(valueOf(*update.sent, path));
    return !differing.empty();
  }

  static ChangedValue valueOf(const vim25__ObjectUpdate& object, const std::string& path) {
    for (const vim25__PropertyChange* one : object.changeSet) {
      if (one != nullptr && one->name == path) return changedValue(*one);
    }
    return {path, "assign", ""};  // it was there before, and is unset now
  }

  void tellOnce(Unreadable&& hole) {
    if (!told_.insert(fmt::format("{}|{}|{}", hole.object.str(), hole.property, hole.reason)).second) return;
    tell([&] {
      watcher_.unreadable(std::move(hole));
      return true;
    });
  }

  // After a whole picture: what was known before a session was lost, and is no longer there, has left.
  bool pictureEnds() {
    whole_ = true;
    for (const Moref& object : book_.missing(present_)) {
      book_.erase(object);
      InventoryChange change;
      change.kind = InventoryChange::Kind::leave;
      change.object = object;
      if (!tell([&] { return watcher_.change(std::move(change)); })) return false;
    }
    present_.clear();
    return std::exchange(complete_, true) || tell([this] { return watcher_.complete(); });
  }

  bool goesOnAfter(const Error& error) {
    if (paths_.learn(error, asked_)) return true;
    const bool gone = isSessionLoss(error) || error.hasFault("InvalidCollectorVersion") ||
                      error.hasFault("ManagedObjectNotFound");
    const bool away = error.category == Category::unreachable || error.category == Category::serverBusy;
    if ((!gone && !away) || restarts_ == kMostRestarts) return false;
    ++restarts_;
    // The server may be restarting; the transport has tried for a while already.
    if (away) context().sleep(std::chrono::seconds(1 << restarts_), "the server's return");
    return true;
  }

  const Session& session_;
  const ReadRequest& request_;
  const Moref container_;
  const std::vector<std::string_view> types_;
  InventoryWatcher& watcher_;
  const Context &first_, &later_;
  AskedPaths paths_;
  AskedPaths::Asked asked_;
  DigestBook book_;
  std::unordered_set<Moref> present_;  // until a whole picture has come
  std::unordered_set<std::string> told_;
  bool whole_ = false;      // since this stream began
  bool truncated_ = false;  // more of what was told last is to come
  bool complete_ = false;   // a picture was, once
  bool telling_ = false;
  std::uint64_t generation_ = 0;
  int restarts_ = 0;
};

}  // namespace

void watchInventory(const Session& session, const ReadRequest& request, InventoryWatcher& watcher,
                    const Context& first, const Context& context) {
  Watch(session, request, watcher, first, context).run();
}

}  // namespace failback::vsphere
