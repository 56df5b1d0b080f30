// SPDX-License-Identifier: GPL-2.0-or-later
// What is known of the terminal, and how to show something on it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cli/environment.h"

namespace failback::cli {

enum class Style { plain, heading, good, warning, bad, faint };

// How one stream can be written to.
struct Terminal {
  bool isTerminal = false;
  bool colour = false;
  bool utf8 = true;
  std::size_t width = 0;  // columns; 0: not limited

  // The text in that style, where there is colour.
  std::string styled(Style style, std::string_view text) const;
  std::string_view ellipsis() const { return utf8 ? "\xE2\x80\xA6" : "~"; }
};

// Looks at the descriptor and at COLUMNS, NO_COLOR (no-color.org), TERM, LC_ALL, LC_CTYPE, LANG.
Terminal lookAtTerminal(int fd, const Environment& environment);

}  // namespace failback::cli
