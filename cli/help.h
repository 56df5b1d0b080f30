// SPDX-License-Identifier: GPL-2.0-or-later
// What --help and `man failback` say, from the table of verbs and options.
#pragma once

#include <string>

#include "cli/spec.h"

namespace failback::cli {

// `width`: columns to use; 0: 80.
std::string programHelp(std::size_t width);
// The actions of a verb that has several, such as "plan".
std::string groupHelp(std::string_view firstWord, std::size_t width);
std::string verbHelp(const VerbSpec& verb, std::size_t width);
// The page failback(1) in the language of man(7).
std::string manPage();

}  // namespace failback::cli
