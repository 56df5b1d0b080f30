// SPDX-License-Identifier: GPL-2.0-or-later
// What somebody probably meant to type.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace failback::discovery {

// The candidate that differs least from the text, when it is near enough to be what was meant; else empty.
std::string nearest(std::string_view text, const std::vector<std::string>& candidates);
// "; did you mean X?", or nothing.
std::string didYouMean(std::string_view text, const std::vector<std::string>& candidates);

}  // namespace failback::discovery
