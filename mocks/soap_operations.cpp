// SPDX-License-Identifier: GPL-2.0-or-later
// Tasks and what makes them; licences, options.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/soap_convert.h"
#include "mocks/soap_service.h"
#include "mocks/vm_operations.h"

namespace failback::mock {

namespace {

std::string textOf(const xsd__anyType* value) {
  if (const auto* text = dynamic_cast<const xsd__string_*>(value)) return text->__item;
  if (const auto* flag = dynamic_cast<const xsd__boolean_*>(value)) return flag->__item ? "TRUE" : "FALSE";
  if (const auto* number = dynamic_cast<const xsd__int_*>(value)) return std::to_string(number->__item);
  return {};
}

VmChange toChange(const vim25__VirtualMachineConfigSpec* spec) {
  if (!spec) throw invalidArgument("spec");
  VmChange change;
  change.changeVersion = spec->changeVersion;
  change.name = spec->name;
  change.annotation = spec->annotation;
  if (spec->numCPUs) change.cpus = *spec->numCPUs;
  if (spec->memoryMB) change.memoryMB = *spec->memoryMB;
  for (const vim25__OptionValue* option : spec->extraConfig) {
    if (option)
      change.extraConfig.emplace_back(needText(option->key, "spec.extraConfig.key"), textOf(option->value));
  }
  return change;
}

// What of a VirtualMachineConfigSpec the mock can change; the rest it refuses rather than ignore.
constexpr std::array<std::string_view, 6> modelledChanges{"changeVersion", "name",     "annotation",
                                                          "numCPUs",       "memoryMB", "extraConfig"};

void refuseOthers(const std::vector<std::string>& members) {
  for (const std::string& member : members) {
    if (std::find(modelledChanges.begin(), modelledChanges.end(), member) == modelledChanges.end()) {
      throw notSupported(fmt::format("mock-vcenter does not model changes of '{}' yet.", member));
    }
  }
}

// The privilege that a change of a VM needs first.
std::string_view privilegeFor(const VmChange& change) {
  if (change.name) return "VirtualMachine.Config.Rename";
  if (change.cpus) return "VirtualMachine.Config.CPUCount";
  if (change.memoryMB) return "VirtualMachine.Config.Memory";
  if (!change.extraConfig.empty()) return "VirtualMachine.Config.AdvancedConfig";
  return "VirtualMachine.Config.Annotation";
}

std::string_view renamePrivilege(const ManagedObject& entity) {
  if (entity.type().isA("VirtualMachine")) return "VirtualMachine.Config.Rename";
  if (entity.type().isA("Folder")) return "Folder.Rename";
  if (entity.type().isA("Datacenter")) return "Datacenter.Rename";
  if (entity.type().isA("ComputeResource")) return "Host.Inventory.RenameCluster";
  return "Global.Settings";
}

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

int SoapService::Rename_USCORETask(vim25__RenameRequestType* request, _vim25__Rename_USCORETaskResponse&) {
  return startTask(request->_USCOREthis, "ManagedEntity.rename", [&](Call& call) -> std::function<Value()> {
    need(call, renamePrivilege(*call.self));
    return [&world = call.world, entity = call.self->ref, name = needText(request->newName, "newName")] {
      renameEntity(world, entity, name);
      return Value();
    };
  });
}

int SoapService::ReconfigVM_USCORETask(vim25__ReconfigVMRequestType* request,
                                       _vim25__ReconfigVM_USCORETaskResponse&) {
  return startTask(request->_USCOREthis, "VirtualMachine.reconfigure",
                   [&](Call& call) -> std::function<Value()> {
                     VmChange change = toChange(request->spec);
                     need(call, privilegeFor(change));
                     refuseOthers(context_.childrenOf("spec"));
                     return [&world = call.world, vm = call.self->ref, change = std::move(change)] {
                       reconfigure(world, vm, change);
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
