// SPDX-License-Identifier: GPL-2.0-or-later
// What vCenter bears of a plan, and whose job that is.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "provisioning/job/rebuild.h"
#include "provisioning/job/result.h"
#include "vsphere/time_text.h"

namespace failback::provisioning {
namespace {

using vsphere::timeText;
using vsphere::VirtualMachine;

}  // namespace

// --------------------------------------------------------------------------------------------- what is found

PlanMarks marksIn(const World& world) {
  PlanMarks marks;
  const std::string lock = lockMark(world.plan()), prefix = lock + ".";
  for (const TargetView& target : world.targets()) {
    if (target.vm == nullptr) continue;
    TargetMarks& found = marks.targets.emplace_back();
    found.target = &target;
    for (const auto& [key, value] : target.vm->extraConfig) {
      if (value.empty()) continue;
      if (key == lock) {
        found.lockText = value;
        found.lock = lockFrom(value);
      } else if (key.starts_with(prefix)) {
        found.ledgers[key.substr(prefix.size())] = value;
      }
    }
  }
  for (const MachineView& machine : world.machines()) {
    const VirtualMachine* home = machine.vm != nullptr ? machine.vm : machine.made;
    if (home != nullptr && world.isOurs(*home, *machine.plan)) marks.homes.push_back(&machine);
  }
  return marks;
}

namespace {

bool anyAttached(const World& world) {
  for (const MachineView& machine : world.machines()) {
    const auto places = placesOf(stateIn(world, machine, nullptr));
    if (std::any_of(places.begin(), places.end(),
                    [](const DiskPlace& each) { return each.state == "attached"; }))
      return true;
  }
  return false;
}

}  // namespace

bool tellOfJob(const World& world, const PlanMarks& marks, const std::string& store, bool over) {
  bool strange = false, known = false;
  for (const TargetMarks& each : marks.targets) {
    known = known || !each.lockText.empty() || !each.ledgers.empty();
    strange = strange || (each.lock && each.lock->store != store);
  }
  if (over) return strange || (known && anyAttached(world));
  return known || std::any_of(marks.homes.begin(), marks.homes.end(),
                              [](const MachineView* each) { return each->made == nullptr; });
}

// ------------------------------------------------------------------------------------------------- whose it
// is

namespace {

std::string othersText(const std::string& target, const LockNote& lock) {
  return fmt::format("{} holds the master target {} for this plan until {} (store {})",
                     lock.owner.empty() ? "another store" : lock.owner, target, timeText(lock.until),
                     lock.store);
}

std::string refusalOf(const std::string& target, const std::optional<LockNote>& lock,
                      const std::string& store, std::int64_t now) {
  if (!lock) return fmt::format("no lock on the master target {} says whose this plan's job is", target);
  if (lock->store == store || lock->until <= now) return {};
  return othersText(target, *lock);
}

}  // namespace

std::string claimRefusal(const VirtualMachine& target, const Plan& plan, const std::string& store,
                         std::int64_t now, bool word) {
  if (word) return {};
  const auto found = target.extraConfig.find(lockMark(plan));
  return refusalOf(target.name, found == target.extraConfig.end() ? std::nullopt : lockFrom(found->second),
                   store, now);
}

std::string claimRefusal(const World& world, const PlanMarks& marks, const std::string& store,
                         std::int64_t now, bool word) {
  if (word) return {};
  std::string nobody;
  bool locked = false;
  for (const TargetMarks& each : marks.targets) {
    if (world.machinesOf(*each.target).empty()) continue;
    const std::string why = refusalOf(each.target->vm->name, each.lock, store, now);
    if (each.lock && !why.empty()) return why;
    locked = locked || each.lock;
    if (!each.lock && (nobody.empty() || !each.ledgers.empty())) nobody = why;
    // A ledger without a lock may be anybody's.
    if (!each.lock && !each.ledgers.empty()) return why;
  }
  // A job that died early has locked its first master target only.
  return locked ? std::string() : nobody;
}

}  // namespace failback::provisioning
