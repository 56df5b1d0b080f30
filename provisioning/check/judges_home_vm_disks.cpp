// SPDX-License-Identifier: GPL-2.0-or-later
// The home VM's disks, against the plan and against other VMs, and the datastores that they lie on.
#include <fmt/format.h>

#include <algorithm>

#include "provisioning/check/judges_home_vm.h"

namespace failback::provisioning::home_vm {
namespace {

using vsphere::Datastore;
using vsphere::Disk;
using vsphere::VirtualMachine;

// Calls `judge(disk)` for each disk of the plan that the VM has. One that it has not is told by VM-IDENTITY,
// and where the devices could not be read each is unknown.
template <class Judge>
void eachDisk(const HomeCase& home, const char* path, Judge&& judge) {
  const std::string why = home.vm.disks.empty() ? home.unread(devicePath) : std::string();
  for (const DiskView& disk : home.machine.disks) {
    if (disk.device != nullptr) {
      judge(disk, *disk.device);
    } else if (!why.empty()) {
      home.unknown(diskName(home, disk), path, why);
    }
  }
}

// Of two sizes that read the same, the bytes too.
std::string exactSize(std::int64_t bytes, std::int64_t beside) {
  const bool same = bytes != beside && sizeText(bytes) == sizeText(beside);
  return same ? fmt::format("{} ({} bytes)", sizeText(bytes), bytes) : sizeText(bytes);
}

// ------------------------------------------------------------------------------------------- VM-DISK-KIND

std::string kindObstacle(DiskKind planned, const Disk& disk) {
  const bool rdm = disk.kind == "rdmPhysical" || disk.kind == "rdmVirtual";
  const bool vmdk = disk.kind == "flat" || disk.kind == "sparse" || disk.kind == "seSparse";
  if (planned == DiskKind::vmdk ? vmdk : rdm) return {};
  return fmt::format("it is {}, and the plan says {}",
                     rdm    ? fmt::format("an RDM ({})", disk.kind)
                     : vmdk ? std::string("a VMDK")
                            : fmt::format("of kind {}", disk.kind),
                     word(planned));
}

void judgeKind(const HomeCase& home, const DiskView& view, const Disk& disk) {
  constexpr const char* backing = "config.hardware.device.backing";
  const std::string wanted =
      fmt::format("a disk of kind {}, on no IDE controller, not shared", word(view.plan->kind));
  std::vector<std::string> obstacles;
  const VirtualMachine& vm = home.vm;
  const auto controller = std::find_if(vm.controllers.begin(), vm.controllers.end(),
                                       [&](const auto& each) { return each.key == disk.controllerKey; });
  const bool known = controller != vm.controllers.end();
  if (std::string text = kindObstacle(view.plan->kind, disk); !text.empty() && disk.kind != "unknown")
    obstacles.push_back(std::move(text));
  if (known && controller->type == "VirtualIDEController")
    obstacles.push_back(fmt::format("it is on {}, an IDE controller", controller->label));
  if (known && controller->sharedBus && *controller->sharedBus != "noSharing")
    obstacles.push_back(
        fmt::format("the bus of {} is shared ({})", controller->label, *controller->sharedBus));
  if (disk.sharing && *disk.sharing != "sharingNone")
    obstacles.push_back(fmt::format("several VMs may write to it ({})", *disk.sharing));
  const ObjectName name = diskName(home, view);
  if (!obstacles.empty()) {
    home.fail(name, backing, joined(obstacles, "; "), wanted);
  } else if (disk.kind == "unknown") {
    home.unknown(name, backing, fmt::format("its backing {} is not known to this version", disk.backingType),
                 wanted);
  } else if (!known) {
    home.unknown(name, devicePath, "its controller could not be read", wanted);
  } else {
    home.pass(name, backing,
              fmt::format("{} on {} ({}), not shared", disk.kind, controller->label, controller->type));
  }
}

// ------------------------------------------------------------------------------------------- VM-DISK-FREE

std::string pathBelow(std::string_view file) {
  const std::size_t end = file.find(']');
  return std::string(end == std::string_view::npos ? file : file.substr(end + 1));
}

// What the job itself attached: ours on the plan's own master target.
bool isDone(const HomeCase& home, const VirtualMachine& user) {
  return home.machine.target != nullptr && home.machine.target->vm != nullptr &&
         home.machine.target->vm->ref == user.ref && isOurs(home.world, home.vm, home.machine);
}

struct Owners {
  std::vector<std::string> foreign;
  std::vector<const VirtualMachine*> vms;
  std::string done, doubt;
};

// By file; one that has the UUID of another file is a twin, which MT-CLONE tells.
Owners ownersOf(const HomeCase& home, const Disk& disk) {
  Owners owners;
  for (const vsphere::DiskFile& file : disk.chain) {
    for (const DiskUser& user : home.world.usersOfFile(file.path, home.vm)) {
      if (user.vm->ref == home.vm.ref || user.link != 0) continue;
      if (isDone(home, *user.vm)) {
        owners.done = fmt::format("attached to {} by this plan", user.vm->name);
        continue;
      }
      owners.vms.push_back(user.vm);
      owners.foreign.push_back(
          fmt::format("{} is attached to {} as {}", file.path, vmText(*user.vm), user.disk->label));
    }
  }
  // The same UUID at the same path of a datastore that can't be told from ours.
  const auto* own =
      disk.chain.empty() ? nullptr : home.world.inventory().find<Datastore>(disk.chain[0].datastore);
  for (const DiskUser& user : disk.uuid ? home.world.usersOfUuid(*disk.uuid) : std::vector<DiskUser>{}) {
    if (user.vm->ref == home.vm.ref || pathBelow(user.disk->path()) != pathBelow(disk.path())) continue;
    const auto* other = user.disk->chain.empty()
                            ? nullptr
                            : home.world.inventory().find<Datastore>(user.disk->chain[0].datastore);
    const bool told = own != nullptr && other != nullptr && own->url && other->url;
    if (!told && owners.foreign.empty() && owners.done.empty())
      owners.doubt = fmt::format(
          "{} has a disk of this UUID on {}; whether it is the same file can't be told, "
          "because a datastore's URL is not known",
          vmText(*user.vm), user.disk->path());
  }
  return owners;
}

void judgeFree(const HomeCase& home, const DiskView& view, const Disk& disk) {
  constexpr const char* wanted = "attached to no other VM";
  const ObjectName name = diskName(home, view);
  const Owners owners = ownersOf(home, disk);
  std::string doubt = owners.doubt.empty() ? blindSpots(home, disk) : owners.doubt;
  if (doubt.empty()) doubt = home.unread(devicePath);
  if (!owners.foreign.empty()) {
    std::vector<std::string> names;
    names.reserve(owners.vms.size());
    for (const VirtualMachine* vm : owners.vms) names.push_back(vm->name);
    home.fail(name, devicePath, joined(owners.foreign, "; "), wanted).remedy =
        fmt::format("Remove the disk from {}, without deleting its files.", joined(names, " and "));
  } else if (!doubt.empty()) {
    home.unknown(name, devicePath, doubt, wanted);
  } else {
    home.pass(name, devicePath,
              owners.done.empty() ? fmt::format("no other VM has {}", disk.path()) : owners.done);
  }
}

// ---------------------------------------------------------------------------------------- VM-DATASTORE-RW

struct Place {
  std::string name;
  const Datastore* datastore = nullptr;  // nullptr: it can't be seen
};

std::vector<Place> placesOf(const HomeCase& home) {
  std::vector<Place> places;
  for (const DiskView& disk : home.machine.disks) {
    if (disk.device == nullptr) continue;
    for (const vsphere::DiskFile& file : disk.device->chain) {
      Place place{datastoreOf(file.path), home.world.inventory().find<Datastore>(file.datastore)};
      const bool known = std::any_of(places.begin(), places.end(), [&](const Place& each) {
        return each.datastore == place.datastore && each.name == place.name;
      });
      if (!known) places.push_back(std::move(place));
    }
  }
  return places;
}

// What thin disks of the plan's machines may still grow there.
struct Growth {
  std::int64_t bytes = 0;
  bool own = false;  // some of it is this machine's
  std::vector<std::string> vms;
};

Growth growthOn(const HomeCase& home, const Datastore& datastore) {
  Growth growth;
  for (const MachineView& machine : home.world.machines()) {
    if (machine.vm == nullptr) continue;
    std::int64_t thin = 0;
    for (const DiskView& disk : machine.disks) {
      if (disk.device == nullptr || !disk.device->thin.value_or(false) || disk.device->chain.empty())
        continue;
      const auto* place = home.world.inventory().find<Datastore>(disk.device->chain[0].datastore);
      if (place != nullptr && sameDatastore(*place, datastore)) thin += disk.device->capacityBytes;
    }
    if (thin == 0) continue;
    // The VM's figure counts its disks on all datastores, and its swap.
    growth.bytes += std::min(thin, machine.vm->storageUncommittedBytes.value_or(thin));
    growth.own = growth.own || &machine == &home.machine;
    growth.vms.push_back(machine.vm->name);
  }
  return growth;
}

void judgeGrowth(const HomeCase& home, const Datastore& datastore, const std::string& mounted) {
  constexpr const char* path = "summary.freeSpace";
  const ObjectName name = home.world.nameOf("datastore", datastore);
  const Growth growth = growthOn(home, datastore);
  if (!growth.own || growth.bytes == 0) {
    home.pass(name, "host.mountInfo", mounted);
  } else if (!datastore.freeSpaceBytes) {
    Finding& finding = home.unknown(name, path, home.world.whyUnknown(datastore.ref, path),
                                    fmt::format("{} free", sizeText(growth.bytes)));
    finding.severity = Severity::warn;
  } else if (*datastore.freeSpaceBytes < growth.bytes) {
    Finding& finding = home.fail(
        name, path,
        fmt::format("{} has {} free, and the thin disks of {} may still grow by {}", datastore.name,
                    sizeText(*datastore.freeSpaceBytes), someOf(growth.vms), sizeText(growth.bytes)),
        fmt::format("{} free", sizeText(growth.bytes)));
    finding.severity = Severity::warn;
    finding.remedy = fmt::format(
        "Make space on {}: when it is full, the master target stops with a question.", datastore.name);
  } else {
    home.pass(name, "host.mountInfo",
              fmt::format("{}; {} free, thin disks may still grow by {}", mounted,
                          sizeText(*datastore.freeSpaceBytes), sizeText(growth.bytes)));
  }
}

void judgePlace(const HomeCase& home, const Place& place) {
  const std::string wanted = "VMFS or vSAN, mounted read-write on the master target's host";
  if (place.datastore == nullptr) {
    home.unknown({"datastore", place.name, "", ""}, "summary",
                 fmt::format("{} can't be seen with this account", place.name), wanted);
    return;
  }
  const ObjectName name = home.world.nameOf("datastore", *place.datastore);
  const TargetView* target = home.machine.target;
  if (target == nullptr || target->host == nullptr) {
    home.unknown(name, "host.mountInfo",
                 fmt::format("the host of master target {} can't be seen", home.machine.plan->masterTarget),
                 wanted);
    return;
  }
  const Mount mount = mountOn(*place.datastore, target->host->ref);
  const std::string& host = target->host->name;
  if (!mount.obstacle.empty()) {
    const bool here = mount.property.starts_with("host.");
    // What is wrong with the datastore itself is wrong on every host.
    Finding& finding = home.fail(name, mount.property,
                                 here ? fmt::format("{} on {}, where the master target {} runs",
                                                    mount.obstacle, host, home.machine.plan->masterTarget)
                                      : mount.obstacle,
                                 wanted);
    finding.remedy =
        here ? fmt::format("Mount {} read-write on {}, or use a master target on a host that does.",
                           place.datastore->name, host)
             : fmt::format(
                   "Move the disks of {} to a VMFS or vSAN datastore that {} mounts, or end what "
                   "keeps {} from being used.",
                   home.vm.name, host, place.datastore->name);
  } else if (!mount.known) {
    const char* path = "host";
    home.unknown(name, "host.mountInfo",
                 home.world.hole(place.datastore->ref, path) != nullptr
                     ? home.world.whyUnknown(place.datastore->ref, path)
                     : fmt::format("how {} mounts {} could not be read", host, place.datastore->name),
                 wanted);
  } else {
    judgeGrowth(
        home, *place.datastore,
        fmt::format("{}, mounted read-write on {}", place.datastore->type.value_or("datastore"), host));
  }
}

}  // namespace

std::string blindSpots(const HomeCase& home, const Disk& disk) {
  std::vector<const Datastore*> seen;
  for (const vsphere::DiskFile& file : disk.chain) {
    const auto* datastore = home.world.inventory().find<Datastore>(file.datastore);
    if (datastore == nullptr)
      return fmt::format("who else uses {} is not known: its datastore can't be seen", file.path);
    if (std::find(seen.begin(), seen.end(), datastore) != seen.end()) continue;
    seen.push_back(datastore);
    std::string why = provisioning::blindSpots(home.world, *datastore);
    if (!why.empty()) return why;
  }
  return {};
}

void changed(const HomeCase& home) {
  std::vector<std::string> changes;
  const std::string why = home.unread(devicePath);
  if (home.vm.disks.empty() && !why.empty()) {
    home.unknown(devicePath, why);
    return;
  }
  for (const DiskView& disk : home.machine.disks) {
    if (disk.device == nullptr) {
      changes.push_back(
          fmt::format("{} ({}) is not there any more", disk.plan->id, sizeText(disk.plan->capacityBytes)));
    } else if (const std::int64_t now = disk.device->capacityBytes, then = disk.plan->capacityBytes;
               now != then) {
      changes.push_back(fmt::format("{} ({}) has {} and had {}", disk.plan->id, disk.device->label,
                                    exactSize(now, then), exactSize(then, now)));
    }
  }
  for (const Disk* disk : home.machine.otherDisks)
    changes.push_back(fmt::format("{} ({}, {}) is not in the plan", disk->label,
                                  sizeText(disk->capacityBytes), disk->path()));
  if (changes.empty()) {
    home.passIfRead({devicePath},
                    fmt::format("{} as in the plan", counted(home.machine.disks.size(), "disk")));
  } else {
    home.fail(devicePath, joined(changes, "; "), "the disks of the plan, of the same sizes");
  }
}

void diskSize(const HomeCase& home) {
  constexpr const char* path = "capacityInBytes";
  eachDisk(home, path, [&](const DiskView& view, const Disk& disk) {
    const std::int64_t is = disk.capacityBytes, source = view.plan->capacityBytes;
    if (is >= source) {
      home.pass(diskName(home, view), path,
                fmt::format("{}, the source {}", exactSize(is, source), exactSize(source, is)));
      return;
    }
    Finding& finding = home.fail(diskName(home, view), path, exactSize(is, source),
                                 fmt::format("at least {}", exactSize(source, is)));
    const bool allowed = home.machine.plan->consents.extendDisks;
    // Then the job does it, as one of its steps.
    if (allowed) finding.severity = Severity::automatic;
    finding.consented = allowed;
    finding.remedy =
        allowed ? fmt::format("The job extends {} of {} to {}, as the plan allows.", disk.label, home.vm.name,
                              exactSize(source, is))
                : fmt::format("Extend {} of {} to {}, or consent in the plan (consents.extendDisks).",
                              disk.label, home.vm.name, exactSize(source, is));
  });
}

void diskKind(const HomeCase& home) {
  eachDisk(home, "config.hardware.device.backing",
           [&](const DiskView& view, const Disk& disk) { judgeKind(home, view, disk); });
}

void diskFree(const HomeCase& home) {
  eachDisk(home, devicePath, [&](const DiskView& view, const Disk& disk) { judgeFree(home, view, disk); });
}

void datastoreReadWrite(const HomeCase& home) {
  const std::vector<Place> places = placesOf(home);
  if (places.empty()) {
    const std::string why = home.unread(devicePath);
    if (!why.empty()) home.unknown(devicePath, why, "datastores of its disks");
  }
  for (const Place& place : places) judgePlace(home, place);
}

}  // namespace failback::provisioning::home_vm
