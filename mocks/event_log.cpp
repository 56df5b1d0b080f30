// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/event_log.h"

#include "mocks/event_formats.h"

namespace failback::mock {

namespace {

// The nearest ancestor of a type, the object itself included; an empty reference when there is none.
MoRef ancestor(const Inventory& inventory, const MoRef& from, std::string_view type) {
  const ManagedObject* object = inventory.find(from.id);
  while (object && !object->type().isA(type)) {
    const MoRef* parent =
        object->type().find("parent") ? object->properties().get("parent").asRef() : nullptr;
    object = parent ? inventory.find(parent->id) : nullptr;
  }
  return object ? object->ref : MoRef{};
}

// Gives mandatory members that are not set the emptiest value of their type. References stay unset.
void fillMandatory(DataObject& target) {
  for (std::size_t i = 0; i < target.type().members.size(); ++i) {
    const MemberInfo& member = target.type().members[i];
    const auto index = static_cast<std::uint16_t>(i);
    if (member.optional || member.isList || target.get(index).isSet()) continue;
    switch (member.kind) {
      case TypeKind::boolean:
        target.set(index, false);
        break;
      case TypeKind::byte:
      case TypeKind::int16:
      case TypeKind::int32:
        target.set(index, std::int32_t{0});
        break;
      case TypeKind::int64:
        target.set(index, std::int64_t{0});
        break;
      case TypeKind::string:
        target.set(index, "");
        break;
      case TypeKind::enumeration:
        target.set(index, Value(member.type->literals.front()));
        break;
      case TypeKind::data: {
        DataObject inner(*member.type);
        fillMandatory(inner);
        target.set(index, std::move(inner));
        break;
      }
      default:
        break;
    }
  }
}

}  // namespace

Value EventLog::argument(std::string_view type, std::string_view member, const MoRef& ref) const {
  const ManagedObject* found = inventory_.find(ref.id);
  if (!found) return {};
  return object(type, {{"name", found->properties().get("name")}, {member, ref}});
}

Value EventLog::vmArgument(const MoRef& vm) const {
  return argument("VmEventArgument", "vm", vm);
}
Value EventLog::hostArgument(const MoRef& host) const {
  return argument("HostEventArgument", "host", host);
}
Value EventLog::datastoreArgument(const MoRef& datastore) const {
  return argument("DatastoreEventArgument", "datastore", datastore);
}
Value EventLog::folderArgument(const MoRef& folder) const {
  return argument("FolderEventArgument", "folder", folder);
}
Value EventLog::poolArgument(const MoRef& pool) const {
  return argument("ResourcePoolEventArgument", "resourcePool", pool);
}
Value EventLog::computeResourceArgument(const MoRef& resource) const {
  return argument("ComputeResourceEventArgument", "computeResource", resource);
}
Value EventLog::datacenterArgument(const MoRef& datacenter) const {
  return argument("DatacenterEventArgument", "datacenter", datacenter);
}
Value EventLog::entityArgument(const MoRef& entity) const {
  return argument("ManagedEntityEventArgument", "entity", entity);
}

std::int32_t EventLog::chain() {
  if (actor.chain == 0) return nextKey_;
  if (actor.chain == Actor::toCome) actor.chain = nextKey_;
  return actor.chain;
}

void EventLog::post(std::string_view type, const MoRef& entity, std::string message,
                    const std::vector<Field>& fields) {
  DataObject event(TypeModel::get().need(type));
  event.set("chainId", chain());
  event.set("key", nextKey_++);
  event.set("createdTime", Value::dateTime(clock_()));
  event.set("userName", actor.user);
  setPlace(event, entity);
  for (const auto& [name, value] : fields) event.set(name, value);
  fillMandatory(event);
  if (message.empty() || hasFormat(type)) {
    const Value whole(event);
    message = messageOf(whole);
  }
  event.set("fullFormattedMessage", std::move(message));
  const std::int64_t key = *event.get("key").asInteger();
  items_.push_back({key, std::move(event), entity, containersOf(inventory_, entity)});
  if (items_.size() > limit_) items_.pop_front();
  if (onPost_) onPost_(items_.back());
}

void EventLog::restore(HistoryItems items) {
  items_ = std::move(items);
  if (!items_.empty()) nextKey_ = static_cast<std::int32_t>(items_.back().key) + 1;
}

void EventLog::setPlace(DataObject& event, const MoRef& entity) const {
  event.set("datacenter", datacenterArgument(ancestor(inventory_, entity, "Datacenter")));
  const ManagedObject* about = inventory_.find(entity.id);
  MoRef host = ancestor(inventory_, entity, "HostSystem");
  if (about && about->type().isA("VirtualMachine")) {
    event.set("vm", vmArgument(entity));
    if (const MoRef* runsOn = about->state.at("runtime.host").asRef()) host = *runsOn;
    if (event.type().find("template")) event.set("template", about->state.at("config.template"));
  }
  if (about && about->type().isA("Datastore")) event.set("ds", datastoreArgument(entity));
  event.set("host", hostArgument(host));
  event.set("computeResource", computeResourceArgument(
                                   ancestor(inventory_, host.id.empty() ? entity : host, "ComputeResource")));
}

}  // namespace failback::mock
