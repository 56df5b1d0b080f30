// SPDX-License-Identifier: GPL-2.0-or-later
// Everything about one call that is not its parameters: who, how, and what became of it.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/envelope.h"
#include "mocks/http_message.h"

namespace failback::mock {

// A call that waits for something to happen: tried again after each change of the inventory and at its end.
struct ParkedCall {
  // Gives the answer, or nothing to go on waiting; `expired` says that it may not wait any longer. May throw
  // a Fault. Runs under the World's lock.
  std::function<std::optional<Answer>(bool expired)> attempt;
  std::chrono::milliseconds longest{0};
};

struct CallContext {
  CallFormat format;
  std::string operationId;
  std::string cookie;  // that the client sent
  std::string address, userAgent;

  // Outcome
  std::string object;  // id that the method was called on
  std::string user, sessionKey;
  std::string fault;  // type, empty when none
  std::string order;  // id of the order that decided it, empty when none
  HttpResponse response;
  std::optional<ParkedCall> parked;  // instead of a response
  std::string setCookie;             // new session cookie, empty when none
};

}  // namespace failback::mock
