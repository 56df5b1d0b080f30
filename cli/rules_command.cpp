// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/rules_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/nearest.h"
#include "cli/table.h"
#include "cli/text_width.h"
#include "provisioning/vendor_code.h"

namespace failback::cli {
namespace {

using provisioning::Rule;
using provisioning::VendorCode;

std::string joined(const provisioning::Words& words) {
  return fmt::format("{}", fmt::join(words.begin(), words.end(), ", "));
}

std::string wrapped(std::string_view text, std::size_t width) {
  const std::size_t room = std::clamp<std::size_t>(width == 0 ? 80 : width, 40, 100);
  std::string out;
  for (const std::string& line : wrapToWidth(text, room, LongWords::kept)) out += line + "\n";
  return out;
}

std::string listText(const Terminal& terminal) {
  std::string out;
  for (const provisioning::RuleGroup& group : provisioning::ruleGroups()) {
    Table table({{"ID"},
                 {"SEVERITY"},
                 {"PHASES"},
                 {"CODES", false, 10, 1, Column::Shorten::wrap},
                 {"PASSES WHEN", false, 20, 0, Column::Shorten::wrap}});
    for (const Rule& rule : group.rules) {
      table.add({std::string(rule.id), std::string(toString(rule.severity)),
                 std::string(letters(rule.phases)), joined(rule.codes), std::string(rule.title)});
    }
    if (!out.empty()) out += "\n";
    out += terminal.styled(Style::heading, group.title) + "\n" + table.text(terminal);
  }
  return out;
}

std::string ruleText(const Rule& rule, const Terminal& terminal) {
  const std::size_t width = terminal.width;
  std::string out =
      terminal.styled(Style::heading, rule.id) + "\n" +
      wrapped(fmt::format("Passes when: {}.", rule.title), width) + "\n" + wrapped(rule.explanation, width) +
      "\n" + wrapped(fmt::format("What to do: {}", rule.remedy), width) + "\n" +
      wrapped(fmt::format("Severity {}, phases {}, object: {}, since {}.", toString(rule.severity),
                          letters(rule.phases), rule.object, rule.since),
              width) +
      wrapped("Reads: " + joined(rule.reads), width);
  if (!rule.codes.empty()) out += wrapped("The vendor's codes: " + joined(rule.codes), width);
  if (rule.unknownWarns) out += wrapped("What can't be read is a warning here, and does not block.", width);
  return out;
}

std::string codeText(std::string_view code, const Terminal& terminal) {
  const std::size_t width = terminal.width;
  std::string out;
  if (const VendorCode* known = provisioning::findVendorCode(code)) {
    out += wrapped(fmt::format("{}: {}", known->code, known->title), width) + "\n" +
           wrapped(known->meaning, width) + "\nLook at:\n";
    int step = 0;
    for (const std::string_view look : known->look) {
      out += wrapped(fmt::format("{}. {}", ++step, look), width);
    }
    out += "\n";
  }
  out += wrapped(fmt::format("Rules behind {}:", code), width);
  for (const Rule* rule : provisioning::rulesBehind(code)) {
    out += "\n" +
           wrapped(fmt::format("{} ({}): {}. {}", rule->id, rule->object, rule->title, rule->remedy), width);
  }
  return out;
}

std::string explain(const std::string& word, const Terminal& terminal) {
  if (const Rule* rule = provisioning::findRule(word)) return ruleText(*rule, terminal);
  if (!provisioning::rulesBehind(word).empty()) return codeText(word, terminal);
  std::string upper = word;
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  std::vector<std::string> known;
  for (const Rule& rule : provisioning::rules()) known.emplace_back(rule.id);
  for (const std::string_view code : provisioning::vendorCodes()) known.emplace_back(code);
  vsphere::fail(vsphere::Category::usage,
                fmt::format("there is no rule and no code \"{}\"{}", word, didYouMean(upper, known)),
                "failback rules lists them");
}

std::string codesMarkdown() {
  std::string out;
  out += "\n## The vendor's codes\n\n| code | about | rules |\n|---|---|---|\n";
  for (const std::string_view code : provisioning::vendorCodes()) {
    const VendorCode* known = provisioning::findVendorCode(code);
    std::vector<std::string_view> ids;
    for (const Rule* rule : provisioning::rulesBehind(code)) ids.push_back(rule->id);
    out +=
        fmt::format("| {} | {} | {} |\n", code, known == nullptr ? "" : known->title, fmt::join(ids, ", "));
  }
  for (const std::string_view code : provisioning::vendorCodes()) {
    const VendorCode* known = provisioning::findVendorCode(code);
    if (known == nullptr) continue;
    out += fmt::format("\n### {}: {}\n\n{}\n\n", code, known->title, known->meaning);
    int step = 0;
    for (const std::string_view look : known->look) out += fmt::format("{}. {}\n", ++step, look);
  }
  return out;
}

}  // namespace

std::string rulesMarkdown() {
  std::string out =
      "# The rules\n\nWhat has to be right for a reprotect (R), a failback (F), and a cancel or repair (C). "
      "`failback check` evaluates them for a plan ([check.md](check.md)).\n\nWritten by `failback rules -o "
      "markdown`.\n";
  for (const provisioning::RuleGroup& group : provisioning::ruleGroups()) {
    out += fmt::format("\n## {}\n\n| id | severity | phases | codes | passes when |\n|---|---|---|---|---|\n",
                       group.title);
    for (const Rule& rule : group.rules) {
      out += fmt::format("| {} | {} | {} | {} | {} |\n", rule.id, toString(rule.severity),
                         letters(rule.phases), joined(rule.codes), rule.title);
    }
    for (const Rule& rule : group.rules) {
      out += fmt::format("\n### {}\n\n{}\n\n**What to do:** {}\n", rule.id, rule.explanation, rule.remedy);
      if (rule.unknownWarns) out += "\nWhat can't be read is a warning here, and does not block.\n";
    }
  }
  out += codesMarkdown();
  return out;
}

std::string rulesJson() {
  using Json = nlohmann::ordered_json;
  const auto list = [](const provisioning::Words& words) {
    Json all = Json::array();
    for (const std::string_view word : words) all.push_back(word);
    return all;
  };
  Json document = {{"schemaVersion", 1}, {"rules", Json::array()}, {"codes", Json::array()}};
  for (const Rule& rule : provisioning::rules()) {
    Json phases = Json::array();
    if (rule.phases.reprotect) phases.push_back("reprotect");
    if (rule.phases.failback) phases.push_back("failback");
    if (rule.phases.cancel) phases.push_back("cancel");
    document["rules"].push_back({{"id", rule.id},
                                 {"severity", toString(rule.severity)},
                                 {"phases", phases},
                                 {"object", rule.object},
                                 {"reads", list(rule.reads)},
                                 {"codes", list(rule.codes)},
                                 {"title", rule.title},
                                 {"explanation", rule.explanation},
                                 {"remedy", rule.remedy},
                                 {"since", rule.since}});
  }
  for (const std::string_view code : provisioning::vendorCodes()) {
    const VendorCode* known = provisioning::findVendorCode(code);
    Json row = {
        {"code", code}, {"title", ""}, {"meaning", ""}, {"look", Json::array()}, {"rules", Json::array()}};
    if (known != nullptr) {
      row["title"] = known->title;
      row["meaning"] = known->meaning;
      row["look"] = list(known->look);
    }
    for (const Rule* rule : provisioning::rulesBehind(code)) row["rules"].push_back(rule->id);
    document["codes"].push_back(std::move(row));
  }
  return document.dump(2) + "\n";
}

ExitCode showRules(const Arguments& arguments, Surroundings& surroundings) {
  const std::string format = arguments.one("output").value_or("table");
  const std::string explained =
      arguments.operands.empty() ? "" : explain(arguments.operands.front(), surroundings.outTerminal);
  std::string text;
  if (format == "json") {
    text = rulesJson();
  } else if (format == "markdown") {
    text = rulesMarkdown();
  } else {
    text = explained.empty() ? listText(surroundings.outTerminal) : explained;
  }
  surroundings.out.write(text);
  surroundings.out.flush();
  return ExitCode::ok;
}

}  // namespace failback::cli
