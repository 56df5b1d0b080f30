// SPDX-License-Identifier: GPL-2.0-or-later
// The kinds of object that discovery knows, and what each is called: in JSON, on the command line, in
// vSphere.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "vsphere/model/inventory_object.h"

namespace failback::discovery {

// In the order of vsphere::InventoryObject's alternatives.
enum class Kind {
  datacenter,
  folder,
  cluster,
  host,
  datastore,
  storagePod,
  network,
  distributedSwitch,
  resourcePool,
  virtualMachine,
};
inline constexpr std::size_t kindCount = std::variant_size_v<vsphere::InventoryObject>;

struct KindInfo {
  Kind kind;
  std::string_view name;      // "virtualMachine": the "kind" of a JSON line, and --kind's value
  std::string_view plural;    // "virtualMachines": the array of a dump
  std::string_view title;     // "Virtual machines"
  std::string_view viewType;  // the managed type whose view delivers all of them: "VirtualMachine"
  std::string_view alias;     // what people also type: "vm"
};

std::span<const KindInfo> allKinds();
const KindInfo& info(Kind kind);
inline Kind kindOf(const vsphere::InventoryObject& object) {
  return static_cast<Kind>(object.index());
}
// From a name, plural, alias or vSphere type; case does not count.
std::optional<Kind> kindFromText(std::string_view text);
// From a managed type as a server names it ("ClusterComputeResource"); none when it is no object of ours.
std::optional<Kind> kindFromType(std::string_view managedType);

// True when both are equal but for the case of ASCII letters.
bool equalIgnoringCase(std::string_view a, std::string_view b);

namespace detail {
template <class T, std::size_t I = 0>
constexpr Kind kindOfType() {
  if constexpr (std::is_same_v<T, std::variant_alternative_t<I, vsphere::InventoryObject>>) {
    return static_cast<Kind>(I);
  } else {
    return kindOfType<T, I + 1>();
  }
}
}  // namespace detail
// kindOfValue<vsphere::Host> == Kind::host
template <class T>
inline constexpr Kind kindOfValue = detail::kindOfType<T>();

}  // namespace failback::discovery
