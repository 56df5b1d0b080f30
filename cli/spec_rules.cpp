// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/spec_rules.h"

#include "provisioning/vendor_code.h"

namespace failback::cli {

VerbSpec rulesVerb() {
  VerbSpec verb;
  verb.name = "rules";
  verb.summary = "list the rules, or explain one of them or a vendor's error code";
  verb.argument = "[ID|CODE]";
  for (const provisioning::Rule& rule : provisioning::rules()) verb.argumentWords.emplace_back(rule.id);
  for (const std::string_view code : provisioning::vendorCodes()) verb.argumentWords.emplace_back(code);
  verb.paragraphs = {
      "Shows what has to be right for a reprotect and a failback. With the id of a rule: what it looks at, "
      "why it "
      "matters, and what to do. With an error code of Azure Site Recovery: the rules behind it, and where "
      "known "
      "what to look at first. It needs no server and no settings.",
      "failback check evaluates them for a plan.", "Phases: R reprotect, F failback, C cancel and repair."};
  OptionSpec format =
      option("output", 'o', Takes::words, "FORMAT",
             "table (default): for people. json: for programs, always all rules. markdown: docs/rules.md.");
  format.words = {"table", "json", "markdown"};
  verb.groups = {{"Output", {format, option("help", 'h', Takes::nothing, "", "Show this text.")}}};
  verb.examples = {{"rules", "all of them"},
                   {"rules MT-SNAPSHOT", "one, with its remedy"},
                   {"rules 8061", "an error code that the vendor's portal showed"}};
  return verb;
}

}  // namespace failback::cli
