// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/fault_types.h"

#include <map>
#include <mutex>

#include "wsdl/schema.h"

namespace failback::mock {

const TypeInfo* faultNamed(const std::string& name) {
  constexpr std::string_view root = "MethodFault";
  const TypeModel& model = TypeModel::get();
  if (const TypeInfo* own = model.find(name)) return own->isA(root) ? own : nullptr;
  if (!vim25::isA(name, root)) return nullptr;
  const TypeInfo* ancestor = nullptr;
  for (std::string_view each = vim25::baseOf(name); !ancestor && !each.empty(); each = vim25::baseOf(each))
    ancestor = model.find(each);
  if (!ancestor) return nullptr;
  static std::mutex mutex;
  static std::map<std::string, TypeInfo> others;  // its nodes stay where they are
  const std::lock_guard lock(mutex);
  const auto [found, added] = others.try_emplace(name, *ancestor);
  if (added) {
    found->second.name = found->first;
    found->second.base = ancestor;
  }
  return &found->second;
}

}  // namespace failback::mock
