// SPDX-License-Identifier: GPL-2.0-or-later
// Several pages in flight at once, handed over one at a time.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "vsphere/context.h"

namespace failback::vsphere {

// Runs `produce(i, context, emit)` for each i below `count` on up to `threads` threads, in the order of i as
// far as they are free, and calls `consume` with each emitted item on the calling thread. Producers wait
// while `2 * threads` items are waiting, so that memory stays bounded when the consumer is slow. The first
// exception, of a producer or of the consumer, stops all the others and passes through, after every thread
// has ended: each of them ends as soon as its context says so, so there is no wait without an end.
template <class Item>
class PagePipeline {
 public:
  using Emit = std::function<void(Item&&)>;
  using Produce = std::function<void(std::size_t index, const Context& context, const Emit& emit)>;
  using Consume = std::function<void(Item&&)>;

  static void run(std::size_t count, unsigned threads, const Context& context, const Produce& produce,
                  const Consume& consume) {
    if (count == 0) return;
    if (count == 1 || threads <= 1) {
      for (std::size_t i = 0; i < count; ++i) produce(i, context, consume);
      return;
    }
    PagePipeline pipeline(count, threads, context, produce);
    pipeline.consumeAll(consume);
  }

 private:
  // A stop from outside ends the producers' waits as well.
  struct Halt {
    PagePipeline* pipeline;
    void operator()() const {
      pipeline->stop_.request_stop();
      pipeline->wake();
    }
  };

  PagePipeline(std::size_t count, unsigned threads, const Context& context, const Produce& produce)
      : count_(count),
        capacity_(2 * static_cast<std::size_t>(threads)),
        produce_(produce),
        context_(context.withStop(stop_.get_token())),
        link_(context.stop(), Halt{this}) {
    const std::size_t started = std::min(count, static_cast<std::size_t>(threads));
    running_ = started;
    threads_.reserve(started);
    try {
      while (threads_.size() < started) threads_.emplace_back([this] { work(); });
    } catch (...) {
      // The machine gives no more threads: those that run are stopped and joined before this leaves.
      abandon();
      throw;
    }
  }

  void consumeAll(const Consume& consume) {
    while (true) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !items_.empty() || running_ == 0 || failure_; });
      if (failure_ || items_.empty()) break;
      Item item = std::move(items_.front());
      items_.pop_front();
      changed_.notify_all();
      lock.unlock();
      try {
        consume(std::move(item));
      } catch (...) {
        note(std::current_exception());
        break;
      }
    }
    abandon();
    if (failure_) std::rethrow_exception(failure_);
  }

  void work() {
    try {
      while (true) {
        const std::size_t index = next_.fetch_add(1);
        if (index >= count_) break;
        context_.check("the next page");
        produce_(index, context_, [this](Item&& item) { put(std::move(item)); });
      }
    } catch (...) {
      note(std::current_exception());
    }
    const std::lock_guard lock(mutex_);
    --running_;
    changed_.notify_all();
  }

  void put(Item&& item) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return items_.size() < capacity_ || stop_.stop_requested(); });
    if (stop_.stop_requested()) {
      lock.unlock();
      context_.check("a page being taken over");
    }
    items_.push_back(std::move(item));
    changed_.notify_all();
  }

  void note(std::exception_ptr failure) {
    {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::move(failure);
    }
    stop_.request_stop();
    wake();
  }

  // The empty critical section makes sure that nobody is between the test and the wait.
  void wake() {
    { const std::lock_guard lock(mutex_); }
    changed_.notify_all();
  }

  void abandon() noexcept {
    stop_.request_stop();
    wake();
    for (std::thread& thread : threads_) thread.join();
    threads_.clear();
  }

  const std::size_t count_, capacity_;
  const Produce& produce_;
  std::stop_source stop_;
  const Context context_;

  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Item> items_;
  std::size_t running_ = 0;
  std::exception_ptr failure_;
  std::vector<std::thread> threads_;
  std::stop_callback<Halt> link_;  // last: it may call back as soon as it is made
};

}  // namespace failback::vsphere
