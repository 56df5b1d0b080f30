// SPDX-License-Identifier: GPL-2.0-or-later
// Words to the person who called, on standard error: messages, and on a terminal one line of progress below
// them.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "cli/output.h"
#include "cli/terminal.h"
#include "vsphere/clock.h"

namespace failback::cli {

// Thread-safe: log lines come from the client's threads. Nothing it does throws: when standard error is gone
// there is nobody to tell.
class Console {
 public:
  Console(Output& out, Terminal terminal, const vsphere::Clock& clock, bool quiet = false);
  ~Console();
  Console(const Console&) = delete;
  Console& operator=(const Console&) = delete;

  const Terminal& terminal() const { return terminal_; }
  // Progress is not shown from now on.
  void setQuiet(bool quiet) { quiet_ = quiet; }

  // Lines as they are, a line break added where it is missing.
  void message(const std::string& text);
  // "failback: warning: <text>", or as JSON when errors are.
  void warn(const std::string& text);
  void setJson(bool json) { json_ = json; }
  bool json() const { return json_; }
  // Replaces the line of progress, a few times a second at most; not shown unless it is a terminal.
  void progress(const std::string& text);
  // Takes the line of progress away.
  void endProgress();

 private:
  void write(const std::string& text) noexcept;
  void eraseProgress();

  Output& out_;
  Terminal terminal_;
  const vsphere::Clock& clock_;
  std::mutex mutex_;
  bool quiet_, json_ = false, shown_ = false;
  vsphere::SteadyTime next_{};
};

}  // namespace failback::cli
