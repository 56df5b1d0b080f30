// SPDX-License-Identifier: GPL-2.0-or-later
// ManagedObjectReference: how vSphere names an object on one server.
#pragma once

#include <compare>
#include <functional>
#include <string>

namespace failback::vsphere {

// A value. Unique within one server (by its instance UUID) only, and not kept when a VM is registered anew.
struct Moref {
  std::string type;        // "VirtualMachine"; empty when there is no reference
  std::string value;       // "vm-42"
  std::string serverGuid;  // set on references into another server, else empty; part of the identity

  bool empty() const { return value.empty(); }
  // "VirtualMachine:vm-42", as people and logs write it.
  std::string str() const { return type + ":" + value; }
  friend bool operator==(const Moref&, const Moref&) = default;
  friend auto operator<=>(const Moref&, const Moref&) = default;
};

}  // namespace failback::vsphere

template <>
struct std::hash<failback::vsphere::Moref> {
  std::size_t operator()(const failback::vsphere::Moref& ref) const noexcept {
    return std::hash<std::string>{}(ref.value) ^ (std::hash<std::string>{}(ref.type) << 1);
  }
};
