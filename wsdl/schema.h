// SPDX-License-Identifier: GPL-2.0-or-later
// What the subset knows about vim25 as plain tables: types with members in wire order, enums, methods with
// privileges, managed types with properties, and the ancestry of every name of the API. All tables are
// constant, built at compile time, sorted by name; all functions are pure and may be called from any thread.
// Facts: see wsdl/README.md.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

namespace failback::vim25 {

// First release whose schema has the thing. k65: 6.5 or before. kLater: newer than the 8.0 schema.
enum class Since : std::uint8_t { k65, k67, k70, k80, kLater };

// Release that a negotiated API version such as "8.0.3.0" or "6.7.1" belongs to: k80, k67. What such a server
// surely knows is everything with since <= this. 9.0 and newer give kLater, 6.5 and older k65.
[[nodiscard]] Since releaseOf(std::string_view apiVersion);

enum class Kind : std::uint8_t { kObject, kEnum };

struct MemberInfo {
  std::string_view name;
  std::string_view type;  // "xsd:int", an enum's name, "ManagedObjectReference" or a type's name
  bool list;              // the element repeats
  bool optional;          // as the official schema says (the generated classes make everything optional)
  bool bound;             // the generated class has it
  Since since;
};

struct EnumValueInfo {
  std::string_view text;
  Since since;
};

struct TypeInfo {
  std::string_view name;
  std::string_view base;  // "" for a root such as DynamicData; "xsd:string" for an enum
  Kind kind;
  Since since;
  bool bound;                             // there is a generated class ::vim25__<name>
  std::span<const MemberInfo> members;    // its own, without those of its bases, in the official order
  std::span<const EnumValueInfo> values;  // of an enum
};

struct ParameterInfo {
  std::string_view name;
  std::string_view type;
  std::string_view target;     // managed type that a reference must point to, else ""
  std::string_view privilege;  // needed on the object that the reference names; "" when none is known
  bool list;
  bool optional;
  Since since;
};

struct MethodInfo {
  std::string_view name;         // on the wire, e.g. "PowerOnVM_Task"
  std::string_view owner;        // managed type that declares it
  std::string_view requestType;  // e.g. "PowerOnVMRequestType"
  std::string_view privilege;    // needed on the object it is called on; "" when none is known
  std::string_view version;      // first API version, e.g. "6.7"
  Since since;
  std::span<const ParameterInfo> parameters;  // in wire order, without _this
  std::string_view result;                    // type of returnval, "" for none
  std::string_view resultTarget;              // managed type, when the result is a reference
  bool resultList;
  bool resultOptional;
  bool isTask;                  // returns a reference to a Task
  std::string_view taskResult;  // what TaskInfo.result then holds, "" for none
  bool taskResultList;
  std::span<const std::string_view> faults;  // declared ones; any RuntimeFault may come besides
};

struct PropertyInfo {
  std::string_view name;
  std::string_view type;
  std::string_view target;     // managed type, when it is a reference
  std::string_view privilege;  // to read it; "" means System.Read
  bool list;
  bool optional;
  std::string_view version;
  Since since;
};

struct ManagedTypeInfo {
  std::string_view name;
  std::string_view base;  // "" for ManagedObject
  std::string_view version;
  Since since;
  std::span<const PropertyInfo> properties;  // its own, without those of its bases
};

// Element of a wrapper such as ArrayOfVirtualDevice.
struct ArrayInfo {
  std::string_view element;  // name of the repeated child, e.g. "VirtualDevice", "int"
  std::string_view type;     // its type, e.g. "VirtualDevice", "xsd:int"
};

[[nodiscard]] std::span<const TypeInfo> allTypes();
[[nodiscard]] std::span<const MethodInfo> allMethods();
[[nodiscard]] std::span<const ManagedTypeInfo> allManagedTypes();

// nullptr when the tables do not know the name.
[[nodiscard]] const TypeInfo* findType(std::string_view name);
[[nodiscard]] const MethodInfo* findMethod(std::string_view name);
[[nodiscard]] const ManagedTypeInfo* findManagedType(std::string_view name);

// Looks through the bases, too.
[[nodiscard]] const MemberInfo* findMember(std::string_view type, std::string_view member);
[[nodiscard]] const PropertyInfo* findProperty(std::string_view managedType, std::string_view property);

// All members in wire order: those of the root first.
[[nodiscard]] std::vector<const MemberInfo*> allMembers(const TypeInfo& type);
// All properties, those of the base types first.
[[nodiscard]] std::vector<const PropertyInfo*> allProperties(const ManagedTypeInfo& type);

// nullopt when the name is no wrapper of a known type.
[[nodiscard]] std::optional<ArrayInfo> arrayElement(std::string_view arrayName);

// Is the data type, fault or event `name` equal to `base` or derived from it? Knows every name of the API up
// to 9.1, also those without a class; a name newer than that is only itself.
[[nodiscard]] bool isA(std::string_view name, std::string_view base);
// The same for managed types, e.g. isManagedA("VirtualApp", "ManagedEntity").
[[nodiscard]] bool isManagedA(std::string_view name, std::string_view base);

// Base of a data type, fault or event, "" for a root or an unknown name.
[[nodiscard]] std::string_view baseOf(std::string_view name);

// Is there a generated class (or wrapper of an array, or an XML Schema type) that decodes this xsi:type as it
// is? The name comes without prefix.
[[nodiscard]] bool isBound(std::string_view name);

// The type itself when it has a class, else its nearest ancestor that has one; "xsd:string" for an enum; ""
// when nothing is known about the name.
[[nodiscard]] std::string_view nearestKnown(std::string_view name);

}  // namespace failback::vim25
