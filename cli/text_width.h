// SPDX-License-Identifier: GPL-2.0-or-later
// How wide a text is on a terminal, and how to cut it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace failback::cli {

// The text as it may be sent to a terminal: control characters (which could move the cursor or recolour what
// follows) become visible, bytes that are no UTF-8 become U+FFFD.
std::string printable(std::string_view text);

// Columns that a printable text takes: wide characters count two, combining ones none.
std::size_t displayWidth(std::string_view text);

// The text, cut to that width; what was cut ends with `ellipsis`.
std::string cutToWidth(std::string_view text, std::size_t width, std::string_view ellipsis);

}  // namespace failback::cli
