// SPDX-License-Identifier: GPL-2.0-or-later
// What the tests of folders, hosts and clusters have in common: a site, somebody who has logged in, and short
// ways to call, to wait for tasks and to read properties.
#pragma once

#include <boost/test/unit_test.hpp>
#include <string>
#include <vector>

#include "tests/unit/mocks/soap_client.h"

namespace failback::mock::testing {

struct Places : Fixture {
  explicit Places(const std::string& scenario = "site", const std::string& user = {}) : Fixture(scenario) {
    BOOST_REQUIRE(client.login(user.empty() ? "administrator@vsphere.local" : user).status == 200);
  }

  // The properties of one object, as XML.
  SoapReply read(std::string_view type, std::string_view id, const std::vector<std::string>& paths) {
    return client.call("RetrievePropertiesEx", oneObject(type, id, paths));
  }
  std::string text(std::string_view type, std::string_view id, const std::string& path) {
    return read(type, id, {path}).one("//val");
  }
  std::vector<std::string> refs(std::string_view type, std::string_view id, const std::string& path) {
    return read(type, id, {path}).all("//val/*");
  }

  // Calls a method that makes a task and lets it end.
  SoapReply task(const std::string& method, const std::string& body) {
    const SoapReply started = client.call(method, body);
    BOOST_REQUIRE_MESSAGE(started.status == 200, method << ": " << started.body);
    return outcome(started.one("//returnval"));
  }
  SoapReply outcome(const std::string& task) {
    simulation.scheduler().advance(std::chrono::seconds(1));
    return info(task);
  }
  SoapReply info(const std::string& task) { return read("Task", task, {"info"}); }

  std::vector<std::string> events() {
    std::vector<std::string> found;
    const std::lock_guard lock(simulation.world().lock());
    for (const HistoryItem& each : simulation.world().events.items()) {
      found.emplace_back(each.item.asObject()->type().name);
    }
    return found;
  }
  bool posted(const std::string& type) {
    const std::vector<std::string> all = events();
    return std::find(all.begin(), all.end(), type) != all.end();
  }
};

inline std::string state(const SoapReply& info) {
  return info.one("//val/state");
}
inline std::string fault(const SoapReply& info) {
  return info.one("//val/error/fault/@type");
}

}  // namespace failback::mock::testing
