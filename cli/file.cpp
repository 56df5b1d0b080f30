// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/crypto.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "vsphere/error.h"

namespace failback::cli {
namespace {

constexpr std::size_t longestSecret = 64 * 1024;

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void unreadable(const std::string& what, int error) {
  vsphere::fail(vsphere::Category::usage,
                fmt::format("cannot read {}: {}", what, std::generic_category().message(error)),
                "look at its name and permissions");
}

// Appends what comes until the end; false when it is more than `limit`.
bool readAll(int fd, std::string& text, std::size_t limit, const std::string& what) {
  std::array<char, 4096> piece{};
  // Growing a string leaves copies behind: one place that is large enough.
  text.reserve(limit + piece.size());
  for (;;) {
    const ssize_t count = ::read(fd, piece.data(), piece.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      vsphere::wipe(text);
      unreadable(what, error);
    }
    if (count == 0) break;
    text.append(piece.data(), static_cast<std::size_t>(count));
    if (text.size() > limit) break;
  }
  OPENSSL_cleanse(piece.data(), piece.size());
  return text.size() <= limit;
}

}  // namespace

std::string whoElseReads(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return {};
  if ((status.st_mode & S_IROTH) != 0) return "by others";
  if ((status.st_mode & S_IRGRP) != 0) return "by its group";
  return {};
}

FileContent readWholeFile(const std::string& path, const std::string& what, std::size_t most) {
  const std::string name = fmt::format("{} {}", what, path);
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) unreadable(name, errno);
  FileContent content;
  content.readableBy = whoElseReads(file.get());
  if (!readAll(file.get(), content.text, most, name)) {
    vsphere::wipe(content.text);
    vsphere::fail(vsphere::Category::usage, fmt::format("{} is larger than {} MiB", name, most >> 20),
                  "name another file");
  }
  return content;
}

vsphere::Secret readSecretLine(int fd, const std::string& what) {
  std::string text;
  readAll(fd, text, longestSecret, what);
  std::size_t end = text.find('\n');
  if (end == std::string::npos) end = text.size();
  if (end > 0 && text[end - 1] == '\r') --end;
  vsphere::Secret secret(std::string_view(text).substr(0, end));
  const bool tooLong = text.size() > longestSecret;
  vsphere::wipe(text);
  if (secret.empty() || tooLong) {
    vsphere::fail(
        vsphere::Category::usage,
        fmt::format("{} {}", what, tooLong ? "is longer than 64 KiB" : "holds no password in its first line"),
        "write the password alone into its first line");
  }
  return secret;
}

}  // namespace failback::cli
