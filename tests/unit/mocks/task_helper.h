// SPDX-License-Identifier: GPL-2.0-or-later
// Calls that make tasks, run to their end on a clock that only moves when told.
#pragma once

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <string>
#include <vector>

#include "tests/unit/mocks/soap_client.h"

namespace failback::mock::testing {

struct TaskFixture : Fixture {
  using Fixture::Fixture;

  // What TaskInfo says at the end: state, error with its members, result. For a call that is refused at once,
  // the fault.
  SoapReply run(const std::string& method, const std::string& body,
                std::chrono::seconds longest = std::chrono::seconds(600)) {
    const SoapReply started = client.call(method, body);
    if (started.status != 200) return started;
    const std::string task = started.one("//returnval");
    for (auto waited = std::chrono::seconds(0); waited < longest; waited += std::chrono::seconds(1)) {
      simulation.scheduler().advance(std::chrono::seconds(1));
      const SoapReply info = client.call("RetrievePropertiesEx", oneObject("Task", task, {"info"}));
      const std::string state = info.one("//val/state");
      if (state == "success" || state == "error") return info;
    }
    BOOST_FAIL(method << " did not end");
    return {};
  }

  SoapReply read(std::string_view type, std::string_view id, const std::vector<std::string>& paths) {
    return client.call("RetrievePropertiesEx", oneObject(type, id, paths));
  }
};

// The fault that a task ended with, or that its call was refused with; "" when it was a success.
inline std::string faultOf(const SoapReply& reply) {
  if (reply.status != 200) return reply.faultType();
  return reply.one("//val/error/fault/@type");
}

}  // namespace failback::mock::testing
