// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/fault_names.h"

#include <algorithm>

#include "wsdl/schema.h"

namespace failback::vsphere {
namespace {

using enum Category;

// clang-format off
constexpr FaultRow rows[] = {
    // Session, permission, licence
    {"InvalidLogin", loginRefused, "The user name or the password is wrong", "Check the account; failback does not try again, so that it does not get locked"},
    {"PasswordExpired", loginRefused, "The account's password has expired", "Set a new password in vSphere"},
    {"InvalidClientCertificate", loginRefused, "The client certificate is not accepted", ""},
    {"NoClientCertificate", loginRefused, "The server asks for a client certificate", ""},
    {"SSPIChallenge", loginRefused, "The server asks for a Windows login", "Log in with user name and password"},
    {"InvalidLocale", invalidArgument, "The server does not know this locale", "Use the locale \"en\""},
    {"NotAuthenticated", notAuthenticated, "The session is not logged in, or has expired", ""},
    {"NoPermission", notPermitted, "The account lacks a privilege for this", "Give the account's role the privilege on that object; `failback role` prints the whole role"},
    {"AuthMinimumAdminPermission", notPermitted, "At least one administrator must remain", ""},
    {"RestrictedByAdministrator", notPermitted, "The administrator has restricted this operation", ""},
    {"HostAccessRestrictedToManagementServer", notPermitted, "The host takes changes only through the vCenter that manages it", "Connect to that vCenter instead of the host"},
    {"RestrictedVersion", licence, "The licence of this edition does not allow changes through the API", "Assign an evaluation or paid licence to the host"},
    {"NotEnoughLicenses", licence, "The licences do not suffice for this", "Assign a licence that covers it"},
    {"LicenseAssignmentFailed", licence, "The licence can't be assigned", ""},
    {"InvalidLicense", licence, "The licence is not valid", ""},
    {"LicenseEntityNotFound", licence, "No licence is assigned to this object", ""},
    {"LicenseServerUnavailable", licence, "The licence server can't be reached", ""},
    {"FaultToleranceNotLicensed", licence, "Fault tolerance is not licensed", ""},
    {"VMotionNotLicensed", licence, "vMotion is not licensed", ""},

    // Objects and names
    {"ManagedObjectNotFound", notFound, "The object does not exist any more, or the account may not see it", "Read the inventory again"},
    {"NotFound", notFound, "What was asked for does not exist", ""},
    {"FileNotFound", notFound, "The file does not exist", "Look for the file on the datastore; a Storage vMotion or a rename may have moved it"},
    {"InvalidDatastore", notFound, "The datastore can't be used", ""},
    {"InaccessibleDatastore", invalidState, "The datastore is not accessible", "Mount the datastore on the host, or repair its storage"},
    {"DatastoreNotWritableOnHost", invalidState, "The host mounts the datastore read-only", "Mount it read-write on this host"},
    {"InvalidDatastorePath", invalidArgument, "The datastore path is malformed", ""},
    {"UserNotFound", notFound, "The user does not exist", ""},
    {"KeyNotFound", notFound, "The key does not exist", ""},
    {"SessionNotFound", notFound, "The session does not exist", ""},
    {"NoDiskFound", notFound, "There is no such disk", ""},
    {"DuplicateName", conflict, "The name is taken in this place", "Choose another name or folder, or rename the object that has it"},
    {"AlreadyExists", conflict, "It exists already", ""},
    {"FileAlreadyExists", conflict, "A file of that name exists already", ""},
    {"ConflictingDatastoreFound", conflict, "Another datastore has the same name or the same storage", ""},
    {"VmWwnConflict", conflict, "The world wide name is used by another VM", ""},
    {"AlreadyBeingManaged", conflict, "Another vCenter manages this host", ""},
    {"AlreadyConnected", conflict, "The host is connected already", ""},

    // Others at work
    {"ConcurrentAccess", concurrentAccess, "The object has been changed by somebody else meanwhile", "Read it again and decide again"},
    {"TaskInProgress", busy, "Another task is running on the object", "Wait until that task has ended"},
    {"VAppOperationInProgress", busy, "An operation on the vApp is running", ""},
    {"ResourceInUse", busy, "It is in use", ""},
    {"FileLocked", busy, "The file is locked by a host or another VM", "Find out who has the disk attached: a powered-on VM or a running backup"},
    {"SnapshotLocked", busy, "The snapshots of the VM are locked", "Wait until the backup that holds them has ended"},
    {"MethodDisabled", busy, "The operation is disabled on this object for now", "The named source has disabled it, usually a backup or a move: wait until it has ended"},
    {"MethodAlreadyDisabledFault", busy, "The operation has been disabled by somebody else already", ""},
    {"TooManyConcurrentNativeClones", busy, "Too many clones are being made of this file", ""},

    // States
    {"InvalidState", invalidState, "The object's state does not allow this", ""},
    {"InvalidPowerState", invalidState, "The power state does not allow this", ""},
    {"QuestionPending", invalidState, "The VM waits for an answer to a question", "Answer the question"},
    {"ToolsUnavailable", invalidState, "VMware Tools does not run in the guest", "Install or start VMware Tools (open-vm-tools), or power the VM off hard"},
    {"InvalidHostState", invalidState, "The host's state does not allow this", ""},
    {"InvalidHostConnectionState", invalidState, "The host is not connected", "Reconnect the host"},
    {"InvalidDatastoreState", invalidState, "The datastore's state does not allow this", "Leave maintenance mode of the datastore"},
    {"HostCommunication", invalidState, "vCenter can't communicate with the host", "Check the host and its connection to vCenter"},
    {"HostNotConnected", invalidState, "The host is not connected to vCenter", "Reconnect the host"},
    {"HostNotReachable", invalidState, "vCenter can't reach the host", "Check the network between vCenter and the host"},
    {"InvalidCollectorVersion", invalidState, "The update stream's version is unknown to the server", ""},
    {"SnapshotFault", invalidState, "The snapshot operation failed", ""},
    {"EncryptionKeyRequired", invalidState, "The encryption key is not there", "Make the key provider available to the host"},
    {"VmPowerOnDisabled", invalidState, "Powering on is disabled for this VM", ""},
    {"CannotAccessVmComponent", invalidState, "A part of the VM can't be accessed from the host", "Give the host access to it, or use another host"},
    {"CannotAccessVmDisk", invalidState, "A disk of the VM can't be accessed from the host", "Mount its datastore on the host, or use another host"},
    {"CannotUseNetwork", invalidState, "The network can't be used on this host", "Connect the NIC to a network that the host has"},
    {"ToolsInstallationInProgress", invalidState, "VMware Tools is being installed", ""},
    {"DrsDisabledOnVm", invalidState, "DRS is disabled for this VM", ""},
    {"StorageDrsDisabledOnVm", invalidState, "Storage DRS is disabled for this VM", ""},

    // Arguments
    {"InvalidArgument", invalidArgument, "The server does not accept a value of the call", ""},
    {"InvalidRequest", invalidArgument, "The server does not understand the call", ""},
    {"InvalidProperty", invalidArgument, "The server does not know a property", ""},
    {"InvalidName", invalidArgument, "The name is not allowed", ""},
    {"InvalidFolder", invalidArgument, "The folder does not take this object", ""},
    {"InvalidPrivilege", invalidArgument, "The server does not know the privilege", ""},
    {"InvalidEvent", invalidArgument, "The event is not valid", ""},
    {"OutOfBounds", invalidArgument, "A value is out of its bounds", ""},
    {"VmConfigFault", invalidArgument, "The VM's configuration does not allow this", ""},
    {"InvalidVmConfig", invalidArgument, "The VM's configuration is not valid", ""},
    {"InvalidDeviceSpec", invalidArgument, "A device of the configuration is not valid", ""},
    {"DeviceNotFound", notFound, "The device does not exist", ""},
    {"DatacenterMismatch", invalidArgument, "The objects are in different datacenters", ""},
    {"MigrationFault", fault, "The VM can't be moved like this", ""},

    // Not possible here
    {"NotSupported", unsupported, "The server does not support this", ""},
    {"NotImplemented", unsupported, "The server does not implement this", ""},
    {"MethodNotFound", unsupported, "The server does not have this method", "It may be older than the method, or a host where a vCenter is needed"},
    {"UnsupportedVimApiVersion", unsupported, "The server does not speak this version of the API", ""},
    {"NotSupportedHost", unsupported, "The host is not supported", ""},
    {"VirtualHardwareCompatibilityIssue", unsupported, "The host does not support the VM's hardware", "Use another host, or change the VM's hardware"},
    {"VirtualHardwareVersionNotSupported", unsupported, "The host does not know the VM's hardware version", "Use a newer host"},
    {"DeviceNotSupported", unsupported, "The host does not support a device of the VM", ""},
    {"DeltaDiskFormatNotSupported", unsupported, "The datastore does not support the disk's delta format", ""},
    {"LargeRDMNotSupportedOnDatastore", unsupported, "The datastore does not take an RDM of this size", ""},
    {"UnsupportedGuest", unsupported, "The host does not support the guest system", ""},
    {"UnsupportedDatastore", unsupported, "The datastore does not support this", ""},
    {"MigrationFeatureNotSupported", unsupported, "The host does not support this kind of move", ""},

    // Too little
    {"InsufficientResourcesFault", insufficient, "The resources do not suffice", "Free resources, or use another host or pool"},
    {"InsufficientMemoryResourcesFault", insufficient, "The memory does not suffice", ""},
    {"InsufficientCpuResourcesFault", insufficient, "The CPU does not suffice", ""},
    {"InsufficientStorageSpace", insufficient, "The space on the datastore does not suffice", "Free space, or use another datastore"},
    {"InsufficientStorageIops", insufficient, "The throughput of the datastore does not suffice", ""},
    {"NoDiskSpace", insufficient, "The datastore is full", "Free space on the datastore"},
    {"FileTooLarge", insufficient, "The file is larger than the datastore allows", "Use a datastore that takes larger files"},
    {"NotEnoughCpus", insufficient, "The host has too few CPUs", ""},
    {"LimitExceeded", insufficient, "A limit is exceeded", ""},
    {"TooManyDevices", insufficient, "The VM has too many devices", ""},
    {"TooManySnapshotLevels", insufficient, "The VM has too many snapshot levels", ""},
    {"VmValidateMaxDevice", insufficient, "The VM has too many devices of this kind", ""},
    {"ResourceNotAvailable", insufficient, "A resource is not available", ""},
    {"NoCompatibleHost", insufficient, "No host can run this VM", ""},
    {"NoCompatibleDatastore", insufficient, "No datastore can take this VM", ""},
    {"NamespaceFull", insufficient, "The datastore's namespace is full", ""},
    {"NamespaceLimitReached", insufficient, "The datastore takes no more folders", ""},

    {"RequestCanceled", cancelled, "The task was cancelled on the server", ""},

    // Families and roots
    {"FileFault", fault, "A file can't be used", ""},
    {"HostConfigFault", fault, "The host's configuration does not allow this", ""},
    {"HostConnectFault", fault, "The host can't be connected", ""},
    {"SecurityError", notPermitted, "The server refused this for security reasons", ""},
    {"SystemError", fault, "An error inside the server", "Try again; if it stays, look into the log of vCenter and of the host"},
    {"UnexpectedFault", fault, "An unexpected error inside the server", ""},
    {"Timedout", fault, "The operation took too long on the server", ""},
    {"ReplicationFault", fault, "vSphere Replication reports an error", ""},
    {"CustomizationFault", fault, "The guest can't be customised", ""},
    {"VmFaultToleranceIssue", fault, "Fault tolerance does not allow this", ""},
    {"VmToolsUpgradeFault", fault, "VMware Tools can't be upgraded", ""},
    {"RuntimeFault", fault, "The server could not carry out the call", ""},
    {"VimFault", fault, "The server refused the call", ""},
    {"MethodFault", fault, "The server reports a fault", ""},
};
// clang-format on

const FaultRow* rowOf(std::string_view name) {
  const auto* found = std::ranges::find(rows, name, &FaultRow::name);
  return found == std::end(rows) ? nullptr : found;
}

}  // namespace

std::span<const FaultRow> faultTable() {
  return rows;
}

FaultRow describeFault(std::string_view faultName) {
  FaultRow result{faultName, fault, "", ""};
  bool found = false;
  for (std::string_view name = faultName; !name.empty(); name = vim25::baseOf(name)) {
    const FaultRow* row = rowOf(name);
    if (row == nullptr) continue;
    if (!found) result.category = row->category;
    found = true;
    if (result.sentence.empty()) result.sentence = row->sentence;
    // An ancestor's advice fits only what is of the same kind.
    if (result.remedy.empty() && row->category == result.category) result.remedy = row->remedy;
  }
  if (result.sentence.empty()) result.sentence = "The server reports a fault";
  return result;
}

Category categoryOfFault(std::string_view faultName) {
  return describeFault(faultName).category;
}

bool Error::hasFault(std::string_view name) const {
  return (!fault.empty() && vim25::isA(fault, name)) ||
         std::ranges::any_of(causes, [&](const Error& cause) { return cause.hasFault(name); });
}

}  // namespace failback::vsphere
