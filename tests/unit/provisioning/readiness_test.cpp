// SPDX-License-Identifier: GPL-2.0-or-later
// Could these machines come home today: each judged alone, with the best master target that is there.
#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "provisioning/check/readiness.h"

namespace p = failback::provisioning;
namespace vs = failback::vsphere;

namespace {

vs::VirtualMachine machine(const std::string& name, const char* guest) {
  static int number = 10;
  vs::VirtualMachine vm;
  vm.ref = {"VirtualMachine", "vm-" + std::to_string(++number), ""};
  vm.name = name;
  vm.inventoryPath = "/DC1/vm/" + name;
  vm.instanceUuid = "52b5c3d6-19a4-4f3e-8c1b-2f6a9d0e7c" + std::to_string(number);
  vm.guestId = guest;
  vm.isTemplate = false;
  vm.powerState = "poweredOn";
  vm.connectionState = "connected";
  vm.cpus = 2;
  vm.memoryBytes = std::int64_t{8} << 30;
  vm.firmware = "bios";
  vm.hardwareVersion = "vmx-19";
  vm.consolidationNeeded = false;
  vm.changeVersion = "1";
  vm.datastores = {{"Datastore", "datastore-1", ""}};
  vs::Controller scsi;
  scsi.key = 1000;
  scsi.type = "VirtualLsiLogicController";
  vm.controllers = {scsi};
  vs::Disk disk;
  disk.key = 2000;
  disk.controllerKey = 1000;
  disk.unitNumber = 0;
  disk.kind = "flat";
  disk.capacityBytes = std::int64_t{40} << 30;
  disk.uuid = "6000C290-0000-0000-0000-0000000000" + std::to_string(number);
  disk.chain = {{"[ds] " + name + "/" + name + ".vmdk",
                 vs::Moref{"Datastore", "datastore-1", ""},
                 disk.uuid,
                 {},
                 {},
                 {},
                 {}}};
  vm.disks = {disk};
  return vm;
}

struct Site {
  p::Facts facts;
  p::ReadinessWish wish;

  void add(vs::VirtualMachine vm) {
    facts.whole.insert(vm.ref);
    facts.inventory.add(std::move(vm));
  }
  p::Readiness judged() const { return readinessOf(planForReadiness(wish, facts.inventory), facts); }
};

const p::ReadinessRow& rowOf(const p::Readiness& readiness, const std::string& name) {
  const auto found = std::find_if(readiness.rows.begin(), readiness.rows.end(),
                                  [&](const p::ReadinessRow& row) { return row.name == name; });
  BOOST_REQUIRE(found != readiness.rows.end());
  return *found;
}

std::vector<std::string> machinesWith(const p::Readiness& readiness, const std::string& rule) {
  std::vector<std::string> names;
  for (const p::ReadinessFinding& each : readiness.findings) {
    if (each.finding.rule->id == rule) names.insert(names.end(), each.machines.begin(), each.machines.end());
  }
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_machine_that_runs_is_no_finding_and_a_suspended_one_is) {
  Site site;
  site.wish.all = true;
  site.add(machine("web", "debian12_64Guest"));
  vs::VirtualMachine asleep = machine("asleep", "debian12_64Guest");
  asleep.powerState = "suspended";
  site.add(asleep);
  const std::vector<std::string> found = machinesWith(site.judged(), "VM-POWER");
  BOOST_TEST(found == std::vector<std::string>{"asleep"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(without_a_master_target_of_its_family_a_machine_is_blocked_for_that_one_reason) {
  Site site;
  site.wish.all = true;
  site.add(machine("web", "debian12_64Guest"));
  site.add(machine("win", "windows2019srv_64Guest"));
  const p::Readiness readiness = site.judged();
  BOOST_CHECK(rowOf(readiness, "web").cells[2] == p::Verdict::block);
  const auto found = machinesWith(readiness, "MT-FOUND");
  BOOST_TEST(found.size() == 2u);
  for (const p::ReadinessFinding& each : readiness.findings) {
    if (each.finding.rule->id == "MT-FOUND") BOOST_TEST(each.machines.size() == 1u);
    BOOST_TEST((each.finding.rule->id != "VM-DATASTORE-RW"));
  }
}

BOOST_AUTO_TEST_CASE(a_named_master_target_is_used_and_is_no_machine_itself) {
  Site site;
  site.wish.all = true;
  site.wish.masterTargets = {"mt-*"};
  site.add(machine("mt-1", "ubuntu64Guest"));
  site.add(machine("web", "debian12_64Guest"));
  const p::Readiness readiness = site.judged();
  BOOST_TEST(readiness.rows.size() == 1u);
  BOOST_TEST(rowOf(readiness, "web").masterTarget == "mt-1");
  // Its disks are counted against the slots of that one machine alone.
  BOOST_TEST(machinesWith(readiness, "MT-SLOTS").empty());
}

BOOST_AUTO_TEST_CASE(slots_are_counted_for_one_machine_at_a_time) {
  Site site;
  site.wish.all = true;
  site.wish.masterTargets = {"mt-1"};
  site.add(machine("mt-1", "ubuntu64Guest"));
  for (int i = 0; i < 70; ++i) site.add(machine("m" + std::to_string(i), "debian12_64Guest"));
  vs::VirtualMachine wide = machine("wide", "debian12_64Guest");
  for (int i = 1; i < 62; ++i) {
    vs::Disk disk = wide.disks[0];
    disk.key += i;
    disk.controllerKey = 1000 + i / 15;
    disk.unitNumber = i % 15 < 7 ? i % 15 : i % 15 + 1;
    disk.chain[0].path = "[ds] wide/" + std::to_string(i) + ".vmdk";
    disk.uuid = "6000C290-0000-0000-0001-0000000000" + std::to_string(10 + i);
    wide.disks.push_back(disk);
  }
  for (int i = 1; i < 5; ++i) {
    vs::Controller more = wide.controllers[0];
    more.key = 1000 + i;
    more.busNumber = i;
    wide.controllers.push_back(more);
  }
  site.add(wide);
  const auto found = machinesWith(site.judged(), "MT-SLOTS");
  BOOST_TEST(found == std::vector<std::string>{"wide"}, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_machine_that_can_not_be_planned_is_left_out_with_the_reason) {
  Site site;
  site.wish.all = true;
  site.add(machine("sun", "solaris11_64Guest"));
  const p::Readiness readiness = site.judged();
  BOOST_TEST(readiness.rows.empty());
  BOOST_REQUIRE(readiness.leftOut.size() == 1u);
  BOOST_TEST(readiness.leftOut[0].first == "/DC1/vm/sun");
}

BOOST_AUTO_TEST_CASE(names_are_text_in_the_page_and_in_the_json) {
  Site site;
  site.wish.all = true;
  site.add(machine("<script>alert(1)</script> & \"co\"", "debian12_64Guest"));
  const p::Readiness readiness = site.judged();
  p::ReadinessOrigin origin;
  origin.server = "https://vc/sdk?<b>";
  const std::string page = readinessHtml(readiness, origin);
  BOOST_TEST(page.find("<script") == std::string::npos);
  BOOST_TEST(page.find("<b>&lt;b&gt;") == std::string::npos);
  BOOST_TEST(page.find("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;") != std::string::npos);
  // Nothing comes from elsewhere.
  for (const char* word : {"src=", "href=", "url(", "@import"})
    BOOST_TEST(page.find(word) == std::string::npos, word);
  const auto json = nlohmann::json::parse(readinessJson(readiness, origin));
  BOOST_TEST(json.at("machines")[0].at("name") == "<script>alert(1)</script> & \"co\"");
}

BOOST_AUTO_TEST_CASE(findings_of_one_rule_are_one_section) {
  Site site;
  site.wish.all = true;
  for (const char* name : {"a", "b", "c"}) {
    vs::VirtualMachine vm = machine(name, "debian12_64Guest");
    vm.keyId = "key-1";
    site.add(vm);
  }
  const p::Readiness readiness = site.judged();
  const auto groups = byRule(readiness);
  const auto encrypted = std::find_if(groups.begin(), groups.end(), [](const p::RuleFindings& each) {
    return each.rule->id == "VM-ENCRYPTED";
  });
  BOOST_REQUIRE(encrypted != groups.end());
  BOOST_TEST(encrypted->entries.size() == 3u);
  BOOST_TEST(encrypted->machines == 3u);
}
