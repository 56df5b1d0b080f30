// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/watcher.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "vsphere/asked_paths.h"
#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/binding/values.h"
#include "vsphere/container_view.h"
#include "vsphere/digest_book.h"
#include "vsphere/error.h"
#include "vsphere/inventory_reader.h"
#include "vsphere/session.h"
#include "vsphere/update_stream.h"

namespace failback::vsphere {
namespace {

// Beginnings without any news between: a session that is lost again and again, a server that stays away.
constexpr int kMostRestarts = 5;

PathRequest pathsOf(const ReadRequest& request, const Session& session) {
  PathRequest paths;
  paths.depth = request.depth;
  paths.apiVersion = session.apiVersion();
  return paths;
}

class Watch {
 public:
  Watch(const Session& session, const ReadRequest& request,
        const std::function<bool(const InventoryChange&)>& onChange, const Context& context)
      : session_(session),
        container_(request.container.empty() ? session.refs().rootFolder : request.container),
        types_(typesToRead(request, session)),  // the request outlives this
        onChange_(onChange),
        context_(context),
        paths_(pathsOf(request, session)) {}

  void run() {
    while (true) {
      try {
        follow();
        return;
      } catch (const Failure& failure) {
        if (!goesOnAfter(failure.error())) throw;
      }
    }
  }

 private:
  using DigestsByObject = std::unordered_map<Moref, DigestBook::Values>;

  // Returns when onChange_ wants no more.
  void follow() {
    const ContainerView view(session_, container_, types_, context_);
    UpdateStream stream(session_, context_);
    generation_ = session_.generation();
    asked_ = paths_.forView(types_);
    RequestArena arena;
    stream.follow(*specOfView(arena, view.ref(), asked_.properties), context_);
    present_.clear();
    whole_ = false;
    while (true) {
      const auto answer = stream.next(context_);
      const UpdatePage page = decodeUpdates(*answer);
      if (page.notAuthenticated) {
        session_.renew(generation_, context_);
        fail(Category::sessionLost, "the session was lost while the inventory was watched");
      }
      restarts_ = 0;
      if (!take(page, digestsOf(*answer))) return;
      if (!whole_ && !page.truncated && !tellWhatLeft()) return;
    }
  }

  DigestsByObject digestsOf(const _vim25__WaitForUpdatesExResponse& answer) const {
    DigestsByObject digests;
    if (answer.returnval == nullptr) return digests;
    for (const vim25__PropertyFilterUpdate* filter : answer.returnval->filterSet) {
      if (filter == nullptr) continue;
      for (const vim25__ObjectUpdate* object : filter->objectSet) {
        if (object == nullptr) continue;
        DigestBook::Values& values = digests[binding::morefOf(object->obj)];
        for (const vim25__PropertyChange* change : object->changeSet) {
          if (change == nullptr || !change->name) continue;
          // Without a value the property has become unset, which is a value to compare, too.
          values.emplace_back(*change->name,
                              change->val != nullptr ? session_.service().codec().digest(*change->val) : 1);
        }
      }
    }
    return digests;
  }

  bool take(const UpdatePage& page, const DigestsByObject& digests) {
    for (const FilterUpdate& filter : page.filters) {
      for (const ObjectUpdate& object : filter.objects) {
        const auto values = digests.find(object.object);
        if (!takeObject(object, values != digests.end() ? values->second : DigestBook::Values{}))
          return false;
      }
    }
    return true;
  }

  bool takeObject(const ObjectUpdate& update, const DigestBook::Values& values) {
    InventoryChange change;
    change.object = update.object;
    switch (update.kind) {
      case ObjectUpdate::Kind::enter: {
        const bool known = book_.contains(update.object);
        change.kind = known ? InventoryChange::Kind::modify : InventoryChange::Kind::enter;
        change.paths = book_.replace(update.object, values);
        change.value = update.value;
        if (!whole_) present_.insert(update.object);
        if (known && change.paths.empty()) return true;  // as it was told before
        break;
      }
      case ObjectUpdate::Kind::modify:
        change.kind = InventoryChange::Kind::modify;
        for (const PropertyUpdate& property : update.changes) change.paths.push_back(property.path);
        book_.update(update.object, values);
        break;
      case ObjectUpdate::Kind::leave:
        change.kind = InventoryChange::Kind::leave;
        book_.erase(update.object);
        present_.erase(update.object);
        break;
    }
    return onChange_(change);
  }

  // After the first whole picture: what was known before a session was lost, and is no longer there.
  bool tellWhatLeft() {
    whole_ = true;
    for (const Moref& object : book_.missing(present_)) {
      book_.erase(object);
      InventoryChange change;
      change.kind = InventoryChange::Kind::leave;
      change.object = object;
      if (!onChange_(change)) return false;
    }
    present_.clear();
    return true;
  }

  bool goesOnAfter(const Error& error) {
    if (paths_.learn(error, asked_)) return true;
    const bool gone = isSessionLoss(error) || error.hasFault("InvalidCollectorVersion") ||
                      error.hasFault("ManagedObjectNotFound");
    const bool away = error.category == Category::unreachable || error.category == Category::serverBusy;
    if ((!gone && !away) || restarts_ == kMostRestarts) return false;
    ++restarts_;
    // The server may be restarting; the transport has tried for a while already.
    if (away) context_.sleep(std::chrono::seconds(1 << restarts_), "the server's return");
    return true;
  }

  const Session& session_;
  const Moref container_;
  const std::vector<std::string_view> types_;
  const std::function<bool(const InventoryChange&)>& onChange_;
  const Context& context_;
  AskedPaths paths_;
  AskedPaths::Asked asked_;
  DigestBook book_;
  std::unordered_set<Moref> present_;  // until the first whole picture has come
  bool whole_ = false;
  std::uint64_t generation_ = 0;
  int restarts_ = 0;
};

}  // namespace

void watchInventory(const Session& session, const ReadRequest& request,
                    const std::function<bool(const InventoryChange&)>& onChange, const Context& context) {
  Watch(session, request, onChange, context).run();
}

}  // namespace failback::vsphere
