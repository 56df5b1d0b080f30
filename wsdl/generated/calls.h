// SPDX-License-Identifier: GPL-2.0-or-later
// Written by wsdl/generate.py: do not edit. Facts from the vSphere 8.0 type schemas and pyVmomi's registry.
// clang-format off
// Request and response class of each method.
#pragma once
#include "vim25/soapStub.h"

namespace failback::vim25 {

// Call<Request>: name on the wire, class of the response, and whether the answer is a reference to a task.
template <class Request>
struct Call;

template <>
struct Call<::vim25__AcquireCloneTicketRequestType> {
  using Response = ::_vim25__AcquireCloneTicketResponse;
  static constexpr const char* name = "AcquireCloneTicket";
  static constexpr const char* element = "vim25:AcquireCloneTicket";
  static constexpr const char* responseElement = "vim25:AcquireCloneTicketResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__AcquireGenericServiceTicketRequestType> {
  using Response = ::_vim25__AcquireGenericServiceTicketResponse;
  static constexpr const char* name = "AcquireGenericServiceTicket";
  static constexpr const char* element = "vim25:AcquireGenericServiceTicket";
  static constexpr const char* responseElement = "vim25:AcquireGenericServiceTicketResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__AcquireLocalTicketRequestType> {
  using Response = ::_vim25__AcquireLocalTicketResponse;
  static constexpr const char* name = "AcquireLocalTicket";
  static constexpr const char* element = "vim25:AcquireLocalTicket";
  static constexpr const char* responseElement = "vim25:AcquireLocalTicketResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__AcquireTicketRequestType> {
  using Response = ::_vim25__AcquireTicketResponse;
  static constexpr const char* name = "AcquireTicket";
  static constexpr const char* element = "vim25:AcquireTicket";
  static constexpr const char* responseElement = "vim25:AcquireTicketResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__AddAuthorizationRoleRequestType> {
  using Response = ::_vim25__AddAuthorizationRoleResponse;
  static constexpr const char* name = "AddAuthorizationRole";
  static constexpr const char* element = "vim25:AddAuthorizationRole";
  static constexpr const char* responseElement = "vim25:AddAuthorizationRoleResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__AddCustomFieldDefRequestType> {
  using Response = ::_vim25__AddCustomFieldDefResponse;
  static constexpr const char* name = "AddCustomFieldDef";
  static constexpr const char* element = "vim25:AddCustomFieldDef";
  static constexpr const char* responseElement = "vim25:AddCustomFieldDefResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__AddHostRequestType> {
  using Response = ::_vim25__AddHost_USCORETaskResponse;
  static constexpr const char* name = "AddHost_Task";
  static constexpr const char* element = "vim25:AddHost_Task";
  static constexpr const char* responseElement = "vim25:AddHost_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__AddLicenseRequestType> {
  using Response = ::_vim25__AddLicenseResponse;
  static constexpr const char* name = "AddLicense";
  static constexpr const char* element = "vim25:AddLicense";
  static constexpr const char* responseElement = "vim25:AddLicenseResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__AddStandaloneHostRequestType> {
  using Response = ::_vim25__AddStandaloneHost_USCORETaskResponse;
  static constexpr const char* name = "AddStandaloneHost_Task";
  static constexpr const char* element = "vim25:AddStandaloneHost_Task";
  static constexpr const char* responseElement = "vim25:AddStandaloneHost_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__AnswerVMRequestType> {
  using Response = ::_vim25__AnswerVMResponse;
  static constexpr const char* name = "AnswerVM";
  static constexpr const char* element = "vim25:AnswerVM";
  static constexpr const char* responseElement = "vim25:AnswerVMResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ApplyRecommendationRequestType> {
  using Response = ::_vim25__ApplyRecommendationResponse;
  static constexpr const char* name = "ApplyRecommendation";
  static constexpr const char* element = "vim25:ApplyRecommendation";
  static constexpr const char* responseElement = "vim25:ApplyRecommendationResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ApplyStorageDrsRecommendationToPodRequestType> {
  using Response = ::_vim25__ApplyStorageDrsRecommendationToPod_USCORETaskResponse;
  static constexpr const char* name = "ApplyStorageDrsRecommendationToPod_Task";
  static constexpr const char* element = "vim25:ApplyStorageDrsRecommendationToPod_Task";
  static constexpr const char* responseElement = "vim25:ApplyStorageDrsRecommendationToPod_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ApplyStorageDrsRecommendationRequestType> {
  using Response = ::_vim25__ApplyStorageDrsRecommendation_USCORETaskResponse;
  static constexpr const char* name = "ApplyStorageDrsRecommendation_Task";
  static constexpr const char* element = "vim25:ApplyStorageDrsRecommendation_Task";
  static constexpr const char* responseElement = "vim25:ApplyStorageDrsRecommendation_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__AreAlarmActionsEnabledRequestType> {
  using Response = ::_vim25__AreAlarmActionsEnabledResponse;
  static constexpr const char* name = "AreAlarmActionsEnabled";
  static constexpr const char* element = "vim25:AreAlarmActionsEnabled";
  static constexpr const char* responseElement = "vim25:AreAlarmActionsEnabledResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__AttachDiskRequestType> {
  using Response = ::_vim25__AttachDisk_USCORETaskResponse;
  static constexpr const char* name = "AttachDisk_Task";
  static constexpr const char* element = "vim25:AttachDisk_Task";
  static constexpr const char* responseElement = "vim25:AttachDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__AutoStartPowerOffRequestType> {
  using Response = ::_vim25__AutoStartPowerOffResponse;
  static constexpr const char* name = "AutoStartPowerOff";
  static constexpr const char* element = "vim25:AutoStartPowerOff";
  static constexpr const char* responseElement = "vim25:AutoStartPowerOffResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__AutoStartPowerOnRequestType> {
  using Response = ::_vim25__AutoStartPowerOnResponse;
  static constexpr const char* name = "AutoStartPowerOn";
  static constexpr const char* element = "vim25:AutoStartPowerOn";
  static constexpr const char* responseElement = "vim25:AutoStartPowerOnResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CancelRecommendationRequestType> {
  using Response = ::_vim25__CancelRecommendationResponse;
  static constexpr const char* name = "CancelRecommendation";
  static constexpr const char* element = "vim25:CancelRecommendation";
  static constexpr const char* responseElement = "vim25:CancelRecommendationResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CancelRetrievePropertiesExRequestType> {
  using Response = ::_vim25__CancelRetrievePropertiesExResponse;
  static constexpr const char* name = "CancelRetrievePropertiesEx";
  static constexpr const char* element = "vim25:CancelRetrievePropertiesEx";
  static constexpr const char* responseElement = "vim25:CancelRetrievePropertiesExResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CancelStorageDrsRecommendationRequestType> {
  using Response = ::_vim25__CancelStorageDrsRecommendationResponse;
  static constexpr const char* name = "CancelStorageDrsRecommendation";
  static constexpr const char* element = "vim25:CancelStorageDrsRecommendation";
  static constexpr const char* responseElement = "vim25:CancelStorageDrsRecommendationResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CancelTaskRequestType> {
  using Response = ::_vim25__CancelTaskResponse;
  static constexpr const char* name = "CancelTask";
  static constexpr const char* element = "vim25:CancelTask";
  static constexpr const char* responseElement = "vim25:CancelTaskResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CancelWaitForUpdatesRequestType> {
  using Response = ::_vim25__CancelWaitForUpdatesResponse;
  static constexpr const char* name = "CancelWaitForUpdates";
  static constexpr const char* element = "vim25:CancelWaitForUpdates";
  static constexpr const char* responseElement = "vim25:CancelWaitForUpdatesResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CheckCloneRequestType> {
  using Response = ::_vim25__CheckClone_USCORETaskResponse;
  static constexpr const char* name = "CheckClone_Task";
  static constexpr const char* element = "vim25:CheckClone_Task";
  static constexpr const char* responseElement = "vim25:CheckClone_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CheckCompatibilityRequestType> {
  using Response = ::_vim25__CheckCompatibility_USCORETaskResponse;
  static constexpr const char* name = "CheckCompatibility_Task";
  static constexpr const char* element = "vim25:CheckCompatibility_Task";
  static constexpr const char* responseElement = "vim25:CheckCompatibility_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CheckForUpdatesRequestType> {
  using Response = ::_vim25__CheckForUpdatesResponse;
  static constexpr const char* name = "CheckForUpdates";
  static constexpr const char* element = "vim25:CheckForUpdates";
  static constexpr const char* responseElement = "vim25:CheckForUpdatesResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CheckLicenseFeatureRequestType> {
  using Response = ::_vim25__CheckLicenseFeatureResponse;
  static constexpr const char* name = "CheckLicenseFeature";
  static constexpr const char* element = "vim25:CheckLicenseFeature";
  static constexpr const char* responseElement = "vim25:CheckLicenseFeatureResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CheckMigrateRequestType> {
  using Response = ::_vim25__CheckMigrate_USCORETaskResponse;
  static constexpr const char* name = "CheckMigrate_Task";
  static constexpr const char* element = "vim25:CheckMigrate_Task";
  static constexpr const char* responseElement = "vim25:CheckMigrate_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CheckPowerOnRequestType> {
  using Response = ::_vim25__CheckPowerOn_USCORETaskResponse;
  static constexpr const char* name = "CheckPowerOn_Task";
  static constexpr const char* element = "vim25:CheckPowerOn_Task";
  static constexpr const char* responseElement = "vim25:CheckPowerOn_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CheckRelocateRequestType> {
  using Response = ::_vim25__CheckRelocate_USCORETaskResponse;
  static constexpr const char* name = "CheckRelocate_Task";
  static constexpr const char* element = "vim25:CheckRelocate_Task";
  static constexpr const char* responseElement = "vim25:CheckRelocate_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CheckVmConfigRequestType> {
  using Response = ::_vim25__CheckVmConfig_USCORETaskResponse;
  static constexpr const char* name = "CheckVmConfig_Task";
  static constexpr const char* element = "vim25:CheckVmConfig_Task";
  static constexpr const char* responseElement = "vim25:CheckVmConfig_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CloneSessionRequestType> {
  using Response = ::_vim25__CloneSessionResponse;
  static constexpr const char* name = "CloneSession";
  static constexpr const char* element = "vim25:CloneSession";
  static constexpr const char* responseElement = "vim25:CloneSessionResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CloneVMRequestType> {
  using Response = ::_vim25__CloneVM_USCORETaskResponse;
  static constexpr const char* name = "CloneVM_Task";
  static constexpr const char* element = "vim25:CloneVM_Task";
  static constexpr const char* responseElement = "vim25:CloneVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CloseInventoryViewFolderRequestType> {
  using Response = ::_vim25__CloseInventoryViewFolderResponse;
  static constexpr const char* name = "CloseInventoryViewFolder";
  static constexpr const char* element = "vim25:CloseInventoryViewFolder";
  static constexpr const char* responseElement = "vim25:CloseInventoryViewFolderResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ConfigureStorageDrsForPodRequestType> {
  using Response = ::_vim25__ConfigureStorageDrsForPod_USCORETaskResponse;
  static constexpr const char* name = "ConfigureStorageDrsForPod_Task";
  static constexpr const char* element = "vim25:ConfigureStorageDrsForPod_Task";
  static constexpr const char* responseElement = "vim25:ConfigureStorageDrsForPod_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ConsolidateVMDisksRequestType> {
  using Response = ::_vim25__ConsolidateVMDisks_USCORETaskResponse;
  static constexpr const char* name = "ConsolidateVMDisks_Task";
  static constexpr const char* element = "vim25:ConsolidateVMDisks_Task";
  static constexpr const char* responseElement = "vim25:ConsolidateVMDisks_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ContinueRetrievePropertiesExRequestType> {
  using Response = ::_vim25__ContinueRetrievePropertiesExResponse;
  static constexpr const char* name = "ContinueRetrievePropertiesEx";
  static constexpr const char* element = "vim25:ContinueRetrievePropertiesEx";
  static constexpr const char* responseElement = "vim25:ContinueRetrievePropertiesExResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ConvertNamespacePathToUuidPathRequestType> {
  using Response = ::_vim25__ConvertNamespacePathToUuidPathResponse;
  static constexpr const char* name = "ConvertNamespacePathToUuidPath";
  static constexpr const char* element = "vim25:ConvertNamespacePathToUuidPath";
  static constexpr const char* responseElement = "vim25:ConvertNamespacePathToUuidPathResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CopyDatastoreFileRequestType> {
  using Response = ::_vim25__CopyDatastoreFile_USCORETaskResponse;
  static constexpr const char* name = "CopyDatastoreFile_Task";
  static constexpr const char* element = "vim25:CopyDatastoreFile_Task";
  static constexpr const char* responseElement = "vim25:CopyDatastoreFile_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CopyVirtualDiskRequestType> {
  using Response = ::_vim25__CopyVirtualDisk_USCORETaskResponse;
  static constexpr const char* name = "CopyVirtualDisk_Task";
  static constexpr const char* element = "vim25:CopyVirtualDisk_Task";
  static constexpr const char* responseElement = "vim25:CopyVirtualDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CreateChildVMRequestType> {
  using Response = ::_vim25__CreateChildVM_USCORETaskResponse;
  static constexpr const char* name = "CreateChildVM_Task";
  static constexpr const char* element = "vim25:CreateChildVM_Task";
  static constexpr const char* responseElement = "vim25:CreateChildVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CreateClusterRequestType> {
  using Response = ::_vim25__CreateClusterResponse;
  static constexpr const char* name = "CreateCluster";
  static constexpr const char* element = "vim25:CreateCluster";
  static constexpr const char* responseElement = "vim25:CreateClusterResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateClusterExRequestType> {
  using Response = ::_vim25__CreateClusterExResponse;
  static constexpr const char* name = "CreateClusterEx";
  static constexpr const char* element = "vim25:CreateClusterEx";
  static constexpr const char* responseElement = "vim25:CreateClusterExResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateCollectorForEventsRequestType> {
  using Response = ::_vim25__CreateCollectorForEventsResponse;
  static constexpr const char* name = "CreateCollectorForEvents";
  static constexpr const char* element = "vim25:CreateCollectorForEvents";
  static constexpr const char* responseElement = "vim25:CreateCollectorForEventsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateCollectorForTasksRequestType> {
  using Response = ::_vim25__CreateCollectorForTasksResponse;
  static constexpr const char* name = "CreateCollectorForTasks";
  static constexpr const char* element = "vim25:CreateCollectorForTasks";
  static constexpr const char* responseElement = "vim25:CreateCollectorForTasksResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateContainerViewRequestType> {
  using Response = ::_vim25__CreateContainerViewResponse;
  static constexpr const char* name = "CreateContainerView";
  static constexpr const char* element = "vim25:CreateContainerView";
  static constexpr const char* responseElement = "vim25:CreateContainerViewResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateDatacenterRequestType> {
  using Response = ::_vim25__CreateDatacenterResponse;
  static constexpr const char* name = "CreateDatacenter";
  static constexpr const char* element = "vim25:CreateDatacenter";
  static constexpr const char* responseElement = "vim25:CreateDatacenterResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateDirectoryRequestType> {
  using Response = ::_vim25__CreateDirectoryResponse;
  static constexpr const char* name = "CreateDirectory";
  static constexpr const char* element = "vim25:CreateDirectory";
  static constexpr const char* responseElement = "vim25:CreateDirectoryResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateFilterRequestType> {
  using Response = ::_vim25__CreateFilterResponse;
  static constexpr const char* name = "CreateFilter";
  static constexpr const char* element = "vim25:CreateFilter";
  static constexpr const char* responseElement = "vim25:CreateFilterResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateFolderRequestType> {
  using Response = ::_vim25__CreateFolderResponse;
  static constexpr const char* name = "CreateFolder";
  static constexpr const char* element = "vim25:CreateFolder";
  static constexpr const char* responseElement = "vim25:CreateFolderResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateInventoryViewRequestType> {
  using Response = ::_vim25__CreateInventoryViewResponse;
  static constexpr const char* name = "CreateInventoryView";
  static constexpr const char* element = "vim25:CreateInventoryView";
  static constexpr const char* responseElement = "vim25:CreateInventoryViewResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateListViewRequestType> {
  using Response = ::_vim25__CreateListViewResponse;
  static constexpr const char* name = "CreateListView";
  static constexpr const char* element = "vim25:CreateListView";
  static constexpr const char* responseElement = "vim25:CreateListViewResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateListViewFromViewRequestType> {
  using Response = ::_vim25__CreateListViewFromViewResponse;
  static constexpr const char* name = "CreateListViewFromView";
  static constexpr const char* element = "vim25:CreateListViewFromView";
  static constexpr const char* responseElement = "vim25:CreateListViewFromViewResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateLocalDatastoreRequestType> {
  using Response = ::_vim25__CreateLocalDatastoreResponse;
  static constexpr const char* name = "CreateLocalDatastore";
  static constexpr const char* element = "vim25:CreateLocalDatastore";
  static constexpr const char* responseElement = "vim25:CreateLocalDatastoreResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateNasDatastoreRequestType> {
  using Response = ::_vim25__CreateNasDatastoreResponse;
  static constexpr const char* name = "CreateNasDatastore";
  static constexpr const char* element = "vim25:CreateNasDatastore";
  static constexpr const char* responseElement = "vim25:CreateNasDatastoreResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreatePropertyCollectorRequestType> {
  using Response = ::_vim25__CreatePropertyCollectorResponse;
  static constexpr const char* name = "CreatePropertyCollector";
  static constexpr const char* element = "vim25:CreatePropertyCollector";
  static constexpr const char* responseElement = "vim25:CreatePropertyCollectorResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateResourcePoolRequestType> {
  using Response = ::_vim25__CreateResourcePoolResponse;
  static constexpr const char* name = "CreateResourcePool";
  static constexpr const char* element = "vim25:CreateResourcePool";
  static constexpr const char* responseElement = "vim25:CreateResourcePoolResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateScheduledTaskRequestType> {
  using Response = ::_vim25__CreateScheduledTaskResponse;
  static constexpr const char* name = "CreateScheduledTask";
  static constexpr const char* element = "vim25:CreateScheduledTask";
  static constexpr const char* responseElement = "vim25:CreateScheduledTaskResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateSnapshotExRequestType> {
  using Response = ::_vim25__CreateSnapshotEx_USCORETaskResponse;
  static constexpr const char* name = "CreateSnapshotEx_Task";
  static constexpr const char* element = "vim25:CreateSnapshotEx_Task";
  static constexpr const char* responseElement = "vim25:CreateSnapshotEx_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CreateSnapshotRequestType> {
  using Response = ::_vim25__CreateSnapshot_USCORETaskResponse;
  static constexpr const char* name = "CreateSnapshot_Task";
  static constexpr const char* element = "vim25:CreateSnapshot_Task";
  static constexpr const char* responseElement = "vim25:CreateSnapshot_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CreateStoragePodRequestType> {
  using Response = ::_vim25__CreateStoragePodResponse;
  static constexpr const char* name = "CreateStoragePod";
  static constexpr const char* element = "vim25:CreateStoragePod";
  static constexpr const char* responseElement = "vim25:CreateStoragePodResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateTaskRequestType> {
  using Response = ::_vim25__CreateTaskResponse;
  static constexpr const char* name = "CreateTask";
  static constexpr const char* element = "vim25:CreateTask";
  static constexpr const char* responseElement = "vim25:CreateTaskResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateVAppRequestType> {
  using Response = ::_vim25__CreateVAppResponse;
  static constexpr const char* name = "CreateVApp";
  static constexpr const char* element = "vim25:CreateVApp";
  static constexpr const char* responseElement = "vim25:CreateVAppResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__CreateVMRequestType> {
  using Response = ::_vim25__CreateVM_USCORETaskResponse;
  static constexpr const char* name = "CreateVM_Task";
  static constexpr const char* element = "vim25:CreateVM_Task";
  static constexpr const char* responseElement = "vim25:CreateVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CreateVirtualDiskRequestType> {
  using Response = ::_vim25__CreateVirtualDisk_USCORETaskResponse;
  static constexpr const char* name = "CreateVirtualDisk_Task";
  static constexpr const char* element = "vim25:CreateVirtualDisk_Task";
  static constexpr const char* responseElement = "vim25:CreateVirtualDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__CurrentTimeRequestType> {
  using Response = ::_vim25__CurrentTimeResponse;
  static constexpr const char* name = "CurrentTime";
  static constexpr const char* element = "vim25:CurrentTime";
  static constexpr const char* responseElement = "vim25:CurrentTimeResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DVSManagerLookupDvPortGroupRequestType> {
  using Response = ::_vim25__DVSManagerLookupDvPortGroupResponse;
  static constexpr const char* name = "DVSManagerLookupDvPortGroup";
  static constexpr const char* element = "vim25:DVSManagerLookupDvPortGroup";
  static constexpr const char* responseElement = "vim25:DVSManagerLookupDvPortGroupResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DatastoreEnterMaintenanceModeRequestType> {
  using Response = ::_vim25__DatastoreEnterMaintenanceModeResponse;
  static constexpr const char* name = "DatastoreEnterMaintenanceMode";
  static constexpr const char* element = "vim25:DatastoreEnterMaintenanceMode";
  static constexpr const char* responseElement = "vim25:DatastoreEnterMaintenanceModeResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DatastoreExitMaintenanceModeRequestType> {
  using Response = ::_vim25__DatastoreExitMaintenanceMode_USCORETaskResponse;
  static constexpr const char* name = "DatastoreExitMaintenanceMode_Task";
  static constexpr const char* element = "vim25:DatastoreExitMaintenanceMode_Task";
  static constexpr const char* responseElement = "vim25:DatastoreExitMaintenanceMode_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__DecodeLicenseRequestType> {
  using Response = ::_vim25__DecodeLicenseResponse;
  static constexpr const char* name = "DecodeLicense";
  static constexpr const char* element = "vim25:DecodeLicense";
  static constexpr const char* responseElement = "vim25:DecodeLicenseResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DefragmentAllDisksRequestType> {
  using Response = ::_vim25__DefragmentAllDisksResponse;
  static constexpr const char* name = "DefragmentAllDisks";
  static constexpr const char* element = "vim25:DefragmentAllDisks";
  static constexpr const char* responseElement = "vim25:DefragmentAllDisksResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DefragmentVirtualDiskRequestType> {
  using Response = ::_vim25__DefragmentVirtualDisk_USCORETaskResponse;
  static constexpr const char* name = "DefragmentVirtualDisk_Task";
  static constexpr const char* element = "vim25:DefragmentVirtualDisk_Task";
  static constexpr const char* responseElement = "vim25:DefragmentVirtualDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__DeleteDatastoreFileRequestType> {
  using Response = ::_vim25__DeleteDatastoreFile_USCORETaskResponse;
  static constexpr const char* name = "DeleteDatastoreFile_Task";
  static constexpr const char* element = "vim25:DeleteDatastoreFile_Task";
  static constexpr const char* responseElement = "vim25:DeleteDatastoreFile_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__DeleteDirectoryRequestType> {
  using Response = ::_vim25__DeleteDirectoryResponse;
  static constexpr const char* name = "DeleteDirectory";
  static constexpr const char* element = "vim25:DeleteDirectory";
  static constexpr const char* responseElement = "vim25:DeleteDirectoryResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DeleteFileRequestType> {
  using Response = ::_vim25__DeleteFileResponse;
  static constexpr const char* name = "DeleteFile";
  static constexpr const char* element = "vim25:DeleteFile";
  static constexpr const char* responseElement = "vim25:DeleteFileResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DeleteVirtualDiskRequestType> {
  using Response = ::_vim25__DeleteVirtualDisk_USCORETaskResponse;
  static constexpr const char* name = "DeleteVirtualDisk_Task";
  static constexpr const char* element = "vim25:DeleteVirtualDisk_Task";
  static constexpr const char* responseElement = "vim25:DeleteVirtualDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__DestroyChildrenRequestType> {
  using Response = ::_vim25__DestroyChildrenResponse;
  static constexpr const char* name = "DestroyChildren";
  static constexpr const char* element = "vim25:DestroyChildren";
  static constexpr const char* responseElement = "vim25:DestroyChildrenResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DestroyCollectorRequestType> {
  using Response = ::_vim25__DestroyCollectorResponse;
  static constexpr const char* name = "DestroyCollector";
  static constexpr const char* element = "vim25:DestroyCollector";
  static constexpr const char* responseElement = "vim25:DestroyCollectorResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DestroyDatastoreRequestType> {
  using Response = ::_vim25__DestroyDatastoreResponse;
  static constexpr const char* name = "DestroyDatastore";
  static constexpr const char* element = "vim25:DestroyDatastore";
  static constexpr const char* responseElement = "vim25:DestroyDatastoreResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DestroyNetworkRequestType> {
  using Response = ::_vim25__DestroyNetworkResponse;
  static constexpr const char* name = "DestroyNetwork";
  static constexpr const char* element = "vim25:DestroyNetwork";
  static constexpr const char* responseElement = "vim25:DestroyNetworkResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DestroyPropertyCollectorRequestType> {
  using Response = ::_vim25__DestroyPropertyCollectorResponse;
  static constexpr const char* name = "DestroyPropertyCollector";
  static constexpr const char* element = "vim25:DestroyPropertyCollector";
  static constexpr const char* responseElement = "vim25:DestroyPropertyCollectorResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DestroyPropertyFilterRequestType> {
  using Response = ::_vim25__DestroyPropertyFilterResponse;
  static constexpr const char* name = "DestroyPropertyFilter";
  static constexpr const char* element = "vim25:DestroyPropertyFilter";
  static constexpr const char* responseElement = "vim25:DestroyPropertyFilterResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DestroyViewRequestType> {
  using Response = ::_vim25__DestroyViewResponse;
  static constexpr const char* name = "DestroyView";
  static constexpr const char* element = "vim25:DestroyView";
  static constexpr const char* responseElement = "vim25:DestroyViewResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__DestroyRequestType> {
  using Response = ::_vim25__Destroy_USCORETaskResponse;
  static constexpr const char* name = "Destroy_Task";
  static constexpr const char* element = "vim25:Destroy_Task";
  static constexpr const char* responseElement = "vim25:Destroy_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__DetachDiskRequestType> {
  using Response = ::_vim25__DetachDisk_USCORETaskResponse;
  static constexpr const char* name = "DetachDisk_Task";
  static constexpr const char* element = "vim25:DetachDisk_Task";
  static constexpr const char* responseElement = "vim25:DetachDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__DisconnectHostRequestType> {
  using Response = ::_vim25__DisconnectHost_USCORETaskResponse;
  static constexpr const char* name = "DisconnectHost_Task";
  static constexpr const char* element = "vim25:DisconnectHost_Task";
  static constexpr const char* responseElement = "vim25:DisconnectHost_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__EagerZeroVirtualDiskRequestType> {
  using Response = ::_vim25__EagerZeroVirtualDisk_USCORETaskResponse;
  static constexpr const char* name = "EagerZeroVirtualDisk_Task";
  static constexpr const char* element = "vim25:EagerZeroVirtualDisk_Task";
  static constexpr const char* responseElement = "vim25:EagerZeroVirtualDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__EnableAlarmActionsRequestType> {
  using Response = ::_vim25__EnableAlarmActionsResponse;
  static constexpr const char* name = "EnableAlarmActions";
  static constexpr const char* element = "vim25:EnableAlarmActions";
  static constexpr const char* responseElement = "vim25:EnableAlarmActionsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__EnterMaintenanceModeRequestType> {
  using Response = ::_vim25__EnterMaintenanceMode_USCORETaskResponse;
  static constexpr const char* name = "EnterMaintenanceMode_Task";
  static constexpr const char* element = "vim25:EnterMaintenanceMode_Task";
  static constexpr const char* responseElement = "vim25:EnterMaintenanceMode_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__EstimateStorageForConsolidateSnapshotsRequestType> {
  using Response = ::_vim25__EstimateStorageForConsolidateSnapshots_USCORETaskResponse;
  static constexpr const char* name = "EstimateStorageForConsolidateSnapshots_Task";
  static constexpr const char* element = "vim25:EstimateStorageForConsolidateSnapshots_Task";
  static constexpr const char* responseElement = "vim25:EstimateStorageForConsolidateSnapshots_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ExitMaintenanceModeRequestType> {
  using Response = ::_vim25__ExitMaintenanceMode_USCORETaskResponse;
  static constexpr const char* name = "ExitMaintenanceMode_Task";
  static constexpr const char* element = "vim25:ExitMaintenanceMode_Task";
  static constexpr const char* responseElement = "vim25:ExitMaintenanceMode_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ExtendVirtualDiskRequestType> {
  using Response = ::_vim25__ExtendVirtualDisk_USCORETaskResponse;
  static constexpr const char* name = "ExtendVirtualDisk_Task";
  static constexpr const char* element = "vim25:ExtendVirtualDisk_Task";
  static constexpr const char* responseElement = "vim25:ExtendVirtualDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__FetchRequestType> {
  using Response = ::_vim25__FetchResponse;
  static constexpr const char* name = "Fetch";
  static constexpr const char* element = "vim25:Fetch";
  static constexpr const char* responseElement = "vim25:FetchResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FetchDVPortKeysRequestType> {
  using Response = ::_vim25__FetchDVPortKeysResponse;
  static constexpr const char* name = "FetchDVPortKeys";
  static constexpr const char* element = "vim25:FetchDVPortKeys";
  static constexpr const char* responseElement = "vim25:FetchDVPortKeysResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FetchDVPortsRequestType> {
  using Response = ::_vim25__FetchDVPortsResponse;
  static constexpr const char* name = "FetchDVPorts";
  static constexpr const char* element = "vim25:FetchDVPorts";
  static constexpr const char* responseElement = "vim25:FetchDVPortsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FetchUserPrivilegeOnEntitiesRequestType> {
  using Response = ::_vim25__FetchUserPrivilegeOnEntitiesResponse;
  static constexpr const char* name = "FetchUserPrivilegeOnEntities";
  static constexpr const char* element = "vim25:FetchUserPrivilegeOnEntities";
  static constexpr const char* responseElement = "vim25:FetchUserPrivilegeOnEntitiesResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindAllByDnsNameRequestType> {
  using Response = ::_vim25__FindAllByDnsNameResponse;
  static constexpr const char* name = "FindAllByDnsName";
  static constexpr const char* element = "vim25:FindAllByDnsName";
  static constexpr const char* responseElement = "vim25:FindAllByDnsNameResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindAllByIpRequestType> {
  using Response = ::_vim25__FindAllByIpResponse;
  static constexpr const char* name = "FindAllByIp";
  static constexpr const char* element = "vim25:FindAllByIp";
  static constexpr const char* responseElement = "vim25:FindAllByIpResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindAllByUuidRequestType> {
  using Response = ::_vim25__FindAllByUuidResponse;
  static constexpr const char* name = "FindAllByUuid";
  static constexpr const char* element = "vim25:FindAllByUuid";
  static constexpr const char* responseElement = "vim25:FindAllByUuidResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindByDatastorePathRequestType> {
  using Response = ::_vim25__FindByDatastorePathResponse;
  static constexpr const char* name = "FindByDatastorePath";
  static constexpr const char* element = "vim25:FindByDatastorePath";
  static constexpr const char* responseElement = "vim25:FindByDatastorePathResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindByDnsNameRequestType> {
  using Response = ::_vim25__FindByDnsNameResponse;
  static constexpr const char* name = "FindByDnsName";
  static constexpr const char* element = "vim25:FindByDnsName";
  static constexpr const char* responseElement = "vim25:FindByDnsNameResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindByInventoryPathRequestType> {
  using Response = ::_vim25__FindByInventoryPathResponse;
  static constexpr const char* name = "FindByInventoryPath";
  static constexpr const char* element = "vim25:FindByInventoryPath";
  static constexpr const char* responseElement = "vim25:FindByInventoryPathResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindByIpRequestType> {
  using Response = ::_vim25__FindByIpResponse;
  static constexpr const char* name = "FindByIp";
  static constexpr const char* element = "vim25:FindByIp";
  static constexpr const char* responseElement = "vim25:FindByIpResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindByUuidRequestType> {
  using Response = ::_vim25__FindByUuidResponse;
  static constexpr const char* name = "FindByUuid";
  static constexpr const char* element = "vim25:FindByUuid";
  static constexpr const char* responseElement = "vim25:FindByUuidResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindChildRequestType> {
  using Response = ::_vim25__FindChildResponse;
  static constexpr const char* name = "FindChild";
  static constexpr const char* element = "vim25:FindChild";
  static constexpr const char* responseElement = "vim25:FindChildResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindExtensionRequestType> {
  using Response = ::_vim25__FindExtensionResponse;
  static constexpr const char* name = "FindExtension";
  static constexpr const char* element = "vim25:FindExtension";
  static constexpr const char* responseElement = "vim25:FindExtensionResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__FindRulesForVmRequestType> {
  using Response = ::_vim25__FindRulesForVmResponse;
  static constexpr const char* name = "FindRulesForVm";
  static constexpr const char* element = "vim25:FindRulesForVm";
  static constexpr const char* responseElement = "vim25:FindRulesForVmResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__GetAlarmRequestType> {
  using Response = ::_vim25__GetAlarmResponse;
  static constexpr const char* name = "GetAlarm";
  static constexpr const char* element = "vim25:GetAlarm";
  static constexpr const char* responseElement = "vim25:GetAlarmResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__GetAlarmStateRequestType> {
  using Response = ::_vim25__GetAlarmStateResponse;
  static constexpr const char* name = "GetAlarmState";
  static constexpr const char* element = "vim25:GetAlarmState";
  static constexpr const char* responseElement = "vim25:GetAlarmStateResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__HasPrivilegeOnEntitiesRequestType> {
  using Response = ::_vim25__HasPrivilegeOnEntitiesResponse;
  static constexpr const char* name = "HasPrivilegeOnEntities";
  static constexpr const char* element = "vim25:HasPrivilegeOnEntities";
  static constexpr const char* responseElement = "vim25:HasPrivilegeOnEntitiesResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__HasPrivilegeOnEntityRequestType> {
  using Response = ::_vim25__HasPrivilegeOnEntityResponse;
  static constexpr const char* name = "HasPrivilegeOnEntity";
  static constexpr const char* element = "vim25:HasPrivilegeOnEntity";
  static constexpr const char* responseElement = "vim25:HasPrivilegeOnEntityResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__HasUserPrivilegeOnEntitiesRequestType> {
  using Response = ::_vim25__HasUserPrivilegeOnEntitiesResponse;
  static constexpr const char* name = "HasUserPrivilegeOnEntities";
  static constexpr const char* element = "vim25:HasUserPrivilegeOnEntities";
  static constexpr const char* responseElement = "vim25:HasUserPrivilegeOnEntitiesResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ImpersonateUserRequestType> {
  using Response = ::_vim25__ImpersonateUserResponse;
  static constexpr const char* name = "ImpersonateUser";
  static constexpr const char* element = "vim25:ImpersonateUser";
  static constexpr const char* responseElement = "vim25:ImpersonateUserResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__InflateVirtualDiskRequestType> {
  using Response = ::_vim25__InflateVirtualDisk_USCORETaskResponse;
  static constexpr const char* name = "InflateVirtualDisk_Task";
  static constexpr const char* element = "vim25:InflateVirtualDisk_Task";
  static constexpr const char* responseElement = "vim25:InflateVirtualDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__LogUserEventRequestType> {
  using Response = ::_vim25__LogUserEventResponse;
  static constexpr const char* name = "LogUserEvent";
  static constexpr const char* element = "vim25:LogUserEvent";
  static constexpr const char* responseElement = "vim25:LogUserEventResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__LoginRequestType> {
  using Response = ::_vim25__LoginResponse;
  static constexpr const char* name = "Login";
  static constexpr const char* element = "vim25:Login";
  static constexpr const char* responseElement = "vim25:LoginResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__LoginByTokenRequestType> {
  using Response = ::_vim25__LoginByTokenResponse;
  static constexpr const char* name = "LoginByToken";
  static constexpr const char* element = "vim25:LoginByToken";
  static constexpr const char* responseElement = "vim25:LoginByTokenResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__LoginExtensionByCertificateRequestType> {
  using Response = ::_vim25__LoginExtensionByCertificateResponse;
  static constexpr const char* name = "LoginExtensionByCertificate";
  static constexpr const char* element = "vim25:LoginExtensionByCertificate";
  static constexpr const char* responseElement = "vim25:LoginExtensionByCertificateResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__LogoutRequestType> {
  using Response = ::_vim25__LogoutResponse;
  static constexpr const char* name = "Logout";
  static constexpr const char* element = "vim25:Logout";
  static constexpr const char* responseElement = "vim25:LogoutResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__MakeDirectoryRequestType> {
  using Response = ::_vim25__MakeDirectoryResponse;
  static constexpr const char* name = "MakeDirectory";
  static constexpr const char* element = "vim25:MakeDirectory";
  static constexpr const char* responseElement = "vim25:MakeDirectoryResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__MarkAsTemplateRequestType> {
  using Response = ::_vim25__MarkAsTemplateResponse;
  static constexpr const char* name = "MarkAsTemplate";
  static constexpr const char* element = "vim25:MarkAsTemplate";
  static constexpr const char* responseElement = "vim25:MarkAsTemplateResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__MarkAsVirtualMachineRequestType> {
  using Response = ::_vim25__MarkAsVirtualMachineResponse;
  static constexpr const char* name = "MarkAsVirtualMachine";
  static constexpr const char* element = "vim25:MarkAsVirtualMachine";
  static constexpr const char* responseElement = "vim25:MarkAsVirtualMachineResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__MergePermissionsRequestType> {
  using Response = ::_vim25__MergePermissionsResponse;
  static constexpr const char* name = "MergePermissions";
  static constexpr const char* element = "vim25:MergePermissions";
  static constexpr const char* responseElement = "vim25:MergePermissionsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__MigrateVMRequestType> {
  using Response = ::_vim25__MigrateVM_USCORETaskResponse;
  static constexpr const char* name = "MigrateVM_Task";
  static constexpr const char* element = "vim25:MigrateVM_Task";
  static constexpr const char* responseElement = "vim25:MigrateVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ModifyListViewRequestType> {
  using Response = ::_vim25__ModifyListViewResponse;
  static constexpr const char* name = "ModifyListView";
  static constexpr const char* element = "vim25:ModifyListView";
  static constexpr const char* responseElement = "vim25:ModifyListViewResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__MountToolsInstallerRequestType> {
  using Response = ::_vim25__MountToolsInstallerResponse;
  static constexpr const char* name = "MountToolsInstaller";
  static constexpr const char* element = "vim25:MountToolsInstaller";
  static constexpr const char* responseElement = "vim25:MountToolsInstallerResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__MountVmfsVolumeRequestType> {
  using Response = ::_vim25__MountVmfsVolumeResponse;
  static constexpr const char* name = "MountVmfsVolume";
  static constexpr const char* element = "vim25:MountVmfsVolume";
  static constexpr const char* responseElement = "vim25:MountVmfsVolumeResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__MoveDatastoreFileRequestType> {
  using Response = ::_vim25__MoveDatastoreFile_USCORETaskResponse;
  static constexpr const char* name = "MoveDatastoreFile_Task";
  static constexpr const char* element = "vim25:MoveDatastoreFile_Task";
  static constexpr const char* responseElement = "vim25:MoveDatastoreFile_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__MoveHostIntoRequestType> {
  using Response = ::_vim25__MoveHostInto_USCORETaskResponse;
  static constexpr const char* name = "MoveHostInto_Task";
  static constexpr const char* element = "vim25:MoveHostInto_Task";
  static constexpr const char* responseElement = "vim25:MoveHostInto_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__MoveIntoFolderRequestType> {
  using Response = ::_vim25__MoveIntoFolder_USCORETaskResponse;
  static constexpr const char* name = "MoveIntoFolder_Task";
  static constexpr const char* element = "vim25:MoveIntoFolder_Task";
  static constexpr const char* responseElement = "vim25:MoveIntoFolder_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__MoveIntoResourcePoolRequestType> {
  using Response = ::_vim25__MoveIntoResourcePoolResponse;
  static constexpr const char* name = "MoveIntoResourcePool";
  static constexpr const char* element = "vim25:MoveIntoResourcePool";
  static constexpr const char* responseElement = "vim25:MoveIntoResourcePoolResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__MoveIntoRequestType> {
  using Response = ::_vim25__MoveInto_USCORETaskResponse;
  static constexpr const char* name = "MoveInto_Task";
  static constexpr const char* element = "vim25:MoveInto_Task";
  static constexpr const char* responseElement = "vim25:MoveInto_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__MoveVirtualDiskRequestType> {
  using Response = ::_vim25__MoveVirtualDisk_USCORETaskResponse;
  static constexpr const char* name = "MoveVirtualDisk_Task";
  static constexpr const char* element = "vim25:MoveVirtualDisk_Task";
  static constexpr const char* responseElement = "vim25:MoveVirtualDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__OpenInventoryViewFolderRequestType> {
  using Response = ::_vim25__OpenInventoryViewFolderResponse;
  static constexpr const char* name = "OpenInventoryViewFolder";
  static constexpr const char* element = "vim25:OpenInventoryViewFolder";
  static constexpr const char* responseElement = "vim25:OpenInventoryViewFolderResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__PostEventRequestType> {
  using Response = ::_vim25__PostEventResponse;
  static constexpr const char* name = "PostEvent";
  static constexpr const char* element = "vim25:PostEvent";
  static constexpr const char* responseElement = "vim25:PostEventResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__PowerDownHostToStandByRequestType> {
  using Response = ::_vim25__PowerDownHostToStandBy_USCORETaskResponse;
  static constexpr const char* name = "PowerDownHostToStandBy_Task";
  static constexpr const char* element = "vim25:PowerDownHostToStandBy_Task";
  static constexpr const char* responseElement = "vim25:PowerDownHostToStandBy_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__PowerOffVAppRequestType> {
  using Response = ::_vim25__PowerOffVApp_USCORETaskResponse;
  static constexpr const char* name = "PowerOffVApp_Task";
  static constexpr const char* element = "vim25:PowerOffVApp_Task";
  static constexpr const char* responseElement = "vim25:PowerOffVApp_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__PowerOffVMRequestType> {
  using Response = ::_vim25__PowerOffVM_USCORETaskResponse;
  static constexpr const char* name = "PowerOffVM_Task";
  static constexpr const char* element = "vim25:PowerOffVM_Task";
  static constexpr const char* responseElement = "vim25:PowerOffVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__PowerOnMultiVMRequestType> {
  using Response = ::_vim25__PowerOnMultiVM_USCORETaskResponse;
  static constexpr const char* name = "PowerOnMultiVM_Task";
  static constexpr const char* element = "vim25:PowerOnMultiVM_Task";
  static constexpr const char* responseElement = "vim25:PowerOnMultiVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__PowerOnVAppRequestType> {
  using Response = ::_vim25__PowerOnVApp_USCORETaskResponse;
  static constexpr const char* name = "PowerOnVApp_Task";
  static constexpr const char* element = "vim25:PowerOnVApp_Task";
  static constexpr const char* responseElement = "vim25:PowerOnVApp_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__PowerOnVMRequestType> {
  using Response = ::_vim25__PowerOnVM_USCORETaskResponse;
  static constexpr const char* name = "PowerOnVM_Task";
  static constexpr const char* element = "vim25:PowerOnVM_Task";
  static constexpr const char* responseElement = "vim25:PowerOnVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__PowerUpHostFromStandByRequestType> {
  using Response = ::_vim25__PowerUpHostFromStandBy_USCORETaskResponse;
  static constexpr const char* name = "PowerUpHostFromStandBy_Task";
  static constexpr const char* element = "vim25:PowerUpHostFromStandBy_Task";
  static constexpr const char* responseElement = "vim25:PowerUpHostFromStandBy_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__PromoteDisksRequestType> {
  using Response = ::_vim25__PromoteDisks_USCORETaskResponse;
  static constexpr const char* name = "PromoteDisks_Task";
  static constexpr const char* element = "vim25:PromoteDisks_Task";
  static constexpr const char* responseElement = "vim25:PromoteDisks_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__QueryAssignedLicensesRequestType> {
  using Response = ::_vim25__QueryAssignedLicensesResponse;
  static constexpr const char* name = "QueryAssignedLicenses";
  static constexpr const char* element = "vim25:QueryAssignedLicenses";
  static constexpr const char* responseElement = "vim25:QueryAssignedLicensesResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryAvailablePerfMetricRequestType> {
  using Response = ::_vim25__QueryAvailablePerfMetricResponse;
  static constexpr const char* name = "QueryAvailablePerfMetric";
  static constexpr const char* element = "vim25:QueryAvailablePerfMetric";
  static constexpr const char* responseElement = "vim25:QueryAvailablePerfMetricResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryChangedDiskAreasRequestType> {
  using Response = ::_vim25__QueryChangedDiskAreasResponse;
  static constexpr const char* name = "QueryChangedDiskAreas";
  static constexpr const char* element = "vim25:QueryChangedDiskAreas";
  static constexpr const char* responseElement = "vim25:QueryChangedDiskAreasResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryConfigOptionRequestType> {
  using Response = ::_vim25__QueryConfigOptionResponse;
  static constexpr const char* name = "QueryConfigOption";
  static constexpr const char* element = "vim25:QueryConfigOption";
  static constexpr const char* responseElement = "vim25:QueryConfigOptionResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryConfigOptionDescriptorRequestType> {
  using Response = ::_vim25__QueryConfigOptionDescriptorResponse;
  static constexpr const char* name = "QueryConfigOptionDescriptor";
  static constexpr const char* element = "vim25:QueryConfigOptionDescriptor";
  static constexpr const char* responseElement = "vim25:QueryConfigOptionDescriptorResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryConfigOptionExRequestType> {
  using Response = ::_vim25__QueryConfigOptionExResponse;
  static constexpr const char* name = "QueryConfigOptionEx";
  static constexpr const char* element = "vim25:QueryConfigOptionEx";
  static constexpr const char* responseElement = "vim25:QueryConfigOptionExResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryConfigTargetRequestType> {
  using Response = ::_vim25__QueryConfigTargetResponse;
  static constexpr const char* name = "QueryConfigTarget";
  static constexpr const char* element = "vim25:QueryConfigTarget";
  static constexpr const char* responseElement = "vim25:QueryConfigTargetResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryDateTimeRequestType> {
  using Response = ::_vim25__QueryDateTimeResponse;
  static constexpr const char* name = "QueryDateTime";
  static constexpr const char* element = "vim25:QueryDateTime";
  static constexpr const char* responseElement = "vim25:QueryDateTimeResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryDvsByUuidRequestType> {
  using Response = ::_vim25__QueryDvsByUuidResponse;
  static constexpr const char* name = "QueryDvsByUuid";
  static constexpr const char* element = "vim25:QueryDvsByUuid";
  static constexpr const char* responseElement = "vim25:QueryDvsByUuidResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryEventsRequestType> {
  using Response = ::_vim25__QueryEventsResponse;
  static constexpr const char* name = "QueryEvents";
  static constexpr const char* element = "vim25:QueryEvents";
  static constexpr const char* responseElement = "vim25:QueryEventsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryFileLockInfoRequestType> {
  using Response = ::_vim25__QueryFileLockInfoResponse;
  static constexpr const char* name = "QueryFileLockInfo";
  static constexpr const char* element = "vim25:QueryFileLockInfo";
  static constexpr const char* responseElement = "vim25:QueryFileLockInfoResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryManagedByRequestType> {
  using Response = ::_vim25__QueryManagedByResponse;
  static constexpr const char* name = "QueryManagedBy";
  static constexpr const char* element = "vim25:QueryManagedBy";
  static constexpr const char* responseElement = "vim25:QueryManagedByResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryMemoryOverheadRequestType> {
  using Response = ::_vim25__QueryMemoryOverheadResponse;
  static constexpr const char* name = "QueryMemoryOverhead";
  static constexpr const char* element = "vim25:QueryMemoryOverhead";
  static constexpr const char* responseElement = "vim25:QueryMemoryOverheadResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryNetworkHintRequestType> {
  using Response = ::_vim25__QueryNetworkHintResponse;
  static constexpr const char* name = "QueryNetworkHint";
  static constexpr const char* element = "vim25:QueryNetworkHint";
  static constexpr const char* responseElement = "vim25:QueryNetworkHintResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryOptionsRequestType> {
  using Response = ::_vim25__QueryOptionsResponse;
  static constexpr const char* name = "QueryOptions";
  static constexpr const char* element = "vim25:QueryOptions";
  static constexpr const char* responseElement = "vim25:QueryOptionsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryPerfRequestType> {
  using Response = ::_vim25__QueryPerfResponse;
  static constexpr const char* name = "QueryPerf";
  static constexpr const char* element = "vim25:QueryPerf";
  static constexpr const char* responseElement = "vim25:QueryPerfResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryPerfCounterRequestType> {
  using Response = ::_vim25__QueryPerfCounterResponse;
  static constexpr const char* name = "QueryPerfCounter";
  static constexpr const char* element = "vim25:QueryPerfCounter";
  static constexpr const char* responseElement = "vim25:QueryPerfCounterResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryPerfProviderSummaryRequestType> {
  using Response = ::_vim25__QueryPerfProviderSummaryResponse;
  static constexpr const char* name = "QueryPerfProviderSummary";
  static constexpr const char* element = "vim25:QueryPerfProviderSummary";
  static constexpr const char* responseElement = "vim25:QueryPerfProviderSummaryResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryServiceListRequestType> {
  using Response = ::_vim25__QueryServiceListResponse;
  static constexpr const char* name = "QueryServiceList";
  static constexpr const char* element = "vim25:QueryServiceList";
  static constexpr const char* responseElement = "vim25:QueryServiceListResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryTargetCapabilitiesRequestType> {
  using Response = ::_vim25__QueryTargetCapabilitiesResponse;
  static constexpr const char* name = "QueryTargetCapabilities";
  static constexpr const char* element = "vim25:QueryTargetCapabilities";
  static constexpr const char* responseElement = "vim25:QueryTargetCapabilitiesResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryTpmAttestationReportRequestType> {
  using Response = ::_vim25__QueryTpmAttestationReportResponse;
  static constexpr const char* name = "QueryTpmAttestationReport";
  static constexpr const char* element = "vim25:QueryTpmAttestationReport";
  static constexpr const char* responseElement = "vim25:QueryTpmAttestationReportResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryUnownedFilesRequestType> {
  using Response = ::_vim25__QueryUnownedFilesResponse;
  static constexpr const char* name = "QueryUnownedFiles";
  static constexpr const char* element = "vim25:QueryUnownedFiles";
  static constexpr const char* responseElement = "vim25:QueryUnownedFilesResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryVirtualDiskFragmentationRequestType> {
  using Response = ::_vim25__QueryVirtualDiskFragmentationResponse;
  static constexpr const char* name = "QueryVirtualDiskFragmentation";
  static constexpr const char* element = "vim25:QueryVirtualDiskFragmentation";
  static constexpr const char* responseElement = "vim25:QueryVirtualDiskFragmentationResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryVirtualDiskGeometryRequestType> {
  using Response = ::_vim25__QueryVirtualDiskGeometryResponse;
  static constexpr const char* name = "QueryVirtualDiskGeometry";
  static constexpr const char* element = "vim25:QueryVirtualDiskGeometry";
  static constexpr const char* responseElement = "vim25:QueryVirtualDiskGeometryResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__QueryVirtualDiskUuidRequestType> {
  using Response = ::_vim25__QueryVirtualDiskUuidResponse;
  static constexpr const char* name = "QueryVirtualDiskUuid";
  static constexpr const char* element = "vim25:QueryVirtualDiskUuid";
  static constexpr const char* responseElement = "vim25:QueryVirtualDiskUuidResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ReadNextEventsRequestType> {
  using Response = ::_vim25__ReadNextEventsResponse;
  static constexpr const char* name = "ReadNextEvents";
  static constexpr const char* element = "vim25:ReadNextEvents";
  static constexpr const char* responseElement = "vim25:ReadNextEventsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ReadNextTasksRequestType> {
  using Response = ::_vim25__ReadNextTasksResponse;
  static constexpr const char* name = "ReadNextTasks";
  static constexpr const char* element = "vim25:ReadNextTasks";
  static constexpr const char* responseElement = "vim25:ReadNextTasksResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ReadPreviousEventsRequestType> {
  using Response = ::_vim25__ReadPreviousEventsResponse;
  static constexpr const char* name = "ReadPreviousEvents";
  static constexpr const char* element = "vim25:ReadPreviousEvents";
  static constexpr const char* responseElement = "vim25:ReadPreviousEventsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ReadPreviousTasksRequestType> {
  using Response = ::_vim25__ReadPreviousTasksResponse;
  static constexpr const char* name = "ReadPreviousTasks";
  static constexpr const char* element = "vim25:ReadPreviousTasks";
  static constexpr const char* responseElement = "vim25:ReadPreviousTasksResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RebootGuestRequestType> {
  using Response = ::_vim25__RebootGuestResponse;
  static constexpr const char* name = "RebootGuest";
  static constexpr const char* element = "vim25:RebootGuest";
  static constexpr const char* responseElement = "vim25:RebootGuestResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RebootHostRequestType> {
  using Response = ::_vim25__RebootHost_USCORETaskResponse;
  static constexpr const char* name = "RebootHost_Task";
  static constexpr const char* element = "vim25:RebootHost_Task";
  static constexpr const char* responseElement = "vim25:RebootHost_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__RecommendDatastoresRequestType> {
  using Response = ::_vim25__RecommendDatastoresResponse;
  static constexpr const char* name = "RecommendDatastores";
  static constexpr const char* element = "vim25:RecommendDatastores";
  static constexpr const char* responseElement = "vim25:RecommendDatastoresResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ReconfigVMRequestType> {
  using Response = ::_vim25__ReconfigVM_USCORETaskResponse;
  static constexpr const char* name = "ReconfigVM_Task";
  static constexpr const char* element = "vim25:ReconfigVM_Task";
  static constexpr const char* responseElement = "vim25:ReconfigVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ReconfigureAutostartRequestType> {
  using Response = ::_vim25__ReconfigureAutostartResponse;
  static constexpr const char* name = "ReconfigureAutostart";
  static constexpr const char* element = "vim25:ReconfigureAutostart";
  static constexpr const char* responseElement = "vim25:ReconfigureAutostartResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ReconfigureClusterRequestType> {
  using Response = ::_vim25__ReconfigureCluster_USCORETaskResponse;
  static constexpr const char* name = "ReconfigureCluster_Task";
  static constexpr const char* element = "vim25:ReconfigureCluster_Task";
  static constexpr const char* responseElement = "vim25:ReconfigureCluster_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ReconfigureComputeResourceRequestType> {
  using Response = ::_vim25__ReconfigureComputeResource_USCORETaskResponse;
  static constexpr const char* name = "ReconfigureComputeResource_Task";
  static constexpr const char* element = "vim25:ReconfigureComputeResource_Task";
  static constexpr const char* responseElement = "vim25:ReconfigureComputeResource_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ReconfigureDatacenterRequestType> {
  using Response = ::_vim25__ReconfigureDatacenter_USCORETaskResponse;
  static constexpr const char* name = "ReconfigureDatacenter_Task";
  static constexpr const char* element = "vim25:ReconfigureDatacenter_Task";
  static constexpr const char* responseElement = "vim25:ReconfigureDatacenter_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ReconnectHostRequestType> {
  using Response = ::_vim25__ReconnectHost_USCORETaskResponse;
  static constexpr const char* name = "ReconnectHost_Task";
  static constexpr const char* element = "vim25:ReconnectHost_Task";
  static constexpr const char* responseElement = "vim25:ReconnectHost_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__RefreshDatastoreRequestType> {
  using Response = ::_vim25__RefreshDatastoreResponse;
  static constexpr const char* name = "RefreshDatastore";
  static constexpr const char* element = "vim25:RefreshDatastore";
  static constexpr const char* responseElement = "vim25:RefreshDatastoreResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RefreshDatastoreStorageInfoRequestType> {
  using Response = ::_vim25__RefreshDatastoreStorageInfoResponse;
  static constexpr const char* name = "RefreshDatastoreStorageInfo";
  static constexpr const char* element = "vim25:RefreshDatastoreStorageInfo";
  static constexpr const char* responseElement = "vim25:RefreshDatastoreStorageInfoResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RefreshRecommendationRequestType> {
  using Response = ::_vim25__RefreshRecommendationResponse;
  static constexpr const char* name = "RefreshRecommendation";
  static constexpr const char* element = "vim25:RefreshRecommendation";
  static constexpr const char* responseElement = "vim25:RefreshRecommendationResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RefreshRuntimeRequestType> {
  using Response = ::_vim25__RefreshRuntimeResponse;
  static constexpr const char* name = "RefreshRuntime";
  static constexpr const char* element = "vim25:RefreshRuntime";
  static constexpr const char* responseElement = "vim25:RefreshRuntimeResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RefreshStorageDrsRecommendationRequestType> {
  using Response = ::_vim25__RefreshStorageDrsRecommendationResponse;
  static constexpr const char* name = "RefreshStorageDrsRecommendation";
  static constexpr const char* element = "vim25:RefreshStorageDrsRecommendation";
  static constexpr const char* responseElement = "vim25:RefreshStorageDrsRecommendationResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RefreshStorageInfoRequestType> {
  using Response = ::_vim25__RefreshStorageInfoResponse;
  static constexpr const char* name = "RefreshStorageInfo";
  static constexpr const char* element = "vim25:RefreshStorageInfo";
  static constexpr const char* responseElement = "vim25:RefreshStorageInfoResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RefreshStorageSystemRequestType> {
  using Response = ::_vim25__RefreshStorageSystemResponse;
  static constexpr const char* name = "RefreshStorageSystem";
  static constexpr const char* element = "vim25:RefreshStorageSystem";
  static constexpr const char* responseElement = "vim25:RefreshStorageSystemResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RegisterChildVMRequestType> {
  using Response = ::_vim25__RegisterChildVM_USCORETaskResponse;
  static constexpr const char* name = "RegisterChildVM_Task";
  static constexpr const char* element = "vim25:RegisterChildVM_Task";
  static constexpr const char* responseElement = "vim25:RegisterChildVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__RegisterExtensionRequestType> {
  using Response = ::_vim25__RegisterExtensionResponse;
  static constexpr const char* name = "RegisterExtension";
  static constexpr const char* element = "vim25:RegisterExtension";
  static constexpr const char* responseElement = "vim25:RegisterExtensionResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RegisterVMRequestType> {
  using Response = ::_vim25__RegisterVM_USCORETaskResponse;
  static constexpr const char* name = "RegisterVM_Task";
  static constexpr const char* element = "vim25:RegisterVM_Task";
  static constexpr const char* responseElement = "vim25:RegisterVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ReloadRequestType> {
  using Response = ::_vim25__ReloadResponse;
  static constexpr const char* name = "Reload";
  static constexpr const char* element = "vim25:Reload";
  static constexpr const char* responseElement = "vim25:ReloadResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RelocateVMRequestType> {
  using Response = ::_vim25__RelocateVM_USCORETaskResponse;
  static constexpr const char* name = "RelocateVM_Task";
  static constexpr const char* element = "vim25:RelocateVM_Task";
  static constexpr const char* responseElement = "vim25:RelocateVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__RemoveAllSnapshotsRequestType> {
  using Response = ::_vim25__RemoveAllSnapshots_USCORETaskResponse;
  static constexpr const char* name = "RemoveAllSnapshots_Task";
  static constexpr const char* element = "vim25:RemoveAllSnapshots_Task";
  static constexpr const char* responseElement = "vim25:RemoveAllSnapshots_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__RemoveAssignedLicenseRequestType> {
  using Response = ::_vim25__RemoveAssignedLicenseResponse;
  static constexpr const char* name = "RemoveAssignedLicense";
  static constexpr const char* element = "vim25:RemoveAssignedLicense";
  static constexpr const char* responseElement = "vim25:RemoveAssignedLicenseResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RemoveAuthorizationRoleRequestType> {
  using Response = ::_vim25__RemoveAuthorizationRoleResponse;
  static constexpr const char* name = "RemoveAuthorizationRole";
  static constexpr const char* element = "vim25:RemoveAuthorizationRole";
  static constexpr const char* responseElement = "vim25:RemoveAuthorizationRoleResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RemoveCustomFieldDefRequestType> {
  using Response = ::_vim25__RemoveCustomFieldDefResponse;
  static constexpr const char* name = "RemoveCustomFieldDef";
  static constexpr const char* element = "vim25:RemoveCustomFieldDef";
  static constexpr const char* responseElement = "vim25:RemoveCustomFieldDefResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RemoveDatastoreRequestType> {
  using Response = ::_vim25__RemoveDatastoreResponse;
  static constexpr const char* name = "RemoveDatastore";
  static constexpr const char* element = "vim25:RemoveDatastore";
  static constexpr const char* responseElement = "vim25:RemoveDatastoreResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RemoveEntityPermissionRequestType> {
  using Response = ::_vim25__RemoveEntityPermissionResponse;
  static constexpr const char* name = "RemoveEntityPermission";
  static constexpr const char* element = "vim25:RemoveEntityPermission";
  static constexpr const char* responseElement = "vim25:RemoveEntityPermissionResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RemoveLicenseRequestType> {
  using Response = ::_vim25__RemoveLicenseResponse;
  static constexpr const char* name = "RemoveLicense";
  static constexpr const char* element = "vim25:RemoveLicense";
  static constexpr const char* responseElement = "vim25:RemoveLicenseResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RemoveLicenseLabelRequestType> {
  using Response = ::_vim25__RemoveLicenseLabelResponse;
  static constexpr const char* name = "RemoveLicenseLabel";
  static constexpr const char* element = "vim25:RemoveLicenseLabel";
  static constexpr const char* responseElement = "vim25:RemoveLicenseLabelResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RemoveScheduledTaskRequestType> {
  using Response = ::_vim25__RemoveScheduledTaskResponse;
  static constexpr const char* name = "RemoveScheduledTask";
  static constexpr const char* element = "vim25:RemoveScheduledTask";
  static constexpr const char* responseElement = "vim25:RemoveScheduledTaskResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RemoveSnapshotRequestType> {
  using Response = ::_vim25__RemoveSnapshot_USCORETaskResponse;
  static constexpr const char* name = "RemoveSnapshot_Task";
  static constexpr const char* element = "vim25:RemoveSnapshot_Task";
  static constexpr const char* responseElement = "vim25:RemoveSnapshot_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__RenameCustomFieldDefRequestType> {
  using Response = ::_vim25__RenameCustomFieldDefResponse;
  static constexpr const char* name = "RenameCustomFieldDef";
  static constexpr const char* element = "vim25:RenameCustomFieldDef";
  static constexpr const char* responseElement = "vim25:RenameCustomFieldDefResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RenameDatastoreRequestType> {
  using Response = ::_vim25__RenameDatastoreResponse;
  static constexpr const char* name = "RenameDatastore";
  static constexpr const char* element = "vim25:RenameDatastore";
  static constexpr const char* responseElement = "vim25:RenameDatastoreResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RenameSnapshotRequestType> {
  using Response = ::_vim25__RenameSnapshotResponse;
  static constexpr const char* name = "RenameSnapshot";
  static constexpr const char* element = "vim25:RenameSnapshot";
  static constexpr const char* responseElement = "vim25:RenameSnapshotResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RenameRequestType> {
  using Response = ::_vim25__Rename_USCORETaskResponse;
  static constexpr const char* name = "Rename_Task";
  static constexpr const char* element = "vim25:Rename_Task";
  static constexpr const char* responseElement = "vim25:Rename_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__RescanAllHbaRequestType> {
  using Response = ::_vim25__RescanAllHbaResponse;
  static constexpr const char* name = "RescanAllHba";
  static constexpr const char* element = "vim25:RescanAllHba";
  static constexpr const char* responseElement = "vim25:RescanAllHbaResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RescanVmfsRequestType> {
  using Response = ::_vim25__RescanVmfsResponse;
  static constexpr const char* name = "RescanVmfs";
  static constexpr const char* element = "vim25:RescanVmfs";
  static constexpr const char* responseElement = "vim25:RescanVmfsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ResetCollectorRequestType> {
  using Response = ::_vim25__ResetCollectorResponse;
  static constexpr const char* name = "ResetCollector";
  static constexpr const char* element = "vim25:ResetCollector";
  static constexpr const char* responseElement = "vim25:ResetCollectorResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ResetEntityPermissionsRequestType> {
  using Response = ::_vim25__ResetEntityPermissionsResponse;
  static constexpr const char* name = "ResetEntityPermissions";
  static constexpr const char* element = "vim25:ResetEntityPermissions";
  static constexpr const char* responseElement = "vim25:ResetEntityPermissionsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ResetGuestInformationRequestType> {
  using Response = ::_vim25__ResetGuestInformationResponse;
  static constexpr const char* name = "ResetGuestInformation";
  static constexpr const char* element = "vim25:ResetGuestInformation";
  static constexpr const char* responseElement = "vim25:ResetGuestInformationResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ResetListViewRequestType> {
  using Response = ::_vim25__ResetListViewResponse;
  static constexpr const char* name = "ResetListView";
  static constexpr const char* element = "vim25:ResetListView";
  static constexpr const char* responseElement = "vim25:ResetListViewResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ResetListViewFromViewRequestType> {
  using Response = ::_vim25__ResetListViewFromViewResponse;
  static constexpr const char* name = "ResetListViewFromView";
  static constexpr const char* element = "vim25:ResetListViewFromView";
  static constexpr const char* responseElement = "vim25:ResetListViewFromViewResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ResetVMRequestType> {
  using Response = ::_vim25__ResetVM_USCORETaskResponse;
  static constexpr const char* name = "ResetVM_Task";
  static constexpr const char* element = "vim25:ResetVM_Task";
  static constexpr const char* responseElement = "vim25:ResetVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__RetrieveAllPermissionsRequestType> {
  using Response = ::_vim25__RetrieveAllPermissionsResponse;
  static constexpr const char* name = "RetrieveAllPermissions";
  static constexpr const char* element = "vim25:RetrieveAllPermissions";
  static constexpr const char* responseElement = "vim25:RetrieveAllPermissionsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrieveArgumentDescriptionRequestType> {
  using Response = ::_vim25__RetrieveArgumentDescriptionResponse;
  static constexpr const char* name = "RetrieveArgumentDescription";
  static constexpr const char* element = "vim25:RetrieveArgumentDescription";
  static constexpr const char* responseElement = "vim25:RetrieveArgumentDescriptionResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrieveEntityPermissionsRequestType> {
  using Response = ::_vim25__RetrieveEntityPermissionsResponse;
  static constexpr const char* name = "RetrieveEntityPermissions";
  static constexpr const char* element = "vim25:RetrieveEntityPermissions";
  static constexpr const char* responseElement = "vim25:RetrieveEntityPermissionsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrieveEntityScheduledTaskRequestType> {
  using Response = ::_vim25__RetrieveEntityScheduledTaskResponse;
  static constexpr const char* name = "RetrieveEntityScheduledTask";
  static constexpr const char* element = "vim25:RetrieveEntityScheduledTask";
  static constexpr const char* responseElement = "vim25:RetrieveEntityScheduledTaskResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrieveHardwareUptimeRequestType> {
  using Response = ::_vim25__RetrieveHardwareUptimeResponse;
  static constexpr const char* name = "RetrieveHardwareUptime";
  static constexpr const char* element = "vim25:RetrieveHardwareUptime";
  static constexpr const char* responseElement = "vim25:RetrieveHardwareUptimeResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrieveObjectScheduledTaskRequestType> {
  using Response = ::_vim25__RetrieveObjectScheduledTaskResponse;
  static constexpr const char* name = "RetrieveObjectScheduledTask";
  static constexpr const char* element = "vim25:RetrieveObjectScheduledTask";
  static constexpr const char* responseElement = "vim25:RetrieveObjectScheduledTaskResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrieveProductComponentsRequestType> {
  using Response = ::_vim25__RetrieveProductComponentsResponse;
  static constexpr const char* name = "RetrieveProductComponents";
  static constexpr const char* element = "vim25:RetrieveProductComponents";
  static constexpr const char* responseElement = "vim25:RetrieveProductComponentsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrievePropertiesRequestType> {
  using Response = ::_vim25__RetrievePropertiesResponse;
  static constexpr const char* name = "RetrieveProperties";
  static constexpr const char* element = "vim25:RetrieveProperties";
  static constexpr const char* responseElement = "vim25:RetrievePropertiesResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrievePropertiesExRequestType> {
  using Response = ::_vim25__RetrievePropertiesExResponse;
  static constexpr const char* name = "RetrievePropertiesEx";
  static constexpr const char* element = "vim25:RetrievePropertiesEx";
  static constexpr const char* responseElement = "vim25:RetrievePropertiesExResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrieveRolePermissionsRequestType> {
  using Response = ::_vim25__RetrieveRolePermissionsResponse;
  static constexpr const char* name = "RetrieveRolePermissions";
  static constexpr const char* element = "vim25:RetrieveRolePermissions";
  static constexpr const char* responseElement = "vim25:RetrieveRolePermissionsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrieveServiceContentRequestType> {
  using Response = ::_vim25__RetrieveServiceContentResponse;
  static constexpr const char* name = "RetrieveServiceContent";
  static constexpr const char* element = "vim25:RetrieveServiceContent";
  static constexpr const char* responseElement = "vim25:RetrieveServiceContentResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RetrieveUserGroupsRequestType> {
  using Response = ::_vim25__RetrieveUserGroupsResponse;
  static constexpr const char* name = "RetrieveUserGroups";
  static constexpr const char* element = "vim25:RetrieveUserGroups";
  static constexpr const char* responseElement = "vim25:RetrieveUserGroupsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RevertToCurrentSnapshotRequestType> {
  using Response = ::_vim25__RevertToCurrentSnapshot_USCORETaskResponse;
  static constexpr const char* name = "RevertToCurrentSnapshot_Task";
  static constexpr const char* element = "vim25:RevertToCurrentSnapshot_Task";
  static constexpr const char* responseElement = "vim25:RevertToCurrentSnapshot_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__RevertToSnapshotRequestType> {
  using Response = ::_vim25__RevertToSnapshot_USCORETaskResponse;
  static constexpr const char* name = "RevertToSnapshot_Task";
  static constexpr const char* element = "vim25:RevertToSnapshot_Task";
  static constexpr const char* responseElement = "vim25:RevertToSnapshot_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__RewindCollectorRequestType> {
  using Response = ::_vim25__RewindCollectorResponse;
  static constexpr const char* name = "RewindCollector";
  static constexpr const char* element = "vim25:RewindCollector";
  static constexpr const char* responseElement = "vim25:RewindCollectorResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__RunScheduledTaskRequestType> {
  using Response = ::_vim25__RunScheduledTaskResponse;
  static constexpr const char* name = "RunScheduledTask";
  static constexpr const char* element = "vim25:RunScheduledTask";
  static constexpr const char* responseElement = "vim25:RunScheduledTaskResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__SearchDatastoreSubFoldersRequestType> {
  using Response = ::_vim25__SearchDatastoreSubFolders_USCORETaskResponse;
  static constexpr const char* name = "SearchDatastoreSubFolders_Task";
  static constexpr const char* element = "vim25:SearchDatastoreSubFolders_Task";
  static constexpr const char* responseElement = "vim25:SearchDatastoreSubFolders_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__SearchDatastoreRequestType> {
  using Response = ::_vim25__SearchDatastore_USCORETaskResponse;
  static constexpr const char* name = "SearchDatastore_Task";
  static constexpr const char* element = "vim25:SearchDatastore_Task";
  static constexpr const char* responseElement = "vim25:SearchDatastore_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__SessionIsActiveRequestType> {
  using Response = ::_vim25__SessionIsActiveResponse;
  static constexpr const char* name = "SessionIsActive";
  static constexpr const char* element = "vim25:SessionIsActive";
  static constexpr const char* responseElement = "vim25:SessionIsActiveResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__SetCollectorPageSizeRequestType> {
  using Response = ::_vim25__SetCollectorPageSizeResponse;
  static constexpr const char* name = "SetCollectorPageSize";
  static constexpr const char* element = "vim25:SetCollectorPageSize";
  static constexpr const char* responseElement = "vim25:SetCollectorPageSizeResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__SetEntityPermissionsRequestType> {
  using Response = ::_vim25__SetEntityPermissionsResponse;
  static constexpr const char* name = "SetEntityPermissions";
  static constexpr const char* element = "vim25:SetEntityPermissions";
  static constexpr const char* responseElement = "vim25:SetEntityPermissionsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__SetFieldRequestType> {
  using Response = ::_vim25__SetFieldResponse;
  static constexpr const char* name = "SetField";
  static constexpr const char* element = "vim25:SetField";
  static constexpr const char* responseElement = "vim25:SetFieldResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__SetLocaleRequestType> {
  using Response = ::_vim25__SetLocaleResponse;
  static constexpr const char* name = "SetLocale";
  static constexpr const char* element = "vim25:SetLocale";
  static constexpr const char* responseElement = "vim25:SetLocaleResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__SetTaskDescriptionRequestType> {
  using Response = ::_vim25__SetTaskDescriptionResponse;
  static constexpr const char* name = "SetTaskDescription";
  static constexpr const char* element = "vim25:SetTaskDescription";
  static constexpr const char* responseElement = "vim25:SetTaskDescriptionResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__SetTaskStateRequestType> {
  using Response = ::_vim25__SetTaskStateResponse;
  static constexpr const char* name = "SetTaskState";
  static constexpr const char* element = "vim25:SetTaskState";
  static constexpr const char* responseElement = "vim25:SetTaskStateResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__SetVirtualDiskUuidRequestType> {
  using Response = ::_vim25__SetVirtualDiskUuidResponse;
  static constexpr const char* name = "SetVirtualDiskUuid";
  static constexpr const char* element = "vim25:SetVirtualDiskUuid";
  static constexpr const char* responseElement = "vim25:SetVirtualDiskUuidResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ShrinkVirtualDiskRequestType> {
  using Response = ::_vim25__ShrinkVirtualDisk_USCORETaskResponse;
  static constexpr const char* name = "ShrinkVirtualDisk_Task";
  static constexpr const char* element = "vim25:ShrinkVirtualDisk_Task";
  static constexpr const char* responseElement = "vim25:ShrinkVirtualDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__ShutdownGuestRequestType> {
  using Response = ::_vim25__ShutdownGuestResponse;
  static constexpr const char* name = "ShutdownGuest";
  static constexpr const char* element = "vim25:ShutdownGuest";
  static constexpr const char* responseElement = "vim25:ShutdownGuestResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ShutdownHostRequestType> {
  using Response = ::_vim25__ShutdownHost_USCORETaskResponse;
  static constexpr const char* name = "ShutdownHost_Task";
  static constexpr const char* element = "vim25:ShutdownHost_Task";
  static constexpr const char* responseElement = "vim25:ShutdownHost_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__StandbyGuestRequestType> {
  using Response = ::_vim25__StandbyGuestResponse;
  static constexpr const char* name = "StandbyGuest";
  static constexpr const char* element = "vim25:StandbyGuest";
  static constexpr const char* responseElement = "vim25:StandbyGuestResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__SuspendVAppRequestType> {
  using Response = ::_vim25__SuspendVApp_USCORETaskResponse;
  static constexpr const char* name = "SuspendVApp_Task";
  static constexpr const char* element = "vim25:SuspendVApp_Task";
  static constexpr const char* responseElement = "vim25:SuspendVApp_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__SuspendVMRequestType> {
  using Response = ::_vim25__SuspendVM_USCORETaskResponse;
  static constexpr const char* name = "SuspendVM_Task";
  static constexpr const char* element = "vim25:SuspendVM_Task";
  static constexpr const char* responseElement = "vim25:SuspendVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__TerminateSessionRequestType> {
  using Response = ::_vim25__TerminateSessionResponse;
  static constexpr const char* name = "TerminateSession";
  static constexpr const char* element = "vim25:TerminateSession";
  static constexpr const char* responseElement = "vim25:TerminateSessionResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__TerminateVMRequestType> {
  using Response = ::_vim25__TerminateVMResponse;
  static constexpr const char* name = "TerminateVM";
  static constexpr const char* element = "vim25:TerminateVM";
  static constexpr const char* responseElement = "vim25:TerminateVMResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UnmountToolsInstallerRequestType> {
  using Response = ::_vim25__UnmountToolsInstallerResponse;
  static constexpr const char* name = "UnmountToolsInstaller";
  static constexpr const char* element = "vim25:UnmountToolsInstaller";
  static constexpr const char* responseElement = "vim25:UnmountToolsInstallerResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UnmountVmfsVolumeRequestType> {
  using Response = ::_vim25__UnmountVmfsVolumeResponse;
  static constexpr const char* name = "UnmountVmfsVolume";
  static constexpr const char* element = "vim25:UnmountVmfsVolume";
  static constexpr const char* responseElement = "vim25:UnmountVmfsVolumeResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UnregisterAndDestroyRequestType> {
  using Response = ::_vim25__UnregisterAndDestroy_USCORETaskResponse;
  static constexpr const char* name = "UnregisterAndDestroy_Task";
  static constexpr const char* element = "vim25:UnregisterAndDestroy_Task";
  static constexpr const char* responseElement = "vim25:UnregisterAndDestroy_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__UnregisterExtensionRequestType> {
  using Response = ::_vim25__UnregisterExtensionResponse;
  static constexpr const char* name = "UnregisterExtension";
  static constexpr const char* element = "vim25:UnregisterExtension";
  static constexpr const char* responseElement = "vim25:UnregisterExtensionResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UnregisterVMRequestType> {
  using Response = ::_vim25__UnregisterVMResponse;
  static constexpr const char* name = "UnregisterVM";
  static constexpr const char* element = "vim25:UnregisterVM";
  static constexpr const char* responseElement = "vim25:UnregisterVMResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateAssignedLicenseRequestType> {
  using Response = ::_vim25__UpdateAssignedLicenseResponse;
  static constexpr const char* name = "UpdateAssignedLicense";
  static constexpr const char* element = "vim25:UpdateAssignedLicense";
  static constexpr const char* responseElement = "vim25:UpdateAssignedLicenseResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateAuthorizationRoleRequestType> {
  using Response = ::_vim25__UpdateAuthorizationRoleResponse;
  static constexpr const char* name = "UpdateAuthorizationRole";
  static constexpr const char* element = "vim25:UpdateAuthorizationRole";
  static constexpr const char* responseElement = "vim25:UpdateAuthorizationRoleResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateChildResourceConfigurationRequestType> {
  using Response = ::_vim25__UpdateChildResourceConfigurationResponse;
  static constexpr const char* name = "UpdateChildResourceConfiguration";
  static constexpr const char* element = "vim25:UpdateChildResourceConfiguration";
  static constexpr const char* responseElement = "vim25:UpdateChildResourceConfigurationResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateConfigRequestType> {
  using Response = ::_vim25__UpdateConfigResponse;
  static constexpr const char* name = "UpdateConfig";
  static constexpr const char* element = "vim25:UpdateConfig";
  static constexpr const char* responseElement = "vim25:UpdateConfigResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateDateTimeRequestType> {
  using Response = ::_vim25__UpdateDateTimeResponse;
  static constexpr const char* name = "UpdateDateTime";
  static constexpr const char* element = "vim25:UpdateDateTime";
  static constexpr const char* responseElement = "vim25:UpdateDateTimeResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateExtensionRequestType> {
  using Response = ::_vim25__UpdateExtensionResponse;
  static constexpr const char* name = "UpdateExtension";
  static constexpr const char* element = "vim25:UpdateExtension";
  static constexpr const char* responseElement = "vim25:UpdateExtensionResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateLicenseRequestType> {
  using Response = ::_vim25__UpdateLicenseResponse;
  static constexpr const char* name = "UpdateLicense";
  static constexpr const char* element = "vim25:UpdateLicense";
  static constexpr const char* responseElement = "vim25:UpdateLicenseResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateLicenseLabelRequestType> {
  using Response = ::_vim25__UpdateLicenseLabelResponse;
  static constexpr const char* name = "UpdateLicenseLabel";
  static constexpr const char* element = "vim25:UpdateLicenseLabel";
  static constexpr const char* responseElement = "vim25:UpdateLicenseLabelResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateLinkedChildrenRequestType> {
  using Response = ::_vim25__UpdateLinkedChildrenResponse;
  static constexpr const char* name = "UpdateLinkedChildren";
  static constexpr const char* element = "vim25:UpdateLinkedChildren";
  static constexpr const char* responseElement = "vim25:UpdateLinkedChildrenResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateOptionsRequestType> {
  using Response = ::_vim25__UpdateOptionsResponse;
  static constexpr const char* name = "UpdateOptions";
  static constexpr const char* element = "vim25:UpdateOptions";
  static constexpr const char* responseElement = "vim25:UpdateOptionsResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateProgressRequestType> {
  using Response = ::_vim25__UpdateProgressResponse;
  static constexpr const char* name = "UpdateProgress";
  static constexpr const char* element = "vim25:UpdateProgress";
  static constexpr const char* responseElement = "vim25:UpdateProgressResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateServiceMessageRequestType> {
  using Response = ::_vim25__UpdateServiceMessageResponse;
  static constexpr const char* name = "UpdateServiceMessage";
  static constexpr const char* element = "vim25:UpdateServiceMessage";
  static constexpr const char* responseElement = "vim25:UpdateServiceMessageResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpdateVAppConfigRequestType> {
  using Response = ::_vim25__UpdateVAppConfigResponse;
  static constexpr const char* name = "UpdateVAppConfig";
  static constexpr const char* element = "vim25:UpdateVAppConfig";
  static constexpr const char* responseElement = "vim25:UpdateVAppConfigResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__UpgradeToolsRequestType> {
  using Response = ::_vim25__UpgradeTools_USCORETaskResponse;
  static constexpr const char* name = "UpgradeTools_Task";
  static constexpr const char* element = "vim25:UpgradeTools_Task";
  static constexpr const char* responseElement = "vim25:UpgradeTools_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__UpgradeVMRequestType> {
  using Response = ::_vim25__UpgradeVM_USCORETaskResponse;
  static constexpr const char* name = "UpgradeVM_Task";
  static constexpr const char* element = "vim25:UpgradeVM_Task";
  static constexpr const char* responseElement = "vim25:UpgradeVM_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__WaitForUpdatesRequestType> {
  using Response = ::_vim25__WaitForUpdatesResponse;
  static constexpr const char* name = "WaitForUpdates";
  static constexpr const char* element = "vim25:WaitForUpdates";
  static constexpr const char* responseElement = "vim25:WaitForUpdatesResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__WaitForUpdatesExRequestType> {
  using Response = ::_vim25__WaitForUpdatesExResponse;
  static constexpr const char* name = "WaitForUpdatesEx";
  static constexpr const char* element = "vim25:WaitForUpdatesEx";
  static constexpr const char* responseElement = "vim25:WaitForUpdatesExResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__ZeroFillVirtualDiskRequestType> {
  using Response = ::_vim25__ZeroFillVirtualDisk_USCORETaskResponse;
  static constexpr const char* name = "ZeroFillVirtualDisk_Task";
  static constexpr const char* element = "vim25:ZeroFillVirtualDisk_Task";
  static constexpr const char* responseElement = "vim25:ZeroFillVirtualDisk_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__reloadVirtualMachineFromPathRequestType> {
  using Response = ::_vim25__reloadVirtualMachineFromPath_USCORETaskResponse;
  static constexpr const char* name = "reloadVirtualMachineFromPath_Task";
  static constexpr const char* element = "vim25:reloadVirtualMachineFromPath_Task";
  static constexpr const char* responseElement = "vim25:reloadVirtualMachineFromPath_TaskResponse";
  static constexpr bool isTask = true;
};
template <>
struct Call<::vim25__setCustomValueRequestType> {
  using Response = ::_vim25__setCustomValueResponse;
  static constexpr const char* name = "setCustomValue";
  static constexpr const char* element = "vim25:setCustomValue";
  static constexpr const char* responseElement = "vim25:setCustomValueResponse";
  static constexpr bool isTask = false;
};
template <>
struct Call<::vim25__unregisterVAppRequestType> {
  using Response = ::_vim25__unregisterVApp_USCORETaskResponse;
  static constexpr const char* name = "unregisterVApp_Task";
  static constexpr const char* element = "vim25:unregisterVApp_Task";
  static constexpr const char* responseElement = "vim25:unregisterVApp_TaskResponse";
  static constexpr bool isTask = true;
};
}  // namespace failback::vim25
