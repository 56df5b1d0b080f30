// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/process_lock.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <functional>
#include <system_error>
#include <thread>

#include "vsphere/error.h"

namespace failback::provisioning {
namespace {

// Who has just locked it may not have written its note yet.
std::string holderOf(int file) {
  std::array<char, 512> text{};
  constexpr int attempts = 20;
  constexpr std::chrono::milliseconds pause{25};
  for (int i = 0; i < attempts; ++i) {
    const ssize_t count = ::pread(file, text.data(), text.size(), 0);
    if (count > 0) return std::string(text.data(), static_cast<std::size_t>(count));
    std::this_thread::sleep_for(pause);
  }
  return "another process";
}

void note(int file, const std::string& who) {
  // Who waits only reads it to tell; a note that is cut short does no harm.
  if (::ftruncate(file, 0) != 0) return;
  [[maybe_unused]] const ssize_t written = ::pwrite(file, who.data(), who.size(), 0);
}

}  // namespace

ProcessLock::ProcessLock(const std::string& directory, std::vector<std::string> names,
                         const std::string& who) {
  // The plan before its master targets: who has the same plan is told so.
  std::sort(names.begin(), names.end(), std::greater<>());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  const std::filesystem::path place = std::filesystem::path(directory) / "locks";
  std::error_code error;
  // As the store's own: nobody else's business.
  if (std::filesystem::create_directories(directory, error))
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  std::filesystem::create_directories(place, error);
  files_.reserve(names.size());
  for (const std::string& name : names) {
    const std::string path = (place / (name + ".lock")).string();
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) {
      const std::string why = std::generic_category().message(errno);
      release();
      vsphere::fail(vsphere::Category::internal, fmt::format("{} can't be opened: {}", path, why),
                    "look at the directory's owner and permissions, or name another with --state");
    }
    files_.push_back(file);
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) {
      note(file, who);
      continue;
    }
    const std::string holder = holderOf(file);
    release();
    const bool plan = name.starts_with("plan-");
    vsphere::fail(
        vsphere::Category::busy,
        fmt::format("{} is being worked on by {}", plan ? "this plan" : "the master target", holder),
        "wait for it to end, then call again");
  }
}

ProcessLock::~ProcessLock() {
  release();
}

void ProcessLock::release() noexcept {
  for (const int file : files_) ::close(file);
  files_.clear();
}

}  // namespace failback::provisioning
