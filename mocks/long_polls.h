// SPDX-License-Identifier: GPL-2.0-or-later
// Calls that wait for a change (WaitForUpdatesEx): kept here, off any thread, and tried again after every
// commit of the inventory and at the end of their time.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "mocks/call.h"
#include "mocks/world.h"

namespace failback::mock {

class LongPolls {
 public:
  // Called once with the response and the type of the fault in it, on the scheduler's thread, without a lock.
  using Finish = std::function<void(HttpResponse, std::string)>;

  // Observes the world's inventory from now on.
  explicit LongPolls(World& world);

  void park(ParkedCall call, CallFormat format, Finish finish);

 private:
  struct Waiting {
    ParkedCall call;
    CallFormat format;
    Finish finish;
  };
  struct Finished {
    Finish finish;
    HttpResponse response;
    std::string fault;
  };

  void wake();  // under the world's lock
  void poll();
  void expire(std::uint64_t id);
  static bool tryOne(Waiting& waiting, bool expired, std::vector<Finished>& finished);

  World& world_;
  // Guarded by the world's lock.
  std::map<std::uint64_t, Waiting> waiting_;
  std::uint64_t nextId_ = 0;
  bool woken_ = false;
};

}  // namespace failback::mock
