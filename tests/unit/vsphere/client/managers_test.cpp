// SPDX-License-Identifier: GPL-2.0-or-later
// Tasks, scheduled tasks and licences in one call; events; hardware versions; the top of a datastore.
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/client/fake_server.h"
#include "vsphere/error.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

Context soon() {
  return Context().withTimeout(std::chrono::seconds(20));
}

const Moref kTask{"Task", "task-1", {}};
const Moref kGone{"Task", "task-666", {}};
const Moref kScheduled{"ScheduledTask", "schedule-5", {}};
const Moref kManager{"ScheduledTaskManager", "ScheduledTaskManager", {}};
const Moref kVm{"VirtualMachine", "vm-7", {}};
const Moref kBrowser{"HostDatastoreBrowser", "datastoreBrowser-9", {}};

FakeObject runningTask() {
  FakeObject task;
  task.ref = kTask;
  task.properties["info"] = property(
      "info", "TaskInfo",
      "<key>task-1</key>" + reference("task", kTask) +
          "<name>RelocateVM_Task</name><descriptionId>VirtualMachine.relocate</descriptionId>" +
          reference("entity", kVm) +
          "<entityName>web-01</entityName><state>running</state><cancelled>false</cancelled>"
          "<cancelable>true</cancelable><progress>40</progress><reason "
          "xsi:type=\"TaskReasonUser\"><userName>op"
          "</userName></reason><queueTime>2023-12-14T07:29:53Z</queueTime><eventChainId>1</eventChainId>");
  return task;
}

FakeObject scheduledTask() {
  FakeObject task;
  task.ref = kScheduled;
  task.properties["info"] = property(
      "info", "ScheduledTaskInfo",
      "<name>snapshot nightly%2f1</name><description>each night</description><enabled>true</enabled>"
      "<scheduler xsi:type=\"DailyTaskScheduler\"><interval>1</interval><minute>0</minute><hour>22</hour>"
      "</scheduler><action xsi:type=\"MethodAction\"><name>CreateSnapshot_Task</name></action>" +
          reference("scheduledTask", kScheduled) + reference("entity", kVm) +
          "<lastModifiedTime>2023-12-01T00:00:00Z</lastModifiedTime><lastModifiedUser>op</lastModifiedUser>"
          "<nextRunTime>2023-12-14T22:00:00Z</nextRunTime><state>success</state>" +
          reference("taskObject", kVm));
  return task;
}

const std::string freeLicense =
    "<LicenseManagerLicenseInfo><licenseKey>FFFFF-BBBBB-CCCCC-DDDDD-EEEEE</licenseKey><editionKey>esxBasic"
    "</editionKey><name>vSphere Hypervisor</name><total>1</total></LicenseManagerLicenseInfo>";

struct Fixture {
  Fixture() {
    server->licenses =
        property(
            "licenses", "ArrayOfLicenseManagerLicenseInfo",
            "<LicenseManagerLicenseInfo><licenseKey>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</licenseKey><editionKey>"
            "vc.standard</editionKey><name>vCenter 8 Standard</name><total>1</total>"
            "</LicenseManagerLicenseInfo>" +
                freeLicense) +
        "<propSet><name>licenseAssignmentManager</name><val type=\"LicenseAssignmentManager\" "
        "xsi:type=\"ManagedObjectReference\">LicenseAssignmentManager</val></propSet>";
    server->assignedLicenses =
        "<returnval><entityId>host-10</entityId><assignedLicense><licenseKey>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE"
        "</licenseKey><editionKey>esx.enterprisePlus.cpuPackage</editionKey><name>vSphere 8</name><total>8"
        "</total></assignedLicense></returnval>";
    FakeObject manager;
    manager.ref = kManager;
    server->others = {manager, runningTask(), scheduledTask()};
    client = Client::connect(optionsFor(server), credentialsOf(*server), soon());
  }

  std::shared_ptr<FakeServer> server = std::make_shared<FakeServer>();
  std::unique_ptr<Client> client;
};

void checkWhole(const Management& found) {
  BOOST_REQUIRE(found.tasks.size() == 1u);
  BOOST_TEST(found.tasks[0].ref.str() == kTask.str());
  BOOST_TEST(found.tasks[0].descriptionId == "VirtualMachine.relocate");
  BOOST_TEST(*found.tasks[0].progress == 40);
  BOOST_REQUIRE(found.scheduledTasks.size() == 1u);
  const ScheduledTask& scheduled = found.scheduledTasks[0];
  BOOST_TEST(scheduled.ref.str() == kScheduled.str());
  BOOST_TEST(scheduled.entity.str() == kVm.str());
  BOOST_TEST(scheduled.name == "snapshot nightly/1");
  BOOST_TEST(scheduled.description == "each night");
  BOOST_TEST(scheduled.enabled);
  BOOST_TEST(scheduled.action == "CreateSnapshot_Task");
  BOOST_TEST(scheduled.nextRunTime.value_or("") == "2023-12-14T22:00:00Z");
  BOOST_REQUIRE(found.licenses.size() == 3u);
  BOOST_TEST(found.licenses[0].editionKey == "vc.standard");
  BOOST_TEST(found.licenses[1].isFreeEdition());
  BOOST_TEST(found.licenses[2].entityId == "host-10");
  BOOST_TEST(found.unreadable.empty());
}

std::string event(const std::string& type, int key, const std::string& time, const std::string& more = {}) {
  return "<returnval xsi:type=\"" + type + "\"><key>" + std::to_string(key) +
         "</key><chainId>1</chainId><createdTime>" + time +
         "</createdTime><userName>op</userName><vm><name>web-01</name>" + reference("vm", kVm) +
         "</vm><fullFormattedMessage>what happened</fullFormattedMessage>" + more + "</returnval>";
}

std::string searchUpdate(const std::string& members) {
  return "<filterSet><filter type=\"PropertyFilter\">filter-1</filter><objectSet><kind>enter</kind>" +
         reference("obj", kTask) +
         "<changeSet><name>info</name><op>assign</op><val xsi:type=\"TaskInfo\"><key>task-1</key>" +
         reference("task", kTask) +
         "<descriptionId>Datastore.Browser.search</descriptionId><cancelled>false</cancelled>"
         "<cancelable>true</cancelable>" +
         members + "<queueTime>2023-12-14T07:29:53Z</queueTime></val></changeSet></objectSet></filterSet>";
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(managers, Fixture)

BOOST_AUTO_TEST_CASE(tasks_scheduled_tasks_and_licences_take_two_calls) {
  checkWhole(client->readManagement({kTask, kGone}, soon()));
  BOOST_TEST(server->count("RetrievePropertiesEx") == 1u);
  BOOST_TEST(server->count("QueryAssignedLicenses") == 1u);
}

BOOST_AUTO_TEST_CASE(which_host_has_which_licence_is_asked_only_where_one_may_not_write) {
  server->licenses.erase(server->licenses.find(freeLicense), freeLicense.size());
  const Management found = client->readManagement({kTask}, soon());
  BOOST_TEST(found.licenses.size() == 1u);
  BOOST_TEST(!found.licenses[0].isFreeEdition());
  BOOST_TEST(server->count("QueryAssignedLicenses") == 0u);
}

BOOST_AUTO_TEST_CASE(a_task_that_is_gone_is_left_out_also_where_it_fails_the_call) {
  server->reportsMissing = false;
  checkWhole(client->readManagement({kGone, kTask}, soon()));
}

BOOST_AUTO_TEST_CASE(what_may_not_be_read_is_a_hole_and_the_rest_comes) {
  for (FakeObject& object : server->others) {
    if (object.ref == kManager) object.missing["scheduledTask"] = "NoPermission";
    if (object.ref == kTask) {
      object.properties.clear();
      object.missing["info"] = "NoPermission";
    }
  }
  server->meet = [](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method != "QueryAssignedLicenses") return {};
    return faulty("NoPermission", "Permission to perform this operation was denied.",
                  "<privilegeId>Global.Licenses</privilegeId>");
  };
  const Management found = client->readManagement({kTask}, soon());
  BOOST_TEST(found.tasks.empty());
  BOOST_TEST(found.licenses.size() == 2u);
  BOOST_REQUIRE(found.unreadable.size() == 3u);
  for (const Unreadable& hole : found.unreadable) BOOST_TEST(hole.reason == "noPermission");
}

BOOST_AUTO_TEST_CASE(a_session_lost_between_the_calls_is_renewed) {
  server->meet = [this](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method == "QueryAssignedLicenses" && server->count("Login") == 1) server->killSessions();
    return {};
  };
  checkWhole(client->readManagement({kTask}, soon()));
  BOOST_TEST(server->count("Login") == 2u);
}

BOOST_AUTO_TEST_CASE(a_session_lost_between_pages_begins_the_read_anew) {
  server->serverPage = 1;
  server->meet = [this](const Request& request, std::size_t) -> std::optional<Response> {
    if (request.method == "ContinueRetrievePropertiesEx" && server->count("Login") == 1)
      server->killSessions();
    return {};
  };
  checkWhole(client->readManagement({kTask}, soon()));
  BOOST_TEST(server->count("Login") == 2u);
  BOOST_TEST(client->callCounts().pages > 0u);
}

BOOST_AUTO_TEST_CASE(a_manager_that_is_named_but_not_there_is_a_hole) {
  std::erase_if(server->others, [](const FakeObject& object) { return object.ref.type != "Task"; });
  server->reportsMissing = false;
  const Management found = client->readManagement({kTask}, soon());
  BOOST_TEST(found.tasks.size() == 1u);
  BOOST_TEST(found.licenses.size() == 3u);
  BOOST_REQUIRE(found.unreadable.size() == 1u);
  BOOST_TEST(found.unreadable[0].object.str() == kManager.str());
}

BOOST_AUTO_TEST_CASE(a_host_without_scheduled_tasks_has_none_and_no_hole) {
  client.reset();
  server->vcenter = false;
  client = Client::connect(optionsFor(server), credentialsOf(*server), soon());
  const Management found = client->readManagement({}, soon());
  BOOST_TEST(found.scheduledTasks.empty());
  BOOST_TEST(found.unreadable.empty());
  BOOST_TEST(found.licenses.size() == 3u);
}

BOOST_AUTO_TEST_CASE(events_come_oldest_first_with_what_the_rules_need) {
  server->answers["QueryEvents"] =
      event("VmPoweredOnEvent", 12, "2023-12-14T08:00:00Z", "<template>false</template>") +
      event("TaskEvent", 11, "2023-12-14T07:00:00Z",
            "<info><key>task-1</key>" + reference("task", kTask) +
                "<descriptionId>VirtualMachine.createSnapshot</descriptionId><state>success</state></info>") +
      event("EventEx", 13, "2023-12-14T09:30:00+02:00",
            "<eventTypeId>com.vmware.vc.vm.VmStateRevertedToSnapshot</eventTypeId><message>x</message>");
  EventQuery query;
  query.entity = kVm;
  query.since = "2023-12-01T00:00:00Z";
  query.types = {"VmPoweredOnEvent", "TaskEvent"};
  const std::vector<Event> events = client->readEvents(query, soon());
  BOOST_REQUIRE(events.size() == 3u);
  BOOST_TEST(events[0].type == "TaskEvent");
  BOOST_TEST(events[0].descriptionId == "VirtualMachine.createSnapshot");
  BOOST_TEST(events[1].type == "com.vmware.vc.vm.VmStateRevertedToSnapshot");
  BOOST_TEST(events[2].type == "VmPoweredOnEvent");
  BOOST_TEST(events[2].key == 12);
  BOOST_TEST(events[2].userName == "op");
  BOOST_TEST(events[2].text == "what happened");
  BOOST_TEST(events[2].vm.value_or(Moref{}).str() == kVm.str());
  const ReadRequestXml asked = server->requests("QueryEvents").at(0);
  BOOST_TEST(asked.text("recursion") == "self");
  BOOST_TEST(asked.text("beginTime") == query.since);
  BOOST_TEST(asked.texts("eventTypeId") == query.types, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(events_of_what_lies_below_and_of_everything) {
  server->answers["QueryEvents"] = "";
  EventQuery query;
  query.entity = {"Folder", "group-v1", {}};
  query.recursive = true;
  BOOST_TEST(client->readEvents(query, soon()).empty());
  BOOST_TEST(client->readEvents({}, soon()).empty());
  const auto asked = server->requests("QueryEvents");
  BOOST_TEST(asked.at(0).text("recursion") == "all");
  BOOST_TEST(asked.at(1).references("entity").empty());
}

BOOST_AUTO_TEST_CASE(events_are_read_over_a_lost_session_and_a_refusal_is_told) {
  server->answers["QueryEvents"] = event("VmPoweredOnEvent", 12, "2023-12-14T08:00:00Z");
  server->killSessions();
  BOOST_TEST(client->readEvents({}, soon()).size() == 1u);
  server->meet = [](const Request&, std::size_t) {
    return faulty("NoPermission", "Permission to perform this operation was denied.");
  };
  BOOST_CHECK_EXCEPTION(client->readEvents({}, soon()), Failure, [](const Failure& failure) {
    return failure.error().category == Category::notPermitted;
  });
}

BOOST_AUTO_TEST_CASE(the_newest_hardware_version_and_its_guests) {
  server->answers["QueryConfigOptionEx"] =
      "<returnval><version>vmx-19</version><description>ESXi 7.0 U2</description><guestOSDescriptor>"
      "<id>ubuntu64Guest</id><family>linuxGuest</family><fullName>Ubuntu Linux (64-bit)</fullName>"
      "<supportedFirmware>bios</supportedFirmware><supportedFirmware>efi</supportedFirmware>"
      "<supportsSecureBoot>true</supportsSecureBoot></guestOSDescriptor><guestOSDescriptor><id>dosGuest</id>"
      "<family>otherGuestFamily</family><supportedFirmware>bios</supportedFirmware></guestOSDescriptor>"
      "</returnval>";
  const ConfigOption option = client->readConfigOption({"EnvironmentBrowser", "envbrowser-8", {}}, soon());
  BOOST_TEST(option.hardwareVersion == "vmx-19");
  BOOST_REQUIRE(option.guests.size() == 2u);
  BOOST_TEST(option.guests[0].id == "ubuntu64Guest");
  BOOST_TEST(option.guests[0].family == "linuxGuest");
  BOOST_TEST(option.guests[0].fullName == "Ubuntu Linux (64-bit)");
  BOOST_TEST(option.guests[0].firmware.size() == 2u);
  BOOST_TEST(option.guests[0].secureBoot);
  BOOST_TEST(!option.guests[1].secureBoot);
}

BOOST_AUTO_TEST_CASE(a_server_that_offers_no_hardware_version_is_not_taken_for_one_without_guests) {
  server->answers["QueryConfigOptionEx"] = "";
  BOOST_CHECK_THROW(client->readConfigOption({"EnvironmentBrowser", "envbrowser-8", {}}, soon()), Failure);
}

BOOST_AUTO_TEST_CASE(the_top_of_a_datastore_tells_folders_from_files) {
  server->answers["SearchDatastore_Task"] = reference("returnval", kTask);
  server->updates = {searchUpdate(
      "<state>success</state><result xsi:type=\"HostDatastoreBrowserSearchResults\">" +
      reference("datastore", {"Datastore", "datastore-9", {}}) +
      "<folderPath>[vmfs-01]</folderPath><file xsi:type=\"FolderFileInfo\"><path>web-01</path></file>"
      "<file xsi:type=\"IsoImageFileInfo\"><path>boot.iso</path></file><file><path>note.txt</path></file>"
      "</result>")};
  const std::vector<TopFile> top = client->listTop(kBrowser, "vmfs-01", soon());
  BOOST_REQUIRE(top.size() == 3u);
  BOOST_TEST(top[0].name == "boot.iso");
  BOOST_TEST(!top[0].isFolder);
  BOOST_TEST(!top[1].isFolder);
  BOOST_TEST(top[2].name == "web-01");
  BOOST_TEST(top[2].isFolder);
  const ReadRequestXml asked = server->requests("SearchDatastore_Task").at(0);
  BOOST_TEST(asked.self.str() == kBrowser.str());
  BOOST_TEST(asked.text("datastorePath") == "[vmfs-01]");
  BOOST_TEST(asked.text("fileType") == "true");
  BOOST_TEST(asked.text("matchPattern") == "*");
}

BOOST_AUTO_TEST_CASE(a_search_that_fails_is_told_as_its_error) {
  server->answers["SearchDatastore_Task"] = reference("returnval", kTask);
  server->updates = {searchUpdate("<state>error</state><error><fault xsi:type=\"InaccessibleDatastore\">" +
                                  reference("datastore", {"Datastore", "datastore-9", {}}) +
                                  "<name>vmfs-01</name></fault><localizedMessage>The datastore is not "
                                  "accessible.</localizedMessage></error>")};
  BOOST_CHECK_EXCEPTION(client->listTop(kBrowser, "vmfs-01", soon()), Failure, [](const Failure& failure) {
    return failure.error().hasFault("InaccessibleDatastore");
  });
}

BOOST_AUTO_TEST_CASE(an_empty_datastore_has_nothing_at_its_top) {
  server->answers["SearchDatastore_Task"] = reference("returnval", kTask);
  server->updates = {searchUpdate(
      "<state>success</state><result xsi:type=\"HostDatastoreBrowserSearchResults\"><folderPath>[vmfs-01]"
      "</folderPath></result>")};
  BOOST_TEST(client->listTop(kBrowser, "vmfs-01", soon()).empty());
}

namespace {

VmChange twoDisks() {
  VmChange change;
  change.controllers = {{"VirtualLsiLogicSASController", 2, -3}};
  change.disks = {
      {"[vmfs-01] a & b/a.vmdk", {"Datastore", "datastore-9", {}}, "independent_persistent", 1000, 5, 2048},
      {"[vmfs-01] c/c.vmdk", {}, "persistent", -3, 0, 4096}};
  return change;
}

}  // namespace

BOOST_AUTO_TEST_CASE(a_change_is_given_to_vcenter_to_be_judged) {
  server->answers["CheckVmConfig_Task"] = reference("returnval", kTask);
  server->updates = {searchUpdate(
      "<state>success</state><result xsi:type=\"ArrayOfCheckResult\"><CheckResult>" + reference("vm", kVm) +
      "<warning><fault xsi:type=\"VmConfigFault\"/><localizedMessage>Odd.</localizedMessage></warning>"
      "<error><fault xsi:type=\"FileNotFound\"><file>[vmfs-01] c/c.vmdk</file></fault><localizedMessage>It "
      "is not "
      "there.</localizedMessage></error></CheckResult></result>")};
  const auto verdict = client->checkConfig(kVm, twoDisks(), soon());
  BOOST_REQUIRE(verdict);
  BOOST_REQUIRE(verdict->errors.size() == 1u);
  BOOST_TEST(verdict->errors[0].fault == "FileNotFound");
  BOOST_TEST(verdict->errors[0].text.find("not there") != std::string::npos, verdict->errors[0].text);
  BOOST_TEST(verdict->warnings.size() == 1u);
  const ReadRequestXml asked = server->requests("CheckVmConfig_Task").at(0);
  BOOST_TEST(asked.text("vm") == "vm-7");
  BOOST_TEST(asked.text("operation") == "add");
  BOOST_TEST(asked.text("busNumber") == "2");
  BOOST_TEST(asked.text("fileName") == "[vmfs-01] a & b/a.vmdk");
  BOOST_TEST(asked.text("diskMode") == "independent_persistent");
  // A file operation would make or delete a disk.
  BOOST_TEST(asked.text("fileOperation").empty());
}

BOOST_AUTO_TEST_CASE(a_verdict_without_objections_has_none) {
  server->answers["CheckVmConfig_Task"] = reference("returnval", kTask);
  server->updates = {
      searchUpdate("<state>success</state><result xsi:type=\"ArrayOfCheckResult\"><CheckResult>" +
                   reference("vm", kVm) + "</CheckResult></result>")};
  const auto verdict = client->checkConfig(kVm, twoDisks(), soon());
  BOOST_REQUIRE(verdict);
  BOOST_TEST(verdict->errors.empty());
  BOOST_TEST(verdict->warnings.empty());
}

BOOST_AUTO_TEST_CASE(a_vm_that_is_to_be_made_is_judged_by_its_place) {
  server->answers["CheckVmConfig_Task"] = reference("returnval", kTask);
  server->updates = {
      searchUpdate("<state>success</state><result xsi:type=\"ArrayOfCheckResult\"><CheckResult>"
                   "<error><fault "
                   "xsi:type=\"InsufficientResourcesFault\"/><localizedMessage>No.</localizedMessage></error>"
                   "</CheckResult></result>")};
  NewVm vm;
  vm.name = "mt-01";
  vm.files = "[vmfs-01]";
  vm.guestId = "ubuntu64Guest";
  vm.memoryMB = 4096;
  vm.change.options = {{"failback.mark", "1"}};
  const auto verdict = client->checkNewVm(
      {{"Folder", "group-v3", {}}, {"ResourcePool", "resgroup-8", {}}, {"HostSystem", "host-9", {}}}, vm,
      soon());
  BOOST_REQUIRE(verdict);
  BOOST_REQUIRE(verdict->errors.size() == 1u);
  BOOST_TEST(verdict->errors[0].fault == "InsufficientResourcesFault");
  const ReadRequestXml asked = server->requests("CheckVmConfig_Task").at(0);
  BOOST_TEST(asked.text("name") == "mt-01");
  BOOST_TEST(asked.text("vmPathName") == "[vmfs-01]");
  BOOST_TEST(asked.text("key") == "failback.mark");
  BOOST_TEST(asked.text("host") == "host-9");
  BOOST_TEST(asked.text("pool") == "resgroup-8");
  BOOST_TEST(asked.references("vm").empty());
}

BOOST_AUTO_TEST_SUITE_END()
