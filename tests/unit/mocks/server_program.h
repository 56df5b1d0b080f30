// SPDX-License-Identifier: GPL-2.0-or-later
// mock-vcenter as a child process, and an HTTP client for it.
#pragma once

#include <curl/curl.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace failback::mock::testing {

using namespace std::chrono_literals;

inline std::string slurp(const std::filesystem::path& file) {
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
  double seconds = 0;
  std::string head, body;
};

inline std::size_t append(char* data, std::size_t size, std::size_t count, void* target) {
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
  std::string unixSocket;

 private:
  Exchange run(const std::string& url, const std::string* body) {
    Exchange exchange;
    CURL* curl = handle_.get();
    curl_slist* list = nullptr;
    for (const std::string& header : headers) list = curl_slist_append(list, header.c_str());
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, unixSocket.empty() ? nullptr : unixSocket.c_str());
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
    curl_easy_getinfo(curl, CURLINFO_TOTAL_TIME, &exchange.seconds);
    curl_easy_getinfo(curl, CURLINFO_NUM_CONNECTS, &exchange.connections);
    curl_slist_free_all(list);
    return exchange;
  }

  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
};

inline std::string envelope(const std::string& body) {
  return "<soapenv:Envelope xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\"><soapenv:Body>" +
         body + "</soapenv:Body></soapenv:Envelope>";
}

inline const std::string content = envelope(
    "<RetrieveServiceContent xmlns=\"urn:vim25\"><_this "
    "type=\"ServiceInstance\">ServiceInstance</_this></RetrieveServiceContent>");

}  // namespace failback::mock::testing
