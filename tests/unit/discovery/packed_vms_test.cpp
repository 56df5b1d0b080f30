// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/packed_vms.h"

#include <boost/test/unit_test.hpp>
#include <cstdint>
#include <limits>
#include <string>

#include "discovery/json.h"
#include "discovery/kept_inventory.h"
#include "discovery/view.h"
#include "tests/unit/discovery/fake_client.h"
#include "tests/unit/discovery/sample_site.h"

namespace failback::discovery {
namespace {

using vsphere::Moref;
using vsphere::VirtualMachine;

// Every member has a value of its own, lists and what may be absent included.
VirtualMachine fullVm() {
  VirtualMachine vm;
  vm.ref = {"VirtualMachine", "vm-1", "guid"};
  vm.name = "a / b";
  vm.parent = Moref{"Folder", "group-v1", {}};
  vm.inventoryPath = "/DC/vm/a %2f b";
  vm.disabledMethods = {"PowerOffVM_Task", "ResetVM_Task"};
  vm.recentTasks = {{"Task", "task-1", {}}};
  vm.instanceUuid = "5000";
  vm.biosUuid = "4200";
  vm.vmPathName = "[ds] a/a.vmx";
  vm.changeVersion = "2026-01-01T00:00:00Z";
  vm.created = "2025-01-01T00:00:00Z";
  vm.annotation = "";
  vm.isTemplate = false;
  vm.managedByExtension = "ext";
  vm.managedByType = "type";
  vm.powerState = "poweredOn";
  vm.connectionState = "connected";
  vm.bootTime = "2026-02-01T00:00:00Z";
  vm.suspendTime = "2026-02-02T00:00:00Z";
  vm.consolidationNeeded = true;
  vm.uptimeSeconds = -1;
  vm.faultToleranceState = "notConfigured";
  vm.faultToleranceConfigured = true;
  vm.question = vsphere::Question{"q", "Why?", {{"0", "Yes", "sure"}, {"1", "No", ""}}, {"msg.x"}, 1};
  vm.storageCommittedBytes = std::numeric_limits<std::int64_t>::max();
  vm.storageUncommittedBytes = std::numeric_limits<std::int64_t>::min();
  vm.host = Moref{"HostSystem", "host-1", {}};
  vm.resourcePool = Moref{"ResourcePool", "resgroup-1", {}};
  vm.parentVApp = Moref{"VirtualApp", "resgroup-v2", {}};
  vm.datastores = {{"Datastore", "datastore-1", {}}, {"Datastore", "datastore-2", {}}};
  vm.networks = {{"Network", "network-1", {}}};
  vm.guestId = "ubuntu64Guest";
  vm.guestFullName = "Ubuntu";
  vm.guestFamily = "linuxGuest";
  vm.guestState = "running";
  vm.hostName = "a.example";
  vm.ipAddress = "192.0.2.1";
  vm.toolsStatus = "toolsOk";
  vm.toolsRunningStatus = "guestToolsRunning";
  vm.toolsVersionStatus = "guestToolsCurrent";
  vm.toolsVersion = "12345";
  vm.guestNics = {{"net", "00:50:56:00:00:01", true, {"192.0.2.1", "2001:db8::1"}, false}};
  vm.guestVolumes = {{"C:\\", 100, 50, "NTFS", {2000, 2001}}, {"/", {}, {}, {}, {}}};
  vm.hardwareVersion = "vmx-19";
  vm.firmware = "efi";
  vm.secureBoot = true;
  vm.cpus = 4;
  vm.coresPerSocket = 2;
  vm.memoryBytes = std::int64_t{1} << 40;
  vm.cpuHotAdd = true;
  vm.memoryHotAdd = false;
  vm.changeTrackingEnabled = true;
  vm.vtpmPresent = true;
  vm.keyId = "key";
  vm.hasReplicationConfig = true;
  vm.bootOrder = {"disk:2000", "cdrom"};
  vm.controllers = {{1000, "ParaVirtualSCSIController", "SCSI controller 0", 0, "noSharing", 7, {2000}}};
  vsphere::Disk disk;
  disk.key = 2000;
  disk.label = "Hard disk 1";
  disk.controllerKey = 1000;
  disk.unitNumber = 0;
  disk.kind = "flat";
  disk.backingType = "VirtualDiskFlatVer2BackingInfo";
  disk.uuid = "6000C29e";
  disk.capacityBytes = 1 << 30;
  disk.mode = "persistent";
  disk.sharing = "sharingNone";
  disk.thin = true;
  disk.eagerlyScrub = false;
  disk.writeThrough = false;
  disk.digestEnabled = false;
  disk.rdmDeviceName = "vml.1";
  disk.rdmLunUuid = "02000";
  disk.rdmCompatibilityMode = "physicalMode";
  disk.vDiskId = "fcd-1";
  disk.keyId = "key";
  disk.ioFilters = {"filter"};
  disk.nativeUnmanagedLinkedClone = false;
  const vsphere::DiskFile file{
      "[ds] a/a-000001.vmdk", Moref{"Datastore", "datastore-1", {}}, "6000C29e", "c1", "ch1", "obj",
      "seSparseFormat"};
  disk.chain = {file, vsphere::DiskFile{"[ds] a/a.vmdk", {}, {}, {}, {}, {}, {}}};
  vm.disks = {disk};
  vsphere::Nic nic;
  nic.key = 4000;
  nic.label = "Network adapter 1";
  nic.type = "VirtualVmxnet3";
  nic.macAddress = "00:50:56:00:00:01";
  nic.addressType = "assigned";
  nic.connected = true;
  nic.startConnected = true;
  nic.allowGuestControl = true;
  nic.wakeOnLan = false;
  nic.backingType = "VirtualEthernetCardNetworkBackingInfo";
  nic.network = Moref{"Network", "network-1", {}};
  nic.networkName = "VM Network";
  nic.portgroupKey = "dvportgroup-1";
  nic.dvsUuid = "50 11";
  nic.portKey = "17";
  nic.opaqueNetworkId = "opaque";
  vm.nics = {nic};
  vm.otherDevices = {{500, "VirtualMachineVideoCard", "Video card ", 100, 0},
                     {600, "VirtualKeyboard", "", {}, {}}};
  vm.diskUuidEnabled = true;
  vm.diskEnableUuidOption = "TRUE";
  vm.extraConfig = {{"failback.plan", "p"}, {"x", ""}};
  vsphere::Snapshot snapshot{
      {"VirtualMachineSnapshot", "snapshot-1", {}}, 1, "s", "d", "2026", "poweredOff", true, false, {}};
  vsphere::Snapshot child = snapshot;
  child.current = true;
  snapshot.children = {child};
  vm.snapshots = {snapshot};
  vm.currentSnapshot = child.ref;
  vm.files = {{0, "[ds] a/a.vmx", "config", 2000, 1000, true},
              {1, "[ds] a/a.vmdk", "diskDescriptor", 0, {}, {}}};
  vm.diskLayouts = {{2000, {{1, 2}, {3}}}};
  return vm;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(packed_vms)

BOOST_AUTO_TEST_CASE(what_comes_out_is_what_went_in) {
  PackedVms packed;
  packed.add(fullVm());
  packed.add(VirtualMachine{});
  BOOST_TEST((packed.get(0) == fullVm()));
  BOOST_TEST((packed.get(1) == VirtualMachine{}));
}

BOOST_AUTO_TEST_CASE(uuids_of_every_spelling_come_out_as_they_were) {
  for (const char* text :
       {"42b2051f-f73f-b71d-e433-91e84681a67a", "6000C29f-fa72-fb6d-5ce4-e4700d62d386",
        "6000c29f-fa72-fb6d-5ce4-e4700d62d386", "0000000000000000ffe0505da942585c",
        "0000000000000000FFE0505DA942585C", "42B2051F-F73F-B71D-E433-91E84681A67A",
        "42b2C51f-f73f-b71d-e433-91e84681a67a", "6000C29F-fa72-fb6d-5ce4-e4700d62d386",
        "42b2051f_f73f-b71d-e433-91e84681a67a", "42b2051f-f73f-b71d-e433-91e84681a67g",
        "0000C00000000000ffe0505da942585c", "42b2051f-f73f-b71d-e433-91e84681a67", "-", ""}) {
    PackedVms packed;
    VirtualMachine vm;
    vm.biosUuid = vm.instanceUuid = text;
    vm.disks.emplace_back().uuid = text;
    packed.add(vm);
    BOOST_TEST(packed.get(0).biosUuid.value() == text);
    BOOST_TEST((packed.get(0) == vm));
  }
  PackedVms packed;
  VirtualMachine vm;
  vm.name = std::string(36, 'x');
  packed.add(vm);
  const std::size_t first = packed.bytes();  // with the words that are new
  packed.add(vm);
  const std::size_t second = packed.bytes();
  vm.biosUuid = "42b2051f-f73f-b71d-e433-91e84681a67a";
  packed.add(vm);
  BOOST_TEST(packed.bytes() - second == second - first + 16);
}

// What the machine before had must not show through.
BOOST_AUTO_TEST_CASE(one_is_unpacked_over_another) {
  PackedVms packed;
  packed.add(fullVm());
  packed.add(VirtualMachine{});
  VirtualMachine vm;
  for (const std::size_t index : {0u, 1u, 0u, 0u}) {
    packed.get(index, vm);
    BOOST_TEST((vm == packed.get(index)));
  }
}

// A member that is added to a value and not to vm_members.h would be lost: then these sizes change. List it
// there, give it a value in fullVm(), and write the new size here.
#if defined(__x86_64__) && defined(__GLIBCXX__)
BOOST_AUTO_TEST_CASE(no_member_has_been_added) {
  BOOST_TEST(sizeof(VirtualMachine) == 2400u);
  BOOST_TEST(sizeof(vsphere::Disk) == 512u);
  BOOST_TEST(sizeof(vsphere::DiskFile) == 336u);
  BOOST_TEST(sizeof(vsphere::Nic) == 496u);
  BOOST_TEST(sizeof(vsphere::Controller) == 152u);
  BOOST_TEST(sizeof(vsphere::OtherDevice) == 88u);
  BOOST_TEST(sizeof(vsphere::GuestNic) == 120u);
  BOOST_TEST(sizeof(vsphere::GuestVolume) == 128u);
  BOOST_TEST(sizeof(vsphere::Snapshot) == 264u);
}
#endif

BOOST_AUTO_TEST_CASE(they_are_sorted_by_path_then_reference) {
  PackedVms packed;
  for (const char* value : {"vm-3", "vm-1", "vm-2"}) {
    VirtualMachine vm;
    vm.ref = {"VirtualMachine", value, {}};
    vm.inventoryPath = std::string(value) == "vm-3" ? "/a" : "/b";
    packed.add(vm);
  }
  packed.sort();
  BOOST_TEST(packed.get(0).ref.value == "vm-3");
  BOOST_TEST(packed.get(1).ref.value == "vm-1");
  BOOST_TEST(packed.get(2).ref.value == "vm-2");
}

BOOST_AUTO_TEST_CASE(thousands_take_a_fraction_of_their_size) {
  PackedVms packed;
  VirtualMachine vm = fullVm();
  vm.annotation = std::string(100'000, 'x');  // one that has a block of its own
  packed.add(vm);
  for (int i = 0; i < 5'000; ++i) {
    vm = fullVm();
    vm.name = "vm-" + std::to_string(i);
    packed.add(vm);
  }
  BOOST_TEST(packed.bytes() < 100'000u + 5'000u * 900u);
  BOOST_TEST(packed.get(0).annotation->size() == 100'000u);
  BOOST_TEST(packed.get(4'321).name == "vm-4320");
}

BOOST_AUTO_TEST_CASE(a_kept_inventory_shows_what_a_whole_one_shows) {
  for (const char* host : {"", "esx-0*"}) {
    testing::FakeClient client;
    testing::fillSampleSite(client);
    ReadOptions options;
    if (*host != '\0') options.filter.hosts = {host};
    const auto dump = [](const View& view) {
      std::string text;
      writeDump(view, "test", [&](std::string_view piece) { text += piece; });
      return text;
    };
    const Inventory whole = readInventory(client, options, vsphere::Context());
    const KeptInventory kept = keepInventory(client, options, vsphere::Context());
    BOOST_TEST(dump(View(kept)) == dump(View(whole, options.filter)));
    BOOST_TEST(View(kept).size() == View(whole, options.filter).size());
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace failback::discovery
