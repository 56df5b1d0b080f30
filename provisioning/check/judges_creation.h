// SPDX-License-Identifier: GPL-2.0-or-later
// What the judges of creation share among their files. Nobody else needs it.
#pragma once

#include "provisioning/check/judge_tools.h"

namespace failback::provisioning::creation {

inline constexpr std::int64_t mebibyte = 1024 * 1024;

// The master target's host; nullptr when it can't be seen, and then in words.
const vsphere::Host* hostOf(const MachineInWorld& each);
std::string hostUnseen(const MachineCase& each);

// The datastore that the VM would be made on.
struct ChosenDatastore {
  const vsphere::Datastore* datastore = nullptr;
  const vsphere::StoragePod* pod = nullptr;  // the datastore cluster that the plan names
  std::string why;                           // there is none: what was seen instead
};
// The plan's, or of a datastore cluster the member with the most free space among those that the master
// target's host can use.
ChosenDatastore chosenDatastore(const MachineInWorld& each);
// As a finding names it; a place in the plan when there is none.
ObjectName datastoreName(const MachineCase& each, const ChosenDatastore& chosen);

// A VM, template or vApp that has a name already.
struct NameHolder {
  const vsphere::Entity* entity = nullptr;
  const vsphere::VirtualMachine* vm = nullptr;  // nullptr: a vApp
  bool inFolder = false;                        // else only on the master target's host
};
// Without what this plan made for this machine.
std::vector<NameHolder> holdersOf(const MachineInWorld& each, std::string_view name);
// The name that the VM gets: with rename-new another one, where the first is taken.
std::string nameOfNew(const MachineInWorld& each);
// It is the machine of the plan: by its instance UUID, or by the UUIDs of all its disks. Empty: not proved.
std::string proofOfSame(const vsphere::VirtualMachine& vm, const Machine& machine);

// The network of the master target's host that this adapter is plugged into; nullptr when there is none, or
// more than one of the name.
const vsphere::Network* chosenNetwork(const MachineInWorld& each, const SourceNic& nic);

// judges_creation_names.cpp
void name(const MachineCase& each);
void path(const MachineCase& each);

// judges_creation_places.cpp
void datastore(const MachineCase& each);
void space(const World& world, Judgement& judgement);
void fileSize(const MachineCase& each);

// judges_creation_host.cpp
void host(const MachineCase& each);
void network(const MachineCase& each);
void config(const MachineCase& each);

}  // namespace failback::provisioning::creation
