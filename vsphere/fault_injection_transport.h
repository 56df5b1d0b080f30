// SPDX-License-Identifier: GPL-2.0-or-later
// Misbehaves on order: the n-th call, of all or of a method, fails in a given way. For tests; deterministic.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "vsphere/transport.h"

namespace failback::vsphere {

struct InjectedFault {
  enum class Kind {
    failBeforeSend,  // no connection: the call does not happen
    failAfterSend,   // the call happens, and its answer is lost
    cutAnswer,       // the call happens, and the connection is lost `cutAt` bytes into the answer
    truncateAnswer,  // the call happens, and its answer ends after `cutAt` bytes as if that were all
    answer,          // the call does not happen; `response` is the answer
  };
  Kind kind = Kind::failBeforeSend;
  std::string method;  // empty: any
  unsigned nth = 1;    // the first call that it hits, counted from 1 over those of `method`
  unsigned times = 1;  // how many in a row; 0: all from then on
  std::size_t cutAt = 0;
  Response response;

  static InjectedFault beforeSend(std::string method, unsigned nth = 1);
  static InjectedFault afterSend(std::string method, unsigned nth = 1);
  // HTTP 503; `retryAfter` empty: without that header.
  static InjectedFault busy(std::string method, unsigned nth = 1, std::string retryAfter = {});
  // HTTP 500 with a vim fault of that type.
  static InjectedFault fault(std::string method, std::string type, unsigned nth = 1);
};

// Thread-safe; which of several threads' calls is the n-th is theirs to settle. Where several faults hit one
// call the first in the script counts.
class FaultInjectionTransport final : public Transport {
 public:
  FaultInjectionTransport(std::shared_ptr<Transport> below, std::vector<InjectedFault> script);

  Response send(const Request& request, const Context& context) override;
  // Adds to the script; calls are counted from the start, not from here.
  void add(InjectedFault fault);
  // Calls seen so far, by method.
  unsigned calls(const std::string& method) const;

 private:
  std::shared_ptr<Transport> below_;
  mutable std::mutex mutex_;
  std::vector<InjectedFault> script_;
  std::map<std::string, unsigned> calls_;
  unsigned allCalls_ = 0;
};

}  // namespace failback::vsphere
