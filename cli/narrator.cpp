// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/narrator.h"

#include <utility>

#include "cli/output_job.h"
#include "vsphere/time_text.h"

namespace failback::cli {

using provisioning::JobEvent;

Narrator::Narrator(Console& console, const vsphere::Clock& clock, bool json, std::size_t machines,
                   std::string planFile)
    : console_(console),
      clock_(clock),
      json_(json),
      machines_(machines),
      planFile_(std::move(planFile)),
      beat_([this](const std::stop_token& stop) { beat(stop); }) {}

void Narrator::tell(JobEvent event) {
  const std::lock_guard lock(mutex_);
  foresee(event);
  if (event.kind == "machine") ++done_;
  last_ = event;
  if (json_) return show(event);
  if (event.kind == "progress" || event.kind == "step") {
    console_.progress(eventText(event, planFile_));
    if (event.kind == "progress") return;
  }
  if (event.kind != "step" || !console_.terminal().isTerminal) console_.message(eventText(event, planFile_));
}

void Narrator::show(const JobEvent& event) const {
  const std::string time = vsphere::timeText(clock_.wallNow());
  console_.message(eventJson(event, time, done_, machines_));
}

// From the first percent that was seen of its task to the present one.
void Narrator::foresee(JobEvent& event) {
  if (event.kind != "progress" || !event.percent || event.task.empty()) return;
  const auto [begin, first] = begins_.try_emplace(event.task, Begin{clock_.now(), *event.percent});
  const std::int32_t done = *event.percent - begin->second.percent, left = 100 - *event.percent;
  if (first || done <= 0) return;
  const auto passed = std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begin->second.at);
  event.secondsLeft = passed.count() * left / done / 1000;
}

void Narrator::beat(const std::stop_token& stop) {
  constexpr std::chrono::milliseconds interval{1'500};
  std::unique_lock lock(mutex_);
  while (!wake_.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); })) {
    JobEvent event = last_;
    event.kind = "heartbeat";
    if (json_) show(event);
  }
}

}  // namespace failback::cli
