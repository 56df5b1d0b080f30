// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output.h"

#include <fcntl.h>

#include <csignal>

#include "cli/output_csv.h"
#include "tests/unit/cli/support.h"

using namespace failback;
using testing::expectUsage;
using testing::readFile;
using testing::TemporaryFolder;

BOOST_AUTO_TEST_SUITE(output)

BOOST_AUTO_TEST_CASE(a_file_appears_when_it_is_whole) {
  const TemporaryFolder folder;
  const std::string path = folder.write("site.json", "yesterday");
  {
    cli::AtomicFile file(path);
    file.write("today");
    file.flush();
    BOOST_TEST(readFile(path) == "yesterday");
    file.commit();
  }
  BOOST_TEST(readFile(path) == "today");
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600u);
}

BOOST_AUTO_TEST_CASE(what_fails_leaves_nothing_behind) {
  const TemporaryFolder folder;
  {
    cli::AtomicFile file(folder.path("site.json"));
    file.write("half of i");
    file.flush();
  }
  BOOST_TEST(folder.isEmpty());
}

BOOST_AUTO_TEST_CASE(a_link_stays_a_link) {
  const TemporaryFolder folder;
  const std::string target = folder.write("real.json", "old");
  std::filesystem::create_symlink(target, folder.path("link.json"));
  cli::AtomicFile file(folder.path("link.json"));
  file.write("new");
  file.commit();
  BOOST_TEST(readFile(target) == "new");
  BOOST_TEST(std::filesystem::is_symlink(folder.path("link.json")));
}

BOOST_AUTO_TEST_CASE(a_device_or_a_pipe_is_written_to_and_stays) {
  const TemporaryFolder folder;
  const std::string pipe = folder.path("pipe");
  BOOST_REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  BOOST_REQUIRE(reader >= 0);
  cli::AtomicFile file(pipe);
  file.write("through");
  file.commit();
  char text[8] = {};
  BOOST_TEST(::read(reader, text, 7) == 7);
  BOOST_TEST(std::string(text) == "through");
  ::close(reader);
  struct stat status {};
  BOOST_REQUIRE(::stat(pipe.c_str(), &status) == 0);
  BOOST_TEST(S_ISFIFO(status.st_mode));
}

BOOST_AUTO_TEST_CASE(a_place_that_cannot_be_written_is_told_at_once) {
  const TemporaryFolder folder;
  expectUsage([&] { cli::AtomicFile file(folder.path("none/site.json")); }, "none/site.json");
  expectUsage([&] { cli::AtomicFile file(folder.path()); }, "is a directory");
}

BOOST_AUTO_TEST_CASE(a_reader_that_has_gone_is_no_error) {
  int ends[2];
  BOOST_REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  std::signal(SIGPIPE, SIG_IGN);
  cli::FdOutput out(ends[1], "standard output");
  out.write("x");
  BOOST_CHECK_THROW(out.flush(), cli::OutputClosed);
  ::close(ends[1]);
}

BOOST_AUTO_TEST_CASE(no_space_is_an_error) {
  const int fd = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  BOOST_REQUIRE(fd >= 0);
  cli::FdOutput out(fd, "standard output");
  out.write("x");
  const vsphere::Error error = testing::errorOf([&] { out.flush(); });
  BOOST_TEST(testing::holds(error.text, "standard output"));
  ::close(fd);
}

BOOST_AUTO_TEST_CASE(csv_fields_are_quoted_where_they_must_be) {
  BOOST_TEST(cli::csvField("web-01") == "web-01");
  BOOST_TEST(cli::csvField("a,b") == "\"a,b\"");
  BOOST_TEST(cli::csvField("say \"x\"") == "\"say \"\"x\"\"\"");
  BOOST_TEST(cli::csvField("two\nlines") == "\"two\nlines\"");
}

BOOST_AUTO_TEST_SUITE_END()
