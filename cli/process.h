// SPDX-License-Identifier: GPL-2.0-or-later
// What concerns the whole process: nothing of it in a core file, and signals.
#pragma once

#include <stop_token>
#include <thread>

namespace failback::cli {

// No core file, and no other process of the same user may look into the memory: passwords are in it.
void protectMemory();

// Large blocks, such as the objects of a page, go back to the system when they are freed, however many there
// are: the C library would come to keep them, for each thread. To be called before any other thread is made.
void returnLargeBlocks();

// Turns SIGINT, SIGTERM and SIGHUP into a stop request; the second such signal ends the process at once, with
// 128 + its number. SIGPIPE is ignored: a write that fails says the same. To be made before any other thread.
class SignalWatch {
 public:
  SignalWatch();
  ~SignalWatch();
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;

  std::stop_token token() const { return stop_.get_token(); }

 private:
  std::stop_source stop_;
  std::jthread thread_;
};

}  // namespace failback::cli
