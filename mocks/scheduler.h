// SPDX-License-Identifier: GPL-2.0-or-later
// Runs work later: the steps of tasks, the ends of long polls, delayed answers. One thread, ended by the
// destructor; work that has not run by then is dropped. With Clock::manual, time stands still until a test
// advances it.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace failback::mock {

class Scheduler {
 public:
  using Work = std::function<void()>;
  using Duration = std::chrono::milliseconds;
  enum class Clock { real, manual };

  explicit Scheduler(Clock clock = Clock::real);
  ~Scheduler();
  Scheduler(const Scheduler&) = delete;
  Scheduler& operator=(const Scheduler&) = delete;

  // Ends the thread and drops what is waiting. After it, nothing runs any more. Idempotent.
  void stop();

  // Runs `work` on the scheduler's thread (or inside advance()) after `delay`; work of equal time in order of
  // arrival. An exception out of `work` ends the process: work handles its own errors. Thread safe.
  void after(Duration delay, Work work);

  // Monotonic time since the start. Thread safe.
  Duration now() const;

  // Manual clock only: lets the time pass and runs what falls due, in the caller's thread.
  void advance(Duration step);

 private:
  void loop();
  bool takeDue(Duration until, Work& work, Duration& due);

  const Clock clock_;
  const std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::multimap<Duration, Work> queue_;
  Duration manualNow_{0};
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace failback::mock
