// SPDX-License-Identifier: GPL-2.0-or-later
// Hears what a VM asks while a task works on it: tells it, and answers what the plan has an answer for. All
// else waits for somebody (failback answer, or vCenter).
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "provisioning/job/job.h"

namespace failback::provisioning {

// Two of the three writes of a step that has no task.
struct Journal {
  std::function<std::int64_t(const StoredStep& row)> intend;
  std::function<void(std::int64_t number, const std::string& state, const std::string& evidence)> ended;
};
// Carries out `answer` between the two.
void journalAnswer(const Journal& journal, const StoredStep& row, const std::function<void()>& answer);

// One thread's.
class QuestionDesk {
 public:
  // Who waits, and for what.
  struct Wait {
    std::string job, machineId, machine;  // the machine's name, in events
    std::string step;
    vsphere::Moref vm;
    std::string vmName;
  };
  struct Place {
    vsphere::Client& client;
    const Policy& policy;
    const vsphere::Context& context;
    std::function<void(JobEvent)> tell;
    Journal journal;
    Wait wait;
  };
  explicit QuestionDesk(Place place) : place_(std::move(place)) {}

  // As TaskWatch::Listener::question. Does not throw for an answer that was not taken: it is told, and
  // waited.
  void hear(const std::optional<vsphere::Question>& question);
  // The one that is open.
  const std::optional<AskedQuestion>& open() const { return open_; }

 private:
  void answer(const std::string& word);
  void tell(const std::string& kind, const std::string& text) const;

  Place place_;
  std::optional<AskedQuestion> open_;
  bool answered_ = false;  // by us
};

}  // namespace failback::provisioning
