// SPDX-License-Identifier: GPL-2.0-or-later
// Orders as a client of the program meets them: on its connection; and `mock-vcenter ctl`, which gives them.
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "tests/unit/mocks/server_program.h"

namespace failback::mock::testing {

namespace {

using Json = nlohmann::ordered_json;

struct Ran {
  int status = 0;
  std::string out, err;
  Json json() const { return Json::parse(out, nullptr, false); }
};

class Ctl {
 public:
  explicit Ctl(const Program& program) : program_(program) {}

  // `arguments` as in a shell.
  Ran run(const std::string& arguments, const std::string& input = {}) const {
    const auto file = [this](const char* name) { return (program_.directory / name).string(); };
    std::ofstream(file("in")) << input;
    const std::string command = FAILBACK_BIN_DIR "/mock-vcenter ctl --url-file " +
                                program_.urlFile().string() + " " + arguments + " <" + file("in") + " >" +
                                file("out") + " 2>" + file("err");
    const int status = std::system(command.c_str());  // NOLINT(concurrency-mt-unsafe,cert-env33-c)
    return {WEXITSTATUS(status), slurp(file("out")), slurp(file("err"))};
  }
  Json ok(const std::string& arguments) const {
    const Ran ran = run(arguments);
    BOOST_TEST(ran.status == 0, arguments << ": " << ran.err << ran.out);
    return ran.json();
  }

 private:
  const Program& program_;
};

Exchange call(const Program& program, Http& http) {
  http.headers = {"SOAPAction: \"urn:vim25/8.0.2.0\"", "Content-Type: text/xml", "Expect:"};
  return http.post(program.origin() + "/sdk", content);
}

std::string fileWith(const std::string& text) {
  std::string name = (std::filesystem::temp_directory_path() / "mock-orders-XXXXXX").string();
  const int fd = mkstemp(name.data());
  BOOST_REQUIRE(fd >= 0);
  close(fd);
  std::ofstream(name) << text;
  return name;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(server_orders)

BOOST_AUTO_TEST_CASE(connections_break_where_it_was_ordered) {
  for (const bool tls : {true, false}) {
    const Program program(tls ? std::vector<std::string>{} : std::vector<std::string>{"--no-tls"});
    const Ctl ctl(program);
    Http http;
    const Exchange good = call(program, http);
    BOOST_REQUIRE(good.outcome == CURLE_OK);
    for (const char* drop : {"before", "unanswered"}) {
      ctl.ok(std::string("faults add --times 1 --drop ") + drop);
      Http fresh;  // on a connection that it knows, curl tries again by itself
      const Exchange dropped = call(program, fresh);
      BOOST_TEST(dropped.outcome != CURLE_OK);
      BOOST_TEST(dropped.head.empty());
    }
    ctl.ok("faults add --times 1 --drop middle");
    const Exchange middle = call(program, http);
    BOOST_TEST(middle.outcome != CURLE_OK);
    BOOST_TEST(middle.status == 200);
    BOOST_TEST(middle.body == good.body.substr(0, good.body.size() / 2));
    ctl.ok("faults add --times 1 --cut 100");
    const Exchange cut = call(program, http);
    BOOST_TEST(cut.outcome != CURLE_OK);
    BOOST_TEST(cut.body == good.body.substr(0, 100));
    ctl.ok("faults add --times 1 --cut 0");
    const Exchange nothing = call(program, http);
    BOOST_TEST(nothing.outcome != CURLE_OK);
    BOOST_TEST(nothing.status == 200);
    BOOST_TEST(nothing.body.empty());
    ctl.ok("faults add --times 1 --drop after");
    const Exchange after = call(program, http);
    BOOST_TEST(after.outcome == CURLE_OK);
    BOOST_TEST(after.body == good.body);
    BOOST_TEST(after.head.find("Keep-Alive") != std::string::npos);
    // The connection is gone; the next call needs a new one.
    const Exchange next = call(program, http);
    BOOST_TEST(next.outcome == CURLE_OK);
    BOOST_TEST(next.connections == 1);
    BOOST_TEST(call(program, http).connections == 0);
  }
}

BOOST_AUTO_TEST_CASE(answers_that_are_short_wrong_or_refused_are_good_http) {
  const Program program;
  const Ctl ctl(program);
  Http http;
  http.encoding = "gzip";
  const Exchange good = call(program, http);
  ctl.ok("faults add --times 1 --truncate 200");
  const Exchange shortened = call(program, http);
  BOOST_TEST(shortened.outcome == CURLE_OK);
  BOOST_TEST(shortened.body == good.body.substr(0, 200));
  ctl.ok("faults add --times 1 --malformed");
  const Exchange malformed = call(program, http);
  BOOST_TEST(malformed.outcome == CURLE_OK);
  BOOST_TEST(malformed.status == 200);
  BOOST_TEST(malformed.body != good.body);
  ctl.ok("faults add --times 1 --status 503");
  BOOST_TEST(call(program, http).status == 503);
  const Exchange again = call(program, http);
  BOOST_TEST(again.body == good.body);
  BOOST_TEST(again.connections == 0);
}

BOOST_AUTO_TEST_CASE(answers_drip_and_come_late) {
  const Program program;
  const Ctl ctl(program);
  Http http;
  http.encoding = "gzip";
  const Exchange good = call(program, http);
  const std::size_t rate = good.body.size() / 2;
  ctl.ok("faults add --times 1 --drip " + std::to_string(rate));
  const Exchange dripped = call(program, http);
  BOOST_TEST(dripped.outcome == CURLE_OK);
  BOOST_TEST(dripped.body == good.body);
  BOOST_TEST(dripped.seconds > 1.7);
  BOOST_TEST(dripped.seconds < 6);
  ctl.ok("faults add --times 1 --delay 700ms");
  const Exchange late = call(program, http);
  BOOST_TEST(late.body == good.body);
  BOOST_TEST(late.seconds > 0.7);
}

BOOST_AUTO_TEST_CASE(orders_come_from_a_file_and_bad_ones_are_usage_errors) {
  const std::string good =
      fileWith(R"({"seed": 3, "orders": [{"when": {"call": 2}, "do": {"status": 503}}]})");
  {
    const Program program({"--faults", good});
    Http http;
    BOOST_TEST(call(program, http).status == 200);
    BOOST_TEST(call(program, http).status == 503);
    BOOST_TEST(call(program, http).status == 200);
    const std::string calls = slurp(program.directory / "calls");
    BOOST_TEST(calls.find("\"status\":503,\"order\":\"order-1\"") != std::string::npos);
  }
  std::filesystem::remove(good);
  const std::string bad = fileWith(R"({"orders": [{"do": {"stauts": 503}}]})");
  const std::string complaint = bad + ".err";
  const int status = std::system(  // NOLINT(concurrency-mt-unsafe,cert-env33-c)
      (FAILBACK_BIN_DIR "/mock-vcenter --faults " + bad + " 2>" + complaint).c_str());
  BOOST_TEST(WEXITSTATUS(status) == 2);
  BOOST_TEST(slurp(complaint).starts_with("mock-vcenter: --faults: " + bad +
                                          ": /orders/0/do: unknown member 'stauts'; known are"));
  std::filesystem::remove(bad);
  std::filesystem::remove(complaint);
}

BOOST_AUTO_TEST_CASE(it_listens_on_unix_sockets_too) {
  const std::string path =
      (std::filesystem::temp_directory_path() / ("mock-" + std::to_string(getpid()))).string();
  {
    // A socket that nobody listens at is no obstacle.
    const int stale = socket(AF_UNIX, SOCK_STREAM, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof(address.sun_path) - 1);
    BOOST_REQUIRE(bind(stale, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    close(stale);
  }
  Program program({"--listen", "127.0.0.1:0", "--listen", "unix:" + path});
  struct stat status {};
  BOOST_REQUIRE(stat(path.c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600);
  Http tcp, local;
  local.unixSocket = path;
  BOOST_TEST(tcp.get(program.origin() + "/healthz").status == 200);
  BOOST_TEST(local.get("https://localhost/healthz").status == 200);
  BOOST_TEST(Ctl(program).ok("--unix-socket " + path + " calls").contains("methods"));
  BOOST_TEST(program.end(SIGTERM) == 0);
  BOOST_TEST(!std::filesystem::exists(path));
  const Program only({"--no-tls", "--listen", "unix:" + path});
  BOOST_TEST(only.url.ends_with("@localhost/sdk"));
  Http plain;
  plain.unixSocket = path;
  BOOST_TEST(plain.get("http://localhost/healthz").status == 200);
  std::filesystem::remove(path);
}

BOOST_AUTO_TEST_CASE(ctl_orders_lists_and_clears) {
  const Program program;
  const Ctl ctl(program);
  BOOST_TEST(ctl.ok("faults add --method 'Power*' --object web-01 --call 3 --fault FileLocked "
                    "--member 'file=[ds] a=b.vmdk' --message 'It is locked.'")["added"][0] == "order-1");
  const Json order = ctl.ok("faults list")["orders"][0];
  BOOST_TEST(order["match"]["object"] == "web-01");
  BOOST_TEST(order["when"]["call"] == 3);
  BOOST_TEST(order["do"]["fault"]["members"]["file"] == "[ds] a=b.vmdk");
  const Ran piped =
      ctl.run("faults add -", R"([{"do": {"delay": "1ms"}}, {"do": {"task": {"hang": true}}}])");
  BOOST_TEST(piped.json()["added"].size() == 2U);
  BOOST_TEST(ctl.ok("faults add --task-fail HostCommunication --at 10 --happens")["added"][0] == "order-4");
  BOOST_TEST(ctl.ok("faults clear order-2 order-1").is_discarded());  // one answer each
  BOOST_TEST(ctl.ok("faults list")["orders"].size() == 2U);
  BOOST_TEST(ctl.ok("faults clear")["removed"].size() == 2U);
}

BOOST_AUTO_TEST_CASE(ctl_acts_behind_a_tools_back) {
  const Program program({"--task-time", "50ms"});
  const Ctl ctl(program);
  BOOST_TEST(ctl.ok("power-off web-01")["state"] == "success");
  const Ran again = ctl.run("power-off web-01");
  BOOST_TEST(again.status == 1);
  BOOST_TEST(again.json()["fault"]["type"] == "InvalidPowerState");
  ctl.ok("set web-01 guestinfo.a=1 guestinfo.b=true");
  BOOST_TEST(ctl.ok("call ReconfigVM_Task web-01 spec.annotation=123 spec.memoryMB=2048")["state"] ==
             "success");
  BOOST_TEST(ctl.ok("power-on web-01")["state"] == "success");
  const Json config = ctl.ok("call Fetch web-01 prop=config")["result"];
  BOOST_TEST(config["annotation"] == "123");
  BOOST_TEST(config["hardware"]["memoryMB"] == 2048);
  BOOST_TEST(config["extraConfig"].dump().find(R"("key":"guestinfo.b","value":"true")") != std::string::npos);
  BOOST_TEST(ctl.ok("rename web-01 42")["state"] == "success");
  BOOST_TEST(ctl.ok("call FindByInventoryPath - inventoryPath=DC1/vm/Production/Linux/42")["result"]
                 .get<std::string>()
                 .starts_with("VirtualMachine:"));
  BOOST_TEST(ctl.run("answer 42 yes").err == "mock-vcenter ctl: '42' waits with no question\n");
}

BOOST_AUTO_TEST_CASE(ctl_asks_counts_kills_restarts_and_turns_the_clock) {
  const Program program;
  const Ctl ctl(program);
  Http http;
  call(program, http);
  BOOST_TEST(ctl.ok("calls --reset")["methods"]["RetrieveServiceContent"]["calls"] == 1);
  BOOST_TEST(ctl.ok("calls")["calls"] == 0);
  BOOST_TEST(ctl.ok("sessions")["sessions"].empty());
  BOOST_TEST(ctl.ok("sessions kill readonly")["killed"] == 0);
  BOOST_TEST(ctl.ok("clock -5m")["skew"] == "-5m");
  BOOST_TEST(ctl.ok("clock +1h")["skew"] == "+55m");
  BOOST_TEST(ctl.ok("clock reset")["skew"] == "0ms");
  ctl.ok("faults add --task-hang");
  BOOST_TEST(ctl.ok("tasks")["tasks"].empty());
  BOOST_TEST(ctl.run("tasks finish task-9").err == "mock-vcenter ctl: no task 'task-9' is running\n");
  BOOST_TEST(ctl.ok("restart --down 1h")["restarts"] == 1);
  BOOST_TEST(call(program, http).status == 503);
  BOOST_TEST(http.get(program.origin() + "/healthz").status == 200);
  BOOST_TEST(ctl.ok("restart")["restarts"] == 2);
  BOOST_TEST(call(program, http).status == 200);
}

BOOST_AUTO_TEST_CASE(ctl_says_what_is_wrong) {
  const Program program;
  const Ctl ctl(program);
  BOOST_TEST(ctl.run("--help").status == 0);
  BOOST_TEST(ctl.run("faults add --help").out.find("--probability") != std::string::npos);
  BOOST_TEST(ctl.run("").status == 2);
  BOOST_TEST(ctl.run("nonsense").status == 2);
  BOOST_TEST(ctl.run("faults add").status == 2);
  BOOST_TEST(ctl.run("faults add no-such-file").status == 2);
  const Ran unknown = ctl.run("faults add --fault Nonsense");
  BOOST_TEST(unknown.status == 1);
  BOOST_TEST(unknown.out.empty());
  BOOST_TEST(unknown.err ==
             "mock-vcenter ctl: /do/fault/type: 'Nonsense' is no fault that the schema knows\n");
  BOOST_TEST(ctl.run("power-on web-77").err ==
             "mock-vcenter ctl: /object: there is no VirtualMachine 'web-77'\n");
  BOOST_TEST(ctl.run("call Rename_Task web-01 newName").status == 2);
  BOOST_TEST(ctl.run("--url-file /nowhere calls").status != 0);
  BOOST_TEST(
      ctl.run("--url http://a:b@127.0.0.1:1/sdk calls").err.find("cannot talk to http://127.0.0.1:1") !=
      std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::mock::testing
