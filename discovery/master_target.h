// SPDX-License-Identifier: GPL-2.0-or-later
// Could this VM be a master target as it is now, and why or why not: those MT rules that need no plan, judged
// on values that were read. Pure functions; they change nothing and ask nobody.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "discovery/inventory.h"

namespace failback::discovery {

enum class Verdict {
  ok,
  warn,     // not as it should be, but no obstacle
  fail,     // stands in the way
  unknown,  // could not be read
};
std::string_view toString(Verdict verdict);

struct Fact {
  std::string_view rule;  // "MT-STATE"
  Verdict verdict = Verdict::unknown;
  std::string value;  // what was seen, for people
  // For unknown: does it keep the VM from being called a candidate?
  bool blocks = true;
};

enum class Candidate { yes, no, unknown };
std::string_view toString(Candidate candidate);

struct MasterTarget {
  Candidate candidate = Candidate::unknown;
  std::vector<Fact> facts;  // in the order of the rules
};

// Disks that one VM can take, and how many of them are there.
inline constexpr int diskSlots = 60;  // 4 SCSI controllers of 15 disks
struct Slots {
  int used = 0;
  int free = 0;
};
// Counts the disks and whatever else sits on a SCSI controller.
Slots slotsOf(const vsphere::VirtualMachine& vm);

enum class OsFamily { linux, windows, other, unknown };
std::string_view toString(OsFamily family);
// From what Tools report, else from the configured guest id ("ubuntu64Guest").
OsFamily osFamilyOf(const vsphere::VirtualMachine& vm);

// disk.EnableUUID, from the flag or the option ("TRUE", "true", "1"); nothing when neither was read.
std::optional<bool> diskUuidEnabled(const vsphere::VirtualMachine& vm);

// One rule each. `host` is nullptr when the VM's host can't be seen.
Fact judgeState(const vsphere::VirtualMachine& vm);
Fact judgeHost(const vsphere::Host* host);
Fact judgeOs(const vsphere::VirtualMachine& vm);
Fact judgeTools(const vsphere::VirtualMachine& vm);
Fact judgeMemory(const vsphere::VirtualMachine& vm);
Fact judgeDiskUuid(const vsphere::VirtualMachine& vm);
Fact judgeSnapshots(const vsphere::VirtualMachine& vm);
Fact judgeControllers(const vsphere::VirtualMachine& vm);
Fact judgeSlots(const vsphere::VirtualMachine& vm);
Fact judgeDatastores(const vsphere::Host* host, const Inventory& inventory);
Fact judgeRetention(const vsphere::VirtualMachine& vm);
Fact judgeRelocating(const vsphere::VirtualMachine& vm);
Fact judgeQuestion(const vsphere::VirtualMachine& vm);

// Does it stand in the way: a failure, or something unknown that blocks?
bool isObstacle(const Fact& fact);

// Any fail: no. Else any unknown that blocks: unknown. Else yes.
Candidate summarize(const std::vector<Fact>& facts);

// All of the above. The inventory must hold the VM's host and datastores at standard depth.
MasterTarget judgeMasterTarget(const vsphere::VirtualMachine& vm, const Inventory& inventory);

// Would judgeMasterTarget() find more than `most` obstacles? Judges no more than it takes to know.
bool hasMoreObstacles(const vsphere::VirtualMachine& vm, const Inventory& inventory, std::size_t most);

}  // namespace failback::discovery
