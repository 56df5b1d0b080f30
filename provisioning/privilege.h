// SPDX-License-Identifier: GPL-2.0-or-later
// The one table of vCenter privileges: what each is for, on what, and which kinds of work need it. Static
// data, safe to read from any thread. Ids are vCenter's own; the labels that people see differ between
// versions.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

namespace failback::provisioning {

// What an account is to do; roles are made for these.
enum class Purpose {
  discover,  // read the inventory
  check,     // and judge a plan
  olr,       // reprotect and failback where the original VM is still there
  alr,       // and where it must be created
  protect,  // keep DRS and Storage DRS from moving the master target and the home VMs, and set its boot order
  repair,   // put right what a Storage vMotion or a job that died left behind
};
struct PurposeInfo {
  Purpose purpose;
  std::string_view name;  // "olr"
  std::string_view help;
};
std::span<const PurposeInfo> purposes();

enum class Necessity { none, optional, needed };

struct Privilege {
  std::string_view id;         // "VirtualMachine.Config.AddExistingDisk"
  std::string_view on;         // kinds of objects: "master target"
  std::string_view operation;  // "attach a disk"
  // By purpose, in the order of the enumeration: '+' needed, 'o' only when a plan asks for it, '-' not.
  std::string_view by;

  Necessity necessity(Purpose purpose) const;
  // The most that any of them asks for.
  Necessity necessity(std::span<const Purpose> all) const;
};

// All rows, in the order in which people read them.
std::span<const Privilege> privileges();
// What these purposes need together; what is only needed now and then when `optional`.
std::vector<const Privilege*> privilegesFor(std::span<const Purpose> all, bool optional);

}  // namespace failback::provisioning
