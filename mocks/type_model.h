// SPDX-License-Identifier: GPL-2.0-or-later
// The schema table of wsdl/, prepared for reading and writing Values: each type with its members in the order
// of the wire, the base's first. Built once, on first use; read only afterwards, so safe for all threads.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace failback::mock {

// Releases whose schema differs. A member that came with a release is not sent to clients of older ones.
enum class Release : std::uint8_t { v65, v67, v70, v80, later };

enum class TypeKind : std::uint8_t {
  boolean,
  byte,
  int16,
  int32,
  int64,
  float32,
  float64,
  string,
  dateTime,
  base64,
  uri,
  any,
  enumeration,
  reference,
  data,
};

struct TypeInfo;

struct MemberInfo {
  std::string_view name;
  std::string_view typeName;  // as in the schema: "xsd:int", "VirtualDevice", "ManagedObjectReference"
  TypeKind kind = TypeKind::string;
  const TypeInfo* type = nullptr;  // of data objects and enumerations
  bool isList = false;
  bool optional = false;
  Release since = Release::v65;
};

struct TypeInfo {
  std::string_view name;
  const TypeInfo* base = nullptr;
  bool managed = false;
  bool enumeration = false;
  Release since = Release::v65;
  std::vector<MemberInfo> members;         // all of them, the bases' first
  std::vector<std::string_view> literals;  // of an enumeration
  std::unordered_map<std::string_view, std::uint16_t> index;

  const MemberInfo* find(std::string_view member) const;
  bool isA(std::string_view typeName) const;  // itself or an ancestor
};

struct MethodInfo {
  std::string_view name;
  std::string_view owner;      // managed type that declares it
  std::string_view privilege;  // empty when none is named
  bool hasResult = false;
  MemberInfo result;  // declared type of returnval
};

class TypeModel {
 public:
  static const TypeModel& get();

  // Data types, enumerations and managed types; null when unknown.
  const TypeInfo* find(std::string_view name) const;
  // Throws SchemaViolation (value.h) when unknown.
  const TypeInfo& need(std::string_view name) const;
  const MethodInfo* method(std::string_view name) const;
  // Kind and type of a schema name such as "xsd:int" or "VirtualDevice".
  MemberInfo declared(std::string_view typeName, bool isList = false) const;

 private:
  TypeModel();
  void addData();
  void addManaged();
  void addMethods();

  std::unordered_map<std::string_view, TypeInfo> types_;
  std::unordered_map<std::string_view, MethodInfo> methods_;
};

// "ArrayOfVirtualDevice" and the elements' name "VirtualDevice"; "ArrayOfString" and "string" for
// "xsd:string".
struct ArrayNames {
  std::string wrapper, element;
};
ArrayNames arrayNames(std::string_view elementType);

}  // namespace failback::mock
