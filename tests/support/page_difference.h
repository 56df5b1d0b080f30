// SPDX-License-Identifier: GPL-2.0-or-later
// Two pages that ought to be one: what two decoders made of the same bytes.
#pragma once

#include <algorithm>
#include <string>
#include <tuple>
#include <vector>

#include "vsphere/page_decoder.h"

namespace failback::testing {

// What is said of a property; not in which words, where the value itself is at fault.
inline auto keyOf(const vsphere::Unreadable& what) {
  const bool value = what.reason == "malformed";
  return std::make_tuple(what.object.str(), what.object.serverGuid, what.name, what.property, what.reason,
                         what.fault, what.privilege, value ? std::string() : what.text);
}

inline std::string listed(const std::vector<vsphere::Unreadable>& unreadable) {
  std::string text;
  for (const vsphere::Unreadable& what : unreadable)
    text += "\n    " + what.object.str() + " " + what.property + ": " + what.reason + " " + what.fault + " " +
            what.text;
  return text;
}

inline bool same(std::vector<vsphere::Unreadable> a, std::vector<vsphere::Unreadable> b) {
  const auto before = [](const vsphere::Unreadable& x, const vsphere::Unreadable& y) {
    return keyOf(x) < keyOf(y);
  };
  std::stable_sort(a.begin(), a.end(), before);
  std::stable_sort(b.begin(), b.end(), before);
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return keyOf(x) == keyOf(y); });
}

// Empty when they are the same.
inline std::string pageDifference(const vsphere::InventoryPage& a, const vsphere::InventoryPage& b) {
  if (a.token != b.token) return "token: " + a.token + " / " + b.token;
  if (a.notAuthenticated != b.notAuthenticated) return "notAuthenticated";
  if (a.seen != b.seen)
    return "seen: " + std::to_string(a.seen.size()) + " / " + std::to_string(b.seen.size());
  if (a.objects.size() != b.objects.size()) return "number of objects";
  for (std::size_t i = 0; i < a.objects.size(); ++i)
    if (!(a.objects[i] == b.objects[i])) return "object " + vsphere::entityOf(a.objects[i]).ref.str();
  if (!same(a.unreadable, b.unreadable))
    return "unreadable:" + listed(a.unreadable) + "\n  /" + listed(b.unreadable);
  return {};
}

// The same for a set of updates, as far as both tell it. Empty when they are the same.
inline std::string updatesDifference(const vsphere::UpdatePage& typed, const vsphere::DigestedUpdates& read) {
  if (typed.timedOut != read.timedOut || typed.truncated != read.truncated || typed.version != read.version)
    return "timedOut, truncated or version";
  if (typed.notAuthenticated != read.notAuthenticated) return "notAuthenticated";
  std::vector<const vsphere::ObjectUpdate*> all;
  for (const vsphere::FilterUpdate& filter : typed.filters)
    for (const vsphere::ObjectUpdate& object : filter.objects) all.push_back(&object);
  if (all.size() != read.objects.size()) return "number of objects";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const vsphere::DigestedUpdate& other = read.objects[i];
    const std::string name = all[i]->object.str();
    if (!(all[i]->object == other.object) || all[i]->kind != other.kind) return "object or kind: " + name;
    if (all[i]->kind == vsphere::ObjectUpdate::Kind::enter && !(all[i]->value == other.value))
      return "value of " + name;
    std::vector<std::string> paths, otherPaths;
    for (const vsphere::PropertyUpdate& change : all[i]->changes)
      if (!change.path.empty()) paths.push_back(change.path);
    for (const vsphere::DigestedChange& change : other.changes)
      if (!change.path.empty()) otherPaths.push_back(change.path);
    if (paths != otherPaths) return "paths of " + name;
  }
  if (!same(typed.unreadable, read.unreadable))
    return "unreadable:" + listed(typed.unreadable) + "\n  /" + listed(read.unreadable);
  return {};
}

}  // namespace failback::testing
