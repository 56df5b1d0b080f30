// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "provisioning/check/report.h"
#include "provisioning/check/text_schema.h"

namespace failback::provisioning {
namespace {

using Json = nlohmann::ordered_json;

Json words(const Words& list) {
  Json array = Json::array();
  for (const std::string_view each : list) array.push_back(each);
  return array;
}

Json objectJson(const ObjectName& object) {
  Json json = {{"kind", object.kind}, {"name", object.name}};
  if (!object.moref.empty()) json["moref"] = object.moref;
  if (!object.path.empty()) json["path"] = object.path;
  return json;
}

Json findingJson(const Finding& finding, Phase phase, UnknownPolicy unknown) {
  Json json = {{"rule", finding.rule->id},
               {"severity", toString(finding.severity)},
               {"status", toString(finding.status)},
               {"verdict", toString(weigh(finding, phase, unknown))},
               {"object", objectJson(finding.object)}};
  if (!finding.machine.empty()) json["machine"] = finding.machine;
  json["property"] = finding.property;
  json["value"] = finding.value;
  json["wanted"] = finding.wanted;
  if (finding.severity == Severity::automatic && finding.status == Status::fail)
    json["consented"] = finding.consented;
  if (finding.silenced) json["silenced"] = true;
  json["remedy"] = finding.remedy;
  json["codes"] = words(finding.rule->codes);
  return json;
}

// ------------------------------------------------------------------------------------------ the schema

Json oneOf(std::initializer_list<const char*> values, std::string_view description) {
  return {{"enum", values}, {"description", description}};
}

Json count(std::string_view description) {
  return {{"type", "integer"}, {"minimum", 0}, {"description", description}};
}

Json objectSchema() {
  return {{"type", "object"},
          {"description", "What the finding is about."},
          {"properties",
           {{"kind", textSchema("As in the rule: master target, home VM, host, disk, plan ...")},
            {"name", textSchema("Its name in the inventory, or a word for it.")},
            {"moref", textSchema("Its identifier on this server: vm-42. Absent for what is no object.")},
            {"path", textSchema("Its inventory path; a JSON pointer for a place in the plan.")}}},
          {"required", {"kind", "name"}}};
}

Json findingSchema() {
  Json ids = Json::array();
  for (const Rule& rule : rules()) ids.push_back(rule.id);
  Json codes = {{"type", "array"},
                {"items", {{"type", "string"}}},
                {"description", "Codes that users of Azure Site Recovery know."}};
  return {
      {"type", "object"},
      {"properties",
       {{"rule", {{"enum", ids}, {"description", "failback rules ID explains it."}}},
        {"severity", oneOf({"block", "fix", "auto", "warn", "info"}, "The one that counts here.")},
        {"status", oneOf({"fail", "unknown", "pass"}, "What was seen.")},
        {"verdict", oneOf({"pass", "warn", "unknown", "block"}, "What it means for the job.")},
        {"object", objectSchema()},
        {"machine", textSchema("The machine's id in the plan, where it is about one.")},
        {"property", textSchema("The property path, call or place that was looked at.")},
        {"value", textSchema("What was seen; of an unknown, why it could not be.")},
        {"wanted", textSchema("What would pass.")},
        {"consented",
         {{"type", "boolean"}, {"description", "Of severity auto: the plan allows the job to do it."}}},
        {"silenced",
         {{"type", "boolean"}, {"description", "The policy wants it to be told and to count for nothing."}}},
        {"remedy", textSchema("What to do, one sentence. Empty for what passes.")},
        {"codes", codes}}},
      {"required",
       {"rule", "severity", "status", "verdict", "object", "property", "value", "wanted", "remedy",
        "codes"}}};
}

}  // namespace

std::string reportJson(const Report& report, const ReportOrigin& origin, bool all) {
  Json findings = Json::array();
  for (const Finding& each : report.findings) {
    if (all || each.status != Status::pass)
      findings.push_back(findingJson(each, report.phase, origin.unknown));
  }
  Json json = {
      {"schemaVersion", reportVersion}, {"generator", origin.generator}, {"phase", toString(report.phase)}};
  if (!origin.planId.empty()) json["plan"] = {{"id", origin.planId}, {"digest", origin.planDigest}};
  json["server"] = {{"url", origin.server}, {"instanceUuid", origin.serverUuid}};
  json["verdict"] = toString(report.verdict);
  json["calls"] = origin.calls;
  json["pages"] = origin.pages;
  json["findings"] = std::move(findings);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string reportSchema() {
  const Json schema = {
      {"$schema", "https://json-schema.org/draft/2020-12/schema"},
      {"title", "failback check"},
      {"description",
       "What failback check -o json prints. Members may be added; schemaVersion is raised when one changes "
       "its meaning."},
      {"type", "object"},
      {"properties",
       {{"schemaVersion", {{"const", reportVersion}}},
        {"generator", textSchema("Which program, and its version.")},
        {"phase", oneOf({"reprotect", "failback", "cancel"}, "What was checked for.")},
        {"plan",
         {{"type", "object"},
          {"properties",
           {{"id", textSchema("The plan's UUID.")},
            {"digest", textSchema("SHA-256 of its canonical form.")}}},
          {"required", {"id", "digest"}}}},
        {"server",
         {{"type", "object"},
          {"properties",
           {{"url", textSchema("Without credentials.")},
            {"instanceUuid", textSchema("about.instanceUuid; empty on a host of its own.")}}},
          {"required", {"url", "instanceUuid"}}}},
        {"verdict", oneOf({"pass", "warn", "unknown", "block"}, "The worst of all findings.")},
        {"calls", count("SOAP calls that were made, beside pages, waits and the login.")},
        {"pages", count("Calls that only went on with a read: further pages and slices.")},
        {"findings",
         {{"type", "array"},
          {"items", findingSchema()},
          {"description", "Worst first; those that pass only with --all-findings."}}}}},
      {"required", {"schemaVersion", "phase", "verdict", "calls", "findings"}}};
  return schema.dump(2) + "\n";
}

}  // namespace failback::provisioning
