// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/check.h"

#include <algorithm>
#include <array>
#include <set>
#include <tuple>

#include "provisioning/check/judge.h"

namespace failback::provisioning {
namespace {

bool applies(const Rule& rule, Phase phase) {
  switch (phase) {
    case Phase::reprotect:
      return rule.phases.reprotect;
    case Phase::failback:
      return rule.phases.failback;
    case Phase::cancel:
      return rule.phases.cancel;
  }
  return false;
}

// A cancel must work in a broken world: only what it can't do without blocks it.
bool blocksCancel(const Finding& finding) {
  return finding.rule->id.starts_with("ENV-") || finding.rule->id == "MT-FOUND" ||
         finding.rule->id == "VM-IDENTITY";
}

Verdict weighFailure(const Finding& finding) {
  switch (finding.severity) {
    case Severity::block:
    case Severity::fix:
      return Verdict::block;
    case Severity::automatic:
      return finding.consented ? Verdict::warn : Verdict::block;
    case Severity::warn:
      return Verdict::warn;
    case Severity::info:
      return Verdict::pass;
  }
  return Verdict::block;
}

Verdict weighUnknown(const Finding& finding, UnknownPolicy unknown) {
  switch (finding.severity) {
    case Severity::block:
    case Severity::fix:
    case Severity::automatic:
      return finding.rule->unknownWarns || unknown == UnknownPolicy::warn ? Verdict::warn : Verdict::unknown;
    case Severity::warn:
      return Verdict::warn;
    case Severity::info:
      return Verdict::pass;
  }
  return Verdict::unknown;
}

// Two master targets on one host are two reasons to say the same of it.
void dropRepetitions(std::vector<Finding>& findings) {
  std::set<std::tuple<std::string_view, std::string, std::string, std::string, std::string>> said;
  std::erase_if(findings, [&](const Finding& each) {
    const std::string object = each.object.moref.empty()
                                   ? each.object.kind + each.object.path + each.object.name
                                   : each.object.moref;
    return !said.emplace(each.rule->id, object, each.machine, each.property, each.value).second;
  });
}

}  // namespace

std::string_view toString(Phase phase) {
  constexpr std::array<std::string_view, 3> names = {"reprotect", "failback", "cancel"};
  return names[static_cast<std::size_t>(phase)];
}

std::string_view toString(Status status) {
  constexpr std::array<std::string_view, 3> names = {"pass", "fail", "unknown"};
  return names[static_cast<std::size_t>(status)];
}

std::string_view toString(Verdict verdict) {
  constexpr std::array<std::string_view, 4> names = {"pass", "warn", "unknown", "block"};
  return names[static_cast<std::size_t>(verdict)];
}

Verdict weigh(const Finding& finding, Phase phase, UnknownPolicy unknown) {
  if (finding.status == Status::pass || finding.silenced) return Verdict::pass;
  const Verdict verdict =
      finding.status == Status::fail ? weighFailure(finding) : weighUnknown(finding, unknown);
  if (phase == Phase::cancel && verdict > Verdict::warn && !blocksCancel(finding)) return Verdict::warn;
  return verdict;
}

Report unreachableReport(Phase phase, const std::string& server, const vsphere::Error& error) {
  Report report;
  report.phase = phase;
  report.verdict = Verdict::block;
  const bool foreign = error.category == vsphere::Category::unsupported;
  Judgement judgement(*findRule(foreign ? "ENV-API" : "ENV-REACHABLE"), report.findings);
  Finding& finding = judgement.fail(
      {"vCenter", server, {}, {}}, foreign ? "about.apiVersion" : "ServiceContent",
      error.text.empty() ? std::string(toString(error.category)) : error.text,
      foreign ? "API 6.5 or later" : "a server that answers, is trusted, and accepts the login");
  if (!error.remedy.empty()) finding.remedy = error.remedy;
  return report;
}

Report unreadableReport(Phase phase, const std::string& file, const vsphere::Error& error) {
  Report report;
  report.phase = phase;
  report.verdict = Verdict::block;
  Judgement judgement(*findRule("PLAN-SCHEMA"), report.findings);
  for (const vsphere::Error& cause : error.causes) {
    std::string pointer, expected;
    for (const auto& [name, value] : cause.details) {
      if (name == "pointer") pointer = value;
      if (name == "expected") expected = value;
    }
    judgement.fail({"plan", file, {}, pointer}, "plan", cause.text, expected);
  }
  return report;
}

Report check(const Plan& plan, const Facts& facts, Phase phase, const CheckPolicy& policy) {
  return check(World(plan, facts, phase, policy));
}

Report check(const World& world, bool (*chosen)(const Rule&)) {
  const Phase phase = world.phase();
  Report report;
  report.phase = phase;
  for (const Rule& rule : rules()) {
    if (!applies(rule, phase) || (chosen != nullptr && !chosen(rule))) continue;
    const Judge* judge = findJudge(rule.id);
    if (judge == nullptr) continue;
    Judgement judgement(rule, report.findings);
    judge->judge(world, judgement);
  }
  dropRepetitions(report.findings);
  for (Finding& each : report.findings) applyPolicy(world.policy(), each);
  const UnknownPolicy unknown = world.plan().policy.unknown;
  const auto weight = [&](const Finding& finding) { return weigh(finding, phase, unknown); };
  for (const Finding& each : report.findings) report.verdict = std::max(report.verdict, weight(each));
  // Of equal weight, what fails comes before what is not known, and that before what passes.
  const auto order = [&](const Finding& finding) {
    return std::pair(-static_cast<int>(weight(finding)), finding.status == Status::fail      ? 0
                                                         : finding.status == Status::unknown ? 1
                                                                                             : 2);
  };
  std::stable_sort(report.findings.begin(), report.findings.end(),
                   [&](const Finding& a, const Finding& b) { return order(a) < order(b); });
  return report;
}

}  // namespace failback::provisioning
