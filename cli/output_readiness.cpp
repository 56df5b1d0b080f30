// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output_readiness.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/table.h"
#include "cli/text_width.h"
#include "provisioning/check/judge_tools.h"

namespace failback::cli {
namespace {

using provisioning::Readiness;
using provisioning::Verdict;

Cell cellOf(Verdict verdict) {
  constexpr std::array<std::string_view, 4> words = {"ready", "warning", "not known", "blocked"};
  constexpr std::array<Style, 4> styles = {Style::good, Style::warning, Style::bad, Style::bad};
  const auto index = static_cast<std::size_t>(verdict);
  return {std::string(words[index]), styles[index]};
}

void addLines(std::string& out, const std::string& start, const std::string& text, const Terminal& terminal) {
  const std::string clean = printable(text);
  constexpr std::size_t least = 30;
  if (terminal.width < start.size() + least) {
    out += start + clean + "\n";
    return;
  }
  std::string lead = start;
  for (const std::string& line : wrapToWidth(clean, terminal.width - start.size(), LongWords::kept)) {
    out += lead + line + "\n";
    lead = std::string(start.size(), ' ');
  }
}

std::string sectionText(const provisioning::RuleFindings& group, const Terminal& terminal) {
  constexpr std::size_t shown = 4;
  Cell label = cellOf(group.verdict);
  // What counts for nothing makes no machine ready.
  if (group.verdict == Verdict::pass) label = {group.silenced ? "silent" : "info", Style::faint};
  std::string out = "  " + terminal.styled(label.style, fmt::format("{} {}", group.rule->id, label.text)) +
                    fmt::format(" ({} machine{})\n", group.machines, group.machines == 1 ? "" : "s");
  for (std::size_t i = 0; i < std::min(shown, group.entries.size()); ++i) {
    const provisioning::Finding& finding = group.entries[i]->finding;
    const std::vector<std::string>& machines = group.entries[i]->machines;
    std::string text = fmt::format("{} {}: {}", finding.object.kind, finding.object.name, finding.value);
    if (machines.size() != 1 || machines.front() != finding.object.name)
      text += fmt::format(" ({})", provisioning::someOf(machines));
    addLines(out, "    ", text, terminal);
  }
  if (group.entries.size() > shown)
    out += fmt::format("    and {} more (-o json, -o html)\n", group.entries.size() - shown);
  const bool alike = group.entries.size() == 1;
  addLines(out, terminal.utf8 ? "    \xE2\x86\x92 " : "    -> ",
           alike ? group.entries.front()->finding.remedy : std::string(group.rule->remedy), terminal);
  return out;
}

}  // namespace

std::string readinessText(const Readiness& readiness, const Terminal& terminal) {
  const auto& counts = readiness.counts;
  std::string out =
      terminal.styled(
          Style::heading,
          fmt::format(
              "Could {} machine{} come home today? {} could, {} with warnings, {} not known, {} blocked",
              readiness.rows.size(), readiness.rows.size() == 1 ? "" : "s", counts[0], counts[1], counts[2],
              counts[3])) +
      "\n\n";
  std::vector<Column> columns = {{"MACHINE", false, 12, 0, Column::Shorten::front}, {"VERDICT"}};
  for (const std::string_view each : provisioning::readinessGroups) {
    std::string title(each);
    std::transform(title.begin(), title.end(), title.begin(),
                   [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
    columns.push_back({title});
  }
  columns.push_back({"WITH", false, 10, 1});
  Table table(columns);
  for (const provisioning::ReadinessRow& row : readiness.rows) {
    std::vector<Cell> cells = {row.path.empty() ? row.name : row.path, cellOf(row.verdict)};
    for (const Verdict each : row.cells) cells.push_back(cellOf(each));
    cells.emplace_back(row.masterTarget);
    table.add(cells);
  }
  out += table.text(terminal);
  if (!readiness.findings.empty()) out += "\n" + terminal.styled(Style::heading, "What was found") + "\n";
  for (const provisioning::RuleFindings& each : byRule(readiness)) out += sectionText(each, terminal);
  if (!readiness.leftOut.empty()) out += "\n" + terminal.styled(Style::heading, "Left out") + "\n";
  for (const auto& [path, why] : readiness.leftOut) addLines(out, "  ", path + ": " + why, terminal);
  return out;
}

}  // namespace failback::cli
