// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "vsphere/error.h"

namespace failback::vsphere {
Context Context::withTimeout(Milliseconds timeout) const {
  Context copy = *this;
  const SteadyTime wanted = after(clock_->now(), timeout);
  if (wanted < deadline_) {
    copy.deadline_ = wanted;
    copy.timeout_ = timeout;
  }
  return copy;
}

Context Context::withDeadline(SteadyTime deadline) const {
  Context copy = *this;
  if (deadline < deadline_) {
    copy.deadline_ = deadline;
    copy.timeout_ = Milliseconds{0};
  }
  return copy;
}

Context Context::withStop(std::stop_token stop) const {
  Context copy = *this;
  copy.stop_ = std::move(stop);
  return copy;
}

Context Context::withOperationId(std::string id) const {
  Context copy = *this;
  copy.operationId_ = std::move(id);
  return copy;
}

Milliseconds Context::remaining() const {
  if (!hasDeadline()) return Milliseconds::max();
  return std::max(Milliseconds{0}, std::chrono::ceil<Milliseconds>(deadline_ - clock_->now()));
}

void Context::check(const std::string& what) const {
  if (stop_.stop_requested()) {
    fail(Category::interrupted, fmt::format("interrupted while waiting for {}", what));
  }
  if (!hasDeadline() || clock_->now() < deadline_) return;
  const std::string total = timeout_.count() > 0 ? fmt::format("the total deadline of {} s",
                                                               static_cast<double>(timeout_.count()) / 1000.0)
                                                 : std::string("the total deadline");
  fail(Category::deadline, fmt::format("{} passed while waiting for {}", total, what),
       "allow more time with --timeout, or ask for less at once");
}

void Context::sleep(Milliseconds duration, const std::string& what) const {
  check(what);
  clock_->sleepUntil(std::min(deadline_, after(clock_->now(), duration)), stop_);
  check(what);
}

}  // namespace failback::vsphere
