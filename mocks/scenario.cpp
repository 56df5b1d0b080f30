// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/scenario.h"

#include <fmt/format.h>

#include <fstream>
#include <limits>
#include <sstream>

#include "mocks/embedded.h"
#include "mocks/scenario_reader.h"
#include "mocks/time_text.h"
#include "mocks/type_model.h"

namespace failback::mock {

namespace {

using Json = ScenarioReader::Json;

ServerSpec readServer(ScenarioReader& in) {
  ServerSpec spec;
  std::string kind = "vcenter";
  in.oneOf("kind", kind, {"vcenter", "esxi"});
  spec.esxi = kind == "esxi";
  in.read("name", spec.name);
  in.read("version", spec.version);
  in.read("build", spec.build);
  in.read("instanceUuid", spec.instanceUuid);
  return spec;
}

PermissionSpec readPermission(ScenarioReader& in) {
  PermissionSpec spec;
  in.read("entity", spec.entity);
  in.need("role", spec.role);
  in.read("propagate", spec.propagate);
  return spec;
}

RoleSpec readRole(ScenarioReader& in) {
  RoleSpec spec;
  in.need("name", spec.name);
  in.read("privileges", spec.privileges);
  return spec;
}

GroupSpec readGroup(ScenarioReader& in) {
  GroupSpec spec;
  in.need("name", spec.name);
  in.list("permissions", spec.permissions, readPermission);
  return spec;
}

UserSpec readUser(ScenarioReader& in) {
  UserSpec spec;
  in.need("name", spec.name);
  in.read("role", spec.role);
  in.read("groups", spec.groups);
  in.read("password", spec.password);
  in.list("permissions", spec.permissions, readPermission);
  in.read("hidden", spec.hidden);
  in.read("unreadable", spec.unreadable);
  return spec;
}

LicenseSpec readLicense(ScenarioReader& in) {
  LicenseSpec spec;
  in.read("name", spec.name);
  in.read("edition", spec.edition);
  in.read("key", spec.key);
  in.read("total", spec.total, 1);
  in.read("expiresInDays", spec.expiresInDays, std::numeric_limits<std::int32_t>::min());
  in.read("hosts", spec.hosts);
  return spec;
}

ScenarioSpec readScenario(ScenarioReader& in) {
  ScenarioSpec spec;
  std::string schema;
  in.read("$schema", schema);  // for editors
  in.read("description", spec.description);
  in.object("server", spec.server, readServer);
  in.list("roles", spec.roles, readRole);
  in.list("groups", spec.groups, readGroup);
  in.list("users", spec.users, readUser);
  in.list("licenses", spec.licenses, readLicense);
  in.list("history", spec.history, readHistory);
  in.read("pastActivity", spec.pastActivity);
  in.list("datacenters", spec.datacenters, readDatacenter);
  return spec;
}

constexpr std::string_view generated = "generate:";

}  // namespace

HistorySpec readHistory(ScenarioReader& in) {
  HistorySpec spec;
  in.read("type", spec.type);
  in.read("task", spec.task);
  in.read("daysAgo", spec.daysAgo, 0);
  in.read("time", spec.time);
  in.read("user", spec.user);
  in.read("message", spec.message);
  in.read("entity", spec.entity);
  in.oneOf("state", spec.state, {"success", "error"});
  if (spec.type.empty() == spec.task.empty())
    in.problem("type", "either 'type' of an event or 'task' is needed");
  const TypeInfo* type = spec.type.empty() ? nullptr : TypeModel::get().find(spec.type);
  if (!spec.type.empty() && (!type || !type->isA("Event"))) {
    in.problem("type",
               fmt::format("'{}' is no type of event; write one such as \"VmPoweredOnEvent\"", spec.type));
  }
  if (!spec.task.empty() && spec.task.find('.') == std::string::npos) {
    in.problem("task", "write a task's descriptionId such as \"VirtualMachine.createSnapshot\"");
  }
  if (!spec.time.empty() && !microsOf(spec.time)) {
    in.problem("time", fmt::format("'{}' is no time; write one such as \"2026-11-23T22:00:00Z\"", spec.time));
  }
  return spec;
}

ScheduleSpec readSchedule(ScenarioReader& in) {
  ScheduleSpec spec;
  in.need("name", spec.name);
  in.read("description", spec.description);
  in.read("user", spec.user);
  in.read("method", spec.method);
  in.oneOf("weekday", spec.weekday,
           {"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"});
  in.read("hour", spec.hour, 0, 23);
  in.read("minute", spec.minute, 0, 59);
  in.read("enabled", spec.enabled);
  return spec;
}

ScenarioSpec parseScenario(std::string_view json, std::vector<ScenarioProblem>& problems) {
  Json document;
  try {
    document = Json::parse(json);
  } catch (const Json::exception& problem) {
    problems.push_back({"", fmt::format("not JSON: {}", problem.what())});
    return {};
  }
  ScenarioReader reader(document, "", problems);
  ScenarioSpec spec = readScenario(reader);
  reader.done();
  return spec;
}

ScenarioSpec parseScenario(std::string_view json, const std::string& origin) {
  std::vector<ScenarioProblem> problems;
  ScenarioSpec spec = parseScenario(json, problems);
  if (problems.empty()) return spec;
  const std::string& pointer = problems[0].pointer;
  throw ScenarioError(
      fmt::format("{}:{}{} {}", origin, pointer, pointer.empty() ? "" : ":", problems[0].text));
}

std::vector<std::pair<std::string, std::string>> listScenarios() {
  std::vector<std::pair<std::string, std::string>> list;
  for (const auto& [name, text] : embedded::scenarios()) {
    list.emplace_back(name, parseScenario(text, std::string(name)).description);
  }
  return list;
}

ScenarioSpec scenarioFrom(const std::string& text, const std::string& origin) {
  if (text.starts_with(generated)) return generateScenario(std::string_view(text).substr(generated.size()));
  return parseScenario(text, origin);
}

ScenarioSpec loadScenario(const std::string& nameOrFile) {
  return scenarioFrom(scenarioText(nameOrFile), nameOrFile);
}

std::optional<std::string_view> builtInScenario(std::string_view name) {
  for (const auto& [known, text] : embedded::scenarios()) {
    if (known == name) return text;
  }
  return std::nullopt;
}

std::string_view scenarioSchema() {
  return embedded::scenarioSchema();
}

std::string scenarioText(const std::string& nameOrFile) {
  if (nameOrFile.starts_with(generated)) return nameOrFile;
  if (const auto text = builtInScenario(nameOrFile)) return std::string(*text);
  std::ifstream in(nameOrFile, std::ios::binary);
  if (!in) {
    throw ScenarioError(fmt::format(
        "scenario '{}' is neither built in (--list-scenarios shows those) nor a file", nameOrFile));
  }
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace failback::mock
