// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/incidents.h"

#include "mocks/orders.h"

namespace failback::mock {

std::size_t Incidents::killSessions(std::string_view userGlob) {
  const std::lock_guard lock(world_.lock());
  std::size_t killed = 0;
  for (const auto& session : world_.sessions.all()) {
    if (matchesGlob(userGlob, session->user->name) && world_.sessions.closeByKey(session->key)) ++killed;
  }
  world_.inventory.touch();  // ends the waits of the sessions
  world_.inventory.commit();
  return killed;
}

void Incidents::restart(std::chrono::milliseconds down) {
  ++restarts_;
  upAgain_ = (world_.scheduler().now() + down).count();
  killSessions("*");
  const std::lock_guard lock(world_.lock());
  world_.tasks.loseAll();
  world_.inventory.commit();
}

bool Incidents::down() const {
  return world_.scheduler().now().count() < upAgain_;
}

std::chrono::milliseconds Incidents::clockSkew() const {
  return std::chrono::milliseconds(world_.clockSkew.load());
}

void Incidents::setClockSkew(std::chrono::milliseconds skew) {
  world_.clockSkew = skew.count();
}

}  // namespace failback::mock
