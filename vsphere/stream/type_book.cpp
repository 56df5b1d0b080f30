// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/stream/type_book.h"

#include <algorithm>
#include <functional>

#include "wsdl/schema.h"

namespace failback::vsphere::stream {
namespace {

std::size_t mix(const void* a, std::size_t b) {
  return (reinterpret_cast<std::uintptr_t>(a) >> 3) * 31 + b * 7;
}

// Few of the types that are met have the same length and the same letter in the middle.
std::size_t shapeOf(std::string_view type) {
  return type.empty() ? 0 : type.size() * 131 + static_cast<unsigned char>(type[type.size() / 2]);
}

// Wrappers of lists are no types of the schema: they are what they are called.
bool isArray(std::string_view name) {
  return name.starts_with("ArrayOf");
}

// As a decoder with classes does it: a type that has none is read as its nearest ancestor, one that nobody
// knows as what is declared.
std::string_view readAs(std::string_view declared, std::string_view wireType) {
  if (vim25::isBound(wireType)) return wireType;
  const std::string_view known = vim25::nearestKnown(wireType);
  return known.empty() ? declared : known;
}

}  // namespace

TypedRule TypeBook::make(const Rule& rule, std::string_view wireType) {
  TypedRule made;
  made.rule = &rule;
  made.type = wireType;
  if (isArray(rule.declared)) {
    made.fits = made.type == rule.declared;
    for (const Child& child : rule.children) made.children.push_back({child, child.rule->declared});
    return made;
  }
  const std::string_view known = readAs(rule.declared, made.type);
  made.fits = vim25::isA(known, rule.declared);
  made.degraded = known != made.type;
  const auto variant =
      std::ranges::find_if(rule.variants, [&](std::string_view base) { return vim25::isA(known, base); });
  if (variant != rule.variants.end()) made.variant = static_cast<int>(variant - rule.variants.begin());
  if (made.variant >= 0 && !rule.variantRules.empty())
    made.rule = rule.variantRules[static_cast<std::size_t>(made.variant)];
  for (const Child& child : made.rule->children) {
    const vim25::MemberInfo* member = vim25::findMember(known, child.name);
    if (member != nullptr && member->bound) made.children.push_back({child, member->type});
  }
  return made;
}

Simple TypeBook::simpleOf(std::string_view wireType) {
  SimpleEntry& entry = recentSimple_[shapeOf(wireType) % kSimple];
  if (entry.type != wireType || wireType.empty()) entry = {std::string(wireType), stream::simpleOf(wireType)};
  return entry.simple;
}

const TypedRule& TypeBook::find(const Rule& rule, std::string_view wireType) {
  TypeEntry& entry = recentTypes_[mix(&rule, shapeOf(wireType)) % kTypes];
  if (entry.rule == &rule && entry.found->type == wireType) return *entry.found;
  auto key = std::pair<const Rule*, std::string>(&rule, wireType);
  auto found = types_.find(key);
  if (found == types_.end()) found = types_.emplace(std::move(key), make(rule, wireType)).first;
  entry = {&rule, &found->second};
  return found->second;
}

const TypedChild* TypeBook::lookUp(const TypedRule& type, const char* name) {
  const auto found = std::ranges::find(type.children, std::string_view(name),
                                       [](const TypedChild& one) { return one.child.name; });
  const TypedChild* child = found == type.children.end() ? nullptr : &*found;
  recentChildren_[placeOf(type, name)] = {&type, name, child};
  return child;
}

}  // namespace failback::vsphere::stream
