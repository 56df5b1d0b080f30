// SPDX-License-Identifier: GPL-2.0-or-later
// Reading a .vmx that somebody else wrote or changed: its text becomes a machine's configuration. What the
// mock wrote itself it keeps as a value, and file_text.h makes the text of it. Under the World's lock.
#pragma once

#include <string>
#include <string_view>

#include "mocks/file_store.h"
#include "mocks/world.h"

namespace failback::mock {

// VirtualMachineConfigInfo of the .vmx, written by the mock or not. Disks whose files are missing are there
// all the same. Throws InvalidVmConfig with the key for a text that is no configuration.
Value configIn(World& world, const FileId& vmx);

// uuid.location: tells a machine that runs where it was registered from one whose files were moved or copied.
// The .vmx of a machine that has still to be asked keeps that of its former place in StoredFile::text.
std::string locationOf(const FileId& vmx);
// The one that the .vmx remembers; "" when it remembers none.
std::string rememberedLocation(World& world, const FileId& vmx);
void rememberLocation(World& world, const FileId& vmx, const std::string& location);
// Nobody needs to be asked any more whether the machine was moved or copied.
void settleLocation(World& world, const MoRef& vm);

}  // namespace failback::mock
