// SPDX-License-Identifier: GPL-2.0-or-later
// A virtual machine as operations change it: they edit `config`, `runtime`, `snapshot` and the files, and
// settle() makes everything else that a vCenter derives from them true again: labels and keys of devices,
// what the descriptors say of the disks, layout, layoutEx, storage, summary, the lists of datastores and
// networks of the machine and of machines of those, free space. Called under the World's lock.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/file_store.h"
#include "mocks/world.h"

namespace failback::mock {

// The devices of a configuration (VirtualMachineConfigInfo).
std::vector<Value> devicesOfConfig(const Value& config);
bool isDisk(const Value& device);
// The file that a disk's backing names, as the device has it; nothing for backings without a file.
std::optional<std::string> fileNameOf(const Value& device);
std::string_view deviceType(const Value& device);
bool deviceIsA(const Value& device, std::string_view type);

// What stands in the way of the machine being used at all: throws InvalidState for orphaned, inaccessible and
// disconnected ones.
void needUsable(const ManagedObject& vm);
// Throws InvalidPowerState with the existing and the requested state.
void needPowerState(const ManagedObject& vm, std::string_view wanted);
bool poweredOn(const ManagedObject& vm);

// "[vmfs-01] web-01/web-01.vmx"
std::string vmxPathOf(const Value& state);
// The directory of the .vmx.
FileId homeOf(World& world, const Value& state);

// Makes all that follows from config, runtime and files true again and stores it. `state` is the machine's
// properties as the operation leaves them. changeVersion is new when the configuration differs.
void settle(World& world, const MoRef& vm, Value state);

// Another machine that has the file, or a file above it, in its chain; `except` aside.
std::vector<MoRef> usersOfFile(World& world, const FileId& file, std::string_view except = {});

// The machine's backing for a descriptor as it is on the datastore now: chain, UUID, contentId.
Value backingFor(World& world, const FileId& descriptor, const Value& like);

}  // namespace failback::mock
