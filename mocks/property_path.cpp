// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/property_path.h"

#include <fmt/format.h>

#include <memory>
#include <unordered_map>

#include "mocks/packed.h"

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

// Whether elementKey(element) is the key, without making a text of it. `keyIndex` is the place of the member
// "key" in the type of the element before, which is mostly that of all.
bool hasKey(const Value& element, std::string_view key, const TypeInfo*& type,
            const std::uint16_t*& keyIndex) {
  if (const MoRef* ref = element.asRef()) return ref->id == key;
  const DataObject* object = element.asObject();
  if (!object) return false;
  if (&object->type() != type) {
    type = &object->type();
    const auto found = type->index.find("key");
    keyIndex = found == type->index.end() ? nullptr : &found->second;
  }
  if (!keyIndex) return false;
  const Value& own = object->get(*keyIndex);
  if (const Text* text = own.asText()) return text->text == key;
  if (const MoRef* ref = own.asRef()) return ref->id == key;
  const auto number = own.asInteger();
  return number && std::to_string(*number) == key;
}

const Value* findByKey(const List& list, std::string_view key) {
  const TypeInfo* type = nullptr;
  const std::uint16_t* keyIndex = nullptr;
  for (const Value& element : list.items) {
    if (hasKey(element, key, type, keyIndex)) return &element;
  }
  return nullptr;
}

using Steps = std::vector<PathStep>;

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

// A filter reads the same few paths from thousands of objects. Null when the path is not well formed.
std::shared_ptr<const Steps> parsedOnce(std::string_view path) {
  constexpr std::size_t most = 1024;
  thread_local std::unordered_map<std::string, std::shared_ptr<const Steps>, Hash, std::equal_to<>> known;
  const auto found = known.find(path);
  if (found != known.end()) return found->second;
  auto steps = parsePath(path);
  if (!steps) return nullptr;
  auto kept = std::make_shared<const Steps>(std::move(*steps));
  if (known.size() >= most) known.clear();
  known.emplace(std::string(path), kept);
  return kept;
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

namespace {

PathResult evaluate(const DataObject& object, const Steps& steps, std::size_t first);

PathResult settled(PathResult result) {
  result.status = result.value.isSet() ? PathStatus::found : PathStatus::unset;
  return result;
}

// What a step with a key names in the list, and what the steps behind it find there.
PathResult evaluateElement(const Value& list, const Steps& steps, std::size_t at, const MemberInfo& member) {
  PathResult result;
  result.declared = member;
  result.declared.isList = false;
  const Value* element = list.asList() ? findByKey(*list.asList(), *steps[at].key) : nullptr;
  if (element) result.value = *element;
  if (at + 1 == steps.size()) return settled(std::move(result));
  if (const DataObject* object = result.value.asObject()) return evaluate(*object, steps, at + 1);
  if (result.value.isSet()) return {};
  const TypeInfo* next = member.kind == TypeKind::data ? member.type : nullptr;
  return schemaHas(next, steps, at + 1, result.declared) ? settled(std::move(result)) : PathResult{};
}

// The same for an object of a packed tree, of which nothing but what the path leads to is made.
PathResult evaluatePacked(const PackedPart& object, const Steps& steps, std::size_t first) {
  PathResult result;
  const Shape* shape = object.shape;
  std::uint32_t slot = object.slot;
  for (std::size_t i = first; i < steps.size(); ++i) {
    const auto index = shape->type->index.find(steps[i].name);
    if (index == shape->type->index.end()) return {};
    const MemberInfo& member = shape->type->members[index->second];
    result.declared = member;
    const Shape::Part* part = shape->find(index->second);
    const bool last = i + 1 == steps.size();
    if (steps[i].key) {
      if (!member.isList) return {};
      const Value list = part ? PackedPart{part->shape, object.leaves, slot + part->slot}.value() : Value();
      return evaluateElement(list, steps, i, member);
    }
    if (member.isList && !last) return {};
    if (!part) {
      if (last && member.isList) result.value = List{};  // a list is never unset, only empty
      const TypeInfo* next = member.kind == TypeKind::data ? member.type : nullptr;
      if (!last && !schemaHas(next, steps, i + 1, result.declared)) return {};
      return settled(std::move(result));
    }
    slot += part->slot;
    if (last || part->shape->kind != Shape::Kind::object) {
      result.value = PackedPart{part->shape, object.leaves, slot}.value();
      if (last) return settled(std::move(result));
      const Value whole = std::move(result.value);
      return whole.asObject() ? evaluate(*whole.asObject(), steps, i + 1) : PathResult{};
    }
    shape = part->shape;
  }
  return {};
}

PathResult evaluate(const DataObject& object, const Steps& steps, std::size_t first) {
  PathResult result;
  const DataObject* current = &object;
  for (std::size_t i = first; i < steps.size(); ++i) {
    if (current->packed() && !current->membersMade()) return evaluatePacked(*current->packed(), steps, i);
    const PathStep& step = steps[i];
    const MemberInfo* member = current->type().find(step.name);
    if (!member) return {};
    result.declared = *member;
    Value below = current->get(step.name);
    if (step.key) return member->isList ? evaluateElement(below, steps, i, *member) : PathResult{};
    if (member->isList && i + 1 < steps.size()) return {};
    // What was found so far is held until the next is.
    result.value = std::move(below);
    if (i + 1 == steps.size()) {
      // A list is never unset, only empty.
      if (member->isList && !result.value.isSet()) result.value = List{};
      break;
    }
    if (result.value.isSet() && !result.value.asObject()) return {};
    if (!result.value.isSet()) {
      const TypeInfo* next = member->kind == TypeKind::data ? member->type : nullptr;
      if (!schemaHas(next, steps, i + 1, result.declared)) return {};
      break;
    }
    current = result.value.asObject();
  }
  return settled(std::move(result));
}

}  // namespace

PathResult evaluatePath(const DataObject& object, std::string_view path) {
  const std::shared_ptr<const Steps> steps = parsedOnce(path);
  return steps ? evaluate(object, *steps, 0) : PathResult{};
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
