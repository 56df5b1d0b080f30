// SPDX-License-Identifier: GPL-2.0-or-later
// Could machines that are still on-premises come home today? The rules, judged without a plan that somebody
// made, machine by machine. Pure functions; the documents below are written from their result.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "provisioning/check/check.h"
#include "provisioning/check/facts.h"
#include "provisioning/plan/plan.h"

namespace failback::provisioning {

struct ReadinessWish {
  // Names, inventory paths, UUIDs or patterns; with `all` none.
  std::vector<std::string> machines;
  bool all = false;
  // Master targets to use, by name, path or UUID; empty: the best that are there.
  std::vector<std::string> masterTargets;
  std::string id, made;  // of the plan that is made in memory
};

struct ReadinessPlan {
  Plan plan;
  // VMs that no plan can be made of, and why: by inventory path.
  std::vector<std::pair<std::string, std::string>> leftOut;
  std::vector<std::string> problems;  // a name that is not there
};

// A plan of all machines with every consent: what would be done after a failover anyway is no obstacle today.
// Each is on the master target of its OS family that suits it best: of those that are named, else of all that
// could be one. A family without a master target gets one that is not there.
ReadinessPlan planForReadiness(const ReadinessWish& wish, const Facts& facts);

// Groups of rules that machines have: columns of the matrix.
inline constexpr std::array<std::string_view, 4> readinessGroups = {"Environment", "Plan", "Master target",
                                                                    "Home VM"};

struct ReadinessRow {
  std::string machine, name, path, moref, osFamily, masterTarget;
  std::array<Verdict, readinessGroups.size()> cells{};
  Verdict verdict = Verdict::pass;
};

struct ReadinessFinding {
  Finding finding;
  Verdict verdict = Verdict::pass;
  std::vector<std::string> machines;  // names of those that it concerns
};

struct Readiness {
  std::vector<ReadinessRow> rows;  // worst first, then by name
  // That do not pass, and those that the policy silences; worst first.
  std::vector<ReadinessFinding> findings;
  std::vector<std::pair<std::string, std::string>> leftOut;
  Verdict verdict = Verdict::pass;      // the worst of all rows
  std::array<std::size_t, 4> counts{};  // of rows, by verdict
};

// Findings of one rule and one weight.
struct RuleFindings {
  const Rule* rule = nullptr;
  Verdict verdict = Verdict::pass;
  bool silenced = false;
  std::vector<const ReadinessFinding*> entries;
  std::size_t machines = 0;  // that they concern, each once
};
// Worst first, then those that concern most machines. Points into the readiness.
std::vector<RuleFindings> byRule(const Readiness& readiness);

// What depends on several machines (slots, twins, growth, places to move to, open jobs) is judged for each as
// if it came home alone; twins among them are told as a warning. That a machine runs is no finding: it is
// alive.
Readiness readinessOf(const ReadinessPlan& made, const Facts& facts, const CheckPolicy& policy = {});
// Nothing could be judged: no machine, and the one finding that says why (unreachableReport).
Readiness unreachableReadiness(const std::string& server, const vsphere::Error& error);

struct ReadinessOrigin {
  std::string generator, server, serverName, serverUuid, account;
  std::string made;  // RFC 3339
  std::uint64_t calls = 0, pages = 0;
};
std::string readinessJson(const Readiness& readiness, const ReadinessOrigin& origin);
// The JSON Schema (2020-12) of that; docs/readiness.schema.json is this text.
std::string readinessSchema();
// A page of its own: nothing is loaded from elsewhere, and nothing has to be run to read it.
std::string readinessHtml(const Readiness& readiness, const ReadinessOrigin& origin);

}  // namespace failback::provisioning
