// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "vsphere/error.h"

namespace failback::cli {
namespace {

constexpr std::size_t enough = 64 * 1024;

std::string reason(int error) {
  return std::generic_category().message(error);
}

}  // namespace

void FdOutput::write(std::string_view text) {
  if (pending_.size() + text.size() < enough) {
    pending_ += text;
    return;
  }
  flush();
  send(text);
}

bool FdOutput::readerHasGone() const {
  pollfd pipe{fd_, 0, 0};
  return ::poll(&pipe, 1, 0) == 1 && (pipe.revents & POLLERR) != 0;
}

void FdOutput::flush() {
  // What can't be written is not tried again.
  const std::string text = std::move(pending_);
  pending_.clear();
  send(text);
}

void FdOutput::send(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd_, text.data(), text.size());
    if (written >= 0) {
      text.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    if (errno == EINTR) continue;
    if (errno == EAGAIN) {  // somebody has made our terminal non-blocking
      pollfd waiting{fd_, POLLOUT, 0};
      ::poll(&waiting, 1, 1000);
      continue;
    }
    if (errno == EPIPE) throw OutputClosed();
    vsphere::fail(vsphere::Category::internal, fmt::format("cannot write to {}: {}", name_, reason(errno)),
                  "make room, or write elsewhere");
  }
}

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)) {
  struct stat status {};
  const bool exists = ::stat(path_.c_str(), &status) == 0;
  if (exists && S_ISDIR(status.st_mode)) {
    vsphere::fail(vsphere::Category::usage, fmt::format("--out {} is a directory", path_),
                  "name a file in it");
  }
  if (exists && !S_ISREG(status.st_mode)) {
    // A pipe or a device (/dev/stdout, /dev/null) is written to; replacing it would be a disaster.
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    // Where a link points to, that file is replaced, not the link.
    std::error_code ignored;
    if (std::filesystem::is_symlink(path_, ignored)) {
      const auto target = std::filesystem::weakly_canonical(path_, ignored);
      if (!ignored) path_ = target.string();
    }
    temporary_ = path_ + ".XXXXXX";
    fd_ = ::mkostemp(temporary_.data(), O_CLOEXEC);
  }
  if (fd_ < 0) {
    const int error = errno;
    temporary_.clear();
    vsphere::fail(vsphere::Category::usage, fmt::format("cannot write {}: {}", path_, reason(error)),
                  "name a file in a directory that exists and that you may write");
  }
  file_ = std::make_unique<FdOutput>(fd_, path_);
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!temporary_.empty()) ::unlink(temporary_.c_str());
}

void AtomicFile::commit() {
  file_->flush();
  const bool safe = temporary_.empty() || ::fsync(fd_) == 0;
  const int syncError = errno;
  const bool closed = ::close(fd_) == 0;
  fd_ = -1;
  if (!safe || !closed) {
    vsphere::fail(vsphere::Category::internal,
                  fmt::format("cannot write {}: {}", path_, reason(safe ? errno : syncError)), "make room");
  }
  if (temporary_.empty()) return;
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    vsphere::fail(vsphere::Category::internal, fmt::format("cannot replace {}: {}", path_, reason(errno)),
                  "look at the directory's permissions");
  }
  temporary_.clear();
}

}  // namespace failback::cli
