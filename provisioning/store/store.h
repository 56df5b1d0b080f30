// SPDX-License-Identifier: GPL-2.0-or-later
// The store: what jobs have begun, which slots they have reserved, and the ledger of what they attached. An
// SQLite file (WAL, synced) in a directory of its own. Errors are Failure(internal) that name the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace failback::provisioning {

inline constexpr int storeVersion = 2;

// A disk of a job: reserved before it is attached, in the ledger from then on.
struct StoredDisk {
  std::string machine, id;  // ids in the plan
  std::string uuid, file;   // of the VMDK
  std::int64_t capacityBytes = 0;
  std::string masterTarget;  // its instance UUID
  std::int64_t bus = 0, unit = 0;
  // "reserved", "attached", "home": the words of results.
  std::string state = "reserved";
};

struct StoredMachine {
  std::string id, name, instanceUuid;  // the home VM's name, and the original's UUID
  std::string folder;                  // where the home VM is, or will be: its inventory path
  // What a VM that is still to be made will take: thick disks and swap, on this datastore (its URL, or its
  // name where it has none).
  std::string datastore;
  std::int64_t promisedBytes = 0;
};

struct StoredJob {
  std::string id;    // UUID
  std::string plan;  // the plan's id
  std::string kind;  // "reprotect", "failback", "cancel"
  // "running", "waiting", "interrupted", "failed", "protected", "home": open. "committed", "cancelled": not.
  std::string state = "running";
  std::string opened;  // RFC 3339
  std::vector<StoredMachine> machines;
  std::vector<StoredDisk> disks;
};

// Used by one thread at a time; several processes may use one store.
class Store {
 public:
  // nullptr when there is no store in the directory: nothing is made by looking.
  static std::unique_ptr<Store> openToRead(const std::string& directory);
  // Makes directory (0700) and file where they are missing.
  static std::unique_ptr<Store> open(const std::string& directory);
  virtual ~Store() = default;

  // Jobs that are not committed nor cancelled, oldest first.
  virtual std::vector<StoredJob> openJobs() = 0;
  // Adds the job with its machines and disks, whole or not at all. Throws when a slot of the master target is
  // taken by another open job.
  virtual void add(const StoredJob& job) = 0;
  // The VM is made: its space is taken, no longer promised.
  virtual void setMade(const std::string& job, const std::string& machine) = 0;
  virtual void setJobState(const std::string& job, const std::string& state) = 0;
  virtual void setDiskState(const std::string& job, const std::string& machine, const std::string& disk,
                            const std::string& state) = 0;
};

// Where the store is when nobody says: /var/lib/failback for root, else below XDG_STATE_HOME or
// ~/.local/state.
std::string defaultStoreDirectory(bool root, const std::string& xdgStateHome, const std::string& home);

}  // namespace failback::provisioning
