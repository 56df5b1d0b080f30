// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/privilege_catalogue.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <stdexcept>
#include <unordered_map>
#include <vector>

namespace failback::mock {

namespace {

struct Group {
  std::string_view id, label, names;
};

// As a vCenter 8.0 lists them.
constexpr std::array<Group, 83> groups{{
    {"Alarm", "Alarms", "Acknowledge Create Delete DisableActions Edit SetStatus ToggleEnableOnEntity"},
    {"AutoDeploy.Host", "Auto Deploy host", "AssociateMachine"},
    {"AutoDeploy.Profile", "Auto Deploy image profile", "Create Edit"},
    {"AutoDeploy.Rule", "Auto Deploy rule", "Create Delete Edit"},
    {"AutoDeploy.RuleSet", "Auto Deploy rule set", "Activate Edit"},
    {"Authorization", "Permissions",
     "ModifyPermissions ModifyPrivileges ModifyRoles ModifyVCDRPermissions ReassignRolePermissions"},
    {"Certificate", "Certificates", "Manage"},
    {"CertificateAuthority", "Certificate authority", "Administer Manage"},
    {"CertificateManagement", "Certificate management", "Administer Manage"},
    {"Cns", "CNS", "Searchable"},
    {"ComputePolicy", "Compute policy", "Manage"},
    {"ContentLibrary", "Content library",
     "AddCertToTrustStore AddLibraryItem AddSubscription CheckInTemplate CheckOutTemplate CreateLocalLibrary "
     "CreateSubscribedLibrary DeleteCertFromTrustStore DeleteLibraryItem DeleteLocalLibrary "
     "DeleteSubscribedLibrary "
     "DeleteSubscription DownloadSession EvictLibraryItem EvictSubscribedLibrary GetConfiguration "
     "ImportStorage "
     "ManageClusterRegistryResource ManageRegistry ManageRegistryProject ProbeSubscription PublishLibrary "
     "PublishLibraryItem ReadStorage SyncLibrary SyncLibraryItem TypeIntrospection UpdateConfiguration "
     "UpdateLibrary UpdateLibraryItem UpdateLocalLibrary UpdateSession UpdateSubscribedLibrary "
     "UpdateSubscription"},
    {"Cryptographer", "Cryptographic operations",
     "Access AddDisk Clone Decrypt Encrypt EncryptNew ManageEncryptionPolicy ManageKeyServers ManageKeys "
     "Migrate "
     "ReadKeyServersInfo Recrypt RegisterHost RegisterVM"},
    {"DVPortgroup", "dvPort group", "Create Delete Ipfix Modify PolicyOp ScopeOp"},
    {"DVSwitch", "Distributed switch",
     "Create Delete HostOp Modify Move PolicyOp PortConfig PortSetting ResourceManagement Vspan"},
    {"Datacenter", "Datacenter",
     "Create Delete IpPoolConfig IpPoolQueryAllocations IpPoolReleaseIp Move Reconfigure Rename"},
    {"Datastore", "Datastore",
     "AllocateSpace Browse Config Delete DeleteFile FileManagement Move Rename UpdateVirtualMachineFiles "
     "UpdateVirtualMachineMetadata"},
    {"DirectPathProfile", "Direct path profile", "Edit"},
    {"EAM", "ESX Agent Manager", "Config Modify View"},
    {"Extension", "Extension", "Register Unregister Update"},
    {"ExternalStatsProvider", "External stats provider", "Register Unregister Update"},
    {"Folder", "Folder", "Create Delete Move Rename"},
    {"Global", "Global",
     "CancelTask CapacityPlanning Diagnostics DisableMethods EnableMethods GlobalTag Health Licenses "
     "LogEvent "
     "ManageCustomFields Proxy ScriptAction ServiceManagers SetCustomField Settings SystemTag VCServer"},
    {"HLM", "Hybrid linked mode", "Create Manage"},
    {"HealthUpdateProvider", "Health update provider", "Register Unregister Update"},
    {"Host.Cim", "Host CIM", "CimInteraction"},
    {"Host.Config", "Host configuration",
     "AdvancedConfig AuthenticationStore AutoStart Connection DateTime Firmware GuestStore HyperThreading "
     "Image "
     "Maintenance Memory NetService Network Nvdimm Patch PciPassthru Power ProductLocker Quarantine "
     "Resources "
     "Settings Snmp Storage SystemManagement"},
    {"Host.Entropy", "Host entropy pool", "Read Write"},
    {"Host.Hbr", "Host vSphere Replication", "HbrManagement"},
    {"Host.Inventory", "Host inventory",
     "AddHostToCluster AddStandaloneHost CreateCluster DeleteCluster EditCluster ManageClusterLifecyle "
     "MoveCluster "
     "MoveHost RemoveHostFromCluster RenameCluster"},
    {"Host.Local", "Host local operations", "CreateVM DeleteVM InstallAgent ManageUserGroups ReconfigVM"},
    {"Host.Sgx", "Host SGX", "Register"},
    {"Host.Statistics", "Host statistics", "Query"},
    {"Host.Tpm", "Host TPM", "Read Unseal"},
    {"Hvc", "Hybrid cloud", "Manage"},
    {"InventoryService.Tagging", "vSphere Tagging",
     "AttachTag CreateCategory CreateScope CreateTag DeleteCategory DeleteScope DeleteTag EditCategory "
     "EditScope EditTag "
     "ModifyUsedByForCategory ModifyUsedByForTag ObjectAttachable"},
    {"Namespaces", "Namespaces",
     "Backup Configure ListAccess Manage ManageCapabilities ManageDisks SelfServiceManage Upgrade"},
    {"Network", "Network", "Assign Config Delete Move"},
    {"Nsx", "NSX", "Admin Enterprise Modify Read"},
    {"Observability", "Observability", "Admin"},
    {"OvfConsumer.OvfConsumer", "OvfManager", "Access"},
    {"Partner", "Partner", "RestrictedAccess"},
    {"Performance", "Performance", "ModifyIntervals"},
    {"Plugin", "Plug-ins", "Management"},
    {"Profile", "Host profile", "Clear Create Delete Edit Export View"},
    {"Replication", "Replication", "Manage View"},
    {"Resource", "Resource",
     "ApplyRecommendation AssignVAppToPool AssignVMToPool ColdMigrate CreatePool DeletePool EditPool "
     "HotMigrate MovePool "
     "QueryVMotion RenamePool"},
    {"ScheduledTask", "Scheduled task", "Create Delete Edit Run"},
    {"Sessions", "Sessions",
     "CollectPrivilegeChecks GlobalMessage ImpersonateUser TerminateSession ValidateSession"},
    {"StoragePod", "Datastore cluster", "Config"},
    {"StorageProfile", "VM storage policies", "Apply Update View"},
    {"StorageViews", "Storage views", "ConfigureService View"},
    {"SupervisorServices", "Supervisor services", "Manage"},
    {"System", "System", "Anonymous Read View"},
    {"Task", "Tasks", "Create Update"},
    {"TenantManager", "Tenant manager", "Query Update"},
    {"Trust", "Trusted infrastructure", "Administer Manage"},
    {"TrustedAdmin", "Trusted Infrastructure administrator",
     "ConfigureHostCertificates ConfigureHostMetadata ConfigureTokenConversionPolicy ManageAttestingSSO "
     "ManageKMSTrust ManageTrustedHosts ReadAttestingSSO ReadKMSTrust ReadStsInfo ReadTrustedHosts "
     "RetrieveHostMetadata "
     "RetrieveTPMHostCertificates"},
    {"VApp", "vApp",
     "ApplicationConfig AssignResourcePool AssignVApp AssignVM Clone Create Delete Export "
     "ExtractOvfEnvironment Import "
     "InstanceConfig ManagedByConfig Move PowerOff PowerOn PullFromUrls Rename ResourceConfig Suspend "
     "Unregister"},
    {"VcIdentityProviders", "VcIdentityProviders", "Create Manage Read"},
    {"VcIntegrity.Baseline", "vSphere Lifecycle Manager: manage baseline", "Assign Manage"},
    {"VcIntegrity.FileUpload", "vSphere Lifecycle Manager: upload file", "Upload"},
    {"VcIntegrity.General", "vSphere Lifecycle Manager: configure", "Configure"},
    {"VcIntegrity.Updates", "vSphere Lifecycle Manager: manage patches and upgrades",
     "Remediate Scan Stage ViewStatus"},
    {"VcIntegrity.lifecycleGeneral", "vSphere Lifecycle Manager: general", "Read Write"},
    {"VcIntegrity.lifecycleHealth", "vSphere Lifecycle Manager: lifecycle health", "Read Write"},
    {"VcIntegrity.lifecycleSettings", "vSphere Lifecycle Manager: settings", "Read Write"},
    {"VcIntegrity.lifecycleSoftwareRemediation", "vSphere Lifecycle Manager: remediation", "Write"},
    {"VcIntegrity.lifecycleSoftwareSpecification", "vSphere Lifecycle Manager: images", "Read Write"},
    {"VcLifecycle", "vCenter Server lifecycle", "Upgrade View"},
    {"VirtualMachine.Config", "Virtual machine configuration",
     "AddExistingDisk AddNewDisk AddRemoveDevice AdvancedConfig Annotation CPUCount ChangeTracking "
     "DiskExtend DiskLease "
     "EditDevice HostUSBDevice ManagedBy Memory MksControl QueryFTCompatibility QueryUnownedFiles RawDevice "
     "ReloadFromPath RemoveDisk Rename ResetGuestInfo Resource Settings SwapPlacement ToggleForkParent "
     "Unlock "
     "UpgradeVirtualHardware"},
    {"VirtualMachine.GuestOperations", "Virtual machine guest operations",
     "Execute Modify ModifyAliases Query QueryAliases"},
    {"VirtualMachine.Hbr", "vSphere Replication",
     "ConfigureReplication MonitorReplication ReplicaManagement"},
    {"VirtualMachine.Interact", "Virtual machine interaction",
     "AnswerQuestion Backup ConsoleInteract CreateScreenshot CreateSecondary DefragmentAllDisks "
     "DeviceConnection "
     "DisableSecondary DnD EnableSecondary GuestControl MakePrimary Pause PowerOff PowerOn PutUsbScanCodes "
     "Record Replay "
     "Reset SESparseMaintenance SetCDMedia SetFloppyMedia Suspend SuspendToMemory TerminateFaultTolerantVM "
     "ToolsInstall TurnOffFaultTolerance"},
    {"VirtualMachine.Inventory", "Virtual machine inventory",
     "Create CreateFromExisting Delete Move Register Unregister"},
    {"VirtualMachine.Namespace", "Virtual machine service configuration",
     "Event EventNotify Management ModifyContent Query ReadContent"},
    {"VirtualMachine.Provisioning", "Virtual machine provisioning",
     "Clone CloneTemplate CreateTemplateFromVM Customize DeployTemplate DiskRandomAccess DiskRandomRead "
     "FileRandomAccess "
     "GetVmFiles MarkAsTemplate MarkAsVM ModifyCustSpecs PromoteDisks PutVmFiles ReadCustSpecs"},
    {"VirtualMachine.State", "Virtual machine snapshot management",
     "CreateSnapshot RemoveSnapshot RenameSnapshot RevertToSnapshot"},
    {"VirtualMachineClasses", "Virtual machine classes", "Manage"},
    {"Vsan.Cluster", "vSAN cluster", "ShallowRekey"},
    {"vService", "vService", "CreateDependency DestroyDependency ReconfigureDependency UpdateDependency"},
    {"vSphereClient", "vSphere Client", "Access"},
    {"vStats", "vStats", "CollectAny QueryAny Settings"},
}};

// "AddNewDisk" -> "Add new disk"; words of capitals ("CPU") stay.
std::string labelOf(std::string_view name) {
  const auto upper = [](char c) { return std::isupper(static_cast<unsigned char>(c)) != 0; };
  std::string label;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool starts = i > 0 && upper(name[i]) && !upper(name[i - 1]);
    const bool capitals = i + 1 < name.size() && upper(name[i + 1]);
    if (starts) label += ' ';
    const bool lower = starts && !capitals;
    label += lower ? static_cast<char>(std::tolower(static_cast<unsigned char>(name[i]))) : name[i];
  }
  return label;
}

// What takes an object out of its parent is asked of the parent.
bool isOnParent(std::string_view id) {
  constexpr std::array<std::string_view, 12> all{"Datacenter.Delete",
                                                 "Datacenter.Move",
                                                 "Datastore.Delete",
                                                 "Datastore.Move",
                                                 "Folder.Delete",
                                                 "Folder.Move",
                                                 "Host.Inventory.DeleteCluster",
                                                 "Host.Inventory.MoveCluster",
                                                 "Host.Inventory.RemoveHostFromCluster",
                                                 "Network.Delete",
                                                 "Network.Move",
                                                 "Resource.DeletePool"};
  return std::find(all.begin(), all.end(), id) != all.end();
}

void addGroup(const Group& group, std::vector<PrivilegeInfo>& all) {
  std::string_view names = group.names;
  while (!names.empty()) {
    const auto space = names.find(' ');
    const std::string name(names.substr(0, space));
    names = space == std::string_view::npos ? std::string_view() : names.substr(space + 1);
    PrivilegeInfo info{std::string(group.id) + "." + name, std::string(group.id), name, labelOf(name)};
    info.onParent = isOnParent(info.id);
    all.push_back(std::move(info));
  }
}

const std::vector<PrivilegeInfo>& catalogue() {
  static const std::vector<PrivilegeInfo> all = [] {
    std::vector<PrivilegeInfo> found;
    for (const Group& group : groups) addGroup(group, found);
    std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
    if (found.size() > privilegeLimit) throw std::logic_error("PrivilegeSet is too small");
    return found;
  }();
  return all;
}

}  // namespace

std::span<const PrivilegeInfo> allPrivileges() {
  return catalogue();
}

std::optional<std::size_t> privilegeIndex(std::string_view id) {
  static const std::unordered_map<std::string_view, std::size_t> places = [] {
    std::unordered_map<std::string_view, std::size_t> found;
    for (std::size_t i = 0; i < catalogue().size(); ++i) found.emplace(catalogue()[i].id, i);
    return found;
  }();
  const auto place = places.find(id);
  return place == places.end() ? std::nullopt : std::optional<std::size_t>(place->second);
}

std::string privilegeGroupLabel(std::string_view group) {
  for (const Group& each : groups) {
    if (each.id == group && !each.label.empty()) return std::string(each.label);
  }
  return std::string(group);
}

}  // namespace failback::mock
