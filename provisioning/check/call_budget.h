// SPDX-License-Identifier: GPL-2.0-or-later
// How the calls of a check are counted: what was asked for, and apart from it what only went on with a read,
// waited, or belongs to the session.
#pragma once

#include <cstdint>

#include "vsphere/call_counts.h"

namespace failback::provisioning {

struct CallBudget {
  std::uint64_t calls = 0;
  std::uint64_t pages = 0;  // CallCounts::pages
  std::uint64_t waits = 0;  // the stream that tasks are awaited with
  std::uint64_t login = 0;  // everything up to the login, the clock, and the logout
};

CallBudget budgetOf(const vsphere::CallCounts& counts);

}  // namespace failback::provisioning
