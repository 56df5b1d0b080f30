// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/rule.h"

#include <vector>

#include "provisioning/rule_tables.h"

namespace failback::provisioning {
namespace {

char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

}  // namespace

bool sameWord(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return upper(x) == upper(y); });
}

std::string_view toString(Severity severity) {
  switch (severity) {
    case Severity::block:
      return "block";
    case Severity::fix:
      return "fix";
    case Severity::automatic:
      return "auto";
    case Severity::warn:
      return "warn";
    case Severity::info:
      return "info";
  }
  return "";
}

std::string_view letters(Phases phases) {
  static constexpr std::array<std::string_view, 8> words = {"", "C", "F", "FC", "R", "RC", "RF", "RFC"};
  return words[(phases.reprotect ? 4u : 0u) + (phases.failback ? 2u : 0u) + (phases.cancel ? 1u : 0u)];
}

std::span<const RuleGroup> ruleGroups() {
  static const std::array<RuleGroup, 6> groups = {{
      {"Environment", environmentRules()},
      {"Plan", planRules()},
      {"Master target", masterTargetRules()},
      {"Home VM", homeVmRules()},
      {"Creating the VM", creationRules()},
      {"At failback", failbackRules()},
  }};
  return groups;
}

std::span<const Rule> rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> table;
    for (const RuleGroup& group : ruleGroups()) {
      table.insert(table.end(), group.rules.begin(), group.rules.end());
    }
    return table;
  }();
  return all;
}

const Rule* findRule(std::string_view id) {
  for (const Rule& rule : rules()) {
    if (sameWord(rule.id, id)) return &rule;
  }
  return nullptr;
}

}  // namespace failback::provisioning
