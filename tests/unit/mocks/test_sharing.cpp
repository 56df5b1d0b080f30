// SPDX-License-Identifier: GPL-2.0-or-later
// What the machines of a generated site have in common is one node, its text is kept, and neither is ever
// stale.
#include <boost/test/unit_test.hpp>

#include "mocks/xml_writer.h"
#include "soap_client.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

std::string written(const Value& value, Release release) {
  std::string out;
  XmlWriter(out, release).anyMember("val", value);
  return out;
}

Value connectInfo(bool connected) {
  return object("VirtualDeviceConnectInfo", {{"connected", connected},
                                             {"startConnected", true},
                                             {"allowGuestControl", false},
                                             {"migrateConnect", "unset"}});
}

// With so many holders its text is kept when it is written.
std::vector<Value> held(const Value& value) {
  return std::vector<Value>(10, value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(sharing)

BOOST_AUTO_TEST_CASE(equal_values_become_one_node) {
  const Value one = shared(connectInfo(true)), two = shared(connectInfo(true));
  BOOST_TEST(one.sameNode(two));
  BOOST_TEST(!one.sameNode(shared(connectInfo(false))));
}

BOOST_AUTO_TEST_CASE(kept_text_is_the_same_as_fresh_text) {
  const Value value = connectInfo(true);
  const std::string fresh = written(value, Release::v80);
  BOOST_TEST(!value.asObject()->written(Release::v80));
  const std::vector<Value> holders = held(value);
  BOOST_TEST(written(value, Release::v80) == fresh);
  BOOST_TEST(value.asObject()->written(Release::v80));
  BOOST_TEST(written(value, Release::v80) == fresh);
}

BOOST_AUTO_TEST_CASE(each_release_has_its_own_text) {
  const Value value = connectInfo(true);
  const std::vector<Value> holders = held(value);
  for (int i = 0; i < 2; ++i) {
    BOOST_TEST(written(value, Release::v80).find("migrateConnect") != std::string::npos);
    BOOST_TEST(written(value, Release::v65).find("migrateConnect") == std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_changed_copy_is_written_anew) {
  const Value value = connectInfo(true);
  const std::vector<Value> holders = held(value);
  (void)written(value, Release::v80);
  const Value changed = value.with("connected", false);
  const std::vector<Value> others = held(changed);
  BOOST_TEST(written(changed, Release::v80).find("<connected>false") != std::string::npos);
  BOOST_TEST(written(value, Release::v80).find("<connected>true") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(machines_of_a_generated_site_share_what_is_equal) {
  Fixture fixture("generate:hosts=4,datastores=4,vms=60", {}, false);
  const auto machines = fixture.simulation.world().inventory.all("VirtualMachine");
  // Twelve apart: the same guest, disks and size.
  const Value &one = machines[0]->state, &two = machines[12]->state;
  for (const char* path :
       {"capability", "config.flags", "config.tools", "config.bootOptions", "config.cpuAllocation"})
    BOOST_TEST(one.at(path).sameNode(two.at(path)), path);
  const std::vector<Value>& mine = one.at("config.extraConfig").asList()->items;
  const std::vector<Value>& theirs = two.at("config.extraConfig").asList()->items;
  BOOST_TEST_REQUIRE(mine.size() == theirs.size());
  std::size_t same = 0;
  for (std::size_t i = 0; i < mine.size(); ++i) same += mine[i].sameNode(theirs[i]) ? 1U : 0U;
  BOOST_TEST(mine.size() >= 70U);
  BOOST_TEST(same + 4 == mine.size());  // its files and its identifier are its own
  const std::string text = written(one.at("config"), Release::v80);
  BOOST_TEST(text.size() > 17'000U);
  BOOST_TEST(text.size() < 30'000U);
}

BOOST_AUTO_TEST_CASE(a_change_is_seen_at_once) {
  Fixture fixture("generate:hosts=2,datastores=2,vms=40", {}, false);
  fixture.client.login();
  World& world = fixture.simulation.world();
  const std::string id = world.inventory.all("VirtualMachine").front()->ref.id;
  const std::string request = oneObject("VirtualMachine", id, {"config.flags", "config.bootOptions"});
  for (int i = 0; i < 2; ++i)
    BOOST_TEST(
        fixture.client.call("RetrievePropertiesEx", request).has("<enableLogging>true</enableLogging>"));
  world.inventory.set(id, "config.flags.enableLogging", false);
  world.inventory.commit();
  BOOST_TEST(
      fixture.client.call("RetrievePropertiesEx", request).has("<enableLogging>false</enableLogging>"));
}

BOOST_AUTO_TEST_SUITE_END()
