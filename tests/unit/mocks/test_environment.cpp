// SPDX-License-Identifier: GPL-2.0-or-later
// What tools read of an EnvironmentBrowser before they make a machine.
#include <algorithm>

#include "tests/unit/mocks/places.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

struct Browser : Places {
  explicit Browser(const std::string& scenario = "site", const std::string& cluster = "Cluster-1")
      : Places(scenario) {
    const std::string resource = client.id("DC1/host/" + cluster);
    id = text("ClusterComputeResource", resource, "environmentBrowser");
    hosts = refs("ClusterComputeResource", resource, "host");
  }
  SoapReply ask(const std::string& method, const std::string& body = {}) {
    return client.call(method, self("EnvironmentBrowser", id) + body);
  }
  std::string id;
  std::vector<std::string> hosts;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(environment)

BOOST_AUTO_TEST_CASE(without_a_key_the_newest_hardware_version_is_told) {
  Browser f;
  const SoapReply usual = f.ask("QueryConfigOption");
  BOOST_TEST(usual.one("//returnval/version") == "vmx-21");
  BOOST_TEST(usual.one("//hardwareOptions/hwVersion") == "21");
  BOOST_TEST(usual.one("//hardwareOptions/memoryMB/max") == "25149440");
  BOOST_TEST(usual.count("//returnval/defaultDevice") > 5);
  BOOST_TEST(contains(usual.all("//defaultDevice/@type"), "VirtualIDEController"));
  BOOST_TEST(!contains(usual.all("//defaultDevice/@type"), "VirtualDisk"));
}

BOOST_AUTO_TEST_CASE(an_old_version_has_fewer_guests_and_devices) {
  Browser f;
  const SoapReply old =
      f.ask("QueryConfigOption", "<key>vmx-08</key>" + ref("host", "HostSystem", f.hosts[0]));
  BOOST_TEST(old.one("//returnval/version") == "vmx-08");
  BOOST_TEST(old.count("//hardwareOptions/numCPU") == 32u);
  BOOST_TEST(!contains(old.all("//guestOSDescriptor/id"), "debian12_64Guest"));
  BOOST_TEST(contains(old.all("//guestOSDescriptor/id"), "rhel6_64Guest"));
  BOOST_TEST(!contains(old.all("//virtualDeviceOption/@type"), "VirtualNVMEControllerOption"));
}

BOOST_AUTO_TEST_CASE(a_version_that_nobody_offers_has_no_options) {
  Browser f;
  const SoapReply none = f.ask("QueryConfigOption", "<key>vmx-99</key>");
  BOOST_TEST(none.status == 200);
  BOOST_TEST(none.count("//returnval") == 0u);
  BOOST_TEST(f.ask("QueryConfigOption", ref("host", "HostSystem", "host-none")).faultType() ==
             "ManagedObjectNotFound");
}

BOOST_AUTO_TEST_CASE(of_guests_that_are_named_only_those_are_told) {
  Browser f;
  const SoapReply some = f.ask("QueryConfigOptionEx",
                               "<spec><key>vmx-19</key><guestId>rhel9_64Guest</"
                               "guestId><guestId>windows2019srv_64Guest</guestId></spec>");
  BOOST_TEST(some.count("//guestOSDescriptor") == 2u);
  BOOST_TEST(contains(some.all("//recommendedDiskController"), "ParaVirtualSCSIController"));
  BOOST_TEST(contains(some.all("//guestOSDescriptor/family"), "windowsGuest"));
}

BOOST_AUTO_TEST_CASE(the_target_shows_what_the_hosts_have) {
  Browser f;
  const SoapReply all = f.ask("QueryConfigTarget");
  BOOST_TEST(contains(all.all("//returnval/datastore/name"), "vmfs-01"));
  BOOST_TEST(all.one("//returnval/numCpuCores") == "32");
  BOOST_TEST(all.count("//returnval/network") + all.count("//returnval/distributedVirtualPortgroup") > 0u);

  const std::string other = f.refs("HostSystem", f.hosts[0], "datastore").front();
  f.task("DisconnectHost_Task", self("HostSystem", f.hosts[0]));
  const SoapReply away = f.ask("QueryConfigTarget", ref("host", "HostSystem", f.hosts[0]));
  BOOST_TEST(away.status == 200);
  BOOST_TEST(away.count("//returnval") == 0u);
}

BOOST_AUTO_TEST_CASE(the_target_says_where_a_host_may_only_read) {
  Browser f("troubled");
  bool found = false;
  for (const std::string& host : f.hosts) {
    for (const std::string& mode : f.ask("QueryConfigTarget", ref("host", "HostSystem", host)).all("//mode"))
      found = found || mode == "readOnly";
  }
  BOOST_TEST(found);
}

BOOST_AUTO_TEST_CASE(capabilities_are_those_of_a_host) {
  Browser f;
  BOOST_TEST(f.ask("QueryTargetCapabilities").one("//returnval/vmotionSupported") == "true");
}

BOOST_AUTO_TEST_CASE(a_datacenter_has_a_usual_hardware_version) {
  Browser f;
  const std::string datacenter = f.client.id("DC1");
  const auto set = [&](const std::string& spec, const std::string& modify) {
    return self("Datacenter", datacenter) + "<spec>" + spec + "</spec><modify>" + modify + "</modify>";
  };
  const std::string key = "<defaultHardwareVersionKey>vmx-19</defaultHardwareVersionKey>";
  BOOST_TEST(state(f.task("ReconfigureDatacenter_Task", set(key, "true"))) == "success");
  const std::string path = "configuration.defaultHardwareVersionKey";
  BOOST_TEST(f.text("Datacenter", datacenter, path) == "vmx-19");
  f.task("ReconfigureDatacenter_Task", set("", "true"));
  BOOST_TEST(f.text("Datacenter", datacenter, path) == "vmx-19");
  f.task("ReconfigureDatacenter_Task", set("", "false"));
  BOOST_TEST(f.text("Datacenter", datacenter, path).empty());
  BOOST_TEST(f.client
                 .call("ReconfigureDatacenter_Task",
                       set("<defaultHardwareVersionKey>vmx-5</defaultHardwareVersionKey>", "true"))
                 .faultType() == "InvalidArgument");
}

BOOST_AUTO_TEST_CASE(a_message_for_all_is_shown) {
  Browser f;
  const std::string text = "Back at noon";
  BOOST_TEST(f.client
                 .call("UpdateServiceMessage",
                       self("SessionManager", "SessionManager") + "<message>" + text + "</message>")
                 .status == 200);
  BOOST_TEST(f.text("SessionManager", "SessionManager", "message") == text);
}

BOOST_AUTO_TEST_SUITE_END()
