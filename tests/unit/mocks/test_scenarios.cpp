// SPDX-License-Identifier: GPL-2.0-or-later
// What scenarios say, and what they become.
#include <boost/test/unit_test.hpp>

#include "tests/unit/mocks/soap_client.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

std::string scenarioProblem(const std::string& json) {
  try {
    const ScenarioSpec spec = parseScenario(json, "test");
    Simulation simulation(spec, "secret", {}, {}, Scheduler::Clock::manual);
  } catch (const ScenarioError& problem) {
    return problem.what();
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenarios)

BOOST_AUTO_TEST_CASE(the_built_in_ones_are_listed_and_load) {
  const auto list = listScenarios();
  BOOST_TEST(list.size() >= 3U);
  for (const auto& [name, description] : list) {
    BOOST_TEST(!description.empty(), name);
    BOOST_CHECK_NO_THROW(Fixture{name});
  }
}

BOOST_AUTO_TEST_CASE(mistakes_are_named_with_their_place) {
  BOOST_TEST(scenarioProblem("{").find("test: not JSON") == 0U);
  BOOST_TEST(scenarioProblem(R"({"datacenters":[{"name":"D","vms":[{"name":"v","cpu":2}]}]})")
                 .find("/datacenters/0/vms/0: unknown member 'cpu'") != std::string::npos);
  BOOST_TEST(scenarioProblem(R"({"datacenters":[{}]})").find("'name' is missing") != std::string::npos);
  BOOST_TEST(
      scenarioProblem(R"({"datacenters":[{"name":"D","datastores":[{"name":"d","capacity":"lots"}]}]})")
          .find("no size") != std::string::npos);
  BOOST_TEST(scenarioProblem(R"({"datacenters":[{"name":"D","clusters":[{"name":"c","hosts":[{"name":"h"}]}],
                          "datastores":[{"name":"d"}],"vms":[{"name":"v","nics":[{"network":"x"}]}]}]})")
                 .find("virtual machine v names the network 'x'") != std::string::npos);
  BOOST_CHECK_THROW(loadScenario("no-such-scenario"), ScenarioError);
  BOOST_CHECK_THROW(generateScenario("hosts=many"), ScenarioError);
}

BOOST_AUTO_TEST_CASE(all_mistakes_are_found_with_their_pointers) {
  std::vector<ScenarioProblem> problems;
  (void)parseScenario(R"({"serve":{},"datacenters":[{"name":"","vms":[{"name":"v","cpus":0,"memory":"much"},7,
                          {"name":"w","disks":[{"controller":"scsi9"}]}]}]})",
                      problems);
  std::vector<std::string> pointers;
  for (const ScenarioProblem& each : problems) pointers.push_back(each.pointer);
  const std::vector<std::string> expected{"/datacenters/0/name",
                                          "/datacenters/0/vms/0/cpus",
                                          "/datacenters/0/vms/0/memory",
                                          "/datacenters/0/vms/1",
                                          "/datacenters/0/vms/2/disks/0/controller",
                                          ""};
  BOOST_TEST(pointers == expected, boost::test_tools::per_element());
  const auto names = checkNames(parseScenario(
      R"({"datacenters":[{"name":"D","datastores":[{"name":"d"},{"name":"d","hosts":["x"]}],
          "vms":[{"name":"v","pool":"p"}]}]})",
      "test"));
  BOOST_TEST(names.size() == 3U);
  BOOST_TEST(names[0].pointer == "/datacenters/0/datastores/1/name");
  BOOST_TEST(names[1].pointer == "/datacenters/0/datastores/1/hosts/0");
  BOOST_TEST(names[2].pointer == "/datacenters/0/vms/0/pool");
}

BOOST_AUTO_TEST_CASE(the_same_scenario_is_the_same_site_every_time) {
  const auto identity = [](Fixture& f) {
    f.client.login();
    const std::string vm = f.client.id("DC1/vm/Production/Linux/db-01");
    return f.client
        .call("RetrievePropertiesEx", oneObject("VirtualMachine", vm, {"config", "layoutEx", "snapshot"}))
        .body;
  };
  Fixture first, second;
  BOOST_TEST(identity(first) == identity(second));
}

BOOST_AUTO_TEST_CASE(snapshots_leave_deltas_that_point_to_their_parents) {
  Fixture f;
  f.client.login();
  const std::string vm = f.client.id("DC1/vm/Production/Linux/db-01");
  const SoapReply disk = f.client.call(
      "RetrievePropertiesEx", oneObject("VirtualMachine", vm, {"config.hardware.device[2000]", "layoutEx"}));
  BOOST_TEST(disk.one("//val/backing/fileName") == "[vmfs-02] db-01/db-01-000002.vmdk");
  BOOST_TEST(disk.one("//val/backing/parent/fileName") == "[vmfs-02] db-01/db-01-000001.vmdk");
  BOOST_TEST(disk.one("//val/backing/parent/parent/fileName") == "[vmfs-02] db-01/db-01.vmdk");
  BOOST_TEST(disk.one("//val/backing/uuid") == disk.one("//val/backing/parent/parent/uuid"));
  BOOST_TEST(disk.has("[vmfs-02] db-01/db-01-000002-sesparse.vmdk"));
  const SoapReply tree = f.client.call("RetrievePropertiesEx", oneObject("VirtualMachine", vm, {"snapshot"}));
  BOOST_TEST(tree.one("//rootSnapshotList/name") == "before-upgrade");
  BOOST_TEST(tree.one("//childSnapshotList/name") == "after-upgrade");
  BOOST_TEST(tree.one("//val/currentSnapshot") == tree.one("//childSnapshotList/snapshot"));
}

BOOST_AUTO_TEST_CASE(the_master_targets_are_fit_for_their_work) {
  Fixture f;
  f.client.login();
  const std::string linux = f.client.id("DC1/vm/Failback/mt-linux-01"),
                    windows = f.client.id("DC1/vm/Failback/mt-win-01");
  const SoapReply first =
      f.client.call("RetrievePropertiesEx",
                    oneObject("VirtualMachine", linux,
                              {"guest", "config.hardware.device[1000]", "config.flags.diskUuidEnabled"}));
  BOOST_TEST(first.has("<diskPath>/mnt/retention</diskPath>"));
  BOOST_TEST(first.has("xsi:type=\"VirtualLsiLogicController\""));
  BOOST_TEST(first.one("//val/guestFamily") == "linuxGuest");
  const SoapReply second = f.client.call("RetrievePropertiesEx",
                                         oneObject("VirtualMachine", windows, {"guest", "config.firmware"}));
  BOOST_TEST(second.has("<diskPath>R:\\</diskPath>"));
  BOOST_TEST(second.has(">efi</val>"));
}

BOOST_AUTO_TEST_CASE(thousands_of_machines_are_up_in_no_time) {
  const auto start = std::chrono::steady_clock::now();
  Fixture f("generate:hosts=64,datastores=40,vms=5000");
  // Only that it does not hang: figures belong to the benchmarks.
  BOOST_TEST((std::chrono::steady_clock::now() - start < std::chrono::seconds(60)));
  BOOST_TEST(f.simulation.world().inventory.all("VirtualMachine").size() == 5000U);
}

BOOST_AUTO_TEST_SUITE_END()
