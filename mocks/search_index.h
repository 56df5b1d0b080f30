// SPDX-License-Identifier: GPL-2.0-or-later
// SearchIndex: finding VMs and hosts by what identifies them, and any object by its inventory path.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/inventory.h"

namespace failback::mock {

// VMs or hosts that `matches` says yes to, within a datacenter where one is given.
std::vector<MoRef> findEntities(const Inventory& inventory, bool virtualMachines,
                                const std::optional<MoRef>& datacenter,
                                const std::function<bool(const ManagedObject&)>& matches);

// UUIDs are compared without case. `instance` asks for a VM's instance UUID instead of its BIOS UUID.
bool hasUuid(const ManagedObject& object, std::string_view uuid, bool instance);
bool hasDnsName(const ManagedObject& object, std::string_view name);
bool hasAddress(const ManagedObject& object, std::string_view address);

// The object at "DC1/vm/Linux/web-01" below the root folder.
std::optional<MoRef> findByPath(const Inventory& inventory, const MoRef& root, std::string_view path);
// The child of that name, as the inventory tree has it.
std::optional<MoRef> findChildByName(const Inventory& inventory, const MoRef& parent, std::string_view name);
// The datacenter, compute resource or other ancestor of a type; the object itself counts.
std::optional<MoRef> ancestorOf(const Inventory& inventory, const MoRef& ref, std::string_view type);

}  // namespace failback::mock
