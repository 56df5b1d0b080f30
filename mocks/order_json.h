// SPDX-License-Identifier: GPL-2.0-or-later
// Orders as JSON: the file of --faults and the bodies of /mock/faults. docs/mock-orders.md describes it, and
// docs/mock-orders.schema.json.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/json_value.h"
#include "mocks/orders.h"

namespace failback::mock {

struct OrderFile {
  std::optional<std::uint64_t> seed;
  std::vector<Order> orders;
};

// {"seed": N, "orders": [...]}, a list of orders, or one order. Throws JsonError with the place.
OrderFile parseOrders(std::string_view text);
// {"type": "FileLocked", "message": "...", "members": {...}}
Fault parseFault(const Json& json, const std::string& place, const RefResolver& resolve = typedRef);
// The file's orders; the error names the file. Throws std::runtime_error when it cannot be read.
OrderFile readOrders(const std::string& file);

// An order with its id and how often it matched and acted.
Json describe(const OrderBook::Listed& listed);

}  // namespace failback::mock
