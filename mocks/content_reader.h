// SPDX-License-Identifier: GPL-2.0-or-later
// Reads what objects answer to one FilterSpec. Packed objects (packed.h) of one shape answer alike, so what
// is alike is prepared once as text; pages of a large site are little more than that text and its gaps.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "mocks/filter_spec.h"
#include "mocks/property_path.h"

namespace failback::mock {

// What all objects of one shape answer to the paths asked for. Thread safe.
class ShapeAnswer {
 public:
  // `example`: any object of the shape.
  ShapeAnswer(const PackedPart& example, AskedPaths asked);
  // The propSet elements of an object of the shape.
  void write(XmlWriter& writer, const PackedPart& object) const;

 private:
  struct Found {
    std::size_t path;  // of those asked for
    ShapePlace place;
  };

  std::unique_ptr<const PreparedText> prepare(Release release) const;

  AskedPaths asked_;
  std::shared_ptr<const PackedStore> store_;  // of the shapes
  const Shape* shape_;
  std::vector<Found> found_;
  PreparedTexts texts_;
};

// Belongs to one retrieval.
class ContentReader {
 public:
  explicit ContentReader(FilterSpec spec) : spec_(std::move(spec)) {}

  // The same as readObject() with the paths that the spec has for the object.
  ObjectContent read(const ManagedObject& object, const Scope& scope);

 private:
  struct Answer {
    std::size_t met = 0;
    std::shared_ptr<const ShapeAnswer> prepared;
  };

  std::shared_ptr<const ShapeAnswer> answerFor(const PackedPart& object, const AskedPaths& asked);

  FilterSpec spec_;
  std::unordered_map<const TypeInfo*, AskedPaths> paths_;  // by type, as they are met
  std::unordered_map<const Shape*, Answer> answers_;
};

}  // namespace failback::mock
