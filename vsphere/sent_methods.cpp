// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/sent_methods.h"

#include <algorithm>
#include <array>

namespace failback::vsphere {
namespace {

constexpr std::array<std::string_view, 21> kSent = {
    "CancelRetrievePropertiesEx",
    "CancelTask",
    "CheckVmConfig_Task",
    "ContinueRetrievePropertiesEx",
    "CreateContainerView",
    "CreateFilter",
    "CreatePropertyCollector",
    "CurrentTime",
    "DestroyPropertyCollector",
    "DestroyView",
    "FindAllByUuid",
    "HasPrivilegeOnEntities",
    "Login",
    "Logout",
    "QueryAssignedLicenses",
    "QueryConfigOptionEx",
    "QueryEvents",
    "RetrievePropertiesEx",
    "RetrieveServiceContent",
    "SearchDatastore_Task",
    "WaitForUpdatesEx",
};
static_assert(std::is_sorted(kSent.begin(), kSent.end()));

}  // namespace

std::span<const std::string_view> sentMethods() {
  return kSent;
}

bool maySend(std::string_view method) {
  return std::binary_search(kSent.begin(), kSent.end(), method);
}

}  // namespace failback::vsphere
