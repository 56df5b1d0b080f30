// SPDX-License-Identifier: GPL-2.0-or-later
// Where the disks and drives of a scenario's machines sit, and whose files they are.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "mocks/site.h"

namespace failback::mock {

namespace {

class Slots {
 public:
  explicit Slots(SiteVm& vm) : vm_(vm), by_("virtual machine " + vm.spec->name) {
    for (const ControllerSpec& each : vm.spec->controllers) use(*controllerPlace(each.id)).second = &each;
    if (vm.spec->scsi != "none") use(*controllerPlace("scsi0"));
  }

  void plan() {
    for (SiteDisk& each : vm_.disks) {
      if (each.own->unit) exactly(wanted(each), *each.own->unit);
    }
    for (SiteDevice& each : vm_.devices) {
      if (each.place && each.spec->unit) exactly(*each.place, *each.spec->unit);
    }
    for (SiteDisk& each : vm_.disks) settle(wanted(each), each.own->unit, each.place, each.unit);
    for (SiteDevice& each : vm_.devices) {
      ControllerPlace place;
      if (each.place) settle(*each.place, each.spec->unit, place, each.unit);
      if (each.place) each.place = place;
    }
  }

 private:
  static ControllerPlace wanted(const SiteDisk& disk) {
    return *controllerPlace(disk.own->controller.empty() ? "scsi0" : disk.own->controller);
  }

  std::pair<ControllerPlace, const ControllerSpec*>& use(const ControllerPlace& place) {
    return vm_.controllers.try_emplace(place.key(), place, nullptr).first->second;
  }

  bool paravirtual(const ControllerPlace& place) const {
    const auto found = vm_.controllers.find(place.key());
    const ControllerSpec* said = found == vm_.controllers.end() ? nullptr : found->second.second;
    return place.kind == "scsi" && (said && !said->type.empty() ? said->type : vm_.spec->scsi) == "pvscsi";
  }

  // A unit that the scenario names.
  void exactly(const ControllerPlace& place, std::int32_t unit) {
    constexpr std::int32_t paravirtualUnits = 64;
    const std::int32_t units = paravirtual(place) ? paravirtualUnits : place.family->units;
    if (unit == place.family->reserved || unit >= units || !taken_.emplace(place.key(), unit).second)
      throw ScenarioError(
          fmt::format("{}: unit {} of {}{} is taken or does not exist", by_, unit, place.kind, place.bus));
    use(place);
  }

  // The unit that is said, or the first free one of the controller or those after it.
  void settle(const ControllerPlace& from, const std::optional<std::int32_t>& unit, ControllerPlace& place,
              std::int32_t& number) {
    place = from;
    number = unit.value_or(0);
    if (unit) return;
    for (; place.bus < place.family->buses; ++place.bus) {
      for (number = 0; number < place.family->units; ++number) {
        if (number == place.family->reserved || !taken_.emplace(place.key(), number).second) continue;
        use(place);
        return;
      }
    }
    throw ScenarioError(
        fmt::format("{}: more disks and drives than its {} controllers hold", by_, from.kind));
  }

  SiteVm& vm_;
  std::string by_;
  std::set<std::pair<std::int32_t, std::int32_t>> taken_;  // key of a controller, unit
};

struct DiskUser {
  SiteVm* vm = nullptr;
  SiteDisk* disk = nullptr;
};

// The disk that says what the file is: that of the machine in whose directory it lies.
const SiteDisk& ownerOf(const std::vector<DiskUser>& users) {
  for (const DiskUser& each : users) {
    if (each.disk->own->attach.empty() && each.disk->stem.starts_with(each.vm->directory + "/") &&
        each.disk->datastore == each.vm->home) {
      return *each.disk;
    }
  }
  for (const DiskUser& each : users) {
    if (each.disk->own->attach.empty()) return *each.disk;
  }
  return *users.front().disk;
}

std::size_t deltas(const DiskUser& user) {
  if (user.disk->own->mode.starts_with("independent") || user.disk->spec->rdm == "physical") return 0;
  return user.vm->spec->snapshots.size() + (user.vm->spec->consolidationNeeded ? 1 : 0);
}

void checkUsers(const std::vector<DiskUser>& users, const SiteDisk& owner) {
  const DiskUser* running = nullptr;
  std::size_t withDeltas = 0;
  for (const DiskUser& each : users) {
    const std::string& name = each.vm->spec->name;
    if (each.disk->spec->size != owner.spec->size) {
      throw ScenarioError(fmt::format("virtual machine {}: the size of {}.vmdk is not that which another has",
                                      name, owner.stem));
    }
    if (deltas(each) > 0 && ++withDeltas > 1) {
      throw ScenarioError(
          fmt::format("virtual machine {}: another has snapshots of {}.vmdk already", name, owner.stem));
    }
    if (!each.vm->spec->powered) continue;
    if (owner.spec->missing)
      throw ScenarioError(fmt::format("virtual machine {} runs, and a disk of it is missing", name));
    if (running && !(isShared(*running->vm, *running->disk) && isShared(*each.vm, *each.disk))) {
      throw ScenarioError(fmt::format(
          "virtual machines {} and {} both run and have {}.vmdk, but not as \"sharing\": \"multiWriter\"",
          running->vm->spec->name, name, owner.stem));
    }
    running = &each;
  }
  if (!owner.spec->rdm.empty() && owner.datastore->spec->type != "VMFS")
    throw ScenarioError(fmt::format("{}.vmdk: mapping files of LUNs are on VMFS only", owner.stem));
}

}  // namespace

void planSlots(SiteVm& vm) {
  static const std::vector<DeviceSpec> usual = [] {
    DeviceSpec drive;
    drive.kind = "cdrom";
    return std::vector<DeviceSpec>{drive};
  }();
  const std::vector<DeviceSpec>& devices = vm.spec->devices ? *vm.spec->devices : usual;
  vm.devices.reserve(devices.size());
  for (const DeviceSpec& each : devices) {
    SiteDevice& made = vm.devices.emplace_back();
    made.spec = &each;
    if (each.kind == "cdrom")
      made.place = controllerPlace(each.controller.empty() ? "sata0" : each.controller);
  }
  Slots(vm).plan();
}

void planSharedDisks(Site& site) {
  std::map<std::pair<SiteDatastore*, std::string>, std::vector<DiskUser>> files;
  for (SiteVm& vm : site.vms) {
    for (SiteDisk& disk : vm.disks) files[{disk.datastore, disk.stem}].push_back({&vm, &disk});
  }
  for (auto& [place, users] : files) {
    const SiteDisk owner = ownerOf(users);
    checkUsers(users, owner);
    for (const DiskUser& each : users) each.disk->spec = owner.spec;
    if (owner.spec->missing || !owner.spec->rdm.empty()) continue;
    place.first->used += owner.committed();
    place.first->uncommitted += owner.spec->size - owner.committed();
  }
}

bool isShared(const SiteVm& vm, const SiteDisk& disk) {
  if (disk.own->sharing == "multiWriter") return true;
  const auto found = vm.controllers.find(disk.place.key());
  const ControllerSpec* said = found == vm.controllers.end() ? nullptr : found->second.second;
  return said && said->sharing != "none";
}

}  // namespace failback::mock
