// SPDX-License-Identifier: GPL-2.0-or-later
// A Context travels with every operation that may wait: its deadline, its stop token and its operation id.
#pragma once

#include <stop_token>
#include <string>

#include "vsphere/clock.h"

namespace failback::vsphere {

// A value, cheap to copy; safe to hand to several threads. The clock must outlive it.
class Context {
 public:
  // No deadline: only for tests and for a caller that sets one with withTimeout at once.
  explicit Context(const Clock& clock = systemClock()) : clock_(&clock) {}

  // A copy whose deadline is `timeout` from now, unless its own is earlier.
  Context withTimeout(Milliseconds timeout) const;
  // A copy whose deadline is `deadline`, unless its own is earlier.
  Context withDeadline(SteadyTime deadline) const;
  Context withStop(std::stop_token stop) const;
  // The id sent as operationID with each call, and written to logs and to the server's own (opId).
  Context withOperationId(std::string id) const;

  const Clock& clock() const { return *clock_; }
  SteadyTime deadline() const { return deadline_; }
  const std::stop_token& stop() const { return stop_; }
  const std::string& operationId() const { return operationId_; }

  bool hasDeadline() const { return deadline_ != SteadyTime::max(); }
  // Never negative; Milliseconds::max() without a deadline.
  Milliseconds remaining() const;
  // Throws Failure (interrupted or deadline) when the operation must not go on; `what` says what was awaited.
  void check(const std::string& what) const;
  // Sleeps `duration`; throws as check() when the deadline comes first or a stop is requested.
  void sleep(Milliseconds duration, const std::string& what) const;

 private:
  const Clock* clock_;
  SteadyTime deadline_ = SteadyTime::max();
  // The timeout that `deadline_` came from, for messages; zero when it was given as a point in time.
  Milliseconds timeout_{0};
  std::stop_token stop_;
  std::string operationId_;
};

}  // namespace failback::vsphere
