// SPDX-License-Identifier: GPL-2.0-or-later
// null, true, "text", 7 (of 32 bits) are themselves; the rest says what it is in its first element:
// ["l", 7], ["d", 0.5], ["t", kind, type, text], ["r", type, id], ["[]", type of elements, ...],
// ["{}", type, {members}].
#include "mocks/state_value.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

namespace failback::mock {

namespace {

[[noreturn]] void wrong(const std::string& place, std::string_view what) {
  throw JsonError(place, fmt::format("no value of a saved state: {}", what));
}

std::string textAt(const Json& json, std::size_t index, const std::string& place) {
  if (index >= json.size() || !json[index].is_string()) wrong(place, "a text is missing");
  return json[index].get<std::string>();
}

Value decodedTypedText(const Json& json, const std::string& place) {
  constexpr std::size_t size = 4;
  if (json.size() != size || !json[1].is_number_integer()) wrong(place, "a text of a type has three parts");
  Text text{textAt(json, 3, place), TypeKind::string, nullptr};
  const int kind = json[1].get<int>();
  if (kind < 0 || kind > static_cast<int>(TypeKind::data)) wrong(place, "a kind of text that nobody knows");
  text.kind = static_cast<TypeKind>(kind);
  const std::string type = textAt(json, 2, place);
  if (!type.empty()) text.type = TypeModel::get().find(type);
  if (!type.empty() && !text.type) wrong(place, fmt::format("the schema has no type '{}'", type));
  return Value::text(std::move(text));
}

Value decodedList(const Json& json, const std::string& place) {
  std::vector<Value> items;
  items.reserve(json.size());
  for (std::size_t i = 2; i < json.size(); ++i) items.push_back(decoded(json[i], place));
  return list(std::move(items), textAt(json, 1, place));
}

Value decodedObject(const Json& json, const std::string& place) {
  const std::string name = textAt(json, 1, place);
  const TypeInfo* type = TypeModel::get().find(name);
  if (!type || type->enumeration) wrong(place, fmt::format("the schema has no type '{}'", name));
  if (json.size() != 3 || !json[2].is_object()) wrong(place, "an object's members are missing");
  DataObject made(*type, json[2].size());
  for (const auto& [member, value] : json[2].items()) {
    if (!type->find(member)) wrong(place, fmt::format("a {} has no member '{}'", name, member));
    made.set(member, decoded(value, place + "/" + member));
  }
  return made;
}

Json encodedObject(const DataObject& object) {
  Json members = Json::object();
  for (const DataObject::Member& member : object.members())
    members[std::string(object.type().members[member.index].name)] = encoded(member.value);
  return Json::array({"{}", object.type().name, std::move(members)});
}

}  // namespace

Json encoded(const Value& value) {
  if (const bool* flag = value.asBool()) return *flag;
  if (const double* real = value.asDouble()) return Json::array({"d", *real});
  if (const auto number = value.asInteger())
    return value.isLong() ? Json::array({"l", *number}) : Json(*number);
  if (const Text* text = value.asText()) {
    if (text->kind == TypeKind::string && !text->type) return text->text;
    return Json::array(
        {"t", static_cast<int>(text->kind), text->type ? text->type->name : std::string_view(), text->text});
  }
  if (const MoRef* ref = value.asRef()) return encoded(*ref);
  if (const List* items = value.asList()) {
    Json array = Json::array({"[]", items->elementType});
    for (const Value& each : items->items) array.push_back(encoded(each));
    return array;
  }
  return value.asObject() ? encodedObject(*value.asObject()) : Json();
}

Value decoded(const Json& json, const std::string& place) {
  if (json.is_null()) return {};
  if (json.is_boolean()) return json.get<bool>();
  if (json.is_string()) return json.get<std::string>();
  if (json.is_number_integer()) {
    const auto number = json.get<std::int64_t>();
    if (number < std::numeric_limits<std::int32_t>::min() ||
        number > std::numeric_limits<std::int32_t>::max())
      wrong(place, "a number of more than 32 bits");
    return static_cast<std::int32_t>(number);
  }
  if (!json.is_array() || json.empty()) wrong(place, "neither a scalar nor a list that says what it is");
  const std::string kind = textAt(json, 0, place);
  if (kind == "r") return decodedRef(json, place);
  if (kind == "t") return decodedTypedText(json, place);
  if (kind == "[]") return decodedList(json, place);
  if (kind == "{}") return decodedObject(json, place);
  if (kind == "l" && json.size() == 2 && json[1].is_number_integer()) return json[1].get<std::int64_t>();
  if (kind == "d" && json.size() == 2 && json[1].is_number()) return json[1].get<double>();
  wrong(place, fmt::format("'{}' is none of r, t, l, d, [] and {{}}", kind));
}

std::string stateText(JsonReader& in, const std::string& member) {
  const Json& json = in.need(member);
  if (!json.is_string()) wrong(in.place(member), "a text is expected here");
  return json.get<std::string>();
}

Json encodedText(const std::string& bytes) {
  std::string digits;
  digits.reserve(2 * bytes.size());
  for (const char each : bytes) digits += fmt::format("{:02x}", static_cast<unsigned char>(each));
  return digits;
}

std::string decodedText(const Json& json, const std::string& place) {
  constexpr unsigned base = 16;
  const std::string digits = json.is_string() ? json.get<std::string>() : "?";
  std::string bytes;
  bytes.reserve(digits.size() / 2);
  for (std::size_t i = 0; i + 1 < digits.size(); i += 2) {
    unsigned byte = 0;
    const char* const end = digits.data() + i + 2;
    if (std::from_chars(digits.data() + i, end, byte, base).ptr != end) wrong(place, "no hexadecimal digits");
    bytes += static_cast<char>(byte);
  }
  if (digits.size() % 2 != 0) wrong(place, "no hexadecimal digits");
  return bytes;
}

Json encoded(const MoRef& ref) {
  return Json::array({"r", ref.type, ref.id});
}

MoRef decodedRef(const Json& json, const std::string& place) {
  constexpr std::size_t size = 3;
  if (!json.is_array() || json.size() != size || textAt(json, 0, place) != "r")
    wrong(place, "a reference is missing");
  MoRef ref{textAt(json, 1, place), textAt(json, 2, place)};
  const TypeInfo* type = TypeModel::get().find(ref.type);
  if (!type || !type->managed) wrong(place, fmt::format("'{}' is no managed type", ref.type));
  return ref;
}

}  // namespace failback::mock
