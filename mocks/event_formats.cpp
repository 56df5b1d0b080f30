// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/event_formats.h"

#include <array>
#include <cctype>
#include <vector>

#include "wsdl/schema.h"

namespace failback::mock {

namespace {

struct Format {
  std::string_view type, category, description, full;
};

// The types that operations here post, and those that rules look for; sorted by nothing but sense.
constexpr Format formats[]{
    {"TaskEvent", "info", "Task event", "Task: {info.name}"},
    {"UserLoginSessionEvent", "info", "User login", "User {userName}@{ipAddress} logged in as {userAgent}"},
    {"UserLogoutSessionEvent", "info", "User logout",
     "User {userName}@{ipAddress} logged out (login time: {loginTime}, number of API invocations: "
     "{callCount}, "
     "user agent: {userAgent})"},
    {"BadUsernameSessionEvent", "error", "Invalid user name", "Cannot login {userName}@{ipAddress}"},
    {"NoAccessUserEvent", "error", "No access for user",
     "Cannot login user {userName}@{ipAddress}: no permission"},
    {"SessionTerminatedEvent", "info", "Session stopped",
     "A session for user '{terminatedUsername}' has stopped"},
    {"ServerStartedSessionEvent", "info", "Server started session", "vCenter started"},
    {"AlreadyAuthenticatedSessionEvent", "info", "Already authenticated",
     "User cannot logon since the user is already logged on"},
    {"GeneralUserEvent", "user", "User event", "User logged event: {message}"},
    {"GeneralEvent", "info", "General event", "General event: {message}"},
    {"GeneralVmInfoEvent", "info", "General VM information", "Message on {vm.name}: {message}"},
    {"GeneralVmWarningEvent", "warning", "General VM warning", "Warning message on {vm.name}: {message}"},
    {"GeneralVmErrorEvent", "error", "General VM error", "Error detected on {vm.name}: {message}"},
    {"GeneralHostInfoEvent", "info", "General host information",
     "Issue detected on {host.name} in {datacenter.name}: {message}"},
    {"VmBeingCreatedEvent", "info", "Creating VM", "Creating {vm.name} on {host.name}, in {datacenter.name}"},
    {"VmCreatedEvent", "info", "VM created",
     "New virtual machine {vm.name} created on {host.name} in "
     "{datacenter.name}"},
    {"VmRemovedEvent", "info", "VM removed", "Removed {vm.name} on {host.name} from {datacenter.name}"},
    {"VmRegisteredEvent", "info", "VM registered",
     "Registered {vm.name} on {host.name} in {datacenter.name}"},
    {"VmStartingEvent", "info", "VM starting",
     "{vm.name} on host {host.name} in {datacenter.name} is starting"},
    {"VmPoweredOnEvent", "info", "VM powered on",
     "{vm.name} on {host.name} in {datacenter.name} is powered on"},
    {"DrsVmPoweredOnEvent", "info", "DRS VM powered on",
     "DRS powered on {vm.name} on {host.name} in {datacenter.name}"},
    {"VmStoppingEvent", "info", "VM stopping", "{vm.name} on {host.name} in {datacenter.name} is stopping"},
    {"VmPoweredOffEvent", "info", "VM powered off",
     "{vm.name} on {host.name} in {datacenter.name} is powered off"},
    {"VmSuspendingEvent", "info", "VM being suspended",
     "{vm.name} on {host.name} in {datacenter.name} is being suspended"},
    {"VmSuspendedEvent", "info", "VM suspended",
     "{vm.name} on {host.name} in {datacenter.name} is suspended"},
    {"VmResumingEvent", "info", "VM resuming", "{vm.name} on {host.name} in {datacenter.name} is resumed"},
    {"VmResettingEvent", "info", "VM resetting", "{vm.name} on {host.name} in {datacenter.name} is reset"},
    {"VmGuestRebootEvent", "info", "Guest reboot",
     "Guest OS reboot for {vm.name} on {host.name} in {datacenter.name}"},
    {"VmGuestShutdownEvent", "info", "Guest OS shut down",
     "Guest OS shut down for {vm.name} on {host.name} in {datacenter.name}"},
    {"VmFailedToPowerOnEvent", "error", "Cannot power on the VM.",
     "Cannot power on {vm.name} on {host.name} in {datacenter.name}. {reason.localizedMessage}"},
    {"VmFailedToPowerOffEvent", "error", "Cannot power off the VM.",
     "Cannot power off {vm.name} on {host.name} in {datacenter.name}: {reason.localizedMessage}"},
    {"VmReconfiguredEvent", "info", "VM reconfigured",
     "Reconfigured {vm.name} on {host.name} in {datacenter.name}"},
    {"VmRenamedEvent", "info", "VM renamed",
     "Renamed {vm.name} from {oldName} to {newName} in {datacenter.name}"},
    {"VmBeingRelocatedEvent", "info", "VM relocating",
     "Relocating {vm.name} from {host.name}, {ds.name} in {datacenter.name} to {destHost.name}, "
     "{destDatastore.name} in {destDatacenter.name}"},
    {"VmRelocatedEvent", "info", "VM relocated",
     "{vm.name} was relocated from {sourceHost.name}, {sourceDatastore.name} in {sourceDatacenter.name} to "
     "{host.name}, {ds.name} in {datacenter.name}"},
    {"VmRelocateFailedEvent", "error", "Failed to relocate VM",
     "Failed to relocate {vm.name} from {host.name}, {ds.name} in {datacenter.name} to {destHost.name}, "
     "{destDatastore.name} in {destDatacenter.name}"},
    {"VmFailedMigrateEvent", "error", "Cannot migrate VM",
     "Cannot migrate {vm.name} to {destHost.name}, {destDatastore.name} in {destDatacenter.name}"},
    {"VmBeingHotMigratedEvent", "info", "VM is hot migrating",
     "Hot migrating {vm.name} from {host.name}, {ds.name} in {datacenter.name} to {destHost.name}, "
     "{destDatastore.name} in {destDatacenter.name}"},
    {"VmMigratedEvent", "info", "VM migrated",
     "{vm.name} was migrated from {sourceHost.name}, {sourceDatastore.name} to {host.name}, {ds.name} in "
     "{datacenter.name}"},
    {"DrsVmMigratedEvent", "info", "DRS VM migrated",
     "DRS migrated {vm.name} from {sourceHost.name} to {host.name} in cluster {computeResource.name} in "
     "{datacenter.name}"},
    {"VmBeingClonedEvent", "info", "VM being cloned",
     "Cloning {vm.name} on {host.name} to {destName} on {destHost.name}"},
    {"VmClonedEvent", "info", "VM cloned", "Clone of {sourceVm.name} completed"},
    {"VmCloneFailedEvent", "error", "Cannot complete clone VM",
     "Failed to clone {vm.name} on {host.name}, {ds.name} in {datacenter.name} to {destName} on "
     "{destHost.name}"},
    {"VmBeingDeployedEvent", "info", "Deploying VM",
     "Deploying {vm.name} on host {host.name} in {datacenter.name} from template {srcTemplate.name}"},
    {"VmDeployedEvent", "info", "VM deployed", "Template {srcTemplate.name} deployed on host {host.name}"},
    {"VmResourcePoolMovedEvent", "info", "VM resource pool moved",
     "Moved {vm.name} from resource pool {oldParent.name} to {newParent.name}"},
    {"VmUuidAssignedEvent", "info", "VM UUID assigned",
     "Assigned new BIOS UUID ({uuid}) to {vm.name} on {host.name}"},
    {"VmInstanceUuidAssignedEvent", "info", "Assigned instance UUID",
     "Assigned new instance UUID ({instanceUuid}) to {vm.name}"},
    {"VmMacAssignedEvent", "info", "VM MAC assigned",
     "New MAC address ({mac}) assigned to adapter {adapter}"},
    {"VmMessageEvent", "info", "VM information message",
     "Message on {vm.name} on {host.name} in {datacenter.name}: {message}"},
    {"VmOrphanedEvent", "warning", "VM orphaned",
     "{vm.name} does not exist on {host.name} in {datacenter.name}"},
    {"VmDiskFailedEvent", "error", "Virtual machine disk failed", "Cannot open disk {disk}"},
    {"VmUpgradeCompleteEvent", "info", "VM upgrade complete",
     "Virtual machine compatibility upgraded to {version}"},
    {"VmDisconnectedEvent", "info", "VM disconnected",
     "{vm.name} on host {host.name} in {datacenter.name} is disconnected"},
    {"VmConnectedEvent", "info", "VM connected",
     "{vm.name} on {host.name} in {datacenter.name} is connected"},
    {"HostConnectedEvent", "info", "Host connected", "Connected to {host.name} in {datacenter.name}"},
    {"HostDisconnectedEvent", "info", "Host disconnected",
     "Disconnected from {host.name} in {datacenter.name}. Reason: {reason}"},
    {"HostConnectionLostEvent", "error", "Host connection lost",
     "Host {host.name} in {datacenter.name} is not responding"},
    {"HostAddedEvent", "info", "Host added", "Added host {host.name} to datacenter {datacenter.name}"},
    {"HostRemovedEvent", "info", "Host removed", "Removed host {host.name} in {datacenter.name}"},
    {"EnteringMaintenanceModeEvent", "info", "Entering maintenance mode",
     "Host {host.name} in {datacenter.name} has started to enter maintenance mode"},
    {"EnteredMaintenanceModeEvent", "info", "Entered maintenance mode",
     "Host {host.name} in {datacenter.name} has entered maintenance mode"},
    {"ExitMaintenanceModeEvent", "info", "Exit maintenance mode",
     "Host {host.name} in {datacenter.name} has exited maintenance mode"},
    {"DatastoreFileDeletedEvent", "info", "File or directory deleted",
     "Deletion of file or directory {targetFile} from {datastore.name} was initiated from "
     "'{sourceOfOperation}' and "
     "completed with status '{succeeded}'"},
    {"DatastoreFileMovedEvent", "info", "File or directory moved to datastore",
     "Move of file or directory {sourceFile} from {sourceDatastore.name} to {datastore.name} as "
     "{targetFile}"},
    {"DatastoreFileCopiedEvent", "info", "File or directory copied to datastore",
     "Copy of file or directory {sourceFile} from {sourceDatastore.name} to {datastore.name} as "
     "{targetFile}"},
    {"DatastoreRenamedEvent", "info", "Datastore renamed",
     "Renamed datastore from {oldName} to {newName} in {datacenter.name}"},
    {"DatacenterRenamedEvent", "info", "Datacenter renamed",
     "Renamed datacenter from {oldName} to {newName}"},
    {"ClusterReconfiguredEvent", "info", "Cluster reconfigured",
     "Reconfigured cluster {computeResource.name} in datacenter {datacenter.name}"},
    {"CustomFieldDefAddedEvent", "info", "Custom field definition added",
     "Created new custom field definition {name}"},
    {"CustomFieldDefRemovedEvent", "info", "Custom field definition removed",
     "Removed field definition {name}"},
    {"CustomFieldDefRenamedEvent", "info", "Custom field definition renamed",
     "Renamed field definition from {name} to {newName}"},
    {"CustomFieldValueChangedEvent", "info", "Custom field value changed",
     "Changed custom field {name} on {entity.name} in {datacenter.name} to {value}"},
    {"ScheduledTaskCreatedEvent", "info", "Scheduled task created",
     "Created task {scheduledTask.name} on {entity.name} in datacenter {datacenter.name}"},
    {"ScheduledTaskRemovedEvent", "info", "Scheduled task removed",
     "Removed task {scheduledTask.name} on {entity.name} in datacenter {datacenter.name}"},
    {"ScheduledTaskStartedEvent", "info", "Scheduled task started",
     "Running task {scheduledTask.name} on {entity.name} in datacenter {datacenter.name}"},
    {"ScheduledTaskCompletedEvent", "info", "Scheduled task completed",
     "Task {scheduledTask.name} on {entity.name} in datacenter {datacenter.name} completed successfully"},
    {"PermissionAddedEvent", "info", "Permission added",
     "Permission created for {principal} on {entity.name}, role is {role.name}, propagation is {propagate}"},
    {"PermissionRemovedEvent", "info", "Permission removed",
     "Permission rule removed for {principal} on {entity.name}"},
    {"ServerLicenseExpiredEvent", "error", "Server license expired", "A license for {product} has expired"},
    {"HostLicenseExpiredEvent", "error", "Host license expired",
     "A host license for {host.name} has expired"},
    {"EventEx", "info", "Event", "{message}"},
    {"ExtendedEvent", "info", "Event", "{message}"},
};

const Format* formatOf(std::string_view type) {
  for (const Format& each : formats) {
    if (each.type == type) return &each;
  }
  return nullptr;
}

bool says(std::string_view name, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) {
    if (name.find(word) != std::string_view::npos) return true;
  }
  return false;
}

// Of a type that has no line above: what its name says.
std::string_view categoryByName(std::string_view type) {
  if (says(type, {"Failed", "Failure", "Error", "Conflict", "Lost", "Crashed", "Violation", "Expired"}))
    return "error";
  if (says(type, {"Warning", "Mismatch", "Inconsistent", "NonCompliance", "NonCompliant", "Insufficient",
                  "Missing"}))
    return "warning";
  return "info";
}

// "VmUuidChangedEvent" -> "Vm uuid changed".
std::string wordsOf(std::string_view type) {
  if (type.ends_with("Event")) type.remove_suffix(5);
  std::string words;
  for (std::size_t i = 0; i < type.size(); ++i) {
    const auto c = static_cast<unsigned char>(type[i]);
    const bool starts = std::isupper(c) && i > 0 && std::islower(static_cast<unsigned char>(type[i - 1]));
    if (starts) words += ' ';
    words += starts ? static_cast<char>(std::tolower(c)) : type[i];
  }
  return words;
}

std::string textOf(const Value& value) {
  if (const bool* flag = value.asBool()) return *flag ? "true" : "false";
  if (const auto number = value.asInteger()) return std::to_string(*number);
  return std::string(value.string());
}

std::string filledIn(std::string_view format, const Value& event) {
  std::string text;
  while (!format.empty()) {
    const auto open = format.find('{');
    text += format.substr(0, open);
    if (open == std::string_view::npos) break;
    const auto close = format.find('}', open);
    text += textOf(event.at(format.substr(open + 1, close - open - 1)));
    format.remove_prefix(close + 1);
  }
  return text;
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
  return text;
}

Value detailOf(std::string_view type) {
  const Format* known = formatOf(type);
  const std::string words = wordsOf(type);
  const std::string full(known ? known->full : std::string_view(words));
  // Nearer to the object, less of its place is said.
  const std::string onDatacenter = replaced(full, " in {datacenter.name}", "");
  const std::string onHost = replaced(onDatacenter, " on {host.name}", "");
  return object("EventDescriptionEventDetail",
                {{"key", type},
                 {"description", known ? Value(known->description) : Value(words)},
                 {"category", known ? Value(known->category) : Value(categoryByName(type))},
                 {"formatOnDatacenter", onDatacenter},
                 {"formatOnComputeResource", onDatacenter},
                 {"formatOnHost", onHost},
                 {"formatOnVm", replaced(onHost, "{vm.name}", "This virtual machine")},
                 {"fullFormat", full}});
}

Value element(std::string_view key, std::string_view label) {
  return object("ElementDescription", {{"label", label}, {"summary", label}, {"key", key}});
}

}  // namespace

std::string categoryOf(const Value& event) {
  const TypeInfo& type = event.asObject()->type();
  if (type.find("severity") && event.at("severity").isSet())
    return std::string(event.at("severity").string());
  const Format* known = formatOf(type.name);
  return std::string(known ? known->category : categoryByName(type.name));
}

bool hasFormat(std::string_view type) {
  // A task's name is shown by its label, which the event does not hold.
  return type != "TaskEvent" && formatOf(type);
}

std::string messageOf(const Value& event) {
  const std::string_view type = event.asObject()->type().name;
  const Format* known = formatOf(type);
  return known ? filledIn(known->full, event) : wordsOf(type);
}

Value eventDescription() {
  std::vector<Value> details;
  details.reserve(vim25::allTypes().size());
  for (const vim25::TypeInfo& type : vim25::allTypes()) {
    if (type.kind == vim25::Kind::kObject && vim25::isA(type.name, "Event")) {
      details.push_back(detailOf(type.name));
    }
  }
  return object(
      "EventDescription",
      {{"category", std::vector<Value>{element("info", "Information"), element("warning", "Warning"),
                                       element("error", "Error"), element("user", "User")}},
       {"eventInfo", list(std::move(details))}});
}

}  // namespace failback::mock
