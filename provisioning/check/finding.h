// SPDX-License-Identifier: GPL-2.0-or-later
// A finding: one rule's verdict on one object. Plain values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "provisioning/rule.h"

namespace failback::provisioning {

enum class Phase { reprotect, failback, cancel };
std::string_view toString(Phase phase);

enum class Status { pass, fail, unknown };
std::string_view toString(Status status);

// What a finding, or all of them together, mean for the job; the worst comes last.
enum class Verdict { pass, warn, unknown, block };
std::string_view toString(Verdict verdict);

struct ObjectName {
  std::string kind;  // as in the rule's row: "master target", "home VM", "host", "plan"
  std::string name;
  std::string moref;  // "vm-42"; empty for what is no object of the inventory
  std::string path;   // the inventory path; a JSON pointer where the object is a place in the plan
};

struct Finding {
  const Rule* rule = nullptr;
  // The one that counts: the rule's own, unless the case at hand or a policy says otherwise.
  Severity severity = Severity::block;
  Status status = Status::pass;
  ObjectName object;
  std::string machine;   // its id in the plan, where it is about one machine
  std::string property;  // the path that was looked at: "runtime.powerState"
  std::string value;     // what was seen; of an unknown, why it could not be
  std::string wanted;    // what would pass
  std::string remedy;    // one sentence
  // Severity automatic: the plan allows the job to do it.
  bool consented = false;
  // The policy wants it to be told, and to count for nothing.
  bool silenced = false;
};

}  // namespace failback::provisioning
