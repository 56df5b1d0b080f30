// SPDX-License-Identifier: GPL-2.0-or-later
// Sessions: who is logged in, with what cookie, and the objects that live and die with a session (views,
// collectors, filters). Not thread safe: the World's lock guards it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/collector.h"
#include "mocks/random_source.h"
#include "mocks/value.h"
#include "mocks/view.h"

namespace failback::mock {

struct User {
  std::string name;      // "administrator@vsphere.local"
  std::string fullName;  // "administrator vsphere.local"
  std::vector<std::string> groups;
  std::string password;  // empty: the one of all users
};

struct Session {
  std::string key;     // "52b5c3d6-..."
  std::string cookie;  // 40 hexadecimal digits; not the key
  const User* user = nullptr;
  std::string locale = "en";
  std::string loginTime, lastActiveTime;    // RFC 3339
  std::chrono::milliseconds lastActive{0};  // on the scheduler's clock
  std::string address, userAgent;
  std::int32_t callCount = 0;

  std::map<std::string, View, std::less<>> views;
  // "propertyCollector" is there from the start, others by CreatePropertyCollector.
  std::map<std::string, std::shared_ptr<Collector>, std::less<>> collectors;

  // UserSession. 6.5 and later have all its members.
  Value describe() const;
};

// How many sessions there may be, as a vCenter has it when nobody configured it.
struct SessionLimits {
  std::size_t perUser = 550;
  std::size_t all = 2000;
};

// There are too many already. A real vCenter answers HTTP 503, and no fault.
class SessionLimitReached : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};
enum class SessionEnd { loggedOut, expired, terminated };

// Opens, finds and ends sessions.
class SessionStore {
 public:
  SessionStore(RandomSource& random, std::chrono::milliseconds idleLimit, SessionLimits limits = {})
      : random_(random), idleLimit_(idleLimit), limits_(limits) {}

  // The collector that every session has from the start.
  void setDefaultCollector(MoRef ref) { collector_ = std::move(ref); }

  std::string newCookie();
  // The session of a cookie, null when there is none or it has expired by `now`.
  std::shared_ptr<Session> find(std::string_view cookie, std::chrono::milliseconds now);
  // Throws SessionLimitReached when there is no room for one more.
  void checkRoom(const User& user, std::chrono::milliseconds now);
  std::shared_ptr<Session> open(const User& user, std::string cookie, std::chrono::milliseconds now);
  // For opening another session of the same user (CloneSession), once and within half a minute.
  std::string newCloneTicket(const Session& session, std::chrono::milliseconds now);
  // The user of a ticket, which is then used up; null when there is no such ticket any more.
  const User* redeem(const std::string& ticket, std::chrono::milliseconds now);
  void close(std::string_view cookie);
  // True when there was one.
  bool closeByKey(std::string_view key);
  std::vector<std::shared_ptr<Session>> all() const;
  void expire(std::chrono::milliseconds now);
  // Told of every session that has ended, once it is no longer there.
  void observe(std::function<void(const Session&, SessionEnd)> onEnd) { onEnd_ = std::move(onEnd); }

 private:
  // Ends those that a condition holds for; how many there were.
  std::size_t endIf(SessionEnd how, const std::function<bool(const Session&)>& condition);

  std::function<void(const Session&, SessionEnd)> onEnd_;
  RandomSource& random_;
  std::chrono::milliseconds idleLimit_;
  SessionLimits limits_;
  MoRef collector_{"PropertyCollector", "propertyCollector"};
  std::map<std::string, std::shared_ptr<Session>, std::less<>> byCookie_;
  struct CloneTicket {
    const User* user;
    std::chrono::milliseconds until;
  };
  std::map<std::string, CloneTicket> cloneTickets_;
};

// The value of the session cookie in a Cookie header, without its quotes; empty when there is none.
std::string sessionCookieIn(std::string_view header);

}  // namespace failback::mock
