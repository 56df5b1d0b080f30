// SPDX-License-Identifier: GPL-2.0-or-later
// The judges of the home VM that stand in other files than their table. Nobody else needs them.
#pragma once

#include "provisioning/check/judge_tools.h"

namespace failback::provisioning::home_vm {

// judges_home_vm_snapshots.cpp
void snapshot(const HomeCase& home);
void mergeable(const HomeCase& home);
void sharedBase(const HomeCase& home);

// judges_home_vm_disks.cpp
// Why it can't be told who else uses the files of the disk; empty when it can.
std::string blindSpots(const HomeCase& home, const vsphere::Disk& disk);
void changed(const HomeCase& home);
void diskSize(const HomeCase& home);
void diskKind(const HomeCase& home);
void diskFree(const HomeCase& home);
void datastoreReadWrite(const HomeCase& home);

}  // namespace failback::provisioning::home_vm
