// SPDX-License-Identifier: GPL-2.0-or-later
// How wide a text is on a terminal, and how to cut it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace failback::cli {

// The text as it may be sent to a terminal: control characters (which could move the cursor or recolour what
// follows) become visible, bytes that are no UTF-8 become U+FFFD.
std::string printable(std::string_view text);

// Columns that a printable text takes: wide characters count two, combining ones none.
std::size_t displayWidth(std::string_view text);

// The text, cut to that width; what was cut ends with `ellipsis`.
std::string cutToWidth(std::string_view text, std::size_t width, std::string_view ellipsis);

// The same, but what was cut begins with `ellipsis`: of a path the end says more.
std::string cutFrontToWidth(std::string_view text, std::size_t width, std::string_view ellipsis);

// What happens to a word that is longer than a line.
enum class LongWords { broken, kept };
// The text in lines of at most `width`, broken at blanks. A long word that is kept (a thumbprint, to be
// copied) stands on a line of its own that is too long.
std::vector<std::string> wrapToWidth(std::string_view text, std::size_t width,
                                     LongWords words = LongWords::broken);

}  // namespace failback::cli
