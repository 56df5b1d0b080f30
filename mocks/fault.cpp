// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/fault.h"

#include <fmt/format.h>

namespace failback::mock {

Value Fault::localized() const {
  return object("LocalizedMethodFault", {{"fault", detail_}, {"localizedMessage", text_}});
}

Fault makeFault(std::string_view type, std::string text, const std::vector<Field>& fields) {
  return {object(type, fields), std::move(text)};
}

Fault notAuthenticated(const MoRef& object, std::string_view privilege) {
  return makeFault("NotAuthenticated", "The session is not authenticated.",
                   {{"object", object}, {"privilegeId", privilege}});
}

Fault noPermission(const MoRef& on, std::string_view privilege) {
  const std::vector<Value> missing{object("NoPermissionEntityPrivileges",
                                          {{"entity", on}, {"privilegeIds", std::vector<Value>{privilege}}})};
  return makeFault("NoPermission", "Permission to perform this operation was denied.",
                   {{"object", on}, {"privilegeId", privilege}, {"missingPrivileges", missing}});
}

Fault objectNotFound(const MoRef& object) {
  return makeFault(
      "ManagedObjectNotFound",
      fmt::format("The object 'vim.{}:{}' has already been deleted or has not been completely created",
                  object.type, object.id),
      {{"obj", object}});
}

Fault invalidProperty(std::string_view path) {
  return makeFault("InvalidProperty", fmt::format("Invalid property: {}", path), {{"name", path}});
}

Fault invalidArgument(std::string_view property, std::string_view why) {
  return makeFault(
      "InvalidArgument",
      fmt::format("A specified parameter was not correct: {}{}{}", property, why.empty() ? "" : ": ", why),
      {{"invalidProperty", property}});
}

Fault notSupported(std::string_view what) {
  return makeFault("NotSupported", std::string(what));
}

}  // namespace failback::mock
