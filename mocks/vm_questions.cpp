// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vm_questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "mocks/vm_events.h"
#include "mocks/vm_methods.h"
#include "mocks/world.h"

namespace failback::mock {

namespace {

bool sameText(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

Value messagesOf(const Question& question) {
  return std::vector<Value>{
      object("VirtualMachineMessage", {{"id", question.messageId}, {"text", question.text}})};
}

// As runtime.question holds it.
Value questionInfo(const std::string& id, const Question& question) {
  std::vector<Value> choices;
  choices.reserve(question.choices.size());
  for (std::size_t i = 0; i < question.choices.size(); ++i) {
    choices.push_back(object("ElementDescription", {{"label", question.choices[i].label},
                                                    {"summary", question.choices[i].summary},
                                                    {"key", std::to_string(i)}}));
  }
  return object("VirtualMachineQuestionInfo",
                {{"id", id},
                 {"text", question.text},
                 {"choice", object("ChoiceOption", {{"choiceInfo", list(std::move(choices))},
                                                    {"defaultIndex", question.defaultChoice}})},
                 {"message", messagesOf(question)}});
}

}  // namespace

bool Question::cancels(std::size_t choice) const {
  constexpr std::array<std::string_view, 4> words{"cancel", "abort", "button.cancel", "button.abort"};
  const std::string& label = choices.at(choice).label;
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return sameText(word, label); });
}

void Questions::show(World& world, const MoRef& vm, const Value& question) {
  if (!world.inventory.find(vm.id)) return;
  world.inventory.set(vm.id, "runtime.question", question);
  world.inventory.set(vm.id, "summary.runtime.question", question);
  refreshDisabledMethods(world, vm);
}

void Questions::ask(World& world, const MoRef& vm, Question question, Answered answered) {
  const std::string id = std::to_string(nextId_++);
  show(world, vm, questionInfo(id, question));
  const std::string message = fmt::format("Message on {}: {}", placeOf(world, vm), question.text);
  postVmEvent(world, "VmMessageEvent", vm, message,
              {{"message", question.text}, {"messageInfo", messagesOf(question)}});
  waiting_.insert_or_assign(vm.id, Waiting{id, std::move(question), std::move(answered)});
}

void Questions::answer(World& world, const MoRef& vm, std::string_view id, std::string_view choice) {
  const auto found = waiting_.find(vm.id);
  if (found == waiting_.end() || found->second.id != id) {
    if (answered_.contains(std::string(id))) {
      throw makeFault("ConcurrentAccess", "The question was answered by someone else.");
    }
    throw invalidArgument("questionId");
  }
  const std::vector<Question::Choice>& choices = found->second.question.choices;
  std::size_t number = 0;
  while (number < choices.size() && std::to_string(number) != choice) ++number;
  if (number == choices.size()) throw invalidArgument("answerChoice");
  const Waiting done = std::move(found->second);
  waiting_.erase(found);
  answered_.insert(done.id);
  show(world, vm, {});
  if (done.answered) done.answered(done.question.choices[number], done.question.cancels(number));
}

void Questions::withdraw(World& world, const MoRef& vm) {
  if (waiting_.erase(vm.id) > 0) show(world, vm, {});
}

void Questions::needNone(std::string_view vm) const {
  const auto found = waiting_.find(std::string(vm));
  if (found == waiting_.end()) return;
  throw makeFault(
      "QuestionPending",
      "The operation cannot be performed because there is a question pending on the virtual machine.",
      {{"text", found->second.question.text}});
}

}  // namespace failback::mock
