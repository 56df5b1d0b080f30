// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "provisioning/check/judge_tools.h"
#include "provisioning/check/readiness.h"
#include "provisioning/check/wording.h"

namespace failback::provisioning {
namespace {

// Whatever comes from the server is text, never markup.
std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t') out += c;
    }
  }
  return out;
}

constexpr std::string_view style = R"(
:root{--bg:#fbfbfa;--card:#fff;--ink:#1d2327;--soft:#5d676e;--line:#e2e5e7;--pass:#1a7f4b;--warn:#b26a00;--unknown:#6b5bd2;--block:#c02b2b}
@media(prefers-color-scheme:dark){:root{--bg:#14181b;--card:#1c2226;--ink:#e7ebee;--soft:#9aa6ae;--line:#313a40;--pass:#4cc38a;--warn:#e5a54b;--unknown:#a79bf5;--block:#f2716f}}
*{box-sizing:border-box}
body{margin:0;background:var(--bg);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
main{max-width:1180px;margin:0 auto;padding:32px 24px 64px}
h1{font-size:27px;line-height:1.2;margin:0 0 4px}h2{font-size:19px;margin:40px 0 12px}
.meta{color:var(--soft);margin:0 0 24px}.meta b{color:var(--ink);font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin:20px 0}
.tile{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:14px 18px;border-top:4px solid var(--c)}
.tile b{display:block;font-size:30px;line-height:1.1;color:var(--c)}.tile span{color:var(--soft)}
.bar{display:block;width:100%;height:14px;border-radius:7px;overflow:hidden}
table{border-collapse:separate;border-spacing:0;width:100%;background:var(--card);border:1px solid var(--line);border-radius:10px}
th,td{padding:7px 12px;text-align:left;border-bottom:1px solid var(--line);vertical-align:top}
tbody tr:last-child td{border-bottom:0}
thead th{position:sticky;top:0;background:var(--card);font-weight:600;color:var(--soft);font-size:13px;border-bottom:2px solid var(--line);z-index:1}
thead th:first-child{border-top-left-radius:10px}thead th:last-child{border-top-right-radius:10px}
td small{color:var(--soft);display:block;overflow-wrap:anywhere}
.v{display:inline-block;min-width:76px;padding:1px 9px;border-radius:99px;font-size:13px;font-weight:600;text-align:center;color:var(--c);border:1px solid var(--c)}
.pass{--c:var(--pass)}.warn{--c:var(--warn)}.unknown{--c:var(--unknown)}.block{--c:var(--block)}
td .pass{border-color:transparent}
.f{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--c);border-radius:8px;padding:12px 18px;margin:0 0 12px;break-inside:avoid}
.f h3{font-size:16px;margin:0 0 4px;color:var(--ink)}.f p{margin:4px 0;overflow-wrap:anywhere}.f .why{color:var(--soft)}
.f code,.codes{font:13px ui-monospace,"Liberation Mono",monospace;color:var(--soft)}
.f ul{margin:8px 0 0;padding-left:20px}.f li{margin:4px 0;overflow-wrap:anywhere}summary{cursor:pointer;color:var(--soft)}
.do::before{content:"\2192\00a0";color:var(--c);font-weight:700}
footer{margin-top:40px;color:var(--soft);font-size:14px;border-top:1px solid var(--line);padding-top:16px}
@media(max-width:760px){.tiles{grid-template-columns:repeat(2,1fr)}th.m,td.m{display:none}}
@media print{details>*{display:block}body{background:#fff;font-size:11px}main{max-width:none;padding:0}thead{display:table-header-group}thead th{position:static}tr{break-inside:avoid}.tile,.f,table{border-color:#bbb}}
)";

std::string_view wordOf(Verdict verdict) {
  constexpr std::array<std::string_view, 4> words = {"ready", "warning", "not known", "blocked"};
  return words[static_cast<std::size_t>(verdict)];
}

std::string badge(Verdict verdict, std::string_view word) {
  return fmt::format("<span class=\"v {}\">{}</span>", toString(verdict), word);
}

std::string badge(Verdict verdict) {
  return badge(verdict, wordOf(verdict));
}

// A finding that counts for nothing makes no machine ready.
std::string badge(const RuleFindings& group) {
  const bool counts = group.verdict != Verdict::pass;
  return badge(group.verdict, counts ? wordOf(group.verdict) : group.silenced ? "silent" : "info");
}

// Of nothing that could be judged there are no machines to count.
std::string machinesText(std::size_t count) {
  return count == 0 ? std::string() : ": " + counted(count, "machine");
}

constexpr std::array<Verdict, 4> order = {Verdict::block, Verdict::unknown, Verdict::warn, Verdict::pass};

std::string summary(const Readiness& readiness) {
  constexpr std::array<std::string_view, 4> said = {"could come home today", "could come home, with warnings",
                                                    "could not be decided", "could not come home"};
  std::string tiles = "<div class=\"tiles\">";
  std::string bars;
  double x = 0;
  const double all = static_cast<double>(std::max<std::size_t>(readiness.rows.size(), 1));
  for (const Verdict each : order) {
    const std::size_t count = readiness.counts[static_cast<std::size_t>(each)];
    tiles += fmt::format("<div class=\"tile {}\"><b>{}</b><span>{}</span></div>", toString(each), count,
                         said[static_cast<std::size_t>(each)]);
    const double width = 100.0 * static_cast<double>(count) / all;
    if (count > 0)
      bars += fmt::format(
          "<rect class=\"{}\" x=\"{:.3f}\" width=\"{:.3f}\" height=\"10\" style=\"fill:var(--c)\"/>",
          toString(each), x, width);
    x += width;
  }
  return tiles +
         "</div><svg class=\"bar\" viewBox=\"0 0 100 10\" preserveAspectRatio=\"none\" role=\"img\" "
         "aria-label=\"share of machines by verdict\">" +
         bars + "</svg>";
}

constexpr std::size_t shownMachines = 12;

std::string codesOf(const Rule& rule) {
  if (rule.codes.empty()) return {};
  return fmt::format(" <span class=\"codes\">{}</span>",
                     fmt::join(rule.codes.begin(), rule.codes.end(), ", "));
}

std::string entryHtml(const ReadinessFinding& entry, bool alone) {
  const Finding& finding = entry.finding;
  std::string html =
      fmt::format("<li><b>{} {}:</b> {} <code>{}</code>", escaped(finding.object.kind),
                  escaped(finding.object.name), escaped(finding.value), escaped(finding.property));
  // Of several the section's own remedy says enough.
  if (alone && finding.remedy != finding.rule->remedy)
    html += fmt::format("<p class=\"do\">{}</p>", escaped(finding.remedy));
  const bool itself = entry.machines.size() == 1 && finding.object.name.ends_with(entry.machines.front());
  if (!itself && !entry.machines.empty())
    html += fmt::format("<p class=\"why\">{}: {}</p>", counted(entry.machines.size(), "machine"),
                        escaped(someOf(entry.machines, shownMachines)));
  return html + "</li>";
}

// Findings of one rule and one weight are one section; the first few are open to the eye.
std::string sectionHtml(const RuleFindings& group) {
  constexpr std::size_t shown = 5;
  const Rule& rule = *group.rule;
  std::string html = fmt::format(
      "<section class=\"f {}\"><h3>{} {}{}{}</h3><p class=\"why\">Passes when: {}. {}</p><p "
      "class=\"do\">{}</p><ul>",
      toString(group.verdict), badge(group), rule.id, machinesText(group.machines), codesOf(rule), rule.title,
      rule.explanation, rule.remedy);
  for (std::size_t i = 0; i < group.entries.size(); ++i) {
    if (i == shown)
      html += fmt::format("</ul><details><summary>{} more</summary><ul>", group.entries.size() - shown);
    html += entryHtml(*group.entries[i], group.entries.size() == 1);
  }
  html += group.entries.size() > shown ? "</ul></details>" : "</ul>";
  return html + "</section>\n";
}

std::string matrix(const Readiness& readiness) {
  std::string html = "<table><thead><tr><th>Machine</th><th>Verdict</th>";
  for (const std::string_view each : readinessGroups) html += fmt::format("<th class=\"m\">{}</th>", each);
  html += "<th class=\"m\">Judged with</th></tr></thead><tbody>\n";
  for (const ReadinessRow& row : readiness.rows) {
    html += fmt::format("<tr><td>{}<small>{}</small></td><td>{}</td>", escaped(row.name), escaped(row.path),
                        badge(row.verdict));
    for (const Verdict each : row.cells) html += fmt::format("<td class=\"m\">{}</td>", badge(each));
    html += fmt::format("<td class=\"m\">{}</td></tr>\n", escaped(row.masterTarget));
  }
  return html + "</tbody></table>\n";
}

std::string footer(const Readiness& readiness, const ReadinessOrigin& origin) {
  return fmt::format(
      "<footer><p>Made by {} with {} calls and {} pages; nothing was changed in vCenter. Each machine was "
      "judged alone: that "
      "all of them find slots on a master target at once is for a plan to show. Not looked at: whether a "
      "machine in the cloud "
      "runs and reaches the servers of the replication, and what machines that "
      "have to be "
      "created would need. Machines that run are no finding here. {} VMs were left out.</p></footer>",
      escaped(origin.generator), origin.calls, origin.pages, readiness.leftOut.size());
}

}  // namespace

std::string readinessHtml(const Readiness& readiness, const ReadinessOrigin& origin) {
  std::string html = fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><title>Failback readiness of "
      "{0}</title><style>{1}</style></head>\n"
      "<body><main><h1>Could these machines come home today?</h1>\n<p class=\"meta\"><b>{2}</b> of "
      "<b>{0}</b>{3}{4} on {5} UTC</p>\n",
      escaped(origin.server), style, counted(readiness.rows.size(), "machine"),
      origin.serverName.empty() ? std::string() : fmt::format(" ({})", escaped(origin.serverName)),
      origin.account.empty() ? std::string(",") : fmt::format(", as {} saw it", escaped(origin.account)),
      escaped(shortTime(origin.made)));
  if (readiness.rows.empty() && readiness.verdict != Verdict::pass) {
    for (const RuleFindings& each : byRule(readiness)) html += sectionHtml(each);
    return html + "<p>The server could not be asked: no machine was judged.</p></main></body></html>\n";
  }
  html += summary(readiness);
  html += fmt::format("<h2>Findings</h2>\n{}",
                      readiness.findings.empty() ? "<p>None: every rule passes.</p>\n" : "");
  for (const RuleFindings& each : byRule(readiness)) html += sectionHtml(each);
  html += "<h2>Machines</h2>\n" + matrix(readiness);
  if (!readiness.leftOut.empty()) {
    html += "<h2>Left out</h2>\n<table><tbody>";
    for (const auto& [path, why] : readiness.leftOut)
      html += fmt::format("<tr><td>{}</td><td>{}</td></tr>\n", escaped(path), escaped(why));
    html += "</tbody></table>\n";
  }
  return html + footer(readiness, origin) + "</main></body></html>\n";
}

}  // namespace failback::provisioning
