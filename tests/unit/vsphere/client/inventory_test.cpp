// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <atomic>
#include <boost/test/unit_test.hpp>
#include <condition_variable>
#include <mutex>
#include <set>

#include "tests/support/fake_transport.h"
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

  std::unique_ptr<Client> connect(std::int32_t pageSize = 10, unsigned parallel = 4) {
    ClientOptions options = optionsFor(server);
    options.pageSize = pageSize;
    options.parallelCalls = parallel;
    return Client::connect(std::move(options), credentialsOf(*server), soon());
  }

  // Everything that the server has was delivered, each object once.
  void checkComplete(const Collected& sink) const {
    std::set<std::string> once(sink.names.begin(), sink.names.end());
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

BOOST_AUTO_TEST_SUITE(inventory)

BOOST_AUTO_TEST_CASE(every_object_comes_once_and_containers_come_first) {
  Fixture fixture;
  const auto client = fixture.connect();
  Collected sink;
  client->readInventory({}, sink, soon());
  fixture.checkComplete(sink);
  BOOST_TEST(sink.holes.empty());
  BOOST_TEST(vmOf(sink, "vm-1003").name == "vm3");
  BOOST_TEST(*vmOf(sink, "vm-1003").powerState == "poweredOn");
  const auto isLeaf = [](const std::string& name) {
    return name.starts_with("VirtualMachine:") || name.starts_with("HostSystem:") ||
           name.starts_with("Datastore:") || name.starts_with("Network:") ||
           name.starts_with("DistributedVirtualPortgroup:");
  };
  const auto firstLeaf = std::find_if(sink.names.begin(), sink.names.end(), isLeaf);
  BOOST_TEST((firstLeaf - sink.names.begin()) == 6);
  BOOST_TEST(std::all_of(firstLeaf, sink.names.end(), isLeaf));
}

BOOST_AUTO_TEST_CASE(progress_ends_at_the_total_and_never_goes_back) {
  Fixture fixture;
  Collected sink;
  fixture.connect()->readInventory({}, sink, soon());
  BOOST_REQUIRE(!sink.steps.empty());
  std::uint64_t last = 0;
  for (const auto& [done, total] : sink.steps) {
    BOOST_TEST(done >= last);
    BOOST_TEST(total == fixture.server->objects.size());
    last = done;
  }
  BOOST_TEST(last == fixture.server->objects.size());
}

BOOST_AUTO_TEST_CASE(nothing_is_left_on_the_server) {
  Fixture fixture;
  const auto client = fixture.connect();
  Collected sink;
  client->readInventory({}, sink, soon());
  BOOST_TEST(fixture.server->leftovers().size() == 1u);  // the session
  BOOST_TEST(fixture.server->count("DestroyView") == fixture.server->count("CreateContainerView"));
}

BOOST_AUTO_TEST_CASE(a_server_that_gives_smaller_pages_is_followed) {
  for (const std::size_t page : {1u, 3u, 7u}) {
    Fixture fixture;
    fixture.server->serverPage = page;
    Collected sink;
    fixture.connect()->readInventory({}, sink, soon());
    fixture.checkComplete(sink);
    BOOST_TEST(fixture.server->count("ContinueRetrievePropertiesEx") > 0u);
  }
}

BOOST_AUTO_TEST_CASE(only_the_types_asked_for_are_read) {
  Fixture fixture;
  Collected sink;
  ReadRequest request;
  request.types = {"HostSystem"};
  request.container = {"Datacenter", "datacenter-3", {}};
  fixture.connect()->readInventory(request, sink, soon());
  BOOST_TEST(sink.names.size() == 2u);
  const ReadRequestXml view = fixture.server->requests("CreateContainerView").at(0);
  BOOST_TEST(view.references("container").at(0).str() == "Datacenter:datacenter-3");
  BOOST_TEST(view.texts("type") == std::vector<std::string>{"HostSystem"}, boost::test_tools::per_element());
  BOOST_TEST(view.text("recursive") == "true");
}

BOOST_AUTO_TEST_CASE(an_empty_server_is_no_error) {
  Fixture fixture;
  fixture.server->objects.clear();
  Collected sink;
  fixture.connect()->readInventory({}, sink, soon());
  BOOST_TEST(sink.names.empty());
  BOOST_TEST(sink.holes.empty());
}

BOOST_AUTO_TEST_CASE(requests_are_bounded_by_the_page_size) {
  Fixture fixture(95);
  Collected sink;
  fixture.connect(20)->readInventory({}, sink, soon());
  fixture.checkComplete(sink);
  for (const ReadRequestXml& request : fixture.server->requests("RetrievePropertiesEx")) {
    BOOST_TEST(request.references("obj").size() <= 20u);
  }
}

BOOST_AUTO_TEST_CASE(several_pages_are_in_flight_together) {
  Fixture fixture(40);
  std::mutex mutex;
  std::condition_variable changed;
  int inFlight = 0;
  int most = 0;
  // Each read of VMs waits until a second one is there; alone, it gives up and the test fails.
  fixture.server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "RetrievePropertiesEx" || request.body.find("vm-10") == std::string::npos)
      return {};
    std::unique_lock lock(mutex);
    most = std::max(most, ++inFlight);
    changed.notify_all();
    changed.wait_for(lock, std::chrono::seconds(10), [&] { return most >= 2; });
    --inFlight;
    return {};
  };
  Collected sink;
  fixture.connect()->readInventory({}, sink, soon());
  fixture.checkComplete(sink);
  BOOST_TEST(most >= 2);
  BOOST_TEST(most <= 4);
}

BOOST_AUTO_TEST_CASE(a_property_without_permission_is_a_hole_and_the_rest_is_read) {
  Fixture fixture;
  for (FakeObject& object : fixture.server->objects) {
    if (object.ref.value != "vm-1002") continue;
    object.properties.erase("runtime.powerState");
    object.missing["runtime.powerState"] = "NoPermission";
  }
  Collected sink;
  fixture.connect()->readInventory({}, sink, soon());
  fixture.checkComplete(sink);
  BOOST_TEST(vmOf(sink, "vm-1002").name == "vm2");
  BOOST_TEST(!vmOf(sink, "vm-1002").powerState.has_value());
  BOOST_REQUIRE(sink.holes.size() == 1u);
  BOOST_TEST(sink.holes[0].object.value == "vm-1002");
  BOOST_TEST(sink.holes[0].property == "runtime.powerState");
  BOOST_TEST(sink.holes[0].reason == "noPermission");
  BOOST_TEST(sink.holes[0].privilege == "System.Read");
}

BOOST_AUTO_TEST_CASE(what_vanishes_meanwhile_is_told) {
  for (const bool reports : {true, false}) {
    Fixture fixture;
    fixture.server->reportsMissing = reports;
    fixture.server->ghosts = {{"VirtualMachine", "vm-666", {}}, {"HostSystem", "host-667", {}}};
    Collected sink;
    fixture.connect()->readInventory({}, sink, soon());
    fixture.checkComplete(sink);
    BOOST_TEST_CONTEXT(reports) {
      BOOST_REQUIRE(sink.holes.size() == 2u);
      for (const Unreadable& hole : sink.holes) BOOST_TEST(hole.reason == "vanished");
      BOOST_TEST(sink.steps.back().first == sink.steps.back().second);
    }
  }
}

BOOST_AUTO_TEST_CASE(an_object_of_an_unknown_type_is_told) {
  Fixture fixture;
  Collected sink;
  fixture.connect()->readObjects({{"QuantumMachine", "qm-1", {}}, {"VirtualMachine", "vm-1000", {}}},
                                 Depth::thin, sink, soon());
  BOOST_TEST(sink.names.size() == 1u);
  BOOST_REQUIRE(sink.holes.size() == 1u);
  BOOST_TEST(sink.holes[0].reason == "unknownType");
}

BOOST_AUTO_TEST_CASE(a_path_that_the_server_does_not_know_is_left_out) {
  Fixture fixture;
  fixture.server->unknownPaths = {"runtime.powerState", "summary.quickStats.uptimeSeconds"};
  Collected sink;
  fixture.connect()->readInventory({}, sink, soon());
  fixture.checkComplete(sink);
  BOOST_TEST(!vmOf(sink, "vm-1002").powerState.has_value());
}

BOOST_AUTO_TEST_CASE(chosen_objects_are_read_each_once_in_one_call) {
  Fixture fixture;
  const auto client = fixture.connect(100);
  const std::size_t before = fixture.server->calls().size();
  Collected sink;
  client->readObjects(
      {{"VirtualMachine", "vm-1000", {}}, {"HostSystem", "host-10", {}}, {"VirtualMachine", "vm-1000", {}}},
      Depth::standard, sink, soon());
  BOOST_TEST(sink.names.size() == 2u);
  BOOST_TEST(fixture.server->calls().size() - before == 1u);
}

BOOST_AUTO_TEST_CASE(no_objects_make_no_call) {
  Fixture fixture;
  const auto client = fixture.connect();
  const std::size_t before = fixture.server->calls().size();
  Collected sink;
  client->readObjects({}, Depth::standard, sink, soon());
  BOOST_TEST(fixture.server->calls().size() == before);
}

BOOST_AUTO_TEST_CASE(a_session_that_is_lost_at_any_call_costs_no_object) {
  // First without a loss, to know how many calls there are.
  std::size_t calls = 0;
  {
    Fixture fixture;
    fixture.server->serverPage = 4;
    Collected sink;
    const auto client = fixture.connect(10, 1);
    client->readInventory({}, sink, soon());
    calls = fixture.server->calls().size();
  }
  for (std::size_t lost = 5; lost <= calls; ++lost) {
    Fixture fixture;
    fixture.server->serverPage = 4;
    fixture.server->meet = [&, server = fixture.server.get()](const Request&,
                                                              std::size_t call) -> std::optional<Response> {
      if (call == lost) server->killSessions();
      return {};
    };
    Collected sink;
    BOOST_TEST_CONTEXT("lost at call " << lost << " of " << calls) {
      {
        const auto client = fixture.connect(10, 1);
        BOOST_CHECK_NO_THROW(client->readInventory({}, sink, soon()));
      }
      fixture.checkComplete(sink);
      BOOST_TEST(fixture.server->count("Login") == 2u);
      BOOST_TEST(fixture.server->leftovers().empty());
    }
  }
}

[[noreturn]] void loseAnswer(Category category) {
  Error error;
  error.category = category;
  error.text = "lost";
  throw TransportFailure(std::move(error), Fate::unknown, true);
}

bool isPage(const std::string& method) {
  return method == "ContinueRetrievePropertiesEx";
}

BOOST_AUTO_TEST_CASE(a_page_that_may_not_be_asked_for_twice_is_read_anew) {
  enum class Trouble { cut, lost, stalled, busy, frontEnd };
  for (const Trouble trouble :
       {Trouble::cut, Trouble::lost, Trouble::stalled, Trouble::busy, Trouble::frontEnd}) {
    for (std::size_t hit = 1; hit <= 6; ++hit) {
      Fixture fixture;
      fixture.server->serverPage = 4;
      std::size_t pages = 0;
      fixture.server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
        if (!isPage(request.method) || ++pages != hit) return {};
        switch (trouble) {
          case Trouble::cut:
            loseAnswer(Category::malformedAnswer);
          case Trouble::lost:
            loseAnswer(Category::unreachable);
          case Trouble::stalled:
            loseAnswer(Category::deadline);
          case Trouble::busy:
            return failback::testing::response(503);
          case Trouble::frontEnd:
            return failback::testing::response(502);
        }
        return {};
      };
      Collected sink;
      {
        const auto client = fixture.connect(10, 1);
        BOOST_CHECK_NO_THROW(client->readInventory({}, sink, soon()));
      }
      BOOST_TEST_CONTEXT("trouble " << static_cast<int>(trouble) << " at page " << hit) {
        fixture.checkComplete(sink);
        BOOST_TEST(pages >= hit);
        BOOST_TEST(fixture.server->count("Login") == 1u);
        BOOST_TEST(fixture.server->leftovers().empty());
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(what_stays_broken_is_told_after_a_few_tries) {
  Fixture fixture;
  fixture.server->serverPage = 4;
  // Nothing ever comes: neither as a first page nor as a further one.
  fixture.server->spoil = [](const Request& request, std::size_t, Response& response) {
    if (request.method == "RetrievePropertiesEx" && request.body.find("vm-1000") != std::string::npos)
      response = ok(answer(request.method, "<returnval><token>t</token></returnval>"));
    if (isPage(request.method)) loseAnswer(Category::unreachable);
  };
  Collected sink;
  BOOST_CHECK_EXCEPTION(fixture.connect(10, 1)->readInventory({}, sink, soon()), Failure,
                        [](const Failure& failure) {
                          return failure.error().category == Category::unreachable ||
                                 failure.error().category == Category::malformedAnswer;
                        });
  BOOST_TEST(fixture.server->count("ContinueRetrievePropertiesEx") < 20u);
}

BOOST_AUTO_TEST_CASE(pages_that_bring_nothing_end) {
  Fixture fixture;
  fixture.server->meet = [](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.body.find(">vm-1000<") == std::string::npos && !isPage(request.method)) return {};
    return ok(answer(request.method, "<returnval><token>t</token><objects>" +
                                         reference("obj", {"Datastore", "other", {}}) +
                                         "</objects></returnval>"));
  };
  Collected sink;
  BOOST_CHECK_EXCEPTION(fixture.connect(10, 1)->readInventory({}, sink, soon()), Failure,
                        [](const Failure& failure) {
                          return failure.error().category == Category::malformedAnswer &&
                                 failure.error().text.find("do not end") != std::string::npos;
                        });
  BOOST_TEST(fixture.server->count("ContinueRetrievePropertiesEx") < 20u);
}

BOOST_AUTO_TEST_CASE(sessions_that_are_lost_while_many_pages_are_in_flight_make_one_login_each) {
  Fixture fixture(200);
  std::atomic<bool> killed{false};
  fixture.server->meet = [&](const Request& request, std::size_t call) -> std::optional<Response> {
    if (call > 15 && request.method == "RetrievePropertiesEx" && !killed.exchange(true))
      fixture.server->killSessions();
    return {};
  };
  Collected sink;
  fixture.connect(10, 4)->readInventory({}, sink, soon());
  fixture.checkComplete(sink);
  BOOST_TEST(fixture.server->count("Login") == 2u);
}

BOOST_AUTO_TEST_CASE(a_session_that_never_lasts_is_an_error_and_no_endless_loop) {
  Fixture fixture;
  const auto client = fixture.connect();
  fixture.server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "Login") fixture.server->killSessions();
    return {};
  };
  Collected sink;
  try {
    client->readInventory({}, sink, soon());
    BOOST_FAIL("read");
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::notAuthenticated ||
                failure.error().category == Category::sessionLost));
  }
  BOOST_TEST(fixture.server->count("Login") < 20u);
}

BOOST_AUTO_TEST_CASE(what_the_sink_throws_passes_through_and_the_token_is_given_back) {
  class Thrower : public Collected {
   public:
    void object(InventoryObject&& object) override {
      Collected::object(std::move(object));
      if (names.size() == 8) throw std::domain_error("enough");
    }
  };
  for (const unsigned parallel : {1u, 4u}) {
    Fixture fixture;
    fixture.server->serverPage = 3;
    const auto client = fixture.connect(10, parallel);
    Thrower sink;
    BOOST_CHECK_THROW(client->readInventory({}, sink, soon()), std::domain_error);
    BOOST_TEST(sink.names.size() == 8u);
    BOOST_TEST(fixture.server->leftovers().size() == 1u);  // the session
    // The client still works.
    Collected again;
    client->readInventory({}, again, soon());
    fixture.checkComplete(again);
  }
}

BOOST_AUTO_TEST_CASE(a_stop_in_the_middle_ends_it) {
  for (const unsigned parallel : {1u, 4u}) {
    Fixture fixture(100);
    std::stop_source stop;
    class Stopper : public Collected {
     public:
      explicit Stopper(std::stop_source& source) : source_(source) {}
      void progress(std::uint64_t done, std::uint64_t total) override {
        Collected::progress(done, total);
        if (done > 20) source_.request_stop();
      }

     private:
      std::stop_source& source_;
    } sink(stop);
    {
      const auto client = fixture.connect(5, parallel);
      try {
        client->readInventory({}, sink, soon().withStop(stop.get_token()));
        BOOST_FAIL("read to the end");
      } catch (const Failure& failure) {
        BOOST_TEST((failure.error().category == Category::interrupted));
      }
    }
    BOOST_TEST(sink.names.size() < 100u);
    BOOST_TEST(fixture.server->leftovers().empty());
  }
}

BOOST_AUTO_TEST_SUITE_END()
