// SPDX-License-Identifier: GPL-2.0-or-later
// What the operations on files share: which file a parameter means and whether the user may touch it. Called
// under the World's lock.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/operation.h"

namespace failback::mock {

inline constexpr std::string_view fileManagement = "Datastore.FileManagement";

// The file that the parameter `name` means in the datacenter that another parameter names. A vCenter wants
// the datacenter: throws InvalidArgument without it, and InvalidDatastorePath, InvalidDatastore,
// InaccessibleDatastore, and NoPermission when the user lacks the privilege on the datastore.
FileId fileParameter(Operation& op, std::string_view name, std::string_view datacenter,
                     std::string_view privilege = fileManagement);

struct FilePair {
  FileId from, to;
};
// The files that a copy or move means: "sourceName" and "<destination>Name", with "sourceDatacenter" and
// "<destination>Datacenter"; without one of its own, the destination is in that of the source.
FilePair sourceAndDestination(Operation& op, const std::string& destination,
                              std::string_view sourcePrivilege = fileManagement);

// Throws InaccessibleDatastore.
void needAccessible(const World& world, const std::string& datastoreId);
// vSAN and vVol keep objects, and directories at the top only as namespaces.
bool keepsNamespaces(const World& world, const std::string& datastoreId);
bool isTopLevel(const FileId& file);

// Throws FileNotFound with the file when its directory does not exist, and CannotCreateFile for a file at the
// top of a vSAN or vVol datastore.
void needDirectoryOf(World& world, const FileId& file);
// Throws NoDiskSpace when the datastore has fewer bytes left than a file needs.
void needSpace(World& world, const FileId& file, std::int64_t bytes);
// The extents of a disk that are files of their own: none on vSAN and vVol.
std::vector<FileId> extentsOf(World& world, const FileId& descriptor);
// Gives a disk that is no delta all its blocks ("thick", "eager"), or says that it is thin. Throws
// NoDiskSpace.
void setProvisioning(World& world, const FileId& descriptor, const std::string& provisioning);
// Machines that are not running read a changed descriptor again; datastores show their free space.
void afterDiskChange(World& world, const FileId& descriptor);

// A task about a file shows the datastore; many may run at once.
Answer startFileTask(Operation& op, const FileId& file, std::string_view descriptionId,
                     std::function<Value()> finish);

}  // namespace failback::mock
