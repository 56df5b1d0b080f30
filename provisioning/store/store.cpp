// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/store/store.h"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "provisioning/store/database.h"
#include "provisioning/store/rescue.h"
#include "vsphere/error.h"

namespace failback::provisioning {
namespace {

// A slot belongs to one disk until its job has ended: the index makes two processes agree.
constexpr const char* schema = R"(
CREATE TABLE job (
  id TEXT PRIMARY KEY, plan TEXT NOT NULL, kind TEXT NOT NULL, state TEXT NOT NULL, opened TEXT NOT NULL);
CREATE INDEX job_by_plan ON job (plan);
CREATE TABLE machine (
  job TEXT NOT NULL REFERENCES job (id), id TEXT NOT NULL, name TEXT NOT NULL, instanceUuid TEXT NOT NULL,
  folder TEXT NOT NULL, PRIMARY KEY (job, id));
CREATE TABLE disk (
  job TEXT NOT NULL REFERENCES job (id), machine TEXT NOT NULL, id TEXT NOT NULL, uuid TEXT NOT NULL,
  file TEXT NOT NULL, capacityBytes INTEGER NOT NULL, masterTarget TEXT NOT NULL, bus INTEGER NOT NULL,
  unit INTEGER NOT NULL, state TEXT NOT NULL, held INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (job, machine, id));
CREATE UNIQUE INDEX slot ON disk (masterTarget, bus, unit) WHERE held = 1;
)";

// What leads from one version to the next; the first from 1 to 2.
constexpr std::array<const char*, storeVersion - 1> migrations = {
    R"(
ALTER TABLE machine ADD COLUMN datastore TEXT NOT NULL DEFAULT '';
ALTER TABLE machine ADD COLUMN promisedBytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE job ADD COLUMN digest TEXT NOT NULL DEFAULT '';
CREATE TABLE step (
  number INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL REFERENCES job (id), machine TEXT NOT NULL,
  step TEXT NOT NULL, object TEXT NOT NULL, summary TEXT NOT NULL, before TEXT NOT NULL, spec TEXT NOT NULL,
  digest TEXT NOT NULL, task TEXT NOT NULL, state TEXT NOT NULL, evidence TEXT NOT NULL, at TEXT NOT NULL);
CREATE INDEX step_by_job ON step (job, number);
)",
    // The store's own UUID, a random one.
    R"(
CREATE TABLE about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
INSERT INTO about (key, value) SELECT 'id', lower(hex(randomblob(4)) || '-' || hex(randomblob(2)) || '-4' ||
  substr(hex(randomblob(2)), 2) || '-' || substr('89ab', 1 + abs(random() % 4), 1) ||
  substr(hex(randomblob(2)), 2) || '-' || hex(randomblob(6)));
)",
};

std::string fileIn(const std::string& directory) {
  return (std::filesystem::path(directory) / "failback.db").string();
}

bool isClosed(const std::string& state) {
  return state == "committed" || state == "cancelled";
}

class SqliteStore final : public Store {
 public:
  // `use`: of who writes.
  SqliteStore(const std::string& directory, Database::Mode mode, std::unique_ptr<StoreUse> use)
      : use_(std::move(use)), database_(fileIn(directory), mode) {
    const std::string& file = database_.file();
    const std::int64_t version = this->version();
    if (version > storeVersion)
      vsphere::fail(vsphere::Category::usage,
                    fmt::format("the store {} is of version {}, and this failback knows {} at most", file,
                                version, storeVersion),
                    "use the failback that wrote it, or a newer one");
    if (mode == Database::Mode::read) return;
    const std::string written = writtenStoreId(directory);
    if (version < storeVersion) migrate(written);
    agreeOnId(directory, written);
  }

  std::string id() override {
    if (version() < 3) return {};
    Statement row(database_, "SELECT value FROM about WHERE key = 'id'");
    return row.step() ? row.text(0) : std::string();
  }

  std::vector<StoredJob> openJobs() override {
    std::vector<StoredJob> jobs;
    if (version() == 0) return jobs;  // somebody else is just making it
    Statement rows(database_,
                   columns() + " WHERE state NOT IN ('committed', 'cancelled') ORDER BY opened, id");
    readJobs(rows, jobs);
    return jobs;
  }

  std::vector<StoredJob> jobsOf(const std::string& plan) override {
    std::vector<StoredJob> jobs;
    if (version() == 0) return jobs;
    Statement rows(database_, columns() + " WHERE lower(plan) = lower(?) ORDER BY rowid DESC");
    rows.bind(plan);
    readJobs(rows, jobs);
    return jobs;
  }

  void add(const StoredJob& job) override {
    Transaction transaction(database_);
    addJob(job);
    transaction.commit();
  }

  void addRebuilt(const StoredJob& job, const std::vector<StoredStep>& steps) override {
    Transaction transaction(database_);
    addJob(job);
    for (const StoredStep& each : steps) ended(intend(each), each.state, each.evidence);
    transaction.commit();
  }

  void setJobKind(const std::string& job, const std::string& kind) override {
    Statement(database_, "UPDATE job SET kind = ? WHERE id = ?").bind(kind).bind(job).step();
  }

  void reopen(const std::string& job, const std::string& kind, const std::string& opened) override {
    Statement(database_, "UPDATE job SET kind = ?, opened = ? WHERE id = ?")
        .bind(kind)
        .bind(opened)
        .bind(job)
        .step();
  }

  void setDiskFile(const std::string& job, const std::string& machine, const std::string& disk,
                   const std::string& uuid, const std::string& file) override {
    Statement(database_, "UPDATE disk SET uuid = ?, file = ? WHERE job = ? AND machine = ? AND id = ?")
        .bind(uuid)
        .bind(file)
        .bind(job)
        .bind(machine)
        .bind(disk)
        .step();
  }

  std::int64_t intend(const StoredStep& step) override {
    Statement(database_,
              "INSERT INTO step (job, machine, step, object, summary, before, spec, digest, task, state, "
              "evidence, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 'intent', '', ?)")
        .bind(step.job)
        .bind(step.machine)
        .bind(step.step)
        .bind(step.object)
        .bind(step.summary)
        .bind(step.before)
        .bind(step.spec)
        .bind(step.digest)
        .bind(step.at)
        .step();
    return database_.number("SELECT last_insert_rowid()");
  }

  void begun(std::int64_t step, const std::string& task) override {
    Statement(database_, "UPDATE step SET task = ?, state = 'begun' WHERE number = ?")
        .bind(task)
        .bind(step)
        .step();
  }

  void ended(std::int64_t step, const std::string& state, const std::string& evidence) override {
    Statement(database_, "UPDATE step SET state = ?, evidence = ? WHERE number = ?")
        .bind(state)
        .bind(evidence)
        .bind(step)
        .step();
  }

  std::vector<StoredStep> steps(const std::string& job) override {
    std::vector<StoredStep> steps;
    if (version() < 2) return steps;
    Statement rows(database_,
                   "SELECT number, job, machine, step, object, summary, before, spec, digest, task, state, "
                   "evidence, at FROM step WHERE job = ? ORDER BY number");
    rows.bind(job);
    while (rows.step())
      steps.push_back({rows.number(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4), rows.text(5),
                       rows.text(6), rows.text(7), rows.text(8), rows.text(9), rows.text(10), rows.text(11),
                       rows.text(12)});
    return steps;
  }

  void setMade(const std::string& job, const std::string& machine) override {
    Statement(database_, "UPDATE machine SET promisedBytes = 0 WHERE job = ? AND id = ?")
        .bind(job)
        .bind(machine)
        .step();
  }

  void setJobState(const std::string& job, const std::string& state) override {
    Transaction transaction(database_);
    Statement(database_, "UPDATE job SET state = ? WHERE id = ?").bind(state).bind(job).step();
    if (isClosed(state)) Statement(database_, "UPDATE disk SET held = 0 WHERE job = ?").bind(job).step();
    transaction.commit();
  }

  void setDiskState(const std::string& job, const std::string& machine, const std::string& disk,
                    const std::string& state) override {
    Statement(database_, "UPDATE disk SET state = ? WHERE job = ? AND machine = ? AND id = ?")
        .bind(state)
        .bind(job)
        .bind(machine)
        .bind(disk)
        .step();
  }

 private:
  std::int64_t version() { return database_.number("PRAGMA user_version"); }

  // A new store takes the id of the one that was here.
  void migrate(const std::string& id) {
    Transaction transaction(database_);
    // Another process may have been faster.
    std::int64_t from = version();
    if (from == 0) {
      database_.run(schema);
      from = 1;
    }
    const bool nameless = from < 3;
    for (; from < storeVersion; ++from) database_.run(migrations.at(static_cast<std::size_t>(from - 1)));
    if (nameless && !id.empty())
      Statement(database_, "UPDATE about SET value = ? WHERE key = 'id'").bind(id).step();
    database_.run(fmt::format("PRAGMA user_version = {}", storeVersion));
    transaction.commit();
  }

  void agreeOnId(const std::string& directory, const std::string& written) {
    const std::string own = id();
    if (written.empty()) return writeStoreId(directory, own);
    if (written == own) return;
    vsphere::fail(
        vsphere::Category::usage,
        fmt::format(
            "the store {} has the id {}, and failback.id beside it says {}: one of them belongs elsewhere",
            database_.file(), own, written),
        "put the database back that belongs there; when it is this one, delete failback.id");
  }

  std::string columns() {
    return fmt::format("SELECT id, plan, kind, state, opened, {} FROM job", version() < 2 ? "''" : "digest");
  }

  void readJobs(Statement& rows, std::vector<StoredJob>& jobs) {
    while (rows.step()) {
      StoredJob& job = jobs.emplace_back();
      job.id = rows.text(0);
      job.plan = rows.text(1);
      job.kind = rows.text(2);
      job.state = rows.text(3);
      job.opened = rows.text(4);
      job.digest = rows.text(5);
      readParts(job);
    }
  }

  void readParts(StoredJob& job) {
    // Who only reads does not migrate.
    const std::string promised = version() < 2 ? "'', 0" : "datastore, promisedBytes";
    Statement machines(
        database_,
        fmt::format("SELECT id, name, instanceUuid, folder, {} FROM machine WHERE job = ? ORDER BY id",
                    promised));
    machines.bind(job.id);
    while (machines.step())
      job.machines.push_back({machines.text(0), machines.text(1), machines.text(2), machines.text(3),
                              machines.text(4), machines.number(5)});
    Statement disks(
        database_,
        "SELECT machine, id, uuid, file, capacityBytes, masterTarget, bus, unit, state FROM disk WHERE job "
        "= ? ORDER BY machine, id");
    disks.bind(job.id);
    while (disks.step())
      job.disks.push_back({disks.text(0), disks.text(1), disks.text(2), disks.text(3), disks.number(4),
                           disks.text(5), disks.number(6), disks.number(7), disks.text(8)});
  }

  void addJob(const StoredJob& job) {
    Statement(database_, "INSERT INTO job (id, plan, kind, state, opened, digest) VALUES (?, ?, ?, ?, ?, ?)")
        .bind(job.id)
        .bind(job.plan)
        .bind(job.kind)
        .bind(job.state)
        .bind(job.opened)
        .bind(job.digest)
        .step();
    for (const StoredMachine& each : job.machines) {
      Statement(database_,
                "INSERT INTO machine (job, id, name, instanceUuid, folder, datastore, promisedBytes) VALUES "
                "(?, ?, ?, ?, ?, ?, ?)")
          .bind(job.id)
          .bind(each.id)
          .bind(each.name)
          .bind(each.instanceUuid)
          .bind(each.folder)
          .bind(each.datastore)
          .bind(each.promisedBytes)
          .step();
    }
    for (const StoredDisk& each : job.disks) addDisk(job.id, each);
  }

  void addDisk(const std::string& job, const StoredDisk& disk) {
    Statement taken(database_,
                    "SELECT job FROM disk WHERE masterTarget = ? AND bus = ? AND unit = ? AND held = 1");
    taken.bind(disk.masterTarget).bind(disk.bus).bind(disk.unit);
    if (taken.step())
      vsphere::fail(vsphere::Category::busy,
                    fmt::format("slot scsi{}:{} of the master target {} is reserved by job {}", disk.bus,
                                disk.unit, disk.masterTarget, taken.text(0)),
                    "wait for that job to end, or cancel it");
    Statement(database_,
              "INSERT INTO disk (job, machine, id, uuid, file, capacityBytes, masterTarget, bus, unit, "
              "state) VALUES "
              "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
        .bind(job)
        .bind(disk.machine)
        .bind(disk.id)
        .bind(disk.uuid)
        .bind(disk.file)
        .bind(disk.capacityBytes)
        .bind(disk.masterTarget)
        .bind(disk.bus)
        .bind(disk.unit)
        .bind(disk.state)
        .step();
  }

  std::unique_ptr<StoreUse> use_;
  Database database_;
};

void makeDirectory(const std::string& directory) {
  std::error_code error;
  if (std::filesystem::create_directories(directory, error))
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, error);
  if (error)
    vsphere::fail(vsphere::Category::internal,
                  fmt::format("{} can't be made: {}", directory, error.message()),
                  "name another directory with --state");
}

std::unique_ptr<Store> openToWrite(const std::string& directory, std::unique_ptr<StoreUse> use) {
  auto store = std::make_unique<SqliteStore>(directory, Database::Mode::write, std::move(use));
  // SQLite gives the files beside it the same permissions.
  std::error_code error;
  std::filesystem::permissions(
      fileIn(directory), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write, error);
  return store;
}

[[noreturn]] void refuseDamaged(const std::string& file, const std::string& why) {
  vsphere::Error error;
  error.category = vsphere::Category::internal;
  error.text = fmt::format("the store {} is damaged: {}", file, why);
  error.remedy =
      "do not delete it; the next reprotect, failback, cancel, commit or resume puts it aside and goes by "
      "the "
      "marks in vCenter";
  throw Damaged(error);
}

}  // namespace

std::unique_ptr<Store> Store::openToRead(const std::string& directory) {
  const std::string file = fileIn(directory);
  std::error_code error;
  if (!std::filesystem::exists(file, error)) {
    // Not to be allowed to look is not the same as that there is none.
    if (!error || error == std::errc::no_such_file_or_directory || error == std::errc::not_a_directory)
      return nullptr;
    vsphere::fail(vsphere::Category::internal,
                  fmt::format("the store {} can't be looked at: {}", file, error.message()),
                  "look at the directory's owner and permissions");
  }
  if (isHalfMade(file)) return nullptr;
  if (const std::string why = damageOf(file); !why.empty()) refuseDamaged(file, why);
  return std::make_unique<SqliteStore>(directory, Database::Mode::read, nullptr);
}

std::unique_ptr<Store> Store::open(const std::string& directory) {
  makeDirectory(directory);
  auto use = std::make_unique<StoreUse>(directory);
  const std::string file = fileIn(directory);
  if (const std::string why = damageOf(file); !why.empty()) refuseDamaged(file, why);
  return openToWrite(directory, std::move(use));
}

std::unique_ptr<Store> Store::openSound(const std::string& directory, const std::string& time,
                                        std::optional<PutAside>& aside) {
  makeDirectory(directory);
  auto use = std::make_unique<StoreUse>(directory);
  const std::string file = fileIn(directory);
  aside.reset();
  if (!damageOf(file).empty()) {
    use->makeAlone();
    // Another process may have been faster.
    const std::string why = damageOf(file);
    if (!why.empty()) aside = PutAside{why, putAside(file, time)};
    use->share();
  }
  return openToWrite(directory, std::move(use));
}

bool isOpen(const StoredJob& job) {
  return !isClosed(job.state);
}

std::optional<StoredJob> openJobOf(Store& store, const std::string& plan) {
  for (StoredJob& each : store.jobsOf(plan))
    if (isOpen(each)) return std::move(each);
  return std::nullopt;
}

std::string defaultStoreDirectory(bool root, const std::string& xdgStateHome, const std::string& home) {
  if (root) return "/var/lib/failback";
  // A relative one counts as not set (XDG Base Directory Specification).
  if (!xdgStateHome.empty() && xdgStateHome.front() == '/') return xdgStateHome + "/failback";
  return home + "/.local/state/failback";
}

}  // namespace failback::provisioning
