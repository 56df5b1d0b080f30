// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/client/fake_server.h"
#include "vsphere/error.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

using Ids = std::vector<std::string>;

Context soon() {
  return Context().withTimeout(std::chrono::seconds(20));
}

const Moref kVm{"VirtualMachine", "vm-7", {}};
const Moref kStore{"Datastore", "datastore-9", {}};

struct Fixture {
  Fixture() {
    server->knownPrivileges = {"VirtualMachine.Config.AddExistingDisk", "Datastore.FileManagement",
                               "System.Read"};
    server->granted[kVm] = {"System.Read", "VirtualMachine.Config.AddExistingDisk"};
    server->granted[kStore] = {"System.Read"};
    std::string list;
    for (const std::string& id : server->knownPrivileges) {
      list += "<AuthorizationPrivilege><privId>" + id +
              "</privId><onParent>false</onParent><name>n</name><privGroupName>g</privGroupName>"
              "</AuthorizationPrivilege>";
    }
    FakeObject manager;
    manager.ref = {"AuthorizationManager", "AuthorizationManager", {}};
    manager.properties["privilegeList"] = property("privilegeList", "ArrayOfAuthorizationPrivilege", list);
    server->others.push_back(manager);
    client = Client::connect(optionsFor(server), credentialsOf(*server), soon());
  }
  PrivilegeAnswer read(const std::vector<Moref>& entities, const Ids& ids) {
    return client->readPrivileges(entities, ids, soon());
  }

  std::shared_ptr<FakeServer> server = std::make_shared<FakeServer>();
  std::unique_ptr<Client> client;
};

void checkSame(const Ids& got, const Ids& wanted) {
  BOOST_TEST(got == wanted, boost::test_tools::per_element());
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(privileges, Fixture)

BOOST_AUTO_TEST_CASE(one_call_tells_of_each_object_what_is_granted_and_what_is_not) {
  const PrivilegeAnswer answer =
      read({kStore, kVm, kStore}, {"VirtualMachine.Config.AddExistingDisk", "System.Read"});
  BOOST_REQUIRE(answer.entities.size() == 2u);
  BOOST_TEST(answer.entities[0].entity.str() == kStore.str());
  checkSame(answer.entities[0].granted, {"System.Read"});
  checkSame(answer.entities[0].missing, {"VirtualMachine.Config.AddExistingDisk"});
  checkSame(answer.entities[1].granted, {"VirtualMachine.Config.AddExistingDisk", "System.Read"});
  BOOST_TEST(answer.entities[1].missing.empty());
  BOOST_TEST(answer.unknownIds.empty());
  BOOST_TEST(server->count("HasPrivilegeOnEntities") == 1u);
  BOOST_TEST(server->count("RetrievePropertiesEx") == 0u);
}

BOOST_AUTO_TEST_CASE(ids_that_the_server_does_not_know_are_told_and_the_others_are_answered) {
  const PrivilegeAnswer answer = read({kVm}, {"System.Read", "Quantum.Entangle"});
  BOOST_REQUIRE(answer.entities.size() == 1u);
  checkSame(answer.entities[0].granted, {"System.Read"});
  BOOST_TEST(answer.entities[0].missing.empty());
  checkSame(answer.unknownIds, {"Quantum.Entangle"});
  BOOST_TEST(server->count("HasPrivilegeOnEntities") == 2u);
}

BOOST_AUTO_TEST_CASE(when_none_is_known_nothing_is_granted_and_nothing_missing) {
  const PrivilegeAnswer answer = read({kVm}, {"Quantum.Entangle"});
  BOOST_REQUIRE(answer.entities.size() == 1u);
  BOOST_TEST(answer.entities[0].granted.empty());
  BOOST_TEST(answer.entities[0].missing.empty());
  checkSame(answer.unknownIds, {"Quantum.Entangle"});
}

BOOST_AUTO_TEST_CASE(an_object_that_is_gone_is_a_hole_and_the_others_are_answered) {
  const Moref gone{"VirtualMachine", "vm-666", {}};
  const PrivilegeAnswer answer = read({gone, kVm}, {"System.Read"});
  BOOST_REQUIRE(answer.entities.size() == 1u);
  BOOST_TEST(answer.entities[0].entity.str() == kVm.str());
  BOOST_REQUIRE(answer.unreadable.size() == 1u);
  BOOST_TEST(answer.unreadable[0].object.str() == gone.str());
  BOOST_TEST(answer.unreadable[0].reason == "vanished");
}

BOOST_AUTO_TEST_CASE(after_a_lost_session_the_new_one_is_asked_about) {
  server->killSessions();
  const PrivilegeAnswer answer = read({kVm}, {"System.Read"});
  BOOST_REQUIRE(answer.entities.size() == 1u);
  checkSame(answer.entities[0].granted, {"System.Read"});
  BOOST_TEST(server->count("Login") == 2u);
  const auto asked = server->requests("HasPrivilegeOnEntities");
  BOOST_TEST(asked.front().text("sessionId") != asked.back().text("sessionId"));
}

BOOST_AUTO_TEST_CASE(an_answer_about_the_old_session_is_asked_for_again) {
  // The server does not mind the old key: what it says is still not about the session that we now have.
  std::size_t call = 0;
  server->meet = [&](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "HasPrivilegeOnEntities") return {};
    if (++call == 1) return faulty("NotAuthenticated", "The session is not authenticated.");
    if (call == 2) {
      return ok(failback::vsphere::test::answer(
          request.method, "<returnval>" + reference("entity", kVm) +
                              "<privAvailability><privId>System.Read</privId><isGranted>false</isGranted>"
                              "</privAvailability></returnval>"));
    }
    return {};
  };
  const PrivilegeAnswer answer = read({kVm}, {"System.Read"});
  checkSame(answer.entities.at(0).granted, {"System.Read"});
  BOOST_TEST(call == 3u);
}

BOOST_AUTO_TEST_CASE(a_refusal_that_is_not_about_privileges_is_told) {
  server->meet = [](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "HasPrivilegeOnEntities") return {};
    return faulty("InvalidArgument", "A specified parameter was not correct: entity",
                  "<invalidProperty>entity</invalidProperty>");
  };
  BOOST_CHECK_THROW(read({kVm}, {"System.Read"}), Failure);
}

BOOST_AUTO_TEST_CASE(nothing_is_asked_about_nothing) {
  BOOST_TEST(read({}, {"System.Read"}).entities.empty());
  BOOST_TEST(read({kVm}, {}).entities.size() == 1u);
  BOOST_TEST(server->count("HasPrivilegeOnEntities") == 0u);
}

BOOST_AUTO_TEST_SUITE_END()
