// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/json_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "wsdl/schema.h"

namespace failback::mock {

namespace {

constexpr const char* typeMember = "xsi:type";

std::string kindOf(const Json& json) {
  if (json.is_null()) return "null";
  if (json.is_boolean()) return "a boolean";
  if (json.is_number()) return "a number";
  if (json.is_string()) return "a text";
  return json.is_array() ? "a list" : "an object";
}

[[noreturn]] void wrongKind(const std::string& place, std::string_view wanted, const Json& got) {
  throw JsonError(place, fmt::format("{} is expected here, not {}", wanted, kindOf(got)));
}

Value whole(const Json& json, const MemberInfo& declared, const std::string& place) {
  if (!json.is_number_integer()) wrongKind(place, "a whole number", json);
  const bool tooLarge =
      json.is_number_unsigned() &&
      json.get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const std::int64_t number = tooLarge ? 0 : json.get<std::int64_t>();
  const std::int64_t limit = declared.kind == TypeKind::byte    ? 0x7F
                             : declared.kind == TypeKind::int16 ? 0x7FFF
                             : declared.kind == TypeKind::int32 ? 0x7FFFFFFF
                                                                : std::numeric_limits<std::int64_t>::max();
  if (tooLarge || number > limit || number < -limit - 1)
    throw JsonError(place, fmt::format("this is too large for {}", declared.typeName));
  if (declared.kind == TypeKind::int64) return number;
  return static_cast<std::int32_t>(number);
}

Value text(const Json& json, const MemberInfo& declared, const std::string& place) {
  if (!json.is_string()) wrongKind(place, "a text", json);
  std::string content = json.get<std::string>();
  if (declared.kind == TypeKind::enumeration && declared.type) {
    const auto& literals = declared.type->literals;
    if (std::find(literals.begin(), literals.end(), content) == literals.end()) {
      throw JsonError(place, fmt::format("'{}' is no {}; it is one of {}", content, declared.typeName,
                                         fmt::join(literals, ", ")));
    }
  }
  return Value::text({std::move(content), declared.kind, declared.type});
}

Value reference(const Json& json, const std::string& place, const RefResolver& resolve) {
  if (!json.is_string()) wrongKind(place, "a reference such as \"VirtualMachine:vm-42\"", json);
  const auto found = resolve(json.get<std::string>());
  if (!found) {
    throw JsonError(place,
                    fmt::format("'{}' is no object; write a reference such as \"VirtualMachine:vm-42\"",
                                json.get<std::string>()));
  }
  return *found;
}

// {"xsi:type": "xsd:long", "value": 1}, {"xsi:type": "ArrayOfString", "value": [...]}.
Value explicitlyTyped(const Json& json, const std::string& place, const RefResolver& resolve) {
  const auto name = json.find(typeMember);
  if (name == json.end() || !name->is_string())
    throw JsonError(place, "an object needs the member \"xsi:type\" here");
  const std::string type = name->get<std::string>();
  const auto array = vim25::arrayElement(type);
  const MemberInfo declared =
      array ? TypeModel::get().declared(array->type, true) : TypeModel::get().declared(type);
  if (declared.kind == TypeKind::data && !array) {
    if (!declared.type) throw JsonError(place, fmt::format("the schema has no type '{}'", type));
    return objectFromJson(json, type, place, resolve);
  }
  const auto value = json.find("value");
  if (value == json.end() || json.size() != 2)
    throw JsonError(place,
                    fmt::format("a {} is written {{\"xsi:type\": \"{}\", \"value\": ...}}", type, type));
  return valueFromJson(*value, declared, place + "/value", resolve);
}

Value anything(const Json& json, const std::string& place, const RefResolver& resolve) {
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number_integer()) {
    const std::int64_t number = json.get<std::int64_t>();
    const bool isShort = number >= std::numeric_limits<std::int32_t>::min() &&
                         number <= std::numeric_limits<std::int32_t>::max();
    if (isShort) return static_cast<std::int32_t>(number);
    return number;
  }
  if (json.is_number()) return json.get<double>();
  if (json.is_object()) return explicitlyTyped(json, place, resolve);
  wrongKind(place, "one value, or an object with \"xsi:type\",", json);
}

Value single(const Json& json, const MemberInfo& declared, const std::string& place,
             const RefResolver& resolve) {
  switch (declared.kind) {
    case TypeKind::boolean:
      if (!json.is_boolean()) wrongKind(place, "true or false", json);
      return json.get<bool>();
    case TypeKind::byte:
    case TypeKind::int16:
    case TypeKind::int32:
    case TypeKind::int64:
      return whole(json, declared, place);
    case TypeKind::float32:
    case TypeKind::float64:
      if (!json.is_number()) wrongKind(place, "a number", json);
      return json.get<double>();
    case TypeKind::reference:
      return reference(json, place, resolve);
    case TypeKind::any:
      return anything(json, place, resolve);
    case TypeKind::data:
      return objectFromJson(json, declared.typeName, place, resolve);
    default:
      return text(json, declared, place);
  }
}

const TypeInfo& typeFor(const Json& json, std::string_view typeName, const std::string& place) {
  std::string name(typeName);
  const auto said = json.find(typeMember);
  if (said != json.end()) {
    if (!said->is_string()) wrongKind(place + "/" + typeMember, "the name of a type", *said);
    name = said->get<std::string>();
  }
  const TypeInfo* type = TypeModel::get().find(name);
  if (!type || type->managed || type->enumeration)
    throw JsonError(place, fmt::format("the schema has no data type '{}'", name));
  if (!type->isA(typeName)) throw JsonError(place, fmt::format("a {} is no {}", name, typeName));
  return *type;
}

Json scalarJson(const Value& value) {
  if (const bool* flag = value.asBool()) return *flag;
  if (const auto number = value.asInteger()) return *number;
  if (const double* real = value.asDouble()) return *real;
  if (const MoRef* ref = value.asRef()) return ref->type + ":" + ref->id;
  if (value.asText()) return std::string(value.string());
  return nullptr;
}

}  // namespace

Json parseJson(std::string_view text) {
  const auto shallow = [](int depth, Json::parse_event_t, const Json&) {
    // Reading it takes stack.
    constexpr int deepest = 100;
    if (depth > deepest) throw JsonError("", "this is nested too deeply");
    return true;
  };
  try {
    return Json::parse(text, shallow);
  } catch (const Json::parse_error& problem) {
    const std::string_view before = text.substr(0, std::min(problem.byte, text.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto start = before.rfind('\n');
    const std::size_t column = start == std::string_view::npos ? before.size() : before.size() - start - 1;
    const std::string_view what(problem.what());
    const auto words = what.rfind(": ");
    throw JsonError(
        fmt::format("line {}, column {}", line, column),
        fmt::format("this is no JSON: {}", words == std::string_view::npos ? what : what.substr(words + 2)));
  }
}

std::optional<MoRef> typedRef(const std::string& text) {
  const auto colon = text.find(':');
  if (colon == std::string::npos || colon + 1 == text.size()) return std::nullopt;
  MoRef ref{text.substr(0, colon), text.substr(colon + 1)};
  const TypeInfo* type = TypeModel::get().find(ref.type);
  if (!type || !type->managed) return std::nullopt;
  return ref;
}

Value objectFromJson(const Json& json, std::string_view typeName, const std::string& place,
                     const RefResolver& resolve) {
  if (!json.is_object()) wrongKind(place, fmt::format("an object, a {},", typeName), json);
  const TypeInfo& type = typeFor(json, typeName, place);
  DataObject made(type, json.size());
  for (const auto& [name, value] : json.items()) {
    if (name == typeMember) continue;
    const MemberInfo* member = type.find(name);
    if (!member) {
      std::vector<std::string_view> known;
      known.reserve(type.members.size());
      for (const MemberInfo& each : type.members) known.push_back(each.name);
      throw JsonError(place, fmt::format("a {} has no member '{}'; it has {}", type.name, name,
                                         known.empty() ? "none" : fmt::format("{}", fmt::join(known, ", "))));
    }
    made.set(name, valueFromJson(value, *member, place + "/" + name, resolve));
  }
  for (const MemberInfo& member : type.members) {
    if (!member.optional && !made.get(member.name).isSet())
      throw JsonError(place, fmt::format("a {} must have the member '{}'", type.name, member.name));
  }
  return made;
}

Value valueFromJson(const Json& json, const MemberInfo& declared, const std::string& place,
                    const RefResolver& resolve) {
  if (!declared.isList) return single(json, declared, place, resolve);
  if (!json.is_array()) wrongKind(place, "a list", json);
  std::vector<Value> items;
  items.reserve(json.size());
  MemberInfo element = declared;
  element.isList = false;
  for (std::size_t i = 0; i < json.size(); ++i)
    items.push_back(single(json[i], element, fmt::format("{}/{}", place, i), resolve));
  return list(std::move(items), declared.typeName);
}

Json jsonOf(const Value& value, bool typed) {
  if (const List* items = value.asList()) {
    Json array = Json::array();
    for (const Value& each : items->items) array.push_back(jsonOf(each, typed));
    return array;
  }
  const DataObject* object = value.asObject();
  if (!object) return scalarJson(value);
  Json made = Json::object();
  if (typed) made[typeMember] = object->type().name;
  for (const DataObject::Member& member : object->members()) {
    const MemberInfo& declared = object->type().members[member.index];
    const DataObject* inner = member.value.asObject();
    const bool asDeclared = inner && declared.type == &inner->type();
    made[std::string(declared.name)] = jsonOf(member.value, !asDeclared);
  }
  return made;
}

}  // namespace failback::mock
