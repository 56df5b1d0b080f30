// SPDX-License-Identifier: GPL-2.0-or-later
// Does it pay to let the server compress its answers? On a local network it does not: packing and unpacking
// cost more time on both sides than the bytes they save. On a slow line it does: answers become a tenth.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

namespace failback::vsphere {

// Thread-safe. Begins without compression, and turns to it for good when large answers come slowly.
class GzipChoice {
 public:
  using Duration = std::chrono::steady_clock::duration;

  bool pays() const { return pays_.load(std::memory_order_relaxed); }
  // An answer has come whole: its bytes on the wire, and the time from its first byte to its last, without the
  // time that the receiver took.
  void note(std::uint64_t wireBytes, Duration time);

 private:
  std::atomic<bool> pays_{false};
};

}  // namespace failback::vsphere
