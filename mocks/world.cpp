// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/world.h"
#include "mocks/vm_methods.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <ctime>

namespace failback::mock {

namespace {

WorldSettings complete(WorldSettings settings) {
  if (!settings.clock) settings.clock = systemTime;
  return settings;
}

}  // namespace

Release releaseOf(std::string_view apiVersion) {
  int major = 0, minor = 0;
  const char* const end = apiVersion.data() + apiVersion.size();
  const auto [dot, error] = std::from_chars(apiVersion.data(), end, major);
  if (error != std::errc()) return Release::v80;  // an internal id such as "uA046D008": the newest
  if (dot != end) std::from_chars(dot + 1, end, minor);
  if (major < 6 || (major == 6 && minor <= 5)) return Release::v65;
  if (major == 6) return Release::v67;
  return major == 7 ? Release::v70 : Release::v80;
}

std::string systemTime() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now);
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now - seconds);
  std::tm parts{};
  const std::time_t whole = seconds.count();
  gmtime_r(&whole, &parts);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:06}Z", parts, micros.count());
}

World::World(Scheduler& scheduler, WorldSettings settings)
    : random(settings.seed),
      sessions(random, settings.sessionIdle, settings.sessionLimits),
      events(inventory, [this] { return now(); }),
      taskHistory(inventory),
      histories(inventory),
      tasks(
          inventory, scheduler, lock_, settings.tasks, [this] { return now(); }, events),
      files(inventory, [this] { return now(); }),
      authorization(inventory),
      scheduler_(scheduler),
      settings_(complete(std::move(settings))) {
  events.observe([this](const HistoryItem& event) { posted(event); });
  tasks.observe(
      [this](const Value& info) { histories.noticed("TaskHistoryCollector", taskHistory.note(info)); });
  tasks.observeHolding([this](const MoRef& entity) { refreshDisabledMethods(*this, entity); });
  sessions.observe([this](const Session& session, SessionEnd how) { sessionEnded(session, how); });
}

void World::posted(const HistoryItem& event) {
  const std::string manager = managerId("EventManager");
  if (inventory.find(manager)) inventory.set(manager, "latestEvent", event.item);
  histories.noticed("EventHistoryCollector", event);
}

void World::sessionEnded(const Session& session, SessionEnd how) {
  histories.sessionEnded(session.key);
  if (how == SessionEnd::terminated) {
    events.post("SessionTerminatedEvent", rootFolder(), {},
                {{"sessionId", session.key}, {"terminatedUsername", session.user->name}});
    return;
  }
  const Acting acting(events, {session.user->name, 0});
  events.post("UserLogoutSessionEvent", rootFolder(), {},
              {{"ipAddress", session.address},
               {"userAgent", session.userAgent},
               {"callCount", std::int64_t{session.callCount}},
               {"sessionId", session.key},
               {"loginTime", Value::dateTime(session.loginTime)}});
}

MoRef World::rootFolder() const {
  const MoRef* root = serviceContent.at("rootFolder").asRef();
  return root ? *root : MoRef{};
}

const User* World::findUser(std::string_view name) const {
  for (const auto& user : users) {
    if (samePrincipal(user->name, name)) return user.get();
  }
  return nullptr;
}

std::string World::managerId(std::string_view type) const {
  if (!serviceContent.isSet()) return {};
  for (const DataObject::Member& member : serviceContent.asObject()->members()) {
    const MoRef* ref = member.value.asRef();
    if (ref && ref->type == type) return ref->id;
  }
  return {};
}

}  // namespace failback::mock
