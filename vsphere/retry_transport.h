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
// Between attempts it waits: firstDelay, doubled each time up to maxDelay, of which a random half is left
// out, or what Retry-After asks for. A wait that would outlast the context's deadline, or a Retry-After above
// maxRetryAfter, is not begun: the last failure or answer stands.
//
// With `patience`, a server that has taken a login and then goes away (no connection, lost, silent, 502, 503,
// 504: a restart, a pause) is asked again for so long, however many attempts that takes. One that has not is
// not waited for: whoever mistyped an address wants to know at once.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "vsphere/clock.h"
#include "vsphere/transport.h"

namespace failback::vsphere {

struct RetryOptions {
  unsigned attempts = 4;  // in all; 1: never again
  Milliseconds firstDelay{250};
  Milliseconds maxDelay{8'000};
  Milliseconds maxRetryAfter{60'000};
  Milliseconds patience{0};
};

// Thread-safe. `random` must outlive it.
class RetryTransport final : public Transport {
 public:
  RetryTransport(std::shared_ptr<Transport> below, Random& random, RetryOptions options = {});

  // The last attempt's failure or answer; a failure's text says how many attempts there were. A failure that
  // is still transient() was not tried again because the request may not be, not because all was in vain.
  Response send(const Request& request, const Context& context) override;

 private:
  // What one send() has met so far.
  struct Course {
    unsigned attempt = 1;
    unsigned stalls = 0;
    bool delivered = false;
    std::optional<SteadyTime> away;  // since when
  };

  // Sending it again could do harm.
  static bool isForbidden(const TransportFailure& failure, const Request& request, const Course& course);
  bool mayRepeat(const TransportFailure& failure, const Request& request, Course& course,
                 const Context& context) const;
  // True while a server that was there before is still worth waiting for.
  bool isPatient(const Course& course, const Context& context) const;
  // Sleeps before the next attempt; false when that attempt must not or cannot be made any more.
  bool pause(const Course& course, Milliseconds atLeast, const Request& request,
             const Context& context) const;

  std::shared_ptr<Transport> below_;
  Random& random_;
  RetryOptions options_;
  std::atomic<bool> known_{false};  // the server has taken a login
};

// The wait that a Retry-After header asks for: seconds, or an HTTP date compared with `now`. Zero when it is
// absent, past or unreadable.
Milliseconds retryAfter(std::string_view header, WallTime now);

}  // namespace failback::vsphere
