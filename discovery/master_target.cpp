// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/master_target.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace failback::discovery {
namespace {

using vsphere::VirtualMachine;

constexpr std::int64_t mebibyte = 1024 * 1024;
constexpr std::int64_t leastMemory = 512 * mebibyte;
constexpr std::int64_t goodLinuxMemory = 6 * 1024 * mebibyte;

Fact ok(std::string_view rule, std::string value) {
  return {rule, Verdict::ok, std::move(value), true};
}
Fact warn(std::string_view rule, std::string value) {
  return {rule, Verdict::warn, std::move(value), true};
}
Fact bad(std::string_view rule, std::string value) {
  return {rule, Verdict::fail, std::move(value), true};
}
Fact unknown(std::string_view rule, std::string value) {
  return {rule, Verdict::unknown, std::move(value), true};
}

bool startsWith(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equalIgnoringCase(text.substr(0, start.size()), start);
}

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{} MB", bytes / mebibyte);
}

// Of a volume: what can be compared by eye.
std::string volumeSize(std::int64_t bytes) {
  constexpr std::int64_t gibibyte = 1024 * mebibyte;
  return bytes < 10 * gibibyte ? fmt::format("{} MiB", bytes / mebibyte)
                               : fmt::format("{} GiB", bytes / gibibyte);
}

}  // namespace

std::string_view toString(Verdict verdict) {
  constexpr std::array<std::string_view, 4> names = {"ok", "warn", "fail", "unknown"};
  return names[static_cast<std::size_t>(verdict)];
}

std::string_view toString(Candidate candidate) {
  constexpr std::array<std::string_view, 3> names = {"yes", "no", "unknown"};
  return names[static_cast<std::size_t>(candidate)];
}

std::string_view toString(OsFamily family) {
  constexpr std::array<std::string_view, 4> names = {"Linux", "Windows", "other", "unknown"};
  return names[static_cast<std::size_t>(family)];
}

Fact judgeState(const VirtualMachine& vm) {
  constexpr std::string_view rule = "MT-STATE";
  if (vm.isTemplate.value_or(false)) return bad(rule, "template");
  if (vm.connectionState && *vm.connectionState != "connected") return bad(rule, *vm.connectionState);
  if (vm.powerState && *vm.powerState != "poweredOn") return bad(rule, *vm.powerState);
  if (!vm.connectionState || !vm.powerState) return unknown(rule, "its state could not be read");
  if (!vm.isTemplate)
    return unknown(rule, "poweredOn, connected; whether it is a template could not be read");
  return ok(rule, "poweredOn, connected");
}

Fact judgeHost(const vsphere::Host* host) {
  constexpr std::string_view rule = "MT-HOST";
  if (host == nullptr) return unknown(rule, "its host can't be seen");
  if (host->connectionState && *host->connectionState != "connected") {
    return bad(rule, fmt::format("{} is {}", host->name, *host->connectionState));
  }
  if (host->powerState && *host->powerState != "poweredOn") {
    return bad(rule, fmt::format("{} is {}", host->name, *host->powerState));
  }
  if (host->inMaintenanceMode.value_or(false)) {
    return bad(rule, fmt::format("{} is in maintenance mode", host->name));
  }
  if (!host->connectionState || !host->powerState || !host->inMaintenanceMode) {
    return unknown(rule, fmt::format("the state of {} could not be read", host->name));
  }
  return ok(rule, fmt::format("{} is connected", host->name));
}

OsFamily osFamilyOf(const VirtualMachine& vm) {
  if (vm.guestFamily) {
    if (*vm.guestFamily == "linuxGuest") return OsFamily::linux;
    if (*vm.guestFamily == "windowsGuest") return OsFamily::windows;
    if (!vm.guestFamily->empty()) return OsFamily::other;
  }
  if (!vm.guestId || vm.guestId->empty()) return OsFamily::unknown;
  // The ids of VirtualMachineGuestOsIdentifier begin with the system's name.
  constexpr std::array<std::string_view, 23> linuxes = {
      "linux",        "otherLinux",   "other24xLinux", "other26xLinux", "other3xLinux", "other4xLinux",
      "other5xLinux", "other6xLinux", "other7xLinux",  "ubuntu",        "debian",       "rhel",
      "centos",       "sles",         "suse",          "oracleLinux",   "opensuse",     "fedora",
      "rocky",        "alma",         "amazonlinux",   "asianux",       "vmwarePhoton"};
  for (const std::string_view name : linuxes) {
    if (startsWith(*vm.guestId, name)) return OsFamily::linux;
  }
  for (const std::string_view name : {"redhat", "mandr", "turboLinux", "coreos", "genericLinux", "flatcar"}) {
    if (startsWith(*vm.guestId, name)) return OsFamily::linux;
  }
  for (const std::string_view name : {"win", "dos"}) {
    if (startsWith(*vm.guestId, name)) return name == "win" ? OsFamily::windows : OsFamily::other;
  }
  return OsFamily::other;
}

Fact judgeOs(const VirtualMachine& vm) {
  constexpr std::string_view rule = "MT-OS";
  const std::string seen = vm.guestFullName.value_or(vm.guestId.value_or("nothing configured"));
  switch (osFamilyOf(vm)) {
    case OsFamily::linux:
      return ok(rule, fmt::format("Linux ({})", seen));
    case OsFamily::windows:
      return ok(rule, fmt::format("Windows ({})", seen));
    case OsFamily::other:
      return bad(rule, fmt::format("{}: neither Linux nor Windows", seen));
    case OsFamily::unknown:
      break;
  }
  return unknown(rule, "guest OS could not be read");
}

Fact judgeTools(const VirtualMachine& vm) {
  constexpr std::string_view rule = "MT-TOOLS";
  if (vm.toolsRunningStatus) {
    if (*vm.toolsRunningStatus == "guestToolsRunning") return ok(rule, *vm.toolsRunningStatus);
    if (*vm.toolsRunningStatus == "guestToolsExecutingScripts") {
      return unknown(rule, "guestToolsExecutingScripts: starting or stopping");
    }
    return bad(rule, *vm.toolsRunningStatus);
  }
  if (vm.toolsStatus) {
    const bool running = *vm.toolsStatus == "toolsOk" || *vm.toolsStatus == "toolsOld";
    return running ? ok(rule, *vm.toolsStatus) : bad(rule, *vm.toolsStatus);
  }
  return unknown(rule, "the state of VMware Tools could not be read");
}

Fact judgeMemory(const VirtualMachine& vm) {
  constexpr std::string_view rule = "MT-RAM";
  if (!vm.memoryBytes) return unknown(rule, "memory size could not be read");
  if (*vm.memoryBytes < leastMemory) {
    return bad(rule,
               fmt::format("{}, at least {} wanted", megabytes(*vm.memoryBytes), megabytes(leastMemory)));
  }
  if (osFamilyOf(vm) == OsFamily::linux && *vm.memoryBytes < goodLinuxMemory) {
    return warn(rule, fmt::format("{}, {} are better for a Linux master target", megabytes(*vm.memoryBytes),
                                  megabytes(goodLinuxMemory)));
  }
  return ok(rule, megabytes(*vm.memoryBytes));
}

std::optional<bool> diskUuidEnabled(const VirtualMachine& vm) {
  if (vm.diskUuidEnabled.value_or(false)) return true;
  if (vm.diskEnableUuidOption) {
    const std::string& text = *vm.diskEnableUuidOption;
    return equalIgnoringCase(text, "true") || text == "1";
  }
  return vm.diskUuidEnabled;
}

Fact judgeDiskUuid(const VirtualMachine& vm) {
  constexpr std::string_view rule = "MT-UUID";
  const std::optional<bool> enabled = diskUuidEnabled(vm);
  if (!enabled) return unknown(rule, "disk.EnableUUID could not be read");
  return *enabled ? ok(rule, "disk.EnableUUID is TRUE") : bad(rule, "disk.EnableUUID is not TRUE");
}

Fact judgeSnapshots(const VirtualMachine& vm) {
  constexpr std::string_view rule = "MT-SNAPSHOT";
  std::string seen;
  const auto add = [&seen](const std::string& what) { seen += (seen.empty() ? "" : ", ") + what; };
  if (const std::size_t count = vm.snapshotCount(); count > 0) {
    add(fmt::format("{} snapshot{}", count, count == 1 ? "" : "s"));
  } else if (vm.currentSnapshot) {
    add("a current snapshot");
  }
  if (vm.hasDelta()) add("delta disks");
  if (vm.consolidationNeeded.value_or(false)) add("consolidation needed");
  if (!seen.empty()) return bad(rule, seen);
  if (!vm.consolidationNeeded) return unknown(rule, "no snapshot; consolidationNeeded could not be read");
  return ok(rule, "no snapshot, no delta, no consolidation needed");
}

Fact judgeControllers(const VirtualMachine& vm) {
  constexpr std::string_view rule = "MT-CONTROLLER";
  if (vm.controllers.empty()) return unknown(rule, "its devices could not be read");
  std::set<std::string> types;
  for (const vsphere::Controller& controller : vm.controllers) {
    if (controller.isScsi()) types.insert(controller.type);
  }
  std::string seen;
  for (const std::string& type : types) seen += (seen.empty() ? "" : ", ") + type;
  if (types.empty()) return ok(rule, "no SCSI controller yet");
  const bool allLsi = std::all_of(vm.controllers.begin(), vm.controllers.end(), [](const auto& controller) {
    return !controller.isScsi() || controller.isLsiLogic();
  });
  if (!allLsi) return bad(rule, fmt::format("{}: LSI Logic only is wanted", seen));
  if (types.size() > 1) return bad(rule, fmt::format("{}: one type only is wanted", seen));
  return ok(rule, seen);
}

Slots slotsOf(const VirtualMachine& vm) {
  std::set<std::int32_t> scsi;
  for (const vsphere::Controller& controller : vm.controllers) {
    if (controller.isScsi()) scsi.insert(controller.key);
  }
  int others = 0;
  for (const vsphere::OtherDevice& device : vm.otherDevices) {
    if (device.controllerKey && scsi.count(*device.controllerKey) != 0) ++others;
  }
  Slots slots;
  slots.used = static_cast<int>(vm.disks.size());
  slots.free = std::max(0, diskSlots - slots.used - others);
  return slots;
}

Fact judgeSlots(const VirtualMachine& vm) {
  constexpr std::string_view rule = "MT-SLOTS";
  if (vm.controllers.empty() && vm.disks.empty()) return unknown(rule, "its devices could not be read");
  const Slots slots = slotsOf(vm);
  const std::string seen = fmt::format("{} of {} used, {} free", slots.used, diskSlots, slots.free);
  return slots.free > 0 ? ok(rule, seen) : bad(rule, seen);
}

namespace {

// Why a datastore can't take replicated disks of a master target on this host; empty when it can.
std::string datastoreObstacle(const vsphere::Datastore& datastore, const vsphere::Moref& host) {
  const std::string type = datastore.type.value_or("");
  if (!equalIgnoringCase(type, "VMFS") && !equalIgnoringCase(type, "vsan")) {
    return type.empty() ? "type unknown" : type;
  }
  if (datastore.accessible && !*datastore.accessible) return "not accessible";
  for (const vsphere::HostMount& mount : datastore.mounts) {
    if (mount.host != host) continue;
    if (mount.accessMode && *mount.accessMode != "readWrite") return *mount.accessMode;
    if (mount.mounted && !*mount.mounted) return "not mounted";
    if (mount.accessible && !*mount.accessible) return mount.inaccessibleReason.value_or("not accessible");
    if (!mount.accessMode) return "access mode unknown";
    return {};
  }
  return "not mounted";
}

}  // namespace

Fact judgeDatastores(const vsphere::Host* host, const Inventory& inventory) {
  constexpr std::string_view rule = "MT-DATASTORE";
  if (host == nullptr) return unknown(rule, "its host can't be seen");
  std::string good, others;
  bool hidden = false;
  for (const vsphere::Moref& ref : host->datastores) {
    const auto* datastore = inventory.find<vsphere::Datastore>(ref);
    if (datastore == nullptr) {
      hidden = true;
      continue;
    }
    const std::string obstacle = datastoreObstacle(*datastore, host->ref);
    if (obstacle.find("unknown") != std::string::npos) hidden = true;
    std::string& list = obstacle.empty() ? good : others;
    if (!list.empty()) list += ", ";
    list += obstacle.empty() ? datastore->name : fmt::format("{} ({})", datastore->name, obstacle);
  }
  if (!good.empty()) return ok(rule, good);
  if (hidden || host->datastores.empty()) {
    return unknown(rule, fmt::format("no VMFS or vSAN datastore of {} can be seen", host->name));
  }
  return bad(rule, fmt::format("no VMFS or vSAN datastore, read-write, on {}: {}", host->name, others));
}

namespace {

bool isFat(const vsphere::GuestVolume& volume) {
  const std::string type = volume.filesystemType.value_or("");
  return startsWith(type, "fat") || startsWith(type, "vfat") || startsWith(type, "msdos");
}

std::string describeVolume(const vsphere::GuestVolume& volume) {
  std::string text = volume.path;
  if (volume.filesystemType) text += " " + *volume.filesystemType;
  if (volume.capacityBytes) text += " " + volumeSize(*volume.capacityBytes);
  return text;
}

bool isDefaultRetention(const vsphere::GuestVolume& volume, OsFamily family) {
  if (family == OsFamily::windows) return startsWith(volume.path, "R:");
  return volume.path == "/mnt/retention" || volume.path == "/mnt/retention/";
}

bool isSystemVolume(const vsphere::GuestVolume& volume, OsFamily family) {
  if (family == OsFamily::windows) return startsWith(volume.path, "C:");
  if (volume.path == "/") return true;
  constexpr std::array<std::string_view, 9> systems = {"/boot", "/usr", "/var",  "/home", "/opt",
                                                       "/tmp",  "/etc", "/root", "/srv"};
  return std::any_of(systems.begin(), systems.end(), [&](std::string_view system) {
    return volume.path == system || (startsWith(volume.path, system) && volume.path.size() > system.size() &&
                                     volume.path[system.size()] == '/');
  });
}

}  // namespace

Fact judgeRetention(const VirtualMachine& vm) {
  static constexpr std::string_view rule = "MT-RETENTION";
  // What the guest does not show can be attested in a plan: unknown is no obstacle here.
  const auto harmless = [](std::string text) { return Fact{rule, Verdict::unknown, std::move(text), false}; };
  if (vm.guestVolumes.empty()) return harmless("VMware Tools report no volumes");
  const OsFamily family = osFamilyOf(vm);
  std::string others;
  for (const vsphere::GuestVolume& volume : vm.guestVolumes) {
    if (isDefaultRetention(volume, family)) {
      const std::string seen = describeVolume(volume);
      if (isFat(volume)) return bad(rule, seen + ": FAT can't be used");
      if (volume.capacityBytes && *volume.capacityBytes <= 0) return bad(rule, seen + ": empty");
      if (!volume.filesystemType) return harmless(seen + ": its file system type is not reported");
      return ok(rule, seen);
    }
    const bool usable =
        !isSystemVolume(volume, family) && !isFat(volume) && volume.capacityBytes.value_or(1) > 0;
    if (usable) others += (others.empty() ? "" : ", ") + describeVolume(volume);
  }
  const std::string wanted = family == OsFamily::windows ? "R:" : "/mnt/retention";
  if (!others.empty()) return harmless(fmt::format("no {}; a plan could name {}", wanted, others));
  return bad(rule, fmt::format("no {} and no other volume that could be used", wanted));
}

Fact judgeRelocating(const VirtualMachine& vm) {
  constexpr std::string_view rule = "MT-RELOCATING";
  const bool disabled = std::find(vm.disabledMethods.begin(), vm.disabledMethods.end(), "RelocateVM_Task") !=
                        vm.disabledMethods.end();
  if (disabled) {
    return unknown(rule,
                   "RelocateVM_Task is disabled: a relocation, clone, snapshot or backup may be running");
  }
  if (!vm.recentTasks.empty()) {
    std::string seen;
    for (const vsphere::Moref& task : vm.recentTasks) seen += (seen.empty() ? "" : ", ") + task.value;
    return {rule, Verdict::unknown, fmt::format("recent tasks {}; discover does not look into them", seen),
            false};
  }
  return ok(rule, "no task");
}

Fact judgeQuestion(const VirtualMachine& vm) {
  constexpr std::string_view rule = "MT-QUESTION";
  if (!vm.question) return ok(rule, "no question");
  return bad(rule, fmt::format("waits for an answer: {}", vm.question->text));
}

bool isObstacle(const Fact& fact) {
  return fact.verdict == Verdict::fail || (fact.verdict == Verdict::unknown && fact.blocks);
}

Candidate summarize(const std::vector<Fact>& facts) {
  Candidate result = Candidate::yes;
  for (const Fact& fact : facts) {
    if (fact.verdict == Verdict::fail) return Candidate::no;
    if (fact.verdict == Verdict::unknown && fact.blocks) result = Candidate::unknown;
  }
  return result;
}

MasterTarget judgeMasterTarget(const VirtualMachine& vm, const Inventory& inventory) {
  const auto* host = inventory.find<vsphere::Host>(vm.host);
  MasterTarget result;
  result.facts = {judgeState(vm),     judgeHost(host),
                  judgeOs(vm),        judgeTools(vm),
                  judgeMemory(vm),    judgeDiskUuid(vm),
                  judgeSnapshots(vm), judgeControllers(vm),
                  judgeSlots(vm),     judgeDatastores(host, inventory),
                  judgeRetention(vm), judgeRelocating(vm),
                  judgeQuestion(vm)};
  result.candidate = summarize(result.facts);
  return result;
}

bool hasMoreObstacles(const VirtualMachine& vm, const Inventory& inventory, std::size_t most) {
  std::size_t obstacles = 0;
  const auto more = [&](const Fact& fact) { return isObstacle(fact) && ++obstacles > most; };
  // First what most machines fail by, last what takes a look at a host's datastores.
  if (more(judgeDiskUuid(vm)) || more(judgeRetention(vm)) || more(judgeControllers(vm)) ||
      more(judgeState(vm)) || more(judgeTools(vm)) || more(judgeSnapshots(vm)) || more(judgeOs(vm)) ||
      more(judgeMemory(vm)) || more(judgeSlots(vm)) || more(judgeRelocating(vm)) || more(judgeQuestion(vm)))
    return true;
  const auto* host = inventory.find<vsphere::Host>(vm.host);
  return more(judgeHost(host)) || more(judgeDatastores(host, inventory));
}

}  // namespace failback::discovery
