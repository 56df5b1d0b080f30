// SPDX-License-Identifier: GPL-2.0-or-later
// Patterns of names, as a shell writes them.
#pragma once

#include <string_view>

namespace failback::discovery {

// True when the whole text matches: "*" any characters, "?" one character (of UTF-8), "[abc]", "[a-z]",
// "[!abc]" one character of a set, "\" takes the next character as it is. The case of ASCII letters does not
// count, as vCenter does not count it when it compares names. Linear in the text for each "*".
bool matchesGlob(std::string_view pattern, std::string_view text);

}  // namespace failback::discovery
