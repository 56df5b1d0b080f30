// SPDX-License-Identifier: GPL-2.0-or-later
// Error codes that users of Azure Site Recovery know. Which codes there are, and which rules stand behind
// each, follows from the rules; what is public about a code itself is in a table here.
#pragma once

#include <string_view>
#include <vector>

#include "provisioning/rule.h"

namespace failback::provisioning {

struct VendorCode {
  std::string_view code;
  std::string_view title;  // what it is about, one line
  std::string_view meaning;
  Words look;  // what to look at first, second, ...
};

// Every code that a rule has, sorted.
std::vector<std::string_view> vendorCodes();
// Rules that have the code, in the table's order; without regard to case.
std::vector<const Rule*> rulesBehind(std::string_view code);
// nullptr when nothing is publicly documented of it: the rules behind it then say what it is about.
const VendorCode* findVendorCode(std::string_view code);

}  // namespace failback::provisioning
