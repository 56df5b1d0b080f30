// SPDX-License-Identifier: GPL-2.0-or-later
// Time and randomness as the client sees them: seams, so that tests run waits and back-offs without waiting.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>

namespace failback::vsphere {

using Milliseconds = std::chrono::milliseconds;
using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::system_clock::time_point;

// The point `duration` after `from`; SteadyTime::max() where that would overflow ("practically forever").
SteadyTime after(SteadyTime from, Milliseconds duration);

// Tells the time and sleeps. Implementations are safe to use from several threads.
class Clock {
 public:
  virtual ~Clock() = default;
  // Monotonic; deadlines are counted on it.
  virtual SteadyTime now() const = 0;
  // The time of day in UTC, for logs and for comparing with the server's.
  virtual WallTime wallNow() const = 0;
  // Sleeps until `until` or until `stop` is requested; true when the time was reached.
  virtual bool sleepUntil(SteadyTime until, const std::stop_token& stop) const = 0;
};

// Uniform 64-bit numbers for jitter and operation ids; not for secrets. Thread-safe.
class Random {
 public:
  virtual ~Random() = default;
  virtual std::uint64_t next() = 0;
};

// The machine's own clock; lives for the whole process.
const Clock& systemClock();
// Seeded from the operating system; lives for the whole process.
Random& systemRandom();
// A repeatable sequence for tests and simulations.
std::unique_ptr<Random> seededRandom(std::uint64_t seed);

}  // namespace failback::vsphere
