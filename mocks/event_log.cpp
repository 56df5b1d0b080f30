// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/event_log.h"

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

void EventLog::post(std::string_view type, const MoRef& entity, std::string message,
                    const std::vector<Field>& fields) {
  DataObject event(TypeModel::get().need(type));
  event.set("key", nextKey_++);
  event.set("chainId", actor.chain != 0 ? actor.chain : newChain());
  event.set("createdTime", Value::dateTime(clock_()));
  event.set("userName", actor.user);
  event.set("fullFormattedMessage", std::move(message));
  event.set("datacenter", datacenterArgument(ancestor(inventory_, entity, "Datacenter")));
  const ManagedObject* about = inventory_.find(entity.id);
  MoRef host = ancestor(inventory_, entity, "HostSystem");
  if (about && about->type().isA("VirtualMachine")) {
    event.set("vm", vmArgument(entity));
    if (const MoRef* runsOn = about->state.at("runtime.host").asRef()) host = *runsOn;
  }
  if (about && about->type().isA("Datastore")) event.set("ds", datastoreArgument(entity));
  event.set("host", hostArgument(host));
  event.set("computeResource", computeResourceArgument(
                                   ancestor(inventory_, host.id.empty() ? entity : host, "ComputeResource")));
  for (const auto& [name, value] : fields) event.set(name, value);
  events_.emplace_back(std::move(event));
  if (events_.size() > limit_) events_.pop_front();
}

}  // namespace failback::mock
