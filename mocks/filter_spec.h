// SPDX-License-Identifier: GPL-2.0-or-later
// PropertyFilterSpec as the mock works with it, and which objects and properties it selects.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "mocks/scope.h"
#include "mocks/value.h"
#include "mocks/xml_writer.h"

namespace failback::mock {

struct PropertySpec {
  std::string type;
  bool all = false;
  std::vector<std::string> paths;
};

// SelectionSpec (a name that refers to a traversal) or TraversalSpec.
struct Selection {
  std::string name;
  bool traversal = false;
  std::string type, path;
  bool skip = false;
  std::vector<Selection> select;
};

struct ObjectSpec {
  MoRef object;
  bool skip = false;
  std::vector<Selection> select;
};

struct FilterSpec {
  std::vector<PropertySpec> properties;
  std::vector<ObjectSpec> objects;
  bool reportMissingObjects = false;
};

// Throws the fault that a real server answers: InvalidProperty for a path that the type does not have,
// InvalidArgument for unknown types, malformed paths and references to selections that are not there.
void validate(const FilterSpec& spec);

// The objects that the spec selects, each once, in the order of the walk. Only those that some PropertySpec
// is for and that the user may see. Objects that are named but not there go to `missing`, or are a
// ManagedObjectNotFound fault when the spec does not ask to have them reported.
using SelectedObjects = std::shared_ptr<const std::vector<MoRef>>;
SelectedObjects selectObjects(const FilterSpec& spec, const Scope& scope, std::vector<MoRef>& missing);

// The paths asked for of objects of a type: those of all PropertySpecs that apply, each once. All that is
// read by them refers to them.
using AskedPaths = std::shared_ptr<const std::vector<std::string>>;
AskedPaths pathsFor(const FilterSpec& spec, const TypeInfo& type);

struct PropertyEntry {
  std::size_t path = 0;  // of the paths asked for
  Value value;
  MemberInfo declared;
};

struct MissingEntry {
  std::string path;
  Value fault;  // LocalizedMethodFault
};

class ShapeAnswer;

struct ObjectContent {
  MoRef ref;
  AskedPaths asked;
  std::vector<PropertyEntry> properties;
  std::vector<MissingEntry> missing;
  // Of an object that answers as all of its shape do (content_reader.h): then there are no properties here.
  PackedPart packed = {};
  std::shared_ptr<const ShapeAnswer> answer = {};

  const std::string& nameOf(const PropertyEntry& entry) const { return (*asked)[entry.path]; }
};

// What an object answers to the given paths: what it has, less what the user may not read.
ObjectContent readObject(const ManagedObject& object, const AskedPaths& asked, const Scope& scope);

void writeContent(XmlWriter& writer, std::string_view element, const ObjectContent& content);
void writeMissing(XmlWriter& writer, const std::vector<MissingEntry>& missing);
// A MissingObject.
void writeMissingObject(XmlWriter& writer, const MoRef& ref);

}  // namespace failback::mock
