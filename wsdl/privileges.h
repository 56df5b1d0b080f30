// SPDX-License-Identifier: GPL-2.0-or-later
// Privileges that vCenter's own registry names for a method and for the objects passed to it. It says nothing
// for methods whose privileges depend on the arguments (ReconfigVM_Task, file calls): there the list is empty
// or partial.
#pragma once

#include <string_view>
#include <vector>

namespace failback::vim25 {

struct RequiredPrivilege {
  std::string_view parameter;  // "" = the object that the method is called on
  std::string_view privilege;  // id, e.g. "VirtualMachine.Interact.PowerOn"
};

// In the order of the parameters; empty when nothing is known about the method. Thread-safe, no errors.
[[nodiscard]] std::vector<RequiredPrivilege> requiredPrivileges(std::string_view method);

}  // namespace failback::vim25
