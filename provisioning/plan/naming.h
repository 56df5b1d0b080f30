// SPDX-License-Identifier: GPL-2.0-or-later
// How what a person asks for, and a plan, name things of an inventory. Pure functions.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include "discovery/glob.h"
#include "discovery/inventory.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {

inline bool isPattern(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

// By its inventory path, its name, or the instance UUID of a VM; the case of ASCII letters does not count.
template <class T>
bool isCalled(const T& object, const std::string& text) {
  if (text.starts_with('/')) return lower(object.inventoryPath) == lower(text);
  if constexpr (std::is_same_v<T, vsphere::VirtualMachine>) {
    if (object.instanceUuid && hasForm(lower(text), Form::uuid) && lower(*object.instanceUuid) == lower(text))
      return true;
  }
  return lower(object.name) == lower(text);
}

// All that are called so, by their paths; VMs also those that match a pattern. Points into the inventory.
template <class T>
std::vector<const T*> calledBy(const discovery::Inventory& inventory, const std::string& text) {
  std::vector<const T*> found;
  for (const T& each : inventory.all<T>()) {
    if (isCalled(each, text)) found.push_back(&each);
  }
  // A name with brackets or stars in it is that name first of all.
  if (found.empty() && isPattern(text) && std::is_same_v<T, vsphere::VirtualMachine>) {
    for (const T& each : inventory.all<T>()) {
      if (discovery::matchesGlob(text, text.starts_with('/') ? each.inventoryPath : each.name))
        found.push_back(&each);
    }
  }
  std::sort(found.begin(), found.end(), [](const T* a, const T* b) {
    return std::tie(a->inventoryPath, a->ref) < std::tie(b->inventoryPath, b->ref);
  });
  return found;
}

// Which server it is.
struct ServerIdentity {
  std::string uuid;      // lower case; empty when the server does not say
  std::string property;  // where it stands
};
ServerIdentity identityOf(const discovery::Inventory& inventory);

}  // namespace failback::provisioning
