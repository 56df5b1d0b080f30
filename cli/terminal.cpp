// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cctype>
#include <charconv>

namespace failback::cli {
namespace {

std::size_t widthOf(int fd, const Environment& environment) {
  winsize size{};
  if (::ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  const std::string columns = environment.get("COLUMNS").value_or("");
  std::size_t width = 0;
  const auto [end, error] = std::from_chars(columns.data(), columns.data() + columns.size(), width);
  return error == std::errc{} && end == columns.data() + columns.size() && width > 0 ? width : 80;
}

bool speaksUtf8(const Environment& environment) {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const std::string value = environment.get(name).value_or("");
    if (value.empty()) continue;
    std::string lower;
    for (const char c : value) lower += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return lower.find("utf-8") != std::string::npos || lower.find("utf8") != std::string::npos;
  }
  return false;
}

}  // namespace

std::string Terminal::styled(Style style, std::string_view text) const {
  if (!colour || style == Style::plain || text.empty()) return std::string(text);
  const char* start = "";
  switch (style) {
    case Style::heading:
      start = "\x1b[1m";
      break;
    case Style::good:
      start = "\x1b[32m";
      break;
    case Style::warning:
      start = "\x1b[33m";
      break;
    case Style::bad:
      start = "\x1b[31m";
      break;
    case Style::faint:
      start = "\x1b[2m";
      break;
    case Style::plain:
      break;
  }
  return std::string(start).append(text).append("\x1b[0m");
}

Terminal lookAtTerminal(int fd, const Environment& environment) {
  Terminal terminal;
  terminal.utf8 = speaksUtf8(environment);
  terminal.isTerminal = ::isatty(fd) == 1;
  if (!terminal.isTerminal) return terminal;
  terminal.width = widthOf(fd, environment);
  const std::string kind = environment.get("TERM").value_or("");
  terminal.colour = environment.get("NO_COLOR").value_or("").empty() && !kind.empty() && kind != "dumb";
  return terminal;
}

}  // namespace failback::cli
