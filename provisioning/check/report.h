// SPDX-License-Identifier: GPL-2.0-or-later
// A report as documents that programs read: JSON with a published schema, JUnit XML and SARIF for pipelines.
// All functions are thread-safe.
#pragma once

#include <cstdint>
#include <string>

#include "provisioning/check/check.h"

namespace failback::provisioning {

// Raised when a member changes its meaning or goes away; new members may come without.
inline constexpr int reportVersion = 1;

struct ReportOrigin {
  std::string generator;  // "failback 0.1.0"
  std::string planFile;   // as given; empty when there is none
  std::string planId, planDigest;
  std::string server;      // its URL, without credentials
  std::string serverUuid;  // about.instanceUuid
  UnknownPolicy unknown = UnknownPolicy::block;
  std::uint64_t calls = 0;  // SOAP calls, beside pages, waits and login
  std::uint64_t pages = 0;
};

// Findings that pass are left out unless `all`.
std::string reportJson(const Report& report, const ReportOrigin& origin, bool all);
// The JSON Schema (2020-12) of that; docs/check.schema.json is this text.
std::string reportSchema();

// A suite per group of rules, a case per finding. What blocks is a failure, what could not be decided an
// error; warnings pass, with a word in their output.
std::string reportJunit(const Report& report, const ReportOrigin& origin);
// SARIF 2.1.0. Findings of the plan point into its file, others to objects of the inventory.
std::string reportSarif(const Report& report, const ReportOrigin& origin);

}  // namespace failback::provisioning
