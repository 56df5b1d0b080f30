// SPDX-License-Identifier: GPL-2.0-or-later
// How a job's objects are known again: UUIDs that follow from the plan, and the marks (extraConfig keys) that
// travel with the change they belong to. Pure functions.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "provisioning/plan/plan.h"

namespace failback::provisioning {

// Of the VM that is made for this machine: the same in every run, another one in every plan. Written as
// vSphere writes it, a UUID of version 8 (RFC 9562).
std::string derivedInstanceUuid(const Plan& plan, const Machine& machine);
// Of its disks: "6000C29a-..." as vSphere's own.
std::string derivedDiskUuid(const Plan& plan, const Machine& machine, const SourceDisk& disk);

// On a home VM.
inline constexpr std::string_view markPlan = "failback.plan";        // the plan's id
inline constexpr std::string_view markMachine = "failback.machine";  // the machine's id in it
// The VM's own instance UUID: a mark counts only when it is that, because clones copy marks.
inline constexpr std::string_view markInstance = "failback.instance";
inline constexpr std::string_view markCreated = "failback.created";  // "true": a job made this VM
// NICs that a job has switched off at start: keys, "4000,4001"; put back at failback and cancel.
inline constexpr std::string_view markNics = "failback.nics";
// Changed block tracking: "on" as it was; "reset" while it is being begun anew.
inline constexpr std::string_view markTracking = "failback.cbt";
// On a master target: this and the plan's id.
inline constexpr std::string_view markTarget = "failback.mt.";

// The marks of a home VM that has this instance UUID.
std::map<std::string, std::string> marksOf(const Plan& plan, const Machine& machine,
                                           const std::string& instanceUuid, bool created);

}  // namespace failback::provisioning
