// SPDX-License-Identifier: GPL-2.0-or-later
// Virtual machines out of pages, as vCenter and as vcsim write them.
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/decode/messages.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

const std::string vmsFile = "vms-001-RetrievePropertiesEx.response.xml";
constexpr std::int64_t gib = 1024 * 1024 * 1024;

const Disk& disk(const VirtualMachine& vm, std::int32_t key) {
  for (const Disk& candidate : vm.disks)
    if (candidate.key == key) return candidate;
  throw std::runtime_error("no disk " + std::to_string(key));
}

const Controller& controller(const VirtualMachine& vm, std::int32_t key) {
  for (const Controller& candidate : vm.controllers)
    if (candidate.key == key) return candidate;
  throw std::runtime_error("no controller " + std::to_string(key));
}

struct Vms {
  InventoryPage page = decode(message(vmsFile));
  const VirtualMachine& db = named<VirtualMachine>(page, "db-01 / primary \\ 100%");
  const VirtualMachine& vault = named<VirtualMachine>(page, "vault-01");
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(PageOfVms, Vms)

BOOST_AUTO_TEST_CASE(identity_and_state) {
  BOOST_TEST(page.token == "1");
  BOOST_TEST(page.objects.size() == 2);
  BOOST_TEST(
      (page.seen == std::vector<Moref>{{"VirtualMachine", "vm-41", ""}, {"VirtualMachine", "vm-42", ""}}));
  BOOST_TEST(db.ref.value == "vm-41");
  BOOST_TEST(*db.instanceUuid == "5020e1f4-77a9-3f0b-1c2d-9a8b7c6d5e4f");
  BOOST_TEST(*db.biosUuid == "4220e1f4-77a9-3f0b-1c2d-9a8b7c6d5e4f");
  BOOST_TEST(*db.powerState == "poweredOff");
  BOOST_TEST(*db.connectionState == "connected");
  BOOST_TEST(*db.isTemplate == false);
  BOOST_TEST(*db.consolidationNeeded == false);
  BOOST_TEST(*db.changeVersion == "2026-10-02T02:00:03.004512Z");
  BOOST_TEST(*db.created == "2024-03-05T10:11:12.131415Z");
  BOOST_TEST(db.host->str() == "HostSystem:host-21");
  BOOST_TEST(db.datastores.size() == 2);
  BOOST_TEST(!db.bootTime.has_value());
  BOOST_TEST(*vault.bootTime == "2026-08-01T06:00:00Z");
  BOOST_TEST(*vault.uptimeSeconds == 9849600);
  BOOST_TEST((db.disabledMethods ==
              std::vector<std::string>{"MarkAsVirtualMachine", "PowerOffVM_Task", "RelocateVM_Task"}));
  BOOST_TEST(*db.managedByExtension == "com.vmware.vcDr");
  BOOST_TEST(db.recentTasks.at(0).str() == "Task:task-501");
}

BOOST_AUTO_TEST_CASE(hardware) {
  BOOST_TEST(*db.memoryBytes == 16 * gib);
  BOOST_TEST(*db.cpus == 4);
  BOOST_TEST(*db.coresPerSocket == 2);
  BOOST_TEST(*db.hardwareVersion == "vmx-19");
  BOOST_TEST(*db.firmware == "efi");
  BOOST_TEST(*db.secureBoot == true);
  BOOST_TEST((db.bootOrder == std::vector<std::string>{"disk:2000", "ethernet:4000", "cdrom"}));
  BOOST_TEST(*db.storageCommittedBytes == 52613349376);
  // The configuration's own path wins over the one in the summary, whichever comes first.
  BOOST_TEST(*db.vmPathName == "[vmfs-01] db-01/db-01.vmx");
  BOOST_TEST(*vault.vmPathName == "[vmfs-01] vault/vault.vmx");
}

BOOST_AUTO_TEST_CASE(a_disk_with_snapshots_shows_its_whole_chain) {
  const Disk& first = disk(db, 2000);
  BOOST_TEST(first.kind == "flat");
  BOOST_TEST(first.path() == "[vmfs-01] db-01/db-01-000002.vmdk");
  BOOST_REQUIRE(first.chain.size() == 3);
  BOOST_TEST(first.chain[1].path == "[vmfs-01] db-01/db-01-000001.vmdk");
  BOOST_TEST(first.chain[2].path == "[vmfs-01] db-01/db-01.vmdk");
  BOOST_TEST(*first.chain[0].deltaFormat == "redoLogFormat");
  BOOST_TEST(!first.chain[2].deltaFormat.has_value());
  BOOST_TEST(*first.chain[0].changeId == "52 de c0 d9 b9 43 9d 10-61 d5 4c 1b e9 7b 65 63/81");
  BOOST_TEST(*first.chain[2].contentId == "7e3a10f2b54c9d68e1f0a2b3c4d5e6f7");
  BOOST_TEST(*first.uuid == "6000C291-0a6b-7f3e-5d2c-1b8e94f0a3c7");
  BOOST_TEST(first.chain[0].datastore->value == "datastore-11");
  BOOST_TEST(first.capacityBytes == 40 * gib);
  BOOST_TEST(first.controllerKey == 1000);
  BOOST_TEST(*first.unitNumber == 0);
  BOOST_TEST(*first.thin == true);
  BOOST_TEST(*first.sharing == "sharingNone");
  BOOST_TEST(db.hasDelta());
  BOOST_TEST(!vault.hasDelta());
}

BOOST_AUTO_TEST_CASE(raw_device_mapping) {
  const Disk& rdm = disk(db, 2001);
  BOOST_TEST(rdm.kind == "rdmPhysical");
  BOOST_TEST(*rdm.rdmCompatibilityMode == "physicalMode");
  BOOST_TEST(*rdm.rdmLunUuid == "020000000060a98000486e2f34576f2d496c6f52414944");
  BOOST_TEST(*rdm.mode == "independent_persistent");
  BOOST_TEST(rdm.path() == "[vmfs-01] db-01/db-01_1.vmdk");
}

BOOST_AUTO_TEST_CASE(shared_disk) {
  const Disk& quorum = disk(db, 2002);
  BOOST_TEST(*quorum.sharing == "sharingMultiWriter");
  BOOST_TEST(*quorum.eagerlyScrub == true);
  BOOST_TEST(!quorum.thin.has_value());
  BOOST_TEST(*controller(db, 1000).sharedBus == "noSharing");
  BOOST_TEST(*controller(vault, 1000).sharedBus == "physicalSharing");
}

BOOST_AUTO_TEST_CASE(nvme_disk_on_vsan) {
  BOOST_TEST(controller(db, 31000).type == "VirtualNVMEController");
  BOOST_TEST(!controller(db, 31000).isScsi());
  const Disk& nvme = disk(db, 32000);
  BOOST_TEST(nvme.kind == "seSparse");
  BOOST_TEST(nvme.controllerKey == 31000);
  BOOST_REQUIRE(nvme.chain.size() == 2);
  BOOST_TEST(*nvme.chain[0].backingObjectId == "9a3e0d5f-88f2-4d41-7c55-246e96a3b1c0");
  BOOST_TEST(*nvme.chain[1].backingObjectId == "77aa0d5f-1111-2222-3333-246e96a3b1c0");
}

BOOST_AUTO_TEST_CASE(devices_newer_than_this_build_keep_their_names) {
  const Disk& holographic = disk(db, 2016);
  BOOST_TEST(holographic.kind == "unknown");
  BOOST_TEST(holographic.backingType == "VirtualDiskHolographicBackingInfo");
  BOOST_TEST(holographic.capacityBytes == 2 * gib);
  BOOST_TEST(!holographic.uuid.has_value());
  BOOST_TEST(reasons(page.unreadable).at(0) == "config.hardware.device[2016].backing unknownType");
  std::vector<std::string> others;
  for (const OtherDevice& other : db.otherDevices) others.push_back(other.type);
  BOOST_TEST((others == std::vector<std::string>{"VirtualQuantumSCSIController", "VirtualTeleporter"}));
  BOOST_TEST(*db.otherDevices[1].unitNumber == 30);
  // What stands around them is intact.
  BOOST_TEST(db.disks.size() == 5);
  BOOST_TEST(db.controllers.size() == 3);
}

BOOST_AUTO_TEST_CASE(network_cards) {
  BOOST_REQUIRE(db.nics.size() == 2);
  BOOST_TEST(db.nics[0].type == "VirtualVmxnet3");
  BOOST_TEST(*db.nics[0].macAddress == "00:50:56:9a:3c:7d");
  BOOST_TEST(*db.nics[0].portgroupKey == "dvportgroup-31");
  BOOST_TEST(*db.nics[0].dvsUuid == "50 1e 7a 3c 90 44 1b 2d-8c 5f 0a 6e 21 d4 b7 93");
  BOOST_TEST(*db.nics[0].portKey == "17");
  BOOST_TEST(*db.nics[1].networkName == "VM Network");
  BOOST_TEST(db.nics[1].network->value == "network-21");
  BOOST_TEST(*db.nics[1].addressType == "manual");
  BOOST_TEST(*db.nics[1].startConnected == false);
}

BOOST_AUTO_TEST_CASE(snapshots) {
  BOOST_TEST(db.snapshotCount() == 2);
  BOOST_REQUIRE(db.snapshots.size() == 1);
  BOOST_TEST(db.snapshots[0].name == "before/after 100%");
  BOOST_TEST(db.snapshots[0].createTime == "2026-10-01T02:00:00.123456Z");
  BOOST_TEST(!db.snapshots[0].current);
  BOOST_TEST(db.snapshots[0].children.at(0).current);
  BOOST_TEST(db.snapshots[0].children.at(0).quiesced);
  BOOST_TEST(db.currentSnapshot->value == "snapshot-72");
}

BOOST_AUTO_TEST_CASE(guest) {
  BOOST_TEST(*db.guestFamily == "linuxGuest");
  BOOST_TEST(*db.ipAddress == "192.0.2.41");
  BOOST_REQUIRE(db.guestNics.size() == 1);
  BOOST_TEST(
      (db.guestNics[0].ipAddresses == std::vector<std::string>{"192.0.2.41", "fe80::250:56ff:fe9a:3c7d"}));
  BOOST_TEST(*db.guestNics[0].dhcp == false);
  BOOST_REQUIRE(db.guestVolumes.size() == 2);
  BOOST_TEST(*db.guestVolumes[0].filesystemType == "xfs");
  BOOST_TEST((db.guestVolumes[0].diskKeys == std::vector<std::int32_t>{2000}));
  // Before 7.0, and with some Tools, the file system is not told.
  BOOST_TEST(!db.guestVolumes[1].filesystemType.has_value());
}

BOOST_AUTO_TEST_CASE(marks_and_disk_enable_uuid) {
  BOOST_TEST(*db.diskUuidEnabled == true);
  BOOST_TEST(*db.diskEnableUuidOption == "TRUE");
  BOOST_TEST((db.extraConfig ==
              std::map<std::string, std::string>{{"failback.plan", "5f0c8a52-3c86-4a8f-9d5e-0d7f6f9f3a11"}}));
  // In the whole list the key is found however it is written.
  BOOST_TEST(*vault.diskEnableUuidOption == "1");
  BOOST_TEST(vault.extraConfig.at("failback.mt.77d9") == "{\"v\":1}");
  BOOST_TEST(vault.extraConfig.at("numvcpus") == "2");
}

BOOST_AUTO_TEST_CASE(what_stands_in_the_way) {
  BOOST_TEST(db.hasReplicationConfig);
  BOOST_TEST(!vault.hasReplicationConfig);
  BOOST_TEST(*vault.faultToleranceConfigured == true);
  BOOST_TEST(*db.faultToleranceConfigured == false);
  BOOST_TEST(*vault.keyId == "11111111-2222-3333-4444-555555555555");
  BOOST_TEST(*vault.vtpmPresent == true);
  BOOST_TEST(*db.vtpmPresent == false);
  const Disk& encrypted = disk(vault, 2000);
  BOOST_TEST(*encrypted.keyId == "11111111-2222-3333-4444-555555555555");
  BOOST_TEST(*encrypted.vDiskId == "0a0b0c0d-1111-2222-3333-444455556666");
  BOOST_TEST((encrypted.ioFilters == std::vector<std::string>{"VMW_vmwarelwd_1.0"}));
  BOOST_REQUIRE(vault.question.has_value());
  BOOST_TEST(vault.question->id == "7");
  BOOST_TEST(vault.question->choices.at(1).label == "Cancel");
  BOOST_TEST((vault.question->messageIds == std::vector<std::string>{"msg.hbacommon.outofspace"}));
  BOOST_TEST(!db.question.has_value());
}

BOOST_AUTO_TEST_CASE(files) {
  BOOST_REQUIRE(vault.files.size() == 2);
  BOOST_TEST(vault.files[1].type == "diskExtent");
  BOOST_TEST(*vault.files[1].uniqueSizeBytes == 734003200);
  BOOST_REQUIRE(vault.diskLayouts.size() == 1);
  BOOST_TEST((vault.diskLayouts[0].chainFileKeys == std::vector<std::vector<std::int32_t>>{{4, 5}}));
}

BOOST_AUTO_TEST_CASE(what_could_not_be_read_has_its_reason) {
  BOOST_TEST(!vault.instanceUuid.has_value());
  BOOST_TEST(reasons(page.unreadable).at(1) == "config.instanceUuid noPermission NoPermission");
  BOOST_TEST(page.unreadable.at(1).privilege == "System.Read");
  BOOST_TEST(page.unreadable.at(1).name == "vault-01");
  BOOST_TEST(page.unreadable.at(1).text == "Permission to perform this operation was denied");
  // Without a text of the server's there is one of ours.
  BOOST_TEST(reasons(page.unreadable).at(2) == "guest.ipAddress hostNotResponding HostNotConnected");
  BOOST_TEST(page.unreadable.at(2).text == "The host is not connected to vCenter");
  BOOST_TEST(page.unreadable.size() == 3);
  BOOST_TEST(!page.notAuthenticated);
}

BOOST_AUTO_TEST_CASE(vcsims_way_of_writing) {
  const InventoryPage odd = decode(message("vcsim-005-RetrievePropertiesEx.response.xml"));
  BOOST_REQUIRE(odd.objects.size() == 1);
  const auto& vm = named<VirtualMachine>(odd, "odd-01");
  BOOST_TEST(odd.token == "1");
  BOOST_TEST(*vm.instanceUuid == "265104de-1472-547c-b873-6dc7883fb6cb");
  BOOST_TEST(*vm.powerState == "poweredOn");
  BOOST_TEST(vm.host->value == "host-2");
  // A property without a value is unset, not unreadable.
  BOOST_TEST(!vm.ipAddress.has_value());
  BOOST_TEST(!vm.diskEnableUuidOption.has_value());
  BOOST_TEST(vm.extraConfig.at("failback.plan") == "p1");
  BOOST_TEST(vm.controllers.at(0).isParaVirtualScsi());
  BOOST_TEST(vm.disks.at(0).path() == "[LocalDS_0] odd-01/disk1.vmdk");
  BOOST_TEST(vm.disks.at(0).capacityBytes == 1024 * 1024);
  BOOST_TEST((reasons(odd.unreadable) == std::vector<std::string>{"config.bogus fault InvalidProperty"}));
}

BOOST_AUTO_TEST_CASE(a_keyed_path_may_give_the_plain_value) {
  const auto plain =
      decode(test::page("VirtualMachine", "vm-1",
                        property("name", "xsd:string", "a") +
                            property("config.extraConfig[\"disk.EnableUUID\"]", "xsd:string", "TRUE") +
                            property("config.extraConfig[\"failback.mt.1\"]", "xsd:string", "x")));
  const auto& vm = named<VirtualMachine>(plain, "a");
  BOOST_TEST(*vm.diskEnableUuidOption == "TRUE");
  BOOST_TEST(vm.extraConfig.at("failback.mt.1") == "x");
}

BOOST_AUTO_TEST_SUITE_END()
