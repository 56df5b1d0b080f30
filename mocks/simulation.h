// SPDX-License-Identifier: GPL-2.0-or-later
// A whole simulated server in memory: world, clock and request handler, in the order in which they must live
// and end. Tests use it without a socket.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "mocks/request_handler.h"
#include "mocks/scenario.h"
#include "mocks/scheduler.h"
#include "mocks/world.h"

namespace failback::mock {

class Simulation {
 public:
  // Throws ScenarioError, or std::runtime_error when a record directory or call log cannot be made.
  Simulation(const std::shared_ptr<const ScenarioSpec>& scenario, const std::string& password,
             WorldSettings settings, const HandlerOptions& options,
             Scheduler::Clock clock = Scheduler::Clock::real);
  Simulation(const ScenarioSpec& scenario, const std::string& password, WorldSettings settings,
             const HandlerOptions& options, Scheduler::Clock clock = Scheduler::Clock::real)
      : Simulation(std::make_shared<const ScenarioSpec>(scenario), password, std::move(settings), options,
                   clock) {}
  // One that goes on from a saved world (world_state.h), which `builtAt` belongs to. Throws JsonError, too.
  Simulation(const std::shared_ptr<const ScenarioSpec>& scenario, const std::string& password,
             WorldSettings settings, const HandlerOptions& options, const std::string& builtAt,
             const Json& saved, Scheduler::Clock clock = Scheduler::Clock::real);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  World& world() { return world_; }
  Scheduler& scheduler() { return scheduler_; }
  void handle(HttpRequest request, Reply reply) { handler_.handle(std::move(request), std::move(reply)); }

 private:
  Scheduler scheduler_;
  World world_;
  RequestHandler handler_;
};

// The API version that a server of a product version speaks: "8.0.3" -> "8.0.3.0", "6.7.0" -> "6.7".
std::string apiVersionOf(const std::string& productVersion);

}  // namespace failback::mock
