// SPDX-License-Identifier: GPL-2.0-or-later
// What only the program itself can show: its process, its terminal, its signals.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pty.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "tests/unit/cli/support.h"

using testing_clock = std::chrono::steady_clock;
using failback::testing::holds;
using Words = std::vector<std::string>;

namespace {

constexpr const char* program = FAILBACK_BIN_DIR "/failback";
constexpr auto generous = std::chrono::seconds(30);

// A server that takes connections and never says a word.
class SilentServer {
 public:
  SilentServer() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    BOOST_REQUIRE(::bind(fd_, reinterpret_cast<sockaddr*>(&address), length) == 0);
    BOOST_REQUIRE(::listen(fd_, 8) == 0);
    BOOST_REQUIRE(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &length) == 0);
    port_ = ntohs(address.sin_port);
  }
  ~SilentServer() { ::close(fd_); }
  SilentServer(const SilentServer&) = delete;
  SilentServer& operator=(const SilentServer&) = delete;
  std::string url() const { return "https://127.0.0.1:" + std::to_string(port_) + "/sdk"; }
  // Waits until somebody has connected.
  void awaitConnection() const {
    pollfd waiting{fd_, POLLIN, 0};
    BOOST_REQUIRE(::poll(&waiting, 1, 30'000) == 1);
  }

 private:
  int fd_;
  int port_ = 0;
};

// A bare root (chroot, some containers) has no pseudo terminals: nothing is mounted at /dev/pts. The tests
// that need one are then skipped, and scripts/test.sh says so; where everything is required, they fail
// instead.
boost::test_tools::assertion_result hasTerminals(boost::unit_test::test_unit_id) {
  const char* required = std::getenv("FAILBACK_REQUIRE_CONFORMANCE");
  if (required != nullptr && std::string(required) == "1") return true;
  int master = -1, slave = -1;
  if (::openpty(&master, &slave, nullptr, nullptr, nullptr) == 0) {
    ::close(master);
    ::close(slave);
    return true;
  }
  std::fputs("SKIPPED: a test of the program on a terminal, because /dev/pts gives none\n", stderr);
  boost::test_tools::assertion_result none(false);
  none.message() << "no pseudo terminals: is devpts mounted at /dev/pts?";
  return none;
}
const boost::unit_test::precondition onTerminal{hasTerminals};

// The program on a terminal of its own.
class OnTerminal {
 public:
  OnTerminal(const Words& words, const std::vector<std::string>& environment) {
    winsize size{};
    size.ws_row = 24;
    size.ws_col = 80;
    pid_ = ::forkpty(&fd_, nullptr, nullptr, &size);
    BOOST_REQUIRE(pid_ >= 0);
    if (pid_ == 0) execute(words, environment);
  }
  ~OnTerminal() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
    ::close(fd_);
  }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;

  // Reads until the word was shown; false when it ends before.
  bool shows(const std::string& word) {
    const auto end = testing_clock::now() + generous;
    while (testing_clock::now() < end) {
      if (holds(seen, word)) return true;
      if (!readMore()) return holds(seen, word);
    }
    return false;
  }
  void type(const std::string& text) const {
    BOOST_REQUIRE(::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  std::string proc(const std::string& file) const {
    return failback::testing::readFile("/proc/" + std::to_string(pid_) + "/" + file);
  }
  void signal(int number) const { ::kill(pid_, number); }
  // The exit code; 128 + the signal's number when that ended it.
  int wait() {
    while (readMore()) {
    }
    int status = 0;
    BOOST_REQUIRE(::waitpid(pid_, &status, 0) == pid_);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  std::string seen;

 private:
  [[noreturn]] static void execute(const Words& words, const std::vector<std::string>& environment) {
    std::vector<char*> arguments = {const_cast<char*>(program)}, variables;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    for (const std::string& variable : environment) variables.push_back(const_cast<char*>(variable.c_str()));
    arguments.push_back(nullptr);
    variables.push_back(nullptr);
    ::execve(program, arguments.data(), variables.data());
    ::_exit(127);
  }
  bool readMore() {
    pollfd waiting{fd_, POLLIN, 0};
    if (::poll(&waiting, 1, static_cast<int>(std::chrono::milliseconds(generous).count())) != 1) return false;
    std::array<char, 1024> piece{};
    const ssize_t count = ::read(fd_, piece.data(), piece.size());
    if (count <= 0) return false;
    seen.append(piece.data(), static_cast<std::size_t>(count));
    return true;
  }

  pid_t pid_ = -1;
  int fd_ = -1;
};

const std::vector<std::string> bare = {"TERM=xterm", "LANG=C.UTF-8", "FAILBACK_CONFIG=/dev/null"};

std::vector<std::string> with(std::vector<std::string> more) {
  more.insert(more.end(), bare.begin(), bare.end());
  return more;
}

int shell(const std::string& command, std::string* text = nullptr) {
  FILE* pipe = ::popen(command.c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::array<char, 512> piece{};
  while (std::fgets(piece.data(), static_cast<int>(piece.size()), pipe) != nullptr) {
    if (text != nullptr) *text += piece.data();
  }
  const int status = ::pclose(pipe);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(program_itself)

BOOST_AUTO_TEST_CASE(a_password_is_asked_for_and_not_shown, *onTerminal) {
  const SilentServer server;
  OnTerminal failback({"discover", "--url", server.url(), "-u", "anna", "-k", "--timeout", "2s"}, bare);
  BOOST_TEST(failback.shows("Password for anna at https://127.0.0.1"));
  failback.type("s3cret-typed\n");
  BOOST_TEST(failback.wait() == 10);  // the server never answers
  BOOST_TEST(!holds(failback.seen, "s3cret"));
  BOOST_TEST(holds(failback.seen, "insecure"));
}

BOOST_AUTO_TEST_CASE(ctrl_c_at_the_prompt_ends_it, *onTerminal) {
  OnTerminal failback({"discover", "--url", "127.0.0.1:9", "-u", "anna"}, bare);
  BOOST_TEST(failback.shows("Password for"));
  failback.type("\x03");
  BOOST_TEST(failback.wait() == 12);
}

BOOST_AUTO_TEST_CASE(signals_end_it_soon_and_the_second_at_once, *onTerminal) {
  for (const int number : {SIGINT, SIGTERM}) {
    const SilentServer server;
    OnTerminal failback({"discover", "--url", server.url(), "-u", "anna", "-k", "--timeout", "5m"},
                        with({"FAILBACK_PASSWORD=pw"}));
    server.awaitConnection();
    const auto sent = testing_clock::now();
    failback.signal(number);
    BOOST_TEST(failback.wait() == 12);
    BOOST_TEST((testing_clock::now() - sent < std::chrono::seconds(10)));
  }
}

BOOST_AUTO_TEST_CASE(other_processes_of_the_user_cannot_look_into_it, *onTerminal) {
  const SilentServer server;
  OnTerminal failback({"discover", "--url", server.url(), "-u", "anna", "-k", "--timeout", "1m"},
                      with({"FAILBACK_PASSWORD=s3cret-in-env"}));
  server.awaitConnection();
  // The limit is of the process's own making: no core file, whoever asks for one.
  const std::string limits = failback.proc("limits");
  const std::size_t line = limits.find("Max core file size");
  BOOST_REQUIRE(line != std::string::npos);
  BOOST_TEST(limits.substr(line, 50).find(" 0 ") != std::string::npos, limits.substr(line, 50));
  // Only root may read it at all.
  BOOST_TEST(!holds(failback.proc("environ"), "s3cret"));
  failback.signal(SIGTERM);
  BOOST_TEST(failback.wait() == 12);
}

BOOST_AUTO_TEST_CASE(a_pipe_that_closes_ends_it_quietly) {
  std::string text;
  BOOST_TEST(shell("bash -o pipefail -c '" + std::string(program) + " man 2>&1 | true'") == 0);
  BOOST_TEST(shell("bash -c '" + std::string(program) + " discover --print-schema 2>&1 >/dev/full'", &text) ==
             1);
  BOOST_TEST(holds(text, "cannot write to standard output"), text);
}

BOOST_AUTO_TEST_CASE(without_a_terminal_nobody_is_asked) {
  std::string text;
  const std::string command = "FAILBACK_CONFIG=/dev/null " + std::string(program) +
                              " discover --url 127.0.0.1:9 -u anna </dev/null 2>&1";
  BOOST_TEST(shell(command, &text) == 2);
  BOOST_TEST(holds(text, "no password for anna"), text);
}

BOOST_AUTO_TEST_SUITE_END()
