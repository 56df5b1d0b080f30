// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/plan/plan_consistency.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "discovery/nearest.h"
#include "provisioning/plan/plan_forms.h"

namespace failback::provisioning {

namespace {

// How many disks a controller takes; of a SCSI controller number 7 is its own.
std::int64_t unitsOf(ControllerType type) {
  switch (type) {
    case ControllerType::ide:
      return 2;
    case ControllerType::sata:
      return 30;
    case ControllerType::nvme:
    case ControllerType::pvscsi:
      return 64;
    default:
      return 16;
  }
}

bool isScsi(ControllerType type) {
  return type != ControllerType::ide && type != ControllerType::sata && type != ControllerType::nvme;
}

class Consistency {
 public:
  Consistency(const Plan& plan, const Node& root, std::vector<Problem>& problems)
      : plan_(plan), root_(root), problems_(problems) {}

  void find() {
    masterTargets();
    std::unordered_map<std::string, std::string> ids;
    for (std::size_t i = 0; i < plan_.machines.size(); ++i) {
      const std::string pointer = below("/machines", i);
      const Machine& machine = plan_.machines[i];
      different(ids, machine.id, below(pointer, "id"));
      knownMasterTarget(machine, below(pointer, "masterTarget"));
      source(machine.source, below(pointer, "source"));
      home(machine.home, below(pointer, "home"));
    }
  }

 private:
  void report(const std::string& pointer, std::string text, std::string expected) {
    problems_.push_back({pointer, placeOf(root_, pointer), std::move(text), std::move(expected)});
  }

  // Without regard to case: vSphere tells no two names apart by it.
  void different(std::unordered_map<std::string, std::string>& seen, const std::string& value,
                 const std::string& pointer) {
    if (value.empty()) return;
    const auto [first, fresh] = seen.emplace(lower(value), pointer);
    if (!fresh) report(pointer, fmt::format("is '{}', as {} is", value, first->second), "another one");
  }

  void masterTargets() {
    std::unordered_map<std::string, std::string> names, uuids;
    for (std::size_t i = 0; i < plan_.masterTargets.size(); ++i) {
      const std::string pointer = below("/masterTargets", i);
      different(names, plan_.masterTargets[i].name, below(pointer, "name"));
      different(uuids, plan_.masterTargets[i].instanceUuid, below(pointer, "instanceUuid"));
    }
  }

  void knownMasterTarget(const Machine& machine, const std::string& pointer) {
    std::vector<std::string> names;
    names.reserve(plan_.masterTargets.size());
    for (const MasterTarget& each : plan_.masterTargets) names.push_back(each.name);
    const std::string& wanted = machine.masterTarget;
    if (wanted.empty() || names.empty() || std::find(names.begin(), names.end(), wanted) != names.end())
      return;
    const std::string meant = discovery::nearest(wanted, names);
    report(pointer, fmt::format("is '{}', which masterTargets has not", wanted),
           meant.empty() ? names.front() : meant);
  }

  void source(const Source& source, const std::string& pointer) {
    if (source.kind == SourceKind::virtualMachine && source.instanceUuid.empty() && source.biosUuid.empty())
      report(pointer, "has neither instanceUuid nor biosUuid", "at least one of them, or kind: physical");
    if (source.coresPerSocket > 1 && source.cpus % source.coresPerSocket != 0)
      report(below(pointer, "coresPerSocket"),
             fmt::format("is {}, and cpus is {}", source.coresPerSocket, source.cpus),
             "a number that cpus is a multiple of");
    if (source.secureBoot && source.firmware == Firmware::bios)
      report(below(pointer, "secureBoot"), "is true, and firmware is bios",
             "firmware: efi, or no secure boot");
    std::unordered_map<std::string, std::string> ids, slots, nics;
    for (std::size_t i = 0; i < source.disks.size(); ++i) {
      const std::string disk = below(below(pointer, "disks"), i);
      different(ids, source.disks[i].id, below(disk, "id"));
      slot(slots, source.disks[i], disk);
    }
    for (std::size_t i = 0; i < source.nics.size(); ++i)
      different(nics, source.nics[i].id, below(below(below(pointer, "nics"), i), "id"));
    for (const std::string& each : bootEntries(source)) {
      const bool disk = each.starts_with("disk:") && ids.contains(lower(each.substr(5)));
      const bool nic = each.starts_with("ethernet:") && nics.contains(lower(each.substr(9)));
      if (!disk && !nic && each != "cdrom" && each != "floppy")
        report(below(pointer, "bootOrder"), fmt::format("names '{}'", each),
               "disk: or ethernet: and an id of the machine's, cdrom, or floppy");
    }
  }

  void slot(std::unordered_map<std::string, std::string>& slots, const SourceDisk& disk,
            const std::string& pointer) {
    const ControllerType type = disk.controller.type;
    if (disk.unit >= unitsOf(type) || (isScsi(type) && disk.unit == 7))
      report(below(pointer, "unit"), fmt::format("is {}", disk.unit),
             isScsi(type)
                 ? fmt::format("0 to {}, and not 7, which is the controller's own", unitsOf(type) - 1)
                 : fmt::format("0 to {}", unitsOf(type) - 1));
    // SCSI controllers of all types share the bus numbers.
    const std::string_view bus = isScsi(type) ? "scsi" : word(type);
    const std::string key = fmt::format("{}{}:{}", bus, disk.controller.bus, disk.unit);
    const auto [first, fresh] = slots.emplace(key, pointer);
    if (!fresh)
      report(below(pointer, "unit"), fmt::format("is {}, where {} is already", key, first->second),
             "a free unit");
  }

  void home(const Home& home, const std::string& pointer) {
    const bool renames =
        home.onNameClash == NameClash::renameNew || home.onNameClash == NameClash::renameExisting;
    if (renames && home.newName.empty())
      report(pointer, fmt::format("has no newName, which onNameClash: {} asks for", word(home.onNameClash)),
             "a name");
    if (!renames && !home.newName.empty())
      report(below(pointer, "newName"),
             fmt::format("is '{}', and onNameClash is {}", home.newName, word(home.onNameClash)),
             "onNameClash: rename-new or rename-existing");
  }

  const Plan& plan_;
  const Node& root_;
  std::vector<Problem>& problems_;
};

}  // namespace

void findInconsistencies(const Plan& plan, const Node& root, std::vector<Problem>& problems) {
  Consistency(plan, root, problems).find();
}

}  // namespace failback::provisioning
