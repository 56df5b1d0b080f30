// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/errors.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/text_width.h"
#include "discovery/json_text.h"

namespace failback::cli {
namespace {

using vsphere::Category;
using vsphere::Error;

// Errors that a wrong address or a wrong user may have caused.
bool concernsServer(Category category) {
  switch (category) {
    case Category::unreachable:
    case Category::tlsTrust:
    case Category::loginRefused:
    case Category::notAuthenticated:
    case Category::sessionLost:
    case Category::notPermitted:
    case Category::deadline:
    case Category::malformedAnswer:
    case Category::serverBusy:
    case Category::unsupported:
      return true;
    default:
      return false;
  }
}

// The lines of a text, each wrapped to the terminal.
std::vector<std::string> linesOf(const std::string& text, const Terminal& terminal, std::size_t indent) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = printable(std::string_view(text).substr(begin, end - begin));
    const bool fits = terminal.width < indent + 20 || displayWidth(line) + indent <= terminal.width;
    for (std::string& piece : fits ? std::vector<std::string>{line}
                                   : wrapToWidth(line, terminal.width - indent, LongWords::kept)) {
      lines.push_back(std::move(piece));
    }
    begin = end + 1;
  }
  return lines;
}

// One label and its text; further lines of the text stand below its first.
std::string labelled(const Terminal& terminal, std::string_view label, const std::string& text) {
  constexpr std::size_t indent = 12;
  std::string out =
      "  " + terminal.styled(Style::faint, fmt::format("{:<9}", fmt::format("{}:", label))) + " ";
  bool first = true;
  for (const std::string& line : linesOf(text, terminal, indent)) {
    if (!first) out.append(indent, ' ');
    out += line + "\n";
    first = false;
  }
  return out;
}

std::string objectText(const Error& error) {
  return error.object.empty() ? std::string() : error.object.str();
}

void appendCauses(const Error& error, const Terminal& terminal, std::string& out) {
  for (const Error& cause : error.causes) {
    std::string text = cause.text.empty() ? std::string(toString(cause.category)) : cause.text;
    if (!cause.fault.empty()) text += fmt::format(" ({})", cause.fault);
    if (!cause.object.empty()) text += fmt::format(" [{}]", cause.object.str());
    out += labelled(terminal, "because", text);
    appendCauses(cause, terminal, out);
  }
}

void writeJson(discovery::JsonText& json, const Error& error, const std::string& server, bool outermost) {
  const auto member = [&json](std::string_view name, std::string_view value) {
    if (value.empty()) return;
    json.key(name);
    json.value(value);
  };
  json.beginObject();
  member("category", toString(error.category));
  if (outermost) {
    json.key("exitCode");
    json.value(static_cast<std::int32_t>(exitCodeFor(error.category)));
  }
  member("text", error.text);
  member("fault", error.fault);
  member("object", objectText(error));
  member("privilege", error.privilege);
  if (!error.details.empty()) {
    json.key("details");
    json.beginObject();
    for (const auto& [name, value] : error.details) {
      json.key(name);
      json.value(value);
    }
    json.endObject();
  }
  member("remedy", error.remedy);
  member("server", server);
  if (!error.causes.empty()) {
    json.key("causes");
    json.beginArray();
    for (const Error& cause : error.causes) writeJson(json, cause, {}, false);
    json.endArray();
  }
  json.endObject();
}

}  // namespace

std::string errorText(const Error& error, const std::string& server, const Terminal& terminal) {
  const std::string text = error.text.empty() ? std::string(toString(error.category)) : error.text;
  constexpr std::string_view start = "failback: error: ";
  std::string out = "failback: " + terminal.styled(Style::bad, "error") + ": ";
  bool first = true;
  for (const std::string& line : linesOf(text, terminal, start.size())) {
    if (!first) out.append(start.size(), ' ');
    out += line + "\n";
    first = false;
  }
  if (!error.fault.empty()) out += labelled(terminal, "fault", error.fault);
  if (!error.object.empty()) out += labelled(terminal, "object", error.object.str());
  if (!error.privilege.empty()) out += labelled(terminal, "privilege", error.privilege);
  for (const auto& [name, value] : error.details) {
    // What the text says already is for programs.
    if (text.find(value) == std::string::npos) out += labelled(terminal, name, value);
  }
  appendCauses(error, terminal, out);
  if (!server.empty() && concernsServer(error.category)) out += labelled(terminal, "server", server);
  if (!error.remedy.empty()) out += labelled(terminal, "try", error.remedy);
  return out;
}

std::string errorJson(const Error& error, const std::string& server) {
  std::string line;
  discovery::JsonText json(line, 0);
  json.beginObject();
  json.key("error");
  writeJson(json, error, concernsServer(error.category) ? server : std::string(), true);
  json.endObject();
  return line;
}

ExitCode showError(const Error& error, const std::string& server, Console& console) {
  console.message(console.json() ? errorJson(error, server) : errorText(error, server, console.terminal()));
  return exitCodeFor(error.category);
}

}  // namespace failback::cli
