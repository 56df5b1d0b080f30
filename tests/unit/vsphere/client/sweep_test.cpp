// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/unit/vsphere/client/fake_server.h"
#include "tests/unit/vsphere/client/fake_xml.h"
#include "vsphere/error.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

Context soon() {
  return Context().withTimeout(std::chrono::seconds(30));
}

struct Fixture {
  explicit Fixture(std::size_t vms = 25) { server->objects = smallInventory(vms); }

  std::unique_ptr<Client> connect(std::int32_t pageSize = 10) {
    ClientOptions options = optionsFor(server);
    options.pageSize = pageSize;
    return Client::connect(std::move(options), credentialsOf(*server), soon());
  }
  // Everything that the server has was delivered, each object once.
  void checkComplete(const Collected& sink) const {
    const std::set<std::string> once(sink.names.begin(), sink.names.end());
    BOOST_TEST(once.size() == sink.names.size());
    BOOST_TEST(sink.names.size() == server->objects.size());
    for (const FakeObject& object : server->objects) {
      BOOST_TEST_CONTEXT(object.ref.str()) BOOST_TEST(once.contains(object.ref.str()));
    }
  }

  std::shared_ptr<FakeServer> server = std::make_shared<FakeServer>();
};

const VirtualMachine& vmOf(const Collected& sink, const std::string& value) {
  return std::get<VirtualMachine>(sink.byMoref.at(value));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sweep)

BOOST_AUTO_TEST_CASE(one_call_and_its_pages_bring_everything_once) {
  Fixture fixture;
  fixture.server->serverPage = 10;
  const auto client = fixture.connect();
  const std::uint64_t pagesBefore = client->callCounts().pages;
  Collected sink;
  client->sweep({}, Depth::standard, sink, soon());
  fixture.checkComplete(sink);
  BOOST_TEST(vmOf(sink, "vm-1003").name == "vm3");
  BOOST_TEST(*vmOf(sink, "vm-1003").powerState == "poweredOn");
  BOOST_TEST(fixture.server->count("RetrievePropertiesEx") == 1u);
  BOOST_TEST(fixture.server->count("CreateContainerView") == 0u);
  const std::size_t pages = fixture.server->count("ContinueRetrievePropertiesEx");
  BOOST_TEST(pages == (fixture.server->objects.size() - 1) / 10);
  BOOST_TEST(client->callCounts().pages - pagesBefore == pages);
  BOOST_TEST(fixture.server->leftovers().size() == 1u);  // the session
}

BOOST_AUTO_TEST_CASE(the_walk_begins_at_the_root_and_goes_down_every_branch) {
  Fixture fixture;
  Collected sink;
  fixture.connect()->sweep({}, Depth::thin, sink, soon());
  const ReadRequestXml walk = fixture.server->requests("RetrievePropertiesEx").at(0);
  BOOST_TEST(walk.references("obj").at(0).str() == "Folder:group-d1");
  const std::vector<std::string> paths = walk.texts("path");
  for (const char* path : {"childEntity", "vmFolder", "hostFolder", "datastoreFolder", "networkFolder",
                           "host", "resourcePool", "vm"}) {
    BOOST_TEST_CONTEXT(path) BOOST_TEST((std::find(paths.begin(), paths.end(), path) != paths.end()));
  }
  BOOST_TEST(walk.text("maxObjects") == "10");
}

BOOST_AUTO_TEST_CASE(only_the_types_asked_for_are_delivered) {
  Fixture fixture;
  Collected sink;
  fixture.connect()->sweep({"HostSystem"}, Depth::standard, sink, soon());
  BOOST_TEST(sink.names.size() == 2u);
}

BOOST_AUTO_TEST_CASE(an_object_that_several_ways_lead_to_comes_once) {
  Fixture fixture;
  fixture.server->walksTwice = true;
  for (FakeObject& object : fixture.server->objects) {
    if (object.ref.value == "vm-1002") object.missing["runtime.powerState"] = "NoPermission";
  }
  Collected sink;
  fixture.connect()->sweep({}, Depth::standard, sink, soon());
  fixture.checkComplete(sink);
}

BOOST_AUTO_TEST_CASE(a_property_without_permission_is_a_hole) {
  Fixture fixture;
  for (FakeObject& object : fixture.server->objects) {
    if (object.ref.value != "vm-1002") continue;
    object.properties.erase("runtime.powerState");
    object.missing["runtime.powerState"] = "NoPermission";
  }
  Collected sink;
  fixture.connect()->sweep({}, Depth::standard, sink, soon());
  fixture.checkComplete(sink);
  BOOST_REQUIRE(sink.holes.size() == 1u);
  BOOST_TEST(sink.holes[0].property == "runtime.powerState");
  BOOST_TEST(sink.holes[0].reason == "noPermission");
}

BOOST_AUTO_TEST_CASE(a_session_lost_between_pages_is_renewed_and_nothing_comes_twice) {
  Fixture fixture;
  fixture.server->serverPage = 10;
  std::size_t continued = 0;
  fixture.server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method == "ContinueRetrievePropertiesEx" && ++continued == 2) fixture.server->killSessions();
    return {};
  };
  Collected sink;
  fixture.connect()->sweep({}, Depth::standard, sink, soon());
  fixture.checkComplete(sink);
  BOOST_TEST(fixture.server->count("Login") == 2u);
  BOOST_TEST(fixture.server->count("RetrievePropertiesEx") == 2u);
}

BOOST_AUTO_TEST_CASE(a_session_that_is_lost_again_and_again_ends_the_sweep) {
  Fixture fixture;
  fixture.server->serverPage = 10;
  fixture.server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method == "ContinueRetrievePropertiesEx") fixture.server->killSessions();
    return {};
  };
  Collected sink;
  const auto client = fixture.connect();
  BOOST_CHECK_THROW(client->sweep({}, Depth::standard, sink, soon()), Failure);
  BOOST_TEST(sink.names.size() == 10u);  // the first page, once
}

BOOST_AUTO_TEST_CASE(a_page_that_was_lost_begins_the_walk_anew_and_nothing_comes_twice) {
  for (std::size_t hit = 1; hit <= 3; ++hit) {
    Fixture fixture;
    fixture.server->serverPage = 10;
    std::size_t pages = 0;
    fixture.server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
      if (request.method != "ContinueRetrievePropertiesEx" || ++pages != hit) return {};
      Error error;
      error.category = Category::malformedAnswer;
      error.text = "cut";
      throw TransportFailure(std::move(error), Fate::unknown, true);
    };
    Collected sink;
    fixture.connect()->sweep({}, Depth::standard, sink, soon());
    BOOST_TEST_CONTEXT("page " << hit) fixture.checkComplete(sink);
    BOOST_TEST(fixture.server->count("RetrievePropertiesEx") == 2u);
  }
}

BOOST_AUTO_TEST_CASE(a_walk_without_an_end_is_ended) {
  Fixture fixture;
  fixture.server->meet = [](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method.find("RetrievePropertiesEx") == std::string::npos) return {};
    return ok(answer(request.method, "<returnval><token>t</token><objects>" +
                                         reference("obj", {"Datastore", "same", {}}) +
                                         "</objects></returnval>"));
  };
  Collected sink;
  BOOST_CHECK_EXCEPTION(fixture.connect()->sweep({}, Depth::standard, sink, soon()), Failure,
                        [](const Failure& failure) {
                          return failure.error().category == Category::malformedAnswer &&
                                 failure.error().text.find("do not end") != std::string::npos;
                        });
  BOOST_TEST(fixture.server->count("ContinueRetrievePropertiesEx") < 20u);
}

BOOST_AUTO_TEST_CASE(a_path_that_the_server_does_not_know_is_left_out) {
  Fixture fixture;
  fixture.server->unknownPaths = {"config.files.vmPathName", "summary.hardware.uuid"};
  Collected sink;
  fixture.connect()->sweep({}, Depth::standard, sink, soon());
  fixture.checkComplete(sink);
  const auto asked = fixture.server->requests("RetrievePropertiesEx");
  BOOST_TEST(asked.size() == 3u);
  const std::vector<std::string> paths = asked.back().texts("pathSet");
  BOOST_TEST(std::count(paths.begin(), paths.end(), "config.files.vmPathName") == 0);
}

BOOST_AUTO_TEST_CASE(a_sweep_that_is_given_up_leaves_no_pages_behind) {
  struct Full {};
  class Impatient : public Collected {
   public:
    void progress(std::uint64_t, std::uint64_t) override { throw Full{}; }
  };
  Fixture fixture;
  fixture.server->serverPage = 10;
  const auto client = fixture.connect();
  const std::uint64_t before = client->callCounts().pages;
  Impatient sink;
  BOOST_CHECK_THROW(client->sweep({}, Depth::standard, sink, soon()), Full);
  BOOST_TEST(fixture.server->leftovers().size() == 1u);  // the session
  BOOST_TEST(fixture.server->count("CancelRetrievePropertiesEx") == 1u);
  BOOST_TEST(client->callCounts().pages - before == 1u);
}

BOOST_AUTO_TEST_CASE(a_host_is_not_asked_for_what_only_vcenter_has) {
  Fixture fixture;
  fixture.server->vcenter = false;
  fixture.server->about =
      "<name>VMware ESXi</name><fullName>VMware ESXi 8.0.3 build-1</fullName><vendor>VMware, Inc.</vendor>"
      "<version>8.0.3</version><build>1</build><osType>vmnix-x86</osType><productLineId>embeddedEsx"
      "</productLineId><apiType>HostAgent</apiType><apiVersion>8.0.3.0</apiVersion>";
  Collected sink;
  fixture.connect()->sweep({}, Depth::standard, sink, soon());
  const ReadRequestXml walk = fixture.server->requests("RetrievePropertiesEx").at(0);
  BOOST_TEST(walk.references("obj").at(0).value == "ha-folder-root");
  const std::vector<std::string> types = walk.texts("type");
  BOOST_TEST(std::count(types.begin(), types.end(), "HostSystem") == 1);
  BOOST_TEST(std::count(types.begin(), types.end(), "StoragePod") == 0);
  BOOST_TEST(std::count(types.begin(), types.end(), "DistributedVirtualSwitch") == 0);
}

BOOST_AUTO_TEST_CASE(slices_after_the_first_are_counted_as_pages) {
  Fixture fixture;
  const auto client = fixture.connect();
  const CallCounts before = client->callCounts();
  Collected sink;
  client->readInventory({}, sink, soon());
  const CallCounts after = client->callCounts();
  // Of all RetrievePropertiesEx one lists the view, and one is the first slice.
  const auto asked = [](const CallCounts& counts) {
    const auto found = counts.byMethod.find("RetrievePropertiesEx");
    return found == counts.byMethod.end() ? std::uint64_t{0} : found->second;
  };
  BOOST_TEST(asked(after) - asked(before) > 2u);
  BOOST_TEST(after.pages - before.pages == asked(after) - asked(before) - 2);
}

BOOST_AUTO_TEST_SUITE_END()
