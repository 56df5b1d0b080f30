// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/stream/simple_value.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>

#include "wsdl/schema.h"

namespace failback::vsphere::stream {
namespace {

// As gSOAP's soap_coblank.
bool isBlank(char c) {
  return c >= 0 && c <= ' ';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && isBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && isBlank(text.back())) text.remove_suffix(1);
  return text;
}

std::pair<std::int64_t, std::int64_t> rangeOf(Simple type) {
  switch (type) {
    case Simple::int8:
      return {std::numeric_limits<std::int8_t>::min(), std::numeric_limits<std::int8_t>::max()};
    case Simple::int16:
      return {std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int16_t>::max()};
    case Simple::int32:
      return {std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()};
    default:
      return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
  }
}

bool equalIgnoringCase(std::string_view text, std::string_view lower) {
  return std::ranges::equal(text, lower, [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

}  // namespace

Simple simpleOf(std::string_view wireType) {
  static constexpr std::pair<std::string_view, Simple> known[] = {
      {"string", Simple::text}, {"int", Simple::int32},     {"boolean", Simple::boolean},
      {"long", Simple::int64},  {"dateTime", Simple::text}, {"ManagedObjectReference", Simple::reference},
      {"anyURI", Simple::text}, {"short", Simple::int16},   {"byte", Simple::int8},
  };
  for (const auto& [name, type] : known)
    if (name == wireType) return type;
  return vim25::nearestKnown(wireType) == "xsd:string" ? Simple::text : Simple::none;
}

std::optional<std::int64_t> integerOf(std::string_view text, Simple type) {
  text = trimmed(text);
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t value = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  const auto [least, most] = rangeOf(type);
  if (error != std::errc{} || stop != end || value < least || value > most) return std::nullopt;
  return value;
}

std::optional<bool> booleanOf(std::string_view text) {
  text = trimmed(text);
  if (equalIgnoringCase(text, "true")) return true;
  if (equalIgnoringCase(text, "false")) return false;
  const auto number = integerOf(text, Simple::int64);
  if (!number || *number < 0 || *number > 1) return std::nullopt;
  return *number == 1;
}

std::optional<std::string> textOf(std::string_view text, Simple type) {
  switch (type) {
    case Simple::text:
      return std::string(text);
    case Simple::boolean: {
      const auto value = booleanOf(text);
      if (!value) return std::nullopt;
      return *value ? "true" : "false";
    }
    case Simple::int8:
    case Simple::int16:
    case Simple::int32:
    case Simple::int64: {
      const auto value = integerOf(text, type);
      if (!value) return std::nullopt;
      return std::to_string(*value);
    }
    case Simple::reference:
    case Simple::none:
      break;
  }
  return std::nullopt;
}

}  // namespace failback::vsphere::stream
