// SPDX-License-Identifier: GPL-2.0-or-later
// Jobs for people and programs: what was done, what will be done, what is where, and what happens.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"
#include "provisioning/job/protect.h"
#include "provisioning/job/result.h"

namespace failback::cli {

// Machines, their disks, and what stands in the way.
std::string resultText(const provisioning::JobResult& result, const Terminal& terminal);
// Every change that would be made, one line each.
std::string foreseenText(const std::vector<provisioning::ForeseenStep>& steps, const Terminal& terminal,
                         const std::vector<provisioning::ForeseenProtection>& protection = {});
std::string journalText(const std::vector<provisioning::StoredStep>& steps, const Terminal& terminal);
std::string journalJson(const provisioning::StoredJob& job,
                        const std::vector<provisioning::StoredStep>& steps);

// {"time", "event", "machine", "step", "text", "task", "percent", "state", "question", "n", "m"}: one line.
std::string eventJson(const provisioning::JobEvent& event, const std::string& time, std::size_t done,
                      std::size_t of);
// `planFile`: what the plan was called on the command line, by which a question can be answered.
std::string eventText(const provisioning::JobEvent& event, const std::string& planFile = "PLAN");
// What a VM asks, its choices, and how it is answered; several lines. `machine`: how the command names it.
std::string questionForPeople(const provisioning::AskedQuestion& asked, const std::string& planFile,
                              const std::string& machine);

}  // namespace failback::cli
