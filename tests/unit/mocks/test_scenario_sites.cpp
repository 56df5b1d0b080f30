// SPDX-License-Identifier: GPL-2.0-or-later
// What a client sees of the built-in scenarios, and of what machines and places can have in one.
#include <boost/test/unit_test.hpp>

#include "tests/unit/mocks/task_helper.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

struct Site : TaskFixture {
  explicit Site(const std::string& scenario) : TaskFixture(scenario) { client.login(); }

  SoapReply vm(const std::string& path, const std::vector<std::string>& paths) {
    return read("VirtualMachine", client.id("DC1/vm/" + path), paths);
  }
  SoapReply device(const std::string& path, int key) {
    return vm(path, {"config.hardware.device[" + std::to_string(key) + "]"});
  }
  SoapReply power(const std::string& path) {
    return run("PowerOnVM_Task", self("VirtualMachine", client.id("DC1/vm/" + path)));
  }
  SoapReply addDisk(const std::string& path, int controller, const std::string& unit = "") {
    const std::string disk =
        "<deviceChange><operation>add</operation><fileOperation>create</fileOperation>"
        "<device xsi:type=\"VirtualDisk\"><key>-1</key>"
        "<backing xsi:type=\"VirtualDiskFlatVer2BackingInfo\"><fileName></fileName>"
        "<diskMode>persistent</diskMode><thinProvisioned>true</thinProvisioned></backing>"
        "<controllerKey>" +
        std::to_string(controller) + "</controllerKey>" + unit +
        "<capacityInKB>1048576</capacityInKB>"
        "</device></deviceChange>";
    return run("ReconfigVM_Task",
               self("VirtualMachine", client.id("DC1/vm/" + path)) + "<spec>" + disk + "</spec>");
  }
};

std::string problemOf(const std::string& vms) {
  try {
    const ScenarioSpec spec = parseScenario(
        R"({"datacenters":[{"name":"D","clusters":[{"name":"c","hosts":[{"name":"h"},{"name":"s","standby":true}]}],
            "datastores":[{"name":"d"},{"name":"n","type":"NFS"}],"vms":[)" +
            vms + "]}]}",
        "test");
    Simulation simulation(spec, "secret", {}, {}, Scheduler::Clock::manual);
  } catch (const ScenarioError& problem) {
    return problem.what();
  }
  return {};
}

bool complains(const std::string& vms, const std::string& text) {
  const std::string problem = problemOf(vms);
  BOOST_TEST_MESSAGE(problem);
  return problem.find(text) != std::string::npos;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenario_sites)

BOOST_AUTO_TEST_CASE(mt_full_has_no_place_for_another_disk) {
  Site f("mt-full");
  const SoapReply devices = f.vm("Failback/mt-linux-01", {"config.hardware.device"});
  BOOST_TEST(devices.count("//VirtualDevice[./@type='VirtualDisk']") == 60U);
  BOOST_TEST(devices.count("//VirtualDevice[./@type='VirtualLsiLogicController']") == 4U);
  for (const int controller : {1000, 1003})
    BOOST_TEST(faultOf(f.addDisk("Failback/mt-linux-01", controller)) == "TooManyDevices");
  for (const char* unit : {"<unitNumber>15</unitNumber>", "<unitNumber>16</unitNumber>"})
    BOOST_TEST(faultOf(f.addDisk("Failback/mt-linux-01", 1003, unit)) == "InvalidDeviceSpec");
  BOOST_TEST(faultOf(f.addDisk("web-01", 1000)) == "");
}

BOOST_AUTO_TEST_CASE(read_only_sees_all_and_changes_nothing) {
  TaskFixture f("read-only");
  f.client.login("failback@vsphere.local");
  const std::string vm = f.client.id("DC1/vm/web-01");
  BOOST_TEST(f.read("VirtualMachine", vm, {"config.hardware.device[2000]"}).one("//backing/fileName") ==
             "[vmfs-01] web-01/web-01.vmdk");
  const SoapReply refused = f.client.call("PowerOnVM_Task", self("VirtualMachine", vm));
  BOOST_TEST(refused.faultType() == "NoPermission");
  BOOST_TEST(refused.has("VirtualMachine.Interact.PowerOn"));
}

BOOST_AUTO_TEST_CASE(name_taken_has_files_of_its_own_and_keeps_the_name) {
  Site f("name-taken");
  BOOST_TEST(f.vm("Production/web-01", {"config.files.vmPathName"}).one("//val") ==
             "[vmfs-01] web-01/web-01.vmx");
  const SoapReply home =
      f.vm("Came home/web-01", {"config.files.vmPathName", "config.hardware.device[2000]"});
  BOOST_TEST(home.has("[vmfs-01] web-01_1/web-01.vmx"));
  BOOST_TEST(home.has("[vmfs-01] web-01_1/web-01.vmdk"));
  const SoapReply moved =
      f.run("MoveIntoFolder_Task", self("Folder", f.client.id("DC1/vm/Production")) +
                                       ref("list", "VirtualMachine", f.client.id("DC1/vm/Came home/web-01")));
  BOOST_TEST(faultOf(moved) == "DuplicateName");
}

BOOST_AUTO_TEST_CASE(moved_by_svmotion_leaves_a_path_that_dangles) {
  Site f("moved-by-svmotion");
  const SoapReply target = f.device("Failback/mt-linux-01", 2002), home = f.device("web-01", 2000);
  BOOST_TEST(target.one("//backing/fileName") == "[vmfs-02] mt-linux-01/mt-linux-01_2.vmdk");
  BOOST_TEST(home.one("//backing/fileName") == "[vmfs-01] web-01/web-01.vmdk");
  BOOST_TEST(target.one("//backing/uuid") == home.one("//backing/uuid"));
  BOOST_TEST(!f.vm("web-01", {"layoutEx.file"}).has("[vmfs-01] web-01/web-01.vmdk"));
  BOOST_TEST(f.vm("web-01", {"layoutEx.file"}).has("[vmfs-01] web-01/web-01_1.vmdk"));
  const SoapReply failed = f.power("web-01");
  BOOST_TEST(faultOf(failed) == "FileNotFound");
  BOOST_TEST(failed.one("//val/error/fault/file") == "[vmfs-01] web-01/web-01.vmdk");
}

BOOST_AUTO_TEST_CASE(a_shared_disk_is_one_file_with_one_lock) {
  Site f("shared-disk");
  const SoapReply target = f.device("Failback/mt-linux-01", 2002), home = f.device("home-01", 2000);
  for (const char* member : {"//backing/fileName", "//backing/uuid", "//backing/contentId"})
    BOOST_TEST(target.one(member) == home.one(member));
  BOOST_TEST(target.one("//backing/diskMode") == "independent_persistent");
  const SoapReply failed = f.power("home-01");
  BOOST_TEST(faultOf(failed) == "FileLocked");
  BOOST_TEST(failed.one("//val/error/fault/file") == "[vmfs-01] home-01/home-01.vmdk");
  BOOST_TEST(faultOf(f.run("PowerOffVM_Task",
                           self("VirtualMachine", f.client.id("DC1/vm/Failback/mt-linux-01")))) == "");
  BOOST_TEST(faultOf(f.power("home-01")) == "");
}

BOOST_AUTO_TEST_CASE(a_shared_disk_is_counted_once) {
  const auto freeOf = [](const char* second) {
    const ScenarioSpec spec = parseScenario(
        std::string(R"({"datacenters":[{"name":"D","clusters":[{"name":"c","hosts":[{"name":"h"}]}],
            "datastores":[{"name":"d","capacity":"1TiB"}],"vms":[
            {"name":"a","powered":false,"disks":[{"size":"100GiB","provisioning":"thick"}]},
            {"name":"b","powered":false,"disks":[)") +
            second + "]}]}]}",
        "test");
    Simulation simulation(spec, "secret", {}, {}, Scheduler::Clock::manual);
    const World& world = simulation.world();
    return *world.inventory.all("Datastore").front()->state.at("summary.freeSpace").asInteger();
  };
  BOOST_TEST(freeOf("") == freeOf(R"({"attach":"a/0"})"));
  BOOST_TEST(freeOf("") == freeOf(R"({"file":"a/a","size":"100GiB"})"));
  BOOST_TEST(freeOf("") == freeOf(R"({"size":"100GiB","provisioning":"thick"})") + (100LL << 30));
}

BOOST_AUTO_TEST_CASE(the_free_space_that_is_stated_is_with_all_deltas) {
  const auto simulated = [](const char* snapshots) {
    const ScenarioSpec spec = parseScenario(
        std::string(R"({"datacenters":[{"name":"D","clusters":[{"name":"c","hosts":[{"name":"h"}]}],
            "datastores":[{"name":"d","capacity":"1TiB","free":"300GiB"}],"vms":[
            {"name":"a","powered":false,"disks":[{"size":"100GiB"}],"snapshots":[)") +
            snapshots + "]}]}]}",
        "test");
    return std::unique_ptr<Simulation>(new Simulation(spec, "secret", {}, {}, Scheduler::Clock::manual));
  };
  for (const char* snapshots :
       {R"({"name":"one"})", R"({"name":"one","children":[{"name":"two"},{"name":"three"}]})"}) {
    const auto simulation = simulated(snapshots);
    World& world = simulation->world();
    const ManagedObject& store = *world.inventory.all("Datastore").front();
    const auto free = [&] {
      return *world.inventory.need(store.ref.id).state.at("summary.freeSpace").asInteger();
    };
    BOOST_TEST(free() == 300LL << 30, snapshots);
    // And stays right when something changes.
    StoredFile file;
    file.size = 4096;
    world.files.put({store.ref.id, "x"}, file);
    world.files.updateDatastores();
    BOOST_TEST(free() == (300LL << 30) - 4096, snapshots);
  }
}

BOOST_AUTO_TEST_CASE(running_machines_share_a_disk_only_as_multi_writers) {
  Site f("shared-disk");
  BOOST_TEST(f.device("node-a", 2016).one("//backing/sharing") == "sharingMultiWriter");
  const std::string b = f.client.id("DC1/vm/node-b");
  BOOST_TEST(faultOf(f.run("PowerOffVM_Task", self("VirtualMachine", b))) == "");
  BOOST_TEST(faultOf(f.power("node-b")) == "");
  BOOST_TEST(complains(R"({"name":"a","disks":[{}]},{"name":"b","disks":[{"attach":"a/0"}]})", "both run"));
}

BOOST_AUTO_TEST_CASE(what_does_not_fit_together_is_an_error) {
  BOOST_TEST(complains(R"({"name":"a","disks":[{"missing":true}]})", "is missing"));
  BOOST_TEST(complains(R"({"name":"a","host":"s"})", "standby"));
  BOOST_TEST(complains(R"({"name":"a","powered":false,"disks":[{"attach":"b/0"}]})", "disks/0/attach"));
  BOOST_TEST(complains(R"({"name":"a"},{"name":"a"})", "already"));
  BOOST_TEST(
      complains(R"({"name":"a","disks":[{"controller":"ide0"},{"controller":"ide0"},{"controller":"ide1"},
                          {"controller":"ide1"},{"controller":"ide1"}]})",
                "ide controllers hold"));
  BOOST_TEST(complains(R"({"name":"a","disks":[{"unit":7}]})", "unit 7"));
  BOOST_TEST(complains(R"({"name":"a","powered":false,"disks":[{"file":"x/y"}]},
                          {"name":"b","disks":[{"file":"x/y","size":"1GiB"}]})",
                       "size of x/y.vmdk"));
  BOOST_TEST(complains(R"({"name":"a","datastore":"n","disks":[{"rdm":"virtual"}]})", "VMFS only"));
  BOOST_TEST(complains(R"({"name":"a","disks":[{"lun":"x"}]})", "only a disk with 'rdm'"));
}

BOOST_AUTO_TEST_CASE(controllers_of_all_kinds_have_the_keys_of_a_real_one) {
  Site f("devices");
  const SoapReply all = f.vm("controllers", {"config.hardware.device"});
  const auto typeOf = [&](int key) {
    return all.one("//VirtualDevice[./key='" + std::to_string(key) + "']/@type");
  };
  BOOST_TEST(typeOf(1000) == "VirtualLsiLogicController");
  BOOST_TEST(typeOf(1001) == "ParaVirtualSCSIController");
  BOOST_TEST(typeOf(1003) == "VirtualBusLogicController");
  BOOST_TEST(typeOf(15001) == "VirtualAHCIController");
  BOOST_TEST(typeOf(31000) == "VirtualNVMEController");
  const auto diskOn = [&](int controller) {
    return all.one("//VirtualDevice[./@type='VirtualDisk'][./controllerKey='" + std::to_string(controller) +
                   "']/key");
  };
  BOOST_TEST(diskOn(1000) == "2000");
  BOOST_TEST(diskOn(1001) == std::to_string(131'072 + 64 + 40));
  BOOST_TEST(diskOn(201) == "3002");
  BOOST_TEST(diskOn(15001) == "16033");
  BOOST_TEST(diskOn(31000) == "32000");
  BOOST_TEST(all.all("//VirtualDevice[./key='201']/device") == std::vector<std::string>{"3002"});
  BOOST_TEST(!f.vm("nvme-only", {"config.hardware.device"}).has("SCSIController"));
}

BOOST_AUTO_TEST_CASE(devices_of_all_classes_are_there) {
  Site f("devices");
  const SoapReply all = f.vm("everything", {"config.hardware.device", "config.keyId", "summary.config"});
  for (const char* type :
       {"VirtualCdromIsoBackingInfo", "VirtualCdromRemotePassthroughBackingInfo",
        "VirtualFloppyDeviceBackingInfo", "VirtualSerialPortURIBackingInfo",
        "VirtualSerialPortFileBackingInfo", "VirtualParallelPortDeviceBackingInfo", "VirtualUSBController",
        "VirtualUSBXHCIController", "VirtualUSB", "VirtualTPM", "VirtualPCIPassthroughDeviceBackingInfo",
        "VirtualPCIPassthroughVmiopBackingInfo", "VirtualHdAudioCard", "VirtualWDT", "VirtualPrecisionClock"})
    BOOST_TEST(all.has("xsi:type=\"" + std::string(type) + "\""), type);
  BOOST_TEST(all.one("//VirtualDevice[./@type='VirtualUSB']/controllerKey") == "14000");
  BOOST_TEST(all.all("//VirtualDevice[./key='14000']/device") == std::vector<std::string>{"18000"});
  BOOST_TEST(all.one("//tpmPresent") == "true");
  BOOST_TEST(all.has("xsi:type=\"CryptoKeyId\""));
  // Clients of old releases are not told of what they can't know.
  Fixture old("devices", "6.5");
  old.client.login();
  const SoapReply before = old.client.call(
      "RetrievePropertiesEx",
      oneObject("VirtualMachine", old.client.id("DC1/vm/everything"), {"config.hardware.device"}));
  BOOST_TEST(before.status == 200);
  BOOST_TEST(!before.has("VirtualWDT"));
}

BOOST_AUTO_TEST_CASE(raw_disks_are_mappings_with_a_lun_behind) {
  Site f("devices");
  const SoapReply physical = f.device("cluster-a", 2016), other = f.device("cluster-b", 2016);
  BOOST_TEST(physical.one("//backing/@type") == "VirtualDiskRawDiskMappingVer1BackingInfo");
  BOOST_TEST(physical.one("//backing/compatibilityMode") == "physicalMode");
  BOOST_TEST(physical.has("60060160a1b23c00d4e5f60718293a4b"));
  BOOST_TEST(physical.one("//backing/fileName") == other.one("//backing/fileName"));
  BOOST_TEST(f.device("cluster-b", 1001).one("//val/sharedBus") == "physicalSharing");
  BOOST_TEST(f.vm("cluster-a", {"layoutEx.file"}).has("cluster-a/cluster-a_1-rdmp.vmdk"));
  // Both run and hold it; a third part of the file system sees both locks.
  const std::string b = f.client.id("DC1/vm/cluster-b");
  BOOST_TEST(faultOf(f.run("PowerOffVM_Task", self("VirtualMachine", b))) == "");
  BOOST_TEST(faultOf(f.power("cluster-b")) == "");
  // A virtual one takes part in snapshots, and its mapping lies below.
  const SoapReply raw = f.device("raw", 2001);
  BOOST_TEST(raw.one("//val/backing/fileName") == "[vmfs-01] raw/raw_1-000001.vmdk");
  BOOST_TEST(raw.one("//val/backing/parent/compatibilityMode") == "virtualMode");
  BOOST_TEST(faultOf(f.power("raw")) == "");
}

BOOST_AUTO_TEST_CASE(an_encrypted_machine_names_its_key) {
  Site f("devices");
  const SoapReply vm = f.vm("secret", {"config.keyId", "config.hardware.device[2000]"});
  BOOST_TEST(vm.all("//keyId/keyId").size() + vm.count("//val/keyId") >= 1U);
  BOOST_TEST(vm.has("5b0f3a52-8d3e-4d1c-a6c9-7a1b2c3d4e5f"));
  BOOST_TEST(vm.has("<id>kms-01</id>"));
}

BOOST_AUTO_TEST_CASE(a_vapp_is_a_pool_and_stands_in_a_folder) {
  Site f("vapp");
  const std::string vapp = f.client.id("DC1/vm/Production/shop");
  BOOST_TEST(vapp == f.client.id("DC1/host/Cluster-1/Resources/shop"));
  const SoapReply app = f.read("VirtualApp", vapp, {"parentFolder", "summary", "vAppConfig", "vm", "parent"});
  BOOST_TEST(app.has("xsi:type=\"VirtualAppSummary\""));
  BOOST_TEST(app.one("//vAppState") == "started");
  BOOST_TEST(app.has(f.client.id("DC1/vm/Production")));
  BOOST_TEST(app.all("//entityConfig/tag") == (std::vector<std::string>{"shop-db", "shop-web"}));
  BOOST_TEST(app.all("//entityConfig/startOrder") == (std::vector<std::string>{"1", "2"}));
  BOOST_TEST(app.one("//val/annotation") == "Start the database first");
  const std::string db = f.client.id("DC1/vm/Production/shop/shop-db");
  const SoapReply vm = f.read("VirtualMachine", db, {"parent", "parentVApp", "resourcePool", "guest.net"});
  BOOST_TEST(vm.count("//propSet[./name='parent']") == 0U);
  BOOST_TEST(vm.one("//propSet[./name='parentVApp']/val") == vapp);
  BOOST_TEST(vm.one("//propSet[./name='resourcePool']/val") == vapp);
  BOOST_TEST(vm.all("//GuestNicInfo/ipAddress") == (std::vector<std::string>{"10.20.1.71", "10.30.1.71"}));
  const std::string batch = f.client.id("DC1/host/Cluster-1/Resources/Production/Batch");
  BOOST_TEST(f.vm("batch-01", {"resourcePool"}).one("//val") == batch);
}

BOOST_AUTO_TEST_CASE(a_host_in_standby_and_switches_with_vlans) {
  Site f("vapp");
  const SoapReply host =
      f.read("HostSystem", f.client.id("DC1/host/Cluster-1/esx-03.site.example"), {"runtime"});
  BOOST_TEST(host.one("//powerState") == "standBy");
  BOOST_TEST(host.one("//standbyMode") == "in");
  const SoapReply network =
      f.read("HostSystem", f.client.id("DC1/host/Cluster-1/esx-01.site.example"), {"config.network"});
  const auto vlanOf = [&](const std::string& name) {
    return network.one("//portgroup/spec[./name='" + name + "']/vlanId");
  };
  BOOST_TEST(vlanOf("storage-30") == "30");
  BOOST_TEST(vlanOf("trunk") == "4095");
  BOOST_TEST(vlanOf("lab-only") == "77");
  BOOST_TEST(network.all("//vswitch/name") == (std::vector<std::string>{"vSwitch0", "vSwitch1", "vSwitch2"}));
  BOOST_TEST(network.one("//vswitch[./name='vSwitch1']/mtu") == "9000");
  const SoapReply lab = f.read("Network", f.client.id("DC1/network/lab-only"), {"host"});
  BOOST_TEST(lab.all("//val/*") ==
             std::vector<std::string>{f.client.id("DC1/host/Cluster-1/esx-01.site.example")});
}

BOOST_AUTO_TEST_CASE(a_machine_can_stand_on_an_older_snapshot) {
  const ScenarioSpec spec = parseScenario(
      R"({"datacenters":[{"name":"D","clusters":[{"name":"c","hosts":[{"name":"h"}]}],"datastores":[{"name":"d"}],
          "vms":[{"name":"v","powered":false,"disks":[{}],
          "snapshots":[{"name":"one","current":true,"children":[{"name":"two"}]}]}]}]})",
      "test");
  Simulation simulation(spec, "secret", {}, {}, Scheduler::Clock::manual);
  const Value& state = simulation.world().inventory.all("VirtualMachine").front()->state;
  const Value& root = state.at("snapshot.rootSnapshotList").asList()->items.front();
  BOOST_TEST(root.at("name").string() == "one");
  BOOST_CHECK(*state.at("snapshot.currentSnapshot").asRef() == *root.at("snapshot").asRef());
  BOOST_TEST(root.at("childSnapshotList").asList()->items.size() == 1U);
}

BOOST_AUTO_TEST_SUITE_END()
