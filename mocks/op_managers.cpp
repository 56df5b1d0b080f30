// SPDX-License-Identifier: GPL-2.0-or-later
// Small managers: options, alarms, extensions, automatic starts.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/entity_tools.h"
#include "mocks/fault.h"
#include "mocks/operation_tables.h"

namespace failback::mock {

namespace {

// Whether a value may take another's place: text for text, a number for a number.
bool sameKind(const Value& before, const Value& after) {
  if (before.asBool()) return after.asBool() != nullptr;
  if (before.asInteger()) return after.asInteger().has_value();
  return after.asText() != nullptr;
}

// New options may only be made where a server keeps its free ones.
bool mayBeNew(std::string_view key) {
  return key.starts_with("config.");
}

Answer updateOptions(Operation& op) {
  op.need(op.self.ref, "Global.Settings");
  std::vector<Value> options = itemsOf(op.self.properties().get("setting"));
  const std::vector<Value> changes = itemsOf(op.get("changedValue"));
  if (changes.empty()) throw invalidArgument("changedValue");
  for (const Value& change : changes) {
    const std::string_view key = change.at("key").string();
    const auto present = std::find_if(options.begin(), options.end(),
                                      [&](const Value& each) { return each.at("key").string() == key; });
    if (present == options.end() && !mayBeNew(key)) {
      throw makeFault("InvalidName", fmt::format("The name '{}' is not valid.", key), {{"name", key}});
    }
    if (present == options.end()) {
      options.push_back(change);
    } else if (!sameKind(present->at("value"), change.at("value"))) {
      throw invalidArgument(key, "the value is of another type");
    } else {
      *present = change;
    }
  }
  op.world.inventory.set(op.self.ref.id, "setting", list(std::move(options)));
  return {};
}

// No alarm is defined, so there is none to tell of; the entity itself says what state its alarms have.
Answer getAlarm(Operation& op) {
  // Those that are defined on the entity itself; without one, all.
  const auto entity = op.ref("entity");
  if (entity) (void)op.object("entity", "ManagedEntity");
  const auto alarms = op.world.inventory.all("Alarm");
  std::vector<Value> found;
  found.reserve(alarms.size());
  for (const ManagedObject* alarm : alarms) {
    if (!entity || *alarm->state.at("info.entity").asRef() == *entity) found.emplace_back(alarm->ref);
  }
  return {found.empty() ? Value() : list(std::move(found)), {}};
}

Answer getAlarmState(Operation& op) {
  const ManagedObject& entity = op.object("entity", "ManagedEntity");
  op.need(entity.ref, "System.Read");
  return {entity.properties().get("declaredAlarmState"), {}};
}

Answer areActionsEnabled(Operation& op) {
  const ManagedObject& entity = op.object("entity", "ManagedEntity");
  op.need(entity.ref, "System.Read");
  const bool* enabled = entity.properties().get("alarmActionsEnabled").asBool();
  return {!enabled || *enabled, {}};
}

Answer enableActions(Operation& op) {
  const MoRef entity = op.object("entity", "ManagedEntity").ref;
  op.need(entity, "Alarm.DisableActions");
  op.world.inventory.set(entity.id, "alarmActionsEnabled", op.flag("enabled"));
  return {};
}

std::vector<Value>::iterator findExtension(std::vector<Value>& extensions, std::string_view key) {
  return std::find_if(extensions.begin(), extensions.end(),
                      [key](const Value& each) { return each.at("key").string() == key; });
}

std::vector<Value> extensionsOf(const Operation& op) {
  return itemsOf(op.self.properties().get("extensionList"));
}

void setExtensions(Operation& op, std::vector<Value> extensions) {
  op.world.inventory.set(op.self.ref.id, "extensionList", list(std::move(extensions)));
}

Fault noExtension() {
  return makeFault("NotFound", "The object or item referred to could not be found.");
}

Answer findExtensionByKey(Operation& op) {
  std::vector<Value> extensions = extensionsOf(op);
  const auto found = findExtension(extensions, op.text("extensionKey"));
  return {found == extensions.end() ? Value() : *found, {}};
}

Answer registerExtension(Operation& op) {
  std::vector<Value> extensions = extensionsOf(op);
  const Value& extension = op.get("extension");
  const std::string_view key = extension.at("key").string();
  if (key.empty() || findExtension(extensions, key) != extensions.end())
    throw invalidArgument("extension.key");
  extensions.push_back(extension.with("lastHeartbeatTime", Value::dateTime(op.world.now())));
  setExtensions(op, std::move(extensions));
  return {};
}

Answer updateExtension(Operation& op) {
  std::vector<Value> extensions = extensionsOf(op);
  const Value& extension = op.get("extension");
  const auto found = findExtension(extensions, extension.at("key").string());
  if (found == extensions.end()) throw noExtension();
  *found = extension.with("lastHeartbeatTime", Value::dateTime(op.world.now()));
  setExtensions(op, std::move(extensions));
  return {};
}

Answer unregisterExtension(Operation& op) {
  std::vector<Value> extensions = extensionsOf(op);
  const auto found = findExtension(extensions, op.text("extensionKey"));
  if (found == extensions.end()) throw noExtension();
  extensions.erase(found);
  setExtensions(op, std::move(extensions));
  return {};
}

Answer queryManagedBy(Operation& op) {
  const std::string key = op.text("extensionKey");
  std::vector<Value> extensions = extensionsOf(op);
  if (findExtension(extensions, key) == extensions.end()) throw invalidArgument("extensionKey");
  std::vector<Value> managed;
  for (const ManagedObject* vm : op.world.inventory.all("VirtualMachine")) {
    const bool its = vm->read("config.managedBy.extensionKey").string() == key;
    if (its && op.scope.sees(vm->ref.id)) managed.emplace_back(vm->ref);
  }
  return {managed.empty() ? Value() : list(std::move(managed)), {}};
}

constexpr std::array<OperationEntry, 10> managersEntries{{{"UpdateOptions", updateOptions},
                                                          {"GetAlarm", getAlarm},
                                                          {"GetAlarmState", getAlarmState},
                                                          {"AreAlarmActionsEnabled", areActionsEnabled},
                                                          {"EnableAlarmActions", enableActions},
                                                          {"FindExtension", findExtensionByKey},
                                                          {"RegisterExtension", registerExtension},
                                                          {"UpdateExtension", updateExtension},
                                                          {"UnregisterExtension", unregisterExtension},
                                                          {"QueryManagedBy", queryManagedBy}}};

}  // namespace

std::span<const OperationEntry> managerOperations() {
  return managersEntries;
}

}  // namespace failback::mock
