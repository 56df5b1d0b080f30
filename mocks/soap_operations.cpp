// SPDX-License-Identifier: GPL-2.0-or-later
// Tasks and what makes them; licences, options.
#include <fmt/format.h>

#include "mocks/soap_convert.h"
#include "mocks/soap_service.h"

namespace failback::mock {

namespace {

void need(const Call& call, std::string_view privilege) {
  if (!call.scope.may(call.self->ref, privilege))
    throw noPermission(call.scope.authorityFor(call.self->ref), privilege);
}

}  // namespace

int SoapService::CancelTask(vim25__CancelTaskRequestType* request, _vim25__CancelTaskResponse&) {
  return answer(request->_USCOREthis, [](Call& call) -> Answer {
    call.world.tasks.cancel(call.self->ref);
    return {};
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
