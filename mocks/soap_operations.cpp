// SPDX-License-Identifier: GPL-2.0-or-later
// Tasks and what makes them; licences, permissions, options.
#include <fmt/format.h>

#include "mocks/soap_convert.h"
#include "mocks/soap_service.h"
#include "mocks/vm_operations.h"

namespace failback::mock {

namespace {

void need(const Call& call, std::string_view privilege) {
  if (call.session->user->readOnly) throw noPermission(call.self->ref, privilege);
}

// Whether a user may do what a privilege stands for. There are two roles so far: everything, and System.*.
bool granted(const User& user, std::string_view privilege) {
  return !user.readOnly || privilege.starts_with("System.");
}

}  // namespace

int SoapService::CancelTask(vim25__CancelTaskRequestType* request, _vim25__CancelTaskResponse&) {
  return answer(request->_USCOREthis, [](Call& call) -> Answer {
    call.world.tasks.cancel(call.self->ref);
    return {};
  });
}

int SoapService::PowerOnVM_USCORETask(vim25__PowerOnVMRequestType* request,
                                      _vim25__PowerOnVM_USCORETaskResponse&) {
  return startTask(request->_USCOREthis, "VirtualMachine.powerOn", [](Call& call) -> std::function<Value()> {
    return [&world = call.world, vm = call.self->ref] {
      powerOn(world, vm);
      return Value();
    };
  });
}

int SoapService::PowerOffVM_USCORETask(vim25__PowerOffVMRequestType* request,
                                       _vim25__PowerOffVM_USCORETaskResponse&) {
  return startTask(request->_USCOREthis, "VirtualMachine.powerOff", [](Call& call) -> std::function<Value()> {
    return [&world = call.world, vm = call.self->ref] {
      powerOff(world, vm);
      return Value();
    };
  });
}

int SoapService::QueryAssignedLicenses(vim25__QueryAssignedLicensesRequestType* request,
                                       _vim25__QueryAssignedLicensesResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    need(call, "Global.Licenses");
    std::vector<Value> chosen;
    const List* all = call.world.assignedLicenses.asList();
    for (const Value& each : all ? all->items : std::vector<Value>{}) {
      if (!request->entityId || each.at("entityId").string() == *request->entityId) chosen.push_back(each);
    }
    return {chosen.empty() ? Value() : list(std::move(chosen)), {}};
  });
}

int SoapService::HasPrivilegeOnEntities(vim25__HasPrivilegeOnEntitiesRequestType* request,
                                        _vim25__HasPrivilegeOnEntitiesResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    const User* user = nullptr;
    for (const auto& session : call.world.sessions.all()) {
      if (session->key == request->sessionId) user = session->user;
    }
    if (!user) throw invalidArgument("sessionId");
    std::vector<Value> entities;
    for (const MoRef& ref : toRefs(request->entity)) {
      if (!call.scope.find(ref)) throw objectNotFound(ref);
      std::vector<Value> privileges;
      for (const std::string& id : request->privId) {
        const bool can = granted(*user, id) && (id != "System.Read" || user->reads(ref.id));
        privileges.push_back(object("PrivilegeAvailability", {{"privId", id}, {"isGranted", can}}));
      }
      entities.push_back(
          object("EntityPrivilege", {{"entity", ref}, {"privAvailability", list(std::move(privileges))}}));
    }
    return {entities.empty() ? Value() : list(std::move(entities)), {}};
  });
}

int SoapService::RetrieveEntityPermissions(vim25__RetrieveEntityPermissionsRequestType* request,
                                           _vim25__RetrieveEntityPermissionsResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    const MoRef entity = needRef(request->entity, "entity");
    if (!call.scope.find(entity)) throw objectNotFound(entity);
    std::vector<Value> chosen;
    const List* all = call.world.permissions.asList();
    for (const Value& each : all ? all->items : std::vector<Value>{}) {
      // All permissions stand at the root and propagate.
      if (request->inherited.value_or(false) || *each.at("entity").asRef() == entity) chosen.push_back(each);
    }
    return {chosen.empty() ? Value() : list(std::move(chosen)), {}};
  });
}

int SoapService::RetrieveAllPermissions(vim25__RetrieveAllPermissionsRequestType* request,
                                        _vim25__RetrieveAllPermissionsResponse&) {
  return answer(request->_USCOREthis, [](Call& call) -> Answer { return {call.world.permissions, {}}; });
}

int SoapService::QueryOptions(vim25__QueryOptionsRequestType* request, _vim25__QueryOptionsResponse&) {
  return answer(request->_USCOREthis, [&](Call& call) -> Answer {
    const std::string name = request->name.value_or("");
    std::vector<Value> chosen;
    const List* all = call.self->properties().get("setting").asList();
    for (const Value& each : all ? all->items : std::vector<Value>{}) {
      const std::string_view key = each.at("key").string();
      if (name.empty() || key == name || (name.ends_with('.') && key.starts_with(name)))
        chosen.push_back(each);
    }
    if (chosen.empty())
      throw makeFault("InvalidName", fmt::format("The name '{}' is not valid.", name), {{"name", name}});
    return {list(std::move(chosen)), {}};
  });
}

int SoapService::QueryConfigOptionDescriptor(vim25__QueryConfigOptionDescriptorRequestType* request,
                                             _vim25__QueryConfigOptionDescriptorResponse&) {
  return answer(request->_USCOREthis, [](Call& call) -> Answer {
    const auto found = call.world.configOptions.find(call.self->ref.id);
    return found == call.world.configOptions.end() ? Answer{} : Answer{found->second, {}};
  });
}

}  // namespace failback::mock
