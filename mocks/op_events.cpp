// SPDX-License-Identifier: GPL-2.0-or-later
// EventManager, and the collectors of events and tasks.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/event_formats.h"
#include "mocks/fault.h"
#include "mocks/history.h"
#include "mocks/op_history.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

constexpr std::size_t usualLimit = 1000;

// Event types are named by their class, with or without the prefix that clients of other languages know, or
// by the id within an EventEx or ExtendedEvent. A base class stands for those derived from it.
bool isOfType(const Value& event, std::string_view wanted) {
  constexpr std::string_view prefix = "vim.event.";
  if (wanted.starts_with(prefix)) wanted.remove_prefix(prefix.size());
  const TypeInfo& type = event.asObject()->type();
  if (type.isA(wanted)) return true;
  return type.find("eventTypeId") && event.at("eventTypeId").string() == wanted;
}

bool matchesType(const Value& types, const Value& event) {
  const List* items = types.asList();
  return !items || items->items.empty() ||
         std::any_of(items->items.begin(), items->items.end(),
                     [&](const Value& each) { return isOfType(event, each.string()); });
}

bool matchesTag(const Value& tags, const Value& event) {
  const List* items = tags.asList();
  return !items || items->items.empty() || listHolds(tags, event.at("changeTag").string());
}

bool matchesScheduledTask(const Value& wanted, const Value& event) {
  const MoRef* ref = wanted.asRef();
  if (!ref) return true;
  if (!event.asObject()->type().find("scheduledTask")) return false;
  const MoRef* of = event.at("scheduledTask.scheduledTask").asRef();
  return of && *of == *ref;
}

bool matches(const Value& spec, const HistoryItem& item) {
  const Value& event = item.item;
  const auto chain = spec.at("eventChainId").asInteger();
  const Value& categories = spec.at("category");
  return matchesEntity(spec.at("entity"), item) &&
         matchesTime(spec.at("time"), event.at("createdTime").string()) &&
         matchesUser(spec.at("userName"), event.at("userName").string()) &&
         (!chain || *chain == *event.at("chainId").asInteger()) &&
         (!categories.isSet() || listHolds(categories, categoryOf(event))) &&
         matchesType(spec.at("type"), event) && matchesType(spec.at("eventTypeId"), event) &&
         matchesTag(spec.at("tag"), event) && matchesScheduledTask(spec.at("scheduledTask"), event);
}

HistoryView viewOf(const Operation& op, const Value& spec) {
  checkFilterEntity(op, spec);
  const auto limit = spec.at("maxCount").asInteger();
  if (limit && *limit < 0) throw invalidArgument("filter.maxCount");
  const bool* silent = spec.at("disableFullMessage").asBool();
  HistoryView::Shape shape;
  if (silent && *silent) shape = [](const Value& event) { return event.with("fullFormattedMessage", {}); };
  return {op.world.events.items(),
          [spec, visible = visibleItems(op)](const HistoryItem& item) {
            return visible(item) && matches(spec, item);
          },
          std::move(shape), limit && *limit > 0 ? static_cast<std::size_t>(*limit) : usualLimit};
}

Answer queryEvents(Operation& op) {
  HistoryView view = viewOf(op, op.get("filter"));
  std::vector<Value> found = view.next(usualLimit);
  return {found.empty() ? Value() : list(std::move(found)), {}};
}

Answer createCollector(Operation& op) {
  const MoRef ref{"EventHistoryCollector",
                  fmt::format("session[{}]{}", op.session->key, op.world.random.uuid())};
  op.world.histories.add(ref, op.session->key, object(ref.type, {{"filter", op.get("filter")}}),
                         viewOf(op, op.get("filter")));
  return {ref, {}};
}

// The entity that an event from outside is about, as far as it says so.
MoRef aboutOf(const Operation& op, const Value& event) {
  for (const std::string_view path :
       {"vm.vm", "ds.datastore", "host.host", "computeResource.computeResource", "datacenter.datacenter"}) {
    if (const MoRef* ref = event.at(path).asRef()) return *ref;
  }
  const TypeInfo& type = event.asObject()->type();
  if (type.find("objectId") && op.world.inventory.find(event.at("objectId").string())) {
    return op.world.inventory.need(event.at("objectId").string()).ref;
  }
  if (type.find("managedObject")) return *event.at("managedObject").asRef();
  if (type.isA("GeneralUserEvent")) {
    if (const MoRef* ref = event.at("entity.entity").asRef()) return *ref;
  }
  return op.world.rootFolder();
}

Answer postEvent(Operation& op) {
  const Value& event = op.get("eventToPost");
  const TypeInfo& type = event.asObject()->type();
  if (type.name == "Event") throw makeFault("InvalidEvent", "The event is not of a type that can be posted.");
  const MoRef about = aboutOf(op, event);
  if (!op.world.inventory.find(about.id)) throw objectNotFound(about);
  std::vector<Field> fields;
  fields.reserve(event.asObject()->members().size() + 1);
  for (const DataObject::Member& member : event.asObject()->members()) {
    const std::string_view name = type.members[member.index].name;
    // The server says these itself.
    if (name == "key" || name == "chainId" || name == "createdTime" || name == "userName") continue;
    fields.emplace_back(name, member.value);
  }
  if (const auto chain = op.get("taskInfo").at("eventChainId").asInteger()) {
    fields.emplace_back("chainId", static_cast<std::int32_t>(*chain));
  }
  op.world.events.post(type.name, about, {}, fields);
  return {};
}

Answer logUserEvent(Operation& op) {
  const MoRef entity = op.object("entity", "ManagedEntity").ref;
  op.need(entity, "Global.LogEvent");
  op.world.events.post("GeneralUserEvent", entity, {},
                       {{"message", op.text("msg")}, {"entity", op.world.events.entityArgument(entity)}});
  return {};
}

Answer retrieveArgumentDescription(Operation& op) {
  std::string id = op.text("eventTypeId");
  constexpr std::string_view prefix = "vim.event.";
  if (id.starts_with(prefix)) id.erase(0, prefix.size());
  const TypeInfo* type = TypeModel::get().find(id);
  if (!type || !type->isA("Event")) throw invalidArgument("eventTypeId");
  std::vector<Value> arguments;
  arguments.reserve(type->members.size());
  for (const MemberInfo& member : type->members) {
    const std::string_view name = member.typeName;
    arguments.push_back(
        object("EventArgDesc", {{"name", member.name}, {"type", name.substr(name.find(':') + 1)}}));
  }
  return {list(std::move(arguments)), {}};
}

HistoryView& viewOfSelf(Operation& op) {
  HistoryView* view = op.world.histories.find(op.self.ref.id);
  if (!view) throw objectNotFound(op.self.ref);
  return *view;
}

std::size_t pageOf(const Operation& op) {
  const auto count = op.number("maxCount");
  if (!count || *count <= 0 || *count > static_cast<std::int64_t>(HistoryCollectors::largestPage)) {
    throw invalidArgument("maxCount");
  }
  return static_cast<std::size_t>(*count);
}

Answer readNext(Operation& op) {
  std::vector<Value> found = viewOfSelf(op).next(pageOf(op));
  return {found.empty() ? Value() : list(std::move(found)), {}};
}

Answer readPrevious(Operation& op) {
  std::vector<Value> found = viewOfSelf(op).previous(pageOf(op));
  return {found.empty() ? Value() : list(std::move(found)), {}};
}

Answer rewind(Operation& op) {
  viewOfSelf(op).rewind();
  return {};
}

Answer reset(Operation& op) {
  viewOfSelf(op).reset();
  return {};
}

Answer setPageSize(Operation& op) {
  viewOfSelf(op).setPageSize(pageOf(op));
  op.world.histories.refresh(op.self.ref.id);
  return {};
}

Answer destroy(Operation& op) {
  (void)viewOfSelf(op);
  const std::string id = op.self.ref.id;  // the object goes
  op.world.histories.remove(id);
  return {};
}

constexpr std::array<OperationEntry, 13> eventsEntries{
    {{"QueryEvents", queryEvents},
     {"CreateCollectorForEvents", createCollector},
     {"PostEvent", postEvent},
     {"LogUserEvent", logUserEvent},
     {"RetrieveArgumentDescription", retrieveArgumentDescription},
     {"ReadNextEvents", readNext},
     {"ReadPreviousEvents", readPrevious},
     {"ReadNextTasks", readNext},
     {"ReadPreviousTasks", readPrevious},
     {"RewindCollector", rewind},
     {"ResetCollector", reset},
     {"SetCollectorPageSize", setPageSize},
     {"DestroyCollector", destroy}}};

}  // namespace

// An item about something that is gone is shown to whoever sees what it was in.
HistoryView::Accepts visibleItems(const Operation& op) {
  return [user = op.session->user, &world = op.world](const HistoryItem& item) {
    const AuthorizationState& state = world.authorization.now();
    if (const Rights* everywhere = state.everywhere(user->name, user->groups)) return everywhere->sees;
    const auto sees = [&](const std::string& id) {
      const ManagedObject* object = world.inventory.find(id);
      return object && state.rights(world.inventory, user->name, user->groups, *object).sees;
    };
    if (world.inventory.find(item.about.id)) return sees(item.about.id);
    return std::any_of(item.within.begin(), item.within.end(), sees);
  };
}

void checkFilterEntity(const Operation& op, const Value& filter) {
  const MoRef* entity = filter.at("entity.entity").asRef();
  if (entity && (!op.scope.find(*entity) || !op.scope.sees(entity->id))) throw objectNotFound(*entity);
}

std::span<const OperationEntry> eventOperations() {
  return eventsEntries;
}

}  // namespace failback::mock
