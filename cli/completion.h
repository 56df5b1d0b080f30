// SPDX-License-Identifier: GPL-2.0-or-later
// Completion scripts for shells, from the table of verbs and options.
#pragma once

#include <string>
#include <string_view>

namespace failback::cli {

// shell: "bash", "zsh", "fish". Throws Failure(usage) for another.
std::string completionScript(std::string_view shell);

}  // namespace failback::cli
