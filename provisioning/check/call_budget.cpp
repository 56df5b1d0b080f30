// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/call_budget.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace failback::provisioning {

CallBudget budgetOf(const vsphere::CallCounts& counts) {
  constexpr std::array<std::string_view, 5> waits = {"CreateFilter", "CreatePropertyCollector",
                                                     "DestroyPropertyCollector", "DestroyPropertyFilter",
                                                     "WaitForUpdatesEx"};
  constexpr std::array<std::string_view, 5> login = {"CurrentTime", "Login", "Logout",
                                                     "RetrieveServiceContent", "vimServiceVersions.xml"};
  const auto holds = [](const auto& list, const std::string& method) {
    return std::find(list.begin(), list.end(), method) != list.end();
  };
  CallBudget budget;
  budget.pages = counts.pages;
  for (const auto& [method, count] : counts.byMethod) {
    std::uint64_t& kind = holds(waits, method)   ? budget.waits
                          : holds(login, method) ? budget.login
                                                 : budget.calls;
    kind += count;
  }
  budget.calls -= std::min(budget.calls, budget.pages);
  return budget;
}

}  // namespace failback::provisioning
