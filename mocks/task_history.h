// SPDX-License-Identifier: GPL-2.0-or-later
// The TaskInfos of all tasks, kept when the Task objects themselves are gone, and what tasks are called.
// Guarded by the World's lock.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mocks/history.h"

namespace failback::mock {

class TaskHistory {
 public:
  explicit TaskHistory(const Inventory& inventory, std::size_t limit = 50'000)
      : inventory_(inventory), limit_(limit) {}

  // A TaskInfo that is new, or has changed. Gives the item that now holds it.
  const HistoryItem& note(const Value& info);
  const HistoryItems& items() const { return items_; }
  // Instead of all there are.
  void restore(HistoryItems items);
  // Unset when it is not known (any more).
  Value find(const std::string& key) const;

 private:
  const Inventory& inventory_;
  std::size_t limit_;
  HistoryItems items_;
  std::unordered_map<std::string, std::int64_t> numbers_;  // by TaskInfo.key
  std::int64_t nextNumber_ = 1;
};

// "Power On virtual machine" for "VirtualMachine.powerOn"; made of the id itself when it is not known.
std::string taskLabel(std::string_view descriptionId);
// ElementDescription of every task that the methods of the schema start.
Value taskMethods();

}  // namespace failback::mock
