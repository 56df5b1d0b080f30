// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/scheduler.h"

#include <utility>

namespace failback::mock {

Scheduler::Scheduler(Clock clock) : clock_(clock) {
  if (clock_ == Clock::real) thread_ = std::thread([this] { loop(); });
}

Scheduler::~Scheduler() {
  stop();
}

void Scheduler::stop() {
  std::multimap<Duration, Work> dropped;  // destroyed without the lock: what it holds may call back
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    dropped.swap(queue_);
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
}

Scheduler::Duration Scheduler::now() const {
  if (clock_ == Clock::real) {
    return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - start_);
  }
  const std::lock_guard lock(mutex_);
  return manualNow_;
}

void Scheduler::after(Duration delay, Work work) {
  const Duration due = now() + delay;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return;
    queue_.emplace(due, std::move(work));
  }
  wake_.notify_all();
}

bool Scheduler::takeDue(Duration until, Work& work, Duration& due) {
  const auto first = queue_.begin();
  if (first == queue_.end() || first->first > until) return false;
  due = first->first;
  work = std::move(first->second);
  queue_.erase(first);
  return true;
}

void Scheduler::advance(Duration step) {
  const Duration end = now() + step;
  while (true) {
    Work work;
    {
      const std::lock_guard lock(mutex_);
      Duration due{0};
      if (!takeDue(end, work, due)) {
        manualNow_ = end;
        return;
      }
      if (due > manualNow_) manualNow_ = due;
    }
    work();
  }
}

void Scheduler::loop() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    Work work;
    Duration due{0};
    lock.unlock();
    const Duration time = now();
    lock.lock();
    if (stopping_) return;
    if (takeDue(time, work, due)) {
      lock.unlock();
      work();
      work = nullptr;  // what it holds may need the lock to go
      lock.lock();
    } else if (queue_.empty()) {
      wake_.wait(lock);
    } else {
      // No less than a millisecond: `now` counts whole ones.
      wake_.wait_until(lock, start_ + queue_.begin()->first + Duration(1));
    }
  }
}

}  // namespace failback::mock
