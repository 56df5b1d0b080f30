// SPDX-License-Identifier: GPL-2.0-or-later
// What somebody does behind a tool's back, by POST /mock/call: any method of the API on any object, with its
// arguments as JSON, carried out as an administrator by way of SOAP as if a client had sent it. Orders are
// not for these calls, and they are not counted. Thread safe.
#pragma once

#include <chrono>
#include <string>

#include "mocks/call.h"
#include "mocks/http_message.h"
#include "mocks/json_value.h"
#include "mocks/soap_dispatch.h"
#include "mocks/world.h"

namespace failback::mock {

class ControlCalls {
 public:
  ControlCalls(World& world, SoapDispatcher& dispatcher) : world_(world), dispatcher_(dispatcher) {}

  // {"method": "PowerOnVM_Task", "object": "web-01", "arguments": {...}, "wait": "60s"}. Replies with
  // {"result": ...} or {"fault": {...}}, of a task with those of its end and {"task": "Task:task-1"}. A task
  // that hasn't ended after `wait` has neither. Throws JsonError for what is no such request.
  void run(const Json& request, const Reply& reply);

 private:
  struct Wanted;

  Wanted read(const Json& request);
  std::string envelopeOf(const Wanted& wanted);
  HttpResponse dispatched(const std::string& envelope);
  void await(const std::string& taskId, std::chrono::milliseconds deadline, const Reply& reply);

  World& world_;
  SoapDispatcher& dispatcher_;
};

}  // namespace failback::mock
