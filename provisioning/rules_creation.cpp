// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/rule_tables.h"

namespace failback::provisioning {
namespace {

constexpr Rule creationTable[] = {
    {"NEW-GONE",
     Severity::block,
     R,
     "home VM",
     {"SearchIndex", "config.hardware.device", "missingSet", "privileges at the root"},
     {"8067"},
     "The original VM really is gone",
     "It is looked for by both UUIDs and by its disks. Only an account that sees everything can prove that "
     "something does not exist: read permission at the root, inherited, with nothing hidden. Otherwise this "
     "is unknown and a warning.",
     "Use the original if it is found; else give the account read permission at the root.",
     "0.2",
     true},
    {"NEW-NAME",
     Severity::block,
     R,
     "folder",
     {"childEntity", "vm"},
     {"78052", "8057", "8058", "8078"},
     "The name of the new VM is free in its folder and on the master target's host",
     "VMs, templates and vApps are compared as vCenter compares names, without regard to case. vCenter "
     "refuses a second VM of one name in a folder, and the vendor's job fails where the host has one.",
     "Choose in the plan what happens to the name, or use another folder or master target."},
    {"NEW-PATH",
     Severity::block,
     R,
     "datastore",
     {"config.files.vmPathName", "datastore browser"},
     {"8052", "8074", "8079"},
     "The new VM's path is free on the datastore",
     "No registered VM may have that file, and no folder of that name may lie there unless this plan made "
     "it. A folder that was left there may hold the only copy of something.",
     "Look what the folder holds; rename it, or choose another name or datastore."},
    {"NEW-DATASTORE",
     Severity::block,
     R,
     "datastore",
     {"summary", "host.mountInfo"},
     {"8045", "8061", "8080"},
     "The datastore for the new VM is VMFS or vSAN and mounted read-write on the master target's host",
     "It must exist, be accessible and not be in maintenance. NFS, vVol, PMem and vFAT are refused, each "
     "with its reason. Of a datastore cluster a member is chosen.",
     "Name another datastore, or mount this one read-write on the host."},
    {"NEW-SPACE",
     Severity::block,
     R,
     "datastore",
     {"summary.freeSpace", "summary.uncommitted"},
     {"8077"},
     "The datastore has space for all machines of the plan together",
     "Thick disks and swap of all machines that go there are added up, with five per cent to spare. Thin "
     "disks are counted apart, as a warning. A datastore that fills up stops every VM on it.",
     "Make space, or spread the machines over several datastores."},
    {"NEW-FILE-SIZE",
     Severity::block,
     R,
     "disk",
     {"info.maxFileSize"},
     {},
     "Each new disk is at least 1 GB and no larger than the datastore allows",
     "The size of each disk is compared with the largest file that the datastore holds. An older VMFS holds "
     "smaller files than a new one.",
     "Name a datastore that holds files of that size."},
    {"NEW-HOST",
     Severity::block,
     R,
     "host",
     {"capability", "summary.hardware", "resourcePool"},
     {"8038", "8039", "8018"},
     "The master target's host can run the new VM",
     "Its resource pool, CPU count, memory and hardware versions are compared with what the VM needs. The VM "
     "is made on this very host, so another one's resources do not help.",
     "Use a master target on a host that is large enough."},
    {"NEW-NETWORK",
     Severity::block,
     R,
     "network",
     {"host.network", "config.distributedVirtualSwitch"},
     {"8024", "8034"},
     "Every mapped network exists on the master target's host",
     "Distributed port groups are compared by key and switch, others by name. A standalone ESXi host can use "
     "ephemeral port groups only.",
     "Map the network to one that the host has."},
    {"NEW-CONFIG",
     Severity::block,
     R,
     "home VM",
     {"CheckVmConfig_Task"},
     {},
     "vCenter itself accepts the VM that would be created",
     "The very specification that would make the VM is given to vCenter to be judged, which changes nothing. "
     "Of machines that differ in names, sizes and UUIDs only, one is asked about. Servers before 6.7 and "
     "ESXi "
     "hosts can't be asked.",
     "Put right in the plan what vCenter objects to, or choose another place.",
     "0.2",
     true},
    {"NEW-MAC",
     Severity::warn,
     R,
     "network adapter",
     {"config.hardware.device"},
     {},
     "No other VM uses the MAC address that is kept from the source",
     "The adapters of all VMs are compared. Two machines with one address disturb each other's traffic as "
     "soon as both run.",
     "Take a new address, or decide which of the two keeps it."},
    {"NEW-UUID",
     Severity::block,
     R,
     "home VM",
     {"SearchIndex"},
     {"8068"},
     "The UUIDs chosen for the new VM are free",
     "Both the instance UUID and the BIOS UUID are looked up. A VM with the UUID of another is taken for it, "
     "by this program and by others.",
     "Choose other UUIDs in the plan, or remove the VM that holds them."},
    {"NEW-EXPOSURE",
     Severity::info,
     R,
     "plan",
     {"plan"},
     {},
     "No disk is created as an RDM or on a shared bus",
     "The plan is looked through for such disks. What was an RDM or shared at the source comes home as a "
     "plain VMDK of its own.",
     "Where the application needs an RDM or a shared disk, set it up again after failback."},
};

}  // namespace

std::span<const Rule> creationRules() {
  return creationTable;
}

}  // namespace failback::provisioning
