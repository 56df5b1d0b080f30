// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/gzip_choice.h"

namespace failback::vsphere {
namespace {

// A smaller answer's time is that of its first packets, whatever the line.
constexpr std::uint64_t kTelling = 128 * 1024;
// Of one of several connections. Servers pack some 50 MB in a second, to a tenth.
constexpr double kSlowBytesPerSecond = 4e6;

}  // namespace

void GzipChoice::note(std::uint64_t wireBytes, Duration time) {
  if (wireBytes < kTelling) return;
  const double seconds = std::chrono::duration<double>(time).count();
  if (static_cast<double>(wireBytes) < kSlowBytesPerSecond * seconds)
    pays_.store(true, std::memory_order_relaxed);
}

}  // namespace failback::vsphere
