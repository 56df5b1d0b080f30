// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "discovery/glob.h"
#include "discovery/master_target.h"
#include "provisioning/check/judge_tools.h"
#include "provisioning/check/wording.h"
#include "provisioning/plan/plan_forms.h"
#include "vsphere/model/device.h"

namespace failback::provisioning {
namespace {

ObjectName planName(const World& world) {
  return world.placeInPlan("", world.plan().id);
}

ObjectName placeOf(const World& world, const MachineView& machine, std::string_view member) {
  return world.placeInPlan(machine.pointer + std::string(member), machine.plan->id);
}

// A plan that does not match its schema is not judged any further.
void schema(const World& world, Judgement& judgement) {
  const Plan& plan = world.plan();
  judgement.pass(planName(world), "plan",
                 fmt::format("version {}, {} machines, {} master targets", plan.version, plan.machines.size(),
                             plan.masterTargets.size()));
}

void datastoreNamed(const World& world, Judgement& judgement) {
  for (const MachineView& machine : world.machines()) {
    const std::string& name = machine.plan->home.datastore;
    const std::string property = "home.datastore";
    if (name.find_first_not_of(' ') == std::string::npos)
      judgement.fail(placeOf(world, machine, "/home/datastore"), property, "none", "a datastore's name")
          .machine = machine.plan->id;
    else
      judgement.pass(placeOf(world, machine, "/home/datastore"), property, name).machine = machine.plan->id;
  }
}

// Machines of a replication group, by its name; those without a group stand alone.
std::map<std::string, std::vector<const MachineView*>> groupsOf(const World& world) {
  std::map<std::string, std::vector<const MachineView*>> groups;
  for (const MachineView& machine : world.machines()) {
    if (!machine.plan->group.empty()) groups[machine.plan->group].push_back(&machine);
  }
  return groups;
}

// "mt-1 (web-01, web-02), mt-2 (db-01)"
std::string shares(const std::map<std::string, std::vector<std::string>>& parts) {
  std::string text;
  for (const auto& [what, machines] : parts)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", what, fmt::join(machines, ", "));
  return text;
}

void oneMasterTarget(const World& world, Judgement& judgement) {
  for (const auto& [group, machines] : groupsOf(world)) {
    std::map<std::string, std::vector<std::string>> parts;
    for (const MachineView* each : machines) parts[each->plan->masterTarget].push_back(each->plan->id);
    const ObjectName name = world.placeInPlan("/machines", fmt::format("group {}", group));
    if (parts.size() > 1)
      judgement.fail(name, "masterTarget", shares(parts), "one master target for the whole group");
    else
      judgement.pass(name, "masterTarget", parts.begin()->first);
  }
}

std::string familyOf(const TargetView* target) {
  if (target == nullptr || target->vm == nullptr) return {};
  switch (discovery::osFamilyOf(*target->vm)) {
    case discovery::OsFamily::linux:
      return "linux";
    case discovery::OsFamily::windows:
      return "windows";
    default:
      return {};
  }
}

void oneFamily(const World& world, Judgement& judgement) {
  for (const auto& [group, machines] : groupsOf(world)) {
    std::map<std::string, std::vector<std::string>> parts;
    for (const MachineView* each : machines)
      parts[std::string(word(each->plan->source.osFamily))].push_back(each->plan->id);
    // With whom all of them have to agree.
    const TargetView* target = machines.front()->target;
    if (const std::string family = familyOf(target); !family.empty())
      parts[family].push_back(fmt::format("master target {}", target->plan->name));
    const ObjectName name = world.placeInPlan("/machines", fmt::format("group {}", group));
    if (parts.size() > 1)
      judgement.fail(name, "source.osFamily", shares(parts),
                     "one OS family for the group and its master target");
    else
      judgement.pass(name, "source.osFamily", parts.begin()->first);
  }
}

// Finds what stands twice.
class Mentions {
 public:
  Mentions(const World& world, Judgement& judgement) : world_(world), judgement_(judgement) {}

  void find() {
    for (const MachineView& machine : world_.machines()) {
      const Source& source = machine.plan->source;
      uuid(machine, "/source/instanceUuid", "source.instanceUuid", source.instanceUuid);
      if (source.instanceUuid.empty()) uuid(machine, "/source/biosUuid", "source.biosUuid", source.biosUuid);
      mention(machine.pointer + "/home", machine, "home.name",
              fmt::format("{} in {}", machine.name, folderText(machine)));
      for (const DiskView& disk : machine.disks) {
        if (disk.plan->uuid.empty() && disk.plan->file.empty()) continue;
        // Twins of one template have one UUID; the file tells them apart (rule MT-CLONE).
        mention(disk.pointer, machine, "disks",
                fmt::format("{} {}", vsphere::normaliseUuid(disk.plan->uuid), disk.plan->file));
      }
    }
    for (const TargetView& target : world_.targets()) targetIsNoMachine(target);
    for (const StoredJob* job : world_.otherJobs()) inJob(*job);
    const std::string& why = world_.facts().openJobs.why;
    if (!why.empty())
      judgement_.unknown(planName(world_), "store", why, "no open job with the same machines");
    if (!found_ && why.empty())
      judgement_.pass(planName(world_), "plan", "no machine, disk or name stands twice");
  }

 private:
  static std::string folderText(const MachineView& machine) {
    if (machine.folder != nullptr) return machine.folder->inventoryPath;
    return machine.plan->home.folder.empty() ? "the default folder" : machine.plan->home.folder;
  }

  void uuid(const MachineView& machine, std::string_view member, const std::string& property,
            const std::string& value) {
    if (!value.empty()) mention(machine.pointer + std::string(member), machine, property, value);
  }

  void mention(const std::string& pointer, const MachineView& machine, const std::string& property,
               const std::string& value) {
    const auto [first, fresh] = seen_.emplace(property + " " + lower(value), pointer);
    if (!fresh)
      report(pointer, machine.plan->id, property, fmt::format("{}, as {} is", value, first->second),
             machine.plan->id);
  }

  void targetIsNoMachine(const TargetView& target) {
    for (const MachineView& machine : world_.machines()) {
      if (target.vm != nullptr && target.vm == machine.vm)
        report(machine.pointer, machine.plan->id, "masterTargets",
               fmt::format("{} is to come home, and is a master target of the plan", target.vm->name),
               machine.plan->id);
    }
  }

  void inJob(const StoredJob& job) {
    for (const MachineView& machine : world_.machines()) {
      const Source& source = machine.plan->source;
      const auto same = std::any_of(job.machines.begin(), job.machines.end(), [&](const StoredMachine& each) {
        const bool its =
            !source.instanceUuid.empty() && vsphere::sameUuid(each.instanceUuid, source.instanceUuid);
        return its || (machine.folder != nullptr && lower(each.name) == lower(machine.name) &&
                       lower(each.folder) == lower(machine.folder->inventoryPath));
      });
      if (!same && !holdsDiskOf(job, machine)) continue;
      found_ = true;
      Finding& finding =
          judgement_.fail(placeOf(world_, machine, ""), "store",
                          fmt::format("{} is in job {} of plan {}, which is {} since {}", machine.plan->id,
                                      job.id, job.plan, job.state, shortTime(job.opened)),
                          "no open job with the same machine, disk or name");
      finding.machine = machine.plan->id;
      finding.remedy = fmt::format("Let job {} end, or cancel it.", job.id);
    }
  }

  static bool holdsDiskOf(const StoredJob& job, const MachineView& machine) {
    return std::any_of(job.disks.begin(), job.disks.end(), [&](const StoredDisk& each) {
      return std::any_of(machine.disks.begin(), machine.disks.end(), [&](const DiskView& disk) {
        return !disk.plan->uuid.empty() && vsphere::sameUuid(each.uuid, disk.plan->uuid) &&
               each.file == disk.plan->file;
      });
    });
  }

  void report(const std::string& pointer, const std::string& name, const std::string& property,
              std::string value, const std::string& machine) {
    found_ = true;
    judgement_.fail(world_.placeInPlan(pointer, name), property, std::move(value), "each only once").machine =
        machine;
  }

  const World& world_;
  Judgement& judgement_;
  std::map<std::string, std::string> seen_;
  bool found_ = false;
};

void unique(const World& world, Judgement& judgement) {
  Mentions(world, judgement).find();
}

void physical(const World& world, Judgement& judgement) {
  for (const MachineView& machine : world.machines()) {
    const Source& source = machine.plan->source;
    if (source.kind != SourceKind::physical) continue;
    const ObjectName name = placeOf(world, machine, "/source");
    // Windows Server 2008 R2 has the kernel of Windows 7.
    const std::string guest = lower(source.guestId);
    if (guest == "windows7server64guest") {
      judgement
          .fail(name, "source.guestId", fmt::format("physical, {} (Windows Server 2008 R2)", source.guestId),
                "a newer system")
          .machine = machine.plan->id;
    } else if (machine.plan->home.onNameClash == NameClash::adopt) {
      judgement
          .fail(placeOf(world, machine, "/home/onNameClash"), "home.onNameClash",
                "adopt: a physical machine has no VM that could be proved to be it", "another choice")
          .machine = machine.plan->id;
    } else {
      judgement.pass(name, "source.kind", "physical; a VM is created").machine = machine.plan->id;
    }
  }
}

const Asked<vsphere::ConfigOption>* optionFor(const World& world, const MachineView& machine) {
  if (machine.target == nullptr || machine.target->cluster == nullptr) return nullptr;
  const auto& options = world.facts().configOptions;
  const auto found = options.find(machine.target->cluster->ref);
  return found == options.end() ? nullptr : &found->second;
}

const vsphere::GuestOs* guestOf(const vsphere::ConfigOption& option, const std::string& id) {
  const auto found = std::find_if(option.guests.begin(), option.guests.end(),
                                  [&](const vsphere::GuestOs& each) { return each.id == id; });
  return found == option.guests.end() ? nullptr : &*found;
}

std::int64_t versionNumber(std::string_view hardware) {
  std::int64_t number = 0;
  const std::size_t dash = hardware.find('-');
  if (dash != std::string_view::npos)
    std::from_chars(hardware.data() + dash + 1, hardware.data() + hardware.size(), number);
  return number;
}

void firmwareOf(const World& world, const MachineView& machine, Judgement& judgement) {
  const MachineCase its{world, machine, judgement};
  const Source& source = machine.plan->source;
  const ObjectName name = placeOf(world, machine, "/source");
  const Asked<vsphere::ConfigOption>* asked = optionFor(world, machine);
  const std::string seen = fmt::format("{}{}, vmx-{}", word(source.firmware),
                                       source.secureBoot ? " with secure boot" : "", source.hardwareVersion);
  if (asked == nullptr || !asked->answer) {
    its.unknown(name, "environment browser",
                asked == nullptr ? "the cluster of the master target can't be seen" : asked->why);
    return;
  }
  const vsphere::ConfigOption& option = *asked->answer;
  const std::int64_t newest = versionNumber(option.hardwareVersion);
  if (newest < source.hardwareVersion) {
    its.fail(
        name, "source.hardwareVersion",
        fmt::format("vmx-{}, and the host offers {} at most", source.hardwareVersion, option.hardwareVersion),
        "a hardware version that the host offers");
    return;
  }
  const vsphere::GuestOs* guest = guestOf(option, source.guestId);
  // An unknown guest is told by PLAN-GUEST-OS.
  if (guest != nullptr && !guest->firmware.empty() &&
      std::find(guest->firmware.begin(), guest->firmware.end(), word(source.firmware)) ==
          guest->firmware.end()) {
    its.fail(name, "source.firmware",
             fmt::format("{}, and for {} the host offers {}", word(source.firmware), source.guestId,
                         fmt::join(guest->firmware, ", ")),
             "a firmware that the host offers for this guest");
    return;
  }
  if (guest != nullptr && source.secureBoot && !guest->secureBoot) {
    its.fail(name, "source.secureBoot",
             fmt::format("true, and the host does not offer it for {}", source.guestId), "a host that does");
    return;
  }
  its.pass(name, "source.firmware", seen);
}

void firmware(const World& world, Judgement& judgement) {
  for (const MachineView& machine : world.machines()) {
    if (machine.mustBeCreated()) firmwareOf(world, machine, judgement);
  }
}

struct NoWayHome {
  std::string_view prefix;  // of the guest id, lower case
  std::string_view reason;
};
// No agent of the replication runs in these.
constexpr NoWayHome noWayHome[] = {
    {"dos", "DOS has no replication agent"},
    {"win31", "Windows 3.1 has no replication agent"},
    {"win95", "Windows 95 has no replication agent"},
    {"win98", "Windows 98 has no replication agent"},
    {"winme", "Windows Me has no replication agent"},
    {"winnt", "Windows NT has no replication agent"},
    {"win2000", "Windows 2000 has no replication agent"},
    {"winxp", "Windows XP has no replication agent"},
    {"winvista", "Windows Vista has no replication agent"},
    {"freebsd", "FreeBSD has no replication agent"},
    {"solaris", "Solaris has no replication agent"},
    {"darwin", "macOS has no replication agent"},
    {"netware", "NetWare has no replication agent"},
    {"os2", "OS/2 has no replication agent"},
    {"openserver", "SCO OpenServer has no replication agent"},
    {"unixware", "UnixWare has no replication agent"},
    {"vmkernel", "ESXi itself has no replication agent"},
};

const RefusedGuest* refusedHere(const World& world, const std::string& id) {
  const auto& all = world.policy().refusedGuests;
  const auto found = std::find_if(
      all.begin(), all.end(), [&](const RefusedGuest& each) { return discovery::matchesGlob(each.id, id); });
  return found == all.end() ? nullptr : &*found;
}

void guestOs(const World& world, Judgement& judgement) {
  for (const MachineView& machine : world.machines()) {
    const MachineCase its{world, machine, judgement};
    const std::string& id = machine.plan->source.guestId;
    const ObjectName name = placeOf(world, machine, "/source/guestId");
    const std::string guest = lower(id);
    const auto* refused = std::find_if(std::begin(noWayHome), std::end(noWayHome),
                                       [&](const NoWayHome& each) { return guest.starts_with(each.prefix); });
    const RefusedGuest* own = refusedHere(world, id);
    const Asked<vsphere::ConfigOption>* asked = optionFor(world, machine);
    const std::string known = "a guest system that is replicated and that the host knows";
    if (own != nullptr) {
      its.fail(name, "source.guestId", fmt::format("{}: {} (policy)", id, own->reason), known);
    } else if (refused != std::end(noWayHome)) {
      its.fail(name, "source.guestId", fmt::format("{}: {}", id, refused->reason), known);
    } else if (!machine.mustBeCreated()) {
      its.pass(name, "source.guestId", id);
    } else if (asked == nullptr || !asked->answer) {
      its.unknown(name, "environment browser",
                  asked == nullptr ? "the cluster of the master target can't be seen" : asked->why);
    } else if (guestOf(*asked->answer, id) == nullptr) {
      its.fail(name, "source.guestId", fmt::format("{}, which the host does not know", id), known);
    } else {
      its.pass(name, "source.guestId", id);
    }
  }
}

constexpr Judge planTable[] = {
    {"PLAN-SCHEMA", schema},          {"PLAN-DATASTORE", datastoreNamed},
    {"PLAN-ONE-MT", oneMasterTarget}, {"PLAN-ONE-OS", oneFamily},
    {"PLAN-UNIQUE", unique},          {"PLAN-PHYSICAL", physical},
    {"PLAN-FIRMWARE", firmware},      {"PLAN-GUEST-OS", guestOs},
};

}  // namespace

std::span<const Judge> planJudges() {
  return planTable;
}

}  // namespace failback::provisioning
