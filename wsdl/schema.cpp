// SPDX-License-Identifier: GPL-2.0-or-later
#include "wsdl/schema.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "wsdl/schema_tables.h"

namespace failback::vim25 {
namespace {

template <class Row>
const Row* findRow(std::span<const Row> rows, std::string_view name) {
  const auto it = std::lower_bound(rows.begin(), rows.end(), name,
                                   [](const Row& row, std::string_view wanted) { return row.name < wanted; });
  return it != rows.end() && it->name == name ? &*it : nullptr;
}

struct Primitive {
  std::string_view array;
  ArrayInfo info;
};

// Wrappers whose element is not called like the type.
constexpr std::array<Primitive, 11> kPrimitiveArrays{{
    {"ArrayOfAnyType", {"anyType", "xsd:anyType"}},
    {"ArrayOfAnyURI", {"anyURI", "xsd:anyURI"}},
    {"ArrayOfBase64Binary", {"base64Binary", "xsd:base64Binary"}},
    {"ArrayOfBoolean", {"boolean", "xsd:boolean"}},
    {"ArrayOfByte", {"byte", "xsd:byte"}},
    {"ArrayOfDouble", {"double", "xsd:double"}},
    {"ArrayOfInt", {"int", "xsd:int"}},
    {"ArrayOfLong", {"long", "xsd:long"}},
    {"ArrayOfManagedObjectReference", {"ManagedObjectReference", "ManagedObjectReference"}},
    {"ArrayOfShort", {"short", "xsd:short"}},
    {"ArrayOfString", {"string", "xsd:string"}},
}};

constexpr std::array<std::string_view, 12> kXsdTypes{"anyType", "anyURI",   "base64Binary", "boolean",
                                                     "byte",    "dateTime", "double",       "float",
                                                     "int",     "long",     "short",        "string"};

}  // namespace

Since releaseOf(std::string_view apiVersion) {
  std::array<int, 4> parts{};
  const char* at = apiVersion.data();
  const char* const end = at + apiVersion.size();
  for (int& part : parts) {
    const auto [next, error] = std::from_chars(at, end, part);
    if (error != std::errc{} || next == end || *next != '.') break;
    at = next + 1;
  }
  // The newest release that is not newer than the version.
  constexpr std::array<std::pair<std::array<int, 4>, Since>, 4> kReleases{{
      {{9, 0, 0, 0}, Since::kLater},
      {{8, 0, 0, 0}, Since::k80},
      {{7, 0, 0, 0}, Since::k70},
      {{6, 7, 0, 0}, Since::k67},
  }};
  for (const auto& [first, release] : kReleases) {
    if (parts >= first) return release;
  }
  return Since::k65;
}

std::span<const TypeInfo> allTypes() {
  return tables::kTypes;
}
std::span<const MethodInfo> allMethods() {
  return tables::kMethods;
}
std::span<const ManagedTypeInfo> allManagedTypes() {
  return tables::kManagedTypes;
}

const TypeInfo* findType(std::string_view name) {
  return findRow(tables::kTypes, name);
}
const MethodInfo* findMethod(std::string_view name) {
  return findRow(tables::kMethods, name);
}
const ManagedTypeInfo* findManagedType(std::string_view name) {
  return findRow(tables::kManagedTypes, name);
}

const MemberInfo* findMember(std::string_view type, std::string_view member) {
  for (const TypeInfo* t = findType(type); t != nullptr; t = findType(t->base)) {
    for (const MemberInfo& m : t->members) {
      if (m.name == member) return &m;
    }
  }
  return nullptr;
}

const PropertyInfo* findProperty(std::string_view managedType, std::string_view property) {
  for (const ManagedTypeInfo* t = findManagedType(managedType); t != nullptr; t = findManagedType(t->base)) {
    for (const PropertyInfo& p : t->properties) {
      if (p.name == property) return &p;
    }
  }
  return nullptr;
}

std::vector<const MemberInfo*> allMembers(const TypeInfo& type) {
  std::vector<const TypeInfo*> chain;
  for (const TypeInfo* t = &type; t != nullptr; t = findType(t->base)) chain.push_back(t);
  std::vector<const MemberInfo*> members;
  for (auto t = chain.rbegin(); t != chain.rend(); ++t) {
    for (const MemberInfo& m : (*t)->members) members.push_back(&m);
  }
  return members;
}

std::vector<const PropertyInfo*> allProperties(const ManagedTypeInfo& type) {
  std::vector<const ManagedTypeInfo*> chain;
  for (const ManagedTypeInfo* t = &type; t != nullptr; t = findManagedType(t->base)) chain.push_back(t);
  std::vector<const PropertyInfo*> properties;
  for (auto t = chain.rbegin(); t != chain.rend(); ++t) {
    for (const PropertyInfo& p : (*t)->properties) properties.push_back(&p);
  }
  return properties;
}

std::optional<ArrayInfo> arrayElement(std::string_view arrayName) {
  for (const Primitive& p : kPrimitiveArrays) {
    if (p.array == arrayName) return p.info;
  }
  constexpr std::string_view kPrefix = "ArrayOf";
  if (!arrayName.starts_with(kPrefix)) return std::nullopt;
  const TypeInfo* const type = findType(arrayName.substr(kPrefix.size()));
  if (type == nullptr) return std::nullopt;
  return ArrayInfo{type->name, type->name};
}

bool isA(std::string_view name, std::string_view base) {
  if (name == base) return true;
  const tables::NameRow* row = findRow(tables::kNames, name);
  while (row != nullptr && row->parent < tables::kNames.size()) {
    row = &tables::kNames[row->parent];
    if (row->name == base) return true;
  }
  return false;
}

bool isManagedA(std::string_view name, std::string_view base) {
  for (const ManagedTypeInfo* t = findManagedType(name); t != nullptr; t = findManagedType(t->base)) {
    if (t->name == base) return true;
  }
  return name == base;
}

std::string_view baseOf(std::string_view name) {
  const tables::NameRow* const row = findRow(tables::kNames, name);
  if (row == nullptr || row->parent == tables::kNoParent) return {};
  return row->parent == tables::kIsString ? std::string_view{"xsd:string"} : tables::kNames[row->parent].name;
}

bool isBound(std::string_view name) {
  if (const tables::NameRow* const row = findRow(tables::kNames, name)) return row->bound;
  return std::binary_search(tables::kBoundArrays.begin(), tables::kBoundArrays.end(), name) ||
         std::binary_search(kXsdTypes.begin(), kXsdTypes.end(), name);
}

std::string_view nearestKnown(std::string_view name) {
  const tables::NameRow* row = findRow(tables::kNames, name);
  while (row != nullptr) {
    if (row->bound) return row->name;
    if (row->parent == tables::kIsString) return "xsd:string";
    row = row->parent == tables::kNoParent ? nullptr : &tables::kNames[row->parent];
  }
  return {};
}

}  // namespace failback::vim25
