// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/property_path.h"

#include <fmt/format.h>

namespace failback::mock {

namespace {

// Reads "[key]" at the start of `rest`; false when it is not well formed.
bool takeKey(std::string_view& rest, std::string& key) {
  rest.remove_prefix(1);
  if (!rest.empty() && rest.front() == '"') {
    rest.remove_prefix(1);
    while (true) {
      if (rest.empty()) return false;
      const char next = rest.front();
      rest.remove_prefix(1);
      if (next == '"') break;
      if (next == '\\' && !rest.empty()) {
        key += rest.front();
        rest.remove_prefix(1);
      } else {
        key += next;
      }
    }
    if (rest.empty() || rest.front() != ']') return false;
  } else {
    const auto end = rest.find(']');
    if (end == std::string_view::npos || end == 0) return false;
    key = std::string(rest.substr(0, end));
    rest.remove_prefix(end);
  }
  rest.remove_prefix(1);
  return true;
}

const Value* findByKey(const List& list, std::string_view key) {
  for (const Value& element : list.items) {
    const auto own = elementKey(element);
    if (own && *own == key) return &element;
  }
  return nullptr;
}

// Walks the schema alone, for paths whose value is unset on the way.
bool schemaHas(const TypeInfo* type, const std::vector<PathStep>& steps, std::size_t from,
               MemberInfo& declared) {
  for (std::size_t i = from; i < steps.size(); ++i) {
    const MemberInfo* member = type ? type->find(steps[i].name) : nullptr;
    if (!member) return false;
    declared = *member;
    if (steps[i].key) {
      if (!member->isList) return false;
      declared.isList = false;
    } else if (member->isList && i + 1 < steps.size()) {
      return false;  // the way on leads through an element, which only a key can name
    }
    type = member->kind == TypeKind::data ? member->type : nullptr;
  }
  return true;
}

}  // namespace

std::optional<std::vector<PathStep>> parsePath(std::string_view path) {
  std::vector<PathStep> steps;
  while (true) {
    PathStep step;
    const auto end = path.find_first_of(".[");
    step.name = std::string(path.substr(0, end));
    if (step.name.empty()) return std::nullopt;
    path.remove_prefix(end == std::string_view::npos ? path.size() : end);
    if (!path.empty() && path.front() == '[') {
      std::string key;
      if (!takeKey(path, key)) return std::nullopt;
      step.key = std::move(key);
    }
    steps.push_back(std::move(step));
    if (path.empty()) return steps;
    if (path.front() != '.') return std::nullopt;
    path.remove_prefix(1);
  }
}

std::optional<std::string> elementKey(const Value& element) {
  if (const MoRef* ref = element.asRef()) return ref->id;
  const DataObject* object = element.asObject();
  if (!object || !object->type().find("key")) return std::nullopt;
  const Value& key = object->get("key");
  if (const auto number = key.asInteger()) return std::to_string(*number);
  if (key.asText()) return std::string(key.string());
  if (const MoRef* ref = key.asRef()) return ref->id;
  return std::nullopt;
}

std::string keyForPath(const Value& element) {
  const DataObject* object = element.asObject();
  if (object && object->get("key").asInteger()) return std::to_string(*object->get("key").asInteger());
  return fmt::format("\"{}\"", elementKey(element).value_or(""));
}

PathResult evaluatePath(const DataObject& object, std::string_view path) {
  PathResult result;
  const auto steps = parsePath(path);
  if (!steps) return result;
  const DataObject* current = &object;
  for (std::size_t i = 0; i < steps->size(); ++i) {
    const PathStep& step = (*steps)[i];
    const MemberInfo* member = current->type().find(step.name);
    if (!member) return {};
    result.declared = *member;
    result.value = current->get(step.name);
    if (step.key) {
      if (!member->isList) return {};
      result.declared.isList = false;
      const List* list = result.value.asList();
      const Value* element = list ? findByKey(*list, *step.key) : nullptr;
      result.value = element ? Value(*element) : Value();
    } else if (member->isList && i + 1 < steps->size()) {
      return {};
    }
    if (i + 1 == steps->size()) {
      // A list is never unset, only empty.
      if (member->isList && !step.key && !result.value.isSet()) result.value = List{};
      break;
    }
    if (result.value.isSet() && !result.value.asObject()) return {};
    if (!result.value.isSet()) {
      const TypeInfo* next = member->kind == TypeKind::data ? member->type : nullptr;
      if (!schemaHas(next, *steps, i + 1, result.declared)) return {};
      break;
    }
    // The node is owned by the object's tree, which outlives this walk.
    current = result.value.asObject();
  }
  result.status = result.value.isSet() ? PathStatus::found : PathStatus::unset;
  return result;
}

bool pathExists(const TypeInfo& type, std::string_view path) {
  const auto steps = parsePath(path);
  MemberInfo declared;
  return steps && schemaHas(&type, *steps, 0, declared);
}

PathRelation relate(std::string_view changed, std::string_view requested) {
  const auto continues = [](std::string_view longer, std::string_view shorter) {
    return longer.size() > shorter.size() && longer.compare(0, shorter.size(), shorter) == 0 &&
           (longer[shorter.size()] == '.' || longer[shorter.size()] == '[');
  };
  if (changed == requested) return PathRelation::same;
  if (continues(changed, requested)) return PathRelation::below;
  if (continues(requested, changed)) return PathRelation::above;
  return PathRelation::unrelated;
}

}  // namespace failback::mock
