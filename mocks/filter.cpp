// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <unordered_set>
#include <utility>

#include "mocks/collector.h"
#include "mocks/property_path.h"

namespace failback::mock {

namespace {

// What a partial update names: a changed element of a keyed list as a whole, not what changed inside it.
std::string_view reportedPath(std::string_view changed) {
  const auto bracket = changed.find(']');
  return bracket == std::string_view::npos ? changed : changed.substr(0, bracket + 1);
}

std::string_view opName(ChangeOp op) {
  switch (op) {
    case ChangeOp::add:
      return "add";
    case ChangeOp::remove:
      return "remove";
    case ChangeOp::indirectRemove:
      return "indirectRemove";
    case ChangeOp::assign:
      break;
  }
  return "assign";
}

std::string_view kindName(ObjectUpdate::Kind kind) {
  switch (kind) {
    case ObjectUpdate::Kind::enter:
      return "enter";
    case ObjectUpdate::Kind::leave:
      return "leave";
    case ObjectUpdate::Kind::modify:
      break;
  }
  return "modify";
}

void writeObjectUpdate(XmlWriter& writer, const ObjectUpdate& update) {
  writer.open("objectSet");
  writer.textElement("kind", kindName(update.kind));
  writer.refElement("obj", update.ref);
  for (const ChangeEntry& change : update.changes) {
    if (change.declared.since > writer.release()) continue;
    writer.open("changeSet");
    writer.textElement("name", change.name);
    writer.textElement("op", opName(change.op));
    if (change.value.isSet()) writer.anyMember("val", change.value, &change.declared);
    writer.close("changeSet");
  }
  writeMissing(writer, update.missing);
  writer.close("objectSet");
}

}  // namespace

void writeUpdateSet(XmlWriter& writer, std::string_view element, const UpdateSet& set) {
  writer.open(element);
  writer.textElement("version", set.version);
  for (const FilterUpdate& filter : set.filters) {
    writer.open("filterSet");
    writer.refElement("filter", filter.filter);
    for (const ObjectUpdate& object : filter.objects) writeObjectUpdate(writer, object);
    for (const MoRef& ref : filter.missing) writeMissingObject(writer, ref);
    writer.close("filterSet");
  }
  if (set.truncated) writer.textElement("truncated", "true");
  writer.close(element);
}

Filter::Filter(MoRef ref, FilterSpec spec, Value original, bool partialUpdates)
    : ref_(std::move(ref)),
      spec_(std::move(spec)),
      original_(std::move(original)),
      partial_(partialUpdates) {}

Value Filter::state() const {
  DataObject state(TypeModel::get().need("PropertyFilter"));
  state.set("spec", original_);
  state.set("partialUpdates", partial_);
  return state;
}

void Filter::reset() {
  started_ = false;
  told_.clear();
  order_.clear();
  pending_.clear();
  missing_.clear();
}

const AskedPaths& Filter::paths(const TypeInfo& type) {
  auto& known = paths_[&type];
  if (!known) known = pathsFor(spec_, type);
  return known;
}

void Filter::queue(Pending pending) {
  const std::string id = pending.ref.id;
  const auto [place, fresh] = pending_.emplace(id, pending);
  if (fresh) {
    order_.push_back(id);
    return;
  }
  Pending& present = place->second;
  if (present.kind == ObjectUpdate::Kind::leave && pending.kind == ObjectUpdate::Kind::enter) {
    // It left and came back before the client heard of either.
    present.kind = ObjectUpdate::Kind::modify;
    present.everything = true;
  } else if (present.kind == ObjectUpdate::Kind::modify) {
    present.everything = present.everything || pending.everything;
    present.changes.insert(present.changes.end(), pending.changes.begin(), pending.changes.end());
  }
}

void Filter::queueLeave(const MoRef& ref) {
  const auto present = pending_.find(ref.id);
  const bool untold = present != pending_.end() && present->second.kind == ObjectUpdate::Kind::enter;
  if (present != pending_.end()) {
    pending_.erase(present);
    order_.erase(std::find(order_.begin(), order_.end(), ref.id));
  }
  if (!untold) queue({ref, ObjectUpdate::Kind::leave, false, {}});
}

void Filter::noteChange(const Scope& scope, const JournalEntry& entry) {
  if (entry.kind != ObjectChange::modified) return;
  const auto told = told_.find(entry.id);
  if (told == told_.end()) return;
  const ManagedObject* object = scope.inventory().find(entry.id);
  if (!object) return;
  Pending pending{object->ref, ObjectUpdate::Kind::modify, false, {}};
  for (const PathChange& change : entry.paths) {
    const auto& asked = *paths(object->type());
    const bool concerns = std::any_of(asked.begin(), asked.end(), [&](const std::string& path) {
      return relate(change.path, path) != PathRelation::unrelated;
    });
    if (concerns) pending.changes.push_back(change);
  }
  if (!pending.changes.empty()) queue(std::move(pending));
}

void Filter::noteEverything() {
  for (const auto& [id, ref] : told_) queue({ref, ObjectUpdate::Kind::modify, true, {}});
}

// Roles and permissions changed: what the client knows of objects that mean something else to it now.
void Filter::noteRights(const Scope& scope) {
  const auto before = std::exchange(authority_, scope.authority());
  if (!before || before == authority_) return;
  for (const auto& [id, ref] : told_) {
    const ManagedObject* object = scope.inventory().find(id);
    if (!object) continue;
    const Rights& old = scope.rights(*before, *object);
    const Rights& now = scope.rights(*object);
    if (old.reads != now.reads ||
        (old.privileges != now.privileges && !object->type().isA("ManagedEntity"))) {
      queue({ref, ObjectUpdate::Kind::modify, true, {}});
    } else if (old.roles != now.roles) {
      const auto& asked = *paths(object->type());
      if (std::find(asked.begin(), asked.end(), "effectiveRole") != asked.end())
        queue({ref, ObjectUpdate::Kind::modify, false, {{"effectiveRole", ChangeOp::assign}}});
    }
  }
}

void Filter::recompute(const Scope& scope) {
  std::vector<MoRef> missing;
  FilterSpec spec = spec_;
  spec.reportMissingObjects = true;  // an object that vanishes leaves; it is no fault of the waiting call
  const SelectedObjects selected = selectObjects(spec, scope, missing);
  const std::vector<MoRef>& now = *selected;
  std::unordered_set<std::string_view> present;
  for (const MoRef& ref : now) present.insert(ref.id);
  std::vector<MoRef> gone;
  for (const auto& [id, ref] : told_) {
    if (!present.contains(id)) gone.push_back(ref);
  }
  for (const MoRef& ref : gone) {
    told_.erase(ref.id);
    queueLeave(ref);
  }
  for (const MoRef& ref : now) {
    if (told_.emplace(ref.id, ref).second) queue({ref, ObjectUpdate::Kind::enter, false, {}});
  }
  if (spec_.reportMissingObjects && !started_) missing_ = std::move(missing);
  structure_ = scope.inventory().structure();
}

void Filter::notice(const Scope& scope) {
  const Inventory& inventory = scope.inventory();
  if (started_ && seen_ == inventory.version()) return;
  if (started_) {
    std::vector<const JournalEntry*> entries;
    if (inventory.changesSince(seen_, entries)) {
      for (const JournalEntry* entry : entries) noteChange(scope, *entry);
    } else {
      noteEverything();
    }
  }
  noteRights(scope);
  if (!started_ || structure_ != inventory.structure()) recompute(scope);
  started_ = true;
  seen_ = inventory.version();
}

void Filter::addChange(const Scope& scope, const ManagedObject& object, const PathChange& change,
                       std::string_view path, ObjectUpdate& update) const {
  const PathRelation relation = relate(change.path, path);
  if (relation == PathRelation::unrelated) return;
  ChangeEntry entry;
  entry.name = std::string(path);
  if (relation == PathRelation::same || (relation == PathRelation::below && partial_)) {
    entry.name = std::string(relation == PathRelation::same ? path : reportedPath(change.path));
    if (entry.name == change.path) entry.op = change.op;
  }
  const bool told = std::any_of(update.changes.begin(), update.changes.end(),
                                [&](const ChangeEntry& each) { return each.name == entry.name; });
  if (told) return;
  PathResult result = scope.read(object, entry.name);
  entry.value = std::move(result.value);
  entry.declared = result.declared;
  if (entry.op == ChangeOp::remove && entry.value.isSet()) entry.op = ChangeOp::assign;  // and it came back
  if (entry.op == ChangeOp::add && !entry.value.isSet()) return;                         // and it went again
  if (entry.op == ChangeOp::assign && !entry.value.isSet()) {
    if (relation == PathRelation::above) entry.op = ChangeOp::indirectRemove;
    if (entry.name.ends_with(']')) entry.op = ChangeOp::remove;
  }
  update.changes.push_back(std::move(entry));
}

std::optional<ObjectUpdate> Filter::build(const Scope& scope, const Pending& pending) {
  ObjectUpdate update;
  update.kind = pending.kind;
  update.ref = pending.ref;
  if (pending.kind == ObjectUpdate::Kind::leave) return update;
  const ManagedObject* object = scope.find(pending.ref);
  if (!object) return std::nullopt;  // its leaving is noticed with the next version
  if (pending.kind == ObjectUpdate::Kind::enter || pending.everything) {
    ObjectContent content = readObject(*object, paths(object->type()), scope);
    for (PropertyEntry& each : content.properties) {
      update.changes.push_back(
          {content.nameOf(each), ChangeOp::assign, std::move(each.value), each.declared});
    }
    update.missing = std::move(content.missing);
    return update;
  }
  for (const std::string& path : *paths(object->type())) {
    std::string_view privilege;
    if (!scope.reads(*object, path, privilege)) continue;
    for (const PathChange& change : pending.changes) addChange(scope, *object, change, path, update);
  }
  if (update.changes.empty()) return std::nullopt;
  return update;
}

FilterUpdate Filter::take(const Scope& scope, std::size_t limit) {
  FilterUpdate taken;
  taken.filter = ref_;
  taken.missing = std::move(missing_);
  missing_.clear();
  while (!order_.empty() && taken.objects.size() < limit) {
    const auto place = pending_.find(order_.front());
    const Pending pending = std::move(place->second);
    pending_.erase(place);
    order_.pop_front();
    if (auto update = build(scope, pending)) taken.objects.push_back(std::move(*update));
  }
  return taken;
}

}  // namespace failback::mock
