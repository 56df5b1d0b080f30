// SPDX-License-Identifier: GPL-2.0-or-later
// Plans that are made from an inventory.
#include "provisioning/plan/plan_init.h"

#include <boost/test/unit_test.hpp>

#include "discovery/derived.h"
#include "provisioning/plan/plan_document.h"
#include "tests/unit/discovery/sample_site.h"

using namespace failback;
using provisioning::makePlan;
using provisioning::PlanProposal;
using provisioning::PlanWish;

namespace {

constexpr const char* mtUuid = "5000aaaa-0000-0000-0000-000000000040";
constexpr const char* webUuid = "5000aaaa-0000-0000-0000-000000000041";

// The sample site with identifiers as vCenter writes them.
struct Site {
  std::vector<vsphere::InventoryObject> objects = testing::sampleObjects();

  Site() {
    int number = 0;
    for (auto& object : objects) {
      auto* vm = std::get_if<vsphere::VirtualMachine>(&object);
      if (vm == nullptr) continue;
      const std::string tail = "aaaa-0000-0000-0000-0000000000" + vm->ref.value.substr(3);
      vm->instanceUuid = "5000" + tail;
      vm->biosUuid = "4200" + tail;
      vm->disks[0].uuid = "6000C29e-0000-0000-0000-00000000000" + std::to_string(number++);
      vm->disks[0].chain[0].uuid = vm->disks[0].uuid;
    }
  }

  vsphere::VirtualMachine& vm(const std::string& name) {
    for (auto& object : objects) {
      auto* vm = std::get_if<vsphere::VirtualMachine>(&object);
      if (vm != nullptr && vm->name == name) return *vm;
    }
    throw std::logic_error("no VM " + name);
  }

  discovery::Inventory inventory() const {
    discovery::Inventory all;
    all.vcenter = testing::sampleVCenter();
    for (const auto& object : objects) all.add(vsphere::InventoryObject(object));
    discovery::deriveFacts(all);
    return all;
  }
  PlanProposal plan(const PlanWish& wish) const { return makePlan(wish, inventory()); }
};

PlanWish wish(std::vector<std::string> machines = {"web-01"}) {
  PlanWish result;
  result.machines = std::move(machines);
  result.masterTarget = "mt-linux-01";
  result.datastore = "vmfs-01";
  result.id = provisioning::newUuid(1, 2);
  result.made = "2026-11-26T20:00:00Z";
  return result;
}

// All that was wrong, one line each.
std::string problems(const Site& site, const PlanWish& wish) {
  try {
    site.plan(wish);
  } catch (const vsphere::Failure& failure) {
    BOOST_TEST((failure.error().category == vsphere::Category::usage));
    std::string text;
    for (const vsphere::Error& each : failure.error().causes) text += each.text + "\n";
    return text;
  }
  return {};
}

bool holds(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& each : lines) text += each + "\n";
  return text;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(plan_init)

BOOST_AUTO_TEST_CASE(the_plan_says_what_the_inventory_says) {
  Site site;
  auto& web = site.vm("web-01");
  web.firmware = "efi";
  web.secureBoot = true;
  web.nics[0].startConnected = false;
  vsphere::GuestNic guest;
  guest.macAddress = "00:50:56:00:00:28";
  guest.dhcp = false;
  web.guestNics = {guest};
  const PlanProposal made = site.plan(wish());
  const provisioning::Plan& plan = made.plan;
  BOOST_TEST(plan.vcenter.instanceUuid == "dc4ca0f6-0e17-4e3a-9b5d-0f3ad1f6a2b1");
  BOOST_REQUIRE(plan.masterTargets.size() == 1u);
  BOOST_TEST(plan.masterTargets[0].instanceUuid == mtUuid);
  BOOST_TEST(plan.masterTargets[0].retention.path == "/mnt/retention/");
  BOOST_REQUIRE(plan.machines.size() == 1u);
  const provisioning::Machine& machine = plan.machines[0];
  BOOST_TEST(machine.id == "web-01");
  BOOST_TEST(machine.masterTarget == "mt-linux-01");
  BOOST_TEST(machine.home.datastore == "vmfs-01");
  BOOST_TEST(machine.home.folder == "/DC0/vm/web%2ffront");
  BOOST_TEST(machine.source.instanceUuid == webUuid);
  BOOST_TEST(machine.source.memoryMB == 8192);
  BOOST_TEST(machine.source.hardwareVersion == 19);
  BOOST_TEST((machine.source.firmware == provisioning::Firmware::efi));
  BOOST_TEST(machine.source.secureBoot);
  BOOST_REQUIRE(machine.source.disks.size() == 1u);
  BOOST_TEST(machine.source.disks[0].id == "scsi0-0");
  BOOST_TEST(machine.source.disks[0].capacityBytes == 40LL << 30U);
  BOOST_TEST((machine.source.disks[0].controller.type == provisioning::ControllerType::lsiLogic));
  BOOST_REQUIRE(machine.source.nics.size() == 1u);
  BOOST_TEST(machine.source.nics[0].network == "VM Network");
  BOOST_TEST(!machine.source.nics[0].startConnected);
  BOOST_TEST(machine.source.nics[0].staticAddress);
  BOOST_TEST(!machine.consents.powerOff);
}

BOOST_AUTO_TEST_CASE(what_is_made_is_read_back_as_the_same) {
  const provisioning::Plan plan = Site().plan(wish({"web-01", "shop-db"})).plan;
  for (const std::string& text : {provisioning::planYaml(plan, true), provisioning::planJson(plan, false)}) {
    const auto reading = provisioning::readPlan(text);
    BOOST_REQUIRE_MESSAGE(reading.plan, text);
    BOOST_TEST(provisioning::digest(*reading.plan) == provisioning::digest(plan));
  }
}

BOOST_AUTO_TEST_CASE(what_a_reader_should_know_is_told) {
  const std::string told = joined(Site().plan(wish()).remarks);
  BOOST_TEST(holds(told, "web-01 runs, and the plan does not allow to power it off"), told);
  BOOST_TEST(holds(told, "web-01 has snapshots, and the plan does not allow to merge"), told);
  PlanWish allowed = wish();
  allowed.consents.powerOff = allowed.consents.mergeSnapshots = true;
  const PlanProposal made = Site().plan(allowed);
  BOOST_TEST(made.remarks.empty(), joined(made.remarks));
  BOOST_TEST(made.plan.machines[0].consents.powerOff);
  BOOST_TEST(made.plan.machines[0].consents.mergeSnapshots);
}

BOOST_AUTO_TEST_CASE(a_master_target_that_would_not_do_is_told) {
  Site site;
  site.vm("mt-linux-01").controllers[1].type = "ParaVirtualSCSIController";
  site.vm("mt-linux-01").toolsRunningStatus = "guestToolsNotRunning";
  const std::string told = joined(site.plan(wish()).remarks);
  BOOST_TEST(holds(told, "MT-CONTROLLER stands in the way"), told);
  BOOST_TEST(holds(told, "MT-TOOLS stands in the way"), told);
}

BOOST_AUTO_TEST_CASE(of_a_disk_with_snapshots_the_base_is_named) {
  Site site;
  auto& disk = site.vm("web-01").disks[0];
  vsphere::DiskFile delta = disk.chain[0];
  delta.path = "[vmfs-01] web-01/web-01-000001.vmdk";
  disk.chain[0].path = "[vmfs-01] web-01/web-01.vmdk";
  disk.chain.insert(disk.chain.begin(), delta);
  BOOST_TEST(site.plan(wish()).plan.machines[0].source.disks[0].file == "[vmfs-01] web-01/web-01.vmdk");
}

BOOST_AUTO_TEST_CASE(machines_are_named_by_pattern_path_or_uuid) {
  const Site site;
  const PlanProposal all = site.plan(wish({"*-01"}));
  // edge-01, lost-01, web-01; the master target is left out.
  BOOST_TEST(all.plan.machines.size() == 3u);
  BOOST_TEST(holds(joined(all.remarks), "mt-linux-01 is the master target itself: left out"),
             joined(all.remarks));
  for (const char* text : {"/DC0/vm/web%2ffront/web-01", webUuid, "WEB-01"})
    BOOST_TEST(site.plan(wish({text})).plan.machines[0].source.name == "web-01", text);
  BOOST_TEST(site.plan(wish({"web-01", webUuid, "web-*"})).plan.machines.size() == 1u);
}

BOOST_AUTO_TEST_CASE(everything_that_is_wrong_is_told_at_once) {
  PlanWish bad = wish({"web-1", "mt-linux-01"});
  bad.datastore = "vmfs-1";
  const std::string told = problems(Site(), bad);
  BOOST_TEST(holds(told, "there is no virtual machine web-1; did you mean web-01?"), told);
  BOOST_TEST(holds(told, "there is no datastore vmfs-1; did you mean vmfs-01?"), told);
  BOOST_TEST(holds(told, "mt-linux-01 is the master target itself"), told);
  bad.masterTarget = "mt-linux-10";
  BOOST_TEST(
      holds(problems(Site(), bad), "there is no master target mt-linux-10; did you mean mt-linux-01?"));
}

BOOST_AUTO_TEST_CASE(a_name_that_two_have_is_not_guessed) {
  Site site;
  site.vm("edge-01").name = "web-01";
  const std::string told = problems(site, wish());
  BOOST_TEST(holds(told, "2 virtual machines are called web-01: /DC0/vm/web%2ffront/web-01 (vm-41), "), told);
  BOOST_TEST(site.plan(wish({webUuid})).plan.machines.size() == 1u);
}

BOOST_AUTO_TEST_CASE(a_datastore_cluster_is_no_datastore) {
  PlanWish pod = wish();
  pod.datastore = "pod-1";
  BOOST_TEST(
      holds(problems(Site(), pod), "pod-1 is a datastore cluster; name one of its datastores: vmfs-01"));
}

BOOST_AUTO_TEST_CASE(a_datastore_that_the_host_does_not_mount_is_told) {
  Site site;
  for (auto& object : site.objects) {
    auto* host = std::get_if<vsphere::Host>(&object);
    if (host != nullptr && host->name == "esx-01.example") host->datastores.pop_back();
  }
  PlanWish elsewhere = wish();
  elsewhere.datastore = "nfs-01";
  BOOST_TEST(
      holds(joined(site.plan(elsewhere).remarks), "esx-01.example does not mount the datastore nfs-01"));
}

BOOST_AUTO_TEST_CASE(of_a_machine_that_is_not_known_enough_the_paths_are_named) {
  Site site;
  auto& web = site.vm("web-01");
  web.firmware.reset();
  web.memoryBytes.reset();
  web.disks.clear();
  web.connectionState = "inaccessible";
  const std::string told = problems(site, wish());
  for (const char* part : {"/DC0/vm/web%2ffront/web-01", "config.firmware", "config.hardware.memoryMB",
                           "no disk was read", "it is inaccessible"})
    BOOST_TEST(holds(told, part), told);
  web = Site().vm("web-01");
  web.guestFamily = "solarisGuest";
  BOOST_TEST(holds(problems(site, wish()), "neither Linux nor Windows"));
}

BOOST_AUTO_TEST_CASE(a_template_is_no_machine) {
  Site site;
  site.vm("web-01").isTemplate = true;
  BOOST_TEST(holds(problems(site, wish()), "web-01 is a template"));
}

BOOST_AUTO_TEST_CASE(a_thin_dump_is_refused) {
  discovery::Inventory thin = Site().inventory();
  thin.depth = vsphere::Depth::thin;
  BOOST_CHECK_EXCEPTION(makePlan(wish(), thin), vsphere::Failure, [](const vsphere::Failure& failure) {
    return holds(failure.error().causes.at(0).text, "made with --thin");
  });
}

BOOST_AUTO_TEST_CASE(names_of_any_kind_make_ids) {
  Site site;
  site.vm("web-01").name = "Ünïcode web: 01 [old]";
  site.vm("edge-01").name = "##";
  site.vm("lost-01").name = "machine";
  const auto plan = site.plan(wish({"Ünïcode web: 01 [old]", "##", "machine"})).plan;
  BOOST_TEST(plan.machines[0].id == "n-code-web-01-old-");
  BOOST_TEST(plan.machines[1].id == "machine");
  BOOST_TEST(plan.machines[2].id == "machine-2");
  BOOST_TEST(plan.machines[0].source.name == "Ünïcode web: 01 [old]");
}

BOOST_AUTO_TEST_CASE(a_host_of_its_own_is_known_by_its_hardware) {
  discovery::Inventory single = Site().inventory();
  single.vcenter.about.instanceUuid.clear();
  BOOST_CHECK_THROW(makePlan(wish(), single), vsphere::Failure);
  auto& hosts = single.all<vsphere::Host>();
  hosts.resize(1);
  hosts[0].uuid = "4C4C4544-0042-3010-8058-B4C04F4D3533";
  BOOST_TEST(makePlan(wish(), single).plan.vcenter.instanceUuid == "4c4c4544-0042-3010-8058-b4c04f4d3533");
}

BOOST_AUTO_TEST_CASE(facts_tell_what_the_plan_was_made_from) {
  Site site;
  site.vm("web-01").changeVersion = "2026-01-01T00:00:00Z";
  bool seen = false;
  for (const provisioning::Fact& each : site.plan(wish()).plan.facts)
    seen |= each.moref == "vm-41" && each.property == "config.changeVersion" &&
            each.value == "2026-01-01T00:00:00Z";
  BOOST_TEST(seen);
}

BOOST_AUTO_TEST_CASE(a_new_uuid_has_version_and_variant) {
  BOOST_TEST(provisioning::newUuid(~0ULL, ~0ULL) == "ffffffff-ffff-4fff-bfff-ffffffffffff");
  BOOST_TEST(provisioning::newUuid(0, 0) == "00000000-0000-4000-8000-000000000000");
}

BOOST_AUTO_TEST_SUITE_END()
