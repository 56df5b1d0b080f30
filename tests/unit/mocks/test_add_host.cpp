// SPDX-License-Identifier: GPL-2.0-or-later
// Hosts that are added, and hosts in standby.
#include <algorithm>

#include "tests/unit/mocks/places.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

struct Rack : Places {
  explicit Rack(const std::string& scenario = "site") : Places(scenario) {
    cluster = client.id("DC1/host/Cluster-1");
  }
  static std::string spec(const std::string& name, const std::string& thumbprint,
                          const std::string& password = "esx") {
    return "<spec><hostName>" + name + "</hostName>" +
           (thumbprint.empty() ? "" : "<sslThumbprint>" + thumbprint + "</sslThumbprint>") +
           "<userName>root</userName><password>" + password + "</password><force>false</force></spec>";
  }
  SoapReply add(const std::string& specText, const std::string& connected = "true") {
    return task("AddHost_Task", self("ClusterComputeResource", cluster) + specText + "<asConnected>" +
                                    connected + "</asConnected>");
  }
  // As clients do: the first try says what the host's certificate is.
  std::string thumbprint(const std::string& name) {
    return add(spec(name, "")).one("//val/error/fault/thumbprint");
  }
  std::string host(const std::string& name) { return client.id("DC1/host/Cluster-1/" + name); }
  std::string runtime(const std::string& id, const std::string& member) {
    return text("HostSystem", id, "runtime." + member);
  }
  std::string cluster;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(add_host)

BOOST_AUTO_TEST_CASE(a_host_is_added_once_its_certificate_is_trusted) {
  Rack f;
  const std::string before = f.text("ClusterComputeResource", f.cluster, "summary.numHosts");
  const SoapReply untrusted = f.add(Rack::spec("esx-77.example", ""));
  BOOST_TEST(fault(untrusted) == "SSLVerifyFault");
  const std::string print = untrusted.one("//val/error/fault/thumbprint");
  BOOST_TEST(print.size() == 59u);
  BOOST_TEST(f.posted("HostAddFailedEvent"));
  BOOST_TEST(fault(f.add(Rack::spec("esx-77.example", print, ""))) == "InvalidLogin");

  const SoapReply added = f.add(Rack::spec("esx-77.example", print));
  BOOST_TEST(state(added) == "success");
  const std::string host = added.one("//val/result");
  BOOST_TEST(f.host("esx-77.example") == host);
  BOOST_TEST(f.runtime(host, "connectionState") == "connected");
  BOOST_TEST(f.text("HostSystem", host, "parent") == f.cluster);
  BOOST_TEST(std::stoi(f.text("ClusterComputeResource", f.cluster, "summary.numHosts")) ==
             std::stoi(before) + 1);
  BOOST_TEST(f.posted("HostAddedEvent"));
  BOOST_TEST(f.posted("HostConnectedEvent"));
  BOOST_TEST(fault(f.add(Rack::spec("esx-77.example", print))) == "AlreadyConnected");
}

BOOST_AUTO_TEST_CASE(a_host_that_is_not_there_or_not_connected) {
  Rack f;
  BOOST_TEST(fault(f.add(Rack::spec("esx.invalid", ""))) == "NoHost");
  const std::string print = f.thumbprint("esx-78.example");
  const SoapReply added = f.add(Rack::spec("esx-78.example", print), "false");
  BOOST_TEST(f.runtime(added.one("//val/result"), "connectionState") == "disconnected");
  BOOST_TEST(fault(f.add(Rack::spec("esx-78.example", print))) == "DuplicateName");
}

BOOST_AUTO_TEST_CASE(a_host_of_its_own_has_a_compute_resource) {
  Rack f;
  const std::string folder = f.client.id("DC1/host");
  const std::string print = f.thumbprint("esx-79.example");
  const SoapReply added =
      f.task("AddStandaloneHost_Task", self("Folder", folder) + Rack::spec("esx-79.example", print) +
                                           "<addConnected>true</addConnected>");
  BOOST_TEST(state(added) == "success");
  const std::string resource = added.one("//val/result");
  BOOST_TEST(f.client.id("DC1/host/esx-79.example") == resource);
  BOOST_TEST(f.refs("ComputeResource", resource, "host").size() == 1u);
  const std::string browser = f.text("ComputeResource", resource, "environmentBrowser");
  BOOST_TEST(
      f.client.call("QueryConfigOption", self("EnvironmentBrowser", browser)).one("//returnval/version") ==
      "vmx-21");
  BOOST_TEST(f.client
                 .call("AddStandaloneHost_Task", self("Folder", f.client.id("DC1/vm")) +
                                                     Rack::spec("esx-80.example", print) +
                                                     "<addConnected>true</addConnected>")
                 .faultType() == "NotSupported");
}

BOOST_AUTO_TEST_CASE(an_unknown_licence_is_refused_at_once) {
  Rack f;
  BOOST_TEST(f.client
                 .call("AddHost_Task", self("ClusterComputeResource", f.cluster) +
                                           Rack::spec("esx-81.example", "") +
                                           "<asConnected>true</asConnected><license>no such key</license>")
                 .one("//detail/*/invalidProperty") == "license");
}

BOOST_AUTO_TEST_CASE(a_host_goes_to_standby_and_comes_back) {
  Rack f("vapp");
  const std::string host = f.host("esx-03.site.example");
  const auto up = [&] {
    return f.task("PowerUpHostFromStandBy_Task", self("HostSystem", host) + "<timeoutSec>60</timeoutSec>");
  };
  BOOST_TEST(state(up()) == "success");
  BOOST_TEST(f.runtime(host, "powerState") == "poweredOn");
  BOOST_TEST(f.posted("ExitedStandbyModeEvent"));
  const std::string effective = f.text("ClusterComputeResource", f.cluster, "summary.numEffectiveHosts");
  BOOST_TEST(
      f.client.call("PowerUpHostFromStandBy_Task", self("HostSystem", host) + "<timeoutSec>0</timeoutSec>")
          .faultType() == "InvalidState");

  BOOST_TEST(state(f.task("PowerDownHostToStandBy_Task",
                          self("HostSystem", host) + "<timeoutSec>0</timeoutSec>")) == "success");
  BOOST_TEST(f.runtime(host, "powerState") == "standBy");
  BOOST_TEST(f.runtime(host, "standbyMode") == "in");
  BOOST_TEST(f.posted("EnteredStandbyModeEvent"));
  BOOST_TEST(std::stoi(f.text("ClusterComputeResource", f.cluster, "summary.numEffectiveHosts")) ==
             std::stoi(effective) - 1);
}

BOOST_AUTO_TEST_SUITE_END()
