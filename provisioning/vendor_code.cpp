// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/vendor_code.h"

#include <set>

#include "provisioning/rule_tables.h"

namespace failback::provisioning {
namespace {

constexpr VendorCode table[] = {
    {"8038",
     "the home VM could not be started",
     "Seen at failback, when the host has not enough memory for the VM.",
     {"the free memory of the VM's host", "another host that has enough, and sees the VM's datastores"}},
    {"8061",
     "a datastore cannot be reached from the ESXi host",
     "The datastore must be of a supported kind and mounted on the host where the master target runs; that "
     "another "
     "host of the cluster mounts it does not help.",
     {"on which host the master target runs now: a vMotion may have moved it",
      "whether that host mounts the datastore, read-write and accessible",
      "the datastore's type: VMFS or vSAN"}},
    {"78052",
     "the protection of the machine could not be completed",
     "Most often a VM of the same name is already on the host of the master target; an unsupported guest "
     "operating "
     "system has been another cause.",
     {"VMs of that name on the master target's host and in the target folder, stray ones too",
      "the guest operating system"}},
    {"78093",
     "the machine in the cloud is not running or does not respond",
     "The cause lies outside vSphere: the agent in the cloud VM cannot be reached to begin.",
     {"whether the cloud VM runs", "whether it is on the right network", "whether its agent is started"}},
    {"8082",
     "two disks that would be on the master target have the same UUID",
     "The guest tells its disks apart by their UUIDs alone; of twins it could write to the wrong one. Twins "
     "come "
     "from one template: of the master target and a machine, or of two machines.",
     {"which two disks it are: failback check names both, with their VMs",
      "whether the master target and the machine were made from one template: then use another master target",
      "two machines: bring one of them home on another master target, or give one disk a new UUID while its "
      "VM is "
      "off"}},
    {"95226",
     "the machine in the cloud cannot reach the configuration server",
     "The cause lies outside vSphere: the agent in the cloud VM must register with the configuration server "
     "on-premises.",
     {"the VPN or private peering between the cloud network and the site", "firewalls, port 443",
      "whether the agent's service in the cloud VM runs and starts by itself"}},
    {"ECD011",
     "a snapshot is in the way",
     "On the master target it stops the reprotect: a target with snapshots is refused. On the home VM "
     "it is "
     "merged by a reprotect that may; at failback it must be left alone, because the disks were written "
     "below it.",
     {"which of the two VMs has it, and who made it: a backup job that runs every night will make the next "
      "one",
      "whether it is only left over: delta disks, or disks that need consolidation, without a snapshot in "
      "the list",
      "of the master target: delete its snapshots, consolidate, and exclude it from the backup"}},
};

}  // namespace

std::vector<std::string_view> vendorCodes() {
  std::set<std::string_view> all;
  for (const Rule& rule : rules()) all.insert(rule.codes.begin(), rule.codes.end());
  return {all.begin(), all.end()};
}

std::vector<const Rule*> rulesBehind(std::string_view code) {
  std::vector<const Rule*> found;
  for (const Rule& rule : rules()) {
    if (std::any_of(rule.codes.begin(), rule.codes.end(), [&](auto own) { return sameWord(own, code); })) {
      found.push_back(&rule);
    }
  }
  return found;
}

const VendorCode* findVendorCode(std::string_view code) {
  for (const VendorCode& row : table) {
    if (sameWord(row.code, code)) return &row;
  }
  return nullptr;
}

}  // namespace failback::provisioning
