// SPDX-License-Identifier: GPL-2.0-or-later
// Tells what a job does: a line each on standard error, and a sign of life at least every two seconds.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <thread>

#include "cli/console.h"
#include "provisioning/job/job.h"
#include "vsphere/clock.h"

namespace failback::cli {

// Thread-safe. `json`: an event a line. What it is made of must outlive it.
class Narrator {
 public:
  Narrator(Console& console, const vsphere::Clock& clock, bool json, std::size_t machines,
           std::string planFile);

  void tell(provisioning::JobEvent event);

 private:
  void show(const provisioning::JobEvent& event) const;
  void foresee(provisioning::JobEvent& event);
  void beat(const std::stop_token& stop);

  Console& console_;
  const vsphere::Clock& clock_;
  const bool json_;
  const std::size_t machines_;
  const std::string planFile_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  struct Begin {
    vsphere::SteadyTime at;
    std::int32_t percent = 0;
  };
  std::map<std::string, Begin> begins_;  // by task
  std::size_t done_ = 0;                 // machines that are through
  provisioning::JobEvent last_;
  std::jthread beat_;
};

}  // namespace failback::cli
