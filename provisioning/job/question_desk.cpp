// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/question_desk.h"

#include <fmt/format.h>

#include "vsphere/actions.h"
#include "vsphere/time_text.h"

namespace failback::provisioning {

using vsphere::Failure;

void QuestionDesk::hear(const std::optional<vsphere::Question>& question) {
  if (!question) {
    if (open_ && !answered_) tell("answered", fmt::format("{} has its answer", place_.wait.vmName));
    open_.reset();
    return;
  }
  open_ = AskedQuestion{place_.wait.vm, place_.wait.vmName, *question};
  answered_ = false;
  tell("question", questionText(*open_));
  if (const std::string* const word = policyAnswer(place_.policy, *question)) answer(*word);
}

void QuestionDesk::answer(const std::string& word) {
  const vsphere::QuestionChoice* const choice = findChoice(open_->question, word);
  if (choice == nullptr)
    return tell("warning",
                fmt::format("policy.answers says \"{}\" to the question of {}, which does not offer "
                            "that: it waits for somebody",
                            word, place_.wait.vmName));
  try {
    StoredStep row = answerStep(*open_, *choice, "the plan's policy");
    row.job = place_.wait.job;
    row.machine = place_.wait.machineId;
    row.at = vsphere::timeText(place_.context.clock().wallNow());
    journalAnswer(place_.journal, row, [&] {
      place_.client.actions().answer(place_.wait.vm, open_->question.id, choice->key, place_.context);
    });
    answered_ = true;
    tell("answered", fmt::format("{} was answered with {}, by the plan's policy", place_.wait.vmName,
                                 choiceText(*choice)));
  } catch (const Failure& failure) {
    tell("warning", fmt::format("the answer of policy.answers was not taken by {}: {}", place_.wait.vmName,
                                vsphere::describe(failure.error())));
  }
}

void QuestionDesk::tell(const std::string& kind, const std::string& text) const {
  JobEvent event;
  event.kind = kind;
  event.machine = place_.wait.machine;
  event.step = place_.wait.step;
  event.text = text;
  if (kind == "question") event.question = open_;
  place_.tell(std::move(event));
}

void journalAnswer(const Journal& journal, const StoredStep& row, const std::function<void()>& answer) {
  const std::int64_t number = journal.intend(row);
  try {
    answer();
  } catch (const Failure& failure) {
    // What was sent, and not answered, may have been taken.
    const bool unknown = failure.error().category == vsphere::Category::unreachable ||
                         failure.error().category == vsphere::Category::deadline;
    journal.ended(number, unknown ? "unknown" : "failed", vsphere::describe(failure.error()));
    throw;
  }
  journal.ended(number, "done", "");
}

}  // namespace failback::provisioning
