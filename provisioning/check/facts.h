// SPDX-License-Identifier: GPL-2.0-or-later
// Everything that the rules look at beside the plan: read once, before anything is judged. Plain values; what
// could not be read is said, so that a rule can tell "no" from "not known".
#pragma once

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "discovery/inventory.h"
#include "provisioning/store/store.h"
#include "vsphere/model/event.h"
#include "vsphere/model/management.h"
#include "vsphere/model/privileges.h"
#include "vsphere/model/vm_change.h"

namespace failback::provisioning {

// Something that was asked for beside the inventory: the answer, or in one sentence why there is none.
template <class T>
struct Asked {
  std::optional<T> answer;
  std::string why;
};

// A server of the replication that a connection was tried to.
struct Contact {
  std::string what;      // "config server"
  std::string server;    // host:port
  std::string obstacle;  // empty: it answers
};

struct Facts {
  // Names, identity and state of everything; of those in `whole`, all that the rules need (Depth::standard).
  // Inventory::unreadable says what is missing.
  discovery::Inventory inventory;
  std::unordered_set<vsphere::Moref> whole;

  Asked<vsphere::PrivilegeAnswer> privileges;
  Asked<vsphere::Management> management;  // tasks, scheduled tasks, licences
  // Of master targets, last 30 days.
  std::unordered_map<vsphere::Moref, Asked<std::vector<vsphere::Event>>> events;
  // Failback: all starts of VMs since this plan's disks were attached, from one query of the whole inventory.
  Asked<std::vector<vsphere::Event>> starts;
  // By compute resource.
  std::unordered_map<vsphere::Moref, Asked<vsphere::ConfigOption>> configOptions;
  // By datastore: what lies at its top. Of those where VMs are to be created.
  std::unordered_map<vsphere::Moref, Asked<std::vector<vsphere::TopFile>>> topFiles;
  // By master target: what vCenter itself says to the attachment of all disks. Of those that were asked
  // about; an answer without a verdict is a server that can't be asked.
  std::unordered_map<vsphere::Moref, Asked<std::optional<vsphere::ConfigVerdict>>> verdicts;
  // By id of a machine that has to be created: what vCenter itself says to the VM that would be made. One
  // machine of each shape is asked about, `newVmOf` tells which; who is not in it was not asked about.
  std::map<std::string, Asked<std::optional<vsphere::ConfigVerdict>>> newVmVerdicts;
  std::map<std::string, std::string> newVmOf;
  std::vector<Contact> contacts;
  // Of the store here. No answer and no reason: there is no store.
  Asked<std::vector<StoredJob>> openJobs;

  bool isWhole(const vsphere::Moref& ref) const { return whole.contains(ref); }
};

}  // namespace failback::provisioning
