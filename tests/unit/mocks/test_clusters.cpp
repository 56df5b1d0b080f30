// SPDX-License-Identifier: GPL-2.0-or-later
// Clusters and datastore clusters: overrides, rules, groups, hosts that change cluster.
#include <algorithm>

#include "tests/unit/mocks/places.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

const std::string db = "DC1/vm/Production/Linux/db-01";

struct Clusters : Places {
  explicit Clusters(const std::string& user = {}) : Places("site", user) {
    cluster = client.id("DC1/host/Cluster-1");
    pod = client.id("DC1/datastore/VMFS-Cluster");
  }

  SoapReply change(const std::string& spec, bool modify = true) {
    return task("ReconfigureComputeResource_Task",
                self("ClusterComputeResource", cluster) + "<spec xsi:type=\"ClusterConfigSpecEx\">" + spec +
                    "</spec><modify>" + (modify ? "true" : "false") + "</modify>");
  }
  static std::string drs(const std::string& operation, const std::string& vm, const std::string& behavior) {
    return "<drsVmConfigSpec><operation>" + operation + "</operation><info>" +
           ref("key", "VirtualMachine", vm) + "<enabled>true</enabled><behavior>" + behavior +
           "</behavior></info></drsVmConfigSpec>";
  }
  static std::string remove(const std::string& element, const std::string& type, const std::string& vm) {
    return "<" + element +
           "><operation>remove</operation><removeKey xsi:type=\"ManagedObjectReference\" type=\"" + type +
           "\">" + vm + "</removeKey></" + element + ">";
  }
  static std::string rule(const std::string& name, const std::vector<std::string>& vms) {
    std::string body =
        "<rulesSpec><operation>add</operation><info xsi:type=\"ClusterAntiAffinityRuleSpec\"><enabled>"
        "true</enabled><name>" +
        name + "</name>";
    for (const std::string& vm : vms) body += ref("vm", "VirtualMachine", vm);
    return body + "</info></rulesSpec>";
  }
  SoapReply sdrs(const std::string& spec) {
    return task("ConfigureStorageDrsForPod_Task", self("StorageResourceManager", "StorageResourceManager") +
                                                      ref("pod", "StoragePod", pod) + "<spec>" + spec +
                                                      "</spec><modify>true</modify>");
  }
  static std::string sdrsOverride(const std::string& vm, const std::string& behavior) {
    return "<vmConfigSpec><operation>add</operation><info>" + ref("vm", "VirtualMachine", vm) +
           "<enabled>false</enabled><behavior>" + behavior + "</behavior></info></vmConfigSpec>";
  }
  SoapReply config() { return read("ClusterComputeResource", cluster, {"configurationEx"}); }

  std::string cluster, pod;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(clusters)

BOOST_AUTO_TEST_CASE(an_override_is_added_replaced_and_removed) {
  Clusters f;
  const std::string vm = f.client.id(webPath);
  BOOST_TEST(state(f.change(f.drs("add", vm, "manual"))) == "success");
  BOOST_TEST(f.config().one("//drsVmConfig/behavior") == "manual");
  BOOST_TEST(f.config().one("//drsVmConfig/enabled") == "true");
  BOOST_TEST(state(f.change(f.drs("add", vm, "partiallyAutomated"))) == "success");
  BOOST_TEST(f.config().one("//drsVmConfig/behavior") == "partiallyAutomated");  // one, not two
  BOOST_TEST(f.read("ClusterComputeResource", f.cluster, {"configuration"}).one("//drsVmConfig/key") == vm);
  BOOST_TEST(f.config().one("//drsConfig/defaultVmBehavior") == "fullyAutomated");  // not mentioned: stays
  BOOST_TEST(f.posted("ClusterReconfiguredEvent"));

  const std::string other = f.client.id(db);
  BOOST_TEST(fault(f.change(f.drs("edit", other, "manual"))) == "InvalidArgument");
  BOOST_TEST(fault(f.change(f.remove("drsVmConfigSpec", "VirtualMachine", other))) == "InvalidArgument");
  BOOST_TEST(fault(f.change(f.drs("add", "vm-99999", "manual"))) == "InvalidArgument");
  BOOST_TEST(state(f.change(f.remove("drsVmConfigSpec", "VirtualMachine", vm))) == "success");
  BOOST_TEST(f.config().count("//drsVmConfig") == 0U);
}

BOOST_AUTO_TEST_CASE(a_spec_that_is_refused_changes_nothing) {
  Clusters f;
  const std::string spec =
      "<drsConfig><enabled>false</enabled></drsConfig>" + f.drs("add", "vm-99999", "manual");
  BOOST_TEST(fault(f.change(spec)) == "InvalidArgument");
  BOOST_TEST(f.config().one("//drsConfig/enabled") == "true");
}

BOOST_AUTO_TEST_CASE(a_configuration_that_is_not_modified_but_set_forgets_the_rest) {
  Clusters f;
  f.change(f.drs("add", f.client.id(webPath), "manual"));
  BOOST_TEST(state(f.change("<dasConfig><enabled>true</enabled></dasConfig>", false)) == "success");
  BOOST_TEST(f.config().count("//drsVmConfig") == 0U);
  BOOST_TEST(f.config().one("//drsConfig/enabled") == "false");
  BOOST_TEST(f.config().one("//dasConfig/enabled") == "true");
  BOOST_TEST(f.text("ClusterComputeResource", f.cluster, "summaryEx.currentFailoverLevel") == "1");
  BOOST_TEST(f.posted("DrsDisabledEvent"));
}

BOOST_AUTO_TEST_CASE(rules_get_keys_and_are_found_for_their_machines) {
  Clusters f;
  const std::string one = f.client.id(webPath), two = f.client.id(db);
  BOOST_TEST(state(f.change(f.rule("apart", {one, two}))) == "success");
  BOOST_TEST(fault(f.change(f.rule("apart", {one, two}))) == "InvalidArgument");
  BOOST_TEST(fault(f.change(f.rule("alone", {one}))) == "InvalidArgument");
  BOOST_TEST(state(f.change(f.rule("apart too", {one, two}))) == "success");
  BOOST_TEST(f.config().all("//rule/key") == std::vector<std::string>({"1", "2"}),
             boost::test_tools::per_element());
  const auto rulesFor = [&](const std::string& vm) {
    return f.client.call("FindRulesForVm",
                         self("ClusterComputeResource", f.cluster) + ref("vm", "VirtualMachine", vm));
  };
  BOOST_TEST(rulesFor(one).count("//returnval") == 2U);
  BOOST_TEST(rulesFor(f.client.id("DC1/vm/Production/Windows/app-01")).count("//returnval") == 0U);
  const std::string disable =
      "<rulesSpec><operation>edit</operation><info "
      "xsi:type=\"ClusterAntiAffinityRuleSpec\"><key>1</key><enabled>false"
      "</enabled></info></rulesSpec>";
  BOOST_TEST(state(f.change(disable)) == "success");
  BOOST_TEST(f.config().one("//rule[*[local-name()='key']='1']/enabled") == "false");
  BOOST_TEST(f.config().one("//rule[*[local-name()='key']='1']/name") == "apart");
  const std::string removal =
      "<rulesSpec><operation>remove</operation><removeKey xsi:type=\"xsd:int\">1</removeKey></rulesSpec>";
  BOOST_TEST(state(f.change(removal)) == "success");
  BOOST_TEST(fault(f.change(removal)) == "InvalidArgument");
  BOOST_TEST(f.config().one("//rule/name") == "apart too");
}

BOOST_AUTO_TEST_CASE(groups_pin_machines_to_hosts) {
  Clusters f;
  const std::string vm = f.client.id(webPath), host = f.client.id("DC1/host/Cluster-1/esx-01.site.example");
  const std::string groups =
      "<groupSpec><operation>add</operation><info xsi:type=\"ClusterVmGroup\"><name>machines</name>" +
      ref("vm", "VirtualMachine", vm) +
      "</info></groupSpec><groupSpec><operation>add</operation><info "
      "xsi:type=\"ClusterHostGroup\"><name>racks</name>" +
      ref("host", "HostSystem", host) + "</info></groupSpec>";
  const auto pin = [](const std::string& hosts) {
    return "<rulesSpec><operation>add</operation><info "
           "xsi:type=\"ClusterVmHostRuleInfo\"><enabled>true</enabled>"
           "<name>pin</name><mandatory>true</mandatory><vmGroupName>machines</"
           "vmGroupName><affineHostGroupName>" +
           hosts + "</affineHostGroupName></info></rulesSpec>";
  };
  BOOST_TEST(fault(f.change(pin("racks"))) == "InvalidArgument");
  BOOST_TEST(state(f.change(pin("racks") + groups)) == "success");
  BOOST_TEST(
      f.client
          .call("FindRulesForVm", self("ClusterComputeResource", f.cluster) + ref("vm", "VirtualMachine", vm))
          .one("//returnval/affineHostGroupName") == "racks");
  // DRS may not move it away, so the host cannot be emptied.
  const std::string enter =
      f.client.call("EnterMaintenanceMode_Task", self("HostSystem", host) + "<timeout>5</timeout>")
          .one("//returnval");
  f.simulation.scheduler().advance(std::chrono::seconds(10));
  BOOST_TEST(fault(f.info(enter)) == "Timedout");
  BOOST_TEST(f.text("VirtualMachine", vm, "runtime.host") == host);
  const std::string removal =
      "<groupSpec><operation>remove</operation><removeKey "
      "xsi:type=\"xsd:string\">racks</removeKey></groupSpec>";
  BOOST_TEST(fault(f.change(removal)) == "InvalidArgument");  // a rule needs it
}

BOOST_AUTO_TEST_CASE(overrides_of_a_machine_go_with_it) {
  Clusters f;
  const std::string host = f.client.id("DC1/host/Cluster-1/esx-01.site.example"), vm = f.client.id(webPath);
  f.change(f.drs("add", vm, "manual"));
  f.sdrs(f.sdrsOverride(vm, "manual"));
  f.task("DisconnectHost_Task", self("HostSystem", host));
  BOOST_TEST(state(f.task("Destroy_Task", self("HostSystem", host))) == "success");
  BOOST_TEST(f.config().count("//drsVmConfig") == 0U);
  BOOST_TEST(f.read("StoragePod", f.pod, {"podStorageDrsEntry"}).count("//vmConfig") == 0U);
}

BOOST_AUTO_TEST_CASE(a_cluster_is_made_filled_and_destroyed) {
  Clusters f;
  const std::string folder = f.client.id("DC1/host");
  const std::string made =
      f.client
          .call("CreateClusterEx", self("Folder", folder) +
                                       "<name>Cluster-2</name><spec><drsConfig><enabled>true"
                                       "</enabled></drsConfig></spec>")
          .one("//returnval");
  BOOST_TEST(f.text("ClusterComputeResource", made, "configuration.drsConfig.enabled") == "true");
  BOOST_TEST(!f.client.id("DC1/host/Cluster-2/Resources").empty());
  BOOST_TEST(f.posted("ClusterCreatedEvent"));

  const std::string host = f.client.id("DC1/host/Cluster-1/esx-03.site.example");
  const std::string move = self("ClusterComputeResource", made) + ref("host", "HostSystem", host);
  BOOST_TEST(f.client.call("MoveInto_Task", move).faultType() == "InvalidState");
  BOOST_TEST(state(f.task("EnterMaintenanceMode_Task", self("HostSystem", host) + "<timeout>0</timeout>")) ==
             "success");
  BOOST_TEST(state(f.task("MoveInto_Task", move)) == "success");
  BOOST_TEST(f.client.id("DC1/host/Cluster-2/esx-03.site.example") == host);
  BOOST_TEST(f.text("ClusterComputeResource", made, "summary.numHosts") == "1");
  BOOST_TEST(f.text("ClusterComputeResource", f.cluster, "summary.numHosts") == "2");
  const std::string browser = f.text("ClusterComputeResource", made, "environmentBrowser");
  BOOST_TEST(f.client.call("QueryConfigOptionDescriptor", self("EnvironmentBrowser", browser))
                 .all("//returnval/host")
                 .at(0) == host);
  BOOST_TEST(state(f.task("Destroy_Task", self("ClusterComputeResource", made))) == "success");
  BOOST_TEST(f.client.id("DC1/host/Cluster-2").empty());
  BOOST_TEST(fault(f.task("Destroy_Task", self("ClusterComputeResource", f.cluster))) == "InvalidState");
}

BOOST_AUTO_TEST_CASE(a_datastore_cluster_keeps_overrides_too) {
  Clusters f;
  const std::string vm = f.client.id(webPath);
  BOOST_TEST(state(f.sdrs(f.sdrsOverride(vm, "automated"))) == "success");
  BOOST_TEST(state(f.sdrs(f.sdrsOverride(vm, "manual"))) == "success");
  const auto entry = [&] { return f.read("StoragePod", f.pod, {"podStorageDrsEntry"}); };
  BOOST_TEST(entry().one("//vmConfig/behavior") == "manual");
  BOOST_TEST(entry().one("//vmConfig/enabled") == "false");
  BOOST_TEST(
      state(f.sdrs("<podConfigSpec><defaultVmBehavior>automated</defaultVmBehavior></podConfigSpec>")) ==
      "success");
  BOOST_TEST(entry().one("//podConfig/defaultVmBehavior") == "automated");
  BOOST_TEST(entry().one("//vmConfig/behavior") == "manual");
  BOOST_TEST(state(f.sdrs(f.remove("vmConfigSpec", "VirtualMachine", vm))) == "success");
  BOOST_TEST(fault(f.sdrs(f.remove("vmConfigSpec", "VirtualMachine", vm))) == "InvalidArgument");
}

BOOST_AUTO_TEST_CASE(the_task_is_the_clusters) {
  Clusters f;
  const SoapReply info = f.sdrs(f.sdrsOverride(f.client.id(webPath), "manual"));
  BOOST_TEST(info.one("//val/descriptionId") == "StorageResourceManager.configureStorageDrsForPod");
  BOOST_TEST(info.one("//val/entity") == f.pod);
  BOOST_TEST(info.one("//val/entityName") == "VMFS-Cluster");
}

BOOST_AUTO_TEST_CASE(who_only_reads_sets_no_override) {
  Clusters f("readonly");
  const SoapReply cluster = f.client.call(
      "ReconfigureComputeResource_Task", self("ClusterComputeResource", f.cluster) +
                                             "<spec xsi:type=\"ClusterConfigSpecEx\"/><modify>true</modify>");
  BOOST_TEST(cluster.one("//detail/*/privilegeId") == "Host.Inventory.EditCluster");
  const SoapReply pod = f.client.call("ConfigureStorageDrsForPod_Task",
                                      self("StorageResourceManager", "StorageResourceManager") +
                                          ref("pod", "StoragePod", f.pod) + "<spec/><modify>true</modify>");
  BOOST_TEST(pod.faultType() == "NoPermission");
  BOOST_TEST(pod.one("//detail/*/object") == f.pod);
}

BOOST_AUTO_TEST_CASE(switches_and_port_groups_are_found) {
  Clusters f;
  const std::string dvs = f.client.id("DC1/network/DSwitch-1"), group = f.client.id("DC1/network/prod-100");
  const std::string uuid = f.text("VmwareDistributedVirtualSwitch", dvs, "uuid");
  const std::string manager = self("DistributedVirtualSwitchManager", "DVSManager");
  BOOST_TEST(f.client.call("QueryDvsByUuid", manager + "<uuid>" + uuid + "</uuid>").one("//returnval") ==
             dvs);
  BOOST_TEST(f.client.call("QueryDvsByUuid", manager + "<uuid>none</uuid>").faultType() == "NotFound");
  const auto lookup = [&](const std::string& key) {
    return f.client.call(
        "DVSManagerLookupDvPortGroup",
        manager + "<switchUuid>" + uuid + "</switchUuid><portgroupKey>" + key + "</portgroupKey>");
  };
  BOOST_TEST(lookup(f.text("DistributedVirtualPortgroup", group, "key")).one("//returnval") == group);
  BOOST_TEST(lookup("dvportgroup-0").faultType() == "NotFound");
}

BOOST_AUTO_TEST_SUITE_END()
