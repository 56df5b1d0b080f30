// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/role_of_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/plan_command.h"
#include "cli/server_access.h"
#include "cli/table.h"
#include "provisioning/check/collect.h"
#include "provisioning/check/needs.h"
#include "provisioning/plan/plan_document.h"

namespace failback::cli {
namespace {

using provisioning::ObjectNeeds;

// Leaves of each object what the account does not have; objects of which it has all go.
void keepMissing(std::vector<ObjectNeeds>& needs, const vsphere::PrivilegeAnswer& answer) {
  for (ObjectNeeds& each : needs) {
    const auto found =
        std::find_if(answer.entities.begin(), answer.entities.end(),
                     [&](const vsphere::EntityPrivileges& its) { return its.entity == each.entity; });
    if (found == answer.entities.end()) continue;  // not known: it may lack all of them
    std::erase_if(each.privileges, [&](std::string_view id) {
      return std::find(found->missing.begin(), found->missing.end(), id) == found->missing.end();
    });
  }
  std::erase_if(needs, [](const ObjectNeeds& each) { return each.privileges.empty(); });
}

std::vector<std::string_view> allIds(const std::vector<ObjectNeeds>& needs) {
  std::set<std::string_view> ids;
  for (const ObjectNeeds& each : needs) ids.insert(each.privileges.begin(), each.privileges.end());
  return {ids.begin(), ids.end()};
}

std::string textOf(const std::vector<ObjectNeeds>& needs, const std::string& heading,
                   const Terminal& terminal) {
  Table table({{"KIND"}, {"OBJECT", false, 16, 0, Column::Shorten::front}, {"PRIVILEGE"}});
  for (const ObjectNeeds& each : needs) {
    bool first = true;
    for (const std::string_view id : each.privileges) {
      const std::string object = each.name.path.empty() ? each.name.name : each.name.path;
      table.add({first ? each.name.kind : "", first ? object : "", std::string(id)});
      first = false;
    }
  }
  return terminal.styled(Style::heading, heading) + "\n" + table.text(terminal);
}

std::string jsonOf(const std::vector<ObjectNeeds>& needs, const std::string& name,
                   const provisioning::Plan& plan, bool missing) {
  nlohmann::ordered_json objects = nlohmann::ordered_json::array();
  for (const ObjectNeeds& each : needs) {
    objects.push_back({{"kind", each.name.kind},
                       {"name", each.name.name},
                       {"moref", each.name.moref},
                       {"path", each.name.path},
                       {"privileges", each.privileges}});
  }
  const nlohmann::ordered_json document = {{"schemaVersion", 1},
                                           {"role", name},
                                           {"plan", {{"id", plan.id}, {"digest", digest(plan)}}},
                                           {"only", missing ? "missing" : "needed"},
                                           {"privileges", allIds(needs)},
                                           {"objects", objects}};
  return document.dump(2) + "\n";
}

}  // namespace

ExitCode showRoleOfPlan(const Arguments& arguments, const std::string& name, Surroundings& surroundings,
                        Console& console) {
  if (!arguments.operands.empty())
    vsphere::fail(vsphere::Category::usage, "--plan says what the role is for", "leave the purposes out");
  const provisioning::Plan plan = loadPlan(arguments.one("plan").value_or(""));
  const Settings settings = settingsFor(arguments, surroundings, console);
  const vsphere::Context context = workContext(settings, surroundings);
  const auto client =
      surroundings.connect(clientOptions(settings, arguments, console), settings.credentials, context);
  constexpr auto phase = provisioning::Phase::reprotect;
  provisioning::CollectOptions options;
  options.onProgress = [&](const std::string& what) { console.progress(what); };
  const provisioning::Facts facts = collectFacts(*client, plan, phase, options, context);
  console.endProgress();
  showCalls(*client, arguments, console);
  const provisioning::World world(plan, facts, phase);
  std::vector<ObjectNeeds> needs = needsOf(world);
  const bool missing = arguments.has("missing");
  if (missing) {
    if (!facts.privileges.answer) vsphere::fail(vsphere::Category::notPermitted, facts.privileges.why);
    keepMissing(needs, *facts.privileges.answer);
    if (needs.empty()) console.message("nothing is missing");
  }
  const std::string format = arguments.one("output").value_or("table");
  const std::string user = client->server().userName;
  std::string text;
  if (format == "json")
    text = jsonOf(needs, name, plan, missing);
  else if (format == "govc" && !needs.empty())
    text = govcRole(name, allIds(needs));
  else if (format == "powercli" && !needs.empty())
    text = powercliRole(name, allIds(needs));
  else if (!needs.empty())
    text = textOf(needs, missing ? fmt::format("{} lacks", user) : fmt::format("Needed for plan {}", plan.id),
                  surroundings.outTerminal);
  surroundings.out.write(text);
  surroundings.out.flush();
  return missing && !needs.empty() ? ExitCode::notPermitted : ExitCode::ok;
}

std::vector<std::string> missingAtTheTop(const Arguments& arguments, const std::vector<std::string_view>& ids,
                                         Surroundings& surroundings, Console& console) {
  const Settings settings = settingsFor(arguments, surroundings, console);
  const vsphere::Context context = workContext(settings, surroundings);
  const auto client =
      surroundings.connect(clientOptions(settings, arguments, console), settings.credentials, context);
  const vsphere::PrivilegeAnswer answer =
      client->readPrivileges({client->server().rootFolder}, {ids.begin(), ids.end()}, context);
  showCalls(*client, arguments, console);
  std::vector<std::string> missing;
  for (const vsphere::EntityPrivileges& each : answer.entities)
    missing.insert(missing.end(), each.missing.begin(), each.missing.end());
  return missing;
}

}  // namespace failback::cli
