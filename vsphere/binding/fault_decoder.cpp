// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/fault_decoder.h"

#include <algorithm>

#include "vsphere/binding/values.h"
#include "vsphere/fault_names.h"
#include "wsdl/vim_hooks.h"

namespace failback::vsphere {
namespace {

using binding::morefOf;

void add(Error& error, const char* name, const std::optional<std::string>& value) {
  if (value && !value->empty()) error.details.emplace_back(name, *value);
}
void add(Error& error, const char* name, const std::optional<int>& value) {
  if (value) error.details.emplace_back(name, std::to_string(*value));
}
void add(Error& error, const char* name, const std::optional<LONG64>& value) {
  if (value) error.details.emplace_back(name, std::to_string(*value));
}
void add(Error& error, const char* name, const vim25__ManagedObjectReference* value) {
  const Moref ref = morefOf(value);
  if (!ref.empty()) error.details.emplace_back(name, ref.str());
}

template <class Fault, auto Member>
bool addMember(const xsd__anyType& fault, Error& error, const char* name) {
  const auto* typed = dynamic_cast<const Fault*>(&fault);
  if (typed == nullptr) return false;
  add(error, name, typed->*Member);
  return true;
}

// The reference is the object concerned, unless a more telling one is known.
template <class Fault, auto Member>
bool takeObject(const xsd__anyType& fault, Error& error, const char*) {
  const auto* typed = dynamic_cast<const Fault*>(&fault);
  if (typed == nullptr) return false;
  if (error.object.empty()) error.object = morefOf(typed->*Member);
  return true;
}

template <class Fault, auto Member>
bool addCause(const xsd__anyType& fault, Error& error, const char*) {
  const auto* typed = dynamic_cast<const Fault*>(&fault);
  if (typed == nullptr) return false;
  if (const vim25__LocalizedMethodFault* cause = typed->*Member)
    error.causes.push_back(errorFromFault(*cause));
  return true;
}

struct MemberRow {
  const char* name;
  bool (*read)(const xsd__anyType& fault, Error& error, const char* name);
};

#define FAILBACK_MEMBER(Fault, member) \
  { #member, addMember < vim25__##Fault, &vim25__##Fault::member> }
#define FAILBACK_OBJECT(Fault, member) \
  { #member, takeObject < vim25__##Fault, &vim25__##Fault::member> }
#define FAILBACK_CAUSE(Fault, member) \
  { #member, addCause < vim25__##Fault, &vim25__##Fault::member> }

// Members of faults that say what an operator, or a rule, has to know.
constexpr MemberRow memberRows[] = {
    FAILBACK_OBJECT(NoPermission, object),
    FAILBACK_OBJECT(ManagedObjectNotFound, obj),
    FAILBACK_MEMBER(DuplicateName, name),
    FAILBACK_OBJECT(DuplicateName, object),
    FAILBACK_MEMBER(InvalidName, name),
    FAILBACK_OBJECT(InvalidName, entity),
    FAILBACK_MEMBER(AlreadyExists, name),
    FAILBACK_MEMBER(InvalidArgument, invalidProperty),
    FAILBACK_MEMBER(InvalidProperty, name),
    FAILBACK_MEMBER(InvalidType, argument),
    FAILBACK_MEMBER(MethodNotFound, receiver),
    FAILBACK_MEMBER(MethodNotFound, method),
    FAILBACK_MEMBER(OutOfBounds, argumentName),
    FAILBACK_MEMBER(LimitExceeded, property),
    FAILBACK_MEMBER(LimitExceeded, limit),
    FAILBACK_MEMBER(InvalidVmConfig, property),
    FAILBACK_MEMBER(InvalidDeviceSpec, deviceIndex),
    FAILBACK_MEMBER(InvalidController, controllerKey),
    FAILBACK_MEMBER(GenericVmConfigFault, reason),
    FAILBACK_MEMBER(DeviceNotSupported, device),
    FAILBACK_MEMBER(DeviceNotSupported, reason),
    FAILBACK_MEMBER(UnsupportedGuest, unsupportedGuestOS),
    FAILBACK_MEMBER(MemorySizeNotSupported, memorySizeMB),
    FAILBACK_MEMBER(MemorySizeNotSupported, minMemorySizeMB),
    FAILBACK_MEMBER(MemorySizeNotSupported, maxMemorySizeMB),
    FAILBACK_MEMBER(NumVirtualCpusNotSupported, maxSupportedVcpusDest),
    FAILBACK_MEMBER(NumVirtualCpusNotSupported, numCpuVm),
    FAILBACK_MEMBER(VirtualHardwareVersionNotSupported, hostName),
    FAILBACK_OBJECT(VirtualHardwareVersionNotSupported, host),
    FAILBACK_MEMBER(InvalidPowerState, requestedState),
    FAILBACK_MEMBER(InvalidPowerState, existingState),
    FAILBACK_MEMBER(QuestionPending, text),
    FAILBACK_MEMBER(FileFault, file),
    FAILBACK_MEMBER(NoDiskSpace, datastore),
    FAILBACK_MEMBER(InvalidDatastore, name),
    FAILBACK_OBJECT(InvalidDatastore, datastore),
    FAILBACK_MEMBER(InvalidDatastorePath, datastorePath),
    FAILBACK_OBJECT(InvalidFolder, target),
    FAILBACK_MEMBER(TaskInProgress, task),
    FAILBACK_MEMBER(ResourceInUse, type),
    FAILBACK_MEMBER(ResourceInUse, name),
    FAILBACK_MEMBER(MethodDisabled, source),
    FAILBACK_MEMBER(SystemError, reason),
    FAILBACK_MEMBER(InsufficientMemoryResourcesFault, unreserved),
    FAILBACK_MEMBER(InsufficientMemoryResourcesFault, requested),
    FAILBACK_MEMBER(InsufficientCpuResourcesFault, unreserved),
    FAILBACK_MEMBER(InsufficientCpuResourcesFault, requested),
    FAILBACK_MEMBER(InsufficientHostMemoryCapacityFault, unreserved),
    FAILBACK_MEMBER(InsufficientHostMemoryCapacityFault, requested),
    FAILBACK_MEMBER(InsufficientHostCpuCapacityFault, unreserved),
    FAILBACK_MEMBER(InsufficientHostCpuCapacityFault, requested),
    FAILBACK_OBJECT(InsufficientHostCapacityFault, host),
    FAILBACK_MEMBER(CannotAccessVmDevice, device),
    FAILBACK_MEMBER(CannotAccessVmDevice, backing),
    FAILBACK_CAUSE(CannotAccessVmDisk, fault),
    FAILBACK_MEMBER(CannotUseNetwork, device),
    FAILBACK_MEMBER(CannotUseNetwork, backing),
    FAILBACK_MEMBER(CannotUseNetwork, reason),
};

#undef FAILBACK_MEMBER
#undef FAILBACK_OBJECT
#undef FAILBACK_CAUSE

// One line without a full stop at its end.
std::string tidied(const std::string& text) {
  std::string result;
  for (const char c : text) {
    const bool blank = c == ' ' || c == '\n' || c == '\r' || c == '\t';
    if (blank && (result.empty() || result.back() == ' ')) continue;
    result += blank ? ' ' : c;
  }
  while (!result.empty() && (result.back() == ' ' || result.back() == '.')) result.pop_back();
  return result;
}

// The table's sentence with what the fault's members add: "The file does not exist (file: [ds1] a/a.vmdk)".
std::string ownSentence(const Error& error, const FaultRow& row) {
  std::string text(row.sentence);
  std::string notes;
  const auto note = [&notes](const std::string& what) { notes += (notes.empty() ? "" : ", ") + what; };
  if (!error.privilege.empty()) note("privilege: " + error.privilege);
  for (const auto& [name, value] : error.details) note(name + ": " + value);
  if (!error.object.empty()) note("object: " + error.object.str());
  if (!notes.empty()) text += " (" + notes + ")";
  return tidied(text);
}

void addMessages(Error& error, const vim25__MethodFault& fault) {
  for (const auto* message : fault.faultMessage) {
    if (message == nullptr) continue;
    Error cause;
    cause.category = error.category;
    cause.text = tidied(message->message.value_or(""));
    if (cause.text.empty()) cause.text = message->key.value_or("");
    if (message->key) cause.details.emplace_back("key", *message->key);
    // The server often repeats its own sentence there.
    if (!cause.text.empty() && cause.text != error.text) error.causes.push_back(std::move(cause));
  }
}

}  // namespace

Error errorFromFault(const xsd__anyType* fault, const std::string& text) {
  Error error;
  error.category = Category::fault;
  error.text = tidied(text);
  if (fault == nullptr) {
    if (error.text.empty()) error.text = "The server reports a fault without saying which";
    return error;
  }
  error.fault = vim25::wireTypeName(*fault);
  // An object without any type is a fault that the server did not name.
  if (error.fault == "anyType") error.fault.clear();
  const FaultRow row = describeFault(error.fault);
  error.category = row.category;
  error.remedy = row.remedy;
  if (const auto* denied = dynamic_cast<const vim25__NoPermission*>(fault))
    error.privilege = denied->privilegeId.value_or("");
  for (const MemberRow& member : memberRows) member.read(*fault, error, member.name);
  if (error.text.empty()) error.text = ownSentence(error, row);
  if (const auto* method = dynamic_cast<const vim25__MethodFault*>(fault)) {
    if (method->faultCause != nullptr) error.causes.push_back(errorFromFault(*method->faultCause));
    addMessages(error, *method);
  }
  return error;
}

Error errorFromFault(const vim25__LocalizedMethodFault& fault) {
  return errorFromFault(fault.fault, fault.localizedMessage.value_or(""));
}

bool saysNotAuthenticated(const Error& error) {
  return error.hasCategory(Category::notAuthenticated);
}

Unreadable unreadableFromMissing(const Moref& object, const vim25__MissingProperty& missing) {
  Unreadable result;
  result.object = object;
  result.property = missing.path.value_or("");
  result.reason = "fault";
  if (missing.fault == nullptr) {
    result.text = "The server did not say why the property is missing";
    return result;
  }
  const Error error = errorFromFault(*missing.fault);
  result.fault = error.fault;
  result.privilege = error.privilege;
  result.text = error.text;
  if (error.hasCategory(Category::notPermitted)) result.reason = "noPermission";
  if (error.hasFault("ManagedObjectNotFound")) result.reason = "vanished";
  if (error.hasFault("HostCommunication") || error.hasFault("InvalidHostConnectionState"))
    result.reason = "hostNotResponding";
  return result;
}

}  // namespace failback::vsphere
