// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/license_reader.h"

#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/decode_server.h"
#include "vsphere/binding/fault_decoder.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/hole.h"
#include "vsphere/session.h"

namespace failback::vsphere {
namespace {

struct Managed : LicenseProperties {
  bool sessionLost = false;
};

Managed readManager(const Session& session, const Context& context, std::vector<Unreadable>& unreadable) {
  const Moref& manager = session.refs().licenseManager;
  RequestArena arena;
  const std::vector<TypePaths> properties{{manager.type, {"licenses", "licenseAssignmentManager"}}};
  vim25__RetrievePropertiesExRequestType request;
  request.specSet.push_back(specOfObjects(arena, std::span(&manager, 1), properties));
  request.options = arena.make<vim25__RetrieveOptions>();
  const auto answer = session.service().call(session.refs().propertyCollector, request, context);

  Managed managed;
  if (answer->returnval == nullptr) return managed;
  for (const vim25__ObjectContent* object : answer->returnval->objects) {
    if (object == nullptr) continue;
    for (const vim25__MissingProperty* missing : object->missingSet) {
      if (missing == nullptr) continue;
      if (missing->fault != nullptr && saysNotAuthenticated(errorFromFault(*missing->fault))) {
        managed.sessionLost = true;
        return managed;
      }
      unreadable.push_back(unreadableFromMissing(manager, *missing));
    }
    for (const vim25__DynamicProperty* property : object->propSet) {
      if (property != nullptr) managed.take(*property);
    }
  }
  return managed;
}

void addAssigned(const Session& session, const Moref& assignments, const Context& context,
                 std::vector<License>& licenses) {
  vim25__QueryAssignedLicensesRequestType request;
  const auto answer = session.service().call(assignments, request, context);
  for (const vim25__LicenseAssignmentManagerLicenseAssignment* assignment : answer->returnval) {
    if (assignment != nullptr) licenses.push_back(decodeAssignedLicense(*assignment));
  }
}

}  // namespace

void LicenseProperties::take(const vim25__DynamicProperty& property) {
  if (const auto* list = dynamic_cast<const vim25__ArrayOfLicenseManagerLicenseInfo*>(property.val)) {
    for (const vim25__LicenseManagerLicenseInfo* info : list->LicenseManagerLicenseInfo) {
      if (info != nullptr) licenses.push_back(decodeLicense(*info));
    }
  } else if (const auto* ref = dynamic_cast<const vim25__ManagedObjectReference*>(property.val)) {
    assignments = binding::morefOf(ref);
  }
}

void addAssignedLicenses(const Session& session, const Moref& assignments, const Context& context,
                         std::vector<License>& licenses, std::vector<Unreadable>& unreadable) {
  try {
    addAssigned(session, assignments, context, licenses);
  } catch (const Failure& failure) {
    if (!isHole(failure.error())) throw;
    unreadable.push_back(holeOf(assignments, "assignedLicenses", failure.error()));
  }
}

std::vector<License> readLicenses(const Session& session, const Context& context,
                                  std::vector<Unreadable>& unreadable) {
  if (session.refs().licenseManager.empty()) return {};
  const std::uint64_t generation = session.generation();
  Managed managed = readManager(session, context, unreadable);
  if (managed.sessionLost) {
    session.renew(generation, context);
    managed = readManager(session, context, unreadable);
    if (managed.sessionLost) fail(Category::sessionLost, "the session is lost again and again");
  }
  if (managed.assignments.empty()) return managed.licenses;
  addAssignedLicenses(session, managed.assignments, context, managed.licenses, unreadable);
  return managed.licenses;
}

}  // namespace failback::vsphere
