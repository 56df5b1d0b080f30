// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include "vsphere/asked_paths.h"
#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/round_trip.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
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
constexpr int kMostBeginnings = 5;

// They move all the time, by themselves: each running VM would tell of itself every few seconds.
constexpr std::string_view kMovesByItself = "summary.quickStats.";

PathRequest pathsOf(const Session& session) {
  PathRequest paths;
  paths.apiVersion = session.apiVersion();
  return paths;
}

// One change as it was sent.
struct SentChange {
  std::string path, op;
  const xsd__anyType* value = nullptr;  // as the generated classes hold it
  const xmlNode* element = nullptr;     // where they refuse: as it stands in the answer
};

// The values of an answer, which only a change needs: a whole picture does without. One value that does not
// fit its type makes gSOAP refuse all; then they are told as they stand there.
class SentValues {
 public:
  SentValues(const UpdateStream& stream, const RawAnswer& answer) : stream_(stream), answer_(answer) {}

  // Of the update that stands there in the answer, one for each of its changes.
  const std::vector<SentChange>& at(std::size_t index, const DigestedUpdate& update) {
    if (objects_.empty()) read();
    const bool there = index < objects_.size() && objects_[index].first == update.object &&
                       objects_[index].second.size() == update.changes.size();
    if (!there)
      fail(Category::malformedAnswer,
           fmt::format("an update of {} is read in two ways", update.object.str()));
    return objects_[index].second;
  }

 private:
  void read() {
    try {
      decoded_.emplace(stream_.whole(answer_));
    } catch (const Failure& failure) {
      if (failure.error().category != Category::malformedAnswer) throw;
      return readElements();
    }
    if ((*decoded_)->returnval == nullptr) return;
    for (const vim25__PropertyFilterUpdate* filter : (*decoded_)->returnval->filterSet) {
      if (filter == nullptr) continue;
      for (const vim25__ObjectUpdate* object : filter->objectSet) {
        if (object == nullptr) continue;
        auto& changes =
            objects_.emplace_back(binding::morefOf(object->obj), std::vector<SentChange>{}).second;
        for (const vim25__PropertyChange* one : object->changeSet)
          if (one != nullptr && one->name)
            changes.push_back({*one->name, one->op.value_or(""), one->val, {}});
      }
    }
  }

  void readElements() {
    document_ = xml::parse(answer_.body);
    const xmlNode* body =
        document_ ? xml::elementNamed(xmlDocGetRootElement(document_.get()), "Body") : nullptr;
    const xmlNode* set = xml::elementNamed(xml::elementNamed(body, "WaitForUpdatesExResponse"), "returnval");
    if (set == nullptr) return;
    for (const xmlNode* filter : xml::elementsNamed(set, "filterSet"))
      for (const xmlNode* object : xml::elementsNamed(filter, "objectSet")) readElement(object);
  }

  void readElement(const xmlNode* object) {
    auto& changes =
        objects_.emplace_back(xml::referenceOf(xml::elementNamed(object, "obj")), std::vector<SentChange>{})
            .second;
    for (const xmlNode* one : xml::elementsNamed(object, "changeSet")) {
      const xmlNode* name = xml::elementNamed(one, "name");
      if (name == nullptr) continue;
      changes.push_back({xml::textOf(name), xml::textOf(xml::elementNamed(one, "op")), nullptr,
                         xml::elementNamed(one, "val")});
    }
  }

  const UpdateStream& stream_;
  const RawAnswer& answer_;
  std::optional<Decoded<_vim25__WaitForUpdatesExResponse>> decoded_;
  xml::Document document_;
  std::vector<std::pair<Moref, std::vector<SentChange>>> objects_;
};

ChangedValue changedValue(const SentChange& change) {
  ChangedValue result;
  result.path = change.path;
  if (!change.op.empty()) result.op = change.op;
  if (change.element != nullptr) result.json = jsonOfValue(change.element);
  if (change.value == nullptr) return result;
  const xml::Document document = xml::parse(binding::writeValue(*change.value));
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
      auto [page, answer] = stream.nextDigested(context());
      if (page.notAuthenticated) {
        session_.renew(generation_, context());
        fail(Category::sessionLost, "the session was lost while the inventory was watched");
      }
      restarts_ = 0;
      SentValues sent(stream, answer);
      for (std::size_t i = 0; i < page.objects.size(); ++i) {
        if (!take(page.objects[i], i, sent)) return;
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

  bool take(DigestedUpdate& update, std::size_t index, SentValues& sent) {
    InventoryChange change;
    change.object = update.object;
    switch (update.kind) {
      case ObjectUpdate::Kind::enter:
        if (!takeEnter(update, index, sent, change)) return true;
        break;
      case ObjectUpdate::Kind::modify:
        if (!takeModify(update, index, sent, change)) return true;
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

  // False when all of it was told before.
  bool takeModify(const DigestedUpdate& update, std::size_t index, SentValues& sent,
                  InventoryChange& change) {
    std::vector<bool> news;
    news.reserve(update.changes.size());
    for (const DigestedChange& one : update.changes)
      news.push_back(book_.update(change.object, one.path, one.digest));
    if (std::find(news.begin(), news.end(), true) == news.end()) return false;
    const std::vector<SentChange>& all = sent.at(index, update);
    for (std::size_t i = 0; i < all.size(); ++i)
      if (news[i]) change.values.push_back(changedValue(all[i]));
    return true;
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
  bool takeEnter(DigestedUpdate& update, std::size_t index, SentValues& sent, InventoryChange& change) {
    if (!whole_) present_.insert(change.object);
    const bool known = book_.contains(change.object);
    const std::vector<std::string> differing = book_.replace(change.object, update.changes);
    if (!known) {
      change.kind = InventoryChange::Kind::enter;
      change.value = std::move(update.value);
      return true;
    }
    for (const std::string& path : differing) change.values.push_back(valueOf(sent.at(index, update), path));
    return !differing.empty();
  }

  static ChangedValue valueOf(const std::vector<SentChange>& changes, const std::string& path) {
    const auto found = std::find_if(changes.begin(), changes.end(),
                                    [&path](const SentChange& one) { return one.path == path; });
    if (found != changes.end()) return changedValue(*found);
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
    if ((!gone && !away) || restarts_ == kMostBeginnings) return false;
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
