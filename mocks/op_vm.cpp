// SPDX-License-Identifier: GPL-2.0-or-later
// Virtual machines: reconfiguring them.
#include <array>

#include "mocks/operation_tables.h"

namespace failback::mock {

std::span<const OperationEntry> vmOperations() {
  return {};
}

}  // namespace failback::mock
