// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/rule_tables.h"

namespace failback::provisioning {
namespace {

constexpr Rule failbackTable[] = {
    {"FB-LEDGER",
     Severity::block,
     FC,
     "disk",
     {"ledger", "config.hardware.device"},
     {"8015", "8021", "8022"},
     "Every disk of the ledger is on the master target, with its UUID and file",
     "The ledger holds what was attached at reprotect; it is compared with the master target's devices now. "
     "A disk that is elsewhere, or a file that is another, must be explained before anything is detached.",
     "Look where the finding says each disk is now, and bring it back before you go on."},
    {"FB-SVMOTION",
     Severity::block,
     F,
     "disk",
     {"config.hardware.device", "events"},
     {"8015"},
     "No attached disk has moved to another file or datastore",
     "A Storage vMotion of the master target takes the attached disks of other VMs with it, and their own "
     "VMs still point to the old place. Datastores are compared by reference, so one that was only renamed "
     "is not taken for a move. The events show who moved it, and when.",
     "Move the disk back, or point the home VM's device to the present file."},
    {"FB-DETACHED",
     Severity::block,
     F,
     "disk",
     {"config.hardware.device", "contentId"},
     {"8023", "8035"},
     "After detaching, no disk is left on the master target and all are on the home VM",
     "This is looked at after the step, not by check. The devices of both VMs, the files and their content "
     "ids are read back. A disk that both hold, or that somebody else wrote to, must not be started from.",
     "Leave the home VM off, and look at the disk that the finding names."},
    {"FB-POWER-ON",
     Severity::block,
     F,
     "home VM",
     {"CheckPowerOn_Task", "host summary"},
     {"8038", "8018", "8028", "8029"},
     "The host has the memory and CPU that the home VM needs to start",
     "What the VM needs is compared with what its host has free, and where the server has a check of its "
     "own, that is asked. A VM that cannot start after its disks were detached keeps the service down.",
     "Free memory or CPU on the host, or move the VM to another one."},
    {"FB-NETWORK",
     Severity::warn,
     F,
     "home VM",
     {"config.hardware.device", "plan"},
     {"8024"},
     "The network adapters are as planned",
     "The adapters and their networks are compared with the plan. A Linux guest that had a static address "
     "comes back with DHCP, because the failover changed it; nothing in vSphere shows that.",
     "Correct the adapters; in a Linux guest set the static address again."},
    {"FB-LEFTOVERS",
     Severity::warn,
     FC,
     "plan",
     {"ledger", "journal", "config.extraConfig"},
     {},
     "Nothing that a job made is left behind",
     "Overrides, marks, controllers, safety snapshots and empty folders of ours are looked for. An override "
     "that stays goes on holding a VM in its place, and a snapshot that stays grows.",
     "Cancel the job that left them, or take them back by hand as the finding lists them."},
};

}  // namespace

std::span<const Rule> failbackRules() {
  return failbackTable;
}

}  // namespace failback::provisioning
