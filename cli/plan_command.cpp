// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/plan_command.h"

#include <fmt/format.h>

#include "cli/file.h"
#include "cli/table.h"
#include "cli/units.h"
#include "provisioning/plan/plan_document.h"

namespace failback::cli {
namespace {

using provisioning::Machine;
using provisioning::Plan;

vsphere::Error asError(const provisioning::Problem& problem, const std::string& file) {
  vsphere::Error error;
  error.category = vsphere::Category::usage;
  error.text = describe(problem, file);
  const auto detail = [&](const char* name, std::string value) {
    if (!value.empty()) error.details.emplace_back(name, std::move(value));
  };
  detail("file", file);
  if (problem.place.line > 0) detail("line", std::to_string(problem.place.line));
  if (problem.place.column > 0) detail("column", std::to_string(problem.place.column));
  detail("pointer", problem.pointer);
  detail("expected", problem.expected);
  return error;
}

std::int64_t bytesOf(const Machine& machine) {
  std::int64_t bytes = 0;
  for (const provisioning::SourceDisk& each : machine.source.disks) bytes += each.capacityBytes;
  return bytes;
}

std::string consentsOf(const Machine& machine) {
  std::vector<std::string_view> given;
  if (machine.consents.powerOff) given.emplace_back("power off");
  if (machine.consents.mergeSnapshots) given.emplace_back("merge");
  if (machine.consents.extendDisks) given.emplace_back("extend");
  if (machine.consents.newDiskUuid) given.emplace_back("new disk UUID");
  return given.empty() ? "none" : fmt::format("{}", fmt::join(given, ", "));
}

std::string machinesTable(const Plan& plan, const Terminal& terminal) {
  Table table({{"MACHINE", false, 10},
               {"ORDER", true, 0, 2},
               {"OS", false, 0, 3},
               {"DISKS", true},
               {"SIZE", true},
               {"MASTER TARGET", false, 10},
               {"DATASTORE", false, 10},
               {"CONSENTS", false, 12, 1, Column::Shorten::wrap}});
  for (const Machine& each : plan.machines) {
    table.add({each.source.name, std::to_string(each.recoveryOrder), std::string(word(each.source.osFamily)),
               std::to_string(each.source.disks.size()), humanBytes(bytesOf(each)), each.masterTarget,
               each.home.datastore, consentsOf(each)});
  }
  return table.text(terminal);
}

std::string counted(std::size_t number, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", number, number == 1 ? one : many);
}

std::string summary(const Plan& plan, const Terminal& terminal) {
  std::int64_t bytes = 0;
  std::size_t disks = 0;
  for (const Machine& each : plan.machines) {
    bytes += bytesOf(each);
    disks += each.source.disks.size();
  }
  std::string text = fmt::format("{}\n", terminal.styled(Style::heading, "Plan " + plan.id));
  const auto line = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) text += fmt::format("  {:<9} {}\n", fmt::format("{}:", label), value);
  };
  line("digest", digest(plan));
  line("vCenter",
       plan.vcenter.instanceUuid + (plan.vcenter.url.empty() ? "" : " (" + plan.vcenter.url + ")"));
  line("made", plan.made);
  line("holds", fmt::format("{}, {}, {}", counted(plan.machines.size(), "machine", "machines"),
                            counted(disks, "disk", "disks"), humanBytes(bytes)));
  return text + "\n" + machinesTable(plan, terminal);
}

}  // namespace

namespace {

[[noreturn]] void failDocument(const std::string& file, const char* what,
                               const std::vector<provisioning::Problem>& problems, const char* remedy) {
  vsphere::Error error;
  error.category = vsphere::Category::usage;
  error.text = fmt::format("{} is no {} that can be used: {}", file, what,
                           counted(problems.size(), "problem", "problems"));
  error.remedy = remedy;
  for (const provisioning::Problem& each : problems) error.causes.push_back(asError(each, file));
  throw vsphere::Failure(std::move(error));
}

}  // namespace

provisioning::Plan loadPlan(const std::string& file) {
  const std::string path = file == "-" ? "/dev/stdin" : file;
  const FileContent content = readWholeFile(path, "the plan", provisioning::largestDocument);
  provisioning::PlanReading reading = provisioning::readPlan(content.text);
  if (reading.plan) return std::move(*reading.plan);
  failDocument(file == "-" ? "standard input" : file, "plan", reading.problems,
               "docs/plan.md describes each member; failback plan schema is for editors");
}

provisioning::CheckPolicy loadPolicy(const std::string& file) {
  const FileContent content = readWholeFile(file, "the policy", provisioning::largestDocument);
  provisioning::PolicyReading reading = provisioning::readPolicy(content.text);
  if (reading.policy) return std::move(*reading.policy);
  failDocument(file, "policy", reading.problems, "docs/check.md describes its members");
}

ExitCode showPlan(const Arguments& arguments, Surroundings& surroundings, Console&) {
  if (arguments.operands.empty())
    vsphere::fail(vsphere::Category::usage, "plan show wants the file of a plan",
                  "name it, or - for standard input");
  const Plan plan = loadPlan(arguments.operands.front());
  const std::string format = arguments.one("output").value_or("table");
  std::string text;
  if (format == "json") {
    text = planJson(plan, true);
  } else if (format == "yaml") {
    text = planYaml(plan, false);
  } else if (format == "canonical") {
    text = canonicalJson(plan);
  } else if (format == "digest") {
    text = digest(plan) + "\n";
  } else {
    text = summary(plan, surroundings.outTerminal);
  }
  surroundings.out.write(text);
  surroundings.out.flush();
  return ExitCode::ok;
}

}  // namespace failback::cli
