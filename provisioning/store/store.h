// SPDX-License-Identifier: GPL-2.0-or-later
// The store: what jobs have begun, which slots they have reserved, and the ledger of what they attached. An
// SQLite file (WAL, synced) in a directory of its own. Errors are Failure(internal) that name the file;
// Damaged (database.h) when it is no sound store.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace failback::provisioning {

inline constexpr int storeVersion = 3;

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

// A step of a job, in the journal. Three durable writes make it: the intent before anything is changed, the
// task when the server has begun, the outcome when it was read back.
struct StoredStep {
  std::int64_t number = 0;       // in the store, ascending
  std::string job, machine;      // the machine's id in the plan; empty: of the whole job
  std::string step;              // "powerOff", "merge", "adopt", "create", "attach", ...
  std::string object;            // what is changed: type and reference, "VirtualMachine:vm-42"
  std::string summary;           // for people: "attach 2 disks of web-01 to mt-linux-01"
  std::string before;            // what was there, as JSON: what a cancel puts back
  std::string spec;              // what is asked for, as JSON
  std::string digest;            // SHA-256 of the spec, hexadecimal
  std::string task;              // "Task:task-17"; empty until the server has begun
  std::string state = "intent";  // "intent", "begun", "done", "failed"
  std::string evidence;          // what was read back, or why it failed
  std::string at;                // RFC 3339, of the intent
};

struct StoredJob {
  std::string id;    // UUID
  std::string plan;  // the plan's id
  std::string kind;  // "reprotect", "failback", "cancel"
  // "running", "waiting", "interrupted", "failed", "protected", "home": open. "committed", "cancelled": not.
  std::string state = "running";
  std::string opened;  // RFC 3339
  std::string digest;  // of the plan as it was when the job was begun
  std::vector<StoredMachine> machines;
  std::vector<StoredDisk> disks;
};

// It is not committed nor cancelled.
bool isOpen(const StoredJob& job);

// A store that was damaged, and is kept under another name.
struct PutAside {
  std::string why, file;
};

// Used by one thread at a time; several processes may use one store.
class Store {
 public:
  // nullptr when there is no store in the directory: nothing is made by looking.
  static std::unique_ptr<Store> openToRead(const std::string& directory);
  // Makes directory (0700) and file where they are missing.
  static std::unique_ptr<Store> open(const std::string& directory);
  // The same; but a damaged file is first put aside (`aside` says where, else it is empty), and a new one is
  // made, with the old one's id. Throws Failure(busy) when it is damaged and others work with it. `time`: RFC
  // 3339, as it is now.
  static std::unique_ptr<Store> openSound(const std::string& directory, const std::string& time,
                                          std::optional<PutAside>& aside);
  virtual ~Store() = default;

  // A UUID of this store, the same as long as its directory lives: by it two stores know each other's marks.
  // It stands also in the file failback.id beside the database. Empty of a store of an older version that was
  // opened to read.
  virtual std::string id() = 0;

  // Jobs that are not committed nor cancelled, oldest first.
  virtual std::vector<StoredJob> openJobs() = 0;
  // Adds the job with its machines and disks, whole or not at all. Throws when a slot of the master target is
  // taken by another open job.
  virtual void add(const StoredJob& job) = 0;
  // The same, of a job whose record was lost: together with what it was made from.
  virtual void addRebuilt(const StoredJob& job, const std::vector<StoredStep>& steps) = 0;
  // The VM is made: its space is taken, no longer promised.
  virtual void setMade(const std::string& job, const std::string& machine) = 0;
  virtual void setJobState(const std::string& job, const std::string& state) = 0;
  // All jobs of a plan, the newest first.
  virtual std::vector<StoredJob> jobsOf(const std::string& plan) = 0;
  virtual void setJobKind(const std::string& job, const std::string& kind) = 0;
  // Its disks are attached anew: what happened to its machines before `opened` does not count any more.
  virtual void reopen(const std::string& job, const std::string& kind, const std::string& opened) = 0;
  // Once it is known: of a disk that the job itself made, or that was moved.
  virtual void setDiskFile(const std::string& job, const std::string& machine, const std::string& disk,
                           const std::string& uuid, const std::string& file) = 0;

  // The journal. Each is on the disk when it returns.
  virtual std::int64_t intend(const StoredStep& step) = 0;  // returns its number
  virtual void begun(std::int64_t step, const std::string& task) = 0;
  virtual void ended(std::int64_t step, const std::string& state, const std::string& evidence) = 0;
  // Of a job, in their order.
  virtual std::vector<StoredStep> steps(const std::string& job) = 0;

  virtual void setDiskState(const std::string& job, const std::string& machine, const std::string& disk,
                            const std::string& state) = 0;
};

// The plan's job that is open; the newest, should there be several.
std::optional<StoredJob> openJobOf(Store& store, const std::string& plan);

// Where the store is when nobody says: /var/lib/failback for root, else below XDG_STATE_HOME or
// ~/.local/state.
std::string defaultStoreDirectory(bool root, const std::string& xdgStateHome, const std::string& home);

}  // namespace failback::provisioning
