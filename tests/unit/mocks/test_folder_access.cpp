// SPDX-License-Identifier: GPL-2.0-or-later
// Files of datastores over HTTP.
#include <boost/test/unit_test.hpp>

#include "tests/unit/mocks/places.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

constexpr const char* here = "?dcPath=DC1&dsName=vmfs-01";

struct Folders : Places {
  Folders() { administrator = client.cookie; }

  HttpResponse ask(const std::string& method, const std::string& target, const std::string& body = {}) {
    HttpRequest request;
    request.method = method;
    request.target = target;
    if (!cookie().empty()) request.headers["cookie"] = cookie();
    if (!authorization.empty()) request.headers["authorization"] = authorization;
    if (!range.empty()) request.headers["range"] = range;
    request.body = body;
    HttpResponse answer;
    simulation.handle(std::move(request), [&](HttpResponse response) { answer = std::move(response); });
    return answer;
  }
  const std::string& cookie() const { return administrator; }
  // Where web-01's files of a kind are, as a path below /folder.
  std::string fileOf(const std::string& ending) {
    const auto names = read("VirtualMachine", client.id("DC1/vm/Production/Linux/web-01"), {"layoutEx.file"})
                           .all("//VirtualMachineFileLayoutExFileInfo/name");
    for (const std::string& each : names) {
      if (each.ends_with(ending)) return "/folder/" + each.substr(each.find(' ') + 1) + here;
    }
    return {};
  }

  std::string administrator, authorization, range;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(folder_access)

BOOST_AUTO_TEST_CASE(a_file_is_written_read_replaced_and_removed) {
  Folders f;
  const std::string file = std::string("/folder/iso/tools%201.iso") + here;
  BOOST_TEST(f.ask("PUT", file, "bytes").status == 404);  // no such directory
  f.client.call("MakeDirectory", self("FileManager", "FileManager") + "<name>[vmfs-01] iso</name>" +
                                     ref("datacenter", "Datacenter", f.client.id("DC1")));
  BOOST_TEST(f.ask("PUT", file, std::string("by\0tes", 6)).status == 201);
  BOOST_TEST(f.ask("GET", file).body == std::string("by\0tes", 6));
  BOOST_TEST(f.ask("PUT", file, "other").status == 200);
  BOOST_TEST(f.ask("GET", file).body == "other");
  BOOST_TEST(f.ask("GET", std::string("/folder/iso") + here).body.find("tools 1.iso") != std::string::npos);
  BOOST_TEST(f.ask("DELETE", file).status == 204);
  BOOST_TEST(f.ask("GET", file).status == 404);
  BOOST_TEST(f.ask("DELETE", file).status == 404);
  BOOST_TEST(f.ask("PATCH", file).status == 405);
}

BOOST_AUTO_TEST_CASE(places_are_listed_from_the_datacenter_down) {
  Folders f;
  BOOST_TEST(f.ask("GET", "/folder").body.find("/folder?dcPath=DC1") != std::string::npos);
  const std::string stores = f.ask("GET", "/folder?dcPath=DC1").body;
  BOOST_TEST(stores.find("vsan-01") != std::string::npos);
  BOOST_TEST(f.ask("GET", std::string("/folder") + here).body.find("web-01/") != std::string::npos);
  BOOST_TEST(f.ask("GET", "/folder?dcPath=%2FDC1").body == stores);
  BOOST_TEST(f.ask("GET", "/folder?dcPath=DC9").status == 404);
  BOOST_TEST(f.ask("GET", "/folder?dcPath=DC1&dsName=nothing").status == 404);
}

BOOST_AUTO_TEST_CASE(descriptors_and_configurations_say_what_the_api_says) {
  Folders f;
  const std::string vmx = f.ask("GET", f.fileOf(".vmx")).body;
  BOOST_TEST(vmx.find("displayName = \"web-01\"") != std::string::npos);
  BOOST_TEST(vmx.find("scsi0:0.fileName = \"web-01.vmdk\"") != std::string::npos);
  const std::string descriptor = f.ask("GET", f.fileOf("web-01.vmdk")).body;
  BOOST_TEST(descriptor.find("createType=\"vmfs\"") != std::string::npos);
  BOOST_TEST(descriptor.find("ddb.uuid = \"60 00 C2 9") != std::string::npos, descriptor);
  BOOST_TEST(f.ask("GET", f.fileOf("-flat.vmdk")).status == 501);
  BOOST_TEST(f.ask("PUT", f.fileOf("web-01.vmdk"), "x").status == 501);
  BOOST_TEST(f.ask("DELETE", f.fileOf("web-01.vmdk")).status == 409);  // the machine runs
}

BOOST_AUTO_TEST_CASE(a_part_of_a_file_is_given) {
  Folders f;
  f.ask("PUT", std::string("/folder/digits") + here, "0123456789");
  const auto get = [&](const std::string& range) {
    f.range = range;
    const HttpResponse answer = f.ask("GET", std::string("/folder/digits") + here);
    return std::to_string(answer.status) + " " + (answer.status < 400 ? answer.body : "");
  };
  BOOST_TEST(get("bytes=2-4") == "206 234");
  BOOST_TEST(get("bytes=7-") == "206 789");
  BOOST_TEST(get("bytes=7-99") == "206 789");
  BOOST_TEST(get("bytes=-3") == "206 789");
  BOOST_TEST(get("bytes=-30") == "206 0123456789");
  BOOST_TEST(get("bytes=10-") == "416 ");
  for (const char* whole : {"", "bytes=4-2", "bytes=a-b", "lines=1-2", "bytes=1-2,4-5", "bytes="})
    BOOST_TEST(get(whole) == "200 0123456789", whole);
}

BOOST_AUTO_TEST_CASE(who_may_not_is_refused) {
  Folders f;
  const std::string file = f.fileOf(".vmx");
  f.administrator.clear();
  BOOST_TEST(f.ask("GET", file).status == 401);
  f.authorization = "Basic YWRtaW5pc3RyYXRvckB2c3BoZXJlLmxvY2FsOndyb25n";  // ...:wrong
  BOOST_TEST(f.ask("GET", file).status == 401);
  f.authorization = "Basic YWRtaW5pc3RyYXRvckB2c3BoZXJlLmxvY2FsOnNlY3JldA==";  // ...:secret
  BOOST_TEST(f.ask("GET", file).status == 200);
  f.authorization = "Basic cmVhZG9ubHk6c2VjcmV0";  // readonly:secret
  BOOST_TEST(f.ask("GET", file).status == 403);
  BOOST_TEST(f.ask("DELETE", file).status == 403);
}

BOOST_AUTO_TEST_SUITE_END()
