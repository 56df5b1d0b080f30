// SPDX-License-Identifier: GPL-2.0-or-later
// Each machine is judged as if it came home alone, with the master target that suits it best.
#include "tests/unit/provisioning/readiness_support.h"

namespace failback::readiness_tests {

BOOST_AUTO_TEST_CASE(a_twin_of_the_master_target_blocks_and_twins_of_each_other_are_a_warning) {
  Site site;
  site.wish.all = true;
  site.wish.masterTargets = {"mt-1"};
  const vs::VirtualMachine target = machine("mt-1", "ubuntu64Guest");
  site.add(target);
  const auto twin = [&](const char* name, const std::optional<std::string>& uuid) {
    vs::VirtualMachine vm = machine(name, "debian12_64Guest");
    vm.disks[0].uuid = uuid;
    vm.disks[0].chain[0].uuid = uuid;
    site.add(vm);
    return uuid;
  };
  twin("like-the-target", target.disks[0].uuid);
  const std::optional<std::string> common = "6000C290-0000-0000-0000-00000000ffff";
  twin("one", common);
  twin("two", common);
  site.add(machine("alone", "debian12_64Guest"));
  const p::Readiness readiness = site.judged();
  for (const p::ReadinessFinding& each : readiness.findings) {
    if (each.finding.rule->id != "MT-CLONE") continue;
    const Names expected = each.verdict == p::Verdict::block ? Names{"like-the-target"} : Names{"one", "two"};
    BOOST_TEST(each.machines == expected, boost::test_tools::per_element());
  }
  BOOST_TEST(machinesWith(readiness, "MT-CLONE") == (Names{"like-the-target", "one", "two"}),
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(thin_disks_grow_for_one_machine_at_a_time) {
  Site site;
  site.wish.all = true;
  site.wish.masterTargets = {"mt-1"};
  site.addHosts({"esx-1"});
  site.addDatastore("small", {"esx-1"}, 50);
  site.addTarget("mt-1", "esx-1", "small");
  for (const char* name : {"a", "b", "c"}) {
    vs::VirtualMachine vm = machine(name, "debian12_64Guest");
    put(vm, "small", true);
    site.add(vm);
  }
  BOOST_TEST(machinesWith(site.judged(), "VM-DATASTORE-RW").empty());
  vs::VirtualMachine large = machine("large", "debian12_64Guest");
  put(large, "small", true);
  large.disks[0].capacityBytes = std::int64_t{60} << 30;
  site.add(large);
  const p::Readiness readiness = site.judged();
  BOOST_TEST(machinesWith(readiness, "VM-DATASTORE-RW") == Names{"large"}, boost::test_tools::per_element());
  BOOST_TEST(valuesOf(readiness, "VM-DATASTORE-RW").at(0).find("of large may") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_move_of_the_master_target_harms_those_whose_datastore_is_not_everywhere) {
  Site site;
  site.wish.all = true;
  site.wish.masterTargets = {"mt-1"};
  site.addHosts({"esx-1", "esx-2"});
  site.addDatastore("everywhere", {"esx-1", "esx-2"});
  site.addDatastore("here", {"esx-1"});
  site.addTarget("mt-1", "esx-1", "everywhere");
  for (const char* place : {"everywhere", "here"}) {
    vs::VirtualMachine vm = machine(std::string("on-") + place, "debian12_64Guest");
    put(vm, place);
    site.add(vm);
  }
  BOOST_TEST(machinesWith(site.judged(), "MT-VMOTION") == Names{"on-here"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(each_machine_gets_the_named_master_target_that_reaches_it) {
  Site site;
  site.wish.all = true;
  site.wish.masterTargets = {"mt-1", "mt-2"};
  site.addHosts({"esx-1", "esx-2"});
  site.addDatastore("one", {"esx-1"});
  site.addDatastore("two", {"esx-2"});
  site.addTarget("mt-1", "esx-1", "one");
  site.addTarget("mt-2", "esx-2", "two");
  for (const char* place : {"one", "two"}) {
    vs::VirtualMachine vm = machine(std::string("on-") + place, "debian12_64Guest");
    put(vm, place);
    site.add(vm);
  }
  p::Readiness readiness = site.judged();
  BOOST_TEST(readiness.rows.size() == 2u);
  BOOST_TEST(rowOf(readiness, "on-one").masterTarget == "mt-1");
  BOOST_TEST(rowOf(readiness, "on-two").masterTarget == "mt-2");
  BOOST_TEST(machinesWith(readiness, "VM-DATASTORE-RW").empty());
  // What is wrong with one of them is told of its machines only.
  BOOST_TEST(machinesWith(readiness, "MT-TOOLS").size() == 2u);
  for (const p::ReadinessFinding& each : readiness.findings) {
    if (each.finding.rule->id == "MT-TOOLS") BOOST_TEST(each.machines.size() == 1u);
  }
  // Slots that a job has reserved do not count.
  p::StoredJob job;
  for (int i = 0; i < 59; ++i) {
    p::StoredDisk& disk = job.disks.emplace_back();
    disk.masterTarget = *site.facts.inventory.all<vs::VirtualMachine>()[0].instanceUuid;
  }
  site.facts.openJobs.answer = {job};
  site.addDatastore("both", {"esx-1", "esx-2"});
  vs::VirtualMachine vm = machine("on-both", "debian12_64Guest");
  put(vm, "both");
  site.add(vm);
  readiness = site.judged();
  BOOST_TEST(rowOf(readiness, "on-both").masterTarget == "mt-2");
}

BOOST_AUTO_TEST_CASE(of_all_that_could_be_one_those_are_used_that_reach_the_machines) {
  Site site;
  site.wish.all = true;
  site.addHosts({"esx-1", "esx-2"});
  site.addDatastore("one", {"esx-1"});
  site.addDatastore("two", {"esx-2"});
  const auto good = [&](const char* name, const char* host, const char* datastore) {
    vs::VirtualMachine vm = machine(name, "ubuntu64Guest");
    vm.host = vs::Moref{"HostSystem", host, ""};
    put(vm, datastore);
    vm.toolsRunningStatus = "guestToolsRunning";
    vm.diskUuidEnabled = true;
    site.add(std::move(vm));
  };
  for (vs::Host host : std::vector<vs::Host>(site.facts.inventory.all<vs::Host>())) {
    host.datastores = {{"Datastore", host.name == "esx-1" ? "one" : "two", ""}};
    site.facts.inventory.add(std::move(host));
  }
  good("mt-1", "esx-1", "one");
  good("spare", "esx-1", "one");
  good("mt-2", "esx-2", "two");
  for (const char* place : {"one", "two"}) {
    vs::VirtualMachine vm = machine(std::string("on-") + place, "debian12_64Guest");
    put(vm, place);
    site.add(vm);
  }
  const p::Readiness readiness = site.judged();
  BOOST_TEST(rowOf(readiness, "on-one").masterTarget == "mt-1");
  BOOST_TEST(rowOf(readiness, "on-two").masterTarget == "mt-2");
  // One that nobody needs is a machine like others.
  BOOST_TEST(rowOf(readiness, "spare").masterTarget == "mt-1");
  BOOST_TEST(readiness.rows.size() == 3u);
  // One that is asked about is not the first choice, and it is said when there is no other.
  site.wish.all = false;
  site.wish.machines = {"MT-1", "on-one"};
  BOOST_TEST(rowOf(site.judged(), "mt-1").masterTarget == "spare");
  site.wish.machines = {"mt-2", "on-two"};
  const p::Readiness own = site.judged();
  BOOST_REQUIRE(own.leftOut.size() == 1u);
  BOOST_TEST(own.leftOut[0].first == "/DC1/vm/mt-2");
}

BOOST_AUTO_TEST_CASE(a_world_that_is_there_is_checked_as_the_plan_is) {
  Site site;
  site.wish.all = true;
  site.add(machine("web", "debian12_64Guest"));
  site.add(machine("db", "debian12_64Guest"));
  const p::ReadinessPlan made = planForReadiness(site.wish, site.facts);
  const p::World world(made.plan, site.facts, p::Phase::reprotect);
  const p::Report whole = check(made.plan, site.facts, p::Phase::reprotect);
  BOOST_TEST(check(world).findings.size() == whole.findings.size());
  // Of one machine alone, those of the other are not there.
  const p::World alone = world.alone(world.machines()[0]);
  BOOST_REQUIRE(alone.machines().size() == 1u);
  BOOST_TEST(alone.machines()[0].target == &alone.targets()[0]);
  for (const p::Finding& each : check(alone).findings)
    BOOST_TEST((each.machine.empty() || each.machine == world.machines()[0].plan->id));
}

}  // namespace failback::readiness_tests
