// SPDX-License-Identifier: GPL-2.0-or-later
// Changes of a VM and new VMs, read back from mock-vcenter.
#include "vsphere/actions.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/client/fake_server.h"
#include "tests/unit/vsphere/client/mock_vcenter.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

constexpr std::int64_t gibibyte = 1LL << 30;

const Disk* diskAt(const VirtualMachine& vm, std::int32_t controllerKey, std::int32_t unit) {
  const auto found = std::ranges::find_if(vm.disks, [&](const Disk& each) {
    return each.controllerKey == controllerKey && each.unitNumber == unit;
  });
  return found == vm.disks.end() ? nullptr : &*found;
}

// The home VM, switched off as for a failback, and the master target.
struct Site : MockSite {
  Site() {
    done(act().startPowerOff(web, soon()));
    home = machine(web);
  }

  VmChange attach(std::int32_t unit = 5) {
    VmChange change;
    change.changeVersion = *machine(mt).changeVersion;
    change.disks = {{home.disks.at(0).path(), *home.disks.at(0).chain.at(0).datastore,
                     "independent_persistent", 1000, unit, home.disks.at(0).capacityBytes}};
    return change;
  }
  Moref reconfigure(const Moref& vm, const VmChange& change) {
    return act().startReconfigure(vm, change, soon());
  }

  NewVm newVm(const std::string& name) {
    NewVm made;
    made.name = name;
    made.files = "[vmfs-02]";
    made.guestId = "ubuntu64Guest";
    made.cpus = 2;
    made.coresPerSocket = 1;
    made.memoryMB = 2048;
    made.change.controllers = {{"ParaVirtualSCSIController", 0, -1}};
    CreatedDisk disk;
    disk.file = "[vmfs-02]";
    disk.controllerKey = -1;
    disk.capacityBytes = 16 * gibibyte;
    disk.uuid = "6000C29e-1f4a-0a0b-0c0d-0102030405a6";
    made.change.createdDisks = {disk};
    AddedNic nic;
    nic.backing.networkName = "VM Network";
    nic.backing.network = ref("Network", "VM Network");
    nic.startConnected = false;
    nic.key = -2;
    made.change.nics = {nic};
    made.change.options = {{"failback.mark", "plan-7"}};
    made.change.diskUuidEnabled = true;
    made.change.bootOrder = {"cdrom"};
    return made;
  }
  NewVmPlace place() {
    return {ref("Folder", "Failback"), ref("ResourcePool", "Failback"),
            ref("HostSystem", "esx-01.site.example")};
  }

  Moref web = vm("web-01"), mt = vm("mt-linux-01");
  VirtualMachine home;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(actions, Site)

BOOST_AUTO_TEST_CASE(an_attached_disk_is_there_with_its_file_and_uuid) {
  const TaskInfo task = done(reconfigure(mt, attach()));
  BOOST_TEST(task.name == "ReconfigVM_Task");
  const VirtualMachine now = machine(mt);
  const Disk* disk = diskAt(now, 1000, 5);
  BOOST_REQUIRE(disk != nullptr);
  BOOST_TEST(disk->path() == home.disks.at(0).path());
  BOOST_TEST(sameUuid(*disk->uuid, *home.disks.at(0).uuid));
  BOOST_TEST(disk->capacityBytes == home.disks.at(0).capacityBytes);
  BOOST_TEST(*disk->mode == "independent_persistent");
}

BOOST_AUTO_TEST_CASE(a_detached_disk_leaves_its_file) {
  done(reconfigure(mt, attach()));
  VmChange detach;
  detach.detachedDisks = {*diskAt(machine(mt), 1000, 5)};
  done(reconfigure(mt, detach));
  BOOST_TEST((diskAt(machine(mt), 1000, 5) == nullptr));
  done(reconfigure(mt, attach(6)));  // the file is still there
  BOOST_TEST((diskAt(machine(mt), 1000, 6) != nullptr));
}

BOOST_AUTO_TEST_CASE(a_controller_comes_with_its_disk_and_goes_after_it) {
  VmChange change = attach(0);
  change.controllers = {{"VirtualLsiLogicSASController", 1, -1}};
  change.disks.at(0).controllerKey = -1;
  done(reconfigure(mt, change));
  VirtualMachine now = machine(mt);
  const auto made = std::ranges::find_if(
      now.controllers, [](const Controller& each) { return each.busNumber == 1 && each.isScsi(); });
  BOOST_REQUIRE((made != now.controllers.end()));
  BOOST_TEST(made->type == "VirtualLsiLogicSASController");
  BOOST_REQUIRE((diskAt(now, made->key, 0) != nullptr));

  VmChange back;
  back.detachedDisks = {*diskAt(now, made->key, 0)};
  back.removedControllers = {*made};
  done(reconfigure(mt, back));
  const auto key = made->key;
  now = machine(mt);
  BOOST_TEST(std::ranges::none_of(now.controllers, [&](const Controller& each) { return each.key == key; }));
}

BOOST_AUTO_TEST_CASE(an_old_change_version_is_refused_and_changes_nothing) {
  const VmChange first = attach(5);
  VmChange second = attach(6);
  done(reconfigure(mt, first));
  const TaskInfo refused = ended(reconfigure(mt, second));
  BOOST_TEST(refused.state == "error");
  BOOST_REQUIRE(refused.error);
  BOOST_TEST(refused.error->fault == "ConcurrentAccess");
  BOOST_TEST((refused.error->category == Category::concurrentAccess));
  BOOST_TEST((diskAt(machine(mt), 1000, 6) == nullptr));
}

BOOST_AUTO_TEST_CASE(a_nic_is_set_not_to_connect_and_stays_as_it_was_otherwise) {
  const Nic before = home.nics.at(0);
  BOOST_REQUIRE(before.startConnected.value_or(false));
  VmChange change;
  change.nicStarts = {{before, false}};
  done(reconfigure(web, change));
  const Nic after = machine(web).nics.at(0);
  BOOST_TEST(!*after.startConnected);
  BOOST_TEST(*after.macAddress == *before.macAddress);
  BOOST_TEST(*after.addressType == *before.addressType);
  BOOST_TEST(*after.portgroupKey == *before.portgroupKey);
  BOOST_TEST(*after.dvsUuid == *before.dvsUuid);
  BOOST_TEST(after.portKey.value_or("") == before.portKey.value_or(""));
  BOOST_TEST(*after.allowGuestControl == *before.allowGuestControl);
  change.nicStarts = {{after, true}};
  done(reconfigure(web, change));
  BOOST_TEST(*machine(web).nics.at(0).startConnected);
}

BOOST_AUTO_TEST_CASE(a_disk_grows_and_stays_the_same_disk) {
  const Disk before = home.disks.at(0);
  VmChange change;
  change.extendedDisks = {{before, before.capacityBytes + 8 * gibibyte}};
  done(reconfigure(web, change));
  const Disk after = machine(web).disks.at(0);
  BOOST_TEST(after.capacityBytes == before.capacityBytes + 8 * gibibyte);
  BOOST_TEST(after.path() == before.path());
  BOOST_TEST(*after.uuid == *before.uuid);
  BOOST_TEST(*after.mode == *before.mode);
}

BOOST_AUTO_TEST_CASE(a_mark_is_set_and_taken_away) {
  VmChange change;
  change.options = {{"failback.mark", "a<b> & \"c\""}};
  done(reconfigure(mt, change));
  BOOST_TEST(machine(mt).extraConfig.at("failback.mark") == "a<b> & \"c\"");
  change.options = {{"failback.mark", ""}};
  done(reconfigure(mt, change));
  BOOST_TEST(!machine(mt).extraConfig.contains("failback.mark"));
}

BOOST_AUTO_TEST_CASE(flags_and_boot_order_are_set) {
  VmChange change;
  change.diskUuidEnabled = true;
  change.changeTrackingEnabled = true;
  change.bootOrder = {"disk:2000", "ethernet:4000"};
  done(reconfigure(web, change));
  const VirtualMachine now = machine(web);
  BOOST_TEST(*now.diskUuidEnabled);
  BOOST_TEST(*now.changeTrackingEnabled);
  BOOST_TEST(now.bootOrder == change.bootOrder, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(a_vm_is_made_as_it_was_ordered) {
  const NewVm order = newVm("restored-01");
  const auto verdict = client->checkNewVm(place(), order, soon());
  BOOST_REQUIRE(verdict);
  BOOST_TEST(verdict->errors.empty());
  const TaskInfo task = done(act().startCreateVm(place(), order, soon()));
  BOOST_REQUIRE(task.result);
  const VirtualMachine made = machine(*task.result);
  BOOST_TEST(made.name == "restored-01");
  BOOST_TEST(made.parent->str() == place().folder.str());
  BOOST_TEST(made.host->str() == place().host.str());
  BOOST_TEST(made.resourcePool->str() == place().pool.str());
  BOOST_TEST(*made.vmPathName == "[vmfs-02] restored-01/restored-01.vmx");
  BOOST_TEST(*made.guestId == "ubuntu64Guest");
  BOOST_TEST(*made.cpus == 2);
  BOOST_TEST(*made.memoryBytes == 2 * gibibyte);
  BOOST_TEST(*made.diskUuidEnabled);
  BOOST_TEST(made.extraConfig.at("failback.mark") == "plan-7");
  BOOST_TEST(made.bootOrder == order.change.bootOrder, boost::test_tools::per_element());
  BOOST_REQUIRE(made.disks.size() == 1u);
  BOOST_TEST(sameUuid(*made.disks[0].uuid, order.change.createdDisks[0].uuid));
  BOOST_TEST(made.disks[0].capacityBytes == 16 * gibibyte);
  BOOST_TEST(*made.disks[0].thin);
  const auto controller = std::ranges::find(made.controllers, made.disks[0].controllerKey, &Controller::key);
  BOOST_REQUIRE((controller != made.controllers.end()));
  BOOST_TEST(controller->type == "ParaVirtualSCSIController");
  BOOST_REQUIRE(made.nics.size() == 1u);
  BOOST_TEST(made.nics[0].type == "VirtualVmxnet3");
  BOOST_TEST(!*made.nics[0].startConnected);
  BOOST_TEST(*made.nics[0].networkName == "VM Network");
}

BOOST_AUTO_TEST_CASE(a_taken_name_is_a_conflict) {
  done(act().startCreateVm(place(), newVm("restored-01"), soon()));
  NewVm again = newVm("restored-01");
  again.change.createdDisks.clear();
  std::string fault;
  try {
    fault = faultOf(act().startCreateVm(place(), again, soon()));
  } catch (const Failure& failure) {
    fault = failure.error().fault;
    BOOST_TEST((failure.error().category == Category::conflict));
  }
  BOOST_TEST(fault == "DuplicateName");
}

BOOST_AUTO_TEST_CASE(names_are_given_as_people_write_them) {
  NewVm order = newVm("100% a/b\\c %2f");
  order.change.createdDisks.clear();
  const TaskInfo task = done(act().startCreateVm(place(), order, soon()));
  BOOST_TEST(machine(*task.result).name == order.name);
  done(act().startRename(*task.result, "50%2f/x", soon()));
  BOOST_TEST(machine(*task.result).name == "50%2f/x");
}

BOOST_AUTO_TEST_CASE(a_destroyed_vm_is_gone) {
  const TaskInfo task = done(act().startCreateVm(place(), newVm("restored-01"), soon()));
  const std::string uuid = *machine(*task.result).instanceUuid;
  BOOST_TEST(client->findVmsByUuid(uuid, true, soon()).size() == 1u);
  done(act().startDestroy(*task.result, soon()));
  BOOST_TEST(client->findVmsByUuid(uuid, true, soon()).empty());
}

BOOST_AUTO_TEST_SUITE_END()
