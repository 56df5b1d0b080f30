// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/inventory_path.h"

#include <charconv>

namespace failback::discovery {
namespace {

constexpr std::string_view hidden = "...";
// Parents of parents: a server that sends a circle must not hang us. vCenter's own limit is far lower.
constexpr int deepest = 200;

}  // namespace

std::string escapeName(std::string_view name) {
  std::string result;
  result.reserve(name.size());
  for (const char c : name) {
    switch (c) {
      case '%':
        result += "%25";
        break;
      case '/':
        result += "%2f";
        break;
      case '\\':
        result += "%5c";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string unescapeName(std::string_view escaped) {
  std::string result;
  result.reserve(escaped.size());
  for (std::size_t i = 0; i < escaped.size(); ++i) {
    unsigned value = 0;
    if (escaped[i] == '%' && i + 2 < escaped.size()) {
      const char* end = escaped.data() + i + 3;
      const auto [stop, error] = std::from_chars(escaped.data() + i + 1, end, value, 16);
      if (error == std::errc{} && stop == end && (value == '%' || value == '/' || value == '\\')) {
        result += static_cast<char>(value);
        i += 2;
        continue;
      }
    }
    result += escaped[i];
  }
  return result;
}

const std::string& InventoryPaths::container(const vsphere::Moref& ref, int depth) const {
  if (const auto known = known_.find(ref); known != known_.end()) return known->second;
  const vsphere::Entity* entity = inventory_.entity(ref);
  if (entity == nullptr || depth > deepest) {
    scratch_ = inventory_.isRoot(ref) ? "" : hidden;
    return scratch_;
  }
  std::string path;
  if (entity->parent) {
    path = container(*entity->parent, depth + 1);
  } else {
    path = hidden;
  }
  path += '/';
  path += escapeName(entity->name);
  if (isComplete(path)) return known_[ref] = std::move(path);
  scratch_ = std::move(path);
  return scratch_;
}

std::string InventoryPaths::below(const std::optional<vsphere::Moref>& parent,
                                  const std::string& name) const {
  std::string path = parent ? container(*parent, 0) : std::string(hidden);
  path += '/';
  path += escapeName(name);
  return path;
}

std::string InventoryPaths::pathOf(const vsphere::Entity& object) const {
  if (inventory_.isRoot(object.ref)) return "/";
  return below(object.parent, object.name);
}

std::string InventoryPaths::pathOf(const vsphere::VirtualMachine& vm) const {
  // A VM in a vApp has no parent folder: it lies in the vApp.
  return below(vm.parent ? vm.parent : vm.parentVApp, vm.name);
}

std::optional<vsphere::Moref> InventoryPaths::datacenterAbove(std::optional<vsphere::Moref> parent) const {
  for (int depth = 0; parent && depth < deepest; ++depth) {
    if (parent->type == "Datacenter") return parent;
    const vsphere::Entity* entity = inventory_.entity(*parent);
    if (entity == nullptr) return std::nullopt;
    parent = entity->parent;
  }
  return std::nullopt;
}

std::optional<vsphere::Moref> InventoryPaths::datacenterOf(const vsphere::Entity& object) const {
  if (object.ref.type == "Datacenter") return object.ref;
  return datacenterAbove(object.parent);
}

std::optional<vsphere::Moref> InventoryPaths::datacenterOf(const vsphere::VirtualMachine& vm) const {
  return datacenterAbove(vm.parent ? vm.parent : vm.parentVApp);
}

void fillInventoryPaths(Inventory& inventory) {
  const InventoryPaths paths(inventory);
  inventory.forEach([&](auto& object) { object.inventoryPath = paths.pathOf(object); });
}

}  // namespace failback::discovery
