// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/property_path.h"

#include <fmt/format.h>

#include <bit>
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

// The same of a packed object.
bool hasKey(const PackedPlace& place, std::string_view key) {
  if (place.shape->kind == Shape::Kind::ref) return place.kept().asRef()->id == key;
  if (place.shape->key < 0) return false;
  const Shape::Part& own = place.shape->parts[static_cast<std::size_t>(place.shape->key)];
  const PackedPlace at{own.shape, place.leaves, place.slot + own.slot};
  switch (own.shape->kind) {
    case Shape::Kind::text:
      return at.leaves->textAt(at.slot) == key;
    case Shape::Kind::keptText:
      return at.kept().string() == key;
    case Shape::Kind::ref:
      return at.kept().asRef()->id == key;
    case Shape::Kind::int32:
      return std::to_string(std::bit_cast<std::int32_t>(at.raw())) == key;
    default:
      return false;
  }
}

// Where a packed list has the element with the key; nothing when it has none. Only keys are looked at.
std::optional<Shape::Part> findPackedByKey(const PackedPart& list, std::string_view key) {
  const PackedStore& store = *list.leaves->store;
  const std::uint32_t number = store.keyNumber(key);
  for (std::uint32_t i = 0; i < list.shape->count; ++i) {
    const Shape::Part part = list.shape->element(i);
    const PackedPlace place{part.shape, list.leaves.get(), list.slot + part.slot};
    const bool found = part.shape->kind == Shape::Kind::kept
                           ? number != 0 && store.keyOf(place.raw()) == number
                           : hasKey(place, key);
    if (found) return part;
  }
  return std::nullopt;
}

// A step, and where the type that was met last has its member: filters read the same few paths from thousands
// of objects of one type.
struct Step : PathStep {
  mutable const TypeInfo* type = nullptr;
  mutable std::uint16_t index = 0;

  // The place of the member in the type's; nothing when it has none of the name.
  std::optional<std::uint16_t> in(const TypeInfo& met) const {
    if (type == &met) return index;
    const auto found = met.index.find(name);
    if (found == met.index.end()) return std::nullopt;
    type = &met;
    index = found->second;
    return index;
  }
};

using Steps = std::vector<Step>;

struct Hash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
};

// Null when the path is not well formed. What is remembered of it belongs to the thread.
std::shared_ptr<const Steps> parsedOnce(std::string_view path) {
  constexpr std::size_t most = 1024;
  thread_local std::unordered_map<std::string, std::shared_ptr<const Steps>, Hash, std::equal_to<>> known;
  const auto found = known.find(path);
  if (found != known.end()) return found->second;
  auto steps = parsePath(path);
  if (!steps) return nullptr;
  Steps all;
  all.reserve(steps->size());
  for (PathStep& each : *steps) all.push_back({std::move(each)});
  auto kept = std::make_shared<const Steps>(std::move(all));
  if (known.size() >= most) known.clear();
  known.emplace(std::string(path), kept);
  return kept;
}

// Walks the schema alone, for paths whose value is unset on the way.
template <typename Steps>
bool schemaHas(const TypeInfo* type, const Steps& steps, std::size_t from, MemberInfo& declared) {
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

// What the steps behind a key find in the element that it names, which is not set when there is none.
PathResult evaluateElement(Value element, const Steps& steps, std::size_t at, const MemberInfo& member) {
  PathResult result;
  result.declared = member;
  result.declared.isList = false;
  result.value = std::move(element);
  if (at + 1 == steps.size()) return settled(std::move(result));
  if (const DataObject* object = result.value.asObject()) return evaluate(*object, steps, at + 1);
  if (result.value.isSet()) return {};
  const TypeInfo* next = member.kind == TypeKind::data ? member.type : nullptr;
  return schemaHas(next, steps, at + 1, result.declared) ? settled(std::move(result)) : PathResult{};
}

Value packedElement(const PackedPart& list, std::string_view key) {
  if (list.shape->kind == Shape::Kind::list) {
    const auto found = findPackedByKey(list, key);
    return found ? PackedPart{found->shape, list.leaves, list.slot + found->slot}.value() : Value();
  }
  const Value whole = list.value();  // one that many objects share
  const Value* element = whole.asList() ? findByKey(*whole.asList(), key) : nullptr;
  return element ? *element : Value();
}

// How far shapes alone lead: to the last step, to one with a key, to a part that is no object, or to one that
// is not set.
struct Reached {
  const MemberInfo* member = nullptr;  // null: there is no such property
  const Shape* shape = nullptr;        // null: not set
  std::uint32_t slot = 0;              // counted from the object's first
  std::size_t step = 0;
};

Reached follow(const Shape& object, const Steps& steps, std::size_t first) {
  const Shape* shape = &object;
  std::uint32_t slot = 0;
  for (std::size_t i = first; i < steps.size(); ++i) {
    const auto index = steps[i].in(*shape->type);
    if (!index) return {};
    const MemberInfo& member = shape->type->members[*index];
    const bool last = i + 1 == steps.size();
    if (steps[i].key ? !member.isList : member.isList && !last) return {};
    const Shape::Part* part = shape->find(*index);
    if (!part) return {&member, nullptr, 0, i};
    slot += part->slot;
    if (last || steps[i].key || part->shape->kind != Shape::Kind::object)
      return {&member, part->shape, slot, i};
    shape = part->shape;
  }
  return {};
}

// The same for an object of a packed tree, of which nothing but what the path leads to is made.
PathResult evaluatePacked(const PackedPart& object, const Steps& steps, std::size_t first) {
  const Reached reached = follow(*object.shape, steps, first);
  if (!reached.member) return {};
  const MemberInfo& member = *reached.member;
  const PackedPart part{reached.shape, object.leaves, object.slot + reached.slot};
  if (const auto& key = steps[reached.step].key) {
    Value element;
    if (part.shape) element = packedElement(part, *key);
    return evaluateElement(std::move(element), steps, reached.step, member);
  }
  const bool last = reached.step + 1 == steps.size();
  PathResult result;
  result.declared = member;
  if (!part.shape) {
    if (last && member.isList) result.value = List{};  // a list is never unset, only empty
    const TypeInfo* next = member.kind == TypeKind::data ? member.type : nullptr;
    if (!last && !schemaHas(next, steps, reached.step + 1, result.declared)) return {};
    return settled(std::move(result));
  }
  result.value = part.value();
  if (last) return settled(std::move(result));
  const Value whole = std::move(result.value);
  return whole.asObject() ? evaluate(*whole.asObject(), steps, reached.step + 1) : PathResult{};
}

PathResult evaluate(const DataObject& object, const Steps& steps, std::size_t first) {
  PathResult result;
  const DataObject* current = &object;
  for (std::size_t i = first; i < steps.size(); ++i) {
    if (current->packed() && !current->membersMade()) return evaluatePacked(*current->packed(), steps, i);
    const auto index = steps[i].in(current->type());
    if (!index) return {};
    const MemberInfo* member = &current->type().members[*index];
    result.declared = *member;
    Value below = current->get(*index);
    if (steps[i].key) {
      if (!member->isList) return {};
      const Value* element = below.asList() ? findByKey(*below.asList(), *steps[i].key) : nullptr;
      return evaluateElement(element ? *element : Value(), steps, i, *member);
    }
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

PathResult evaluatePath(const PackedPart& object, std::string_view path) {
  const std::shared_ptr<const Steps> steps = parsedOnce(path);
  return steps ? evaluatePacked(object, *steps, 0) : PathResult{};
}

ShapePlace locatePath(const Shape& object, std::string_view path) {
  using Kind = ShapePlace::Kind;
  const std::shared_ptr<const Steps> steps = parsedOnce(path);
  const Reached reached = steps ? follow(object, *steps, 0) : Reached{};
  if (!reached.member) return {};
  if ((*steps)[reached.step].key) return {Kind::byObject, {}, nullptr, 0};
  const bool last = reached.step + 1 == steps->size();
  if (!reached.shape)
    return last && reached.member->isList ? ShapePlace{Kind::emptyList, *reached.member, nullptr, 0}
                                          : ShapePlace{};
  if (!last) return {Kind::byObject, {}, nullptr, 0};
  return {Kind::part, *reached.member, reached.shape, reached.slot};
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
