// SPDX-License-Identifier: GPL-2.0-or-later
// What the files that judge master targets share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "provisioning/check/judge.h"

namespace failback::provisioning {

// Calls `judge(target)` for those that were found: of others only MT-FOUND has something to say.
template <class F>
void forEachTarget(const World& world, F&& judge) {
  for (const TargetView& target : world.targets()) {
    if (target.vm != nullptr) judge(target);
  }
}

// nullptr when they were not asked for.
const Asked<std::vector<vsphere::Event>>* eventsOf(const World& world, const vsphere::VirtualMachine& vm);

// Slots of the master target (its instance UUID) that these jobs have reserved and hold no disk yet: what is
// attached is seen.
int promisedSlots(const std::vector<const StoredJob*>& jobs, const std::string& masterTarget);

void judgeMtController(const World& world, Judgement& judgement);
void judgeMtSlots(const World& world, Judgement& judgement);
void judgeMtDatastore(const World& world, Judgement& judgement);
void judgeMtRetention(const World& world, Judgement& judgement);
void judgeMtSdrs(const World& world, Judgement& judgement);
void judgeMtVmotion(const World& world, Judgement& judgement);
void judgeMtBoot(const World& world, Judgement& judgement);
void judgeMtHabit(const World& world, Judgement& judgement);
void judgeMtConfig(const World& world, Judgement& judgement);
void judgeMtClone(const World& world, Judgement& judgement);
void judgeMtForeign(const World& world, Judgement& judgement);

}  // namespace failback::provisioning
