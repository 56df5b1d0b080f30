// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/console.h"

#include "cli/text_width.h"
#include "discovery/json_text.h"

namespace failback::cli {
namespace {

constexpr vsphere::Milliseconds betweenUpdates{100};

}  // namespace

Console::Console(Output& out, Terminal terminal, const vsphere::Clock& clock, bool quiet)
    : out_(out), terminal_(terminal), clock_(clock), quiet_(quiet) {}

Console::~Console() {
  endProgress();
}

void Console::write(const std::string& text) noexcept {
  try {
    out_.write(text);
    out_.flush();
  } catch (const std::exception&) {
    // Standard error is gone, and that was the place to say it.
  }
}

void Console::eraseProgress() {
  if (!shown_) return;
  shown_ = false;
  write("\r\x1b[K");
}

void Console::message(const std::string& text) {
  const std::lock_guard lock(mutex_);
  eraseProgress();
  write(text.empty() || text.back() != '\n' ? text + "\n" : text);
}

void Console::warn(const std::string& text) {
  if (json_) {
    std::string line;
    discovery::JsonText json(line, 0);
    json.beginObject();
    json.key("warning");
    json.value(text);
    json.endObject();
    message(line);
    return;
  }
  message("failback: " + terminal_.styled(Style::warning, "warning") + ": " + printable(text));
}

void Console::progress(const std::string& text) {
  if (quiet_ || !terminal_.isTerminal) return;
  const std::lock_guard lock(mutex_);
  if (clock_.now() < next_) return;
  next_ = clock_.now() + betweenUpdates;
  const std::size_t room = terminal_.width > 1 ? terminal_.width - 1 : 79;
  write("\r\x1b[K" + terminal_.styled(Style::faint, cutToWidth(printable(text), room, terminal_.ellipsis())));
  shown_ = true;
}

void Console::endProgress() {
  const std::lock_guard lock(mutex_);
  eraseProgress();
}

}  // namespace failback::cli
