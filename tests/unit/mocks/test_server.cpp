// SPDX-License-Identifier: GPL-2.0-or-later
// The program itself: TLS, keep-alive, compression, the URL file, signals. It is started as users start it.
#include <sys/stat.h>

#include "tests/unit/mocks/server_program.h"

namespace failback::mock::testing {

BOOST_AUTO_TEST_SUITE(server)

BOOST_AUTO_TEST_CASE(the_url_file_is_private_and_leads_to_the_server) {
  const Program program;
  struct stat status {};
  BOOST_REQUIRE(stat(program.urlFile().c_str(), &status) == 0);
  BOOST_TEST((status.st_mode & 0777) == 0600);
  BOOST_TEST(program.url.starts_with("https://administrator%40vsphere.local:"));
  BOOST_TEST(program.url.ends_with("/sdk"));
  Http http;
  BOOST_TEST(http.get(program.origin() + "/healthz").status == 200);
  const std::string said = slurp(program.directory / "stderr");
  BOOST_TEST(said.find("certificate SHA-256") != std::string::npos);
  const auto start = program.url.find(':', 8) + 1;
  const std::string password = program.url.substr(start, program.url.rfind('@') - start);
  BOOST_TEST(said.find(password) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(connections_are_kept_answers_chunked_and_compressed_when_asked) {
  const Program program;
  Http http;
  http.headers = {"SOAPAction: \"urn:vim25/8.0.2.0\"", "Content-Type: text/xml"};
  const Exchange first = http.post(program.origin() + "/sdk", content);
  BOOST_TEST(first.status == 200);
  BOOST_TEST(first.connections == 1);
  BOOST_TEST(first.head.find("Transfer-Encoding: chunked") != std::string::npos);
  BOOST_TEST(first.head.find("Content-Encoding") == std::string::npos);
  http.encoding = "gzip";
  http.headers = {"SOAPAction: urn:vim25/8.0.2.0", "Transfer-Encoding: chunked"};
  const Exchange second = http.post(program.origin() + "/sdk", content);
  BOOST_TEST(second.connections == 0);
  BOOST_TEST(second.head.find("Content-Encoding: gzip") != std::string::npos);
  BOOST_TEST(second.body == first.body);
  // A fault does not end the connection.
  const Exchange fault = http.post(program.origin() + "/sdk", "nonsense");
  BOOST_TEST(fault.status == 500);
  BOOST_TEST(http.post(program.origin() + "/sdk", content).connections == 0);
}

BOOST_AUTO_TEST_CASE(what_is_no_http_or_no_tls_ends_only_its_connection) {
  const Program program({"--no-tls"});
  BOOST_TEST(program.origin().starts_with("http://"));
  Http http;
  http.headers = {"X-Long: " + std::string(200'000, 'x')};
  BOOST_TEST(http.get(program.origin() + "/healthz").status == 431);
  Http tls;
  BOOST_TEST(tls.get("https" + program.origin().substr(4) + "/healthz").outcome != CURLE_OK);
  Http good;
  BOOST_TEST(good.get(program.origin() + "/healthz").status == 200);
}

BOOST_AUTO_TEST_CASE(two_hundred_connections_at_once_are_served) {
  const Program program;
  std::vector<std::unique_ptr<Http>> clients;
  for (int i = 0; i < 200; ++i) {
    clients.push_back(std::make_unique<Http>());
    BOOST_REQUIRE(clients.back()->get(program.origin() + "/healthz").status == 200);
  }
  for (const auto& client : clients) {
    const Exchange again = client->post(program.origin() + "/sdk", content);
    BOOST_REQUIRE(again.status == 200);
    BOOST_REQUIRE(again.connections == 0);
  }
}

BOOST_AUTO_TEST_CASE(signals_end_it_at_once_and_well_even_while_somebody_waits) {
  for (const int signal : {SIGTERM, SIGINT}) {
    Program program({"--delay", "60s"});
    std::thread waiting([origin = program.origin()] {
      Http http;
      BOOST_TEST(http.get(origin + "/healthz").outcome != CURLE_OK);
    });
    std::this_thread::sleep_for(300ms);
    BOOST_TEST(program.end(signal) == 0);
    waiting.join();
  }
}

BOOST_AUTO_TEST_CASE(calls_are_logged_and_exchanges_recorded_without_secrets) {
  std::string pattern = (std::filesystem::temp_directory_path() / "mock-record-XXXXXX").string();
  BOOST_REQUIRE(mkdtemp(pattern.data()));
  {
    const Program program({"--record", pattern});
    const auto start = program.url.find(':', 8) + 1;
    const std::string password = program.url.substr(start, program.url.rfind('@') - start);
    Http http;
    const Exchange login = http.post(
        program.origin() + "/sdk", envelope("<Login xmlns=\"urn:vim25\"><_this "
                                            "type=\"SessionManager\">SessionManager</_this><userName>readonly"
                                            "</userName><password>" +
                                            password + "</password></Login>"));
    BOOST_TEST(login.status == 200);
    const std::string calls = slurp(program.directory / "calls");
    BOOST_TEST(calls.find("\"method\":\"Login\",\"object\":\"SessionManager\",\"user\":\"readonly\"") !=
               std::string::npos);
    BOOST_TEST(calls.find("\"status\":200") != std::string::npos);
    const auto key = login.body.substr(login.body.find("<key>") + 5, 36);
    for (const char* name : {"000-Login.request.xml", "000-Login.response.xml"}) {
      const std::string text = slurp(std::filesystem::path(pattern) / name);
      BOOST_TEST(!text.empty());
      BOOST_TEST(text.find(password) == std::string::npos);
      BOOST_TEST(text.find(key) == std::string::npos);
    }
    BOOST_TEST(calls.find(key) == std::string::npos);
  }
  std::filesystem::remove_all(pattern);
}

BOOST_AUTO_TEST_CASE(mistakes_on_the_command_line_are_usage_errors) {
  const auto exitOf = [](const std::string& arguments) {
    const int status = std::system((FAILBACK_BIN_DIR "/mock-vcenter " + arguments + " >/dev/null 2>&1")
                                       .c_str());  // NOLINT(concurrency-mt-unsafe,cert-env33-c)
    return WEXITSTATUS(status);
  };
  BOOST_TEST(exitOf("--help") == 0);
  BOOST_TEST(exitOf("--list-scenarios") == 0);
  BOOST_TEST(exitOf("scenario list") == 0);
  BOOST_TEST(exitOf("scenario schema") == 0);
  BOOST_TEST(exitOf("scenario show site") == 0);
  BOOST_TEST(exitOf("scenario show no-such-thing") == 2);
  BOOST_TEST(exitOf("scenario check /nowhere.json") == 1);
  BOOST_TEST(exitOf("scenario") == 2);
  BOOST_TEST(exitOf("--scenario no-such-thing") == 2);
  BOOST_TEST(exitOf("--nonsense") == 2);
  BOOST_TEST(exitOf("--listen nowhere") == 2);
  BOOST_TEST(exitOf("--delay soon") == 2);
  BOOST_TEST(exitOf("--listen unix:") == 2);
  BOOST_TEST(exitOf("--session-limit none") == 2);
  BOOST_TEST(exitOf("--session-limit 5,") == 2);
  BOOST_TEST(exitOf("--faults /nowhere/orders.json") == 2);
  BOOST_TEST(exitOf("--listen 203.0.113.1:1") == 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::mock::testing
