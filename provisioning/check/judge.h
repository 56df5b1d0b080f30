// SPDX-License-Identifier: GPL-2.0-or-later
// How rules are judged: one function each, that looks at the world and says what it sees. Pure functions.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "provisioning/check/world.h"

namespace failback::provisioning {

// Takes the findings of one rule. The finding that comes back may be altered until the next one is made:
// severity, remedy, machine, consent.
class Judgement {
 public:
  Judgement(const Rule& rule, std::vector<Finding>& findings) : rule_(rule), findings_(findings) {}

  Finding& pass(ObjectName object, std::string property, std::string value) {
    return add(Status::pass, std::move(object), std::move(property), std::move(value), {});
  }
  Finding& fail(ObjectName object, std::string property, std::string value, std::string wanted) {
    return add(Status::fail, std::move(object), std::move(property), std::move(value), std::move(wanted));
  }
  // `value`: why it is not known.
  Finding& unknown(ObjectName object, std::string property, std::string value, std::string wanted = {}) {
    return add(Status::unknown, std::move(object), std::move(property), std::move(value), std::move(wanted));
  }
  const Rule& rule() const { return rule_; }

 private:
  Finding& add(Status status, ObjectName object, std::string property, std::string value, std::string wanted);

  const Rule& rule_;
  std::vector<Finding>& findings_;
};

struct Judge {
  std::string_view rule;
  void (*judge)(const World& world, Judgement& judgement);
};

std::span<const Judge> environmentJudges();
std::span<const Judge> planJudges();
std::span<const Judge> masterTargetJudges();
std::span<const Judge> homeVmJudges();
std::span<const Judge> creationJudges();
std::span<const Judge> failbackJudges();

// The function of a rule; nullptr when it is not judged by a check (FB-DETACHED), or can't be yet.
const Judge* findJudge(std::string_view rule);

}  // namespace failback::provisioning
