// SPDX-License-Identifier: GPL-2.0-or-later
// The check of a plan: every rule that applies, judged on what was read, and what it all means for the job.
// Pure functions.
#pragma once

#include <string>
#include <vector>

#include "provisioning/check/facts.h"
#include "provisioning/check/finding.h"
#include "provisioning/check/policy.h"
#include "provisioning/check/world.h"
#include "provisioning/plan/plan.h"
#include "vsphere/error.h"

namespace failback::provisioning {

struct Report {
  Phase phase = Phase::reprotect;
  Verdict verdict = Verdict::pass;
  // Worst first; findings of one weight in the order of the rules. Those that pass come last.
  std::vector<Finding> findings;
};

// Judges all rules of the phase. Keeps no pointers into plan or facts.
Report check(const Plan& plan, const Facts& facts, Phase phase, const CheckPolicy& policy = {});

// The same of a world that is there already; with `chosen` only of rules that it says yes to.
Report check(const World& world, bool (*chosen)(const Rule&) = nullptr);

// Nothing could be judged, because the server could not be reached, is not trusted, refused the login, or was
// lost: one finding of ENV-REACHABLE; of ENV-API for a server that is none of ours.
Report unreachableReport(Phase phase, const std::string& server, const vsphere::Error& error);

// The document is no plan: a finding of PLAN-SCHEMA for each cause of the error.
Report unreadableReport(Phase phase, const std::string& file, const vsphere::Error& error);

// What one finding means for the job (the worst of all is the job's).
Verdict weigh(const Finding& finding, Phase phase, UnknownPolicy unknown);

}  // namespace failback::provisioning
