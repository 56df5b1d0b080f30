// SPDX-License-Identifier: GPL-2.0-or-later
// A question that stops a VM, and with it the task that works on it (runtime.question): what it is called,
// which of its choices somebody means, and what the plan says to it. Pure functions.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "provisioning/plan/plan.h"
#include "provisioning/store/store.h"
#include "vsphere/model/virtual_machine.h"

namespace failback::provisioning {

struct AskedQuestion {
  vsphere::Moref vm;
  std::string vmName;
  vsphere::Question question;
};

// By its key, else by its label or its summary, without regard to case, or by what follows the last dot of
// the label ("retry" of "button.retry"). nullptr when it is not offered, or when several are meant.
const vsphere::QuestionChoice* findChoice(const vsphere::Question& question, std::string_view word);
// What the plan says to one of its messages, else to its text; nullptr when it says nothing.
const std::string* policyAnswer(const Policy& policy, const vsphere::Question& question);
bool isDefault(const vsphere::Question& question, const vsphere::QuestionChoice& choice);

// "Retry": as people read it.
std::string choiceText(const vsphere::QuestionChoice& choice);
// "0: Retry, 1: Cancel (default)"
std::string choicesText(const vsphere::Question& question);
// "web-01 asks: There is no more space ... (0: Retry, 1: Cancel)"
std::string questionText(const AskedQuestion& asked);

// {"vm", "id", "text", "choices": [{"key", "label", "default"}]}
nlohmann::ordered_json questionJson(const AskedQuestion& asked);

// A row of the journal: the answer `choice`, given by `who` ("the plan's policy").
StoredStep answerStep(const AskedQuestion& asked, const vsphere::QuestionChoice& choice,
                      const std::string& who);

}  // namespace failback::provisioning
