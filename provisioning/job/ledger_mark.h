// SPDX-License-Identifier: GPL-2.0-or-later
// The ledger in short, as it stands on a master target: one mark per machine (steps.h, ledgerMark()), written
// in the same change that attaches or detaches its disks. So it is there even when the store is lost. Pure.
#pragma once

#include <string>
#include <vector>

#include "provisioning/plan/plan.h"
#include "vsphere/model/virtual_machine.h"

namespace failback::provisioning {

struct LedgerEntry {
  std::string id;          // of the disk in the plan
  std::string uuid, file;  // as they were attached
  std::string slot;        // "0:1", bus and unit
  // contentId (VirtualDiskFlatVer2BackingInfo) before the first attachment of the job, and when it was
  // detached to be started at home. Empty: not known, or not yet.
  std::string content, left;
};

// contentId of the disk itself, below whatever snapshots were taken since; empty when it is not known.
std::string contentOf(const vsphere::Disk& disk);

// JSON: [{"id", "uuid", "file", "slot", "content", "left"}].
std::string ledgerText(const std::vector<LedgerEntry>& entries);
// Empty when the master target bears none of this machine, or one that can't be read.
std::vector<LedgerEntry> ledgerOn(const vsphere::VirtualMachine& target, const Plan& plan,
                                  const Machine& machine);
// Of the text; empty when it is none.
std::vector<LedgerEntry> ledgerFrom(const std::string& text);
// nullptr: it has none of this disk.
const LedgerEntry* entryOf(const std::vector<LedgerEntry>& entries, const SourceDisk& disk);

}  // namespace failback::provisioning
