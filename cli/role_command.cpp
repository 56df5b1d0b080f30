// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/role_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/nearest.h"
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

std::string govcOf(const Role& role) {
  return fmt::format(
      "{}govc role.create '{}' \\\n  {}\n# govc permissions.set -principal USER@DOMAIN -role '{}' "
      "-propagate=true "
      "/DATACENTER\n",
      explanation, role.name, fmt::join(idsOf(role), " \\\n  "), role.name);
}

std::string powercliOf(const Role& role) {
  std::vector<std::string> ids;
  for (const std::string_view each : idsOf(role)) ids.push_back(fmt::format("'{}'", each));
  return fmt::format(
      "{}New-VIRole -Name '{}' -Privilege (Get-VIPrivilege -Id @(\n  {}\n))\n# New-VIPermission -Entity "
      "(Get-Datacenter 'DATACENTER') -Principal 'DOMAIN\\USER' -Role '{}' -Propagate $true\n",
      explanation, role.name, fmt::join(ids, ",\n  "), role.name);
}

}  // namespace

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
      "and "
      "no settings. What an account lacks on a certain plan's objects is not looked at.",
      "Purposes, one or several: " + known + "."};
  OptionSpec format = option("output", 'o', Takes::words, "FORMAT",
                             "table (default): for people. json: for programs. govc, powercli: the commands "
                             "that make the role.");
  format.words = {"table", "json", "govc", "powercli"};
  verb.groups = {{"Output",
                  {format, option("name", 0, Takes::text, "NAME", "The role's name. Default: failback."),
                   option("optional", 0, Takes::nothing, "",
                          "Also what is needed only when a plan asks for it: raw device mappings, safety "
                          "snapshots, renaming."),
                   option("help", 'h', Takes::nothing, "", "Show this text.")}}};
  verb.examples = {
      {"role olr,alr,protect --optional", "what an account may need that does all of it, and on what"},
      {"role olr,alr -o govc | sh", "make the role in the vCenter that GOVC_URL names"},
      {"role check --name failback-check -o powercli", "for PowerCLI"}};
  return verb;
}

ExitCode showRole(const Arguments& arguments, Surroundings& surroundings) {
  Role role;
  readPurposes(arguments, role);
  role.name = roleName(arguments);
  role.privileges = provisioning::privilegesFor(role.purposes, arguments.has("optional"));
  const std::string format = arguments.one("output").value_or("table");
  std::string text;
  if (format == "json") {
    text = jsonOf(role);
  } else if (format == "govc") {
    text = govcOf(role);
  } else if (format == "powercli") {
    text = powercliOf(role);
  } else {
    text = textOf(role, surroundings.outTerminal);
  }
  surroundings.out.write(text);
  surroundings.out.flush();
  return ExitCode::ok;
}

}  // namespace failback::cli
