// SPDX-License-Identifier: GPL-2.0-or-later
// What befalls a whole server: sessions that are lost, a restart, a clock that is wrong. Thread safe; takes
// the World's lock itself.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "mocks/world.h"

namespace failback::mock {

class Incidents {
 public:
  explicit Incidents(World& world) : world_(world) {}

  // Ends the sessions of the users that the glob matches, and with them their views, filters and collectors.
  // Calls of theirs that wait end with NotAuthenticated. Gives how many there were.
  std::size_t killSessions(std::string_view userGlob);

  // As if vpxd had been restarted: all sessions and Task objects are gone, calls under way get no answer, and
  // for `down` every call is answered 503. The inventory stays, and what tasks do at the hosts goes on.
  void restart(std::chrono::milliseconds down);
  bool down() const;
  // How many restarts there were.
  std::uint64_t restarts() const { return restarts_; }

  // Everything that the server says of the time is wrong by this.
  std::chrono::milliseconds clockSkew() const;
  void setClockSkew(std::chrono::milliseconds skew);
  void moveClock(std::chrono::milliseconds by) { setClockSkew(clockSkew() + by); }

 private:
  World& world_;
  std::atomic<std::uint64_t> restarts_{0};
  std::atomic<std::int64_t> upAgain_{0};  // on the scheduler's clock, in milliseconds
};

}  // namespace failback::mock
