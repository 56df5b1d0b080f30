// SPDX-License-Identifier: GPL-2.0-or-later
// What a VirtualMachineConfigSpec makes of a configuration: for ReconfigVM_Task, CreateVM_Task, CloneVM_Task
// and the checkers. Everything is judged first, then done: a spec that is refused has changed nothing.
#pragma once

#include <functional>
#include <vector>

#include "mocks/file_store.h"
#include "mocks/world.h"

namespace failback::mock {

struct ConfigPlace {
  MoRef vm;     // empty id: one that is about to be made
  MoRef host;   // that it runs or will run on
  FileId home;  // directory of its .vmx
  bool poweredOn = false;
};

struct ConfigResult {
  Value config;  // VirtualMachineConfigInfo
  std::vector<std::function<void()>>
      files;  // creates, extends and deletes the disks' files; may throw Faults
};

// Throws the fault that the task ends with (InvalidDeviceSpec, FileNotFound, ConcurrentAccess, ...). Nothing
// has changed then. Called under the World's lock.
ConfigResult applyConfigSpec(World& world, const ConfigPlace& place, const Value& config, const Value& spec);

// A configuration without disks and NICs, with the devices that every machine has; CreateVM_Task starts here.
Value newConfig(World& world, const std::string& name, const std::string& vmxPath);

// The privileges that a spec needs, and on which object: the machine, datastores, networks.
std::vector<std::pair<MoRef, std::string_view>> privilegesFor(World& world, const MoRef& vm,
                                                              const Value& spec);

// Those of one VirtualDeviceConfigSpec.
std::vector<std::pair<MoRef, std::string_view>> devicePrivileges(World& world, const MoRef& vm,
                                                                 const Value& change);

}  // namespace failback::mock
