// SPDX-License-Identifier: GPL-2.0-or-later
// What machines ask before they start, and from the start.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "mocks/vm_events.h"
#include "mocks/vm_model.h"
#include "mocks/vm_power.h"
#include "mocks/vmx_reader.h"

namespace failback::mock {

namespace {

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return copy;
}

Question toQuestion(const QuestionSpec& spec) {
  Question question;
  question.messageId = spec.id;
  question.text = spec.text;
  for (const std::string& each : spec.choices) question.choices.push_back({each, each});
  if (question.choices.empty()) question.choices = {{"button.ok", "OK"}};
  question.defaultChoice = spec.defaultChoice;
  return question;
}

// What uuid.action in the .vmx says instead of asking: "keep", "create"; "" asks.
std::string uuidAction(const Value& state) {
  const List* options = state.at("config.extraConfig").asList();
  for (const Value& option : options ? options->items : std::vector<Value>{}) {
    if (lower(option.at("key").string()) == "uuid.action") return lower(option.at("value").string());
  }
  return {};
}

// A copy is another machine: it gets a BIOS UUID of its own.
void becomeCopy(World& world, const MoRef& vm) {
  const ManagedObject machine = world.inventory.need(vm.id);
  const std::string before(machine.state.at("config.uuid").string());
  const std::string after = world.random.uuid("42");
  settle(world, vm, machine.state.with("config.uuid", after));
  postVmEvent(world, "VmUuidChangedEvent", vm,
              fmt::format("Changed BIOS UUID on {} from {} to {}", placeOf(world, vm), before, after),
              {{"oldUuid", before}, {"newUuid", after}});
}

Question movedOrCopiedQuestion() {
  Question question;
  question.messageId = "msg.uuid.altered";
  question.text =
      "This virtual machine might have been moved or copied. In order to configure certain management and "
      "networking features, VMware ESX needs to know if this virtual machine was moved or copied. If you "
      "don't "
      "know, answer \"I Copied It\".";
  question.choices = {{"button.cancel", "Cancel"},
                      {"button.uuid.movedTheVM", "I Moved It"},
                      {"button.uuid.copiedTheVM", "I Copied It"}};
  question.defaultChoice = 2;
  return question;
}

bool askMovedOrCopied(World& world, const MoRef& vm, const std::function<void(bool)>& answered) {
  if (!world.movedOrCopied.contains(vm.id)) return false;
  const std::string action = uuidAction(world.inventory.need(vm.id).state);
  if (action == "keep" || action == "create" || action == "change") {
    settleLocation(world, vm);
    if (action != "keep") becomeCopy(world, vm);
    return false;
  }
  world.questions.ask(world, vm, movedOrCopiedQuestion(),
                      [&world, vm, answered](const Question::Choice& choice, bool cancelled) {
                        if (!cancelled) settleLocation(world, vm);
                        if (choice.label == "button.uuid.copiedTheVM") becomeCopy(world, vm);
                        answered(cancelled);
                      });
  return true;
}

}  // namespace

bool askAt(World& world, const MoRef& vm, std::string_view moment,
           const std::function<void(bool)>& answered) {
  const VmSpec* spec = world.vmSpecs.find(vm.id);
  if (!spec || !spec->question || spec->question->on != moment) return false;
  world.questions.ask(world, vm, toQuestion(*spec->question),
                      [&world, vm, answered](const Question::Choice&, bool cancelled) {
                        if (!cancelled) world.vmSpecs.edit(vm.id).question.reset();
                        answered(cancelled);
                      });
  return true;
}

bool askBeforePowerOn(World& world, const MoRef& vm, const std::function<void(bool)>& answered) {
  return askMovedOrCopied(world, vm, answered) || askAt(world, vm, "powerOn", answered);
}

void askFromTheStart(World& world) {
  world.vmSpecs.each([&world](const std::string& id, const VmSpec& spec) {
    if (!spec.question || spec.question->on != "now") return;
    const MoRef vm = world.inventory.need(id).ref;
    world.questions.ask(world, vm, toQuestion(*spec.question),
                        [&world, vm](const Question::Choice&, bool cancelled) {
                          world.vmSpecs.edit(vm.id).question.reset();
                          if (cancelled && poweredOn(world.inventory.need(vm.id)))
                            powerEndNow(world, vm, PowerEnd::terminated);
                        });
  });
}

}  // namespace failback::mock
