// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output_job.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/table.h"

namespace failback::cli {
namespace {

using provisioning::choiceText;
using provisioning::DiskResult;
using provisioning::isDefault;
using provisioning::JobEvent;
using provisioning::JobResult;
using provisioning::MachineResult;
using Json = nlohmann::ordered_json;

Style styleOf(const std::string& state) {
  if (state == "protected" || state == "home" || state == "attached" || state == "committed")
    return Style::good;
  if (state == "failed" || state == "missing" || state == "moved" || state == "twin") return Style::bad;
  return Style::warning;
}

// Records for a later call are JSON (-o json shows them).
bool isForPeople(const std::string& evidence) {
  return !evidence.empty() && evidence.front() != '[' && evidence.front() != '{';
}

std::string slotText(const DiskResult& disk) {
  return disk.mt ? fmt::format("scsi{}:{}", disk.mt->bus, disk.mt->unit) : std::string("-");
}

void addMachine(Table& table, const MachineResult& machine) {
  bool first = true;
  const auto row = [&](const std::string& disk, const Cell& state, const std::string& slot,
                       const std::string& serial, const std::string& path) {
    table.add({first ? machine.name : "", first ? machine.mode : "",
               first ? Cell(machine.state, styleOf(machine.state)) : Cell(""), disk, state, slot, serial,
               path});
    first = false;
  };
  for (const DiskResult& disk : machine.disks)
    row(disk.id, Cell(disk.state, styleOf(disk.state)), slotText(disk), disk.serial, disk.path);
  if (first) row("-", Cell("-"), "-", "-", "-");
}

}  // namespace

std::string resultText(const JobResult& result, const Terminal& terminal) {
  Table table({{"MACHINE", false, 8},
               {"MODE"},
               {"STATE"},
               {"DISK"},
               {"IS"},
               {"SLOT"},
               {"SERIAL", false, 0, 2},
               {"FILE", false, 20, 1, Column::Shorten::front}});
  for (const MachineResult& each : result.machines) addMachine(table, each);
  std::string heading = result.kind.empty() ? "plan" : result.kind;
  heading[0] = static_cast<char>(heading[0] - 'a' + 'A');
  std::string text =
      terminal.styled(Style::heading, fmt::format("{} of {}: {}", heading,
                                                  result.machines.size() == 1
                                                      ? std::string("1 machine")
                                                      : fmt::format("{} machines", result.machines.size()),
                                                  result.state)) +
      "\n" + table.text(terminal);
  bool first = true;
  for (const MachineResult& each : result.machines) {
    if (each.why.empty()) continue;
    text += fmt::format("{}  {}: {}\n", first ? "\n" : "", terminal.styled(Style::bad, each.name), each.why);
    first = false;
    if (!each.remedy.empty())
      text += fmt::format("    {} {}\n", terminal.utf8 ? "\xE2\x86\x92" : "->", each.remedy);
  }
  for (const MachineResult& each : result.machines)
    if (!each.note.empty()) text += fmt::format("\n  {}\n", each.note);
  if (!result.note.empty()) text += fmt::format("\n  {}\n", result.note);
  for (const std::string& each : result.warnings)
    text += fmt::format("\n  {}: {}\n", terminal.styled(Style::warning, "warning"), each);
  return text;
}

std::string foreseenText(const std::vector<provisioning::ForeseenStep>& steps, const Terminal& terminal,
                         const std::vector<provisioning::ForeseenProtection>& protection) {
  if (steps.empty() && protection.empty()) return "Nothing is left to be done.\n";
  Table table(
      {{"MACHINE", false, 8}, {"STEP"}, {"WHAT", false, 20, 0, Column::Shorten::wrap}, {"TAKEN BACK"}});
  for (const auto& each : protection)
    table.add({"-", std::string(toString(each.step)), each.summary, Cell("by cancel, commit")});
  for (const provisioning::ForeseenStep& each : steps) {
    const bool stop = each.step.kind == provisioning::StepKind::stop;
    const bool never = isIrreversible(each.step.kind) || !each.step.change.extendedDisks.empty();
    table.add({each.machine, std::string(toString(each.step.kind)),
               stop ? each.step.obstacle + ": " + each.step.remedy : each.step.summary,
               stop    ? Cell("-", Style::bad)
               : never ? Cell("never", Style::warning)
                       : Cell("by cancel")});
  }
  return table.text(terminal);
}

std::string journalText(const std::vector<provisioning::StoredStep>& steps, const Terminal& terminal) {
  Table table({{"WHEN"},
               {"MACHINE", false, 8},
               {"STEP"},
               {"STATE"},
               {"TASK", false, 0, 1},
               {"WHAT", false, 20, 0, Column::Shorten::wrap}});
  for (const provisioning::StoredStep& each : steps) {
    const Style style = each.state == "done"     ? Style::good
                        : each.state == "failed" ? Style::bad
                                                 : Style::warning;
    table.add({each.at, each.machine, each.step, Cell(each.state, style), each.task,
               isForPeople(each.evidence) ? each.summary + " (" + each.evidence + ")" : each.summary});
  }
  return table.text(terminal);
}

std::string journalJson(const provisioning::StoredJob& job,
                        const std::vector<provisioning::StoredStep>& steps) {
  Json json{{"schemaVersion", 1}, {"job", job.id},        {"plan", job.plan},      {"kind", job.kind},
            {"state", job.state}, {"opened", job.opened}, {"steps", Json::array()}};
  for (const provisioning::StoredStep& each : steps) {
    const auto document = [](const std::string& text) {
      Json value = Json::parse(text, nullptr, false);
      return value.is_discarded() ? Json(text) : value;
    };
    json["steps"].push_back({{"number", each.number},
                             {"at", each.at},
                             {"machine", each.machine},
                             {"step", each.step},
                             {"object", each.object},
                             {"summary", each.summary},
                             {"state", each.state},
                             {"task", each.task},
                             {"evidence", each.evidence},
                             {"digest", each.digest},
                             {"before", document(each.before)},
                             {"spec", document(each.spec)}});
  }
  return json.dump(2) + "\n";
}

std::string eventJson(const JobEvent& event, const std::string& time, std::size_t done, std::size_t of) {
  Json json{{"time", time}, {"event", event.kind}};
  const auto text = [&](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  text("machine", event.machine);
  text("step", event.step);
  text("text", event.text);
  text("task", event.task);
  text("state", event.state);
  if (event.percent) json["percent"] = *event.percent;
  if (event.question) json["question"] = questionJson(*event.question);
  if (event.secondsLeft) json["eta"] = *event.secondsLeft;
  json["n"] = done;
  json["m"] = of;
  return json.dump() + "\n";
}

std::string questionForPeople(const provisioning::AskedQuestion& asked, const std::string& planFile,
                              const std::string& machine) {
  std::string text = fmt::format("{} asks: {}\n", asked.vmName, asked.question.text);
  for (const vsphere::QuestionChoice& each : asked.question.choices) {
    const std::string label = each.label == choiceText(each) ? "" : fmt::format(" ({})", each.label);
    text += fmt::format("    {}: {}{}{}\n", each.key, choiceText(each), label,
                        isDefault(asked.question, each) ? ", the default" : "");
  }
  return text + fmt::format("  answer it: failback answer {} {} KEY", planFile, machine);
}

std::string eventText(const JobEvent& event, const std::string& planFile) {
  if (event.kind == "question" && event.question)
    return questionForPeople(*event.question, planFile, event.machine);
  if (event.kind == "machine")
    return fmt::format("{}: {}{}{}", event.machine, event.state, event.text.empty() ? "" : ": ", event.text);
  std::string percent = event.percent ? fmt::format(" {} %", *event.percent) : std::string();
  if (event.secondsLeft) percent += fmt::format(", {} s left", *event.secondsLeft);
  if (event.kind == "warning") return fmt::format("warning: {}", event.text);
  const char* const word = event.kind == "done" ? ": done" : event.kind == "failed" ? ": failed" : "";
  const std::string who = event.machine.empty() ? std::string() : event.machine + ": ";
  return fmt::format("{}{}{}{}", who, event.text, percent, word);
}

}  // namespace failback::cli
