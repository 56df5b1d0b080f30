// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/call_counter.h"

#include <nlohmann/json.hpp>

namespace failback::mock {

namespace {

// Methods are whatever clients called so: more different names than this are counted together.
constexpr std::size_t mostMethods = 1000;

}  // namespace

void CallCounter::count(const std::string& method, const std::string& fault, int status,
                        const std::string& order) {
  const std::lock_guard lock(mutex_);
  const bool room = methods_.contains(method) || methods_.size() < mostMethods;
  Counts& counts = methods_[room ? method : "(others)"];
  ++counts.calls;
  ++counts.byStatus[status];
  if (!order.empty()) ++counts.ordered;
  if (fault.empty()) return;
  ++counts.faults;
  ++counts.byFault[fault];
}

Json CallCounter::reportLocked() const {
  std::uint64_t calls = 0, faults = 0;
  Json methods = Json::object();
  for (const auto& [name, counts] : methods_) {
    calls += counts.calls;
    faults += counts.faults;
    Json& method = methods[name.empty() ? "(no method)" : name];
    method["calls"] = counts.calls;
    method["faults"] = counts.faults;
    method["ordered"] = counts.ordered;
    for (const auto& [status, times] : counts.byStatus)
      method["byStatus"][status == 0 ? "none" : std::to_string(status)] = times;
    for (const auto& [fault, times] : counts.byFault) method["byFault"][fault] = times;
  }
  Json report;
  report["since"] = since_;
  report["calls"] = calls;
  report["faults"] = faults;
  report["methods"] = std::move(methods);
  return report;
}

Json CallCounter::report() const {
  const std::lock_guard lock(mutex_);
  return reportLocked();
}

Json CallCounter::reset(std::string now) {
  const std::lock_guard lock(mutex_);
  Json report = reportLocked();
  methods_.clear();
  since_ = std::move(now);
  return report;
}

}  // namespace failback::mock
