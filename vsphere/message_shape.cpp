// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/message_shape.h"

#include <array>
#include <charconv>
#include <cstdint>
#include <limits>

#include "wsdl/schema.h"

namespace failback::vsphere {
namespace {

MemberShape methodMember(const Shape& shape, std::string_view name) {
  const vim25::MethodInfo* method = vim25::findMethod(shape.method);
  if (method == nullptr) return {};
  if (!shape.request) {
    if (name != "returnval" || method->result.empty()) return {};
    return {std::string(method->result), method->resultList, true};
  }
  if (name == "_this") return {"ManagedObjectReference", false, true};
  for (const vim25::ParameterInfo& parameter : method->parameters)
    if (parameter.name == name) return {std::string(parameter.type), parameter.list, true};
  return {};
}

constexpr std::array simpleTypes = {
    std::string_view("xsd:string"), std::string_view("xsd:boolean"),     std::string_view("xsd:int"),
    std::string_view("xsd:long"),   std::string_view("xsd:short"),       std::string_view("xsd:byte"),
    std::string_view("xsd:float"),  std::string_view("xsd:double"),      std::string_view("xsd:dateTime"),
    std::string_view("xsd:anyURI"), std::string_view("xsd:base64Binary")};

std::string_view trimmed(std::string_view text) {
  const std::size_t from = text.find_first_not_of(" \t\r\n");
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

template <class Integer>
bool fits(std::string_view text) {
  std::int64_t value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() &&
         value >= std::numeric_limits<Integer>::min() && value <= std::numeric_limits<Integer>::max();
}

bool fitsReal(std::string_view text) {
  if (text == "INF" || text == "-INF" || text == "NaN") return true;
  double value = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size();
}

}  // namespace

MemberShape memberOf(const Shape& shape, std::string_view name) {
  if (shape.type.empty()) return methodMember(shape, name);
  if (const auto array = vim25::arrayElement(shape.type)) {
    if (name != array->element) return {};
    return {std::string(array->type), true, true};
  }
  const vim25::MemberInfo* member = vim25::findMember(shape.type, name);
  if (member == nullptr) return {};
  return {std::string(member->type), member->list, member->bound};
}

std::string_view simpleTypeOf(std::string_view type) {
  const std::string_view bare = type.starts_with("xsd:") ? type.substr(4) : type;
  for (const std::string_view simple : simpleTypes)
    if (simple.substr(4) == bare) return simple;
  const vim25::TypeInfo* info = vim25::findType(type);
  if (info != nullptr && info->kind == vim25::Kind::kEnum) return "xsd:string";
  return vim25::nearestKnown(type) == "xsd:string" ? "xsd:string" : "";
}

bool fitsSimpleType(std::string_view text, std::string_view simpleType) {
  const std::string_view value = trimmed(text);
  if (simpleType == "xsd:boolean") return value == "true" || value == "false" || value == "1" || value == "0";
  if (simpleType == "xsd:int") return fits<std::int32_t>(value);
  if (simpleType == "xsd:long") return fits<std::int64_t>(value);
  if (simpleType == "xsd:short") return fits<std::int16_t>(value);
  if (simpleType == "xsd:byte") return fits<std::int8_t>(value);
  if (simpleType == "xsd:float" || simpleType == "xsd:double") return fitsReal(value);
  return true;
}

std::string stepOf(std::string_view path, std::string_view name, std::size_t index, std::size_t count) {
  std::string result(path);
  if (!result.empty()) result += '/';
  result += name;
  if (count > 1) result += "[" + std::to_string(index) + "]";
  return result;
}

}  // namespace failback::vsphere
