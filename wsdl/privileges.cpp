// SPDX-License-Identifier: GPL-2.0-or-later
#include "wsdl/privileges.h"

#include "wsdl/schema.h"

namespace failback::vim25 {

std::vector<RequiredPrivilege> requiredPrivileges(std::string_view method) {
  std::vector<RequiredPrivilege> result;
  const MethodInfo* const info = findMethod(method);
  if (info == nullptr) return result;
  if (!info->privilege.empty()) result.push_back({{}, info->privilege});
  for (const ParameterInfo& parameter : info->parameters) {
    if (!parameter.privilege.empty()) result.push_back({parameter.name, parameter.privilege});
  }
  return result;
}

}  // namespace failback::vim25
