// SPDX-License-Identifier: GPL-2.0-or-later
// What was tried to merge a VM's snapshots, in this call.
#pragma once

#include <string>

namespace failback::provisioning {

struct MergeTries {
  int merges = 0;          // RemoveAllSnapshots_Task
  int consolidations = 0;  // ConsolidateVMDisks_Task
  bool fresh = false;      // a snapshot of our own was to be taken
  int beforeFresh = 0;     // tries before it
  std::string failure;     // of the last try; empty when it ended well

  int all() const { return merges + consolidations; }
};

}  // namespace failback::provisioning
