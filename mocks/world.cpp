// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/world.h"

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
      tasks(inventory, scheduler, lock_, settings.tasks, [this] { return now(); }),
      files(inventory, [this] { return now(); }),
      events(inventory, [this] { return now(); }),
      authorization(inventory),
      scheduler_(scheduler),
      settings_(complete(std::move(settings))) {}

const User* World::findUser(std::string_view name) const {
  for (const auto& user : users) {
    if (samePrincipal(user->name, name)) return user.get();
  }
  return nullptr;
}

std::string World::managerId(std::string_view type) const {
  for (const DataObject::Member& member : serviceContent.asObject()->members()) {
    const MoRef* ref = member.value.asRef();
    if (ref && ref->type == type) return ref->id;
  }
  return {};
}

}  // namespace failback::mock
