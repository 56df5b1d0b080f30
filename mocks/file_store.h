// SPDX-License-Identifier: GPL-2.0-or-later
// Files are files: what lies on the datastores. A virtual disk is a descriptor with an extent beside it; the
// disk's UUID and size live in the descriptor, a delta's descriptor names its parent, a device of a machine
// only points to a descriptor. Whatever a client sees of moved, shared, locked or missing disks follows from
// this.
//
// A datastore's files come into being when it is first touched, from what the inventory says then (scenarios
// of 45,000 machines would need them all otherwise). So everything that changes files asks for them here
// before it changes the inventory. Not thread safe: the World's lock guards it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "mocks/inventory.h"
#include "mocks/json_value.h"

namespace failback::mock {

// "[vmfs-01] web-01/web-01.vmdk" in two parts; the path has no leading or trailing slash.
struct DatastorePath {
  std::string datastore;  // name
  std::string path;
  std::string text() const;                              // as it is written
  std::string directory() const;                         // "web-01", "" at the top
  std::string fileName() const;                          // "web-01.vmdk"
  DatastorePath sibling(const std::string& name) const;  // another file of the directory
};
// Nothing when the text is not of that form.
std::optional<DatastorePath> parseDatastorePath(std::string_view text);

// A place that survives renaming of the datastore.
struct FileId {
  std::string datastore;  // moref id: "datastore-11"
  std::string path;
  bool operator==(const FileId&) const = default;
  bool operator<(const FileId& other) const {
    return std::tie(datastore, path) < std::tie(other.datastore, other.path);
  }
};

// A virtual disk's descriptor. UUIDs as devices show them: "6000C29e-1f4a-...".
struct Descriptor {
  std::string uuid;
  std::string contentId;              // changes when somebody writes, and only then
  std::int64_t capacity = 0;          // bytes
  std::string provisioning = "thin";  // thin, thick, eager
  std::string adapter = "lsilogic";   // adapterType of VirtualDiskManager: "lsiLogic" as the API says it
  std::optional<FileId> parent;       // of a delta
  std::string parentContentId;        // that the delta was started on: another one now means a broken chain
  std::string rawDevice;              // of an RDM: the LUN's canonical name, else ""
  bool rawPhysical = false;
  // What was written to this file of the chain, oldest first: a token per write. A reader of the disk sees
  // the parent's, then its own.
  std::vector<std::string> writes;
};

enum class FileKind {
  directory,
  descriptor,
  extent,
  config,
  nvram,
  log,
  swap,
  snapshotList,
  snapshotData,
  snapshotMemory,
  other
};

struct StoredFile {
  FileKind kind = FileKind::other;
  std::int64_t size = 0;  // bytes that it takes on the datastore
  std::string modified;   // RFC 3339
  std::string owner = "root";
  std::shared_ptr<const Descriptor> disk;  // of a descriptor
  Value config;                            // of a .vmx: VirtualMachineConfigInfo as it was last written
  Value snapshots;                         // of a .vmsd: VirtualMachineSnapshotInfo
  std::string text;                        // of what somebody uploaded
};

class FileStore {
 public:
  FileStore(Inventory& inventory, std::function<std::string()> clock);

  // Datastores by name within a datacenter (unset: any) and back.
  std::optional<MoRef> datastoreNamed(std::string_view name,
                                      const std::optional<MoRef>& datacenter = {}) const;
  std::string nameOf(std::string_view datastoreId) const;
  // Throws InvalidDatastorePath for a text that is no path, InvalidDatastore for a datastore that is unknown.
  FileId locate(std::string_view datastorePath, const std::optional<MoRef>& datacenter = {}) const;
  std::string pathOf(const FileId& file) const;  // "[name] path"

  // Null when there is no such file.
  const StoredFile* find(const FileId& file);
  bool exists(const FileId& file) { return find(file) != nullptr; }
  // Throws FileNotFound.
  const StoredFile& need(const FileId& file);
  // Names and files directly in a directory ("" is the top), sorted.
  std::vector<std::pair<std::string, const StoredFile*>> list(const std::string& datastoreId,
                                                              const std::string& directory);
  // All paths at or below a directory, with it.
  std::vector<std::string> below(const FileId& directory);

  // Makes or replaces a file, and the directories above it.
  void put(const FileId& file, StoredFile content);
  void makeDirectory(const FileId& directory, bool withParents);  // FileAlreadyExists, FileNotFound
  // Removes a file, or a directory with all that is in it. Throws FileNotFound, FileLocked.
  void remove(const FileId& file);
  // Gives a file (or a directory with all that is in it) another place; what points to it is not changed.
  // Throws FileNotFound, FileAlreadyExists, FileLocked.
  void move(const FileId& from, const FileId& to, bool force = false);
  // A delta names its parent relative to itself: one of `along`, the paths that go from `from` to `to`
  // together, is its parent there, too.
  static void keepParent(StoredFile& delta, const FileId& from, const FileId& to,
                         const std::vector<std::string>& along);

  // ---- virtual disks: a descriptor with its extent, handled as one
  struct NewDisk {
    std::string uuid;  // empty: a new one
    std::int64_t capacity = 0;
    std::string provisioning = "thin", adapter = "lsilogic";
    std::optional<FileId> parent;  // makes a delta: capacity and UUID are the parent's
  };
  // Throws FileAlreadyExists, InsufficientDiskSpace (NoDiskSpace as vCenter names it), FileNotFound.
  void createDisk(const FileId& descriptor, NewDisk disk);
  const Descriptor& descriptor(
      const FileId& file);  // throws FileNotFound, InvalidDiskFormat for what is no disk
  void changeDescriptor(const FileId& file, const std::function<void(Descriptor&)>& change);
  void removeDisk(const FileId& descriptor);                          // with its extent
  void moveDisk(const FileId& from, const FileId& to);                // keeps UUID and content
  void copyDisk(const FileId& from, const FileId& to, bool newUuid);  // flattens a chain into one disk
  // From the file down to its base; stops where a parent is missing. Throws FileNotFound for the first.
  std::vector<FileId> chain(const FileId& descriptor);
  // Merges a delta into its parent and removes it: content and size are then the parent's. The parent's
  // contentId changes when the delta held anything.
  void mergeIntoParent(const FileId& delta);
  // A writer (a guest, a replication agent) leaves a token; contentId changes.
  void write(const FileId& descriptor, const std::string& token);
  // Everything that a reader of the disk sees, oldest first.
  std::vector<std::string> contents(const FileId& descriptor);
  std::int64_t sizeOf(const FileId& descriptor);  // descriptor and extent, bytes on the datastore

  // ---- locks: of running machines on their disks and configuration
  struct Lock {
    std::string holder;   // moref id of the machine
    std::string host;     // moref id of its host
    bool shared = false;  // multi-writer
  };
  // Throws FileLocked (with the file's path) when another machine holds it in a way that excludes this one.
  void lock(const FileId& file, const Lock& lock);
  void unlock(const FileId& file, std::string_view holder);
  void unlockAll(std::string_view holder);
  std::vector<Lock> locks(const FileId& file) const;
  void needUnlocked(const FileId& file, std::string_view exceptHolder = {}) const;

  // Bytes that the files on a datastore take, and those that thin disks may still grow by.
  std::int64_t used(const std::string& datastoreId);
  std::int64_t promised(const std::string& datastoreId);
  // So many of the bytes that nothing listed takes were those of files that have been listed since.
  void countedBefore(const std::string& datastoreId, std::int64_t bytes) {
    unmodelled_[datastoreId] -= bytes;
  }
  // Writes summary.freeSpace, info.freeSpace and summary.uncommitted of datastores whose files have changed
  // since. Called at the end of each operation and task.
  void updateDatastores();

  // Everything that is known of files by now, for a state that is saved; and back. restore() throws
  // JsonError.
  Json save() const;
  void restore(const Json& saved, const std::string& place);

 private:
  using Files = std::map<std::string, StoredFile, std::less<>>;  // by path
  Files& of(const std::string& datastoreId);
  void populate(const std::string& datastoreId, Files& files);

  Inventory& inventory_;
  std::function<std::string()> clock_;
  std::map<std::string, Files, std::less<>> files_;  // by datastore's moref id
  std::map<std::string, std::int64_t, std::less<>>
      unmodelled_;  // bytes that were used before, by nothing listed
  std::map<FileId, std::vector<Lock>> locks_;
  std::vector<std::string> changed_;  // datastores
  std::uint64_t nextDisk_ = 1;
};

}  // namespace failback::mock
