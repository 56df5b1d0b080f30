// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "cli/text_width.h"

namespace failback::cli {
namespace {

using provisioning::Finding;
using provisioning::Report;
using provisioning::Severity;
using provisioning::Status;
using provisioning::Verdict;

struct Label {
  std::string_view word;
  Style style;
};

// What it means for the job, in one word.
Label labelOf(const Finding& finding, Verdict verdict) {
  if (finding.status == Status::pass) return {"pass", Style::good};
  if (finding.silenced) return {"silent", Style::faint};
  switch (verdict) {
    case Verdict::block:
      return {finding.severity == Severity::fix ? "FIX" : "BLOCK", Style::bad};
    case Verdict::unknown:
      return {"UNKNOWN", Style::bad};
    case Verdict::warn:
      if (finding.severity == Severity::automatic && finding.status == Status::fail)
        return {"will do", Style::warning};
      return {"warn", Style::warning};
    case Verdict::pass:
      break;
  }
  return {"info", Style::faint};
}

class Writer {
 public:
  Writer(const Report& report, provisioning::UnknownPolicy unknown, const Terminal& terminal)
      : report_(report), unknown_(unknown), terminal_(terminal) {
    for (const Finding& each : report.findings) ruleWidth_ = std::max(ruleWidth_, each.rule->id.size());
  }

  std::string text(const std::string& heading, bool all) {
    out_ = terminal_.styled(Style::heading, heading) + "\n";
    std::size_t shown = 0;
    std::set<std::string> said;
    for (const Finding& each : report_.findings) {
      if (each.status == Status::pass && !all) continue;
      // What several machines have in common is told once.
      const std::string text =
          fmt::format("{} {} {} {}", each.rule->id, each.object.kind, each.object.name, each.value);
      if (!said.insert(text).second) continue;
      if (shown++ == 0) out_ += "\n";
      finding(each);
    }
    return out_;
  }

 private:
  static constexpr std::size_t labelWidth = 7, gap = 2;

  void finding(const Finding& finding) {
    const Label label = labelOf(finding, weigh(finding, report_.phase, unknown_));
    std::string first = "  " + terminal_.styled(label.style, fmt::format("{:<7}", label.word)) + "  " +
                        fmt::format("{:<{}}", finding.rule->id, ruleWidth_) + "  ";
    std::string what = fmt::format("{} {}: {}", finding.object.kind, finding.object.name, finding.value);
    if (!finding.rule->codes.empty() && finding.status == Status::fail)
      what += fmt::format(" [{}]", fmt::join(finding.rule->codes.begin(), finding.rule->codes.end(), ", "));
    lines(std::move(first), what);
    if (finding.status == Status::pass || finding.remedy.empty()) return;
    lines(std::string(indent(), ' '), arrow() + finding.remedy);
  }

  std::size_t indent() const { return gap + labelWidth + gap + ruleWidth_ + gap; }
  std::string arrow() const { return terminal_.utf8 ? "\xE2\x86\x92 " : "-> "; }

  // The first line begins with what is given, further ones are indented as far.
  void lines(std::string start, const std::string& text) {
    const std::string clean = printable(text);
    constexpr std::size_t least = 30;
    if (terminal_.width < indent() + least) {
      out_ += start + clean + "\n";
      return;
    }
    for (const std::string& line : wrapToWidth(clean, terminal_.width - indent(), LongWords::kept)) {
      out_ += start + line + "\n";
      start = std::string(indent(), ' ');
    }
  }

  const Report& report_;
  const provisioning::UnknownPolicy unknown_;
  const Terminal& terminal_;
  std::size_t ruleWidth_ = 0;
  std::string out_;
};

std::string headingOf(const Report& report, const provisioning::Plan& plan) {
  std::array<std::size_t, 4> counts{};
  for (const Finding& each : report.findings)
    ++counts[static_cast<std::size_t>(weigh(each, report.phase, plan.policy.unknown))];
  constexpr std::array<std::string_view, 4> said = {"nothing stands in the way", "possible, with warnings",
                                                    "could not be decided", "blocked"};
  std::string text;
  const auto add = [&](Verdict verdict, std::string_view word) {
    const std::size_t count = counts[static_cast<std::size_t>(verdict)];
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, word);
  };
  add(Verdict::block, "blocking");
  add(Verdict::unknown, "not known");
  add(Verdict::warn, counts[1] == 1 ? "warning" : "warnings");
  add(Verdict::pass, "passed");
  return fmt::format("{} of {} {}: {} ({})", provisioning::toString(report.phase), plan.machines.size(),
                     plan.machines.size() == 1 ? "machine" : "machines",
                     said[static_cast<std::size_t>(report.verdict)], text);
}

}  // namespace

std::string reportText(const Report& report, const provisioning::Plan& plan, bool all,
                       const Terminal& terminal) {
  std::string heading = headingOf(report, plan);
  if (!heading.empty() && heading[0] >= 'a' && heading[0] <= 'z')
    heading[0] = static_cast<char>(heading[0] - 'a' + 'A');
  return Writer(report, plan.policy.unknown, terminal).text(heading, all);
}

}  // namespace failback::cli
