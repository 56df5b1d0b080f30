// SPDX-License-Identifier: GPL-2.0-or-later
// CSV as RFC 4180 has it: a heading, a row per object of one kind, fields in quotes where they must be, lines
// ending with CR LF.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/output.h"
#include "discovery/view.h"

namespace failback::cli {

void writeCsv(const discovery::View& view, discovery::Kind kind, Output& out);
// The columns of a kind, for documentation and tests.
std::vector<std::string> csvColumns(discovery::Kind kind);
std::string csvField(std::string_view text);

}  // namespace failback::cli
