// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/scope.h"

#include "mocks/property_path.h"
#include "mocks/session.h"
#include "wsdl/schema.h"

namespace failback::mock {

Scope::Scope(const Inventory& inventory, const SessionStore& sessions, const Authorization& authorization,
             std::shared_ptr<const Session> session, std::string now)
    : inventory_(inventory),
      sessions_(sessions),
      session_(std::move(session)),
      now_(std::move(now)),
      authority_(authorization.shared()) {
  if (session_ && session_->user)
    everywhere_ = authority_->everywhere(session_->user->name, session_->user->groups);
}

const ManagedObject* Scope::remember(ManagedObject object) const {
  std::string id = object.ref.id;
  return &made_.insert_or_assign(std::move(id), std::move(object)).first->second;
}

const ManagedObject* Scope::find(const MoRef& ref) const {
  if (isForeign(ref.id)) return nullptr;
  if (!made_.empty()) {
    const auto made = made_.find(ref.id);
    if (made != made_.end()) return &made->second;
  }
  if (const ManagedObject* object = inventory_.find(ref.id)) return overlay(*object);
  if (!session_) return nullptr;
  const auto view = session_->views.find(ref.id);
  if (view != session_->views.end()) return remember({view->second.ref, view->second.state(inventory_)});
  const auto collector = session_->collectors.find(ref.id);
  if (collector != session_->collectors.end())
    return remember({collector->second->ref(), collector->second->state()});
  for (const auto& [id, each] : session_->collectors) {
    if (const Filter* filter = each->filter(ref.id)) return remember({filter->ref(), filter->state()});
  }
  return nullptr;
}

// Sessions' own objects are called after them; the history collectors among them are in the inventory.
bool Scope::isForeign(std::string_view id) const {
  constexpr std::string_view prefix = "session[";
  if (!id.starts_with(prefix)) return false;
  id.remove_prefix(prefix.size());
  return !session_ || !id.starts_with(session_->key + "]");
}

const ManagedObject* Scope::overlay(const ManagedObject& object) const {
  const std::string_view type = object.ref.type;
  if (type == "ServiceInstance")
    return remember({object.ref, object.state.with("serverClock", Value::dateTime(now_))});
  if (!session_) return &object;
  if (type == "SessionManager") {
    std::vector<Value> all;
    for (const auto& session : sessions_.all()) all.push_back(session->describe());
    return remember(
        {object.ref,
         object.state.with("currentSession", session_->describe()).with("sessionList", list(all))});
  }
  if (type == "PropertyCollector") {
    const auto collector = session_->collectors.find(object.ref.id);
    return collector == session_->collectors.end() ? &object
                                                   : remember({object.ref, collector->second->state()});
  }
  if (type == "ViewManager") {
    std::vector<Value> views;
    for (const auto& [id, view] : session_->views) views.emplace_back(view.ref);
    return views.empty() ? &object : remember({object.ref, object.state.with("viewList", list(views))});
  }
  return &object;
}

const View* Scope::view(std::string_view id) const {
  if (!session_) return nullptr;
  const auto found = session_->views.find(id);
  return found == session_->views.end() ? nullptr : &found->second;
}

std::shared_ptr<const std::vector<MoRef>> Scope::references(const ManagedObject& object,
                                                            std::string_view path) const {
  if (path == "view") {
    if (const View* shown = view(object.ref.id)) return shown->contents(inventory_);
  }
  std::vector<MoRef> refs;
  const PathResult result = evaluatePath(object.properties(), path);
  if (const MoRef* one = result.value.asRef()) refs.push_back(*one);
  if (const List* list = result.value.asList()) {
    for (const Value& item : list->items) {
      if (const MoRef* ref = item.asRef()) refs.push_back(*ref);
    }
  }
  return std::make_shared<const std::vector<MoRef>>(std::move(refs));
}

const Rights& Scope::rights(const AuthorizationState& state, const ManagedObject& object) const {
  static const Rights nobody;
  if (!session_ || !session_->user) return nobody;
  return state.rights(inventory_, session_->user->name, session_->user->groups, object);
}

// What belongs to the session, or was started by its user.
bool Scope::isOwn(const ManagedObject& object) const {
  if (!inventory_.find(object.ref.id) || object.ref.type.ends_with("HistoryCollector")) return true;
  return object.ref.type == "Task" &&
         object.state.at("info.reason.userName").string() == session_->user->name;
}

bool Scope::sees(std::string_view id) const {
  if (!session_ || !session_->user) return true;
  if (everywhere_ && everywhere_->sees) return true;
  const ManagedObject* object = inventory_.find(id);
  if (!object || rights(*object).sees || isOwn(*object)) return true;
  // Managers are there for everybody.
  const ManagedObject* entity = authorityOf(inventory_, *object, authority_->root());
  return entity && entity != object && entity->ref.id == authority_->root();
}

bool Scope::reads(const ManagedObject& object, std::string_view path, std::string_view& privilege) const {
  if (unrestricted()) return true;
  const auto end = path.find_first_of(".[");
  const vim25::PropertyInfo* property = vim25::findProperty(object.ref.type, path.substr(0, end));
  privilege =
      property && !property->privilege.empty() ? property->privilege : std::string_view("System.Read");
  if (privilege == "System.Anonymous") return true;
  // The registry names no privilege for it, but a server shows licences to nobody else.
  if (object.ref.type == "LicenseManager" && path.starts_with("licenses")) privilege = "Global.Licenses";
  if (!session_ || !session_->user) return false;
  const Rights& has = everywhere_ ? *everywhere_ : rights(object);
  return has.has(privilege) || (privilege.starts_with("System.") && isOwn(object));
}

bool Scope::may(const MoRef& on, std::string_view privilege) const {
  if (!session_ || !session_->user) return false;
  if (privilege.empty() || unrestricted()) return true;
  const ManagedObject* object = inventory_.find(on.id);
  const bool own = !object || isOwn(*object);
  if (own && (privilege.starts_with("System.") || !inventory_.find(authority_->root()))) return true;
  return rights(object ? *object : inventory_.need(authority_->root())).has(privilege);
}

MoRef Scope::authorityFor(const MoRef& on) const {
  const ManagedObject* object = inventory_.find(on.id);
  const ManagedObject* entity = object ? authorityOf(inventory_, *object, authority_->root()) : nullptr;
  return entity ? entity->ref : on;
}

PathResult Scope::read(const ManagedObject& object, std::string_view path) const {
  PathResult result = evaluatePath(object.properties(), path);
  if (unrestricted() || result.status != PathStatus::found || !session_) return result;
  if (path == "effectiveRole") {
    const std::vector<std::int32_t>& roles = rights(object).roles;
    result.value = list(std::vector<Value>(roles.begin(), roles.end()));
    return result;
  }
  const MoRef* ref = path.find('.') == std::string_view::npos ? result.value.asRef() : nullptr;
  if (ref && !sees(ref->id)) return {PathStatus::unset, {}, result.declared};
  result.value = visible(result.value);
  return result;
}

Value Scope::visible(const Value& value) const {
  if (!session_ || !session_->user || (everywhere_ && everywhere_->sees)) return value;
  const List* items = value.asList();
  if (!items || items->items.empty() || !items->items.front().asRef()) return value;
  List kept{{}, items->elementType};
  kept.items.reserve(items->items.size());
  for (const Value& item : items->items) {
    const MoRef* ref = item.asRef();
    if (!ref || sees(ref->id)) kept.items.push_back(item);
  }
  return kept;
}

}  // namespace failback::mock
