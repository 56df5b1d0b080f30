// SPDX-License-Identifier: GPL-2.0-or-later
// TaskInfo, and what the server says about itself.
#include "vsphere/binding/decode_task.h"

#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/decode/messages.h"
#include "vsphere/binding/decode_server.h"
#include "vsphere/binding/soap_codec.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

const vim25__ObjectUpdate& update(const _vim25__WaitForUpdatesExResponse& answer, std::size_t index) {
  return *answer.returnval->filterSet.at(0)->objectSet.at(index);
}

// What FetchResponse holds as this type.
template <class T, class Convert>
auto fetched(const std::string& type, const std::string& members, Convert convert) {
  const SoapCodec codec;
  const auto answer = codec.decode<_vim25__FetchResponse>(
      envelope("<FetchResponse xmlns=\"urn:vim25\"><returnval xsi:type=\"" + type + "\">" + members +
               "</returnval></FetchResponse>"),
      {"Fetch", "", 200});
  return convert(dynamic_cast<const T&>(*answer->returnval));
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Tasks)

BOOST_AUTO_TEST_CASE(a_task_that_failed) {
  const SoapCodec codec;
  const auto answer = codec.decode<_vim25__WaitForUpdatesExResponse>(
      message("updates-020-WaitForUpdatesEx.response.xml"), {"WaitForUpdatesEx", "", 200});
  TaskInfo task;
  const auto& change = *update(*answer, 0).changeSet.at(0);
  BOOST_TEST(applyTaskProperty(task, *change.name, change.val));
  BOOST_TEST(task.ref.str() == "Task:task-501");
  BOOST_TEST(task.descriptionId == "VirtualMachine.reconfigure");
  BOOST_TEST(task.name == "ReconfigVM_Task");
  BOOST_TEST(task.entity->value == "vm-41");
  BOOST_TEST(task.entityName == "db-01 / primary");
  BOOST_TEST(task.state == "error");
  BOOST_TEST(task.done());
  // What a newer server put into the middle of the sequence took nothing with it.
  BOOST_TEST(*task.progress == 100);
  BOOST_TEST(task.reason == "TaskReasonUser");
  BOOST_TEST(*task.userName == "VSPHERE.LOCAL\\failback");
  BOOST_TEST(*task.activationId == "fb-1234");
  BOOST_TEST(*task.completeTime == "2026-11-01T10:00:01Z");
  BOOST_REQUIRE(task.error.has_value());
  BOOST_TEST(task.error->fault == "InvalidDeviceSpec");
  BOOST_TEST(task.error->text == "Invalid configuration for device '2'");
  BOOST_TEST(task.error->hasFault("InvalidVmConfig"));
  BOOST_TEST(!task.result.has_value());
}

BOOST_AUTO_TEST_CASE(members_of_a_task_that_change) {
  const SoapCodec codec;
  const auto answer = codec.decode<_vim25__WaitForUpdatesExResponse>(
      message("updates-020-WaitForUpdatesEx.response.xml"), {"WaitForUpdatesEx", "", 200});
  TaskInfo task;
  task.ref = {"Task", "task-502", ""};
  for (const auto* change : update(*answer, 1).changeSet)
    BOOST_TEST(applyTaskProperty(task, *change->name, change->val));
  BOOST_TEST(*task.progress == 45);
  BOOST_TEST(task.state == "running");
  BOOST_TEST(!task.done());
  BOOST_TEST(task.ref.value == "task-502");
  // Unset again, as a finished task does with its percent.
  BOOST_TEST(applyTaskProperty(task, "info.progress", nullptr));
  BOOST_TEST(!task.progress.has_value());
  BOOST_TEST(!applyTaskProperty(task, "info.unheardOf", nullptr));
}

BOOST_AUTO_TEST_CASE(a_task_that_made_something) {
  const TaskInfo task = fetched<vim25__TaskInfo>(
      "TaskInfo",
      "<key>task-7</key><state>success</state><result type=\"VirtualMachine\" "
      "xsi:type=\"ManagedObjectReference\">vm-99</result><reason "
      "xsi:type=\"TaskReasonSchedule\"><name>nightly "
      "snapshot</name><scheduledTask type=\"ScheduledTask\">schedule-1</scheduledTask></reason>",
      decodeTaskInfo);
  BOOST_TEST(task.ref.str() == "Task:task-7");
  BOOST_TEST(task.result->str() == "VirtualMachine:vm-99");
  BOOST_TEST(task.reason == "TaskReasonSchedule");
  BOOST_TEST(*task.reasonName == "nightly snapshot");
  BOOST_TEST(!task.userName.has_value());
}

BOOST_AUTO_TEST_CASE(a_licence_without_its_key) {
  const License licence = fetched<vim25__LicenseManagerLicenseInfo>(
      "LicenseManagerLicenseInfo",
      "<licenseKey>AAAAA-BBBBB-CCCCC-DDDDD-EEEEE</licenseKey><editionKey>esx.enterprisePlus.cpuPackage</"
      "editionKey>"
      "<name>vSphere 8 Enterprise Plus</name><total>8</total><used>4</used><costUnit>cpuPackage</costUnit>"
      "<properties><key>expirationDate</key><value "
      "xsi:type=\"xsd:dateTime\">2027-01-01T00:00:00Z</value></properties>"
      "<properties><key>feature</key><value "
      "xsi:type=\"KeyValue\"><key>vmotion</key><value>vMotion</value></value>"
      "</properties><properties><key>feature</key><value "
      "xsi:type=\"KeyValue\"><key>drs</key><value>DRS</value></value>"
      "</properties>",
      decodeLicense);
  BOOST_TEST(licence.editionKey == "esx.enterprisePlus.cpuPackage");
  BOOST_TEST(licence.total == 8);
  BOOST_TEST(*licence.used == 4);
  BOOST_TEST(*licence.expirationDate == "2027-01-01T00:00:00Z");
  BOOST_TEST((licence.features == std::vector<std::string>{"vmotion", "drs"}));
  for (const std::string& text : {licence.name, licence.editionKey, licence.costUnit, licence.entityId})
    BOOST_TEST(text.find("AAAAA") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_product_of_a_host) {
  const About about = fetched<vim25__AboutInfo>(
      "AboutInfo",
      "<name>VMware ESXi</name><version>7.0.3</version><productLineId>embeddedEsx</productLineId>"
      "<apiType>HostAgent</apiType><apiVersion>7.0.3.0</apiVersion>",
      decodeAbout);
  BOOST_TEST(!about.isVCenter());
  BOOST_TEST(about.apiVersion == "7.0.3.0");
  BOOST_TEST(about.instanceUuid == "");
}

BOOST_AUTO_TEST_SUITE_END()
