// SPDX-License-Identifier: GPL-2.0-or-later
// Where a new VM's files go: the datastore, its space, the sizes of files.
#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "provisioning/check/judges_creation.h"

namespace failback::provisioning::creation {
namespace {

using vsphere::Datastore;
using vsphere::Host;

constexpr std::int64_t gibibyte = 1024 * mebibyte;

// The member with the most free space that the host can use.
const Datastore* bestMember(const MachineInWorld& each, const vsphere::StoragePod& pod) {
  const Host* host = hostOf(each);
  const Datastore* best = nullptr;
  for (const vsphere::Moref& ref : pod.datastores) {
    const auto* member = each.world.inventory().find<Datastore>(ref);
    if (member == nullptr || host == nullptr) continue;
    const Mount mount = mountOn(*member, host->ref);
    if (!mount.known || !mount.obstacle.empty()) continue;
    if (best == nullptr || member->freeSpaceBytes.value_or(0) > best->freeSpaceBytes.value_or(0))
      best = member;
  }
  return best;
}

std::string membersText(const MachineInWorld& each, const vsphere::StoragePod& pod) {
  std::vector<std::string> words;
  words.reserve(pod.datastores.size());
  for (const vsphere::Moref& ref : pod.datastores) {
    const auto* member = each.world.inventory().find<Datastore>(ref);
    if (member == nullptr) {
      words.push_back(ref.value);
    } else {
      words.push_back(member->freeSpaceBytes
                          ? fmt::format("{} ({} free)", member->name, sizeText(*member->freeSpaceBytes))
                          : member->name);
    }
  }
  return words.empty() ? "no members that can be seen" : joined(words);
}

}  // namespace

ChosenDatastore chosenDatastore(const MachineInWorld& each) {
  const std::string& wanted = each.machine.plan->home.datastore;
  if (each.machine.datastore != nullptr) return {each.machine.datastore, nullptr, {}};
  for (const vsphere::StoragePod& pod : each.world.inventory().all<vsphere::StoragePod>()) {
    if (pod.name != wanted && pod.inventoryPath != wanted) continue;
    const Datastore* best = bestMember(each, pod);
    if (best != nullptr) return {best, &pod, {}};
    return {
        nullptr, &pod,
        fmt::format("{} is a datastore cluster of {}: none of them is known to be mounted read-write on the "
                    "master target's host",
                    wanted, membersText(each, pod))};
  }
  std::vector<std::string> paths;
  for (const Datastore& datastore : each.world.inventory().all<Datastore>())
    if (datastore.name == wanted) paths.push_back(datastore.inventoryPath);
  if (paths.size() > 1)
    return {nullptr, nullptr,
            fmt::format("{} datastores are called {}: {}", paths.size(), wanted, someOf(paths))};
  return {nullptr, nullptr, fmt::format("no datastore {} can be seen", wanted)};
}

ObjectName datastoreName(const MachineCase& each, const ChosenDatastore& chosen) {
  if (chosen.datastore != nullptr) return each.world.nameOf("datastore", *chosen.datastore);
  if (chosen.pod != nullptr) return each.world.nameOf("datastore", *chosen.pod);
  return {"datastore", each.machine.plan->home.datastore, "", each.machine.pointer + "/home/datastore"};
}

// -------------------------------------------------------------------------------------------- NEW-DATASTORE

void datastore(const MachineCase& each) {
  const ChosenDatastore chosen = chosenDatastore(each);
  const ObjectName object = datastoreName(each, chosen);
  const std::string wanted = "VMFS or vSAN, mounted read-write on the master target's host";
  const Host* host = hostOf(each);
  if (chosen.datastore == nullptr && chosen.pod == nullptr) {
    each.fail(object, "home.datastore", chosen.why, wanted).remedy =
        "Name a datastore that the account can see, by its inventory path where several have the name.";
    return;
  }
  if (host == nullptr) {
    each.unknown(object, "host.mountInfo", hostUnseen(each), wanted);
    return;
  }
  if (chosen.datastore == nullptr) {
    each.fail(object, "host.mountInfo", chosen.why, wanted);
    return;
  }
  const Datastore& place = *chosen.datastore;
  const Mount mount = mountOn(place, host->ref);
  const std::string type = place.type.value_or("");
  if (!mount.obstacle.empty()) {
    // What it is stands in the way everywhere, how it is mounted on this host only.
    const bool kind = mount.property == "summary.type";
    each.fail(object, mount.property,
              kind ? mount.obstacle
                   : fmt::format("{} on {}, where the master target {} runs", mount.obstacle, host->name,
                                 each.machine.plan->masterTarget),
              wanted)
        .remedy =
        kind ? "Name another datastore, VMFS or vSAN."
             : fmt::format("Mount {} read-write on {}, or name another datastore.", place.name, host->name);
  } else if (!mount.known) {
    each.unknown(object, "host.mountInfo",
                 each.world.hole(place.ref, "host") != nullptr
                     ? each.world.whyUnknown(place.ref, "host")
                     : fmt::format("how {} mounts {} could not be read", host->name, place.name),
                 wanted);
  } else {
    std::string text =
        fmt::format("{}, mounted read-write on {}", type.empty() ? "datastore" : type, host->name);
    if (chosen.pod != nullptr)
      text = fmt::format("{} is chosen of datastore cluster {}, which has {}; {}", place.name,
                         chosen.pod->name, membersText(each, *chosen.pod), text);
    each.pass(object, "host.mountInfo", text);
  }
}

// ------------------------------------------------------------------------------------------------ NEW-SPACE

namespace {

// What all new VMs of the plan take on one datastore.
struct Demand {
  const Datastore* datastore = nullptr;
  std::vector<const MachineView*> machines;
  std::int64_t thick = 0, thin = 0, swap = 0;
  std::int64_t promised = 0;  // to open jobs of other plans that have not made their VMs yet

  // With five per cent to spare; whole bytes, rounded up.
  std::int64_t fixed() const { return (thick + swap) + (thick + swap + 19) / 20; }
};

// Of an earlier run of this plan: its space is taken already.
bool isMade(const World& world, const MachineView& machine) {
  const auto& all = world.inventory().all<vsphere::VirtualMachine>();
  return std::any_of(all.begin(), all.end(),
                     [&](const vsphere::VirtualMachine& vm) { return isOurs(world, vm, machine); });
}

std::int64_t promisedOn(const World& world, const Datastore& datastore) {
  std::int64_t bytes = 0;
  for (const StoredJob* job : world.otherJobs()) {
    for (const StoredMachine& machine : job->machines) {
      const bool here =
          machine.datastore == datastore.url.value_or("?") || machine.datastore == datastore.name;
      if (here) bytes += machine.promisedBytes;
    }
  }
  return bytes;
}

void addTo(Demand& demand, const MachineView& machine) {
  demand.machines.push_back(&machine);
  demand.swap += machine.plan->source.memoryMB * mebibyte;
  for (const SourceDisk& disk : machine.plan->source.disks) {
    const bool thin = machine.plan->home.provisioning.value_or(disk.provisioning) == Provisioning::thin;
    (thin ? demand.thin : demand.thick) += disk.capacityBytes;
  }
}

std::string demandText(const Demand& demand) {
  std::vector<std::string> names;
  names.reserve(demand.machines.size());
  for (const MachineView* machine : demand.machines) names.push_back(machine->name);
  std::string text = fmt::format("{} {} {} with 5 % to spare (thick disks {}, swap {})", someOf(names),
                                 names.size() == 1 ? "needs" : "need", sizeText(demand.fixed()),
                                 sizeText(demand.thick), sizeText(demand.swap));
  if (demand.promised > 0) text += fmt::format("; {} are promised to open jobs", sizeText(demand.promised));
  if (demand.thin > 0) text += fmt::format("; thin disks may grow to {}", sizeText(demand.thin));
  return text;
}

void judgeDemand(const World& world, Judgement& judgement, const Demand& demand) {
  constexpr const char* path = "summary.freeSpace";
  const Datastore& place = *demand.datastore;
  const ObjectName object = world.nameOf("datastore", place);
  const std::string wanted = fmt::format("{} free", sizeText(demand.fixed() + demand.thin + demand.promised));
  Finding* finding = nullptr;
  if (!place.freeSpaceBytes) {
    finding = &judgement.unknown(object, path, world.whyUnknown(place.ref, path), wanted);
  } else {
    const std::int64_t free = *place.freeSpaceBytes - demand.promised;
    const std::string text = fmt::format("{} free; {}", sizeText(*place.freeSpaceBytes), demandText(demand));
    if (free < demand.fixed()) {
      finding = &judgement.fail(object, path, text,
                                fmt::format("{} free", sizeText(demand.fixed() + demand.promised)));
      finding->remedy = fmt::format("Make {} of space on {}, or spread the machines over several datastores.",
                                    sizeText(demand.fixed() - free), place.name);
    } else if (free - demand.fixed() < demand.thin) {
      finding = &judgement.fail(object, path, text, wanted);
      finding->severity = Severity::warn;
      finding->remedy = fmt::format("Watch {}: when thin disks grow, it may fill up.", place.name);
    } else {
      finding = &judgement.pass(object, path, text);
    }
  }
  if (demand.machines.size() == 1) finding->machine = demand.machines.front()->plan->id;
}

}  // namespace

void space(const World& world, Judgement& judgement) {
  std::vector<Demand> demands;
  for (const MachineView& machine : world.machines()) {
    if (!machine.mustBeCreated() || isMade(world, machine)) continue;
    const MachineCase each{world, machine, judgement};
    const ChosenDatastore chosen = chosenDatastore(each);
    if (chosen.datastore == nullptr) {
      each.unknown(datastoreName(each, chosen), "summary.freeSpace", chosen.why);
      continue;
    }
    auto demand = std::find_if(demands.begin(), demands.end(), [&](const Demand& one) {
      return sameDatastore(*one.datastore, *chosen.datastore);
    });
    if (demand == demands.end())
      demand =
          demands.insert(demand, Demand{chosen.datastore, {}, 0, 0, 0, promisedOn(world, *chosen.datastore)});
    addTo(*demand, machine);
  }
  for (const Demand& demand : demands) judgeDemand(world, judgement, demand);
}

// -------------------------------------------------------------------------------------------- NEW-FILE-SIZE

void fileSize(const MachineCase& each) {
  constexpr const char* path = "info.maxFileSize";
  const ChosenDatastore chosen = chosenDatastore(each);
  const Datastore* place = chosen.datastore;
  constexpr std::int64_t none = std::numeric_limits<std::int64_t>::max();
  const std::int64_t most = place == nullptr ? none
                                             : std::min(place->maxFileSizeBytes.value_or(none),
                                                        place->maxVirtualDiskBytes.value_or(none));
  const std::vector<SourceDisk>& disks = each.machine.plan->source.disks;
  for (std::size_t i = 0; i < disks.size(); ++i) {
    const ObjectName object{"disk", fmt::format("{} of {}", disks[i].id, each.machine.name), "",
                            fmt::format("{}/source/disks/{}", each.machine.pointer, i)};
    const std::int64_t size = disks[i].capacityBytes;
    if (size < gibibyte) {
      each.fail(object, "source.disks.capacityBytes", fmt::format("{} ({} bytes)", sizeText(size), size),
                "at least 1 GiB")
          .remedy = "Take the disk out of the plan: the replication takes none that is smaller.";
    } else if (place == nullptr) {
      each.unknown(object, path, chosen.why, sizeText(size));
    } else if (most == none) {
      each.unknown(object, path, each.world.whyUnknown(place->ref, path), sizeText(size));
    } else if (size > most) {
      each.fail(
          object, path,
          fmt::format("{}, and the largest file of {} is {}", sizeText(size), place->name, sizeText(most)),
          fmt::format("at most {}", sizeText(most)));
    } else {
      each.pass(object, path,
                fmt::format("{}; {} holds files of {}", sizeText(size), place->name, sizeText(most)));
    }
  }
}

}  // namespace failback::provisioning::creation
