// SPDX-License-Identifier: GPL-2.0-or-later
// SQLite, as the store uses it: a connection and statements that end with their scope. Errors are
// Failure(internal) that name the file; Damaged, when the file is no sound database.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "vsphere/error.h"

struct sqlite3;
struct sqlite3_stmt;

namespace failback::provisioning {

// The file is no database, or not a whole one. A full disk, a missing permission or a busy file is not that.
class Damaged : public vsphere::Failure {
 public:
  using Failure::Failure;
};

// Used by one thread at a time.
class Database {
 public:
  enum class Mode { read, write };
  // For writing the file is made when it is not there; every commit is on the disk when it returns.
  Database(const std::string& file, Mode mode);
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const std::string& sql);
  std::int64_t number(const std::string& sql);
  const std::string& file() const { return file_; }
  sqlite3* handle() const { return handle_.get(); }
  [[noreturn]] void failed(std::string_view doing) const;
  // What stands beside the file (-wal) stays as it is when this is closed.
  void leaveAlone() const;

 private:
  // Closes it also when opening fails half-way.
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  // For so many milliseconds at most.
  void useWriteAheadLog(int patience);

  std::string file_;
  std::unique_ptr<sqlite3, Close> handle_;
};

// One statement, its values bound in order, its rows read in turn.
class Statement {
 public:
  Statement(const Database& database, const std::string& sql);
  ~Statement();
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  Statement& bind(std::string_view text);
  Statement& bind(std::int64_t number);
  // True when there is a row.
  bool step();
  std::string text(int column) const;
  std::int64_t number(int column) const;

 private:
  const Database& database_;
  sqlite3_stmt* statement_ = nullptr;
  int bound_ = 0;
};

// All or nothing: rolled back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool open_ = true;
};

}  // namespace failback::provisioning
