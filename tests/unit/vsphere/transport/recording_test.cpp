// SPDX-License-Identifier: GPL-2.0-or-later
#include <sys/stat.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/fake_transport.h"
#include "vsphere/recording_names.h"
#include "vsphere/recording_transport.h"
#include "vsphere/replay_transport.h"

namespace failback::vsphere {
namespace {

namespace fs = std::filesystem;
using testing::FakeTransport;
using testing::request;
using testing::response;

struct Folder {
  std::string path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "failback-recording-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path = name + "/rec";
  }
  ~Folder() { fs::remove_all(fs::path(path).parent_path()); }
  std::string read(const std::string& name) const {
    std::ifstream in(path + "/" + name, std::ios::binary);
    BOOST_REQUIRE_MESSAGE(in, "no file " + name);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
  }
  std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& file : fs::directory_iterator(path)) found.push_back(file.path().filename().string());
    std::sort(found.begin(), found.end());
    return found;
  }
};

mode_t modeOf(const std::string& path) {
  struct stat status {};
  BOOST_REQUIRE(::stat(path.c_str(), &status) == 0);
  return status.st_mode & 07777;
}

std::string soap(const std::string& content, const std::string& operation = "1") {
  return "<Envelope><Header><operationID>" + operation + "</operationID></Header><Body>" + content +
         "</Body></Envelope>";
}

struct Recorder {
  std::shared_ptr<Redactor> redactor = std::make_shared<Redactor>();
  RecordingTransport transport;
  Recorder(const Folder& folder, FakeTransport::Answer answer)
      : transport(std::make_shared<FakeTransport>(std::move(answer)), redactor, folder.path) {}
};

BOOST_AUTO_TEST_CASE(an_exchange_becomes_three_files_without_secrets) {
  const Folder folder;
  Recorder recorder(folder, [](const Request&) {
    Response made =
        response(200, soap("<LoginResponse><returnval><key>k1</key></returnval></LoginResponse>"));
    made.headers = {{"content-type", "text/xml"}, {"set-cookie", "vmware_soap_session=\"c1\"; Path=/"}};
    return made;
  });
  recorder.redactor->addSecret(Secret("s3cret-word"));
  Request login = request("Login", Replay::never, soap("<Login><password>s3cret-word</password></Login>"));
  login.headers.emplace_back("Cookie", "vmware_soap_session=\"c0\"");
  recorder.transport.send(login, Context());
  Request versions;
  versions.verb = Request::Verb::get;
  versions.method = "vimServiceVersions.xml";
  recorder.transport.send(versions, Context());

  BOOST_TEST(folder.names() ==
                 (std::vector<std::string>{"000-Login.headers", "000-Login.request.xml",
                                           "000-Login.response.xml", "001-vimServiceVersions.xml.headers",
                                           "001-vimServiceVersions.xml.request.xml",
                                           "001-vimServiceVersions.xml.response.xml"}),
             boost::test_tools::per_element());
  BOOST_TEST(folder.read("000-Login.request.xml") == soap("<Login><password>***</password></Login>"));
  BOOST_TEST(folder.read("000-Login.response.xml") ==
             soap("<LoginResponse><returnval><key>***</key></returnval></LoginResponse>"));
  BOOST_TEST(folder.read("000-Login.headers") ==
             "status 200\n> SOAPAction: \"urn:vim25/8.0.2.0\"\n> Cookie: vmware_soap_session=***\n"
             "< content-type: text/xml\n< set-cookie: vmware_soap_session=***; Path=/\n");
  BOOST_TEST(folder.read("001-vimServiceVersions.xml.request.xml").empty());
  BOOST_TEST(modeOf(folder.path) == 0700u);
  BOOST_TEST(modeOf(folder.path + "/000-Login.headers") == 0600u);
}

BOOST_AUTO_TEST_CASE(numbers_go_on_behind_the_highest) {
  const Folder folder;
  const auto answer = [](const Request&) { return response(200, "<ok/>"); };
  Recorder(folder, answer).transport.send(request("A"), Context());
  std::ofstream(folder.path + "/1041-B.headers") << "status 200\n";
  Recorder(folder, answer).transport.send(request("C"), Context());
  BOOST_TEST(folder.read("1042-C.response.xml") == "<ok/>");
}

BOOST_AUTO_TEST_CASE(threads_get_a_number_each) {
  const Folder folder;
  Recorder recorder(folder, [](const Request& one) { return response(200, one.body); });
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread) {
    threads.emplace_back([&recorder, thread] {
      for (int call = 0; call < 25; ++call) {
        const std::string body = soap(std::to_string(thread * 100 + call));
        recorder.transport.send(request("M", Replay::safe, body), Context());
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  const auto names = folder.names();
  BOOST_TEST(names.size() == 300u);
  for (const std::string& name : names) {
    const auto parsed = parseRecordingName(name, {});
    BOOST_REQUIRE(parsed);
    if (parsed->part != "request.xml") continue;
    BOOST_TEST(folder.read(name) == folder.read(parsed->stem + ".response.xml"));
  }
}

BOOST_AUTO_TEST_CASE(streamed_answers_are_recorded_whole_and_delivered) {
  const Folder folder;
  const std::string body = soap(std::string(5000, 'x'));
  Recorder recorder(folder, [&body](const Request&) { return response(200, body); });
  Request streamed = request("RetrievePropertiesEx");
  std::string got;
  streamed.onBody = [&got](std::string_view piece) { got += piece; };
  recorder.transport.send(streamed, Context());
  BOOST_TEST(got == body);
  BOOST_TEST(folder.read("000-RetrievePropertiesEx.response.xml") == body);
}

BOOST_AUTO_TEST_CASE(a_folder_that_cannot_be_used_is_a_usage_error) {
  const auto isUsage = [](const Failure& failure) { return failure.error().category == Category::usage; };
  const auto below = std::make_shared<FakeTransport>([](const Request&) { return response(200); });
  const auto redactor = std::make_shared<Redactor>();
  BOOST_CHECK_EXCEPTION(RecordingTransport(below, redactor, "/dev/null"), Failure, isUsage);
  BOOST_CHECK_EXCEPTION(RecordingTransport(below, redactor, "/proc/no-such-place/x"), Failure, isUsage);
}

BOOST_AUTO_TEST_CASE(an_answer_that_cannot_be_written_is_still_given_and_told_before_the_next_call) {
  const Folder folder;
  unsigned calls = 0;
  Recorder recorder(folder, [&](const Request&) {
    ++calls;
    fs::remove_all(folder.path);
    return response(200, "<ok/>");
  });
  BOOST_TEST(recorder.transport.send(request("A"), Context()).body == "<ok/>");
  fs::create_directory(folder.path);  // writing is possible again, but the recording has a hole
  BOOST_CHECK_EXCEPTION(recorder.transport.send(request("B"), Context()), Failure,
                        [](const Failure& failure) {
                          return failure.error().text.find("000-A.response.xml") != std::string::npos;
                        });
  BOOST_TEST(calls == 1u);
}

BOOST_AUTO_TEST_CASE(a_recording_answers_as_the_server_did) {
  const Folder folder;
  unsigned number = 0;
  Recorder recorder(folder, [&number](const Request& one) -> Response {
    if (one.method == "Lost") {
      Error error;
      error.category = Category::unreachable;
      error.text = "vc:443 closed the connection";
      error.remedy = "look at it";
      throw TransportFailure(error, Fate::unknown, true);
    }
    Response made = response(one.method == "Bad" ? 500 : 200, soap(std::to_string(++number)));
    made.headers.emplace_back("content-type", "text/xml");
    return made;
  });
  for (const char* body : {"<A>1</A>", "<A>2</A>", "<A>3</A>"}) {
    recorder.transport.send(request("A", Replay::safe, soap(body)), Context());
  }
  recorder.transport.send(request("Bad"), Context());
  BOOST_CHECK_THROW(recorder.transport.send(request("Lost"), Context()), TransportFailure);

  ReplayTransport replay(folder.path);
  BOOST_TEST(replay.unused() == 5u);
  // The same request finds its own answer, whatever operation id it carries; others come in order.
  BOOST_TEST(replay.send(request("A", Replay::safe, soap("<A>2</A>", "another")), Context()).body ==
             soap("2"));
  BOOST_TEST(replay.send(request("A", Replay::safe, soap("<A>9</A>")), Context()).body == soap("1"));
  Request streamed = request("A", Replay::safe, soap("<A>9</A>"));
  std::string got;
  streamed.onBody = [&got](std::string_view piece) { got += piece; };
  const Response third = replay.send(streamed, Context());
  BOOST_TEST(got == soap("3"));
  BOOST_TEST(third.header("content-type") == "text/xml");
  BOOST_TEST(replay.send(request("Bad"), Context()).status == 500);
  BOOST_CHECK_EXCEPTION(
      replay.send(request("Lost"), Context()), TransportFailure, [](const TransportFailure& failure) {
        return failure.error().category == Category::unreachable && failure.transient() &&
               failure.fate() == Fate::unknown && failure.error().text == "vc:443 closed the connection" &&
               failure.error().remedy == "look at it";
      });
  BOOST_TEST(replay.unused() == 0u);
  BOOST_CHECK_EXCEPTION(replay.send(request("A"), Context()), Failure, [](const Failure& failure) {
    return failure.error().category == Category::usage &&
           failure.error().text.find("has 3 answers to A, and one more is asked for") != std::string::npos;
  });
  BOOST_CHECK_THROW(replay.send(request("Never"), Context()), Failure);
}

BOOST_AUTO_TEST_CASE(a_recording_that_was_interrupted_ends_so_again) {
  const Folder folder;
  std::stop_source stop;
  stop.request_stop();
  Recorder recorder(folder, [](const Request&) { return response(200); });
  BOOST_CHECK_THROW(recorder.transport.send(request("A"), Context().withStop(stop.get_token())), Failure);
  ReplayTransport replay(folder.path);
  BOOST_CHECK_EXCEPTION(replay.send(request("A"), Context()), Failure, [](const Failure& failure) {
    return failure.error().category == Category::interrupted;
  });
}

BOOST_AUTO_TEST_CASE(a_replay_without_a_recording_is_a_usage_error) {
  const Folder folder;
  BOOST_CHECK_THROW(ReplayTransport(folder.path), Failure);
  fs::create_directory(folder.path);
  BOOST_CHECK_THROW(ReplayTransport(folder.path), Failure);
}

BOOST_AUTO_TEST_CASE(names_of_recordings) {
  const auto own = parseRecordingName("012-Login.request.xml", {});
  BOOST_REQUIRE(own);
  BOOST_TEST(own->number == 12u);
  BOOST_TEST(own->method == "Login");
  BOOST_TEST(own->stem == "012-Login");
  BOOST_TEST(parseRecordingName("000-vimServiceVersions.xml.response.xml", {})->method ==
             "vimServiceVersions.xml");
  const auto other =
      parseRecordingName("basic_connection-001-Login-SessionManager.headers", "basic_connection");
  BOOST_REQUIRE(other);
  BOOST_TEST(other->method == "Login");
  for (const char* none :
       {"README.md", "01-Login.headers", "x-001-Login.headers", "001-.headers", "001-Login.txt",
        "001Login.headers", ".001-Login.headers.tmp", ".001-Login.headers"}) {
    BOOST_TEST(!parseRecordingName(none, {}), none);
  }
}

BOOST_AUTO_TEST_CASE(recordings_of_real_servers_can_be_replayed) {
  const char* folder = std::getenv("FAILBACK_RECORDINGS");
  if (folder == nullptr) {
    BOOST_TEST_MESSAGE("SKIPPED: FAILBACK_RECORDINGS is not set, no recordings of real servers");
    std::cerr << "SKIPPED: FAILBACK_RECORDINGS is not set, no recordings of real servers\n";
    return;
  }
  ReplayTransport good(folder, "basic_connection");
  BOOST_TEST(good.send(request("RetrieveServiceContent"), Context()).status == 200);
  BOOST_TEST(good.send(request("Login"), Context()).body.find("LoginResponse") != std::string::npos);
  ReplayTransport bad(folder, "basic_connection_bad_password");
  BOOST_TEST(bad.send(request("Login"), Context()).status == 500);
}

}  // namespace
}  // namespace failback::vsphere
