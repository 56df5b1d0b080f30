// SPDX-License-Identifier: GPL-2.0-or-later
// Hosts that leave and come back, and the datastores that they mount.
#include <algorithm>
#include <chrono>

#include "tests/unit/mocks/places.h"

using namespace failback::mock;
using namespace failback::mock::testing;
using namespace std::chrono_literals;

namespace {

const std::string first = "DC1/host/Cluster-1/esx-01.site.example";
const std::string third = "DC1/host/Cluster-1/esx-03.site.example";

struct Hosts : Places {
  using Places::Places;

  std::string enter(const std::string& host, int timeout = 0) {
    return client
        .call("EnterMaintenanceMode_Task",
              self("HostSystem", host) + "<timeout>" + std::to_string(timeout) + "</timeout>")
        .one("//returnval");
  }
  // Switches DRS of the cluster off.
  void withoutDrs() {
    const SoapReply done =
        task("ReconfigureComputeResource_Task",
             self("ClusterComputeResource", client.id("DC1/host/Cluster-1")) +
                 "<spec xsi:type=\"ClusterConfigSpecEx\"><drsConfig><enabled>false</enabled>"
                 "</drsConfig></spec><modify>true</modify>");
    BOOST_REQUIRE(state(done) == "success");
  }
  std::string manager(const std::string& host, const std::string& member) {
    return text("HostSystem", host, "configManager." + member);
  }
  std::string uuid(const std::string& store) { return read("Datastore", store, {"info"}).one("//vmfs/uuid"); }
  std::string mount(const std::string& store, const std::string& host, const std::string& member) {
    return read("Datastore", store, {"host"})
        .one("//DatastoreHostMount[*[local-name()='key']='" + host + "']/mountInfo/" + member);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(hosts)

BOOST_AUTO_TEST_CASE(maintenance_mode_moves_machines_away_where_drs_is_automatic) {
  Hosts f;
  const std::string host = f.client.id(first), vm = f.client.id(webPath),
                    cluster = f.client.id("DC1/host/Cluster-1");
  BOOST_TEST(state(f.outcome(f.enter(host))) == "success");
  BOOST_TEST(f.text("HostSystem", host, "runtime.inMaintenanceMode") == "true");
  BOOST_TEST(f.text("HostSystem", host, "summary.runtime.inMaintenanceMode") == "true");
  const std::string refuge = f.text("VirtualMachine", vm, "runtime.host");
  BOOST_TEST(refuge != host);
  BOOST_TEST(f.text("VirtualMachine", vm, "summary.runtime.host") == refuge);
  BOOST_TEST(contains(f.refs("HostSystem", refuge, "vm"), vm));
  BOOST_TEST(!contains(f.refs("HostSystem", host, "vm"), vm));
  BOOST_TEST(f.text("ClusterComputeResource", cluster, "summary.numEffectiveHosts") == "2");
  for (const std::string event :
       {"EnteringMaintenanceModeEvent", "DrsVmMigratedEvent", "EnteredMaintenanceModeEvent"}) {
    BOOST_TEST(f.posted(event), event);
  }
  const SoapReply again =
      f.client.call("EnterMaintenanceMode_Task", self("HostSystem", host) + "<timeout>0</timeout>");
  BOOST_TEST(again.faultType() == "InvalidState");

  const SoapReply left =
      f.task("ExitMaintenanceMode_Task", self("HostSystem", host) + "<timeout>0</timeout>");
  BOOST_TEST(state(left) == "success");
  BOOST_TEST(f.text("HostSystem", host, "runtime.inMaintenanceMode") == "false");
  BOOST_TEST(f.text("ClusterComputeResource", cluster, "summary.numEffectiveHosts") == "3");
  BOOST_TEST(f.posted("ExitMaintenanceModeEvent"));
}

BOOST_AUTO_TEST_CASE(without_drs_maintenance_mode_waits_for_the_machines) {
  Hosts f;
  f.withoutDrs();
  const std::string host = f.client.id(first);
  const std::string task = f.enter(host);
  BOOST_TEST(state(f.outcome(task)) == "running");
  f.simulation.scheduler().advance(600s);
  BOOST_TEST(state(f.info(task)) == "running");
  BOOST_TEST(f.text("HostSystem", host, "runtime.inMaintenanceMode") == "false");
  for (const std::string& path : {webPath, std::string("DC1/vm/Failback/mt-linux-01")}) {
    BOOST_TEST(state(f.task("PowerOffVM_Task", self("VirtualMachine", f.client.id(path)))) == "success");
  }
  BOOST_TEST(state(f.outcome(task)) == "success");
  BOOST_TEST(f.text("HostSystem", host, "runtime.inMaintenanceMode") == "true");
  // Those that are off stay.
  BOOST_TEST(f.text("VirtualMachine", f.client.id(webPath), "runtime.host") == host);
}

BOOST_AUTO_TEST_CASE(maintenance_mode_gives_up_after_its_time_and_can_be_cancelled) {
  Hosts f;
  f.withoutDrs();
  const std::string host = f.client.id(first);
  const std::string task = f.enter(host, 30);
  f.simulation.scheduler().advance(29s);
  BOOST_TEST(state(f.info(task)) == "running");
  f.simulation.scheduler().advance(2s);
  BOOST_TEST(fault(f.info(task)) == "Timedout");

  const std::string other = f.enter(host);
  BOOST_TEST(state(f.outcome(other)) == "running");
  BOOST_TEST(f.client.call("CancelTask", self("Task", other)).status == 200);
  BOOST_TEST(fault(f.info(other)) == "RequestCanceled");
  BOOST_TEST(f.text("HostSystem", host, "runtime.inMaintenanceMode") == "false");
}

BOOST_AUTO_TEST_CASE(a_machine_that_drs_may_not_move_keeps_the_host_busy) {
  Hosts f;
  const std::string host = f.client.id(first), vm = f.client.id(webPath);
  const SoapReply done =
      f.task("ReconfigureComputeResource_Task",
             self("ClusterComputeResource", f.client.id("DC1/host/Cluster-1")) +
                 "<spec xsi:type=\"ClusterConfigSpecEx\"><drsVmConfigSpec><operation>add</operation><info>" +
                 ref("key", "VirtualMachine", vm) +
                 "<enabled>true</enabled><behavior>manual</behavior></info></drsVmConfigSpec></"
                 "spec><modify>true</modify>");
  BOOST_REQUIRE(state(done) == "success");
  BOOST_TEST(fault([&] {
               const std::string task = f.enter(host, 5);
               f.simulation.scheduler().advance(10s);
               return f.info(task);
             }()) == "Timedout");
  BOOST_TEST(f.text("VirtualMachine", vm, "runtime.host") == host);
  BOOST_TEST(f.text("VirtualMachine", f.client.id("DC1/vm/Failback/mt-linux-01"), "runtime.host") != host);
}

BOOST_AUTO_TEST_CASE(a_host_is_disconnected_and_comes_back_as_it_was) {
  Hosts f;
  const std::string host = f.client.id(third), vm = f.client.id("DC1/vm/Production/Windows/app-01");
  const std::string local = f.client.id("DC1/datastore/local-esx-03"),
                    shared = f.client.id("DC1/datastore/vsan-01");
  const std::string config = f.read("HostSystem", host, {"config"}).body;
  const std::string capacity = f.text("Datastore", local, "summary.capacity");
  BOOST_TEST(f.client.call("ReconnectHost_Task", self("HostSystem", host)).faultType() == "InvalidState");

  BOOST_TEST(state(f.task("DisconnectHost_Task", self("HostSystem", host))) == "success");
  BOOST_TEST(f.text("HostSystem", host, "runtime.connectionState") == "disconnected");
  BOOST_TEST(f.text("HostSystem", host, "summary.runtime.connectionState") == "disconnected");
  BOOST_TEST(f.text("VirtualMachine", vm, "runtime.connectionState") == "disconnected");
  BOOST_TEST(f.text("Datastore", local, "summary.accessible") == "false");
  BOOST_TEST(f.text("Datastore", shared, "summary.accessible") == "true");
  BOOST_TEST(f.mount(shared, host, "accessible") == "false");
  BOOST_TEST(f.posted("HostDisconnectedEvent"));
  BOOST_TEST(f.posted("VmDisconnectedEvent"));
  BOOST_TEST(f.client.call("DisconnectHost_Task", self("HostSystem", host)).faultType() == "InvalidState");
  const SoapReply enter =
      f.client.call("EnterMaintenanceMode_Task", self("HostSystem", host) + "<timeout>0</timeout>");
  BOOST_TEST(enter.faultType() == "InvalidState");

  BOOST_TEST(state(f.task("ReconnectHost_Task", self("HostSystem", host))) == "success");
  BOOST_TEST(f.text("HostSystem", host, "runtime.connectionState") == "connected");
  BOOST_TEST(f.text("VirtualMachine", vm, "runtime.connectionState") == "connected");
  BOOST_TEST(f.text("Datastore", local, "summary.accessible") == "true");
  BOOST_TEST(f.text("Datastore", local, "summary.capacity") == capacity);
  BOOST_TEST(f.read("HostSystem", host, {"config"}).body == config);
  BOOST_TEST(f.posted("HostConnectedEvent"));
}

BOOST_AUTO_TEST_CASE(a_host_that_was_away_from_the_start_can_be_reconnected) {
  Hosts f("troubled");
  const std::string away = f.client.id("DC1/host/Cluster-1/esx-04.site.example");
  BOOST_TEST(f.read("HostSystem", away, {"hardware"}).count("//val") == 0U);
  BOOST_TEST(state(f.task("ReconnectHost_Task", self("HostSystem", away))) == "success");
  BOOST_TEST(f.read("HostSystem", away, {"hardware"}).count("//val") == 1U);
  BOOST_TEST(f.read("HostSystem", away, {"config"}).count("//val") == 1U);
  // Another one does not answer at all.
  const std::string dead = f.client.id("DC1/host/Cluster-1/esx-03.site.example");
  BOOST_TEST(fault(f.task("ReconnectHost_Task", self("HostSystem", dead))) == "NoHost");
}

BOOST_AUTO_TEST_CASE(a_rebooted_host_is_away_for_a_while) {
  Hosts f;
  const std::string host = f.client.id(first);
  const std::string reboot = self("HostSystem", host) + "<force>false</force>";
  BOOST_TEST(f.client.call("RebootHost_Task", reboot).faultType() == "InvalidState");
  BOOST_TEST(state(f.outcome(f.enter(host))) == "success");
  const std::string before = f.text("HostSystem", host, "runtime.bootTime");
  BOOST_TEST(state(f.task("RebootHost_Task", reboot)) == "success");
  BOOST_TEST(f.text("HostSystem", host, "runtime.connectionState") == "notResponding");
  BOOST_TEST(f.posted("HostShutdownEvent"));
  f.simulation.scheduler().advance(240s);
  BOOST_TEST(f.text("HostSystem", host, "runtime.connectionState") == "connected");
  BOOST_TEST(f.text("HostSystem", host, "runtime.inMaintenanceMode") == "true");
  BOOST_TEST(f.text("HostSystem", host, "runtime.bootTime") != before);

  BOOST_TEST(state(f.task("ShutdownHost_Task", reboot)) == "success");
  f.simulation.scheduler().advance(600s);
  BOOST_TEST(f.text("HostSystem", host, "runtime.connectionState") == "notResponding");
}

BOOST_AUTO_TEST_CASE(a_host_leaves_the_inventory_only_when_it_is_out_of_use) {
  Hosts f;
  const std::string host = f.client.id(third), cluster = f.client.id("DC1/host/Cluster-1");
  BOOST_TEST(fault(f.task("Destroy_Task", self("HostSystem", host))) == "InvalidState");
  BOOST_TEST(state(f.task("DisconnectHost_Task", self("HostSystem", host))) == "success");
  BOOST_TEST(state(f.task("Destroy_Task", self("HostSystem", host))) == "success");
  BOOST_TEST(f.client.id(third).empty());
  BOOST_TEST(f.client.id("DC1/vm/Production/Windows/app-01").empty());
  BOOST_TEST(f.text("ClusterComputeResource", cluster, "summary.numHosts") == "2");
}

BOOST_AUTO_TEST_CASE(autostart_settings_of_machines_on_the_host_are_kept) {
  Hosts f;
  const std::string host = f.client.id(first);
  const std::string manager = f.manager(host, "autoStartManager");
  const auto entry = [](const std::string& vm) {
    return "<spec><defaults><enabled>true</enabled></defaults><powerInfo>" +
           ref("key", "VirtualMachine", vm) +
           "<startOrder>1</startOrder><startDelay>60</startDelay><waitForHeartbeat>no</waitForHeartbeat>"
           "<startAction>powerOn</startAction><stopDelay>-1</stopDelay><stopAction>systemDefault</stopAction>"
           "</powerInfo></spec>";
  };
  const auto change = [&](const std::string& vm) {
    return f.client.call("ReconfigureAutostart", self("HostAutoStartManager", manager) + entry(vm));
  };
  BOOST_TEST(change(f.client.id("DC1/vm/Production/Linux/db-01")).faultType() == "InvalidArgument");
  BOOST_TEST(change(f.client.id(webPath)).status == 200);
  BOOST_TEST(change(f.client.id(webPath)).status == 200);  // the same again is no second entry
  BOOST_TEST(f.text("HostAutoStartManager", manager, "config.defaults.enabled") == "true");
  BOOST_TEST(f.text("HostAutoStartManager", manager, "config.defaults.startDelay") == "120");
  BOOST_TEST(f.read("HostAutoStartManager", manager, {"config.powerInfo"}).count("//AutoStartPowerInfo") ==
             1U);
  BOOST_TEST(f.text("HostSystem", host, "config.autoStart.defaults.enabled") == "true");
}

BOOST_AUTO_TEST_CASE(a_hosts_clock_can_be_wrong) {
  Hosts f;
  const std::string clock = f.manager(f.client.id(first), "dateTimeSystem");
  const std::string other = f.manager(f.client.id(third), "dateTimeSystem");
  const std::string set = "<dateTime>2031-05-06T07:08:09+02:00</dateTime>";
  BOOST_TEST(f.client.call("UpdateDateTime", self("HostDateTimeSystem", clock) + set).status == 200);
  const auto now = [&](const std::string& id) {
    return f.client.call("QueryDateTime", self("HostDateTimeSystem", id)).one("//returnval");
  };
  BOOST_TEST(now(clock).starts_with("2031-05-06T05:08:"));
  BOOST_TEST(!now(other).starts_with("2031"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(mounts)

BOOST_AUTO_TEST_CASE(a_volume_is_unmounted_from_one_host) {
  Hosts f;
  const std::string host = f.client.id(third), other = f.client.id(first);
  const std::string store = f.client.id("DC1/datastore/VMFS-Cluster/vmfs-02");
  const std::string storage = f.manager(host, "storageSystem");
  const std::string uuid = f.uuid(store);
  const auto call = [&](const std::string& method, const std::string& volume) {
    return f.client.call(method, self("HostStorageSystem", storage) + "<vmfsUuid>" + volume + "</vmfsUuid>");
  };
  BOOST_TEST(call("MountVmfsVolume", uuid).faultType() == "InvalidState");
  BOOST_TEST(call("UnmountVmfsVolume", "no-such").faultType() == "NotFound");
  BOOST_TEST(call("UnmountVmfsVolume", uuid).status == 200);
  BOOST_TEST(f.mount(store, host, "mounted") == "false");
  BOOST_TEST(f.mount(store, host, "accessible") == "false");
  BOOST_TEST(f.mount(store, other, "accessible") == "true");
  BOOST_TEST(f.text("Datastore", store, "summary.accessible") == "true");
  const std::string inHost =
      "//HostFileSystemMountInfo[*[local-name()='volume']/*[local-name()='name']='vmfs-02']/mountInfo/"
      "mounted";
  BOOST_TEST(f.read("HostSystem", host, {"config.fileSystemVolume.mountInfo"}).one(inHost) == "false");
  BOOST_TEST(f.read("HostStorageSystem", storage, {"fileSystemVolumeInfo.mountInfo"}).one(inHost) == "false");
  BOOST_TEST(call("MountVmfsVolume", uuid).status == 200);
  BOOST_TEST(f.mount(store, host, "accessible") == "true");
}

BOOST_AUTO_TEST_CASE(the_last_host_takes_the_datastore_away) {
  Hosts f;
  const std::string host = f.client.id(third), store = f.client.id("DC1/datastore/local-esx-03");
  const std::string volume = "<vmfsUuid>" + f.uuid(store) + "</vmfsUuid>";
  const std::string storage = self("HostStorageSystem", f.manager(host, "storageSystem"));
  const std::string capacity = f.text("Datastore", store, "summary.capacity");
  BOOST_TEST(f.client.call("UnmountVmfsVolume", storage + volume).status == 200);
  BOOST_TEST(f.text("Datastore", store, "summary.accessible") == "false");
  BOOST_TEST(f.text("Datastore", store, "summary.capacity") == "0");
  BOOST_TEST(f.client.call("MountVmfsVolume", storage + volume).status == 200);
  BOOST_TEST(f.text("Datastore", store, "summary.capacity") == capacity);
}

BOOST_AUTO_TEST_CASE(a_volume_with_machines_of_the_host_stays) {
  Hosts f;
  const std::string store = f.client.id("DC1/datastore/VMFS-Cluster/vmfs-01");
  const std::string volume = "<vmfsUuid>" + f.uuid(store) + "</vmfsUuid>";
  const std::string storage = self("HostStorageSystem", f.manager(f.client.id(first), "storageSystem"));
  BOOST_TEST(f.client.call("UnmountVmfsVolume", storage + volume).faultType() == "ResourceInUse");
  BOOST_TEST(f.client.call("DestroyDatastore", self("Datastore", store)).faultType() == "ResourceInUse");
}

BOOST_AUTO_TEST_CASE(one_export_on_two_hosts_is_one_datastore) {
  Hosts f;
  const auto create = [&](const std::string& host, const std::string& name, const std::string& path) {
    return f.client.call("CreateNasDatastore",
                         self("HostDatastoreSystem", f.manager(f.client.id(host), "datastoreSystem")) +
                             "<spec><remoteHost>nas-9</remoteHost><remotePath>" + path +
                             "</remotePath><localPath>" + name +
                             "</localPath><accessMode>readOnly</accessMode></spec>");
  };
  const std::string made = create(first, "iso", "/export/iso").one("//returnval");
  BOOST_TEST(f.client.id("DC1/datastore/iso") == made);
  BOOST_TEST(create(first, "iso", "/export/iso").faultType() == "AlreadyExists");
  BOOST_TEST(create(third, "iso", "/export/other").faultType() == "DuplicateName");
  BOOST_TEST(create(third, "iso", "/export/iso").one("//returnval") == made);
  BOOST_TEST(f.text("Datastore", made, "summary.multipleHostAccess") == "true");
  BOOST_TEST(f.mount(made, f.client.id(third), "accessMode") == "readOnly");
  BOOST_TEST(
      contains(f.refs("ClusterComputeResource", f.client.id("DC1/host/Cluster-1"), "datastore"), made));
  for (const std::string& host : {first, third}) {
    const std::string id = f.client.id(host);
    BOOST_TEST(f.client
                   .call("RemoveDatastore", self("HostDatastoreSystem", f.manager(id, "datastoreSystem")) +
                                                ref("datastore", "Datastore", made))
                   .status == 200);
    BOOST_TEST(!contains(f.refs("HostSystem", id, "datastore"), made));
  }
  BOOST_TEST(f.client.id("DC1/datastore/iso").empty());  // nobody has it any more
}

BOOST_AUTO_TEST_CASE(a_datastore_enters_maintenance_when_it_is_empty) {
  Hosts f;
  const std::string empty = f.client.id("DC1/datastore/local-esx-03");
  const SoapReply entered = f.client.call("DatastoreEnterMaintenanceMode", self("Datastore", empty));
  BOOST_TEST(f.text("Datastore", empty, "summary.maintenanceMode") == "enteringMaintenance");
  BOOST_TEST(state(f.outcome(entered.one("//returnval/task"))) == "success");
  BOOST_TEST(f.text("Datastore", empty, "summary.maintenanceMode") == "inMaintenance");
  BOOST_TEST(f.client.call("DatastoreEnterMaintenanceMode", self("Datastore", empty)).faultType() ==
             "InvalidState");
  BOOST_TEST(state(f.task("DatastoreExitMaintenanceMode_Task", self("Datastore", empty))) == "success");
  BOOST_TEST(f.text("Datastore", empty, "summary.maintenanceMode") == "normal");

  const std::string full = f.client.id("DC1/datastore/vsan-01");
  const std::string task =
      f.client.call("DatastoreEnterMaintenanceMode", self("Datastore", full)).one("//returnval/task");
  BOOST_TEST(state(f.outcome(task)) == "running");
  BOOST_TEST(f.text("Datastore", full, "summary.maintenanceMode") == "enteringMaintenance");
  BOOST_TEST(state(f.task("DatastoreExitMaintenanceMode_Task", self("Datastore", full))) == "success");
  BOOST_TEST(fault(f.outcome(task)) == "RequestCanceled");
  BOOST_TEST(f.text("Datastore", full, "summary.maintenanceMode") == "normal");
}

BOOST_AUTO_TEST_SUITE_END()
