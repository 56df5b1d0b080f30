// SPDX-License-Identifier: GPL-2.0-or-later
// The VM that is made when the original has gone: what vCenter is asked for, and what it says to that.
#include <boost/test/unit_test.hpp>

#include "discovery/derived.h"
#include "provisioning/check/creation.h"
#include "provisioning/plan/identity.h"
#include "tests/unit/provisioning/check_support.h"

namespace failback::provisioning {
namespace {

Creation creationIn(Site& site) {
  discovery::deriveFacts(site.facts.inventory);
  const World world(site.plan, site.facts, Phase::reprotect);
  const auto creation = creationOf(world, world.machines().front());
  BOOST_REQUIRE(creation);
  return *creation;
}

bool canBeMade(Site& site) {
  discovery::deriveFacts(site.facts.inventory);
  const World world(site.plan, site.facts, Phase::reprotect);
  return creationOf(world, world.machines().front()).has_value();
}

vsphere::VirtualMachine& makeIt(Site& site) {
  vsphere::VirtualMachine& vm = site.addVm("vm-30", "web-01");
  vm.instanceUuid = derivedInstanceUuid(site.plan, site.machine());
  vm.extraConfig = marksOf(site.plan, site.machine(), *vm.instanceUuid, true);
  return vm;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(check_new_vm)

BOOST_AUTO_TEST_CASE(what_matters_of_the_source_is_kept) {
  Site site = Site::withoutHome();
  Source& source = site.machine().source;
  source.firmware = Firmware::efi;
  source.secureBoot = true;
  source.hardwareVersion = 19;
  source.cpus = 4;
  source.coresPerSocket = 2;
  source.diskUuidEnabled = true;
  source.nics[0].type = NicType::e1000e;
  source.nics[0].startConnected = false;
  const Creation creation = creationIn(site);
  const vsphere::NewVm& vm = creation.vm;
  BOOST_TEST(vm.name == "web-01");
  BOOST_TEST(vm.files == "[vmfs-01]");
  BOOST_TEST(vm.guestId == "ubuntu64Guest");
  BOOST_TEST(vm.hardwareVersion == "vmx-19");
  BOOST_TEST(vm.firmware == "efi");
  BOOST_TEST(vm.secureBoot);
  BOOST_TEST(vm.cpus == 4);
  BOOST_TEST(vm.coresPerSocket == 2);
  BOOST_TEST(vm.memoryMB == 4096);
  BOOST_TEST(vm.biosUuid == source.biosUuid);
  BOOST_TEST(vm.change.diskUuidEnabled.value());
  BOOST_REQUIRE(vm.change.nics.size() == 1U);
  BOOST_TEST(vm.change.nics[0].type == "VirtualE1000e");
  BOOST_TEST(vm.change.nics[0].macAddress == source.nics[0].mac);
  BOOST_TEST(vm.change.nics[0].backing.networkName == "VM Network");
  BOOST_TEST(!vm.change.nics[0].startConnected);
  BOOST_TEST(creation.place.folder.value == "group-v2");
  BOOST_TEST(creation.place.pool.value == "resgroup-1");
  BOOST_TEST(creation.place.host.value == "host-1");
}

BOOST_AUTO_TEST_CASE(disks_hang_where_they_hung_on_controllers_of_the_same_type) {
  Site site = Site::withoutHome();
  Source& source = site.machine().source;
  source.disks[0].controller = {ControllerType::pvscsi, 0};
  source.disks[1].controller = {ControllerType::pvscsi, 0};
  source.disks[1].unit = 8;
  SourceDisk third = source.disks[1];
  third.id = "scsi1-0";
  third.controller = {ControllerType::lsiLogicSas, 1};
  third.unit = 0;
  third.provisioning = Provisioning::thin;
  SourceDisk fourth = third;
  fourth.id = "ide0-1";
  fourth.controller = {ControllerType::ide, 0};
  fourth.unit = 1;
  source.disks.push_back(third);
  source.disks.push_back(fourth);
  const vsphere::VmChange change = creationIn(site).vm.change;
  BOOST_REQUIRE(change.controllers.size() == 2U);
  BOOST_TEST(change.controllers[0].type == "ParaVirtualSCSIController");
  BOOST_TEST(change.controllers[1].type == "VirtualLsiLogicSASController");
  BOOST_TEST(change.controllers[1].busNumber == 1);
  BOOST_TEST(change.controllers[0].key < 0);
  BOOST_TEST(change.controllers[0].key != change.controllers[1].key);
  BOOST_REQUIRE(change.createdDisks.size() == 4U);
  BOOST_TEST(change.createdDisks[0].controllerKey == change.controllers[0].key);
  BOOST_TEST(change.createdDisks[1].controllerKey == change.controllers[0].key);
  BOOST_TEST(change.createdDisks[1].unitNumber == 8);
  BOOST_TEST(change.createdDisks[2].controllerKey == change.controllers[1].key);
  BOOST_TEST(change.createdDisks[3].controllerKey == 200);
  BOOST_TEST(!change.createdDisks[0].thin);
  BOOST_TEST(change.createdDisks[2].thin);
  BOOST_TEST(change.createdDisks[1].capacityBytes == 80 * gib);
  site.machine().home.provisioning = Provisioning::eagerZeroedThick;
  BOOST_TEST(creationIn(site).vm.change.createdDisks[2].eagerlyScrub);
}

BOOST_AUTO_TEST_CASE(uuids_follow_from_plan_machine_and_disk) {
  Site site = Site::withoutHome();
  const Creation first = creationIn(site);
  const Creation again = creationIn(site);
  const auto diskUuid = [](const Creation& creation, std::size_t index) {
    return creation.vm.change.createdDisks.at(index).uuid;
  };
  BOOST_TEST(first.vm.instanceUuid == again.vm.instanceUuid);
  BOOST_TEST(diskUuid(first, 0) == diskUuid(again, 0));
  BOOST_TEST(diskUuid(first, 0) != diskUuid(first, 1));
  BOOST_TEST(diskUuid(first, 0).starts_with("6000C29"));
  BOOST_TEST(vsphere::normaliseUuid(first.vm.instanceUuid).size() == 32U);
  BOOST_TEST(vsphere::normaliseUuid(diskUuid(first, 0)).size() == 32U);
  BOOST_TEST(first.vm.instanceUuid[14] == '8');
  // An id in capitals is the same plan; another plan or machine is not.
  for (char& c : site.plan.id) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  BOOST_TEST(creationIn(site).vm.instanceUuid == first.vm.instanceUuid);
  site.machine().id = "web-02";
  BOOST_TEST(creationIn(site).vm.instanceUuid != first.vm.instanceUuid);
  BOOST_TEST(diskUuid(creationIn(site), 0) != diskUuid(first, 0));
}

BOOST_AUTO_TEST_CASE(the_marks_travel_with_the_vm) {
  Site site = Site::withoutHome();
  site.plan.policy.managedBy = "com.example.failback";
  const vsphere::NewVm vm = creationIn(site).vm;
  BOOST_TEST(vm.change.options.at("failback.plan") == site.plan.id);
  BOOST_TEST(vm.change.options.at("failback.machine") == "web-01");
  BOOST_TEST(vm.change.options.at("failback.instance") == vm.instanceUuid);
  BOOST_TEST(vm.change.options.contains("failback.created"));
  BOOST_TEST(vm.managedByExtension == "com.example.failback");
}

BOOST_AUTO_TEST_CASE(a_bios_uuid_that_another_vm_has_is_not_taken_twice) {
  Site site = Site::withoutHome();
  site.machine().source.kind = SourceKind::physical;
  site.addVm("vm-11", "other").biosUuid = site.machine().source.biosUuid;
  BOOST_TEST(creationIn(site).vm.biosUuid.empty());
}

BOOST_AUTO_TEST_CASE(without_a_place_nothing_is_made) {
  Site site = Site::withoutHome();
  site.machine().home.networks = {{"VM Network", "none"}};
  BOOST_TEST(!canBeMade(site));
  Site folder = Site::withoutHome();
  folder.machine().home.folder = "/DC0/vm/none";
  BOOST_TEST(!canBeMade(folder));
  Site datastore = Site::withoutHome();
  datastore.machine().home.datastore = "none";
  BOOST_TEST(!canBeMade(datastore));
}

BOOST_AUTO_TEST_CASE(machines_of_one_shape_differ_in_names_sizes_and_uuids_only) {
  Site site = Site::withoutHome();
  const std::string shape = shapeOf(creationIn(site));
  site.machine().id = "web-02";
  site.machine().home.name = "web-02";
  site.machine().source.memoryMB = 1024;
  site.planDisk().capacityBytes = gib;
  BOOST_TEST(shapeOf(creationIn(site)) == shape);
  site.machine().source.firmware = Firmware::efi;
  BOOST_TEST(shapeOf(creationIn(site)) != shape);
}

BOOST_AUTO_TEST_CASE(what_vcenter_objects_to_is_told) {
  Site site = Site::withoutHome();
  vsphere::ConfigVerdict verdict;
  vsphere::Error error;
  error.text = "Firmware efi is not supported.";
  error.fault = "InvalidVmConfig";
  verdict.errors = {error};
  site.facts.newVmOf["web-01"] = "web-01";
  site.facts.newVmVerdicts["web-01"].answer.emplace(verdict);
  Finding finding =
      expectOne(site, "NEW-CONFIG", Status::fail, "Firmware efi is not supported. (InvalidVmConfig)");
  BOOST_TEST((finding.severity == Severity::block));
  verdict.warnings.swap(verdict.errors);
  site.facts.newVmVerdicts["web-01"].answer.emplace(verdict);
  finding = expectOne(site, "NEW-CONFIG", Status::fail, "Firmware");
  BOOST_TEST((finding.severity == Severity::warn));
  // Of another machine that has the same shape.
  site.facts.newVmOf["web-01"] = "db-01";
  site.facts.newVmVerdicts["db-01"].answer.emplace(vsphere::ConfigVerdict{});
  expectOne(site, "NEW-CONFIG", Status::pass, "db-01, which is of the same shape");
  site.facts.newVmOf.clear();
  finding = expectOne(site, "NEW-CONFIG", Status::unknown, "vCenter was not asked");
  BOOST_TEST((finding.severity == Severity::info));
  site.facts.newVmOf["web-01"] = "web-01";
  site.facts.newVmVerdicts["web-01"] = {std::nullopt, "vCenter's own verdict could not be read: no"};
  expectOne(site, "NEW-CONFIG", Status::unknown, "could not be read");
}

BOOST_AUTO_TEST_CASE(what_this_plan_made_need_not_be_made_again_and_is_the_machine_from_then_on) {
  Site site = Site::withoutHome();
  vsphere::VirtualMachine& vm = makeIt(site);
  // Also when it has got the BIOS UUID of the source, by which the original would be looked for.
  vm.biosUuid = site.machine().source.biosUuid;
  // Its file may be called as the original's was, and the master target has it.
  site.target().disks.push_back(vm.disks[0]);
  site.target().disks.back().chain[0].path = site.planDisk().file;
  {
    const World world(site.plan, site.facts, Phase::reprotect);
    BOOST_TEST(world.machines().front().mustBeCreated());
    BOOST_TEST(world.machines().front().made == &vm);
  }
  for (const std::string_view rule :
       {"NEW-NAME", "NEW-PATH", "NEW-UUID", "NEW-CONFIG", "NEW-MAC", "NEW-GONE"}) {
    for (const Finding& each : site.judge(rule))
      BOOST_TEST(toString(each.status) == "pass", rule << ": " << each.value);
  }
  for (const Phase phase : {Phase::failback, Phase::cancel}) {
    const World world(site.plan, site.facts, phase);
    BOOST_TEST(world.machines().front().vm == &vm);
  }
}

BOOST_AUTO_TEST_CASE(a_physical_machine_comes_home_as_the_vm_that_bears_its_mark) {
  Site site = Site::withoutHome();
  site.machine().source.kind = SourceKind::physical;
  vsphere::VirtualMachine& vm = makeIt(site);
  vm.disks[0].uuid = vm.disks[0].chain[0].uuid = derivedDiskUuid(site.plan, site.machine(), site.planDisk());
  const World world(site.plan, site.facts, Phase::failback);
  const MachineView& machine = world.machines().front();
  BOOST_TEST(machine.vm == &vm);
  BOOST_TEST(machine.disks[0].device == &vm.disks[0]);
  BOOST_TEST(machine.disks[1].device == nullptr);
}

BOOST_AUTO_TEST_CASE(a_clone_that_carries_our_marks_is_not_ours) {
  Site site = Site::withoutHome();
  makeIt(site).instanceUuid = "50000000-0000-0000-0000-000000000099";
  const World world(site.plan, site.facts, Phase::failback);
  BOOST_TEST(world.machines().front().made == nullptr);
  BOOST_TEST(world.machines().front().vm == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::provisioning
