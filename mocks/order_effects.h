// SPDX-License-Identifier: GPL-2.0-or-later
// Orders put into effect on calls: what happens before one is carried out, and what becomes of its answer.
// Thread safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mocks/call.h"
#include "mocks/incidents.h"
#include "mocks/orders.h"
#include "mocks/world.h"

namespace failback::mock {

// The operation id of calls that /mock/call makes: no order is for them.
constexpr std::string_view controlOperation = "mock-control";

class OrderEffects {
 public:
  // Decides of tasks from now on: it must live as long as tasks are started.
  OrderEffects(World& world, OrderBook& book, Incidents& incidents);

  struct Decided {
    std::string order;
    CallEffect effect;
  };
  // Judges a request that has come, with its cookie. Incidents that are ordered have happened afterwards.
  std::optional<Decided> decide(std::string_view body, CallContext& context);

  // Is the call to be carried out?
  static bool carriesOut(const CallEffect& effect);
  // What is answered instead, or what becomes of the answer.
  static void apply(const CallEffect& effect, CallContext& context, HttpResponse& response);
  // Why an answer is none that could be judged by the schema; empty when it could.
  static std::string_view brokenBy(const CallEffect& effect);

 private:
  std::string userOf(std::string_view cookie);

  World& world_;
  OrderBook& book_;
  Incidents& incidents_;
};

}  // namespace failback::mock
