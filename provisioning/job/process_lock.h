// SPDX-License-Identifier: GPL-2.0-or-later
// One process at a time works on a plan, and on a master target: file locks in the store's directory, which
// the kernel takes back when a process dies, however it dies.
#pragma once

#include <string>
#include <vector>

namespace failback::provisioning {

class ProcessLock {
 public:
  // Locks all names ("plan-<id>", "mt-<uuid>"), in one order for all. Throws Failure(busy) that says who
  // holds one ("process 4711 on host, reprotect of plan ..., since ..."); `who` is what others are told then.
  ProcessLock(const std::string& directory, std::vector<std::string> names, const std::string& who);
  ~ProcessLock();
  ProcessLock(const ProcessLock&) = delete;
  ProcessLock& operator=(const ProcessLock&) = delete;

 private:
  void release() noexcept;
  std::vector<int> files_;
};

}  // namespace failback::provisioning
