// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/privilege_reader.h"

#include <algorithm>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/hole.h"
#include "vsphere/object_retrieval.h"
#include "vsphere/session.h"

namespace failback::vsphere {
namespace {

// A session that is lost again and again is no accident.
constexpr int kMostRenewals = 3;

template <class T>
std::vector<T> eachOnce(const std::vector<T>& given) {
  std::vector<T> unique;
  std::unordered_set<T> known;
  for (const T& one : given) {
    if (known.insert(one).second) unique.push_back(one);
  }
  return unique;
}

class PrivilegeQuestion {
 public:
  PrivilegeQuestion(const Session& session, const std::vector<Moref>& entities,
                    const std::vector<std::string>& ids, const Context& context)
      : session_(session), context_(context), entities_(eachOnce(entities)), ids_(eachOnce(ids)) {}

  PrivilegeAnswer answer() {
    while (!entities_.empty() && !ids_.empty()) {
      // Read before the key: a login in between only costs one more question.
      const std::uint64_t generation = session_.generation();
      try {
        ask();
        if (session_.generation() == generation) return std::move(answer_);
        if (++renewals_ > kMostRenewals) fail(Category::sessionLost, "the session is lost again and again");
      } catch (const Failure& failure) {
        if (!goesOnAfter(failure.error(), generation)) throw;
      }
    }
    answer_.entities.clear();
    answer_.entities.reserve(entities_.size());
    for (const Moref& entity : entities_) answer_.entities.push_back({entity, {}, {}});
    return std::move(answer_);
  }

 private:
  void ask() {
    RequestArena arena;
    vim25__HasPrivilegeOnEntitiesRequestType request;
    request.entity.reserve(entities_.size());
    for (const Moref& entity : entities_) request.entity.push_back(arena.reference(entity));
    request.sessionId = session_.key();
    request.privId = ids_;
    const auto answer = session_.service().call(session_.refs().authorizationManager, request, context_);

    std::unordered_map<Moref, std::set<std::string>> granted;
    for (const vim25__EntityPrivilege* told : answer->returnval) {
      if (told == nullptr) continue;
      std::set<std::string>& of = granted[binding::morefOf(told->entity)];
      for (const vim25__PrivilegeAvailability* one : told->privAvailability) {
        if (one != nullptr && one->privId && one->isGranted.value_or(false)) of.insert(*one->privId);
      }
    }
    answer_.entities.clear();
    answer_.entities.reserve(entities_.size());
    for (const Moref& entity : entities_) {
      const auto told = granted.find(entity);
      if (told == granted.end()) {
        fail(Category::malformedAnswer,
             "the answer to HasPrivilegeOnEntities says nothing about " + entity.str());
      }
      answer_.entities.push_back(sorted(entity, told->second));
    }
  }

  EntityPrivileges sorted(const Moref& entity, const std::set<std::string>& granted) const {
    EntityPrivileges privileges{entity, {}, {}};
    for (const std::string& id : ids_) {
      (granted.contains(id) ? privileges.granted : privileges.missing).push_back(id);
    }
    return privileges;
  }

  // True when it makes sense to ask once more.
  bool goesOnAfter(const Error& error, std::uint64_t generation) {
    const bool renewed = session_.generation() != generation;
    if (renewed && (isSessionLoss(error) || error.hasFault("InvalidArgument"))) {
      return ++renewals_ <= kMostRenewals;
    }
    if (error.hasFault("InvalidArgument") && !listRead_) return leaveUnknownOut();
    const auto named = std::find(entities_.begin(), entities_.end(), error.object);
    if (named == entities_.end()) return false;
    if (!isHole(error) && error.category != Category::notFound) return false;
    answer_.unreadable.push_back(holeOf(*named, "", error));
    entities_.erase(named);
    return true;
  }

  // False when the server knows them all, so that it must have meant something else.
  bool leaveUnknownOut() {
    listRead_ = true;
    const std::unordered_set<std::string> known = knownIds();
    if (known.empty()) return false;
    std::vector<std::string> kept;
    for (std::string& id : ids_) (known.contains(id) ? kept : answer_.unknownIds).push_back(std::move(id));
    ids_ = std::move(kept);
    return !answer_.unknownIds.empty();
  }

  std::unordered_set<std::string> knownIds() {
    std::unordered_set<std::string> known;
    const Moref& manager = session_.refs().authorizationManager;
    RequestArena arena;
    const std::vector<TypePaths> properties{{manager.type, {"privilegeList"}}};
    vim25__RetrievePropertiesExRequestType request;
    request.specSet.push_back(specOfObjects(arena, std::span(&manager, 1), properties));
    request.options = arena.make<vim25__RetrieveOptions>();
    retrieveObjects(session_, request, context_, [&](const vim25__ObjectContent& object) {
      for (const vim25__DynamicProperty* property : object.propSet) {
        const auto* list = property != nullptr
                               ? dynamic_cast<const vim25__ArrayOfAuthorizationPrivilege*>(property->val)
                               : nullptr;
        if (list == nullptr) continue;
        for (const vim25__AuthorizationPrivilege* one : list->AuthorizationPrivilege) {
          if (one != nullptr && one->privId) known.insert(*one->privId);
        }
      }
    });
    return known;
  }

  const Session& session_;
  const Context& context_;
  std::vector<Moref> entities_;   // still to be asked about
  std::vector<std::string> ids_;  // known to the server, as far as we know
  PrivilegeAnswer answer_;
  bool listRead_ = false;
  int renewals_ = 0;
};

}  // namespace

PrivilegeAnswer readPrivileges(const Session& session, const std::vector<Moref>& entities,
                               const std::vector<std::string>& ids, const Context& context) {
  if (session.refs().authorizationManager.empty()) return {};
  return PrivilegeQuestion(session, entities, ids, context).answer();
}

}  // namespace failback::vsphere
