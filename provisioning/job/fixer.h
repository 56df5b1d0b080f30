// SPDX-License-Identifier: GPL-2.0-or-later
// What failback itself puts right when it is asked to (reprotect --fix RULE): rules of severity "fix". Each
// is a step of the job in the journal; a cancel puts back what can be put back.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "provisioning/check/check.h"
#include "provisioning/job/job.h"
#include "provisioning/job/runner.h"

namespace failback::provisioning {

struct Fix {
  std::string rule;
  vsphere::Moref object;
  std::string summary;
  enum class Kind { change, merge, consolidate } kind = Kind::change;
  vsphere::VmChange change;
  std::string before;  // JSON: what a cancel puts back
  // Not empty: it can't be put right now; why, and what to do.
  std::string obstacle, remedy;
};

// Ids of the rules, in their order: MT-UUID, MT-SNAPSHOT, MT-BOOT, VM-DISK-SIZE.
std::vector<std::string> fixableRules();
// Of the report's findings that fail: those that failback could put right.
std::set<std::string> fixableOf(const Report& report);
// What is to be done about them, for these rules. Pure.
std::vector<Fix> wantedFixes(const World& world, const Report& report, const std::set<std::string>& rules);

// Makes them, each journalled, in the plan's job, which is opened. The world is to be read anew after it.
// Throws Failure: usage with the obstacle before anything was changed.
void runFixes(vsphere::Client& client, Store& store, const World& world, const std::vector<Fix>& fixes,
              const JobOptions& options, const vsphere::Context& context);
// At the end of a cancel: what its journal says was put right on master targets is as it was, unless another
// open job uses them. What stays is a warning.
void undoFixes(JobContext& job);

}  // namespace failback::provisioning
