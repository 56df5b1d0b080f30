// SPDX-License-Identifier: GPL-2.0-or-later
// The paths below /mock/, by which a test orders things while the server runs: docs/mock-orders.md lists
// them. Answers are JSON. Thread safe; no request makes it throw.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "mocks/call_counter.h"
#include "mocks/control_call.h"
#include "mocks/http_message.h"
#include "mocks/incidents.h"
#include "mocks/orders.h"
#include "mocks/soap_dispatch.h"
#include "mocks/world.h"

namespace failback::mock {

class Control {
 public:
  // What it works on; all of it must outlive it.
  struct Parts {
    World& world;
    SoapDispatcher& dispatcher;
    OrderBook& orders;
    Incidents& incidents;
    CallCounter& counter;
    std::function<void()> saveState;  // null: the server keeps none
  };
  explicit Control(Parts parts) : parts_(parts), calls_(parts.world, parts.dispatcher) {}

  // Only for who knows the password of the users (HTTP basic authentication). Replies once; later, when a
  // task is to be waited for.
  void handle(const HttpRequest& request, const Reply& reply);

 private:
  struct Asked {
    std::string method, path;  // "faults", "faults/order-1"
    std::string query, body;
  };

  bool mayAsk(const std::string& authorization);
  HttpResponse answer(const Asked& asked);
  HttpResponse faults(const Asked& asked);
  HttpResponse calls(const Asked& asked);
  HttpResponse sessions(const Asked& asked);
  HttpResponse restart(const Asked& asked);
  HttpResponse clock(const Asked& asked);
  HttpResponse state(const Asked& asked);
  HttpResponse tasks(const Asked& asked);
  HttpResponse changeTask(const Asked& asked);
  HttpResponse acts(const Asked& asked);

  Parts parts_;
  ControlCalls calls_;
};

// {"error": "..."}
HttpResponse controlError(int status, std::string_view text);
HttpResponse controlAnswer(int status, const Json& json);

}  // namespace failback::mock
