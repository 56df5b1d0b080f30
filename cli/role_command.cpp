// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/role_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/nearest.h"
#include "cli/role_of_plan.h"
#include "cli/table.h"
#include "provisioning/privilege.h"
#include "vsphere/error.h"

namespace failback::cli {
namespace {

using provisioning::Necessity;
using provisioning::Privilege;
using provisioning::PurposeInfo;

struct Role {
  std::vector<provisioning::Purpose> purposes;
  std::vector<std::string> words;  // what they are called
  std::string name;
  std::vector<const Privilege*> privileges;

  bool needs(const Privilege& privilege) const { return privilege.necessity(purposes) == Necessity::needed; }
};

// "olr,alr,protect": an account has one role on an object, which must do for all that it is used for.
void readPurposes(const Arguments& arguments, Role& role) {
  std::vector<std::string> names;
  for (const PurposeInfo& each : provisioning::purposes()) names.emplace_back(each.name);
  const std::string remedy = fmt::format("name some of {}, separated by commas", fmt::join(names, ", "));
  std::istringstream all(arguments.operands.empty() ? "" : arguments.operands.front());
  for (std::string wanted; std::getline(all, wanted, ',');) {
    const auto table = provisioning::purposes();
    const auto known =
        std::find_if(table.begin(), table.end(), [&](const auto& each) { return each.name == wanted; });
    if (known == table.end())
      vsphere::fail(vsphere::Category::usage,
                    fmt::format("there is no purpose \"{}\"{}", wanted, didYouMean(wanted, names)), remedy);
    role.purposes.push_back(known->purpose);
    role.words.push_back(wanted);
  }
  if (role.purposes.empty())
    vsphere::fail(vsphere::Category::usage, "role wants to know what the account is to do", remedy);
}

// In the commands the name stands in quotes of a shell and of PowerShell.
std::string roleName(const Arguments& arguments) {
  std::string name = arguments.one("name").value_or("failback");
  const bool quotable = name.find_first_of("'\"\\\n\r") == std::string::npos;
  if (name.empty() || !quotable)
    vsphere::fail(vsphere::Category::usage, "--name: a role's name has no quotes, backslashes or line breaks",
                  "name another one");
  return name;
}

std::string textOf(const Role& role, const Terminal& terminal) {
  Table table({{"PRIVILEGE"},
               {"ON", false, 12, 2, Column::Shorten::wrap},
               {"TO", false, 16, 1, Column::Shorten::wrap},
               {"NEEDED"}});
  for (const Privilege* each : role.privileges) {
    table.add({std::string(each->id), std::string(each->on), std::string(each->operation),
               role.needs(*each) ? "always" : "if asked for"});
  }
  return terminal.styled(Style::heading, fmt::format("Role for {}", fmt::join(role.words, ", "))) + "\n" +
         table.text(terminal);
}

std::string jsonOf(const Role& role) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Privilege* each : role.privileges) {
    list.push_back(
        {{"id", each->id}, {"on", each->on}, {"to", each->operation}, {"needed", role.needs(*each)}});
  }
  const nlohmann::ordered_json document = {
      {"schemaVersion", 1}, {"role", role.name}, {"purposes", role.words}, {"privileges", list}};
  return document.dump(2) + "\n";
}

std::vector<std::string_view> idsOf(const Role& role) {
  std::vector<std::string_view> ids;
  ids.reserve(role.privileges.size());
  for (const Privilege* each : role.privileges) ids.push_back(each->id);
  return ids;
}

constexpr std::string_view explanation =
    "# Makes the role; then give it to the account, on the datacenter or the root folder, with "
    "propagation.\n";

}  // namespace

std::string govcRole(const std::string& name, const std::vector<std::string_view>& ids) {
  return fmt::format(
      "{}govc role.create '{}' \\\n  {}\n# govc permissions.set -principal USER@DOMAIN -role '{}' "
      "-propagate=true "
      "/DATACENTER\n",
      explanation, name, fmt::join(ids, " \\\n  "), name);
}

std::string powercliRole(const std::string& name, const std::vector<std::string_view>& ids) {
  std::vector<std::string> quoted;
  quoted.reserve(ids.size());
  for (const std::string_view each : ids) quoted.push_back(fmt::format("'{}'", each));
  return fmt::format(
      "{}New-VIRole -Name '{}' -Privilege (Get-VIPrivilege -Id @(\n  {}\n))\n# New-VIPermission -Entity "
      "(Get-Datacenter 'DATACENTER') -Principal 'DOMAIN\\USER' -Role '{}' -Propagate $true\n",
      explanation, name, fmt::join(quoted, ",\n  "), name);
}

VerbSpec roleVerb() {
  VerbSpec verb;
  verb.name = "role";
  verb.summary = "print the least role that an account needs";
  verb.argument = "PURPOSE,...";
  std::string known;
  for (const PurposeInfo& each : provisioning::purposes()) {
    verb.argumentWords.emplace_back(each.name);
    known += fmt::format("{}{}: {}", known.empty() ? "" : "; ", each.name, each.help);
  }
  verb.paragraphs = {
      "Prints the privileges that this kind of work needs, by their ids, which do not change with vCenter's "
      "language or version; as a table, as JSON, or as the commands that make the role. It needs no server "
      "and no settings.",
      "With --plan the privileges are those of this very plan, on the objects that it touches: the server is "
      "asked where they are. With --missing only what the present account lacks is printed, on which object; "
      "the "
      "server says that of every account, also of one that may not read roles.",
      "Purposes, one or several: " + known + "."};
  OptionSpec format = option("output", 'o', Takes::words, "FORMAT",
                             "table (default): for people. json: for programs. govc, powercli: the commands "
                             "that make the role.");
  format.words = {"table", "json", "govc", "powercli"};
  verb.groups = {
      {"Output",
       {format, option("name", 0, Takes::text, "NAME", "The role's name. Default: failback."),
        option("plan", 0, Takes::file, "FILE", "What this plan needs, object by object."),
        option("missing", 0, Takes::nothing, "",
               "Only what the present account lacks: on the plan's objects, or for purposes at the top of "
               "the inventory. Ends with 9 when it lacks something."),
        option("optional", 0, Takes::nothing, "",
               "Also what is needed only when a plan asks for it: raw device mappings, safety "
               "snapshots, renaming.")}},
      connectionOptions(),
      diagnosticOptions()};
  verb.examples = {
      {"role olr,alr,protect --optional", "what an account may need that does all of it, and on what"},
      {"role olr,alr -o govc | sh", "make the role in the vCenter that GOVC_URL names"},
      {"role check --name failback-check -o powercli", "for PowerCLI"},
      {"role --plan plan.yaml --missing", "what the account of FAILBACK_USERNAME lacks for a plan"}};
  return verb;
}

ExitCode showRole(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  const std::string name = roleName(arguments);
  if (arguments.has("plan")) return showRoleOfPlan(arguments, name, surroundings, console);
  Role role;
  readPurposes(arguments, role);
  role.name = name;
  role.privileges = provisioning::privilegesFor(role.purposes, arguments.has("optional"));
  bool lacking = false;
  if (arguments.has("missing")) {
    const std::vector<std::string> missing = missingAtTheTop(arguments, idsOf(role), surroundings, console);
    std::erase_if(role.privileges, [&](const Privilege* each) {
      return std::find(missing.begin(), missing.end(), each->id) == missing.end();
    });
    lacking = !missing.empty();
    if (!lacking) {
      console.message("nothing is missing");
      return ExitCode::ok;
    }
  }
  const std::string format = arguments.one("output").value_or("table");
  std::string text;
  if (format == "json") {
    text = jsonOf(role);
  } else if (format == "govc") {
    text = govcRole(role.name, idsOf(role));
  } else if (format == "powercli") {
    text = powercliRole(role.name, idsOf(role));
  } else {
    text = textOf(role, surroundings.outTerminal);
  }
  surroundings.out.write(text);
  surroundings.out.flush();
  return lacking ? ExitCode::notPermitted : ExitCode::ok;
}

}  // namespace failback::cli
