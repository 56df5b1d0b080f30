// SPDX-License-Identifier: GPL-2.0-or-later
// CustomFieldsManager and the values of custom fields.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "mocks/fault.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

constexpr std::int32_t firstKey = 101;

std::vector<Value> fieldsOf(const World& world) {
  const ManagedObject* manager = world.inventory.find(world.managerId("CustomFieldsManager"));
  const List* fields = manager ? manager->properties().get("field").asList() : nullptr;
  return fields ? fields->items : std::vector<Value>{};
}

std::int32_t keyOf(const Value& field) {
  return static_cast<std::int32_t>(*field.at("key").asInteger());
}

bool appliesTo(const Value& field, const ManagedObject& object) {
  const std::string_view type = field.at("managedObjectType").string();
  return type.empty() || object.type().isA(type);
}

// Every object says itself which fields it may have.
void showFields(World& world, const std::vector<Value>& fields) {
  for (const ManagedObject* object : world.inventory.all("ManagedEntity")) {
    std::vector<Value> available;
    for (const Value& field : fields) {
      if (appliesTo(field, *object)) available.push_back(field);
    }
    const std::string id = object->ref.id;
    world.inventory.set(id, "availableField", list(std::move(available)));
  }
}

void setFields(Operation& op, std::vector<Value> fields) {
  showFields(op.world, fields);
  op.world.inventory.set(op.self.ref.id, "field", list(std::move(fields)));
}

void needFreeName(const Operation& op, const std::vector<Value>& fields, const std::string& name,
                  std::string_view type, std::int32_t except = 0) {
  if (name.empty()) throw invalidArgument("name");
  for (const Value& each : fields) {
    const std::string_view other = each.at("managedObjectType").string();
    const bool meet = type.empty() || other.empty() || type == other;
    if (keyOf(each) == except || each.at("name").string() != name || !meet) continue;
    throw makeFault("DuplicateName", fmt::format("The name '{}' already exists.", name),
                    {{"name", name}, {"object", op.self.ref}});
  }
}

void postDefinition(Operation& op, std::string_view type, const Value& field, std::vector<Field> more = {}) {
  more.emplace_back("fieldKey", keyOf(field));
  more.emplace_back("name", field.at("name"));
  op.world.events.post(type, op.world.rootFolder(), {}, more);
}

Answer addField(Operation& op) {
  std::vector<Value> fields = fieldsOf(op.world);
  const std::string name = op.text("name");
  const std::string type = op.text("moType");
  const TypeInfo* known = type.empty() ? nullptr : TypeModel::get().find(type);
  if (!type.empty() && (!known || !known->managed)) throw invalidArgument("moType");
  needFreeName(op, fields, name, type);
  std::int32_t key = firstKey;
  for (const Value& each : fields) key = std::max(key, keyOf(each) + 1);
  const Value field = object("CustomFieldDef", {{"key", key},
                                                {"name", name},
                                                {"type", "string"},
                                                {"managedObjectType", type.empty() ? Value() : Value(type)},
                                                {"fieldDefPrivileges", op.get("fieldDefPolicy")},
                                                {"fieldInstancePrivileges", op.get("fieldPolicy")}});
  fields.push_back(field);
  setFields(op, std::move(fields));
  postDefinition(op, "CustomFieldDefAddedEvent", field);
  return {field, {}};
}

std::vector<Value>::iterator needField(std::vector<Value>& fields, std::int64_t key) {
  const auto found =
      std::find_if(fields.begin(), fields.end(), [key](const Value& each) { return keyOf(each) == key; });
  if (found == fields.end())
    throw makeFault("NotFound", "The object or item referred to could not be found.");
  return found;
}

Value without(const Value& values, std::int64_t key) {
  std::vector<Value> kept;
  if (const List* items = values.asList()) {
    for (const Value& each : items->items) {
      if (each.at("key").asInteger() != key) kept.push_back(each);
    }
  }
  return list(std::move(kept));
}

// The state with other values of custom fields, wherever an object shows them.
Value withValues(Value state, const Value& values) {
  const TypeInfo& type = state.asObject()->type();
  state = state.with("value", values);
  if (type.find("customValue")) state = state.with("customValue", values);
  const DataObject* summary = type.find("summary") ? state.at("summary").asObject() : nullptr;
  if (summary && summary->type().find("customValue")) state = state.with("summary.customValue", values);
  return state;
}

Answer removeField(Operation& op) {
  std::vector<Value> fields = fieldsOf(op.world);
  const auto found = needField(fields, *op.number("key"));
  const Value field = std::move(*found);
  fields.erase(found);
  for (const ManagedObject* object : op.world.inventory.all("ManagedEntity")) {
    const Value& values = object->properties().get("value");
    const Value left = without(values, keyOf(field));
    const std::string id = object->ref.id;
    if (values.isSet() && !(left == values)) op.world.inventory.replace(id, withValues(object->state, left));
  }
  setFields(op, std::move(fields));
  postDefinition(op, "CustomFieldDefRemovedEvent", field);
  return {};
}

Answer renameField(Operation& op) {
  std::vector<Value> fields = fieldsOf(op.world);
  const auto found = needField(fields, *op.number("key"));
  const std::string name = op.text("name");
  needFreeName(op, fields, name, found->at("managedObjectType").string(), keyOf(*found));
  const Value field = std::exchange(*found, found->with("name", name));
  setFields(op, std::move(fields));
  postDefinition(op, "CustomFieldDefRenamedEvent", field, {{"newName", name}});
  return {};
}

void setValue(Operation& op, const MoRef& entity, const Value& field, const std::string& value) {
  op.need(entity, "Global.SetCustomField");
  const ManagedObject& target = op.world.inventory.need(entity.id);
  if (!appliesTo(field, target)) throw invalidArgument("key");
  const Value& before = target.properties().get("value");
  Value previous;
  if (const List* items = before.asList()) {
    for (const Value& each : items->items) {
      if (each.at("key").asInteger() == keyOf(field)) previous = each.at("value");
    }
  }
  Value values = without(before, keyOf(field));
  if (!value.empty()) {
    values = values.appended(object("CustomFieldStringValue", {{"key", keyOf(field)}, {"value", value}}));
  }
  Value state = withValues(target.state, values);
  std::vector<Value> available;  // an object that is younger than the field shows it from now on
  for (const Value& each : fieldsOf(op.world)) {
    if (appliesTo(each, target)) available.push_back(each);
  }
  op.world.inventory.replace(entity.id, state.with("availableField", list(std::move(available))));
  op.world.events.post("CustomFieldValueChangedEvent", entity, {},
                       {{"entity", op.world.events.entityArgument(entity)},
                        {"fieldKey", keyOf(field)},
                        {"name", field.at("name")},
                        {"value", value},
                        {"prevState", previous}});
}

Answer setField(Operation& op) {
  std::vector<Value> fields = fieldsOf(op.world);
  const auto key = *op.number("key");
  const auto found =
      std::find_if(fields.begin(), fields.end(), [key](const Value& each) { return keyOf(each) == key; });
  const MoRef entity = op.object("entity", "ManagedEntity").ref;
  if (found == fields.end()) throw invalidArgument("key");
  setValue(op, entity, *found, op.text("value"));
  return {};
}

Answer setCustomValue(Operation& op) {
  const std::string name = op.text("key");
  if (!op.self.type().isA("ManagedEntity")) throw notSupported("Custom fields are for managed entities.");
  for (const Value& field : fieldsOf(op.world)) {
    if (field.at("name").string() != name || !appliesTo(field, op.self)) continue;
    setValue(op, op.self.ref, field, op.text("value"));
    return {};
  }
  throw invalidArgument("key");
}

constexpr std::array<OperationEntry, 5> fieldsEntries{{{"AddCustomFieldDef", addField},
                                                       {"RemoveCustomFieldDef", removeField},
                                                       {"RenameCustomFieldDef", renameField},
                                                       {"SetField", setField},
                                                       {"setCustomValue", setCustomValue}}};

}  // namespace

std::span<const OperationEntry> fieldOperations() {
  return fieldsEntries;
}

}  // namespace failback::mock
