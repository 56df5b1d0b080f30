// SPDX-License-Identifier: GPL-2.0-or-later
// The store remembers what was promised, and says so when it cannot.
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "provisioning/store/database.h"
#include "provisioning/store/rescue.h"
#include "provisioning/store/store.h"
#include "tests/support/temporary_folder.h"
#include "vsphere/error.h"

namespace p = failback::provisioning;

namespace {

using Folder = failback::testing::TemporaryFolder;

p::StoredJob job(const std::string& id, std::int64_t unit) {
  p::StoredJob result;
  result.id = id;
  result.plan = "plan-" + id;
  result.kind = "reprotect";
  result.opened = "2026-11-27T03:00:00Z";
  result.machines = {{"web-01", "web-01", "502e71fa-1a00-759b-e40f-ce778e915f16", "/DC1/vm/Prod",
                      "ds:///vmfs/volumes/1/", 4096}};
  result.disks = {{"web-01", "system", "6000C29a", "[ds] a/a.vmdk", 42, "mt-uuid", 0, unit, "reserved"}};
  return result;
}

std::string failureOf(const std::function<void()>& work) {
  try {
    work();
  } catch (const failback::vsphere::Failure& failure) {
    return failure.error().text;
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_CASE(looking_makes_nothing) {
  const Folder folder;
  BOOST_TEST(p::Store::openToRead(folder.path()) == nullptr);
  BOOST_TEST(p::Store::openToRead(folder.path() + "/not/there") == nullptr);
  BOOST_TEST(std::filesystem::is_empty(folder.path()));
}

BOOST_AUTO_TEST_CASE(open_jobs_are_there_after_a_restart_and_until_they_end) {
  const Folder folder;
  const std::string place = folder.path() + "/state";
  p::Store::open(place)->add(job("1", 1));
  p::Store::open(place)->setDiskState("1", "web-01", "system", "attached");
  const auto jobs = p::Store::openToRead(place)->openJobs();
  BOOST_REQUIRE(jobs.size() == 1u);
  BOOST_TEST(jobs[0].plan == "plan-1");
  BOOST_TEST(jobs[0].machines.at(0).instanceUuid == "502e71fa-1a00-759b-e40f-ce778e915f16");
  BOOST_TEST(jobs[0].machines.at(0).folder == "/DC1/vm/Prod");
  BOOST_TEST(jobs[0].disks.at(0).file == "[ds] a/a.vmdk");
  BOOST_TEST(jobs[0].disks.at(0).state == "attached");
  BOOST_TEST(jobs[0].disks.at(0).capacityBytes == 42);
  p::Store::open(place)->setJobState("1", "committed");
  BOOST_TEST(p::Store::openToRead(place)->openJobs().empty());
}

BOOST_AUTO_TEST_CASE(space_is_promised_until_the_vm_is_made) {
  const Folder folder;
  const auto store = p::Store::open(folder.path());
  store->add(job("1", 1));
  BOOST_TEST(store->openJobs().at(0).machines.at(0).promisedBytes == 4096);
  BOOST_TEST(store->openJobs().at(0).machines.at(0).datastore == "ds:///vmfs/volumes/1/");
  store->setMade("1", "web-01");
  BOOST_TEST(p::Store::openToRead(folder.path())->openJobs().at(0).machines.at(0).promisedBytes == 0);
}

BOOST_AUTO_TEST_CASE(a_store_of_version_1_is_read_as_it_is_and_brought_up_to_date_by_who_writes) {
  const Folder folder;
  {
    // The tables as version 1 had them.
    p::Database old(folder.path() + "/failback.db", p::Database::Mode::write);
    old.run(R"(
CREATE TABLE job (id TEXT PRIMARY KEY, plan TEXT, kind TEXT, state TEXT, opened TEXT);
CREATE TABLE machine (job TEXT, id TEXT, name TEXT, instanceUuid TEXT, folder TEXT, PRIMARY KEY (job, id));
CREATE TABLE disk (
  job TEXT, machine TEXT, id TEXT, uuid TEXT, file TEXT, capacityBytes INTEGER, masterTarget TEXT, bus INTEGER,
  unit INTEGER, state TEXT, held INTEGER DEFAULT 1, PRIMARY KEY (job, machine, id));
INSERT INTO job VALUES ('old', 'plan-old', 'reprotect', 'running', '2026-11-01T00:00:00Z');
INSERT INTO machine VALUES ('old', 'web-01', 'web-01', '502e', '/DC1/vm');
PRAGMA user_version = 1;)");
  }
  BOOST_TEST(p::Store::openToRead(folder.path())->openJobs().at(0).machines.at(0).name == "web-01");
  BOOST_TEST(p::Store::openToRead(folder.path())->id().empty());
  p::Store::open(folder.path())->add(job("1", 1));
  BOOST_TEST(p::Store::openToRead(folder.path())->id().size() == 36u);
  const auto jobs = p::Store::openToRead(folder.path())->openJobs();
  BOOST_REQUIRE(jobs.size() == 2u);
  BOOST_TEST(jobs[0].machines.at(0).folder == "/DC1/vm");
  BOOST_TEST(jobs[0].machines.at(0).promisedBytes == 0);
  BOOST_TEST(jobs[1].machines.at(0).promisedBytes == 4096);
}

BOOST_AUTO_TEST_CASE(a_store_has_an_id_of_its_own_that_stays) {
  const Folder one, other;
  const std::string id = p::Store::open(one.path())->id();
  BOOST_TEST(id.size() == 36u);
  BOOST_TEST(id.at(14) == '4');
  BOOST_TEST(p::Store::open(one.path())->id() == id);
  BOOST_TEST(p::Store::openToRead(one.path())->id() == id);
  BOOST_TEST(p::Store::open(other.path())->id() != id);
}

BOOST_AUTO_TEST_CASE(a_slot_is_promised_once_and_free_again_in_the_end) {
  const Folder folder;
  const auto store = p::Store::open(folder.path());
  store->add(job("1", 1));
  const std::string why = failureOf([&] { p::Store::open(folder.path())->add(job("2", 1)); });
  BOOST_TEST(why.find("scsi0:1") != std::string::npos, why);
  BOOST_TEST(why.find("job 1") != std::string::npos, why);
  // Nothing of the second one is left behind.
  BOOST_TEST(store->openJobs().size() == 1u);
  store->add(job("3", 2));
  store->setJobState("1", "cancelled");
  store->add(job("2", 1));
  BOOST_TEST(store->openJobs().size() == 2u);
}

BOOST_AUTO_TEST_CASE(many_may_make_one_store_at_the_same_time) {
  constexpr int rounds = 10, openers = 8;
  for (int round = 0; round < rounds; ++round) {
    const Folder folder;
    std::mutex mutex;
    std::string failures;
    {
      std::vector<std::jthread> threads;
      threads.reserve(openers);
      for (int each = 0; each < openers; ++each) {
        threads.emplace_back([&, each] {
          try {
            p::Store::open(folder.path())->add(job(std::to_string(each), each));
          } catch (const failback::vsphere::Failure& failure) {
            const std::lock_guard lock(mutex);
            failures += failure.error().text + "\n";
          }
        });
      }
    }
    BOOST_TEST(failures == "");
    BOOST_TEST(p::Store::openToRead(folder.path())->openJobs().size() == static_cast<std::size_t>(openers));
  }
}

// Who looks at a store while another makes it sees nothing yet, or all of it; never damage.
BOOST_AUTO_TEST_CASE(a_store_that_is_just_being_made_is_not_damaged) {
  constexpr int rounds = 150, lookers = 3;
  std::string verdict;
  for (int round = 0; round < rounds && verdict.empty(); ++round) {
    const Folder folder;
    const std::string file = folder.path() + "/failback.db";
    std::mutex mutex;
    std::atomic<bool> made = false;
    std::vector<std::jthread> threads;
    for (int each = 0; each < lookers; ++each) {
      threads.emplace_back([&] {
        while (!made) {
          const std::string seen = p::damageOf(file);
          const std::lock_guard lock(mutex);
          verdict += seen;
        }
      });
    }
    const std::shared_ptr<void> lookersEnd(nullptr, [&](void*) { made = true; });
    p::Store::open(folder.path())->add(job("1", 1));
  }
  BOOST_TEST(verdict == "");
}

BOOST_AUTO_TEST_CASE(a_store_is_readable_by_its_owner_only) {
  const Folder folder;
  p::Store::open(folder.path() + "/state");
  struct stat seen {};
  BOOST_REQUIRE(::stat((folder.path() + "/state").c_str(), &seen) == 0);
  BOOST_TEST((seen.st_mode & 0777) == 0700u);
  BOOST_REQUIRE(::stat((folder.path() + "/state/failback.db").c_str(), &seen) == 0);
  BOOST_TEST((seen.st_mode & 0777) == 0600u);
}

BOOST_AUTO_TEST_CASE(what_is_no_store_or_a_newer_one_is_refused_with_its_name) {
  const Folder folder;
  std::ofstream(folder.path() + "/failback.db")
      << "this is no database, and long enough to be looked at as one ......";
  const std::string why = failureOf([&] { p::Store::openToRead(folder.path())->openJobs(); });
  BOOST_TEST(why.find("failback.db") != std::string::npos, why);

  const Folder other;
  p::Store::open(other.path());
  {
    std::fstream file(other.path() + "/failback.db", std::ios::in | std::ios::out | std::ios::binary);
    constexpr int userVersion = 60;  // its offset in the header, big-endian
    file.seekp(userVersion);
    file.write("\0\0\0\x63", 4);
  }
  std::filesystem::remove(other.path() + "/failback.db-wal");
  const std::string newer = failureOf([&] { p::Store::open(other.path()); });
  BOOST_TEST(newer.find("version 99") != std::string::npos, newer);
}

// ---------------------------------------------------------------------------------------- what is damaged

namespace {

constexpr const char* now = "2026-11-27T18:42:33Z";

std::string textOf(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string firstPage(const std::string& text) {
  constexpr std::size_t page = 4096;
  return text.substr(0, page);
}

// A store with a job, whose file then holds what `spoil` makes of it.
std::string spoiled(const Folder& folder, const std::function<std::string(std::string)>& spoil) {
  p::Store::open(folder.path())->add(job("1", 1));
  std::string file = folder.path() + "/failback.db";
  const std::string text = textOf(file);
  std::ofstream(file, std::ios::binary) << spoil(text);
  return file;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_damaged_store_is_noticed_and_kept_aside_and_its_id_lives_on) {
  const std::vector<std::function<std::string(std::string)>> ways = {
      [](const std::string& text) { return std::string(text.size(), 'x'); },
      [](const std::string& text) { return firstPage(text); },
      [](const std::string& text) {
        return text.substr(0, text.size() / 2) + std::string(text.size() / 2, '\xff');
      },
      [](const std::string&) { return std::string("no database"); }};
  for (const auto& way : ways) {
    const Folder folder;
    const std::string id = p::Store::open(folder.path())->id();
    const std::string file = spoiled(folder, way), before = textOf(file);
    BOOST_TEST(!p::damageOf(file).empty());
    BOOST_CHECK_THROW(p::Store::openToRead(folder.path()), p::Damaged);
    BOOST_CHECK_THROW(p::Store::open(folder.path()), p::Damaged);
    BOOST_TEST((textOf(file) == before));  // who only looks changes nothing

    std::optional<p::PutAside> aside;
    const auto store = p::Store::openSound(folder.path(), now, aside);
    BOOST_REQUIRE(aside.has_value());
    BOOST_TEST(aside->file == file + ".corrupt-20261127T184233Z");
    BOOST_TEST(!aside->why.empty());
    BOOST_TEST((textOf(aside->file) == before));
    BOOST_TEST(store->openJobs().empty());
    BOOST_TEST(store->id() == id);
    BOOST_TEST(p::damageOf(file).empty());
  }
}

BOOST_AUTO_TEST_CASE(what_lies_beside_it_goes_with_it_and_nothing_is_replaced) {
  const Folder folder;
  const std::string file = spoiled(folder, [](const std::string&) { return std::string("no database"); });
  std::ofstream(file + "-wal") << "its log";
  const std::string wanted = file + ".corrupt-20261127T184233Z";
  std::ofstream(wanted + "-shm") << "of another one";
  std::optional<p::PutAside> aside;
  p::Store::openSound(folder.path(), now, aside);
  BOOST_REQUIRE(aside.has_value());
  BOOST_TEST(aside->file == wanted + "-2");
  BOOST_TEST(textOf(wanted + "-2-wal") == "its log");
  BOOST_TEST(textOf(wanted + "-shm") == "of another one");
  // Sound: nothing is put aside.
  p::Store::openSound(folder.path(), now, aside);
  BOOST_TEST(!aside.has_value());
}

BOOST_AUTO_TEST_CASE(a_store_that_lacks_a_table_is_damaged_a_newer_one_and_an_empty_file_are_not) {
  const Folder folder;
  const std::string file = folder.path() + "/failback.db";
  p::Store::open(folder.path());
  {
    p::Database database(file, p::Database::Mode::write);
    database.run("DROP TABLE disk");
  }
  BOOST_TEST(p::damageOf(file).find("\"disk\" is missing") != std::string::npos, p::damageOf(file));
  {
    p::Database database(file, p::Database::Mode::write);
    database.run("PRAGMA user_version = 99");
  }
  BOOST_TEST(p::damageOf(file).empty());
  std::optional<p::PutAside> aside;
  const std::string why = failureOf([&] { p::Store::openSound(folder.path(), now, aside); });
  BOOST_TEST(why.find("version 99") != std::string::npos, why);
  BOOST_TEST(std::filesystem::exists(file));

  const Folder other;
  std::ofstream(other.path() + "/failback.db").flush();
  p::Store::openSound(other.path(), now, aside);
  BOOST_TEST(!aside.has_value());
}

BOOST_AUTO_TEST_CASE(what_may_not_be_read_is_not_damaged) {
  if (::geteuid() == 0) return;  // who may read everything
  const Folder folder;
  p::Store::open(folder.path());
  std::filesystem::permissions(folder.path() + "/failback.db", std::filesystem::perms::none);
  std::optional<p::PutAside> aside;
  BOOST_TEST(!failureOf([&] { p::Store::openSound(folder.path(), now, aside); }).empty());
  BOOST_TEST(!aside.has_value());
}

// A kill in the middle of making it leaves the journal of SQLite's first mode, which a reader can't roll
// back.
BOOST_AUTO_TEST_CASE(a_store_that_was_just_being_made_is_none_to_who_looks) {
  const Folder folder;
  const std::string file = folder.path() + "/failback.db";
  std::ofstream(file) << std::string(4096, '\0');
  std::ofstream(file + "-journal") << "half";
  BOOST_TEST(p::Store::openToRead(folder.path()) == nullptr);
  BOOST_TEST(std::filesystem::exists(file + "-journal"));
}

BOOST_AUTO_TEST_CASE(nobody_puts_aside_what_another_works_with) {
  const Folder folder;
  const auto user = p::Store::open(folder.path());
  p::StoreUse other(folder.path());
  BOOST_TEST(failureOf([&] { other.makeAlone(); }).find("another process works with it") !=
             std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_id_is_written_down_beside_it) {
  const Folder folder;
  const std::string id = p::Store::open(folder.path())->id();
  BOOST_TEST(p::writtenStoreId(folder.path()) == id);
  // The database is lost: the next one is known by the same id.
  for (const char* part : {"", "-wal", "-shm"})
    std::filesystem::remove(folder.path() + "/failback.db" + part);
  BOOST_TEST(p::Store::open(folder.path())->id() == id);
  // The file is lost, or is no id: it is written again.
  for (const char* text : {"", "nonsense\n"}) {
    std::ofstream(folder.path() + "/failback.id") << text;
    BOOST_TEST(p::Store::open(folder.path())->id() == id);
    BOOST_TEST(p::writtenStoreId(folder.path()) == id);
  }
  // One of another store: somebody has mixed them up.
  const Folder other;
  p::Store::open(other.path());
  std::filesystem::copy_file(other.path() + "/failback.id", folder.path() + "/failback.id",
                             std::filesystem::copy_options::overwrite_existing);
  const std::string why = failureOf([&] { p::Store::open(folder.path()); });
  BOOST_TEST(why.find("one of them belongs elsewhere") != std::string::npos, why);
}

BOOST_AUTO_TEST_CASE(a_rebuilt_job_is_there_with_its_origin_or_not_at_all) {
  const Folder folder;
  const auto store = p::Store::open(folder.path());
  p::StoredStep step;
  step.job = "1";
  step.step = "rebuild";
  step.state = "done";
  step.evidence = "marks";
  store->addRebuilt(job("1", 1), {step});
  BOOST_TEST(store->steps("1").at(0).evidence == "marks");
  step.job = "none";  // no such job: the whole is refused
  BOOST_TEST(!failureOf([&] { store->addRebuilt(job("2", 2), {step}); }).empty());
  BOOST_TEST(store->openJobs().size() == 1u);
}

BOOST_AUTO_TEST_CASE(where_it_is_by_default) {
  BOOST_TEST(p::defaultStoreDirectory(true, "/x", "/home/a") == "/var/lib/failback");
  BOOST_TEST(p::defaultStoreDirectory(false, "/x", "/home/a") == "/x/failback");
  BOOST_TEST(p::defaultStoreDirectory(false, "x", "/home/a") == "/home/a/.local/state/failback");
}
