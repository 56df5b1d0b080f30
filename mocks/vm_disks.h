// SPDX-License-Identifier: GPL-2.0-or-later
// The files that a machine's disks are made of, as power operations and snapshots use them: which can be
// read, who holds them, which take part in snapshots. Called under the World's lock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/fault.h"
#include "mocks/file_store.h"
#include "mocks/world.h"

namespace failback::mock {

// The descriptor that a disk's backing names; nothing when it names none on a datastore.
std::optional<FileId> diskFileOf(const Value& device);
// "Hard disk 1"
std::string labelOf(const Value& device);
// A snapshot gives it a delta: not independent, no physical RDM.
bool takesPartInSnapshots(const Value& device);
// Written to by several machines at once by intent: multi-writer, or on a shared bus.
bool isShared(const Value& config, const Value& disk);

Fault fileLocked(const std::string& path);
Fault fileNotFound(const std::string& path);
Fault noDiskSpace(const std::string& path, const std::string& datastore);

// Throws FileNotFound for a file of the disk's chain that is not there, GenericVmConfigFault for a parent
// that was written to under its delta, FileLocked when another machine holds a file in a way that excludes
// this one.
void needOpenable(World& world, const MoRef& vm, const Value& config, const Value& disk);

// A running machine holds its configuration and the tops of its chains for itself, and the files below
// together with other readers. Replaces what it held before. Throws FileLocked, and holds nothing then.
void takeLocks(World& world, const MoRef& vm, const Value& state);

// Bytes that still fit on a datastore.
std::int64_t freeSpace(World& world, const std::string& datastoreId);

// Makes the file store read what the inventory says of the machine's datastores, before that changes.
void touchFiles(World& world, const Value& state);

}  // namespace failback::mock
