// SPDX-License-Identifier: GPL-2.0-or-later
// What the rules of several kinds of objects share. Only for *_rules.cpp.
#pragma once

#include <string>
#include <utility>

#include "vsphere/stream/rules.h"
#include "vsphere/wire_values.h"

namespace failback::vsphere::stream {

template <class Object>
const Rule& nameRule() {
  static const Rule rule = leafWith(Simple::text, [](void* object, const Leaf& leaf, Scratch&) {
    std::string text;
    if (!put(text, leaf)) return false;
    static_cast<Object*>(object)->name = unescapeName(text);
    return true;
  });
  return rule;
}

// A count of megabytes, for a member in bytes.
template <class Object, auto Member>
const Rule& mebibytes() {
  static const Rule rule = leafWith(Simple::int64, [](void* object, const Leaf& leaf, Scratch&) {
    std::optional<std::int64_t> count;
    if (!put(count, leaf)) return false;
    static_cast<Object*>(object)->*Member = scaled(count, kMebibyte);
    return true;
  });
  return rule;
}

template <class Object>
PropertyRule named() {
  return {"name", &nameRule<Object>()};
}
template <class Object, auto Member>
PropertyRule plain(std::string_view path) {
  return {path, &leaf<Object, Member>()};
}
// ArrayOfManagedObjectReference
template <class Object, auto Member>
PropertyRule references(std::string_view path) {
  static const Rule rule =
      arrayRule("ArrayOfManagedObjectReference", "ManagedObjectReference", leaf<Object, Member>());
  return {path, &rule, commit<Object, Member>};
}
// ArrayOfString
template <class Object, auto Member>
PropertyRule strings(std::string_view path) {
  static const Rule rule = arrayRule("ArrayOfString", "string", leaf<Object, Member>());
  return {path, &rule, commit<Object, Member>};
}

}  // namespace failback::vsphere::stream
