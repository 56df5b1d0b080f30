// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/rebuild.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <nlohmann/json.hpp>
#include <set>

#include "provisioning/check/judge_tools.h"
#include "provisioning/check/moves.h"
#include "provisioning/job/job.h"
#include "provisioning/job/ledger_mark.h"
#include "provisioning/job/result.h"
#include "provisioning/plan/plan_document.h"
#include "provisioning/plan/plan_forms.h"
#include "vsphere/time_text.h"

namespace failback::provisioning {
namespace {

using vsphere::timeText;
using vsphere::VirtualMachine;
using Json = nlohmann::ordered_json;

const VirtualMachine* homeOf(const MachineView& machine) {
  return machine.vm != nullptr ? machine.vm : machine.made;
}

std::optional<Slot> slotFrom(const std::string& text) {
  Slot slot;
  const char* const end = text.data() + text.size();
  const auto bus = std::from_chars(text.data(), end, slot.bus);
  if (bus.ec != std::errc{} || bus.ptr == end || *bus.ptr != ':') return std::nullopt;
  const auto unit = std::from_chars(bus.ptr + 1, end, slot.unit);
  if (unit.ec != std::errc{} || unit.ptr != end || slot.bus < 0 || slot.unit < 0) return std::nullopt;
  return slot;
}

std::optional<Slot> slotOf(const VirtualMachine& target, const vsphere::Disk& disk) {
  for (const vsphere::Controller& each : target.controllers)
    if (each.key == disk.controllerKey && disk.unitNumber) return Slot{each.busNumber, *disk.unitNumber};
  return std::nullopt;
}

bool same(const std::optional<Slot>& a, const std::optional<Slot>& b) {
  return a && b && a->bus == b->bus && a->unit == b->unit;
}

}  // namespace

// ---------------------------------------------------------------------------------------------- the record

namespace {

// One machine's share of the record.
class MachineRecord {
 public:
  MachineRecord(const World& world, const MachineView& machine, const TargetMarks* marks)
      : world_(world), machine_(machine), home_(homeOf(machine)) {
    readMark(marks);
    state_ = stateIn(world, machine, nullptr);
    // What the mark says of a disk that has moved makes it known again.
    for (std::size_t i = 0; i < state_.attachedFiles.size(); ++i) {
      const LedgerEntry* marked = entryOf(ledger_, diskAt(i));
      if (marked != nullptr) state_.attachedFiles[i] = marked->file;
    }
    places_ = placesOf(state_);
    attached_ = std::any_of(places_.begin(), places_.end(), isAttached);
    believe();
    for (std::size_t i = 0; i < places_.size(); ++i) record(i);
    if (!attached_ && !ledger_.empty()) tellOfLeaving();
  }

  const std::vector<StoredDisk>& disks() const { return disks_; }
  const std::vector<std::string>& told() const { return told_; }
  bool isProtected() const { return std::all_of(places_.begin(), places_.end(), isAttached); }
  // Detached by a failback, or started at home: nothing that a reprotect leaves.
  bool cameHome() const { return !attached_ && (!ledger_.empty() || runs_); }

  StoredStep step() const {
    StoredStep row;
    row.machine = machine_.plan->id;
    row.step = rebuildStep;
    row.object = home_ != nullptr ? home_->ref.str() : std::string();
    const auto count = std::count_if(disks_.begin(), disks_.end(),
                                     [](const StoredDisk& each) { return each.state != "reserved"; });
    row.summary = fmt::format("the record of {} made again from marks and devices: {}", name(),
                              counted(static_cast<std::size_t>(count), "disk"));
    Json marks = Json::object();
    marks["ledger"] = text_;
    if (home_ != nullptr)
      for (const auto& [key, value] : home_->extraConfig)
        if (key.starts_with("failback.")) marks["home"][key] = value;
    row.before = marks.dump();
    Json spec{{"mayHaveRun", !isProtected()}, {"disks", Json::array()}};
    for (const StoredDisk& each : disks_)
      spec["disks"].push_back({{"id", each.id},
                               {"uuid", each.uuid},
                               {"file", each.file},
                               {"slot", fmt::format("{}:{}", each.bus, each.unit)},
                               {"state", each.state}});
    row.spec = spec.dump();
    row.state = "done";
    row.evidence = fmt::format("{}", fmt::join(told_, "; "));
    return row;
  }

 private:
  static bool isAttached(const DiskPlace& place) { return place.state == "attached"; }
  const SourceDisk& diskAt(std::size_t index) const { return machine_.plan->source.disks[index]; }
  const std::string& name() const { return machine_.plan->source.name; }
  void tell(std::string text) { told_.push_back(std::move(text)); }

  void readMark(const TargetMarks* marks) {
    const auto found =
        marks == nullptr ? decltype(marks->ledgers.begin()){} : marks->ledgers.find(machine_.plan->id);
    if (marks == nullptr || found == marks->ledgers.end()) return;
    text_ = found->second;
    ledger_ = ledgerFrom(text_);
    std::erase_if(ledger_, [](const LedgerEntry& each) { return each.id.empty(); });
    if (ledger_.empty()) {
      tell(fmt::format("the mark of {} on {} can't be read: only devices tell", name(),
                       machine_.target->vm->name));
    }
  }

  // A failback notes in the mark what the disks held when they left (contentId, where there is one).
  void tellOfLeaving() {
    const bool noted = std::all_of(ledger_.begin(), ledger_.end(), [](const LedgerEntry& each) {
      return each.content.empty() || !each.left.empty();
    });
    tell(fmt::format("no disk of {} is on {} any more: taken as failed back{}", name(),
                     machine_.target->vm->name,
                     noted ? "" : ", though no failback has noted it; somebody else may have detached them"));
  }

  // Marks on a master target outlive nothing that the home VM's marks do not: alone they are a copy's.
  void believe() {
    const bool ours = home_ != nullptr && world_.isOurs(*home_, *machine_.plan);
    runs_ = ours && home_->powerState.value_or("") == "poweredOn";
    if (ledger_.empty() || ours || attached_ || home_ == nullptr) return;
    tell(fmt::format("{} has a mark of {}, which bears none of this plan itself: it does not count",
                     machine_.target->vm->name, home_->name));
    ledger_.clear();
  }

  void record(std::size_t index) {
    const DiskPlace& place = places_[index];
    const LedgerEntry* marked = entryOf(ledger_, diskAt(index));
    StoredDisk disk;
    disk.machine = machine_.plan->id;
    disk.id = diskAt(index).id;
    disk.capacityBytes = diskAt(index).capacityBytes;
    disk.masterTarget = machine_.target->vm->instanceUuid.value_or("");
    if (place.home != nullptr) {
      disk.uuid = place.home->uuid.value_or("");
      disk.file = place.home->path();
    }
    if (marked != nullptr)
      if (const auto slot = slotFrom(marked->slot)) hang(disk, *slot);
    const std::string who = fmt::format("disk {} of {}", disk.id, name());
    if (place.state == "attached" || place.state == "moved") {
      disk.state = "attached";
      const auto present = slotOf(*machine_.target->vm, *place.target);
      compare(who, place, marked, present);
      // Where it was attached: by that it is seen to have moved.
      if (place.state == "moved") disk.file = marked->file;
      if (present) hang(disk, *present);
    } else if (marked != nullptr) {
      // A failback detaches all disks of a machine at once: one that is away while others are there was not
      // detached by it.
      const bool strange = attached_ || place.state != "home";
      disk.state = strange ? "attached" : "home";
      if (strange) {
        disk.uuid = marked->uuid;
        disk.file = marked->file;
        tell(fmt::format("{} was attached as {}, and is not on {}", who, marked->file,
                         machine_.target->vm->name));
      }
    } else if (runs_ && !attached_) {
      disk.state = "home";
    }
    disks_.push_back(std::move(disk));
  }

  void hang(StoredDisk& disk, const Slot& slot) {
    disk.bus = slot.bus;
    disk.unit = slot.unit;
    known_.insert(disks_.size());
  }

  void compare(const std::string& who, const DiskPlace& place, const LedgerEntry* marked,
               const std::optional<Slot>& present) {
    if (marked == nullptr) {
      tell(fmt::format("{} is attached as {}, and no mark says so", who, place.target->path()));
      return;
    }
    const bool uuid = place.target->uuid && vsphere::sameUuid(*place.target->uuid, marked->uuid);
    if (place.state == "moved" ||
        !world_.sameFile(place.target->path(), *machine_.target->vm, marked->file, *home_))
      tell(fmt::format("{} was attached as {}, and is {} now", who, marked->file, place.target->path()));
    if (!uuid)
      tell(fmt::format("{} was attached with UUID {}, and has {} now", who, marked->uuid,
                       place.target->uuid.value_or("none that can be seen")));
    const auto promised = slotFrom(marked->slot);
    if (present && promised && !same(present, promised))
      tell(fmt::format("{} was attached at scsi{}:{}, and is at scsi{}:{} now", who, promised->bus,
                       promised->unit, present->bus, present->unit));
  }

 public:
  // Whether the slot of a disk (index in disks()) is known; else one has to be found.
  bool knowsSlot(std::size_t index) const { return known_.contains(index); }

 private:
  const World& world_;
  const MachineView& machine_;
  const VirtualMachine* const home_;
  std::string text_;
  std::vector<LedgerEntry> ledger_;
  MachineState state_;
  std::vector<DiskPlace> places_;
  bool attached_ = false, runs_ = false;
  std::vector<StoredDisk> disks_;
  std::set<std::size_t> known_;
  std::vector<std::string> told_;
};

const TargetMarks* marksOn(const PlanMarks& marks, const TargetView* target) {
  const auto found = std::find_if(marks.targets.begin(), marks.targets.end(),
                                  [&](const TargetMarks& each) { return each.target == target; });
  return found == marks.targets.end() ? nullptr : &*found;
}

void refuseStrangers(const World& world, const PlanMarks& marks) {
  for (const TargetMarks& each : marks.targets) {
    for (const auto& ledger : each.ledgers) {
      const auto& all = world.machines();
      const std::string& machine = ledger.first;
      const bool known = std::any_of(all.begin(), all.end(), [&](const MachineView& view) {
        return view.plan->id == machine && view.target == each.target;
      });
      if (known) continue;
      vsphere::fail(
          vsphere::Category::conflict,
          fmt::format("{} has a mark of the machine {} of this plan, and the plan has no such machine "
                      "on it: it was edited since",
                      each.target->vm->name, machine),
          "go on with the plan as it was when the machines were reprotected");
    }
  }
}

// Several disks, or another job of this store, can't have one slot: what is in doubt gets a new one.
class SlotBook {
 public:
  explicit SlotBook(const World& world) {
    for (const StoredJob* job : world.otherJobs())
      for (const StoredDisk& each : job->disks)
        if (each.state != "home") taken_.insert(keyOf(each));
  }
  bool take(const StoredDisk& disk) { return taken_.insert(keyOf(disk)).second; }

 private:
  using Key = std::tuple<std::string, std::int64_t, std::int64_t>;
  static Key keyOf(const StoredDisk& disk) {
    return {vsphere::normaliseUuid(disk.masterTarget), disk.bus, disk.unit};
  }
  std::set<Key> taken_;
};

// First what hangs there, then what the marks promise, then what is free.
void findSlots(const World& world, const std::vector<std::pair<StoredDisk, bool>>& disks, StoredJob& job) {
  SlotBook book(world);
  std::vector<const StoredDisk*> open;
  for (const bool attached : {true, false}) {
    for (const auto& [disk, known] : disks) {
      if ((disk.state == "attached") != attached) continue;
      if (known && book.take(disk)) {
        job.disks.push_back(disk);
      } else {
        open.push_back(&disk);
      }
    }
  }
  if (open.empty()) return;
  const auto slots = slotsOf(world, &job);
  for (const StoredDisk* each : open) {
    const auto machine =
        std::find_if(world.machines().begin(), world.machines().end(),
                     [&](const MachineView& view) { return view.plan->id == each->machine; });
    const auto& planned = machine->plan->source.disks;
    const auto index = std::find_if(planned.begin(), planned.end(),
                                    [&](const SourceDisk& disk) { return disk.id == each->id; }) -
                       planned.begin();
    StoredDisk disk = *each;
    const Slot slot = slots.at(each->machine).at(static_cast<std::size_t>(index));
    disk.bus = slot.bus;
    disk.unit = slot.unit;
    job.disks.push_back(std::move(disk));
  }
}

// When it was begun at the latest: the lock was written then, or renewed.
std::int64_t openedAt(const PlanMarks& marks, std::int64_t now) {
  std::int64_t opened = now;
  for (const TargetMarks& each : marks.targets)
    if (each.lock) opened = std::min(opened, each.lock->until - lockSeconds);
  return opened;
}

template <class F>
void eachSwitchedOff(const World& world, F&& visit) {
  const Movers movers = moversOf(world);
  const auto look = [&](const auto& object) {
    for (const vsphere::DrsOverride& each : object.overrides) {
      const auto* vm = world.inventory().template find<VirtualMachine>(each.vm);
      if (each.enabled.value_or(true) || vm == nullptr) continue;
      const bool held = std::any_of(world.targets().begin(), world.targets().end(),
                                    [&](const TargetView& target) { return target.vm == vm; }) ||
                        std::any_of(world.machines().begin(), world.machines().end(),
                                    [&](const MachineView& machine) { return homeOf(machine) == vm; });
      if (held) visit(object.ref, object.name, *vm);
    }
  };
  struct Holder {
    const vsphere::Moref& ref;
    const std::string& name;
    const std::vector<vsphere::DrsOverride>& overrides;
  };
  for (const auto& each : movers.pods) look(Holder{each.ref, each.name, each.sdrsOverrides});
  for (const auto& each : movers.clusters) look(Holder{each.ref, each.name, each.drsOverrides});
}

StoredStep jobStep(const World& world, const PlanMarks& marks, std::vector<std::string>& told) {
  StoredStep row;
  row.step = rebuildStep;
  row.state = "done";
  row.summary = "the record of the job was lost, and is made again from the marks in vCenter";
  Json before{{"locks", Json::object()}, {"overrides", Json::array()}};
  for (const TargetMarks& each : marks.targets)
    if (!each.lockText.empty()) before["locks"][each.target->vm->name] = each.lockText;
  std::vector<std::string> names;
  eachSwitchedOff(
      world, [&](const vsphere::Moref& object, const std::string& name, const VirtualMachine& vm) {
        before["overrides"].push_back(
            {{"object", object.str()}, {"name", name}, {"vm", vm.ref.str()}, {"vmName", vm.name}});
        names.push_back(fmt::format("of {} in {}", vm.name, name));
      });
  row.before = before.dump();
  row.spec = "{}";
  if (!names.empty())
    told.push_back(
        fmt::format("overrides that keep them where they are stay when the job ends, as what was there "
                    "before is not known any more: {}",
                    fmt::join(names, ", ")));
  row.evidence = fmt::format("{}", fmt::join(told, "; "));
  return row;
}

}  // namespace

Rebuilt rebuild(const World& world, const PlanMarks& marks, std::int64_t now) {
  refuseStrangers(world, marks);
  Rebuilt made;
  StoredJob& job = made.job;
  job.plan = world.plan().id;
  job.digest = digest(world.plan());
  job.opened = timeText(openedAt(marks, now));
  job.kind = "reprotect";
  job.state = "protected";
  std::vector<std::pair<StoredDisk, bool>> disks;
  std::vector<StoredStep> rows;
  for (const MachineView& machine : world.machines()) {
    StoredMachine& stored = job.machines.emplace_back();
    stored.id = machine.plan->id;
    stored.name = machine.name;
    stored.instanceUuid = machine.plan->source.instanceUuid;
    stored.folder = machine.folder != nullptr ? machine.folder->inventoryPath : std::string();
    if (machine.target == nullptr || machine.target->vm == nullptr) {
      job.state = "interrupted";
      continue;
    }
    const MachineRecord record(world, machine, marksOn(marks, machine.target));
    for (std::size_t i = 0; i < record.disks().size(); ++i)
      disks.emplace_back(record.disks()[i], record.knowsSlot(i));
    if (record.cameHome()) job.kind = "failback";
    if (!record.isProtected()) job.state = "interrupted";
    made.told.insert(made.told.end(), record.told().begin(), record.told().end());
    rows.push_back(record.step());
  }
  findSlots(world, disks, job);
  std::vector<std::string> lost{
      fmt::format("what was confirmed, whether a machine was started at home, and what --fix has changed is "
                  "not known any more; starts "
                  "of machines are looked for since {} only",
                  job.opened)};
  made.steps.push_back(jobStep(world, marks, lost));
  made.steps.insert(made.steps.end(), std::make_move_iterator(rows.begin()),
                    std::make_move_iterator(rows.end()));
  made.told.insert(made.told.end(), lost.begin(), lost.end());
  for (StoredStep& each : made.steps) each.at = timeText(now);
  return made;
}

bool rebuiltMayHaveRun(const StoredStep& step) {
  const Json json = Json::parse(step.spec, nullptr, false);
  const auto found = json.is_object() ? json.find("mayHaveRun") : json.end();
  return found == json.end() || !found->is_boolean() || found->get<bool>();
}

std::vector<std::string> forgottenOverrides(const World& world, const std::vector<StoredStep>& steps) {
  std::set<std::pair<std::string, std::string>> forgotten;
  for (const StoredStep& each : steps) {
    if (each.step != rebuildStep) continue;
    const Json json = Json::parse(each.before, nullptr, false);
    if (!json.is_object() || !json.contains("overrides")) continue;
    for (const Json& entry : json["overrides"])
      if (entry.is_object()) forgotten.emplace(entry.value("object", ""), entry.value("vm", ""));
  }
  std::vector<std::string> names;
  eachSwitchedOff(world,
                  [&](const vsphere::Moref& object, const std::string& name, const VirtualMachine& vm) {
                    if (forgotten.contains({object.str(), vm.ref.str()}))
                      names.push_back(fmt::format("of {} in {}", vm.name, name));
                  });
  return names;
}

}  // namespace failback::provisioning
