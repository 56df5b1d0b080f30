// SPDX-License-Identifier: GPL-2.0-or-later
// The program vim-decode, as a user runs it.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <boost/test/unit_test.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace fs = std::filesystem;
using Json = nlohmann::json;

namespace {

struct Run {
  int exitCode = -1;
  std::string output, errors;

  std::vector<Json> lines() const {
    std::vector<Json> result;
    std::istringstream text(output);
    for (std::string line; std::getline(text, line);) result.push_back(Json::parse(line));
    return result;
  }
};

// A folder that goes away.
class Folder {
 public:
  Folder()
      : path_(fs::temp_directory_path() /
              ("vim-decode-test-" + std::to_string(::getpid()) + "-" + std::to_string(++count_))) {
    fs::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  static inline int count_ = 0;
  fs::path path_;
};

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Run run(const std::string& arguments) {
  const Folder folder;
  const std::string errors = folder.file("errors");
  const std::string command =
      std::string("'") + FAILBACK_BIN_DIR + "/vim-decode' " + arguments + " 2>'" + errors + "'";
  Run result;
  FILE* pipe = ::popen(command.c_str(), "r");
  BOOST_REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer{};
  for (std::size_t size = 0; (size = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;)
    result.output.append(buffer.data(), size);
  const int status = ::pclose(pipe);
  result.exitCode = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result.errors = contents(errors);
  return result;
}

std::string data(const std::string& name) {
  return std::string("'") + FAILBACK_SOURCE_DIR + "/tests/data/messages/" + name + "' ";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(VimDecode)

BOOST_AUTO_TEST_CASE(one_line_for_each_file_in_order) {
  const Run result =
      run(data("vms-001-RetrievePropertiesEx.response.xml") + data("fault-010-CreateVM_Task.response.xml") +
          data("updates-021-WaitForUpdatesEx.response.xml"));
  BOOST_TEST(result.exitCode == 0);
  BOOST_TEST(result.errors == "");
  const auto lines = result.lines();
  BOOST_REQUIRE(lines.size() == 3);
  BOOST_TEST(lines[0]["message"] == "RetrievePropertiesExResponse");
  BOOST_TEST(lines[0]["values"]["objects"][0]["disks"].size() == 5);
  BOOST_TEST(!lines[0]["leftOut"].empty());
  BOOST_TEST(lines[1]["fault"]["fault"] == "DuplicateName");
  BOOST_TEST(lines[1]["fault"]["detail"]["name"] == "web-01");
  BOOST_TEST(lines[2]["result"].is_null());
  BOOST_TEST(lines[2]["leftOut"].empty());
}

BOOST_AUTO_TEST_CASE(the_request_beside_an_answer_is_used) {
  const auto lines = run(data("fetch-030-Fetch-VirtualMachine-guest.response.xml")).lines();
  BOOST_REQUIRE(lines.size() == 1);
  BOOST_TEST(lines[0]["values"]["objects"][0]["moref"] == "vm-77");
  BOOST_TEST(lines[0]["leftOut"][0]["path"] == "returnval/moodOfGuest");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_fails_with_file_and_place_and_the_rest_is_shown) {
  const Folder folder;
  const std::string cut = folder.write("cut.response.xml", "<?xml version=\"1.0\"?>\n<Envelope>\n<Body>");
  const Run result = run("'" + cut + "' " + data("fault-010-CreateVM_Task.response.xml"));
  BOOST_TEST(result.exitCode == 11);
  BOOST_TEST(result.errors.find(cut + ": line 3") != std::string::npos, result.errors);
  const auto lines = result.lines();
  BOOST_REQUIRE(lines.size() == 2);
  BOOST_TEST(lines[0]["error"]["category"] == "malformedAnswer");
  BOOST_TEST(lines[1]["message"] == "Fault");
}

BOOST_AUTO_TEST_CASE(a_file_that_is_not_there_is_wrong_use) {
  const Run result = run("/nonexistent/x.response.xml");
  BOOST_TEST(result.exitCode == 2);
  BOOST_TEST(result.errors.find("/nonexistent/x.response.xml") != std::string::npos);
  BOOST_TEST(run("").exitCode == 2);
  BOOST_TEST(run("--nonsense").exitCode == 2);
}

BOOST_AUTO_TEST_CASE(an_empty_answer_is_malformed_and_an_empty_request_was_a_get) {
  const Folder folder;
  BOOST_TEST(run("'" + folder.write("000-x.response.xml", "") + "'").exitCode == 11);
  const Run get = run("'" + folder.write("000-vimServiceVersions.xml.request.xml", "") + "'");
  BOOST_TEST(get.exitCode == 0);
  BOOST_TEST(get.lines().at(0)["message"] == "GET");
}

BOOST_AUTO_TEST_CASE(a_password_in_a_recording_is_not_shown) {
  const Folder folder;
  const std::string login = folder.write(
      "002-Login.request.xml",
      R"(<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><Login xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this><userName>me</userName><password>hunter2-secret</password></Login></Body></Envelope>)");
  const Run result = run("'" + login + "'");
  BOOST_TEST(result.exitCode == 0);
  BOOST_TEST((result.output + result.errors).find("hunter2") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(help_tells_the_format) {
  const Run result = run("--help");
  BOOST_TEST(result.exitCode == 0);
  for (const char* word : {"leftOut", "result", "--pretty", "11"})
    BOOST_TEST(result.output.find(word) != std::string::npos, word);
  const Run pretty = run("--pretty " + data("fault-010-CreateVM_Task.response.xml"));
  BOOST_TEST(pretty.output.find("\n  \"message\"") != std::string::npos);
  BOOST_TEST(Json::parse(pretty.output)["message"] == "Fault");
}

BOOST_AUTO_TEST_SUITE_END()
