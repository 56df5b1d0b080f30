// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/simulation.h"

#include <algorithm>

#include "mocks/world_builder.h"
#include "mocks/world_state.h"

namespace failback::mock {

Simulation::Simulation(const std::shared_ptr<const ScenarioSpec>& scenario, const std::string& password,
                       WorldSettings settings, const HandlerOptions& options, Scheduler::Clock clock)
    : scheduler_(clock), world_(scheduler_, std::move(settings)), handler_(world_, options) {
  buildWorld(world_, scenario, password);
}

Simulation::Simulation(const std::shared_ptr<const ScenarioSpec>& scenario, const std::string& password,
                       WorldSettings settings, const HandlerOptions& options, const std::string& builtAt,
                       const Json& saved, Scheduler::Clock clock)
    : scheduler_(clock), world_(scheduler_, std::move(settings)), handler_(world_, options) {
  world_.builtAt = builtAt;
  buildWorld(world_, scenario, password);
  const std::lock_guard lock(world_.lock());
  restoreWorld(world_, saved);
}

Simulation::~Simulation() {
  scheduler_.stop();
}

std::string apiVersionOf(const std::string& productVersion) {
  std::string version = productVersion;
  if (version.starts_with("6.")) {
    // "6.7.0" is "6.7", "6.7.3" stays.
    if (version.ends_with(".0") && std::count(version.begin(), version.end(), '.') == 2)
      version.resize(version.size() - 2);
    return version;
  }
  while (std::count(version.begin(), version.end(), '.') < 3) version += ".0";
  return version;
}

}  // namespace failback::mock
