// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "provisioning/check/report.h"

namespace failback::provisioning {
namespace {

using Json = nlohmann::ordered_json;

std::string_view levelOf(Severity severity) {
  switch (severity) {
    case Severity::block:
    case Severity::fix:
    case Severity::automatic:
      return "error";
    case Severity::warn:
      return "warning";
    case Severity::info:
      break;
  }
  return "note";
}

Json ruleJson(const Rule& rule) {
  return {{"id", rule.id},
          {"shortDescription", {{"text", fmt::format("{}.", rule.title)}}},
          {"fullDescription", {{"text", rule.explanation}}},
          {"help", {{"text", rule.remedy}}},
          {"defaultConfiguration", {{"level", levelOf(rule.severity)}}}};
}

Json placeJson(const Finding& finding, const ReportOrigin& origin) {
  const ObjectName& object = finding.object;
  const std::string name = object.path.empty() ? object.name : object.path;
  Json place = {
      {"logicalLocations",
       Json::array({{{"name", object.name}, {"fullyQualifiedName", name}, {"kind", object.kind}}})}};
  // What lies in the plan is found there; so is, for lack of a better file, all else: viewers want one.
  if (!origin.planFile.empty())
    place["physicalLocation"] = {{"artifactLocation", {{"uri", origin.planFile}}},
                                 {"region", {{"startLine", 1}}}};
  return place;
}

Json resultJson(const Finding& finding, std::size_t index, const Report& report, const ReportOrigin& origin) {
  const Verdict verdict = weigh(finding, report.phase, origin.unknown);
  const bool open = finding.status == Status::unknown;
  const std::string_view level = verdict == Verdict::block || verdict == Verdict::unknown ? "error"
                                 : verdict == Verdict::warn                               ? "warning"
                                                                                          : "note";
  return {
      {"ruleId", finding.rule->id},
      {"ruleIndex", index},
      {"level", level},
      {"message",
       {{"text", fmt::format("{} {}: {}{} ({}). {}", finding.object.kind, finding.object.name,
                             open ? "not known: " : "", finding.value, finding.property, finding.remedy)}}},
      {"locations", Json::array({placeJson(finding, origin)})},
      {"properties",
       {{"severity", toString(finding.severity)},
        {"status", toString(finding.status)},
        {"wanted", finding.wanted}}}};
}

}  // namespace

std::string reportSarif(const Report& report, const ReportOrigin& origin) {
  Json table = Json::array();
  for (const Rule& rule : rules()) table.push_back(ruleJson(rule));
  Json results = Json::array();
  for (const Finding& each : report.findings) {
    if (each.status == Status::pass) continue;
    const auto index = static_cast<std::size_t>(findRule(each.rule->id) - rules().data());
    results.push_back(resultJson(each, index, report, origin));
  }
  const Json driver = {{"name", "failback"}, {"fullName", origin.generator}, {"rules", std::move(table)}};
  const Json run = {
      {"tool", {{"driver", driver}}}, {"results", std::move(results)}, {"columnKind", "unicodeCodePoints"}};
  const Json json = {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                     {"version", "2.1.0"},
                     {"runs", Json::array({run})}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace failback::provisioning
