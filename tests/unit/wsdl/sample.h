// SPDX-License-Identifier: GPL-2.0-or-later
// Makes documents from the schema table, and looks at documents.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "wsdl/schema.h"

namespace failback::vim25::test {

// What stands in front of a sample so that its names resolve.
inline constexpr std::string_view kDeclarations =
    R"(xmlns="urn:vim25" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance")";

enum class Order { kSchema, kReversed };

// Children of an object of this type: all members that the classes have; below the first level only the
// mandatory ones. Lists have two elements.
std::string membersOf(const TypeInfo& type, Order order);
// Children of a request element, _this among them.
std::string parametersOf(const MethodInfo& method, Order order);

// Names of the children of the element at this path of names below the root ("" = the root), repeats counted
// once.
std::vector<std::string> childNames(const std::string& document, const std::vector<std::string>& path);

// Judges the one child of the SOAP body by a schema file: "" when it is valid, else what libxml2 says.
class SchemaJudge {
 public:
  explicit SchemaJudge(const std::string& schemaFile);
  ~SchemaJudge();
  SchemaJudge(const SchemaJudge&) = delete;
  SchemaJudge& operator=(const SchemaJudge&) = delete;
  std::string judgeBody(const std::string& document);

 private:
  struct Impl;
  Impl* impl_;
};

}  // namespace failback::vim25::test
