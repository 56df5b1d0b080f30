// SPDX-License-Identifier: GPL-2.0-or-later
// Property paths of the PropertyCollector: `config.hardware.device[2000].backing`,
// `config.extraConfig["a.b"].value`. A path is checked against the schema (an unknown name is
// InvalidProperty, whatever the object holds) and read from the object's properties.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/packed.h"
#include "mocks/value.h"

namespace failback::mock {

struct PathStep {
  std::string name;
  std::optional<std::string> key;  // without quotes; "" only when written as [""]
};

// The steps of a path, or nullopt when it is not well formed.
std::optional<std::vector<PathStep>> parsePath(std::string_view path);

enum class PathStatus {
  found,
  unset,    // a good path, but the object has no value there
  invalid,  // no such property
};

struct PathResult {
  PathStatus status = PathStatus::invalid;
  Value value;
  MemberInfo declared;  // what the schema says of the value; not a list where a key chose one element
};

// What `path` of an object (data object or properties of a managed object) holds.
PathResult evaluatePath(const DataObject& object, std::string_view path);

// The same of an object within a packed tree, of which nothing else is made.
PathResult evaluatePath(const PackedPart& object, std::string_view path);

// What objects of one shape have at a path.
struct ShapePlace {
  enum class Kind {
    nothing,    // all of them: unset, or no such property
    emptyList,  // all of them
    part,       // all of them something, at this slot, of this shape
    byObject,   // that is for each of them to see: an element named by its key, a part that is shared by some
  };
  Kind kind = Kind::nothing;
  MemberInfo declared;
  const Shape* shape = nullptr;
  std::uint32_t slot = 0;  // counted from the object's first
};
ShapePlace locatePath(const Shape& object, std::string_view path);

// Whether the schema has the path for the type, ignoring what subtypes at run time may add.
bool pathExists(const TypeInfo& type, std::string_view path);

// The text of a list element's key, where elements of its type have one ("key" member, or the reference's
// id).
std::optional<std::string> elementKey(const Value& element);
// The key as a path writes it: 2000 or "disk.EnableUUID", without brackets.
std::string keyForPath(const Value& element);

// Whether a change at `changed` concerns the requested path: the same, below it, or above it.
enum class PathRelation { unrelated, same, below, above };
PathRelation relate(std::string_view changed, std::string_view requested);

}  // namespace failback::mock
