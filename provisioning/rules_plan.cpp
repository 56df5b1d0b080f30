// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/rule_tables.h"

namespace failback::provisioning {
namespace {

constexpr Rule planTable[] = {
    {"PLAN-SCHEMA",
     Severity::block,
     RFC,
     "plan",
     {"plan"},
     {"8047", "8054"},
     "The plan matches its schema",
     "The document is read whole, and each error is told with its line and its place. A plan that is "
     "understood in part would be carried out in part.",
     "Correct the places that the finding names."},
    {"PLAN-DATASTORE",
     Severity::block,
     R,
     "plan",
     {"plan"},
     {"8045"},
     "Every machine of the plan names a datastore",
     "A datastore must be named even where the machine's disks still exist and decide by themselves. The "
     "service that runs the replication asks for it in every case.",
     "Name a datastore for the machine."},
    {"PLAN-ONE-MT",
     Severity::block,
     R,
     "plan",
     {"plan"},
     {},
     "All machines of a replication group use the same master target",
     "Machines of a group share points in time, and one master target writes them. Spread over two, they "
     "could not come home to the same moment.",
     "Give all machines of the group the same master target, or take machines out of the group."},
    {"PLAN-ONE-OS",
     Severity::block,
     R,
     "plan",
     {"plan", "config.guestId"},
     {},
     "All machines of a group and their master target are of one OS family",
     "A Linux master target serves Linux machines, a Windows one Windows machines. A mixed group has no "
     "master target that could serve all of it.",
     "Split the group by operating system, or name another master target."},
    {"PLAN-UNIQUE",
     Severity::block,
     R,
     "plan",
     {"plan", "journal"},
     {"8004", "8068"},
     "No machine, disk or target name stands twice in the plan or in another open job",
     "The plan is compared with itself and with jobs that are not finished. Two jobs on one disk would "
     "overwrite each other's data.",
     "Remove the second mention, or finish or cancel the other job."},
    {"PLAN-PHYSICAL",
     Severity::block,
     R,
     "plan",
     {"plan"},
     {},
     "A physical machine is planned to come home as a new VM",
     "A physical source has no home VM whose disks could be used again, so a VM is always created for it. A "
     "physical Windows Server 2008 R2 SP1 cannot come home at all.",
     "Plan the creation of a VM; for Windows Server 2008 R2 SP1 restore by other means."},
    {"PLAN-FIRMWARE",
     Severity::block,
     R,
     "plan",
     {"plan", "environment browser"},
     {},
     "A VM that is created keeps the source's firmware, secure boot and hardware version",
     "A guest installed for EFI does not boot from BIOS, nor the reverse. The hardware version must be at "
     "least that of the source, and the host must know it.",
     "Plan the firmware and secure boot of the source, and a hardware version that the host offers."},
    {"PLAN-GUEST-OS",
     Severity::block,
     R,
     "plan",
     {"plan", "environment browser"},
     {"78052"},
     "The guest operating system is known to the host and can come home",
     "The guest id is looked up on the host and in a list of systems that cannot fail back, with the reason "
     "for each. The replication would otherwise fail after the VM was made.",
     "Correct the guest id in the plan, or use a newer host; a listed system has to be restored by other "
     "means."},
};

}  // namespace

std::span<const Rule> planRules() {
  return planTable;
}

}  // namespace failback::provisioning
