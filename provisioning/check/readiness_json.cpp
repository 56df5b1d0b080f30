// SPDX-License-Identifier: GPL-2.0-or-later
#include <nlohmann/json.hpp>

#include "provisioning/check/readiness.h"
#include "provisioning/check/report.h"
#include "provisioning/check/text_schema.h"

namespace failback::provisioning {
namespace {

using Json = nlohmann::ordered_json;

Json rowJson(const ReadinessRow& row) {
  Json cells = Json::object();
  for (std::size_t i = 0; i < readinessGroups.size(); ++i)
    cells[std::string(readinessGroups[i])] = toString(row.cells[i]);
  return {{"name", row.name},
          {"path", row.path},
          {"moref", row.moref},
          {"osFamily", row.osFamily},
          {"masterTarget", row.masterTarget},
          {"verdict", toString(row.verdict)},
          {"groups", cells}};
}

Json findingJson(const ReadinessFinding& entry) {
  const Finding& finding = entry.finding;
  Json codes = Json::array();
  for (const std::string_view each : finding.rule->codes) codes.push_back(each);
  Json json = {{"rule", finding.rule->id},
               {"severity", toString(finding.severity)},
               {"status", toString(finding.status)},
               {"verdict", toString(entry.verdict)},
               {"object",
                {{"kind", finding.object.kind},
                 {"name", finding.object.name},
                 {"moref", finding.object.moref},
                 {"path", finding.object.path}}},
               {"property", finding.property},
               {"value", finding.value},
               {"wanted", finding.wanted}};
  if (finding.silenced) json["silenced"] = true;
  json["remedy"] = finding.remedy;
  json["codes"] = codes;
  json["machines"] = entry.machines;
  return json;
}

Json verdict(std::string_view description) {
  return {{"enum", {"pass", "warn", "unknown", "block"}}, {"description", description}};
}

Json list(Json items, std::string_view description) {
  return {{"type", "array"}, {"items", std::move(items)}, {"description", description}};
}

Json rowSchema() {
  Json groups = Json::object();
  for (const std::string_view each : readinessGroups)
    groups[std::string(each)] = verdict("The worst finding of this group.");
  return {{"type", "object"},
          {"properties",
           {{"name", textSchema("The machine's name.")},
            {"path", textSchema("Its inventory path.")},
            {"moref", textSchema("Its identifier on this server.")},
            {"osFamily", {{"enum", {"linux", "windows"}}}},
            {"masterTarget", textSchema("The one that it was judged with.")},
            {"verdict", verdict("The worst of its groups.")},
            {"groups", {{"type", "object"}, {"properties", groups}, {"required", readinessGroups}}}}},
          {"required", {"name", "verdict", "groups"}}};
}

Json readinessFindingSchema() {
  return {
      {"type", "object"},
      {"properties",
       {{"rule", textSchema("failback rules ID explains it.")},
        {"severity", textSchema("As in a report of a check.")},
        {"status", {{"enum", {"fail", "unknown"}}}},
        {"verdict", verdict("What it means for the machines.")},
        {"object",
         {{"type", "object"},
          {"properties",
           {{"kind", textSchema("As in a check.")},
            {"name", textSchema("Its name.")},
            {"moref", textSchema("Its identifier.")},
            {"path", textSchema("Its path.")}}}}},
        {"property", textSchema("What was looked at.")},
        {"value", textSchema("What was seen; of an unknown, why it could not be.")},
        {"wanted", textSchema("What would pass.")},
        {"silenced",
         {{"type", "boolean"}, {"description", "The policy wants it to be told and to count for nothing."}}},
        {"remedy", textSchema("What to do.")},
        {"codes", list({{"type", "string"}}, "The vendor's codes.")},
        {"machines",
         list({{"type", "string"}},
              "Names of the machines that it concerns; none when the server could not be asked.")}}},
      {"required", {"rule", "status", "verdict", "object", "value", "remedy", "machines"}}};
}

}  // namespace

std::string readinessJson(const Readiness& readiness, const ReadinessOrigin& origin) {
  Json rows = Json::array(), findings = Json::array(), leftOut = Json::array();
  for (const ReadinessRow& each : readiness.rows) rows.push_back(rowJson(each));
  for (const ReadinessFinding& each : readiness.findings) findings.push_back(findingJson(each));
  for (const auto& [path, why] : readiness.leftOut) leftOut.push_back({{"path", path}, {"why", why}});
  const Json json = {
      {"schemaVersion", reportVersion},
      {"generator", origin.generator},
      {"made", origin.made},
      {"server", {{"url", origin.server}, {"name", origin.serverName}, {"instanceUuid", origin.serverUuid}}},
      {"account", origin.account},
      {"verdict", toString(readiness.verdict)},
      {"calls", origin.calls},
      {"pages", origin.pages},
      {"counts",
       {{"pass", readiness.counts[0]},
        {"warn", readiness.counts[1]},
        {"unknown", readiness.counts[2]},
        {"block", readiness.counts[3]}}},
      {"machines", rows},
      {"findings", findings},
      {"leftOut", leftOut}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string readinessSchema() {
  const Json number = {{"type", "integer"}, {"minimum", 0}};
  const Json schema = {
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "failback check --all"},
      {"description", "What failback check prints with --machine or --all, -o json."},
      {"type", "object"},
      {"properties",
       {{"schemaVersion", {{"const", reportVersion}}},
        {"generator", textSchema("Which program, and its version.")},
        {"made", textSchema("When, RFC 3339.")},
        {"server",
         {{"type", "object"},
          {"properties",
           {{"url", textSchema("Without credentials.")},
            {"name", textSchema("Product and version.")},
            {"instanceUuid", textSchema("Empty on a host of its own.")}}}}},
        {"account", textSchema("Who looked.")},
        {"verdict", verdict("The worst of all machines.")},
        {"calls", number},
        {"pages", number},
        {"counts",
         {{"type", "object"}, {"additionalProperties", number}, {"description", "Machines by verdict."}}},
        {"machines", list(rowSchema(), "Worst first.")},
        {"findings", list(readinessFindingSchema(),
                          "What does not pass, each once; worst first. ENV-REACHABLE or ENV-API alone when "
                          "the server could "
                          "not be asked: then nothing was judged.")},
        {"leftOut", list({{"type", "object"},
                          {"properties",
                           {{"path", textSchema("The VM.")}, {"why", textSchema("Why it was not judged.")}}}},
                         "VMs that could not be judged.")}}},
      {"required", {"schemaVersion", "verdict", "counts", "machines", "findings", "leftOut"}}};
  return schema.dump(2) + "\n";
}

}  // namespace failback::provisioning
