// SPDX-License-Identifier: GPL-2.0-or-later
// The program itself: TLS, keep-alive, compression, the URL file, signals. It is started as users start it.
#include <curl/curl.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

std::string slurp(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// mock-vcenter as a child process, ended with the object.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments = {}) {
    std::string pattern = (std::filesystem::temp_directory_path() / "mock-vcenter-XXXXXX").string();
    BOOST_REQUIRE(mkdtemp(pattern.data()));
    directory = pattern;
    const std::vector<std::string> own{FAILBACK_BIN_DIR "/mock-vcenter", "--url-file", urlFile().string(),
                                       "--call-log", (directory / "calls").string()};
    arguments.insert(arguments.begin(), own.begin(), own.end());
    pid = fork();
    if (pid == 0) {
      std::vector<char*> raw;
      for (std::string& argument : arguments) raw.push_back(argument.data());
      raw.push_back(nullptr);
      const int out = open((directory / "stderr").c_str(), O_WRONLY | O_CREAT, 0600);
      dup2(out, STDERR_FILENO);
      execv(raw[0], raw.data());
      _exit(127);
    }
    for (int i = 0; i < 600 && !std::filesystem::exists(urlFile()); ++i) std::this_thread::sleep_for(50ms);
    BOOST_REQUIRE_MESSAGE(std::filesystem::exists(urlFile()),
                          "the program is not ready: " << slurp(directory / "stderr"));
    const std::string text = slurp(urlFile());
    url = text.substr(0, text.find('\n'));
  }
  ~Program() {
    if (pid > 0) {
      kill(pid, SIGKILL);
      waitpid(pid, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(directory, ignored);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  std::filesystem::path urlFile() const { return directory / "url"; }
  // "https://127.0.0.1:4711"
  std::string origin() const {
    const auto at = url.rfind('@');
    return url.substr(0, url.find("//") + 2) + url.substr(at + 1, url.rfind('/') - at - 1);
  }
  // The exit status, or -1 when it does not end within ten seconds.
  int end(int signal) {
    kill(pid, signal);
    for (int i = 0; i < 200; ++i) {
      int status = 0;
      if (waitpid(pid, &status, WNOHANG) == pid) {
        pid = -1;
        return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      }
      std::this_thread::sleep_for(50ms);
    }
    return -1;
  }

  std::filesystem::path directory;
  pid_t pid = -1;
  std::string url;
};

struct Exchange {
  CURLcode outcome = CURLE_OK;
  long status = 0, connections = 0;
  std::string head, body;
};

std::size_t append(char* data, std::size_t size, std::size_t count, void* target) {
  static_cast<std::string*>(target)->append(data, size * count);
  return size * count;
}

class Http {
 public:
  Http() : handle_(curl_easy_init(), curl_easy_cleanup) {}

  Exchange get(const std::string& url) { return run(url, nullptr); }
  Exchange post(const std::string& url, const std::string& body) { return run(url, &body); }
  std::vector<std::string> headers;
  std::string encoding;  // decompresses when set

 private:
  Exchange run(const std::string& url, const std::string* body) {
    Exchange exchange;
    CURL* curl = handle_.get();
    curl_slist* list = nullptr;
    for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &exchange.body);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, append);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &exchange.head);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, encoding.empty() ? nullptr : encoding.c_str());
    curl_easy_setopt(curl, CURLOPT_POST, body ? 1L : 0L);
    if (body) {
      curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, static_cast<long>(body->size()));
      curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, body->c_str());
    } else {
      curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);
    }
    exchange.outcome = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &exchange.status);
    curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &exchange.connections);
    curl_slist_free_all(list);
    return exchange;
  }

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
};

std::string envelope(const std::string& body) {
  return "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>" +
         body + "</soapenv:Body></soapenv:Envelope>";
}

const std::string content = envelope(
    "<RetrieveServiceContent xmlns=\"urn:vim25\"><_this "
    "type=\"ServiceInstance\">ServiceInstance</_this></RetrieveServiceContent>");

}  // namespace

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
  BOOST_TEST(exitOf("--scenario no-such-thing") == 2);
  BOOST_TEST(exitOf("--nonsense") == 2);
  BOOST_TEST(exitOf("--listen nowhere") == 2);
  BOOST_TEST(exitOf("--delay soon") == 2);
  BOOST_TEST(exitOf("--listen 203.0.113.1:1") == 1);
}

BOOST_AUTO_TEST_SUITE_END()
