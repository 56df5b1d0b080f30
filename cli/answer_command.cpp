// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/answer_command.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "cli/check_command.h"
#include "cli/output_job.h"
#include "cli/plan_command.h"
#include "cli/server_access.h"
#include "provisioning/check/collect.h"
#include "provisioning/check/world.h"
#include "provisioning/job/question_desk.h"
#include "vsphere/actions.h"
#include "vsphere/time_text.h"

namespace failback::cli {
namespace {

using provisioning::AskedQuestion;
using provisioning::choicesText;
using provisioning::choiceText;
using provisioning::findChoice;
using provisioning::Journal;
using provisioning::Phase;
using provisioning::Plan;
using provisioning::Store;
using provisioning::World;
using vsphere::Category;
using vsphere::QuestionChoice;
using vsphere::VirtualMachine;
using Json = nlohmann::ordered_json;

constexpr int schemaVersion = 1;

// Of the plan's job, which another process may be working on; nothing without a store.
class AnswerBook {
 public:
  AnswerBook(const std::string& directory, const Plan& plan) {
    if (!Store::openToRead(directory)) return;
    store_ = Store::open(directory);
    const auto job = openJobOf(*store_, plan.id);
    if (job) job_ = job->id;
  }

  void write(provisioning::StoredStep row, const std::function<void()>& answer) {
    if (job_.empty()) return answer();
    row.job = job_;
    const Journal journal{[this](const provisioning::StoredStep& each) { return store_->intend(each); },
                          [this](std::int64_t number, const std::string& state, const std::string& evidence) {
                            store_->ended(number, state, evidence);
                          }};
    journalAnswer(journal, row, answer);
  }

 private:
  std::unique_ptr<Store> store_;
  std::string job_;
};

// Who is meant: a machine of the plan, whose home VM asks, or else its master target; or a master target.
struct Asked {
  std::string machine;  // id in the plan; empty of a master target
  std::optional<AskedQuestion> question;
};

std::optional<AskedQuestion> questionOf(const VirtualMachine* vm) {
  if (vm == nullptr || !vm->question) return std::nullopt;
  return AskedQuestion{vm->ref, vm->name, *vm->question};
}

Asked lookFor(const World& world, const std::string& name) {
  for (const auto& each : world.machines()) {
    if (name != each.plan->id && name != each.plan->source.name) continue;
    Asked asked{each.plan->id, questionOf(each.vm != nullptr ? each.vm : each.made)};
    if (!asked.question && each.target != nullptr) asked.question = questionOf(each.target->vm);
    return asked;
  }
  for (const auto& each : world.targets())
    if (name == each.plan->name) return {"", questionOf(each.vm)};
  vsphere::fail(Category::usage, fmt::format("the plan has no machine or master target \"{}\"", name),
                "name one of the plan's (failback plan show)");
}

const QuestionChoice& chosen(const AskedQuestion& asked, const std::string& word) {
  if (const QuestionChoice* const choice = findChoice(asked.question, word)) return *choice;
  vsphere::fail(Category::usage, fmt::format("\"{}\" is no answer to what {} asks", word, asked.vmName),
                fmt::format("choose one of {}", choicesText(asked.question)));
}

Json answerJson(const Plan& plan, const std::string& machine, const Asked& asked,
                const QuestionChoice* choice) {
  Json json{{"schemaVersion", schemaVersion}, {"plan", plan.id}, {"machine", machine}};
  if (asked.question) json["question"] = questionJson(*asked.question);
  if (choice != nullptr) json["answered"] = {{"key", choice->key}, {"label", choiceText(*choice)}};
  return json;
}

class AnswerRun {
 public:
  AnswerRun(const Arguments& arguments, Surroundings& surroundings, Console& console)
      : arguments_(arguments), surroundings_(surroundings), console_(console) {
    constexpr std::size_t least = 2;
    if (arguments.operands.size() < least)
      vsphere::fail(Category::usage, "answer wants the file of a plan and one of its machines",
                    "failback answer PLAN MACHINE shows what is asked");
    plan_ = loadPlan(arguments.operands[0]);
    applyColour(arguments, surroundings);
  }

  ExitCode run() {
    const Settings settings = settingsFor(arguments_, surroundings_, console_);
    const vsphere::Context context = workContext(settings, surroundings_);
    const auto client =
        surroundings_.connect(clientOptions(settings, arguments_, console_), settings.credentials, context);
    const auto facts = collectFacts(*client, plan_, Phase::cancel, collectOptions(console_), context);
    console_.endProgress();
    const std::string& name = arguments_.operands[1];
    const Asked asked = lookFor(World(plan_, facts, Phase::cancel), name);
    if (!asked.question) {
      show(asked, nullptr, fmt::format("{} asks nothing.", name));
      return ExitCode::holes;
    }
    if (arguments_.operands.size() <= 2) {
      show(asked, nullptr, questionForPeople(*asked.question, arguments_.operands[0], name));
      return ExitCode::ok;
    }
    const QuestionChoice& choice = chosen(*asked.question, arguments_.operands[2]);
    give(*client, asked, choice, context);
    show(asked, &choice, fmt::format("{} was answered with {}.", asked.question->vmName, choiceText(choice)));
    showCountedCalls(*client, arguments_, console_);
    return ExitCode::ok;
  }

 private:
  void give(vsphere::Client& client, const Asked& asked, const QuestionChoice& choice,
            const vsphere::Context& context) {
    const std::string user = surroundings_.environment.get("USER").value_or("failback answer");
    provisioning::StoredStep row = answerStep(*asked.question, choice, user);
    row.machine = asked.machine;
    row.at = vsphere::timeText(surroundings_.clock.wallNow());
    AnswerBook(storeDirectory(arguments_, surroundings_.environment), plan_).write(std::move(row), [&] {
      client.actions().answer(asked.question->vm, asked.question->question.id, choice.key, context);
    });
  }

  void show(const Asked& asked, const QuestionChoice* choice, const std::string& text) {
    const bool json = arguments_.one("output").value_or("table") == "json";
    const std::string machine = asked.machine.empty() ? arguments_.operands[1] : asked.machine;
    surroundings_.out.write(json ? answerJson(plan_, machine, asked, choice).dump(2) + "\n" : text + "\n");
    surroundings_.out.flush();
  }

  const Arguments& arguments_;
  Surroundings& surroundings_;
  Console& console_;
  Plan plan_;
};

}  // namespace

VerbSpec answerVerb() {
  VerbSpec verb;
  verb.name = "answer";
  verb.summary = "answer a question that holds up a VM of a plan";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.moreArguments = {"MACHINE", "[CHOICE]"};
  verb.paragraphs = {
      "Without a choice it shows what the home VM of that machine asks, or else its master target, and what "
      "can be answered. MACHINE may also be the name of a master target.",
      "CHOICE is the key or the label of one of the choices. The job that waits, in another process, then "
      "goes on by itself. The answer stands in its journal."};
  OptionGroup output;
  output.title = "Output";
  OptionSpec format =
      option("output", 'o', Takes::words, "FORMAT", "table (default): for people. json: for programs.");
  format.words = {"table", "json"};
  output.options = {stateOption(), format, colourOption()};
  verb.groups = {output, connectionOptions(), diagnosticOptions()};
  verb.examples = {{"answer plan.yaml web-01", "what does it ask?"},
                   {"answer plan.yaml web-01 1", "the choice with this key"}};
  return verb;
}

ExitCode answerQuestion(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  return AnswerRun(arguments, surroundings, console).run();
}

}  // namespace failback::cli
