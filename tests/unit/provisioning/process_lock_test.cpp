// SPDX-License-Identifier: GPL-2.0-or-later
// One process at a time, and none is kept out by one that has died.
#include "provisioning/job/process_lock.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>

#include "tests/support/temporary_folder.h"
#include "vsphere/error.h"

using failback::provisioning::ProcessLock;
namespace vs = failback::vsphere;

namespace {

using Folder = failback::testing::TemporaryFolder;

// What the second one is told; empty when it got the locks.
vs::Error refusal(const std::string& folder, const std::vector<std::string>& names) {
  try {
    const ProcessLock lock(folder, names, "the second");
  } catch (const vs::Failure& failure) {
    return failure.error();
  }
  return {};
}

// A process that holds the lock, and sleeps.
class Holder {
 public:
  Holder(const std::string& folder, const std::string& name) {
    std::array<int, 2> ready{};
    BOOST_REQUIRE(::pipe(ready.data()) == 0);
    pid_ = ::fork();
    BOOST_REQUIRE(pid_ >= 0);
    if (pid_ == 0) hold(folder, name, ready[1]);
    ::close(ready[1]);
    char held = 0;
    BOOST_REQUIRE(::read(ready[0], &held, 1) == 1);
    ::close(ready[0]);
    BOOST_REQUIRE(held == 'y');
  }
  ~Holder() { kill(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  [[noreturn]] static void hold(const std::string& folder, const std::string& name, int ready) {
    char held = 'n';
    try {
      const ProcessLock lock(folder, {name}, "reprotect of plan A in process 4711");
      held = 'y';
      if (::write(ready, &held, 1) == 1) ::pause();
    } catch (const vs::Failure&) {
      if (::write(ready, &held, 1) != 1) ::_exit(2);
    }
    ::_exit(1);
  }

  pid_t pid_ = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(process_lock)

BOOST_AUTO_TEST_CASE(the_second_is_refused_and_told_who_holds_it) {
  const Folder folder;
  const ProcessLock first(folder.path() + "/state", {"plan-1", "mt-1"}, "reprotect of plan 1 in process 17");
  const vs::Error error = refusal(folder.path() + "/state", {"plan-1"});
  BOOST_TEST((error.category == vs::Category::busy));
  BOOST_TEST(error.text.find("this plan") != std::string::npos, error.text);
  BOOST_TEST(error.text.find("reprotect of plan 1 in process 17") != std::string::npos, error.text);
  BOOST_TEST(!error.remedy.empty());
}

BOOST_AUTO_TEST_CASE(two_plans_do_not_work_on_one_master_target) {
  const Folder folder;
  const ProcessLock first(folder.path(), {"plan-1", "mt-1"}, "reprotect of plan 1");
  const vs::Error error = refusal(folder.path(), {"plan-2", "mt-1"});
  BOOST_TEST((error.category == vs::Category::busy));
  BOOST_TEST(error.text.find("the master target") != std::string::npos, error.text);
  // It has let go of what it had got.
  BOOST_TEST(refusal(folder.path(), {"plan-2", "mt-2"}).text.empty());
}

BOOST_AUTO_TEST_CASE(it_is_released_in_the_end_and_a_name_given_twice_is_one) {
  const Folder folder;
  { const ProcessLock first(folder.path(), {"mt-1", "plan-1", "mt-1"}, "a long, long name of who held it"); }
  const ProcessLock next(folder.path(), {"plan-1", "mt-1"}, "short");
  // Of the one before nothing is told.
  const std::string text = refusal(folder.path(), {"plan-1"}).text;
  BOOST_TEST(text.ends_with("by short"), text);
}

BOOST_AUTO_TEST_CASE(one_that_is_killed_holds_nothing) {
  const Folder folder;
  Holder holder(folder.path(), "plan-1");
  const std::string text = refusal(folder.path(), {"plan-1"}).text;
  BOOST_TEST(text.find("process 4711") != std::string::npos, text);
  holder.kill();
  BOOST_TEST(refusal(folder.path(), {"plan-1"}).text.empty());
}

BOOST_AUTO_TEST_CASE(a_directory_that_cannot_be_written_is_named) {
  const Folder folder;
  const std::string file = folder.path() + "/file";
  BOOST_REQUIRE(::close(::creat(file.c_str(), 0600)) == 0);
  const vs::Error error = refusal(file, {"plan-1"});
  BOOST_TEST((error.category == vs::Category::internal));
  BOOST_TEST(error.text.find(file) != std::string::npos, error.text);
}

BOOST_AUTO_TEST_SUITE_END()
