// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/process.h"

#include <malloc.h>
#include <pthread.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

namespace failback::cli {
namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  // Under nohup a hangup is not meant for us.
  struct sigaction hangup {};
  const bool ignored = ::sigaction(SIGHUP, nullptr, &hangup) == 0 && hangup.sa_handler == SIG_IGN;
  if (!ignored) sigaddset(&set, SIGHUP);
  return set;
}

void watch(const sigset_t& set, const std::stop_token& end, std::stop_source& stop) {
  bool first = true;
  while (!end.stop_requested()) {
    const int number = ::sigwaitinfo(&set, nullptr);
    if (number <= 0 || end.stop_requested()) continue;
    if (!first) ::_exit(128 + number);
    first = false;
    stop.request_stop();
  }
}

}  // namespace

void protectMemory() {
  const rlimit none{0, 0};
  static_cast<void>(::setrlimit(RLIMIT_CORE, &none));
#ifndef __SANITIZE_ADDRESS__  // LeakSanitizer looks into its own process from another one
  static_cast<void>(::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0));
#endif
}

void returnLargeBlocks() {
#ifdef M_MMAP_THRESHOLD
  // Its first value, which otherwise grows with what is freed.
  // No other thread is there yet.
  ::mallopt(M_MMAP_THRESHOLD, 128 * 1024);  // NOLINT(concurrency-mt-unsafe)
#endif
}

SignalWatch::SignalWatch() {
  std::signal(SIGPIPE, SIG_IGN);
  const sigset_t set = watched();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  thread_ = std::jthread([this, set](const std::stop_token& end) { watch(set, end, stop_); });
}

SignalWatch::~SignalWatch() {
  thread_.request_stop();
  // It waits for a signal, and for nothing else: no command ends later for it.
  ::pthread_kill(thread_.native_handle(), SIGTERM);
}

}  // namespace failback::cli
