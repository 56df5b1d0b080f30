// SPDX-License-Identifier: GPL-2.0-or-later
// A user's policy: how heavy rules weigh at this site, and which guest systems are known not to come home. A
// document of its own (docs/check.md), as it holds for all plans.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "provisioning/check/finding.h"
#include "provisioning/plan/document.h"

namespace failback::provisioning {

struct RefusedGuest {
  std::string id;  // a guest id, or a pattern: "rhel5*"
  std::string reason;
};

struct CheckPolicy {
  // By rule id. Silenced rules have no severity: they are judged and told, and count for nothing.
  std::map<std::string, std::optional<Severity>> severities;
  std::vector<RefusedGuest> refusedGuests;
};

struct PolicyReading {
  std::optional<CheckPolicy> policy;  // only when there is no problem
  std::vector<Problem> problems;
};
// JSON or YAML.
PolicyReading readPolicy(std::string_view text);

// Gives the finding the weight that the policy wants. A case that the rule itself takes lightly stays so,
// unless the policy raises the rule.
void applyPolicy(const CheckPolicy& policy, Finding& finding);

}  // namespace failback::provisioning
