// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/values.h"

#include <limits>

namespace failback::vsphere::binding {
namespace {

template <class Wrapper>
const Wrapper* as(const xsd__anyType& value) {
  return dynamic_cast<const Wrapper*>(&value);
}

std::optional<std::int64_t> integerOf(const xsd__anyType& value) {
  if (const auto* number = as<xsd__int_>(value)) return number->__item;
  if (const auto* number = as<xsd__long_>(value)) return number->__item;
  if (const auto* number = as<xsd__short_>(value)) return number->__item;
  if (const auto* number = as<xsd__byte__>(value)) return number->__item;
  return std::nullopt;
}

}  // namespace

Moref morefOf(const vim25__ManagedObjectReference* reference) {
  if (reference == nullptr) return {};
  return {reference->type.value_or(""), reference->__item, reference->serverGuid.value_or("")};
}

std::optional<Moref> optionalMoref(const vim25__ManagedObjectReference* reference) {
  if (reference == nullptr || reference->__item.empty()) return std::nullopt;
  return morefOf(reference);
}

std::vector<Moref> morefsOf(const std::vector<vim25__ManagedObjectReference*>& references) {
  std::vector<Moref> result;
  result.reserve(references.size());
  for (const auto* reference : references)
    if (auto moref = optionalMoref(reference)) result.push_back(std::move(*moref));
  return result;
}

std::optional<std::string> textOf(const xsd__anyType& value) {
  if (const auto* text = as<xsd__string_>(value)) return text->__item;
  if (const auto* time = as<xsd__dateTime_>(value)) return time->__item;
  if (const auto* uri = as<xsd__anyURI__>(value)) return uri->__item;
  if (const auto* flag = as<xsd__boolean_>(value)) return flag->__item ? "true" : "false";
  if (const auto number = integerOf(value)) return std::to_string(*number);
  return std::nullopt;
}

bool assign(std::string& member, const xsd__anyType& value) {
  auto text = textOf(value);
  if (!text) return false;
  member = std::move(*text);
  return true;
}

bool assign(std::optional<std::string>& member, const xsd__anyType& value) {
  auto text = textOf(value);
  if (!text) return false;
  member = std::move(text);
  return true;
}

bool assign(std::optional<bool>& member, const xsd__anyType& value) {
  const auto* flag = as<xsd__boolean_>(value);
  if (flag == nullptr) return false;
  member = flag->__item;
  return true;
}

bool assign(std::optional<std::int32_t>& member, const xsd__anyType& value) {
  const auto number = integerOf(value);
  if (!number || *number < std::numeric_limits<std::int32_t>::min() ||
      *number > std::numeric_limits<std::int32_t>::max()) {
    return false;
  }
  member = static_cast<std::int32_t>(*number);
  return true;
}

bool assign(std::optional<std::int64_t>& member, const xsd__anyType& value) {
  const auto number = integerOf(value);
  if (!number) return false;
  member = number;
  return true;
}

bool assign(std::optional<Moref>& member, const xsd__anyType& value) {
  const auto* reference = as<vim25__ManagedObjectReference>(value);
  if (reference == nullptr) return false;
  member = optionalMoref(reference);
  return true;
}

bool assign(std::vector<Moref>& member, const xsd__anyType& value) {
  const auto* array = as<vim25__ArrayOfManagedObjectReference>(value);
  if (array == nullptr) return false;
  member = morefsOf(array->ManagedObjectReference);
  return true;
}

bool assign(std::vector<std::string>& member, const xsd__anyType& value) {
  const auto* array = as<vim25__ArrayOfString>(value);
  if (array == nullptr) return false;
  member = array->string;
  return true;
}

bool assignName(std::string& member, const xsd__anyType& value) {
  const auto text = textOf(value);
  if (!text) return false;
  member = unescapeName(*text);
  return true;
}

}  // namespace failback::vsphere::binding
