// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/config_changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "mocks/inventory.h"
#include "mocks/property_path.h"

namespace failback::mock {

namespace {

std::string shown(const Value& value);

std::string shownObject(const DataObject& object) {
  std::vector<std::string> members;
  members.reserve(object.members().size());
  for (const DataObject::Member& member : object.members()) {
    members.push_back(fmt::format("{} = {}", object.type().members[member.index].name, shown(member.value)));
  }
  return fmt::format("({})", fmt::join(members, ", "));
}

std::string shown(const Value& value) {
  if (!value.isSet()) return "<unset>";
  if (const bool* flag = value.asBool()) return *flag ? "true" : "false";
  if (const auto number = value.asInteger()) return std::to_string(*number);
  if (const double* number = value.asDouble()) return fmt::format("{}", *number);
  if (const MoRef* ref = value.asRef()) return fmt::format("'{}:{}'", ref->type, ref->id);
  if (const DataObject* object = value.asObject()) return shownObject(*object);
  if (const List* items = value.asList()) {
    std::vector<std::string> texts;
    texts.reserve(items->items.size());
    for (const Value& each : items->items) texts.push_back(shown(each));
    return fmt::format("({})", fmt::join(texts, ", "));
  }
  return fmt::format("\"{}\"", value.string());
}

// `hardware.device[2001].backing` -> `config.hardware.device(2001).backing`
std::string shownPath(std::string path) {
  std::replace(path.begin(), path.end(), '[', '(');
  std::replace(path.begin(), path.end(), ']', ')');
  return "config." + path;
}

Value valueAt(const Value& config, const std::string& path) {
  return evaluatePath(*config.asObject(), path).value;
}

}  // namespace

Value configChanges(const Value& before, const Value& after) {
  std::vector<PathChange> changes;
  diffValues(before, after, {}, changes);
  std::string modified, added, deleted;
  for (const PathChange& each : changes) {
    const std::string path = shownPath(each.path);
    if (each.op == ChangeOp::add) {
      added += fmt::format("{}: {};\n", path, shown(valueAt(after, each.path)));
    } else if (each.op == ChangeOp::assign) {
      modified += fmt::format("{}: {} -> {};\n", path, shown(valueAt(before, each.path)),
                              shown(valueAt(after, each.path)));
    } else {
      deleted += fmt::format("{}: {};\n", path, shown(valueAt(before, each.path)));
    }
  }
  return object("ChangesInfoEventArgument", {{"modified", modified}, {"added", added}, {"deleted", deleted}});
}

}  // namespace failback::mock
