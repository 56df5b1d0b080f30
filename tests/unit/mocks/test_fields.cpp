// SPDX-License-Identifier: GPL-2.0-or-later
// Custom fields and the small managers: options, schedules, automatic starts, alarms, extensions, licences.
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "tests/unit/mocks/soap_client.h"

using namespace failback::mock;
using namespace failback::mock::testing;
using namespace std::chrono_literals;

namespace {

struct Site : Fixture {
  Site() {
    client.login();
    vm = client.id(webPath);
  }
  SoapReply read(std::string_view type, const std::string& id, const std::vector<std::string>& paths) {
    return client.call("RetrievePropertiesEx", oneObject(type, id, paths));
  }
  SoapReply fields(const std::string& method, const std::string& body) {
    return client.call(method, self("CustomFieldsManager", "CustomFieldsManager") + body);
  }
  std::string add(const std::string& name, const std::string& type = "") {
    return fields("AddCustomFieldDef",
                  "<name>" + name + "</name>" + (type.empty() ? "" : "<moType>" + type + "</moType>"))
        .one("//returnval/key");
  }
  SoapReply set(const std::string& key, const std::string& value) {
    return fields("SetField",
                  ref("entity", "VirtualMachine", vm) + "<key>" + key + "</key><value>" + value + "</value>");
  }
  std::string vm;
};

SoapReply licenseCall(SoapClient& client, const std::string& method, const std::string& key) {
  return client.call(method,
                     self("LicenseManager", "LicenseManager") + "<licenseKey>" + key + "</licenseKey>");
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fields)

BOOST_AUTO_TEST_CASE(a_value_shows_wherever_a_machine_shows_its_fields) {
  Site f;
  const std::string key = f.add("Owner");
  BOOST_TEST(f.set(key, "anna").status == 200);
  for (const std::string path : {"value", "customValue", "summary.customValue"}) {
    const SoapReply reply = f.read("VirtualMachine", f.vm, {path});
    BOOST_TEST(reply.one("//val/CustomFieldValue/value") == "anna", path);
    BOOST_TEST(reply.one("//val/CustomFieldValue/key") == key, path);
  }
  BOOST_TEST(f.read("VirtualMachine", f.vm, {"availableField"}).one("//val/CustomFieldDef/name") == "Owner");
  BOOST_TEST(f.set(key, "bert").status == 200);
  BOOST_TEST(f.read("VirtualMachine", f.vm, {"value"}).one("//val/CustomFieldValue/value") == "bert");
  const SoapReply events =
      f.client.call("QueryEvents", self("EventManager", "EventManager") +
                                       "<filter><type>CustomFieldValueChangedEvent</type></filter>");
  BOOST_TEST(events.all("//returnval/value").at(1) == "bert");
  BOOST_TEST(events.all("//returnval/prevState").at(0) == "anna");
  BOOST_TEST(f.set(key, "").status == 200);
  BOOST_TEST(f.read("VirtualMachine", f.vm, {"value"}).count("//val/CustomFieldValue") == 0U);
  BOOST_TEST(f.set("4711", "x").faultType() == "InvalidArgument");
}

BOOST_AUTO_TEST_CASE(fields_are_renamed_and_removed_with_their_values) {
  Site f;
  const std::string key = f.add("Owner", "VirtualMachine");
  BOOST_TEST(f.fields("AddCustomFieldDef", "<name>Owner</name>").faultType() == "DuplicateName");
  BOOST_TEST(!f.add("Owner", "HostSystem").empty());  // another type's
  const std::string folder = f.client.id("DC1/vm/Production/Linux");
  BOOST_TEST(f.read("Folder", folder, {"availableField"}).count("//val/CustomFieldDef") == 0U);
  BOOST_TEST(
      f.client.call("setCustomValue", self("VirtualMachine", f.vm) + "<key>Owner</key><value>anna</value>")
          .status == 200);
  BOOST_TEST(
      f.client.call("setCustomValue", self("VirtualMachine", f.vm) + "<key>Nothing</key><value>anna</value>")
          .faultType() == "InvalidArgument");
  BOOST_TEST(f.fields("RenameCustomFieldDef", "<key>" + key + "</key><name>Team</name>").status == 200);
  BOOST_TEST(f.read("VirtualMachine", f.vm, {"availableField"}).one("//val/CustomFieldDef/name") == "Team");
  BOOST_TEST(f.fields("RemoveCustomFieldDef", "<key>" + key + "</key>").status == 200);
  BOOST_TEST(f.read("VirtualMachine", f.vm, {"customValue"}).count("//val/CustomFieldValue") == 0U);
  BOOST_TEST(f.fields("RemoveCustomFieldDef", "<key>" + key + "</key>").faultType() == "NotFound");
  SoapClient reader(f.simulation);
  reader.login("readonly");
  BOOST_TEST(
      reader.call("AddCustomFieldDef", self("CustomFieldsManager", "CustomFieldsManager") + "<name>x</name>")
          .faultType() == "NoPermission");
}

BOOST_AUTO_TEST_CASE(options_change_and_keep_their_type) {
  Site f;
  const auto update = [&](const std::string& key, const std::string& value) {
    return f.client
        .call("UpdateOptions", self("OptionManager", "VpxSettings") + "<changedValue><key>" + key + "</key>" +
                                   value + "</changedValue>")
        .faultType();
  };
  BOOST_TEST(update("event.maxAge", "<value xsi:type=\"xsd:int\">60</value>") == "");
  const SoapReply reply =
      f.client.call("QueryOptions", self("OptionManager", "VpxSettings") + "<name>event.maxAge</name>");
  BOOST_TEST(reply.one("//returnval/value") == "60");
  BOOST_TEST(update("event.maxAge", "<value xsi:type=\"xsd:string\">long</value>") == "InvalidArgument");
  BOOST_TEST(update("nonsense", "<value xsi:type=\"xsd:string\">x</value>") == "InvalidName");
  BOOST_TEST(update("config.log.level", "<value xsi:type=\"xsd:string\">verbose</value>") == "");
}

BOOST_AUTO_TEST_CASE(a_scheduled_snapshot_is_seen) {
  Site f;
  const std::string spec =
      "<spec "
      "xsi:type=\"ScheduledTaskSpec\"><name>nightly</name><description></description><enabled>true</enabled>"
      "<scheduler "
      "xsi:type=\"DailyTaskScheduler\"><interval>1</interval><minute>30</minute><hour>22</hour></scheduler>"
      "<action xsi:type=\"MethodAction\"><name>CreateSnapshot_Task</name></action></spec>";
  const auto create = [&] {
    return f.client.call("CreateScheduledTask", self("ScheduledTaskManager", "ScheduledTaskManager") +
                                                    ref("entity", "VirtualMachine", f.vm) + spec);
  };
  const std::string task = create().one("//returnval");
  BOOST_TEST(create().faultType() == "DuplicateName");
  const auto tasks = [&](const std::string& entity) {
    return f.client
        .call("RetrieveEntityScheduledTask", self("ScheduledTaskManager", "ScheduledTaskManager") + entity)
        .all("//returnval");
  };
  BOOST_TEST(tasks(ref("entity", "VirtualMachine", f.vm)).at(0) == task);
  BOOST_TEST(tasks(ref("entity", "Folder", "group-d1")).empty());
  const SoapReply info = f.read("ScheduledTask", task, {"info"});
  BOOST_TEST(info.one("//val/action/name") == "CreateSnapshot_Task");
  BOOST_TEST(info.one("//val/nextRunTime").substr(11, 5) == "22:30");
  BOOST_TEST(info.one("//val/lastModifiedUser") == "administrator@vsphere.local");
  BOOST_TEST(f.client.call("RemoveScheduledTask", self("ScheduledTask", task)).status == 200);
  BOOST_TEST(tasks("").empty());
}

BOOST_AUTO_TEST_CASE(a_scenario_schedules_tasks_and_starts_machines_with_their_host) {
  ScenarioSpec scenario = loadScenario("site");
  VmSpec& vm = scenario.datacenters.at(0).vms.at(0);
  ScheduleSpec nightly;
  nightly.name = "snapshot nightly";
  nightly.user = "svc-backup";
  nightly.hour = 22;
  nightly.weekday = "sunday";
  vm.scheduledTasks.push_back(nightly);
  vm.autostart = true;
  Simulation simulation(scenario, "secret", {}, recording(), Scheduler::Clock::manual);
  SoapClient client(simulation);
  client.login();
  const std::string id = client.id("DC1/vm/" + vm.folder + "/" + vm.name);
  const std::string task =
      client
          .call("RetrieveEntityScheduledTask",
                self("ScheduledTaskManager", "ScheduledTaskManager") + ref("entity", "VirtualMachine", id))
          .one("//returnval");
  const SoapReply info = client.call("RetrievePropertiesEx", oneObject("ScheduledTask", task, {"info"}));
  BOOST_TEST(info.one("//val/lastModifiedUser") == "svc-backup");
  BOOST_TEST(info.one("//val/scheduler/sunday") == "true");
  const std::string host =
      client.call("RetrievePropertiesEx", oneObject("VirtualMachine", id, {"runtime.host"})).one("//val");
  const SoapReply starts =
      client.call("RetrievePropertiesEx", oneObject("HostSystem", host, {"config.autoStart"}));
  BOOST_TEST(starts.one("//val/defaults/enabled") == "true");
  BOOST_TEST(starts.one("//val/powerInfo/key") == id);
  const std::string manager =
      client.call("RetrievePropertiesEx", oneObject("HostSystem", host, {"configManager.autoStartManager"}))
          .one("//val");
  BOOST_TEST(
      client
          .call("ReconfigureAutostart", self("HostAutoStartManager", manager) +
                                            "<spec><defaults><enabled>false</enabled></defaults></spec>")
          .status == 200);
  const SoapReply config =
      client.call("RetrievePropertiesEx", oneObject("HostAutoStartManager", manager, {"config"}));
  BOOST_TEST(config.one("//val/defaults/enabled") == "false");
  BOOST_TEST(config.one("//val/defaults/startDelay") == "120");
  BOOST_TEST(config.count("//val/powerInfo") == 1U);
}

BOOST_AUTO_TEST_CASE(there_are_no_alarms_and_their_actions_can_be_switched) {
  Site f;
  const auto call = [&](const std::string& method, const std::string& more = "") {
    return f.client.call(method,
                         self("AlarmManager", "AlarmManager") + ref("entity", "VirtualMachine", f.vm) + more);
  };
  BOOST_TEST(call("GetAlarm").count("//returnval") == 0U);
  BOOST_TEST(call("GetAlarmState").status == 200);
  BOOST_TEST(call("AreAlarmActionsEnabled").one("//returnval") == "true");
  BOOST_TEST(call("EnableAlarmActions", "<enabled>false</enabled>").status == 200);
  BOOST_TEST(call("AreAlarmActionsEnabled").one("//returnval") == "false");
}

BOOST_AUTO_TEST_CASE(extensions_come_and_go) {
  Site f;
  const auto call = [&](const std::string& method, const std::string& body) {
    return f.client.call(method, self("ExtensionManager", "ExtensionManager") + body);
  };
  const auto extension = [](const std::string& version) {
    return "<extension><description><label>L</label><summary>S</summary></description><key>com.example.x</"
           "key>"
           "<version>" +
           version + "</version><lastHeartbeatTime>2020-01-01T00:00:00Z</lastHeartbeatTime></extension>";
  };
  const std::string key = "<extensionKey>com.example.x</extensionKey>";
  BOOST_TEST(call("FindExtension", key).count("//returnval") == 0U);
  BOOST_TEST(call("UpdateExtension", extension("2")).faultType() == "NotFound");
  BOOST_TEST(call("RegisterExtension", extension("1")).status == 200);
  BOOST_TEST(call("RegisterExtension", extension("1")).faultType() == "InvalidArgument");
  BOOST_TEST(call("UpdateExtension", extension("2")).status == 200);
  BOOST_TEST(call("FindExtension", key).one("//returnval/version") == "2");
  BOOST_TEST(call("QueryManagedBy", key).count("//returnval") == 0U);
  BOOST_TEST(call("UnregisterExtension", key).status == 200);
  BOOST_TEST(call("UnregisterExtension", key).faultType() == "NotFound");
}

BOOST_AUTO_TEST_CASE(licences_are_added_assigned_and_removed) {
  Site f;
  const std::string key = "AAAAA-BBBBB-CCCCC-DDDDD-12345";
  BOOST_TEST(licenseCall(f.client, "DecodeLicense", "nonsense").has("License is not valid."));
  BOOST_TEST(licenseCall(f.client, "AddLicense", key).one("//returnval/licenseKey") == key);
  const auto count = [&] {
    return f.read("LicenseManager", "LicenseManager", {"licenses"}).count("//val/LicenseManagerLicenseInfo");
  };
  BOOST_TEST(count() == 2U);
  licenseCall(f.client, "AddLicense", "nonsense");
  BOOST_TEST(count() == 2U);
  const auto assignment = [&](const std::string& method, const std::string& body) {
    return f.client.call(method, self("LicenseAssignmentManager", "LicenseAssignmentManager") + body);
  };
  const std::string host = f.client.id("DC1/host/Cluster-1/esx-01.site.example");
  BOOST_TEST(
      assignment("UpdateAssignedLicense", "<entity>" + host + "</entity><licenseKey>" + key + "</licenseKey>")
          .one("//returnval/licenseKey") == key);
  const SoapReply found = assignment("QueryAssignedLicenses", "<entityId>" + host + "</entityId>");
  BOOST_TEST(found.one("//returnval/assignedLicense/licenseKey") == key);
  BOOST_TEST(found.one("//returnval/entityDisplayName") == "esx-01.site.example");
  BOOST_TEST(licenseCall(f.client, "RemoveLicense", key).faultType() == "InvalidState");
  BOOST_TEST(assignment("RemoveAssignedLicense", "<entityId>" + host + "</entityId>").status == 200);
  BOOST_TEST(assignment("RemoveAssignedLicense", "<entityId>" + host + "</entityId>").faultType() ==
             "LicenseEntityNotFound");
  BOOST_TEST(licenseCall(f.client, "RemoveLicense", key).status == 200);
  BOOST_TEST(count() == 1U);
}

BOOST_AUTO_TEST_CASE(the_free_edition_forbids_every_change) {
  Fixture f("free-licence");
  const std::string login = "<userName>root</userName><password>secret</password>";
  const SoapReply opened = f.client.call("Login", self("SessionManager", "ha-sessionmgr") + login);
  f.client.cookie = opened.setCookie.substr(0, opened.setCookie.find(';'));
  const std::string vm =
      f.client
          .call("FindByInventoryPath", self("SearchIndex", "ha-searchindex") +
                                           "<inventoryPath>ha-datacenter/vm/web-01</inventoryPath>")
          .one("//returnval");
  BOOST_TEST(!vm.empty());
  BOOST_TEST(f.client.call("PowerOnVM_Task", self("VirtualMachine", vm)).faultType() == "RestrictedVersion");
  BOOST_TEST(f.client.call("Rename_Task", self("VirtualMachine", vm) + "<newName>x</newName>").faultType() ==
             "RestrictedVersion");
  BOOST_TEST(
      f.client.call("ReconfigVM_Task", self("VirtualMachine", vm) + "<spec><numCPUs>1</numCPUs></spec>")
          .faultType() == "RestrictedVersion");
}

BOOST_AUTO_TEST_CASE(an_expired_licence_forbids_changes_on_its_hosts_only) {
  ScenarioSpec scenario = loadScenario("site");
  LicenseSpec expired;
  expired.expiresInDays = -1;
  expired.hosts = {"esx-01.site.example"};
  scenario.licenses.push_back(expired);
  scenario.licenses.at(0).expiresInDays = 30;
  Simulation simulation(scenario, "secret", {}, recording(), Scheduler::Clock::manual);
  SoapClient client(simulation);
  client.login();
  std::size_t refused = 0, allowed = 0;
  for (const VmSpec& vm : scenario.datacenters.at(0).vms) {
    const std::string id = client.id("DC1/vm/" + vm.folder + "/" + vm.name);
    if (id.empty()) continue;
    const std::string host =
        client.call("RetrievePropertiesEx", oneObject("VirtualMachine", id, {"runtime.host"})).one("//val");
    const std::string name =
        client.call("RetrievePropertiesEx", oneObject("HostSystem", host, {"name"})).one("//val");
    const std::string fault =
        client.call("Rename_Task", self("VirtualMachine", id) + "<newName>new-" + vm.name + "</newName>")
            .faultType();
    BOOST_TEST(fault == (name == "esx-01.site.example" ? "RestrictedVersion" : ""), vm.name);
    ++(fault.empty() ? allowed : refused);
  }
  BOOST_TEST(refused > 0U);
  BOOST_TEST(allowed > 0U);
  scenario.licenses.at(1).hosts = {"esx-99"};
  BOOST_CHECK_THROW(Simulation(scenario, "secret", {}, recording(), Scheduler::Clock::manual), ScenarioError);
}

BOOST_AUTO_TEST_SUITE_END()
