// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/nearest.h"

#include <algorithm>
#include <limits>
#include <numeric>

namespace failback::cli {
namespace {

// How many characters must be put in, taken out or changed (Levenshtein's distance).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row.back();
}

}  // namespace

std::string nearest(std::string_view text, const std::vector<std::string>& candidates) {
  std::string best;
  std::size_t least = std::numeric_limits<std::size_t>::max();
  for (const std::string& candidate : candidates) {
    // The beginning of a name is as good as a slip in it.
    const bool begins = text.size() >= 3 && candidate.compare(0, text.size(), text) == 0;
    const std::size_t apart = begins ? 1 : distance(text, candidate);
    if (apart < least) {
      least = apart;
      best = candidate;
    }
  }
  return least <= std::max<std::size_t>(1, text.size() / 3) ? best : std::string();
}

std::string didYouMean(std::string_view text, const std::vector<std::string>& candidates) {
  const std::string best = nearest(text, candidates);
  return best.empty() ? std::string() : "; did you mean " + best + "?";
}

}  // namespace failback::cli
