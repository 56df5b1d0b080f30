// SPDX-License-Identifier: GPL-2.0-or-later
// A scenario from a dump that `failback discover --full -o json` wrote: docs/discover.schema.json says what
// is in it, docs/mock-vcenter.md what becomes of it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace failback::mock {

struct ImportedScenario {
  std::string json;                // the scenario, with a line feed at its end
  std::vector<std::string> notes;  // what could not be taken over, for people
};

// `anonymous`: names, addresses and identifiers are made up. Throws ScenarioError for what is no dump, or one
// that lacks too much.
ImportedScenario importDump(std::string_view dump, bool anonymous);

}  // namespace failback::mock
