// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/history.h"

#include <algorithm>
#include <iterator>

#include "mocks/fault.h"
#include "mocks/time_text.h"

namespace failback::mock {

namespace {

void addParents(const Inventory& inventory, const MoRef& from, std::vector<std::string>& found) {
  const ManagedObject* object = inventory.find(from.id);
  while (object) {
    const MoRef* parent =
        object->type().find("parent") ? object->properties().get("parent").asRef() : nullptr;
    object = parent ? inventory.find(parent->id) : nullptr;
    if (!object || std::find(found.begin(), found.end(), object->ref.id) != found.end()) return;
    found.push_back(object->ref.id);
  }
}

void addWithParents(const Inventory& inventory, const MoRef* ref, std::vector<std::string>& found) {
  if (!ref) return;
  if (std::find(found.begin(), found.end(), ref->id) == found.end()) found.push_back(ref->id);
  addParents(inventory, *ref, found);
}

}  // namespace

std::vector<std::string> containersOf(const Inventory& inventory, const MoRef& ref) {
  std::vector<std::string> found;
  addParents(inventory, ref, found);
  const ManagedObject* object = inventory.find(ref.id);
  if (!object || !object->type().isA("VirtualMachine")) return found;
  addWithParents(inventory, object->state.at("runtime.host").asRef(), found);
  addWithParents(inventory, object->properties().get("resourcePool").asRef(), found);
  if (const List* datastores = object->properties().get("datastore").asList()) {
    for (const Value& each : datastores->items) addWithParents(inventory, each.asRef(), found);
  }
  return found;
}

bool matchesEntity(const Value& byEntity, const HistoryItem& item) {
  const MoRef* entity = byEntity.at("entity").asRef();
  if (!entity) return true;
  const std::string_view recursion = byEntity.at("recursion").string();
  if (item.about.id == entity->id) return recursion != "children";
  if (recursion == "self") return false;
  return std::find(item.within.begin(), item.within.end(), entity->id) != item.within.end();
}

bool matchesTime(const Value& byTime, std::string_view time) {
  if (!byTime.isSet()) return true;
  const auto at = microsOf(time);
  if (!at) return false;
  const auto begin = microsOf(byTime.at("beginTime").string());
  const auto end = microsOf(byTime.at("endTime").string());
  return (!begin || *at >= *begin) && (!end || *at <= *end);
}

bool listHolds(const Value& strings, std::string_view text) {
  const List* items = strings.asList();
  return items && std::any_of(items->items.begin(), items->items.end(),
                              [&](const Value& each) { return each.string() == text; });
}

bool matchesUser(const Value& byUsername, std::string_view user) {
  if (!byUsername.isSet()) return true;
  const bool* system = byUsername.at("systemUser").asBool();
  if (user.empty()) return system && *system;
  const Value& users = byUsername.at("userList");
  return !users.isSet() || listHolds(users, user);
}

HistoryView::HistoryView(const HistoryItems& items, Accepts accepts, Shape shape, std::size_t limit)
    : items_(items), accepts_(std::move(accepts)), shape_(std::move(shape)) {
  std::size_t found = 0;
  for (auto each = items_.rbegin(); each != items_.rend() && found < limit; ++each) {
    if (!accepts_(*each)) continue;
    ++found;
    oldest_ = each->key;
  }
  if (found == 0 && !items_.empty()) oldest_ = items_.back().key + 1;
  position_ = oldest_;
}

std::vector<Value> HistoryView::next(std::size_t count) {
  std::vector<Value> found;
  auto each = std::lower_bound(items_.begin(), items_.end(), position_,
                               [](const HistoryItem& item, std::int64_t key) { return item.key < key; });
  for (; each != items_.end() && found.size() < count; ++each) {
    if (!accepts_(*each)) continue;
    found.push_back(shown(*each));
    position_ = each->key + 1;
  }
  return found;
}

std::vector<Value> HistoryView::previous(std::size_t count) {
  std::vector<Value> found;
  auto each = std::make_reverse_iterator(
      std::lower_bound(items_.begin(), items_.end(), position_,
                       [](const HistoryItem& item, std::int64_t key) { return item.key < key; }));
  for (; each != items_.rend() && each->key >= oldest_ && found.size() < count; ++each) {
    if (!accepts_(*each)) continue;
    found.push_back(shown(*each));
    position_ = each->key;
  }
  return found;
}

void HistoryView::reset() {
  std::size_t found = 0;
  position_ = items_.empty() ? 0 : items_.back().key + 1;
  for (auto each = items_.rbegin(); each != items_.rend() && each->key >= oldest_ && found < pageSize_;
       ++each) {
    if (!accepts_(*each)) continue;
    ++found;
    position_ = each->key;
  }
}

std::vector<Value> HistoryView::latestPage() const {
  std::vector<Value> found;
  for (auto each = items_.rbegin(); each != items_.rend() && each->key >= oldest_; ++each) {
    if (found.size() == pageSize_) break;
    if (accepts_(*each)) found.push_back(shown(*each));
  }
  return found;
}

void HistoryCollectors::add(const MoRef& ref, const std::string& sessionKey, Value state, HistoryView view) {
  const auto present = std::count_if(held_.begin(), held_.end(), [&](const auto& each) {
    return each.second.sessionKey == sessionKey && each.second.ref.type == ref.type;
  });
  if (static_cast<std::size_t>(present) >= perSession) {
    throw makeFault("InvalidState",
                    "The operation is not allowed in the current state: the session has as "
                    "many collectors as it may have.");
  }
  state = state.with("latestPage", list(view.latestPage()));
  inventory_.add(ref, std::move(state));
  held_.emplace(ref.id, Held{ref, sessionKey, std::move(view)});
}

HistoryView* HistoryCollectors::find(std::string_view id) {
  const auto found = held_.find(id);
  return found == held_.end() ? nullptr : &found->second.view;
}

void HistoryCollectors::remove(std::string_view id) {
  const auto found = held_.find(id);
  if (found == held_.end()) return;
  inventory_.remove(id);
  held_.erase(found);
}

void HistoryCollectors::sessionEnded(std::string_view sessionKey) {
  std::vector<std::string> ids;
  for (const auto& [id, each] : held_) {
    if (each.sessionKey == sessionKey) ids.push_back(id);
  }
  for (const std::string& id : ids) remove(id);
}

void HistoryCollectors::refresh(std::string_view id) {
  const auto found = held_.find(id);
  if (found != held_.end()) inventory_.set(id, "latestPage", list(found->second.view.latestPage()));
}

void HistoryCollectors::noticed(std::string_view type, const HistoryItem& item) {
  for (const auto& [id, each] : held_) {
    if (each.ref.type == type && each.view.accepts(item)) refresh(id);
  }
}

}  // namespace failback::mock
