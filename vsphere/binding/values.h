// SPDX-License-Identifier: GPL-2.0-or-later
// Generated values into ours: the small conversions that all decoders share, and the table type that maps a
// property path to the member it feeds. An absent value leaves a member unset; nothing here throws.
#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vim25/soapStub.h"
#include "vsphere/model/moref.h"
#include "vsphere/wire_values.h"

namespace failback::vsphere::binding {

// What became of one property.
enum class Applied {
  done,
  unset,        // no value: the member stays as it is
  unknownPath,  // feeds no member of ours
  malformed,    // the value is not of the type that the property has
};

Moref morefOf(const vim25__ManagedObjectReference* reference);  // empty when null
std::optional<Moref> optionalMoref(const vim25__ManagedObjectReference* reference);
std::vector<Moref> morefsOf(const std::vector<vim25__ManagedObjectReference*>& references);

// The text of a simple value: string, enum, time, URI as they are; numbers and booleans as vSphere writes
// them. Absent for a value that is no simple one.
std::optional<std::string> textOf(const xsd__anyType& value);

// assign() puts a value into a member and says whether its type fits.
bool assign(std::string& member, const xsd__anyType& value);
bool assign(std::optional<std::string>& member, const xsd__anyType& value);
bool assign(std::optional<bool>& member, const xsd__anyType& value);
bool assign(std::optional<std::int32_t>& member, const xsd__anyType& value);
bool assign(std::optional<std::int64_t>& member, const xsd__anyType& value);
bool assign(std::optional<Moref>& member, const xsd__anyType& value);
bool assign(std::vector<Moref>& member, const xsd__anyType& value);
bool assign(std::vector<std::string>& member, const xsd__anyType& value);
bool assignName(std::string& member, const xsd__anyType& value);

// One row of a decoder: the path and what takes its value.
template <class Object>
struct Setter {
  std::string_view path;
  bool (*set)(Object& object, const xsd__anyType& value);
};

template <auto Member, class Object>
bool set(Object& object, const xsd__anyType& value) {
  return assign(object.*Member, value);
}

template <auto Member, std::int64_t Unit, class Object>
bool setScaled(Object& object, const xsd__anyType& value) {
  std::optional<std::int64_t> count;
  if (!assign(count, value)) return false;
  object.*Member = scaled(count, Unit);
  return true;
}

template <class Object>
bool setName(Object& object, const xsd__anyType& value) {
  return assignName(object.name, value);
}

// Setters by path; immutable.
template <class Object>
class SetterTable {
 public:
  SetterTable(std::initializer_list<Setter<Object>> rows) : rows_(rows) {
    std::ranges::sort(rows_, {}, &Setter<Object>::path);
  }

  const Setter<Object>* find(std::string_view path) const {
    const auto found = std::ranges::lower_bound(rows_, path, {}, &Setter<Object>::path);
    return found != rows_.end() && found->path == path ? &*found : nullptr;
  }
  Applied apply(Object& object, std::string_view path, const xsd__anyType* value) const {
    const Setter<Object>* setter = find(path);
    if (setter == nullptr) return Applied::unknownPath;
    if (value == nullptr) return Applied::unset;
    return setter->set(object, *value) ? Applied::done : Applied::malformed;
  }
  const std::vector<Setter<Object>>& rows() const { return rows_; }

 private:
  std::vector<Setter<Object>> rows_;
};

// The elements of a list value ("ArrayOfGuestNicInfo"), each given to `convert`; false when it is another
// type.
template <class Array, auto Elements, class Result, class Convert>
bool assignList(std::vector<Result>& member, const xsd__anyType& value, Convert convert) {
  const auto* array = dynamic_cast<const Array*>(&value);
  if (array == nullptr) return false;
  member.clear();
  member.reserve((array->*Elements).size());
  for (const auto* element : array->*Elements)
    if (element != nullptr) member.push_back(convert(*element));
  return true;
}

}  // namespace failback::vsphere::binding
