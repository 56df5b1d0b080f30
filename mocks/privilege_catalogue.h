// SPDX-License-Identifier: GPL-2.0-or-later
// The privileges that the simulated vCenter knows: AuthorizationManager.privilegeList. Constant, any thread.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace failback::mock {

struct PrivilegeInfo {
  std::string id;         // "VirtualMachine.Config.AddNewDisk"
  std::string group;      // "VirtualMachine.Config"
  std::string name;       // "AddNewDisk"
  std::string label;      // "Add new disk"
  bool onParent = false;  // checked on the parent of the object that goes
};

// All of them, sorted by id.
std::span<const PrivilegeInfo> allPrivileges();
// Place in allPrivileges(); nothing for an id that is unknown.
std::optional<std::size_t> privilegeIndex(std::string_view id);
// "VirtualMachine.Config" -> "Virtual machine configuration"
std::string privilegeGroupLabel(std::string_view group);

inline constexpr std::size_t privilegeLimit = 768;
// By place in allPrivileges().
using PrivilegeSet = std::bitset<privilegeLimit>;

}  // namespace failback::mock
