// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/nearest.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <utility>

namespace failback::discovery {
namespace {

// How many characters must be put in, taken out, changed, or swapped with the next (optimal string
// alignment).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before, last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before[j - 2] + 1);
    }
    before = std::exchange(last, row);
  }
  return last.back();
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

}  // namespace failback::discovery
