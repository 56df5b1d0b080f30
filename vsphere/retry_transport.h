// SPDX-License-Identifier: GPL-2.0-or-later
// Sends again what failed for a passing reason, as far as that can do no harm.
//
//   the request was never sent (no connection)    any request
//   connection lost, answer cut off               safe, sessionBound
//   a stall (deadline without a byte)             safe, sessionBound, and once only
//   HTTP 429, 502, 503, 504                       safe, sessionBound
//   anything else (trust, malformed answers, transfer deadline, faults, the context's end)   none
//
// A 503 is not repeated for cursor and never: a proxy may say it that had handed the request on. Once a piece
// of the answer has been delivered to Request::onBody, only a request with Request::onRestart is repeated.
// Between attempts it waits:
// firstDelay, doubled each time up to maxDelay, of which a random half is left out, or what Retry-After asks
// for. A wait that would outlast the context's deadline, or a Retry-After above maxRetryAfter, is not begun:
// the last failure or answer stands.
#pragma once

#include <memory>

#include "vsphere/clock.h"
#include "vsphere/transport.h"

namespace failback::vsphere {

struct RetryOptions {
  unsigned attempts = 4;  // in all; 1: never again
  Milliseconds firstDelay{250};
  Milliseconds maxDelay{8'000};
  Milliseconds maxRetryAfter{60'000};
};

// Thread-safe. `random` must outlive it.
class RetryTransport final : public Transport {
 public:
  RetryTransport(std::shared_ptr<Transport> below, Random& random, RetryOptions options = {});

  // The last attempt's failure or answer; a failure's text says how many attempts there were.
  Response send(const Request& request, const Context& context) override;

 private:
  // Sleeps before attempt number `next`; false when that attempt must not or cannot be made any more.
  bool pause(unsigned next, Milliseconds atLeast, const Request& request, const Context& context) const;

  std::shared_ptr<Transport> below_;
  Random& random_;
  RetryOptions options_;
};

// The wait that a Retry-After header asks for: seconds, or an HTTP date compared with `now`. Zero when it is
// absent, past or unreadable.
Milliseconds retryAfter(std::string_view header, WallTime now);

}  // namespace failback::vsphere
