// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/session.h"

#include <algorithm>
#include <tuple>

namespace failback::mock {

Value Session::describe() const {
  return object("UserSession", {{"key", key},
                                {"userName", user->name},
                                {"fullName", user->fullName},
                                {"loginTime", Value::dateTime(loginTime)},
                                {"lastActiveTime", Value::dateTime(lastActiveTime)},
                                {"locale", locale},
                                {"messageLocale", "en"},
                                {"extensionSession", false},
                                {"ipAddress", address},
                                {"userAgent", userAgent},
                                {"callCount", callCount}});
}

std::string SessionStore::newCookie() {
  return random_.hex(40);
}

std::shared_ptr<Session> SessionStore::find(std::string_view cookie, std::chrono::milliseconds now) {
  expire(now);
  const auto found = byCookie_.find(cookie);
  return found == byCookie_.end() ? nullptr : found->second;
}

void SessionStore::checkRoom(const User& user, std::chrono::milliseconds now) {
  expire(now);
  if (byCookie_.size() >= limits_.all)
    throw SessionLimitReached("Out of HTTP sessions: Limited to " + std::to_string(limits_.all));
  const auto own = std::count_if(byCookie_.begin(), byCookie_.end(),
                                 [&](const auto& each) { return each.second->user == &user; });
  if (static_cast<std::size_t>(own) >= limits_.perUser) {
    throw SessionLimitReached("User session count is limited to " + std::to_string(limits_.perUser) +
                              ". Existing session count is " + std::to_string(own) + " for user " +
                              user.name);
  }
}

std::shared_ptr<Session> SessionStore::open(const User& user, std::string cookie,
                                            std::chrono::milliseconds now) {
  auto session = std::make_shared<Session>();
  session->key = random_.uuid();
  session->cookie = cookie;
  session->user = &user;
  session->lastActive = now;
  session->collectors.emplace(collector_.id, std::make_shared<Collector>(collector_));
  byCookie_.insert_or_assign(std::move(cookie), session);
  return session;
}

std::string SessionStore::newCloneTicket(const Session& session, std::chrono::milliseconds now) {
  constexpr std::chrono::seconds lifetime(30);
  std::erase_if(cloneTickets_, [&](const auto& each) { return each.second.until < now; });
  std::string ticket = "cst-VCT-" + random_.uuid() + "--tp-" + random_.hex(40);
  cloneTickets_[ticket] = {session.user, now + lifetime};
  return ticket;
}

const User* SessionStore::redeem(const std::string& ticket, std::chrono::milliseconds now) {
  const auto found = cloneTickets_.find(ticket);
  if (found == cloneTickets_.end()) return nullptr;
  const CloneTicket used = found->second;
  cloneTickets_.erase(found);
  return used.until < now ? nullptr : used.user;
}

void SessionStore::close(std::string_view cookie) {
  endIf(SessionEnd::loggedOut, [&](const Session& each) { return each.cookie == cookie; });
}

std::size_t SessionStore::endIf(SessionEnd how, const std::function<bool(const Session&)>& condition) {
  std::vector<std::shared_ptr<Session>> ended;
  std::erase_if(byCookie_, [&](const auto& each) {
    if (!condition(*each.second)) return false;
    ended.push_back(each.second);
    return true;
  });
  for (const auto& session : ended) {
    if (onEnd_) onEnd_(*session, how);
  }
  return ended.size();
}

bool SessionStore::closeByKey(std::string_view key) {
  return endIf(SessionEnd::terminated, [&](const Session& each) { return each.key == key; }) > 0;
}

std::vector<std::shared_ptr<Session>> SessionStore::all() const {
  std::vector<std::shared_ptr<Session>> sessions;
  sessions.reserve(byCookie_.size());
  for (const auto& [cookie, session] : byCookie_) sessions.push_back(session);
  std::sort(sessions.begin(), sessions.end(), [](const auto& a, const auto& b) {
    return std::tie(a->loginTime, a->key) < std::tie(b->loginTime, b->key);
  });
  return sessions;
}

void SessionStore::expire(std::chrono::milliseconds now) {
  endIf(SessionEnd::expired, [&](const Session& each) { return each.lastActive + idleLimit_ < now; });
}

std::string sessionCookieIn(std::string_view header) {
  constexpr std::string_view name = "vmware_soap_session=";
  const auto start = header.find(name);
  if (start == std::string_view::npos) return {};
  std::string_view value = header.substr(start + name.size());
  value = value.substr(0, value.find(';'));
  while (!value.empty() && (value.front() == '"' || value.front() == ' ')) value.remove_prefix(1);
  while (!value.empty() && (value.back() == '"' || value.back() == ' ')) value.remove_suffix(1);
  return std::string(value);
}

}  // namespace failback::mock
