// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/store/rescue.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string_view>
#include <system_error>
#include <thread>

#include "provisioning/store/database.h"
#include "provisioning/store/store.h"
#include "vsphere/error.h"

namespace failback::provisioning {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void failed(const std::string& what, int code) {
  vsphere::fail(vsphere::Category::internal,
                fmt::format("{}: {}", what, std::generic_category().message(code)),
                "look at the directory's owner and permissions, and at the free space there");
}

// Tables that a store of some version has, beside those of the versions before.
struct VersionTables {
  int version;
  std::array<const char*, 3> names;
};
constexpr std::array<VersionTables, 3> versionTables = {VersionTables{1, {"job", "machine", "disk"}},
                                                        {2, {"step", "step", "step"}},
                                                        {3, {"about", "about", "about"}}};

bool hasTable(Database& database, const std::string& name) {
  return database.number(fmt::format(
             "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{}'", name)) > 0;
}

std::string whatIsMissing(Database& database, std::int64_t version) {
  if (version == 0) {
    // Somebody is just making it, in one transaction: until then there is nothing.
    const bool tables = database.number("SELECT count(*) FROM sqlite_master") > 0;
    return tables ? "it has tables, and does not know its version" : "";
  }
  for (const VersionTables& each : versionTables) {
    if (each.version > version) continue;
    for (const char* name : each.names)
      if (!hasTable(database, name)) return fmt::format("its table \"{}\" is missing", name);
  }
  constexpr int knowsItself = 3;
  if (version >= knowsItself && database.number("SELECT count(*) FROM about WHERE key = 'id'") != 1)
    return "its own id is missing";
  return {};
}

// Nothing but what is on the disk when the power fails has happened.
void syncDirectory(const fs::path& directory) {
  const int file = ::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) failed(fmt::format("{} can't be opened", directory.string()), errno);
  const int result = ::fsync(file);
  const int code = errno;
  ::close(file);
  if (result != 0) failed(fmt::format("{} can't be written", directory.string()), code);
}

bool isThere(const std::string& file) {
  std::error_code error;
  return fs::exists(fs::symlink_status(file, error));
}

fs::path idFile(const std::string& directory) {
  return fs::path(directory) / "failback.id";
}

bool isUuid(std::string_view text) {
  constexpr std::string_view form = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  return text.size() == form.size() &&
         std::equal(text.begin(), text.end(), form.begin(), [](char is, char wanted) {
           return wanted == '-' ? is == '-' : std::isxdigit(static_cast<unsigned char>(is)) != 0;
         });
}

}  // namespace

// ------------------------------------------------------------------------------------------------ damage

bool isHalfMade(const std::string& file) {
  return isThere(file + "-journal");
}

std::string damageOf(const std::string& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  // One that is empty is none: there is nothing to keep, and SQLite makes a database of it.
  if (error || size == 0) return {};
  try {
    // For writing, SQLite would take away a log that lies beside what is no database.
    Database database(file, isHalfMade(file) ? Database::Mode::write : Database::Mode::read);
    database.leaveAlone();
    // Its version and its tables are of one moment: another process may be making it just now.
    database.run("BEGIN");
    const std::int64_t version = database.number("PRAGMA user_version");
    if (version > storeVersion) return {};
    Statement check(database, "PRAGMA integrity_check(1)");
    std::string verdict = check.step() ? check.text(0) : std::string("its check says nothing");
    if (verdict != "ok") return verdict;
    return whatIsMissing(database, version);
  } catch (const Damaged& damaged) {
    return damaged.error().text;
  }
}

std::string putAside(const std::string& file, const std::string& time) {
  std::string stamp = time;
  std::erase_if(stamp, [](char each) { return each == '-' || each == ':'; });
  std::string wanted;
  const auto taken = [&](const std::string& name) {
    return isThere(name) || isThere(name + "-wal") || isThere(name + "-shm");
  };
  for (int number = 1; wanted.empty() || taken(wanted); ++number)
    wanted = fmt::format("{}.corrupt-{}{}", file, stamp, number == 1 ? "" : fmt::format("-{}", number));
  // The database last: a new one would be made beside the old one's log, and would take it away.
  for (const char* part : {"-wal", "-shm", ""}) {
    const std::string from = file + part, to = wanted + part;
    if (!isThere(from)) continue;
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) != 0) {
      // A file system that can't promise it; the name was free a moment ago, and we are alone here.
      const bool cant = errno == EINVAL || errno == ENOSYS;
      if (!cant || ::rename(from.c_str(), to.c_str()) != 0)
        failed(fmt::format("{} can't be put aside as {}", from, to), errno);
    }
  }
  syncDirectory(fs::path(file).parent_path());
  return wanted;
}

// --------------------------------------------------------------------------------------------------- the id

std::string writtenStoreId(const std::string& directory) {
  std::ifstream file(idFile(directory));
  std::string line;
  std::getline(file, line);
  return isUuid(line) ? line : std::string();
}

void writeStoreId(const std::string& directory, const std::string& id) {
  // Of a name of its own: several may write it at once, the same.
  std::string fresh = idFile(directory).string() + ".XXXXXX";
  const int file = ::mkostemp(fresh.data(), O_CLOEXEC);
  if (file < 0) failed(fmt::format("{} can't be written", fresh), errno);
  const std::string line = id + "\n";
  const bool written =
      ::write(file, line.data(), line.size()) == static_cast<ssize_t>(line.size()) && ::fdatasync(file) == 0;
  const int code = errno;
  ::close(file);
  if (!written || ::rename(fresh.c_str(), idFile(directory).c_str()) != 0) {
    const int why = written ? errno : code;
    ::unlink(fresh.c_str());
    failed(fmt::format("{} can't be written", idFile(directory).string()), why);
  }
  syncDirectory(directory);
}

// -------------------------------------------------------------------------------------------------- the use

StoreUse::StoreUse(const std::string& directory) {
  const fs::path place = fs::path(directory) / "locks";
  std::error_code error;
  fs::create_directories(place, error);
  const std::string path = (place / "store.lock").string();
  file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file_ < 0) failed(fmt::format("{} can't be opened", path), errno);
  try {
    share();
  } catch (...) {
    ::close(file_);
    throw;
  }
}

StoreUse::~StoreUse() {
  ::close(file_);
}

void StoreUse::makeAlone() {
  lock(LOCK_EX, "the store is damaged, and another process works with it");
}

void StoreUse::share() {
  lock(LOCK_SH, "another process is putting the store aside");
}

void StoreUse::lock(int how, const char* why) {
  constexpr std::chrono::milliseconds pause{50};
  constexpr int attempts = 200;
  for (int i = 0; i < attempts; ++i) {
    // What is held is given up first: two that both want it alone would wait for each other.
    if (::flock(file_, how | LOCK_NB) == 0) return;
    std::this_thread::sleep_for(pause);
  }
  vsphere::fail(vsphere::Category::busy, why, "wait for it to end, then call again");
}

}  // namespace failback::provisioning
