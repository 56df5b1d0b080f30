// SPDX-License-Identifier: GPL-2.0-or-later
// A rule meets a type: which of its children an element of that type may have, and which variant it is. Found
// out once for each pair, with vim25's own tables.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vsphere/stream/rules.h"

namespace failback::vsphere::stream {

// A child with the type that its place declares.
struct TypedChild {
  Child child;
  std::string_view declared;
};

// A rule for elements of one type.
struct TypedRule {
  const Rule* rule = nullptr;  // that of the variant, where it has one of its own
  std::string type;            // as written
  bool fits = false;           // it is what the rule declares, or derived from it
  bool degraded = false;
  int variant = -1;
  std::vector<TypedChild> children;  // those that the type has
};

// Not thread-safe. What it gives lives as long as it does.
class TypeBook {
 public:
  // `wireType`: as in xsi:type, without prefix, or what the place declares where there is none.
  const TypedRule& find(const Rule& rule, std::string_view wireType);
  // The child of that name; `name` is a SaxReader's pointer.
  const TypedChild* child(const TypedRule& type, const char* name) {
    const ChildEntry& entry = recentChildren_[placeOf(type, name)];
    return entry.type == &type && entry.name == name ? entry.found : lookUp(type, name);
  }
  // As stream::simpleOf().
  Simple simpleOf(std::string_view wireType);

 private:
  static constexpr std::size_t kTypes = 256, kChildren = 1024, kSimple = 64;

  static TypedRule make(const Rule& rule, std::string_view wireType);
  const TypedChild* lookUp(const TypedRule& type, const char* name);
  static std::size_t placeOf(const TypedRule& type, const char* name) {
    return ((reinterpret_cast<std::uintptr_t>(name) >> 3) * 31 +
            (reinterpret_cast<std::uintptr_t>(&type) >> 4) * 7) %
           kChildren;
  }

  struct TypeEntry {
    const Rule* rule = nullptr;
    const TypedRule* found = nullptr;
  };
  struct ChildEntry {
    const TypedRule* type = nullptr;
    const char* name = nullptr;
    const TypedChild* found = nullptr;
  };
  struct SimpleEntry {
    std::string type;
    Simple simple = Simple::none;
  };
  std::array<SimpleEntry, kSimple> recentSimple_{};
  std::map<std::pair<const Rule*, std::string>, TypedRule, std::less<>> types_;
  std::array<TypeEntry, kTypes> recentTypes_{};
  std::array<ChildEntry, kChildren> recentChildren_{};
};

}  // namespace failback::vsphere::stream
