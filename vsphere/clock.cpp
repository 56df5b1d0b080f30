// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/clock.h"

#include <condition_variable>
#include <mutex>
#include <random>

namespace failback::vsphere {
namespace {

class SystemClock final : public Clock {
 public:
  SteadyTime now() const override { return std::chrono::steady_clock::now(); }
  WallTime wallNow() const override { return std::chrono::system_clock::now(); }

  bool sleepUntil(SteadyTime until, const std::stop_token& stop) const override {
    std::mutex mutex;
    std::condition_variable_any woken;
    std::unique_lock lock(mutex);
    // Nothing but the stop token ends the wait early; wait_until returns at `until` or at the stop.
    woken.wait_until(lock, stop, until, [] { return false; });
    return now() >= until;
  }
};

class MersenneRandom final : public Random {
 public:
  explicit MersenneRandom(std::uint64_t seed) : engine_(seed) {}

  std::uint64_t next() override {
    const std::lock_guard lock(mutex_);
    return engine_();
  }

 private:
  std::mutex mutex_;
  std::mt19937_64 engine_;
};

std::uint64_t seedFromSystem() {
  std::random_device device;
  return (static_cast<std::uint64_t>(device()) << 32) | device();
}

}  // namespace

SteadyTime after(SteadyTime from, Milliseconds duration) {
  const auto left = std::chrono::duration_cast<Milliseconds>(SteadyTime::max() - from);
  return duration >= left ? SteadyTime::max() : from + duration;
}

const Clock& systemClock() {
  // Never destroyed: threads may still sleep on it while the process ends.
  static const SystemClock* const clock = new SystemClock;
  return *clock;
}

Random& systemRandom() {
  static MersenneRandom* const random = new MersenneRandom(seedFromSystem());
  return *random;
}

std::unique_ptr<Random> seededRandom(std::uint64_t seed) {
  return std::make_unique<MersenneRandom>(seed);
}

}  // namespace failback::vsphere
