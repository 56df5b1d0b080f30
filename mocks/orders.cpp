// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/orders.h"

#include <algorithm>

namespace failback::mock {

namespace {

// SplitMix64: neighbouring numbers give unrelated ones.
std::uint64_t mixed(std::uint64_t number) {
  number += 0x9E3779B97F4A7C15U;
  number = (number ^ (number >> 30U)) * 0xBF58476D1CE4E5B9U;
  number = (number ^ (number >> 27U)) * 0x94D049BB133111EBU;
  return number ^ (number >> 31U);
}

// In [0, 1), from the seed, the order and how often it has matched: other orders and calls don't matter.
double chance(std::uint64_t seed, std::string_view order, std::uint64_t matched) {
  std::uint64_t state = mixed(seed);
  for (const char c : order) state = mixed(state ^ static_cast<unsigned char>(c));
  constexpr double range = 9007199254740992.0;  // 2^53
  return static_cast<double>(mixed(state ^ matched) >> 11U) / range;
}

}  // namespace

bool matchesGlob(std::string_view pattern, std::string_view text) {
  std::size_t p = 0, t = 0;
  std::size_t star = std::string_view::npos, resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t])) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool OrderMatch::matches(const CallFacts& facts) const {
  if (!method.empty() && !matchesGlob(method, facts.method)) return false;
  if (!user.empty() && !matchesGlob(user, facts.user)) return false;
  if (object.empty()) return true;
  const std::string typed = facts.type + ":" + facts.id;
  return matchesGlob(object, facts.id) || matchesGlob(object, typed) ||
         (!facts.name.empty() && matchesGlob(object, facts.name)) ||
         (!facts.path.empty() && matchesGlob(object, facts.path));
}

void OrderBook::reseed(std::uint64_t seed) {
  const std::lock_guard lock(mutex_);
  seed_ = seed;
}

std::string OrderBook::add(Order order) {
  const std::lock_guard lock(mutex_);
  order.id = "order-" + std::to_string(next_++);
  orders_.push_back({std::move(order), 0, 0});
  return orders_.back().order.id;
}

bool OrderBook::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  return std::erase_if(orders_, [&](const Listed& each) { return each.order.id == id; }) > 0;
}

void OrderBook::clear() {
  const std::lock_guard lock(mutex_);
  orders_.clear();
}

std::vector<OrderBook::Listed> OrderBook::all() const {
  const std::lock_guard lock(mutex_);
  return orders_;
}

bool OrderBook::empty() const {
  const std::lock_guard lock(mutex_);
  return orders_.empty();
}

// `matched` already counts the call in question.
bool OrderBook::acts(const Listed& listed) const {
  const OrderWhen& when = listed.order.when;
  const std::uint64_t number = listed.matched;
  if (when.call != 0 && number != when.call) return false;
  if (number < when.from) return false;
  if (when.every != 0) {
    // "from 3 every 2" is 3, 5, 7; "every 2" is 2, 4, 6.
    const std::uint64_t first = when.from != 0 ? when.from : when.every;
    if (number < first || (number - first) % when.every != 0) return false;
  }
  if (when.times != 0 && listed.acted >= when.times) return false;
  return when.probability >= 1 || chance(seed_, listed.order.id, number) < when.probability;
}

const Order* OrderBook::decide(const CallFacts& facts, bool forTasks) {
  const Order* first = nullptr;
  for (Listed& each : orders_) {
    if (each.order.task.has_value() != forTasks || !each.order.match.matches(facts)) continue;
    ++each.matched;
    if (first || !acts(each)) continue;
    ++each.acted;
    first = &each.order;
  }
  return first;
}

std::optional<OrderBook::Decision<CallEffect>> OrderBook::call(const CallFacts& facts) {
  const std::lock_guard lock(mutex_);
  const Order* order = decide(facts, false);
  if (!order) return std::nullopt;
  return Decision<CallEffect>{order->id, order->effect};
}

std::optional<OrderBook::Decision<TaskFate>> OrderBook::task(const CallFacts& facts) {
  const std::lock_guard lock(mutex_);
  const Order* order = decide(facts, true);
  if (!order) return std::nullopt;
  return Decision<TaskFate>{order->id, *order->task};
}

}  // namespace failback::mock
