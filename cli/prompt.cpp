// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/prompt.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include "cli/text_width.h"
#include "vsphere/error.h"

namespace failback::cli {
namespace {

constexpr int pollMilliseconds = 100;  // how soon a stop is seen
constexpr std::size_t longest = 4096;

// The terminal without echo, for as long as this lives.
class SilentTerminal {
 public:
  SilentTerminal() : fd_(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)) {
    if (fd_ < 0 || ::tcgetattr(fd_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHOE | ECHOK | ECHONL);
    silent.c_lflag |= ICANON | ISIG;
    usable_ = ::tcsetattr(fd_, TCSAFLUSH, &silent) == 0;
  }
  ~SilentTerminal() {
    if (usable_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
    if (fd_ >= 0) ::close(fd_);
  }
  SilentTerminal(const SilentTerminal&) = delete;
  SilentTerminal& operator=(const SilentTerminal&) = delete;

  bool usable() const { return usable_; }
  int fd() const { return fd_; }
  void write(const std::string& text) const {
    // A terminal that does not take the question shows that by itself.
    static_cast<void>(!::write(fd_, text.data(), text.size()));
  }

 private:
  int fd_;
  bool usable_ = false;
  termios before_{};
};

}  // namespace

std::optional<vsphere::Secret> askPassword(const std::string& question, const std::stop_token& stop) {
  if (::isatty(STDIN_FILENO) != 1) return std::nullopt;
  const SilentTerminal terminal;
  if (!terminal.usable()) return std::nullopt;
  terminal.write(printable(question));
  std::string line;
  line.reserve(longest + 1);
  for (bool open = true; open && line.size() < longest;) {
    if (stop.stop_requested()) {
      vsphere::wipe(line);
      terminal.write("\n");
      vsphere::fail(vsphere::Category::interrupted, "interrupted while waiting for the password");
    }
    pollfd waiting{terminal.fd(), POLLIN, 0};
    if (::poll(&waiting, 1, pollMilliseconds) <= 0) continue;
    char c = 0;
    const ssize_t count = ::read(terminal.fd(), &c, 1);
    open = count == 1 && c != '\n' && c != '\r';
    if (open) line += c;
  }
  terminal.write("\n");
  vsphere::Secret secret(line);
  vsphere::wipe(line);
  return secret;
}

}  // namespace failback::cli
