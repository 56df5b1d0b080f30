// SPDX-License-Identifier: GPL-2.0-or-later
// What stands on ctl's command line, as the JSON that the server takes. Throws CLI::ValidationError for what
// is wrong with it.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "mocks/json_value.h"

namespace failback::mock {

// "spec.numCPUs=4", "newName=web-02" as the arguments of a method: the schema says what is text.
Json methodArguments(const std::string& method, const std::vector<std::string>& pairs);

// {"type": ..., "message": ..., "members": {...}} of a type and "file=[ds] a.vmdk" pairs.
Json faultOf(const std::string& type, const std::string& message, const std::vector<std::string>& members);

// The options of `faults add`, from which an order can be put together.
struct OrderOptions {
  std::string json;  // an order, a file of orders, or "-"
  std::string method, object, user;
  std::uint64_t call = 0, from = 0, every = 0, times = 0, drip = 0, status = 0;
  double probability = 1;
  std::string delay, drop, fault, message, sessions, restart, clock;
  std::string taskFail, taskDuration;
  std::int64_t cut = -1, truncate = -1, at = -1;
  std::vector<std::string> members;
  bool malformed = false, happens = false, taskHang = false, taskVanish = false;

  void describe(CLI::App& command);
  // The text for POST /mock/faults.
  std::string text() const;
};

}  // namespace failback::mock
