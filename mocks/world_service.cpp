// SPDX-License-Identifier: GPL-2.0-or-later
// The service instance and its managers: what a client meets before it sees the inventory.
#include <fmt/format.h>

#include <array>

#include "mocks/event_formats.h"
#include "mocks/licenses.h"
#include "mocks/privilege_catalogue.h"
#include "mocks/random_source.h"
#include "mocks/schedule.h"
#include "mocks/site.h"
#include "mocks/time_text.h"

namespace failback::mock {

namespace {

struct Manager {
  std::string_view member, type, id, esxiId;  // esxiId empty: ESXi has none
};

constexpr std::array<Manager, 38> managers{{
    {"propertyCollector", "PropertyCollector", "propertyCollector", "ha-property-collector"},
    {"viewManager", "ViewManager", "ViewManager", "ViewManager"},
    {"setting", "OptionManager", "VpxSettings", "HostAgentSettings"},
    {"userDirectory", "UserDirectory", "UserDirectory", "ha-user-directory"},
    {"sessionManager", "SessionManager", "SessionManager", "ha-sessionmgr"},
    {"authorizationManager", "AuthorizationManager", "AuthorizationManager", "ha-authmgr"},
    {"serviceManager", "ServiceManager", "ServiceMgr", "ha-servicemanager"},
    {"perfManager", "PerformanceManager", "PerfMgr", "ha-perfmgr"},
    {"scheduledTaskManager", "ScheduledTaskManager", "ScheduledTaskManager", ""},
    {"alarmManager", "AlarmManager", "AlarmManager", ""},
    {"eventManager", "EventManager", "EventManager", "ha-eventmgr"},
    {"taskManager", "TaskManager", "TaskManager", "ha-taskmgr"},
    {"extensionManager", "ExtensionManager", "ExtensionManager", ""},
    {"customizationSpecManager", "CustomizationSpecManager", "CustomizationSpecManager", ""},
    {"customFieldsManager", "CustomFieldsManager", "CustomFieldsManager", ""},
    {"diagnosticManager", "DiagnosticManager", "DiagMgr", "ha-diagnosticmgr"},
    {"licenseManager", "LicenseManager", "LicenseManager", "ha-license-manager"},
    {"searchIndex", "SearchIndex", "SearchIndex", "ha-searchindex"},
    {"fileManager", "FileManager", "FileManager", "ha-nfc-file-manager"},
    {"datastoreNamespaceManager", "DatastoreNamespaceManager", "DatastoreNamespaceManager",
     "ha-datastore-namespace-manager"},
    {"virtualDiskManager", "VirtualDiskManager", "virtualDiskManager", "ha-vdiskmanager"},
    {"snmpSystem", "HostSnmpSystem", "SnmpSystem", ""},
    {"vmProvisioningChecker", "VirtualMachineProvisioningChecker", "ProvChecker", ""},
    {"vmCompatibilityChecker", "VirtualMachineCompatibilityChecker", "CompatChecker", ""},
    {"ovfManager", "OvfManager", "OvfManager", "ha-ovf-manager"},
    {"ipPoolManager", "IpPoolManager", "IpPoolManager", ""},
    {"dvSwitchManager", "DistributedVirtualSwitchManager", "DVSManager", "ha-dvsmanager"},
    {"hostProfileManager", "HostProfileManager", "HostProfileManager", ""},
    {"clusterProfileManager", "ClusterProfileManager", "ClusterProfileManager", ""},
    {"complianceManager", "ProfileComplianceManager", "MoComplianceManager", ""},
    {"localizationManager", "LocalizationManager", "LocalizationManager", "ha-l10n-manager"},
    {"storageResourceManager", "StorageResourceManager", "StorageResourceManager",
     "ha-storage-resource-manager"},
    {"guestOperationsManager", "GuestOperationsManager", "guestOperationsManager",
     "ha-guest-operations-manager"},
    {"certificateManager", "CertificateManager", "certificateManager", ""},
    {"cryptoManager", "CryptoManagerKmip", "CryptoManager", ""},
    {"healthUpdateManager", "HealthUpdateManager", "HealthUpdateManager", ""},
    {"failoverClusterConfigurator", "FailoverClusterConfigurator", "FailoverClusterConfigurator", ""},
    {"failoverClusterManager", "FailoverClusterManager", "FailoverClusterManager", ""},
}};

Value element(std::string_view key, std::string_view label) {
  return object("ElementDescription", {{"label", label}, {"summary", label}, {"key", key}});
}

Value typeElement(std::string_view key, std::string_view label) {
  return object("TypeDescription", {{"label", label}, {"summary", label}, {"key", key}});
}

// What of an option is known at all; a dozen of a real server's hundreds.
Value settings(const World& world, const ServerSpec& server) {
  const std::string instance = world.settings().apiVersion;
  const auto option = [](std::string_view key, Value value) {
    return object("OptionValue", {{"key", key}, {"value", std::move(value)}});
  };
  return std::vector<Value>{option("VirtualCenter.FQDN", server.name),
                            option("VirtualCenter.InstanceName", server.name),
                            option("config.vpxd.hostnameUrl", server.name),
                            option("event.maxAge", std::int32_t{30}),
                            option("event.maxAgeEnabled", true),
                            option("task.maxAge", std::int32_t{30}),
                            option("task.maxAgeEnabled", true),
                            option("log.level", "info"),
                            option("vpxd.filemanager.maxConcurrentTasks", std::int32_t{8}),
                            option("config.vpxd.filter.hostRescanFilter", "true"),
                            option("config.vpxd.apiVersion", instance)};
}

Value taskManagerState() {
  const Value description =
      object("TaskDescription",
             {{"methodInfo", taskMethods()},
              {"state", std::vector<Value>{element("queued", "Queued"), element("running", "Running"),
                                           element("success", "Success"), element("error", "Error")}},
              {"reason", std::vector<Value>{typeElement("TaskReasonUser", "User task"),
                                            typeElement("TaskReasonSystem", "System task"),
                                            typeElement("TaskReasonSchedule", "Scheduled task"),
                                            typeElement("TaskReasonAlarm", "Alarm task")}}});
  return object("TaskManager", {{"recentTask", std::vector<Value>{}},
                                {"description", description},
                                {"maxCollector", std::int32_t{32}}});
}

// What of the AuthorizationManager never changes; its roles come from Authorization.
Value authorizationState() {
  std::vector<Value> known, descriptions, groups;
  known.reserve(allPrivileges().size());
  descriptions.reserve(allPrivileges().size());
  std::string_view group;
  for (const PrivilegeInfo& each : allPrivileges()) {
    known.push_back(object("AuthorizationPrivilege", {{"privId", each.id},
                                                      {"onParent", each.onParent},
                                                      {"name", each.name},
                                                      {"privGroupName", each.group}}));
    descriptions.push_back(element(each.id, each.label));
    if (group != each.group) groups.push_back(element(each.group, privilegeGroupLabel(each.group)));
    group = each.group;
  }
  return object("AuthorizationManager",
                {{"privilegeList", known},
                 {"description", object("AuthorizationDescription",
                                        {{"privilege", descriptions}, {"privilegeGroup", groups}})}});
}

Value license(const World& world, const LicenseSpec& spec, std::size_t number) {
  const std::string key =
      spec.key.empty() ? fmt::format("00000-00000-00000-00000-{:05}", number + 1) : spec.key;
  std::string expiry;
  if (spec.expiresInDays)
    expiry = timeText(microsOf(world.now()).value_or(0) + *spec.expiresInDays * microsPerDay);
  return licenseInfo(world, spec, key, expiry);
}

Value licenseManagerState(const std::vector<Value>& licenses, bool esxi) {
  const Value feature = object("LicenseFeatureInfo",
                               {{"key", "drs"}, {"featureName", "vSphere DRS"}, {"costUnit", "cpuPackage"}});
  DataObject state(TypeModel::get().need("LicenseManager"));
  state.set("source", object("LicenseSource"));
  state.set("sourceAvailable", true);
  state.set("licensedEdition", "vc");
  state.set("featureInfo", std::vector<Value>{feature});
  state.set("licenses", licenses);
  if (!esxi)
    state.set("licenseAssignmentManager", MoRef{"LicenseAssignmentManager", "LicenseAssignmentManager"});
  state.set("evaluation",
            object("LicenseManagerEvaluationInfo",
                   {{"properties", std::vector<Value>{object(
                                       "KeyAnyValue", {{"key", "EvaluationExpired"}, {"value", false}})}}}));
  return state;
}

Value eventManagerState() {
  return object("EventManager", {{"description", eventDescription()}, {"maxCollector", std::int32_t{32}}});
}

Value alarmDescription() {
  const auto elements = [](std::initializer_list<std::string_view> keys) {
    std::vector<Value> list;
    list.reserve(keys.size());
    for (const std::string_view key : keys) list.push_back(element(key, key));
    return list;
  };
  return object("AlarmDescription",
                {{"expr", std::vector<Value>{typeElement("StateAlarmExpression", "State"),
                                             typeElement("EventAlarmExpression", "Event"),
                                             typeElement("MetricAlarmExpression", "Metric")}},
                 {"stateOperator", elements({"isEqual", "isUnequal"})},
                 {"metricOperator", elements({"isAbove", "isBelow"})},
                 {"hostSystemConnectionState", elements({"connected", "disconnected", "notResponding"})},
                 {"virtualMachinePowerState", elements({"poweredOff", "poweredOn", "suspended"})},
                 {"datastoreConnectionState", elements({"connected", "disconnected"})},
                 {"hostSystemPowerState", elements({"poweredOn", "poweredOff", "standBy", "unknown"})},
                 {"virtualMachineGuestHeartbeatStatus", elements({"gray", "green", "red", "yellow"})},
                 {"entityStatus", elements({"gray", "green", "yellow", "red"})},
                 {"action", std::vector<Value>{typeElement("SendEmailAction", "Send a notification email"),
                                               typeElement("MethodAction", "Run an operation")}}});
}

// What every vCenter brings along, in part.
std::vector<Value> extensions(const World& world) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> own{
      {{"com.vmware.vim.eam", "vSphere ESX Agent Manager"},
       {"com.vmware.vim.sms", "VMware vCenter Storage Monitoring Service"},
       {"com.vmware.vcIntegrity", "VMware vSphere Lifecycle Manager"}}};
  std::vector<Value> list;
  list.reserve(own.size());
  for (const auto& [key, label] : own) {
    list.push_back(
        object("Extension", {{"description", object("Description", {{"label", label}, {"summary", label}})},
                             {"key", key},
                             {"company", "VMware, Inc."},
                             {"version", "8.0"},
                             {"lastHeartbeatTime", Value::dateTime(world.now())},
                             {"shownInSolutionManager", false}}));
  }
  return list;
}

// The properties of the managers that have some worth reading; the others are there, and empty.
Value managerState(const World& world, const ScenarioSpec& scenario, const Manager& manager,
                   const std::vector<Value>& licenses) {
  const std::string_view type = manager.type;
  const std::vector<Value> locales{"en"};
  if (type == "SessionManager") {
    return object(
        type, {{"messageLocaleList", locales}, {"supportedLocaleList", locales}, {"defaultLocale", "en"}});
  }
  if (type == "OptionManager") return object(type, {{"setting", settings(world, scenario.server)}});
  if (type == "TaskManager") return taskManagerState();
  if (type == "EventManager") return eventManagerState();
  if (type == "AuthorizationManager") return authorizationState();
  if (type == "LicenseManager") return licenseManagerState(licenses, scenario.server.esxi);
  if (type == "ScheduledTaskManager") return object(type, {{"description", scheduleDescription()}});
  if (type == "AlarmManager") return object(type, {{"description", alarmDescription()}});
  if (type == "ExtensionManager") return object(type, {{"extensionList", extensions(world)}});
  if (type == "UserDirectory") return object(type, {{"domainList", std::vector<Value>{"vsphere.local"}}});
  return object(type);
}

bool modelled(std::string_view type) {
  const TypeInfo* known = TypeModel::get().find(type);
  return known && known->managed;
}

Value aboutServer(const World& world, const ServerSpec& server) {
  const bool esxi = server.esxi;
  const std::string major = server.version.substr(0, server.version.find('.'));
  DataObject about(*product(server, server.version, server.build).asObject());
  if (esxi) return about;
  about.set("name", "VMware vCenter Server");
  about.set("fullName", fmt::format("VMware vCenter Server {} build-{}", server.version, server.build));
  about.set("patchLevel", "00300");
  about.set("osType", "linux-x64");
  about.set("productLineId", "vpx");
  about.set("apiType", "VirtualCenter");
  about.set("apiVersion", world.settings().apiVersion);
  about.set("instanceUuid",
            server.instanceUuid.empty() ? uuidFor("vcenter/" + server.name) : server.instanceUuid);
  about.set("licenseProductName", "VMware VirtualCenter Server");
  about.set("licenseProductVersion", major + ".0");
  return about;
}

}  // namespace

Value product(const ServerSpec& server, const std::string& version, const std::string& build) {
  const std::string& used = version.empty() ? server.version : version;
  const std::string& usedBuild = build.empty() ? server.build : build;
  return object("AboutInfo", {{"name", "VMware ESXi"},
                              {"fullName", fmt::format("VMware ESXi {} build-{}", used, usedBuild)},
                              {"vendor", "VMware, Inc."},
                              {"version", used},
                              {"patchLevel", "3"},
                              {"build", usedBuild},
                              {"localeVersion", "INTL"},
                              {"localeBuild", "000"},
                              {"osType", "vmnix-x86"},
                              {"productLineId", "embeddedEsx"},
                              {"apiType", "HostAgent"},
                              {"apiVersion", used + ".0"},
                              {"licenseProductName", "VMware ESX Server"},
                              {"licenseProductVersion", used.substr(0, used.find('.')) + ".0"}});
}

MoRef buildService(World& world, const ScenarioSpec& scenario) {
  const bool esxi = scenario.server.esxi;
  MoRef root{"Folder", esxi ? "ha-folder-root" : "group-d1"};
  std::vector<Value> licenses;
  licenses.reserve(scenario.licenses.size());
  for (std::size_t i = 0; i < scenario.licenses.size(); ++i)
    licenses.push_back(license(world, scenario.licenses[i], i));
  DataObject content(TypeModel::get().need("ServiceContent"));
  content.set("rootFolder", root);
  content.set("about", aboutServer(world, scenario.server));
  for (const Manager& manager : managers) {
    if (esxi && manager.esxiId.empty()) continue;
    if (!modelled(manager.type)) continue;
    const MoRef ref{std::string(manager.type), std::string(esxi ? manager.esxiId : manager.id)};
    content.set(manager.member, ref);
    world.inventory.add(ref, managerState(world, scenario, manager, licenses));
    if (manager.type == "AuthorizationManager") world.authorization.begin(root.id, ref.id, esxi);
    if (manager.type == "TaskManager") world.tasks.setManager(ref.id);
    if (manager.type == "PropertyCollector") world.sessions.setDefaultCollector(ref);
  }
  world.serviceContent = content;
  world.inventory.add(
      {"ServiceInstance", "ServiceInstance"},
      object("ServiceInstance", {{"serverClock", Value::dateTime(world.now())},
                                 {"capability", object("Capability", {{"provisioningSupported", true},
                                                                      {"multiHostSupported", !esxi},
                                                                      {"userShellAccessSupported", false}})},
                                 {"content", world.serviceContent}}));
  if (!esxi)
    world.inventory.add({"LicenseAssignmentManager", "LicenseAssignmentManager"},
                        object("LicenseAssignmentManager"));
  if (!licenses.empty() && !esxi) {
    const std::string instance(world.serviceContent.at("about.instanceUuid").string());
    world.assignedLicenses = std::vector<Value>{
        object("LicenseAssignmentManagerLicenseAssignment", {{"entityId", instance},
                                                             {"entityDisplayName", scenario.server.name},
                                                             {"assignedLicense", licenses.front()}})};
  }
  return root;
}

}  // namespace failback::mock
