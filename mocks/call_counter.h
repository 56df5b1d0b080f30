// SPDX-License-Identifier: GPL-2.0-or-later
// How often which method was called, since the start or the last reset, and what became of it. Thread safe.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "mocks/json_value.h"

namespace failback::mock {

class CallCounter {
 public:
  explicit CallCounter(std::string now) : since_(std::move(now)) {}

  // One call that has come to its end. `fault` is its type, empty without one; `order` the id of the order
  // that decided it, empty without one.
  void count(const std::string& method, const std::string& fault, int status, const std::string& order);
  // {"since": "...", "calls": N, "faults": N, "methods": {"Login": {"calls": 2, "faults": 1, ...}}}
  Json report() const;
  // The report up to now; counting starts anew. No call is lost or counted twice.
  Json reset(std::string now);

 private:
  struct Counts {
    std::uint64_t calls = 0, faults = 0, ordered = 0;
    std::map<std::string, std::uint64_t> byFault;
    std::map<int, std::uint64_t> byStatus;
  };
  Json reportLocked() const;

  mutable std::mutex mutex_;
  std::string since_;
  std::map<std::string, Counts> methods_;
};

}  // namespace failback::mock
