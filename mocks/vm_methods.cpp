// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_methods.h"

#include <algorithm>
#include <array>
#include <span>
#include <vector>

namespace failback::mock {

namespace {

using Names = std::span<const std::string_view>;

// Fault tolerance is never on, so its other half is never allowed.
constexpr std::array<std::string_view, 4> never{"DisableSecondaryVM_Task", "EnableSecondaryVM_Task",
                                                "MakePrimaryVM_Task", "TerminateFaultTolerantVM_Task"};
constexpr std::array<std::string_view, 11> needProcess{
    "AcquireMksTicket", "MountToolsInstaller", "PowerOffVM_Task",  "RebootGuest",
    "ResetVM_Task",     "SetScreenResolution", "ShutdownGuest",    "StandbyGuest",
    "SuspendVM_Task",   "TerminateVM",         "UpgradeTools_Task"};
constexpr std::array<std::string_view, 6> needOff{"CustomizeVM_Task", "DefragmentAllDisks", "Destroy_Task",
                                                  "MarkAsTemplate",   "UnregisterVM",       "UpgradeVM_Task"};
constexpr std::array<std::string_view, 6> notOfTemplates{
    "ConsolidateVMDisks_Task", "CreateSnapshot_Task", "MarkAsTemplate",
    "MigrateVM_Task",          "PowerOnVM_Task",      "RemoveAllSnapshots_Task"};
// What a task that holds the machine keeps others from.
constexpr std::array<std::string_view, 20> exclusive{"CloneVM_Task",
                                                     "ConsolidateVMDisks_Task",
                                                     "CreateSecondaryVM_Task",
                                                     "CreateSnapshot_Task",
                                                     "Destroy_Task",
                                                     "MarkAsTemplate",
                                                     "MarkAsVirtualMachine",
                                                     "MigrateVM_Task",
                                                     "PowerOffVM_Task",
                                                     "PowerOnVM_Task",
                                                     "ReconfigVM_Task",
                                                     "RelocateVM_Task",
                                                     "RemoveAllSnapshots_Task",
                                                     "Rename_Task",
                                                     "ResetVM_Task",
                                                     "RevertToCurrentSnapshot_Task",
                                                     "SuspendVM_Task",
                                                     "UnregisterVM",
                                                     "UpgradeTools_Task",
                                                     "UpgradeVM_Task"};

}  // namespace

Value disabledMethods(const Value& vmState, bool busy) {
  std::vector<std::string_view> names(never.begin(), never.end());
  const auto add = [&names](Names more) { names.insert(names.end(), more.begin(), more.end()); };
  const std::string_view power = vmState.at("runtime.powerState").string();
  const bool* isTemplate = vmState.at("config.template").asBool();
  const bool question = vmState.at("runtime.question").isSet();
  if (power != "poweredOn") add(needProcess);
  if (power != "poweredOff") add(needOff);
  if (power == "poweredOn") names.emplace_back("PowerOnVM_Task");
  if (power == "suspended") std::erase(names, std::string_view("PowerOffVM_Task"));
  if (isTemplate && *isTemplate) {
    add(notOfTemplates);
  } else {
    names.emplace_back("MarkAsVirtualMachine");
  }
  if (busy || question) add(exclusive);
  if (!question) names.emplace_back("AnswerVM");
  const bool* mounted = vmState.at("runtime.toolsInstallerMounted").asBool();
  names.emplace_back(mounted && *mounted ? "MountToolsInstaller" : "UnmountToolsInstaller");
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  std::vector<Value> values;
  values.reserve(names.size());
  for (const std::string_view each : names) values.push_back(word(std::string(each)));
  return shared(list(std::move(values)));
}

void refreshDisabledMethods(World& world, const MoRef& vm) {
  const ManagedObject* machine = world.inventory.find(vm.id);
  if (!machine || !machine->type().isA("VirtualMachine")) return;
  world.inventory.set(vm.id, "disabledMethod", disabledMethods(machine->state, world.tasks.busy(vm.id)));
}

}  // namespace failback::mock
