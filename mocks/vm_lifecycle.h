// SPDX-License-Identifier: GPL-2.0-or-later
// Virtual machines come and go: made, registered, copied, turned into templates, removed. Each function does
// the whole of what a task does at its end, events included, and throws the fault that the task ends with
// before it has changed anything. Called under the World's lock.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/file_store.h"
#include "mocks/world.h"

namespace failback::mock {

struct Placement {
  MoRef host;
  std::optional<MoRef> pool;  // none: of a template
};

// Where a machine with files on these datastores runs: the host given, or the best of the pool's. Throws
// InvalidArgument, InvalidHostState, InvalidHostConnectionState, DatastoreNotWritableOnHost,
// InvalidDatastore.
Placement placeMachine(World& world, const std::optional<MoRef>& pool, const std::optional<MoRef>& host,
                       const std::vector<MoRef>& datastores);
// Throws what keeps the host from running machines at all.
void needReadyHost(World& world, const MoRef& host);
// Throws InaccessibleDatastore or DatastoreNotWritableOnHost.
void needWritable(World& world, const MoRef& host, const MoRef& datastore);
// Nothing new comes to a datastore that is, or is getting, in maintenance mode: throws InvalidDatastoreState.
void needAccepting(const World& world, const MoRef& datastore);
// Throws VirtualHardwareVersionNotSupported for a hardware version that the host does not run.
void needHardware(World& world, const MoRef& host, std::string_view version);

// The compute resource that a pool or a host belongs to.
MoRef computeResourceOf(World& world, const MoRef& poolOrHost);
// A directory that nothing has yet: "web-01", "web-01_1".
FileId freeDirectory(World& world, const std::string& datastoreId, const std::string& name);
// All files of a configuration's disks, top first, as far as they are there.
std::vector<std::vector<FileId>> diskChains(World& world, const Value& config);
// A running machine holds its files: those that it has now, and no others.
void holdFiles(World& world, const MoRef& vm);
// A configuration whose own files lie elsewhere than when it was written.
Value rebased(World& world, const Value& config, const std::string& vmxPath);
// An instance UUID as vCenter gives it.
std::string newInstanceUuid(World& world);

struct NewMachine {
  MoRef vm;  // numbered already
  MoRef folder;
  Placement place;
};
// Puts a machine with that configuration into the inventory, powered off. The files of its disks exist.
void addMachine(World& world, const NewMachine& machine, const Value& config);

Value createVm(World& world, const MoRef& vm, const MoRef& folder, const Value& spec, const MoRef& pool,
               const std::optional<MoRef>& host);

struct Registration {
  std::string path, name;  // name empty: as the .vmx says
  bool asTemplate = false;
  std::optional<MoRef> pool, host;
};
Value registerVm(World& world, const MoRef& vm, const MoRef& folder, const Registration& how);
void unregisterVm(World& world, const MoRef& vm);
// Removes the machine with the files of all its disks, also those that other, powered-off machines have.
Value destroyVm(World& world, const MoRef& vm);
void markAsTemplate(World& world, const MoRef& vm);
void markAsVirtualMachine(World& world, const MoRef& vm, const MoRef& pool, const std::optional<MoRef>& host);
void upgradeVm(World& world, const MoRef& vm, std::string version);
// Reads the machine's configuration again from a .vmx, its own when empty.
void reloadVm(World& world, const MoRef& vm, const std::string& path);

// vm_clone.cpp. `checkOnly`: judge, change nothing.
Value cloneVm(World& world, const MoRef& source, const MoRef& vm, const MoRef& folder,
              const std::string& name, const Value& spec, bool checkOnly = false);

}  // namespace failback::mock
