// SPDX-License-Identifier: GPL-2.0-or-later
// A first plan, made from an inventory: read from a server now, or from a dump of better days.
#pragma once

#include <string>
#include <vector>

#include "discovery/inventory.h"
#include "provisioning/plan/plan.h"

namespace failback::provisioning {

struct PlanWish {
  // Names; patterns as matchesGlob() takes them; inventory paths ("/DC0/vm/web-01"); instance UUIDs.
  std::vector<std::string> machines;
  std::string masterTarget;  // name, inventory path or instance UUID
  std::string datastore;     // name or inventory path
  Consents consents;         // of every machine
  std::string id;            // of the plan: newUuid()
  std::string made;          // RFC 3339
};

struct PlanProposal {
  Plan plan;
  // What whoever reads the plan should know: "web-01 runs, and may not be powered off".
  std::vector<std::string> remarks;
};

// The inventory must be of standard depth or more. Throws Failure(usage) that names every object that is not
// there, is there more than once, or of which too little is known; nothing is guessed. The plan that comes
// back is one that readPlan() takes. Thread-safe, asks nobody.
PlanProposal makePlan(const PlanWish& wish, const discovery::Inventory& inventory);

// A random UUID (version 4) of 128 bits.
std::string newUuid(std::uint64_t high, std::uint64_t low);

}  // namespace failback::provisioning
