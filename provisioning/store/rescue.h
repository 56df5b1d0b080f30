// SPDX-License-Identifier: GPL-2.0-or-later
// What keeps a store from harm: a damaged file is noticed before it is used, and kept aside; the store's own
// UUID stands also in a small file beside the database, so that it outlives it; and who puts a file aside
// does so while nobody works with it. Errors are Failure(internal) that name the file.
#pragma once

#include <string>

namespace failback::provisioning {

// In one sentence why the file is no sound store: SQLite can't read it, its own check fails, or tables are
// missing. Empty: it is sound, or there is none, or it is a newer one, which nobody here can judge. Throws
// Failure for what is no damage: permissions, a full disk, a file that stays busy. Nothing is changed; but
// where a process has died while it made the store (isHalfMade()), SQLite takes that back.
std::string damageOf(const std::string& file);
// SQLite's journal of its first mode is there: only the making of a store has one, and nothing is in it yet.
bool isHalfMade(const std::string& file);

// Renames the file, and -wal and -shm beside it, to "<file>.corrupt-<time>", and never over anything. The new
// name. To be called by who has the store alone (StoreUse). `time`: RFC 3339, as it is now.
std::string putAside(const std::string& file, const std::string& time);

// The UUID in "failback.id" of the store's directory; empty when there is none.
std::string writtenStoreId(const std::string& directory);
// Whole and on the disk when it returns.
void writeStoreId(const std::string& directory, const std::string& id);

// That a process works with the store in this directory: a file lock, which the kernel takes back when the
// process dies.
class StoreUse {
 public:
  // Waits while somebody has it alone, for ten seconds at most. Throws Failure(busy) after that.
  explicit StoreUse(const std::string& directory);
  ~StoreUse();
  StoreUse(const StoreUse&) = delete;
  StoreUse& operator=(const StoreUse&) = delete;

  // Nobody else works with it from now on; then again anybody may. Both wait, and throw, as above.
  void makeAlone();
  void share();

 private:
  void lock(int how, const char* why);
  int file_ = -1;
};

}  // namespace failback::provisioning
