// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/sent_methods.h"

#include <algorithm>
#include <array>

namespace failback::vsphere {
namespace {

constexpr std::array<std::string_view, 40> kSent = {
    "AnswerVM",
    "CancelRetrievePropertiesEx",
    "CancelTask",
    "CheckVmConfig_Task",
    "ConfigureStorageDrsForPod_Task",
    "ConsolidateVMDisks_Task",
    "ContinueRetrievePropertiesEx",
    "CreateContainerView",
    "CreateFilter",
    "CreatePropertyCollector",
    "CreateSnapshot_Task",
    "CreateVM_Task",
    "CurrentTime",
    "DestroyPropertyCollector",
    "DestroyPropertyFilter",
    "DestroyView",
    "Destroy_Task",
    "FindAllByUuid",
    "HasPrivilegeOnEntities",
    "Login",
    "Logout",
    "PowerOffVM_Task",
    "PowerOnVM_Task",
    "QueryAssignedLicenses",
    "QueryConfigOptionEx",
    "QueryEvents",
    "QueryVirtualDiskUuid",
    "ReconfigVM_Task",
    "ReconfigureComputeResource_Task",
    "Reload",
    "RemoveAllSnapshots_Task",
    "RemoveSnapshot_Task",
    "Rename_Task",
    "RetrievePropertiesEx",
    "RetrieveServiceContent",
    "RevertToSnapshot_Task",
    "SearchDatastore_Task",
    "SetVirtualDiskUuid",
    "ShutdownGuest",
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
