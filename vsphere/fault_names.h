// SPDX-License-Identifier: GPL-2.0-or-later
// The table of vSphere's faults that this product tells apart: category, a sentence for when the server gives
// none, and what the operator can do. A fault that has no row takes its nearest ancestor's.
#pragma once

#include <span>
#include <string_view>

#include "vsphere/error.h"

namespace failback::vsphere {

struct FaultRow {
  std::string_view name;
  Category category;
  std::string_view sentence;  // without a full stop; empty: the ancestor's
  std::string_view remedy;    // empty: the ancestor's, and none when that has none
};

std::span<const FaultRow> faultTable();

// What the table says about this fault, row and ancestors together. The sentence is never empty.
FaultRow describeFault(std::string_view faultName);

}  // namespace failback::vsphere
