// SPDX-License-Identifier: GPL-2.0-or-later
// What was typed, taken apart by the table of verbs and options.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/spec.h"

namespace failback::cli {

struct Arguments {
  const VerbSpec* verb = nullptr;  // nullptr: none was named
  std::string group;               // "plan", when help was asked for a verb of several actions
  std::vector<std::string> operands;
  std::map<std::string, std::vector<std::string>> values;  // by option name; a flag has one empty value

  bool has(const std::string& option) const { return values.count(option) != 0; }
  // The value given; nothing when it was not.
  std::optional<std::string> one(const std::string& option) const;
  // All values given, lists taken apart.
  std::vector<std::string> all(const std::string& option) const;
};

// `words` without the program's name. Throws Failure(usage) that says what was probably meant; a password on
// the command line is refused, and not repeated in the error.
Arguments parseArguments(const std::vector<std::string>& words);

}  // namespace failback::cli
