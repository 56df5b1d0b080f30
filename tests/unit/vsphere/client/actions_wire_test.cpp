// SPDX-License-Identifier: GPL-2.0-or-later
// What changes look like on the wire, and that none is ever sent twice.
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/client/fake_server.h"
#include "vsphere/actions.h"
#include "vsphere/error.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

Context soon() {
  return Context().withTimeout(std::chrono::seconds(20));
}

const Moref kTask{"Task", "task-1", {}};
const Moref kVm{"VirtualMachine", "vm-7", {}};
const Moref kDatastore{"Datastore", "datastore-9", {}};

struct Fixture {
  Fixture() { client = Client::connect(optionsFor(server), credentialsOf(*server), soon()); }
  Actions& act() { return client->actions(); }

  // The content of the call that was sent, without its envelope and the namespace's prefix.
  std::string content(const std::string& method) {
    std::string xml = server->requests(method).at(0).xml;
    const std::string prefix = "vim25:", begin = "</_this>";
    for (std::size_t at = 0; (at = xml.find(prefix, at)) != std::string::npos;) xml.erase(at, prefix.size());
    const std::size_t from = xml.find(begin), to = xml.rfind("</" + method + ">");
    BOOST_REQUIRE_MESSAGE(from != std::string::npos && to != std::string::npos, xml);
    return xml.substr(from + begin.size(), to - from - begin.size());
  }

  std::shared_ptr<FakeServer> server = std::make_shared<FakeServer>();
  std::unique_ptr<Client> client;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(actions_wire, Fixture)

BOOST_AUTO_TEST_CASE(an_attached_disk_has_a_change_version_and_no_file_operation) {
  server->answers["ReconfigVM_Task"] = reference("returnval", kTask);
  VmChange change;
  change.changeVersion = "2026-11-01T08:00:00.000001Z";
  change.disks = {{"[vmfs-01] a & b/a.vmdk", kDatastore, "independent_persistent", 1000, 5, 2048}};
  BOOST_TEST(act().startReconfigure(kVm, change, soon()).str() == kTask.str());
  BOOST_TEST(server->requests("ReconfigVM_Task").at(0).self.str() == kVm.str());
  BOOST_TEST(
      content("ReconfigVM_Task") ==
      "<spec><changeVersion>2026-11-01T08:00:00.000001Z</changeVersion>"
      "<deviceChange><operation>add</operation><device xsi:type=\"VirtualDisk\"><key>-1000</key>"
      "<backing xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName>[vmfs-01] a &amp; b/a.vmdk</fileName>"
      "<datastore xsi:type=\"ManagedObjectReference\" type=\"Datastore\">datastore-9</datastore>"
      "<diskMode>independent_persistent</diskMode></backing><controllerKey>1000</controllerKey>"
      "<unitNumber>5</unitNumber><capacityInKB>2</capacityInKB><capacityInBytes>2048</capacityInBytes>"
      "</device></deviceChange></spec>");
}

BOOST_AUTO_TEST_CASE(a_new_vm_is_whole) {
  server->answers["CreateVM_Task"] = reference("returnval", kTask);
  NewVm vm;
  vm.name = "web/01";
  vm.files = "[vmfs-01]";
  vm.guestId = "ubuntu64Guest";
  vm.hardwareVersion = "vmx-19";
  vm.firmware = "efi";
  vm.secureBoot = true;
  vm.cpus = 4;
  vm.coresPerSocket = 2;
  vm.memoryMB = 4096;
  vm.managedByExtension = "com.example.failback";
  vm.managedByType = "restored";
  vm.change.controllers = {{"ParaVirtualSCSIController", 0, -1}};
  CreatedDisk disk;
  disk.file = "[vmfs-01]";
  disk.controllerKey = -1;
  disk.capacityBytes = 4096;
  disk.uuid = "6000C29e-1f4a-0a0b-0c0d-0102030405a6";
  vm.change.createdDisks = {disk};
  AddedNic nic;
  nic.backing.portgroupKey = "dvportgroup-31";
  nic.backing.dvsUuid = "50 0a 01";
  nic.macAddress = "00:50:56:9a:00:01";
  nic.startConnected = false;
  nic.key = -2;
  vm.change.nics = {nic};
  vm.change.options = {{"failback.mark", "1"}};
  vm.change.diskUuidEnabled = true;
  act().startCreateVm(
      {{"Folder", "group-v3", {}}, {"ResourcePool", "resgroup-8", {}}, {"HostSystem", "host-9", {}}}, vm,
      soon());
  BOOST_TEST(server->requests("CreateVM_Task").at(0).self.value == "group-v3");
  BOOST_TEST(
      content("CreateVM_Task") ==
      "<config><name>web%2f01</name><version>vmx-19</version><guestId>ubuntu64Guest</guestId>"
      "<files><vmPathName>[vmfs-01]</vmPathName></files><flags><diskUuidEnabled>true</diskUuidEnabled></"
      "flags>"
      "<numCPUs>4</numCPUs><numCoresPerSocket>2</numCoresPerSocket><memoryMB>4096</memoryMB>"
      "<deviceChange><operation>add</operation><device xsi:type=\"ParaVirtualSCSIController\"><key>-1</key>"
      "<busNumber>0</busNumber><sharedBus>noSharing</sharedBus></device></deviceChange>"
      "<deviceChange><operation>add</operation><fileOperation>create</fileOperation>"
      "<device xsi:type=\"VirtualDisk\"><key>-1000</key><backing xsi:type=\"VirtualDiskFlatVer2BackingInfo\">"
      "<fileName>[vmfs-01]</fileName><diskMode>persistent</diskMode><thinProvisioned>true</thinProvisioned>"
      "<uuid>6000C29e-1f4a-0a0b-0c0d-0102030405a6</uuid></backing><controllerKey>-1</controllerKey>"
      "<unitNumber>0</unitNumber><capacityInKB>4</capacityInKB><capacityInBytes>4096</capacityInBytes>"
      "</device></deviceChange>"
      "<deviceChange><operation>add</operation><device xsi:type=\"VirtualVmxnet3\"><key>-2</key>"
      "<backing xsi:type=\"VirtualEthernetCardDistributedVirtualPortBackingInfo\"><port>"
      "<switchUuid>50 0a 01</switchUuid><portgroupKey>dvportgroup-31</portgroupKey></port></backing>"
      "<connectable><startConnected>false</startConnected><allowGuestControl>true</allowGuestControl>"
      "<connected>false</connected></connectable><addressType>manual</addressType>"
      "<macAddress>00:50:56:9a:00:01</macAddress></device></deviceChange>"
      "<extraConfig><key>failback.mark</key><value xsi:type=\"xsd:string\">1</value></extraConfig>"
      "<bootOptions><efiSecureBootEnabled>true</efiSecureBootEnabled></bootOptions><firmware>efi</firmware>"
      "<managedBy><extensionKey>com.example.failback</extensionKey><type>restored</type></managedBy></config>"
      "<pool xsi:type=\"ManagedObjectReference\" type=\"ResourcePool\">resgroup-8</pool>"
      "<host xsi:type=\"ManagedObjectReference\" type=\"HostSystem\">host-9</host>");
}

BOOST_AUTO_TEST_CASE(a_place_without_a_host_names_none) {
  server->answers["CreateVM_Task"] = reference("returnval", kTask);
  act().startCreateVm({{"Folder", "group-v3", {}}, {"ResourcePool", "resgroup-8", {}}, {}}, {}, soon());
  BOOST_TEST(server->requests("CreateVM_Task").at(0).references("host").empty());
}

BOOST_AUTO_TEST_CASE(what_is_removed_is_named_by_its_key_alone) {
  server->answers["ReconfigureComputeResource_Task"] = reference("returnval", kTask);
  act().startDrsOverride({"ClusterComputeResource", "domain-c8", {}}, kVm,
                         {OverrideAct::remove, true, "manual"}, soon());
  BOOST_TEST(content("ReconfigureComputeResource_Task") ==
             "<spec xsi:type=\"ClusterConfigSpecEx\"><drsVmConfigSpec><operation>remove</operation>"
             "<removeKey xsi:type=\"ManagedObjectReference\" "
             "type=\"VirtualMachine\">vm-7</removeKey></drsVmConfigSpec>"
             "</spec><modify>true</modify>");
}

BOOST_AUTO_TEST_CASE(overrides_of_several_vms_travel_in_one_call) {
  server->answers["ConfigureStorageDrsForPod_Task"] = reference("returnval", kTask);
  const Moref other{"VirtualMachine", "vm-8", {}};
  act().startStorageDrsOverrides(
      {"StoragePod", "group-p1", {}},
      {{kVm, {OverrideAct::add, false, {}, {}}}, {other, {OverrideAct::remove, {}, {}, {}}}}, soon());
  const std::string sent = content("ConfigureStorageDrsForPod_Task");
  BOOST_TEST(server->count("ConfigureStorageDrsForPod_Task") == 1u);
  BOOST_TEST(sent.find("<operation>add</operation>") != std::string::npos, sent);
  BOOST_TEST(sent.find("<enabled>false</enabled>") != std::string::npos, sent);
  BOOST_TEST(sent.find("<operation>remove</operation>") != std::string::npos, sent);
  BOOST_TEST(sent.find(">vm-8</removeKey>") != std::string::npos, sent);
}

BOOST_AUTO_TEST_CASE(a_uuid_is_written_in_the_way_of_its_manager) {
  server->answers["SetVirtualDiskUuid"] = "";
  server->answers["QueryVirtualDiskUuid"] = "<returnval>60 00 C2 9e 00</returnval>";
  act().setDiskUuid("[vmfs-01] a/a.vmdk", {"Datacenter", "datacenter-2", {}},
                    "6000C29E-1f4a-0a0b-0c0d-0102030405a6", soon());
  const ReadRequestXml asked = server->requests("SetVirtualDiskUuid").at(0);
  BOOST_TEST(asked.text("uuid") == "60 00 c2 9e 1f 4a 0a 0b-0c 0d 01 02 03 04 05 a6");
  BOOST_TEST(asked.text("datacenter") == "datacenter-2");
  BOOST_TEST(act().diskUuid("[vmfs-01] a/a.vmdk", {}, soon()) == "60 00 C2 9e 00");
  BOOST_TEST(server->requests("QueryVirtualDiskUuid").at(0).references("datacenter").empty());
}

BOOST_AUTO_TEST_CASE(a_change_whose_answer_is_lost_is_not_sent_again) {
  server->answers["PowerOnVM_Task"] = reference("returnval", kTask);
  server->meet = [](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "PowerOnVM_Task") return std::nullopt;
    Error error;
    error.category = Category::unreachable;
    error.text = "the connection was lost";
    throw TransportFailure(std::move(error), Fate::unknown, true);
  };
  BOOST_CHECK_EXCEPTION(act().startPowerOn(kVm, soon()), TransportFailure,
                        [](const TransportFailure& failure) { return failure.fate() == Fate::unknown; });
  BOOST_TEST(server->count("PowerOnVM_Task") == 1u);
}

BOOST_AUTO_TEST_CASE(a_change_that_met_a_lost_session_is_left_to_the_caller) {
  server->answers["PowerOnVM_Task"] = reference("returnval", kTask);
  server->killSessions();
  BOOST_CHECK_EXCEPTION(act().startPowerOn(kVm, soon()), Failure, [](const Failure& failure) {
    return failure.error().category == Category::notAuthenticated;
  });
  BOOST_TEST(server->count("PowerOnVM_Task") == 1u);
  BOOST_TEST(act().startPowerOn(kVm, soon()).str() == kTask.str());
}

BOOST_AUTO_TEST_CASE(an_answer_without_a_task_is_malformed) {
  server->answers["Destroy_Task"] = "";
  BOOST_CHECK_EXCEPTION(act().startDestroy(kVm, soon()), Failure, [](const Failure& failure) {
    return failure.error().category == Category::malformedAnswer &&
           failure.error().text.find("Destroy_Task") != std::string::npos;
  });
}

BOOST_AUTO_TEST_CASE(a_server_without_that_manager_does_not_support_it) {
  auto esxi = std::make_shared<FakeServer>();
  esxi->vcenter = false;
  const auto host = Client::connect(optionsFor(esxi), credentialsOf(*esxi), soon());
  BOOST_CHECK_EXCEPTION(
      host->actions().startStorageDrsOverride({"StoragePod", "group-p1", {}}, kVm, {}, soon()), Failure,
      [](const Failure& failure) { return failure.error().category == Category::unsupported; });
}

BOOST_AUTO_TEST_SUITE_END()
