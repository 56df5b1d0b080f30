// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/type_model.h"

#include <array>
#include <string>

#include "mocks/value.h"
#include "wsdl/schema.h"

namespace failback::mock {

namespace {

struct Primitive {
  std::string_view name, wrapper, element;
  TypeKind kind;
};

constexpr std::array<Primitive, 12> primitives{{
    {"xsd:string", "ArrayOfString", "string", TypeKind::string},
    {"xsd:int", "ArrayOfInt", "int", TypeKind::int32},
    {"xsd:long", "ArrayOfLong", "long", TypeKind::int64},
    {"xsd:boolean", "ArrayOfBoolean", "boolean", TypeKind::boolean},
    {"xsd:short", "ArrayOfShort", "short", TypeKind::int16},
    {"xsd:byte", "ArrayOfByte", "byte", TypeKind::byte},
    {"xsd:double", "ArrayOfDouble", "double", TypeKind::float64},
    {"xsd:float", "", "", TypeKind::float32},
    {"xsd:dateTime", "", "", TypeKind::dateTime},
    {"xsd:base64Binary", "ArrayOfBase64Binary", "base64Binary", TypeKind::base64},
    {"xsd:anyURI", "ArrayOfAnyURI", "anyURI", TypeKind::uri},
    {"xsd:anyType", "ArrayOfAnyType", "anyType", TypeKind::any},
}};

const Primitive* findPrimitive(std::string_view name) {
  for (const Primitive& primitive : primitives) {
    if (primitive.name == name) return &primitive;
  }
  return nullptr;
}

Release toRelease(vim25::Since since) {
  switch (since) {
    case vim25::Since::k65:
      return Release::v65;
    case vim25::Since::k67:
      return Release::v67;
    case vim25::Since::k70:
      return Release::v70;
    case vim25::Since::k80:
      return Release::v80;
    case vim25::Since::kLater:
      break;
  }
  return Release::later;
}

}  // namespace

const MemberInfo* TypeInfo::find(std::string_view member) const {
  const auto found = index.find(member);
  return found == index.end() ? nullptr : &members[found->second];
}

bool TypeInfo::isA(std::string_view typeName) const {
  for (const TypeInfo* type = this; type; type = type->base) {
    if (type->name == typeName) return true;
  }
  return false;
}

const TypeModel& TypeModel::get() {
  static const TypeModel model;
  return model;
}

TypeModel::TypeModel() {
  // Names first, so that members and bases can point to types whatever their order.
  for (const vim25::TypeInfo& row : vim25::allTypes()) {
    TypeInfo& type = types_[row.name];
    type.name = row.name;
    type.enumeration = row.kind == vim25::Kind::kEnum;
    type.since = toRelease(row.since);
  }
  for (const vim25::ManagedTypeInfo& row : vim25::allManagedTypes()) {
    TypeInfo& type = types_[row.name];
    type.name = row.name;
    type.managed = true;
    type.since = toRelease(row.since);
  }
  addData();
  addManaged();
  addMethods();
}

void TypeModel::addData() {
  for (const vim25::TypeInfo& row : vim25::allTypes()) {
    TypeInfo& type = types_.at(row.name);
    if (type.enumeration) {
      for (const vim25::EnumValueInfo& value : row.values) type.literals.push_back(value.text);
      continue;
    }
    const auto base = types_.find(row.base);
    type.base = base == types_.end() ? nullptr : &base->second;
    for (const vim25::MemberInfo* member : vim25::allMembers(row)) {
      MemberInfo info = declared(member->type, member->list);
      info.name = member->name;
      info.optional = member->optional;
      info.since = toRelease(member->since);
      type.index.emplace(info.name, static_cast<std::uint16_t>(type.members.size()));
      type.members.push_back(info);
    }
  }
}

void TypeModel::addManaged() {
  for (const vim25::ManagedTypeInfo& row : vim25::allManagedTypes()) {
    TypeInfo& type = types_.at(row.name);
    const auto base = types_.find(row.base);
    type.base = base == types_.end() ? nullptr : &base->second;
    for (const vim25::PropertyInfo* property : vim25::allProperties(row)) {
      MemberInfo info = declared(property->type, property->list);
      info.name = property->name;
      info.optional = property->optional;
      info.since = toRelease(property->since);
      type.index.emplace(info.name, static_cast<std::uint16_t>(type.members.size()));
      type.members.push_back(info);
    }
  }
}

void TypeModel::addMethods() {
  for (const vim25::MethodInfo& row : vim25::allMethods()) {
    MethodInfo method;
    method.name = row.name;
    method.owner = row.owner;
    method.privilege = row.privilege;
    method.hasResult = !row.result.empty();
    if (method.hasResult) {
      method.result = declared(row.result, row.resultList);
      method.result.name = "returnval";
      method.result.optional = row.resultOptional;
    }
    methods_.emplace(row.name, method);
  }
}

const TypeInfo* TypeModel::find(std::string_view name) const {
  const auto found = types_.find(name);
  return found == types_.end() ? nullptr : &found->second;
}

const TypeInfo& TypeModel::need(std::string_view name) const {
  const TypeInfo* found = find(name);
  if (!found) throw SchemaViolation("the schema table has no type '" + std::string(name) + "'");
  return *found;
}

const MethodInfo* TypeModel::method(std::string_view name) const {
  const auto found = methods_.find(name);
  return found == methods_.end() ? nullptr : &found->second;
}

MemberInfo TypeModel::declared(std::string_view typeName, bool isList) const {
  MemberInfo info;
  info.typeName = typeName;
  info.isList = isList;
  info.optional = true;
  if (const Primitive* primitive = findPrimitive(typeName)) {
    info.kind = primitive->kind;
  } else if (typeName == "ManagedObjectReference") {
    info.kind = TypeKind::reference;
  } else {
    info.type = find(typeName);
    if (info.type) info.typeName = info.type->name;  // which lives as long as the table
    info.kind = info.type && info.type->enumeration ? TypeKind::enumeration : TypeKind::data;
  }
  return info;
}

ArrayNames arrayNames(std::string_view elementType) {
  if (const Primitive* primitive = findPrimitive(elementType)) {
    return {std::string(primitive->wrapper), std::string(primitive->element)};
  }
  return {"ArrayOf" + std::string(elementType), std::string(elementType)};
}

}  // namespace failback::mock
