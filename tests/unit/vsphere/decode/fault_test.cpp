// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/fault_decoder.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/unit/vsphere/decode/messages.h"
#include "vsphere/binding/soap_codec.h"
#include "vsphere/fault_names.h"
#include "wsdl/schema.h"

using namespace failback;
using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

// The error that a caller gets for this answer.
Error errorOf(const std::string& body) {
  const SoapCodec codec;
  try {
    codec.decode<_vim25__LoginResponse>(body, {"Login", "SessionManager:SessionManager", 500});
  } catch (const Failure& failure) {
    return failure.error();
  }
  BOOST_FAIL("no failure");
  return {};
}

std::string faultBody(const std::string& text, const std::string& type, const std::string& members,
                      const std::string& element = "Fault") {
  return envelope("<soapenv:Fault><faultcode>ServerFaultCode</faultcode><faultstring>" + text +
                  "</faultstring><detail><" + element + " xmlns=\"urn:vim25\" xsi:type=\"" + type + "\">" +
                  members + "</" + element + "></detail></soapenv:Fault>");
}

Error faultOf(const std::string& type, const std::string& members = {}, const std::string& text = {}) {
  return errorOf(faultBody(text, type, members));
}

std::string detail(const Error& error, std::string_view name) {
  for (const auto& [key, value] : error.details)
    if (key == name) return value;
  return "(none)";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Faults)

BOOST_AUTO_TEST_CASE(every_row_names_a_fault_of_the_api) {
  std::set<std::string_view> names;
  for (const FaultRow& row : faultTable()) {
    BOOST_TEST((row.name == "MethodFault" || vim25::isA(row.name, "MethodFault")), row.name);
    BOOST_TEST(names.insert(row.name).second, row.name);
    BOOST_TEST(!row.sentence.ends_with('.'), row.name);
    BOOST_TEST(!row.remedy.ends_with('.'), row.name);
  }
}

BOOST_AUTO_TEST_CASE(categories_follow_the_nearest_ancestor) {
  BOOST_TEST((categoryOfFault("NotAuthenticated") == Category::notAuthenticated));
  BOOST_TEST((categoryOfFault("NoPermission") == Category::notPermitted));
  BOOST_TEST((categoryOfFault("InvalidDeviceSpec") == Category::invalidArgument));
  BOOST_TEST((categoryOfFault("InvalidController") == Category::invalidArgument));
  BOOST_TEST((categoryOfFault("InsufficientHostMemoryCapacityFault") == Category::insufficient));
  BOOST_TEST((categoryOfFault("VAppTaskInProgress") == Category::busy));
  BOOST_TEST((categoryOfFault("RestrictedVersion") == Category::licence));
  BOOST_TEST((categoryOfFault("LicenseExpired") == Category::licence));
  BOOST_TEST((categoryOfFault("CpuIncompatible") == Category::unsupported));
  BOOST_TEST((categoryOfFault("NetworkCopyFault") == Category::fault));
  BOOST_TEST((categoryOfFault("FaultOfTheYear3000") == Category::fault));
}

BOOST_AUTO_TEST_CASE(no_permission_says_what_and_where) {
  const Error error = errorOf(message("fault-011-ReconfigVM_Task.response.xml"));
  BOOST_TEST((error.category == Category::notPermitted));
  BOOST_TEST(error.fault == "NoPermission");
  BOOST_TEST(error.privilege == "Datastore.AllocateSpace");
  BOOST_TEST(error.object.str() == "Datastore:datastore-11");
  BOOST_TEST(error.text == "Permission to perform this operation was denied");
  BOOST_TEST(!error.remedy.empty());
}

BOOST_AUTO_TEST_CASE(without_a_text_of_the_servers_one_is_made) {
  const Error error = errorOf(message("fault-010-CreateVM_Task.response.xml"));
  BOOST_TEST((error.category == Category::conflict));
  BOOST_TEST(error.text == "The name is taken in this place (name: web-01, object: VirtualMachine:vm-17)");
  BOOST_TEST(detail(error, "name") == "web-01");
  BOOST_TEST(error.object.value == "vm-17");
}

BOOST_AUTO_TEST_CASE(members_that_say_more) {
  const Error spec =
      faultOf("InvalidDeviceSpec",
              "<property>virtualDeviceSpec.device.unitNumber</property><deviceIndex>2</deviceIndex>");
  BOOST_TEST(detail(spec, "property") == "virtualDeviceSpec.device.unitNumber");
  BOOST_TEST(detail(spec, "deviceIndex") == "2");
  const Error power =
      faultOf("InvalidPowerState",
              "<requestedState>poweredOff</requestedState><existingState>poweredOff</existingState>");
  BOOST_TEST((power.category == Category::invalidState));
  BOOST_TEST(detail(power, "existingState") == "poweredOff");
  BOOST_TEST(detail(faultOf("InvalidArgument", "<invalidProperty>spec.name</invalidProperty>"),
                    "invalidProperty") == "spec.name");
  BOOST_TEST(detail(faultOf("FileNotFound", "<file>[ds1] a/a.vmdk</file>"), "file") == "[ds1] a/a.vmdk");
  const Error space = faultOf("NoDiskSpace", "<file>[ds1] a</file><datastore>ds1</datastore>");
  BOOST_TEST((space.category == Category::insufficient));
  BOOST_TEST(detail(space, "datastore") == "ds1");
  const Error memory = faultOf("InsufficientMemoryResourcesFault",
                               "<unreserved>1073741824</unreserved><requested>8589934592</requested>");
  BOOST_TEST(detail(memory, "requested") == "8589934592");
  BOOST_TEST(detail(faultOf("InvalidProperty", "<name>config.bogus</name>"), "name") == "config.bogus");
  BOOST_TEST(faultOf("ManagedObjectNotFound", "<obj type=\"VirtualMachine\">vm-9</obj>").object.value ==
             "vm-9");
  BOOST_TEST(detail(faultOf("TaskInProgress", "<task type=\"Task\">task-3</task>"), "task") == "Task:task-3");
  BOOST_TEST(detail(faultOf("MethodDisabled", "<source>com.backup</source>"), "source") == "com.backup");
}

BOOST_AUTO_TEST_CASE(causes_below_a_fault) {
  const Error error = faultOf(
      "GenericVmConfigFault",
      "<faultCause><fault xsi:type=\"FileLocked\"><faultMessage><key>vob.lock</key>"
      "<message>Lock held by esx-02.</message></faultMessage><file>[ds1] a/a.vmdk</file></fault>"
      "<localizedMessage>Failed to lock the file</localizedMessage></faultCause>"
      "<faultMessage><key>msg.disk.noBackEnd</key><message>Cannot open the disk.</message></faultMessage>"
      "<reason>Cannot open</reason>",
      "Cannot open the disk.");
  BOOST_TEST(error.hasFault("GenericVmConfigFault"));
  BOOST_TEST(error.hasFault("FileLocked"));
  // A fault is also what it is derived from.
  BOOST_TEST(error.hasFault("FileFault"));
  BOOST_TEST(!error.hasFault("NoPermission"));
  BOOST_TEST(error.hasCategory(Category::busy));
  // The server's own sentence, repeated as a message, is not shown twice.
  BOOST_REQUIRE(error.causes.size() == 1);
  BOOST_TEST(error.causes[0].text == "Failed to lock the file");
  BOOST_TEST(error.causes[0].causes.at(0).text == "Lock held by esx-02");
}

BOOST_AUTO_TEST_CASE(a_fault_known_to_the_api_but_not_to_the_subset) {
  const Error error =
      faultOf("DisallowedDiskModeChange", "<property>diskMode</property><deviceIndex>1</deviceIndex>");
  BOOST_TEST(error.fault == "DisallowedDiskModeChange");
  BOOST_TEST((error.category == Category::invalidArgument));
  BOOST_TEST(detail(error, "deviceIndex") == "1");
  BOOST_TEST(error.hasFault("InvalidDeviceSpec"));
}

BOOST_AUTO_TEST_CASE(a_fault_newer_than_the_api_that_we_know) {
  const Error error = errorOf(message("fault-012-PowerOnVM_Task.response.xml"));
  BOOST_TEST(error.fault == "OrbitFault");
  BOOST_TEST((error.category == Category::fault));
  BOOST_TEST(error.text == "A general system error occurred: Invalid orbit");
  BOOST_TEST(error.hasFault("OrbitFault"));
  BOOST_TEST(error.hasFault("FileLocked"));
}

BOOST_AUTO_TEST_CASE(a_fault_without_detail) {
  const Error error = errorOf(message("fault-013-RetrieveServiceContent.response.xml"));
  BOOST_TEST(error.fault == "");
  BOOST_TEST(error.text == "The request is odd");
  BOOST_TEST((error.category == Category::fault));
}

BOOST_AUTO_TEST_CASE(the_elements_name_does_not_matter) {
  for (const char* element : {"InvalidLoginFault", "InvalidLogin", "Fault", "anything"}) {
    const Error error = errorOf(faultBody("Cannot complete login.", "InvalidLogin", "", element));
    BOOST_TEST((error.category == Category::loginRefused), element);
    BOOST_TEST(error.fault == "InvalidLogin");
  }
}

BOOST_AUTO_TEST_CASE(bad_members_do_not_hide_a_fault) {
  BOOST_CHECK_THROW(throw Failure(faultOf("InvalidDeviceSpec", "<deviceIndex>two</deviceIndex>", "Bad")),
                    Failure);
}

BOOST_AUTO_TEST_SUITE_END()
