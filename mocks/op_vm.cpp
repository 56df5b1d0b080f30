// SPDX-License-Identifier: GPL-2.0-or-later
// Virtual machines: reconfiguring them.
#include <fmt/format.h>

#include <array>
#include <memory>

#include "mocks/config_changes.h"
#include "mocks/config_spec.h"
#include "mocks/fault.h"
#include "mocks/operation_tables.h"
#include "mocks/vm_model.h"
#include "mocks/vm_power.h"

namespace failback::mock {

namespace {

void reconfigure(World& world, const MoRef& vm, const Value& spec) {
  const ManagedObject object = world.inventory.need(vm.id);
  needUsable(object);
  const MoRef* host = object.state.at("runtime.host").asRef();
  const ConfigPlace place{vm, host ? *host : MoRef{}, homeOf(world, object.state), poweredOn(object)};
  const ConfigResult result = applyConfigSpec(world, place, object.state.at("config"), spec);
  for (const auto& step : result.files) step();
  settle(world, vm, object.state.with("config", result.config));
  world.events.post("VmReconfiguredEvent", vm,
                    fmt::format("Reconfigured {} on {}.", result.config.at("name").string(),
                                host ? world.inventory.need(host->id).state.at("name").string() : ""),
                    {{"configSpec", spec},
                     {"configChanges", configChanges(object.state.at("config"),
                                                     world.inventory.need(vm.id).state.at("config"))}});
}

// One change, from the call to its end: a question may come in between.
struct ReconfigureRun {
  World& world;
  MoRef vm;
  Value spec;
  MoRef task;  // set once it is known
  bool cancelled = false;
};

Value reconfigureOrAsk(const std::shared_ptr<ReconfigureRun>& run) {
  if (run->cancelled) throw makeFault("RequestCanceled", "The task was canceled by a user.");
  const bool asks = askAt(run->world, run->vm, "reconfigure", [run](bool cancelled) {
    run->cancelled = cancelled;
    run->world.tasks.resume(run->task);
  });
  if (asks) throw TaskWaits();
  reconfigure(run->world, run->vm, run->spec);
  return {};
}

Answer reconfigVm(Operation& op) {
  const Value spec = op.get("spec");
  for (const auto& [on, privilege] : privilegesFor(op.world, op.self.ref, spec)) op.need(on, privilege);
  if (const bool* isTemplate = op.self.state.at("config.template").asBool(); isTemplate && *isTemplate) {
    for (const DataObject::Member& member : spec.asObject()->members()) {
      const std::string_view name = spec.asObject()->type().members[member.index].name;
      if (name == "name" || name == "annotation" || name == "extraConfig" || name == "changeVersion")
        continue;
      throw notSupported("The operation is not supported on a template.");
    }
  }
  const auto run = std::make_shared<ReconfigureRun>(ReconfigureRun{op.world, op.self.ref, spec, {}, false});
  Answer answer = op.start(
      {.descriptionId = "VirtualMachine.reconfigure", .finish = [run] { return reconfigureOrAsk(run); }});
  run->task = *answer.value.asRef();
  return answer;
}

constexpr std::array<OperationEntry, 1> vmEntries{{{"ReconfigVM_Task", reconfigVm}}};

}  // namespace

std::span<const OperationEntry> vmOperations() {
  return vmEntries;
}

}  // namespace failback::mock
