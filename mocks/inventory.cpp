// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/inventory.h"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "mocks/property_path.h"

namespace failback::mock {

namespace {

// Elements by key, or false when an element has none or two share one.
bool byKey(const List& list, std::map<std::string, const Value*>& found) {
  for (const Value& element : list.items) {
    if (!element.asObject()) return false;
    const auto key = elementKey(element);
    if (!key || !found.emplace(*key, &element).second) return false;
  }
  return true;
}

void diffLists(const List& before, const List& after, const std::string& path,
               std::vector<PathChange>& found) {
  std::map<std::string, const Value*> old, fresh;
  if (!byKey(before, old) || !byKey(after, fresh)) {
    found.push_back({path, ChangeOp::assign});
    return;
  }
  for (const auto& [key, element] : old) {
    if (!fresh.contains(key)) found.push_back({path + "[" + keyForPath(*element) + "]", ChangeOp::remove});
  }
  for (const auto& [key, element] : fresh) {
    const std::string place = path + "[" + keyForPath(*element) + "]";
    const auto present = old.find(key);
    if (present == old.end()) {
      found.push_back({place, ChangeOp::add});
    } else if (!(*present->second == *element)) {
      diffValues(*present->second, *element, place, found);
    }
  }
}

bool holdsReferences(const Value& value) {
  if (value.asRef()) return true;
  const List* list = value.asList();
  return list && !list->items.empty() && list->items.front().asRef();
}

// Whether the change of a managed object's properties may change what views and traversals find.
bool changesStructure(const DataObject& before, const DataObject& after) {
  for (std::size_t i = 0; i < before.type().members.size(); ++i) {
    const auto index = static_cast<std::uint16_t>(i);
    const Value& old = before.get(index);
    const Value& fresh = after.get(index);
    if (old.sameNode(fresh)) continue;
    if ((holdsReferences(old) || holdsReferences(fresh)) && !(old == fresh)) return true;
  }
  return false;
}

}  // namespace

void diffValues(const Value& before, const Value& after, const std::string& path,
                std::vector<PathChange>& found) {
  if (before == after) return;
  const DataObject* old = before.asObject();
  const DataObject* fresh = after.asObject();
  if (old && fresh && &old->type() == &fresh->type()) {
    for (std::size_t i = 0; i < old->type().members.size(); ++i) {
      const auto index = static_cast<std::uint16_t>(i);
      const std::string name(old->type().members[i].name);
      diffValues(old->get(index), fresh->get(index), path.empty() ? name : path + "." + name, found);
    }
    return;
  }
  if (before.asList() && after.asList()) {
    diffLists(*before.asList(), *after.asList(), path, found);
    return;
  }
  found.push_back({path, ChangeOp::assign});
}

Value ManagedObject::read(std::string_view path) const {
  return evaluatePath(properties(), path).value;
}

const ManagedObject* Inventory::find(std::string_view id) const {
  const auto found = objects_.find(id);
  if (found == objects_.end()) return nullptr;
  look(found->second);
  return &found->second.object;
}

const ManagedObject& Inventory::need(std::string_view id) const {
  const ManagedObject* found = find(id);
  if (!found) throw std::logic_error("no managed object '" + std::string(id) + "' in the inventory");
  return *found;
}

std::vector<const ManagedObject*> Inventory::all(std::string_view type) const {
  std::vector<const Stored*> chosen;
  std::size_t types = 0;
  for (const auto& [own, objects] : byType_) {
    if (type != "ManagedObject" && !own->isA(type)) continue;
    chosen.insert(chosen.end(), objects.begin(), objects.end());
    if (!objects.empty()) ++types;
  }
  if (types > 1) std::sort(chosen.begin(), chosen.end(), earlier);
  std::vector<const ManagedObject*> found;
  found.reserve(chosen.size());
  for (const Stored* stored : chosen) {
    look(*stored);
    found.push_back(&stored->object);
  }
  return found;
}

void Inventory::add(MoRef ref, Value state) {
  if (!state.asObject() || !state.asObject()->type().managed) {
    throw std::logic_error("'" + ref.id + "' has no properties of a managed type");
  }
  if (!built_) state = DataObject(store_->pack(state));
  insert(std::move(ref), std::move(state));
}

void Inventory::addDeferred(MoRef ref, const TypeInfo& type, std::function<Value()> make) {
  Value state = DataObject(type, [store = store_, make = std::move(make)] { return store->pack(make()); });
  deferred_.push_back(state);
  insert(std::move(ref), std::move(state));
}

void Inventory::insert(MoRef ref, Value state) {
  std::string id = ref.id;
  const auto [place, fresh] = objects_.emplace(
      id, Stored{ManagedObject{std::move(ref), std::move(state)}, nextOrder_++, !built_, built_});
  if (!fresh) throw std::logic_error("managed object '" + id + "' exists already");
  byType_[&place->second.object.type()].push_back(&place->second);
  ++structure_;
  journal(std::move(id), ObjectChange::created, {});
}

void Inventory::set(std::string_view id, std::string_view path, Value value) {
  replace(id, need(id).state.with(path, std::move(value)));
}

void Inventory::replace(std::string_view id, Value state) {
  const auto found = objects_.find(id);
  if (found == objects_.end())
    throw std::logic_error("no managed object '" + std::string(id) + "' to change");
  ManagedObject& object = found->second.object;
  std::vector<PathChange> paths;
  diffValues(object.state, state, {}, paths);
  if (paths.empty()) return;
  if (changesStructure(object.properties(), *state.asObject())) ++structure_;
  object.state = std::move(state);
  found->second.changed = built_;
  journal(std::string(id), ObjectChange::modified, std::move(paths));
}

void Inventory::remove(std::string_view id) {
  const auto found = objects_.find(id);
  if (found == objects_.end()) return;
  std::string gone(id);  // `id` may lie in the object
  if (found->second.original) removed_.insert(gone);
  OfType& alike = byType_[&found->second.object.type()];
  alike.erase(std::lower_bound(alike.begin(), alike.end(), &found->second, earlier));
  std::erase(looked_, &found->second);
  objects_.erase(found);
  ++structure_;
  journal(std::move(gone), ObjectChange::destroyed, {});
}

void Inventory::journal(std::string id, ObjectChange kind, std::vector<PathChange> paths) {
  dirty_ = true;
  journal_.push_back({version_ + 1, std::move(id), kind, std::move(paths)});
  while (journal_.size() > journalLimit_) {
    journalStart_ = journal_.front().version;
    journal_.pop_front();
  }
}

Inventory::Changes Inventory::sinceBuilt() const {
  std::vector<const Stored*> chosen;
  for (const auto& [id, stored] : objects_) {
    if (stored.changed) chosen.push_back(&stored);
  }
  std::sort(chosen.begin(), chosen.end(), earlier);
  Changes found{{}, {removed_.begin(), removed_.end()}};
  found.changed.reserve(chosen.size());
  for (const Stored* stored : chosen) found.changed.push_back(&stored->object);
  return found;
}

void Inventory::pack(Stored& stored) {
  Value& state = stored.object.state;
  if (!state.asObject()->isPacked()) state = DataObject(store_->pack(state));
}

void Inventory::markBuilt() {
  for (auto& [id, stored] : objects_) pack(stored);  // what was changed since it was added
  settle();
  built_ = true;
}

void Inventory::settle() {
  for (const Stored* each : looked_) {
    const DataObject& object = each->object.properties();
    if (!object.isPacked() || !object.membersMade()) continue;
    objects_.find(each->object.ref.id)->second.object.state = DataObject(PackedPart(*object.packed()));
  }
  looked_.clear();
}

void Inventory::touch() {
  ++structure_;
  dirty_ = true;
}

void Inventory::commit() {
  if (!dirty_) return;
  dirty_ = false;
  ++version_;
  if (onCommit_) onCommit_();
}

bool Inventory::changesSince(std::uint64_t version, std::vector<const JournalEntry*>& found) const {
  if (version < journalStart_) return false;
  const auto first =
      std::upper_bound(journal_.begin(), journal_.end(), version,
                       [](std::uint64_t v, const JournalEntry& entry) { return v < entry.version; });
  for (auto entry = first; entry != journal_.end(); ++entry) found.push_back(&*entry);
  return true;
}

}  // namespace failback::mock
