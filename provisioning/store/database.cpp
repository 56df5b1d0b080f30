// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/store/database.h"

#include <fmt/format.h>
#include <sqlite3.h>

namespace failback::provisioning {

Database::Database(const std::string& file, Mode mode) : file_(file) {
  const int flags = (mode == Mode::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE) |
                    SQLITE_OPEN_FULLMUTEX;
  sqlite3* opened = nullptr;
  const int result = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
  handle_.reset(opened);  // there is one to close even when it failed
  if (result != SQLITE_OK) {
    const std::string why = opened != nullptr ? sqlite3_errmsg(opened) : "no memory";
    vsphere::fail(vsphere::Category::internal, fmt::format("the store {} can't be opened: {}", file_, why),
                  "look at the file's owner and permissions, and at the free space there");
  }
  constexpr int patience = 10'000;  // milliseconds that another process may hold it
  sqlite3_busy_timeout(opened, patience);
  if (mode == Mode::write) useWriteAheadLog(patience);
  run("PRAGMA synchronous = FULL");
  run("PRAGMA foreign_keys = ON");
}

// The switch is not made while another process has the file open to do the same, and SQLite does not wait for
// that by itself.
void Database::useWriteAheadLog(int patience) {
  constexpr int pause = 20;
  for (int waited = 0;; waited += pause) {
    const int result = sqlite3_exec(handle(), "PRAGMA journal_mode = WAL", nullptr, nullptr, nullptr);
    if (result == SQLITE_OK) return;
    if ((result != SQLITE_BUSY && result != SQLITE_LOCKED) || waited >= patience) failed("used");
    sqlite3_sleep(pause);
  }
}

void Database::Close::operator()(sqlite3* handle) const {
  sqlite3_close(handle);
}

void Database::failed(std::string_view doing) const {
  const int code = sqlite3_errcode(handle());
  const bool broken = code == SQLITE_CORRUPT || code == SQLITE_NOTADB;
  vsphere::Error error;
  error.category = vsphere::Category::internal;
  error.text = fmt::format("the store {} can't be {}: {}", file_, doing, sqlite3_errmsg(handle()));
  error.remedy = broken ? "do not delete it: it may tell what a job has done; the next reprotect, failback, "
                          "cancel, commit or resume puts it aside and goes by the marks in vCenter"
                        : "look at the file's permissions and at the free space there";
  if (broken) throw Damaged(error);
  throw vsphere::Failure(error);
}

void Database::leaveAlone() const {
  sqlite3_db_config(handle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
}

void Database::run(const std::string& sql) {
  if (sqlite3_exec(handle(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) failed("used");
}

std::int64_t Database::number(const std::string& sql) {
  Statement statement(*this, sql);
  return statement.step() ? statement.number(0) : 0;
}

Statement::Statement(const Database& database, const std::string& sql) : database_(database) {
  if (sqlite3_prepare_v2(database.handle(), sql.c_str(), -1, &statement_, nullptr) != SQLITE_OK)
    database.failed("read");
}

Statement::~Statement() {
  sqlite3_finalize(statement_);
}

Statement& Statement::bind(std::string_view text) {
  if (sqlite3_bind_text64(statement_, ++bound_, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8) !=
      SQLITE_OK)
    database_.failed("written");
  return *this;
}

Statement& Statement::bind(std::int64_t number) {
  if (sqlite3_bind_int64(statement_, ++bound_, number) != SQLITE_OK) database_.failed("written");
  return *this;
}

bool Statement::step() {
  const int result = sqlite3_step(statement_);
  if (result != SQLITE_ROW && result != SQLITE_DONE) database_.failed("used");
  return result == SQLITE_ROW;
}

std::string Statement::text(int column) const {
  const auto* bytes = sqlite3_column_blob(statement_, column);
  const int size = sqlite3_column_bytes(statement_, column);
  return bytes == nullptr ? std::string()
                          : std::string(static_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

std::int64_t Statement::number(int column) const {
  return sqlite3_column_int64(statement_, column);
}

Transaction::Transaction(Database& database) : database_(database) {
  database_.run("BEGIN IMMEDIATE");
}

Transaction::~Transaction() {
  if (open_) sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace failback::provisioning
