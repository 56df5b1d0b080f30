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

}  // namespace failback::testing
