// SPDX-License-Identifier: GPL-2.0-or-later
// Scheduled tasks: what they are and when they are due. They are shown, not run. Under the World's lock.
#pragma once

#include <string>

#include "mocks/world.h"

namespace failback::mock {

// Makes a ScheduledTask of a ScheduledTaskSpec; `time` is when it was last changed.
MoRef addScheduledTask(World& world, const MoRef& entity, const Value& spec, const std::string& user,
                       const std::string& time);
void removeScheduledTask(World& world, MoRef task);
// When a TaskScheduler is due next after a time; empty when never.
std::string nextRun(const Value& scheduler, const std::string& after);
// ScheduledTaskSpec of an action that a method is, every day or once a week.
Value dailySpec(const ScheduleSpec& schedule);
// ScheduledTaskDescription
Value scheduleDescription();

}  // namespace failback::mock
