// SPDX-License-Identifier: GPL-2.0-or-later
// Scenarios made from dumps. That a whole site comes back the same is a conformance test.
#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include "mocks/scenario.h"
#include "mocks/scenario_import.h"

using namespace failback::mock;

namespace {

using Document = nlohmann::json;

// A small site, as a dump has it.
Document dump() {
  return Document::parse(R"({
    "schemaVersion": 1, "depth": "full", "generator": "failback", "unreadable": [],
    "vcenter": {"url": "https://vc.acme.test/sdk", "apiType": "VirtualCenter", "version": "8.0.3", "build": "1"},
    "datacenters": [{"name": "Acme", "moref": "dc-1", "objectType": "Datacenter", "inventoryPath": "/Acme",
      "vmFolder": "v-1", "hostFolder": "h-1", "datastoreFolder": "s-1", "networkFolder": "n-1"}],
    "folders": [
      {"name": "vm", "moref": "v-1", "objectType": "Folder", "parent": "dc-1", "inventoryPath": "/Acme/vm"},
      {"name": "a/b", "moref": "v-2", "objectType": "Folder", "parent": "v-1", "inventoryPath": "/Acme/vm/a%2fb",
       "childType": ["Folder", "VirtualMachine"]}],
    "clusters": [{"name": "Blue", "moref": "c-1", "objectType": "ClusterComputeResource", "parent": "h-1",
      "inventoryPath": "/Acme/host/Blue", "host": ["host-1"], "resourcePool": "p-1",
      "drsConfig": {"enabled": true, "defaultVmBehavior": "manual"}, "rule": [{"name": "apart"}]}],
    "hosts": [{"name": "esx.acme.test", "moref": "host-1", "objectType": "HostSystem", "parent": "c-1",
      "cluster": "c-1", "inventoryPath": "/Acme/host/Blue/esx.acme.test", "connectionState": "connected",
      "numCpuPkgs": 2, "numCpuCores": 24, "cpuMhz": 2100, "memorySize": 274877906944}],
    "datastores": [{"name": "gold", "moref": "d-1", "objectType": "Datastore", "parent": "s-1",
      "inventoryPath": "/Acme/datastore/gold", "type": "OTHER", "capacity": 1099511627776, "freeSpace": 5368709120,
      "accessible": true, "host": [{"host": "host-1", "accessMode": "readOnly", "mounted": true}]}],
    "storagePods": [], "distributedSwitches": [],
    "networks": [{"name": "lan", "moref": "net-1", "objectType": "Network", "parent": "n-1", "host": ["host-1"],
      "inventoryPath": "/Acme/network/lan"}],
    "resourcePools": [{"name": "Resources", "moref": "p-1", "objectType": "ResourcePool", "parent": "c-1",
      "owner": "c-1", "inventoryPath": "/Acme/host/Blue/Resources"}],
    "virtualMachines": [{"name": "crm", "moref": "vm-1", "objectType": "VirtualMachine", "parent": "v-2",
      "inventoryPath": "/Acme/vm/a%2fb/crm", "vmPathName": "[gold] old-crm/crm.vmx", "powerState": "poweredOn",
      "connectionState": "connected", "host": "host-1", "resourcePool": "p-1", "datastore": ["d-1"],
      "annotation": "ask Bob", "hostName": "crm.acme.test", "toolsStatus": "toolsOk",
      "toolsRunningStatus": "guestToolsRunning", "instanceUuid": "50aa0000-0000-0000-0000-000000000001",
      "extraConfig": {"acme.owner": "Bob", "ctkEnabled": "TRUE", "nvram": "crm.nvram"},
      "controllers": [{"key": 1000, "objectType": "ParaVirtualSCSIController", "busNumber": 0},
                      {"key": 15000, "objectType": "VirtualAHCIController", "busNumber": 0}],
      "otherDevices": [{"key": 16000, "objectType": "VirtualCdrom", "controllerKey": 15000, "unitNumber": 0},
                       {"key": 12345, "objectType": "VirtualSriovEthernetCard"}],
      "disks": [{"key": 2003, "controllerKey": 1000, "unitNumber": 3, "kind": "flat", "capacityInBytes": 1073741824,
        "thinProvisioned": true, "diskMode": "persistent", "uuid": "6000C290-0000-0000-0000-000000000009",
        "fileName": "[gold] elsewhere/crm-000007.vmdk",
        "parents": [{"fileName": "[gold] elsewhere/crm.vmdk"}]}],
      "guestNet": [{"macAddress": "00:50:56:aa:bb:cc", "ipAddress": ["192.168.7.9", "fe80::1"]}],
      "nics": [{"key": 4000, "objectType": "VirtualE1000e", "network": "net-1", "macAddress": "00:50:56:aa:bb:cc",
        "startConnected": true}],
      "rootSnapshotList": [{"moref": "s-1", "name": "acme backup", "createTime": "", "current": true}]}]
  })");
}

Document imported(const Document& from, bool anonymous = false) {
  return Document::parse(importDump(from.dump(), anonymous).json);
}

bool noted(const ImportedScenario& made, const std::string& text) {
  for (const std::string& each : made.notes) {
    if (each.find(text) != std::string::npos) return true;
  }
  return false;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(scenario_import)

BOOST_AUTO_TEST_CASE(places_machines_and_disks_are_taken_over) {
  const Document made = imported(dump());
  const Document& site = made["datacenters"][0];
  BOOST_TEST(site["folders"][0] == "a%2fb");
  BOOST_TEST(site["clusters"][0]["hosts"][0]["coresPerPackage"] == 12);
  BOOST_TEST(site["datastores"][0]["free"] == 5368709120);
  BOOST_TEST(site["datastores"][0]["readOnlyOn"][0] == "esx.acme.test");
  BOOST_TEST(site["networks"][0] == "lan");
  const Document& vm = site["vms"][0];
  BOOST_TEST(vm["vmx"] == "old-crm/crm.vmx");
  BOOST_TEST(vm["disks"][0]["unit"] == 3);
  BOOST_TEST(vm["disks"][0]["file"] == "elsewhere/crm");
  BOOST_TEST(vm["nics"][0]["type"] == "e1000e");
  BOOST_TEST(vm["nics"][0]["addresses"].size() == 2U);
  BOOST_TEST(vm["snapshots"][0]["name"] == "acme backup");
  BOOST_TEST(vm["extraConfig"].size() == 2U);
  BOOST_TEST(!vm.contains("devices"));
  std::vector<ScenarioProblem> problems;
  const ScenarioSpec spec = parseScenario(made.dump(), problems);
  BOOST_TEST(problems.empty());
  BOOST_TEST(checkNames(spec).empty());
}

BOOST_AUTO_TEST_CASE(what_is_not_taken_over_is_said) {
  const ImportedScenario made = importDump(dump().dump(), false);
  for (const char* text :
       {"of type 'OTHER'", "rules and groups of DRS", "VirtualSriovEthernetCard is left out",
        "accounts, roles and permissions", "VLANs"})
    BOOST_TEST(noted(made, text), text);
}

BOOST_AUTO_TEST_CASE(no_name_of_the_site_is_left_in_an_anonymous_one) {
  const ImportedScenario made = importDump(dump().dump(), true);
  std::string all = made.json;
  for (const std::string& each : made.notes) all += each + "\n";
  for (const char* name : {"Acme", "acme", "Blue", "esx.", "gold", "lan\"", "crm", "a%2fb", "elsewhere",
                           "Bob", "192.168", "aa:bb:cc", "50aa0000", "6000C290-0000"})
    BOOST_TEST(all.find(name) == std::string::npos, name);
  // The same thing has the same name everywhere.
  const Document site = Document::parse(made.json)["datacenters"][0];
  const Document& vm = site["vms"][0];
  BOOST_TEST(vm["host"] == site["clusters"][0]["hosts"][0]["name"]);
  BOOST_TEST(vm["datastore"] == site["datastores"][0]["name"]);
  BOOST_TEST(vm["folder"] == site["folders"][0]);
  BOOST_TEST(vm["extraConfig"]["ctkEnabled"] == "TRUE");
  BOOST_CHECK_NO_THROW(parseScenario(made.json, "made"));
}

BOOST_AUTO_TEST_CASE(a_machine_that_could_not_be_read_gets_the_usual) {
  Document from = dump();
  from["virtualMachines"] = Document::array({{{"name", "lost"},
                                              {"moref", "vm-9"},
                                              {"objectType", "VirtualMachine"},
                                              {"parent", "v-1"},
                                              {"inventoryPath", "/Acme/vm/lost"},
                                              {"powerState", "poweredOff"},
                                              {"connectionState", "inaccessible"},
                                              {"host", "host-1"},
                                              {"datastore", {"d-1"}}}});
  const ImportedScenario made = importDump(from.dump(), false);
  BOOST_TEST(noted(made, "lost: its configuration is not in the dump"));
  BOOST_CHECK_NO_THROW(parseScenario(made.json, "made"));
}

BOOST_AUTO_TEST_CASE(what_is_no_whole_dump_is_refused) {
  BOOST_CHECK_THROW(importDump("{", false), ScenarioError);
  BOOST_CHECK_THROW(importDump("{}", false), ScenarioError);
  for (const auto& [member, value] : {std::pair<const char*, Document>{"depth", "thin"},
                                      {"filters", Document::object()},
                                      {"schemaVersion", 2}}) {
    Document from = dump();
    from[member] = value;
    BOOST_CHECK_THROW(importDump(from.dump(), false), ScenarioError);
  }
}

BOOST_AUTO_TEST_SUITE_END()
