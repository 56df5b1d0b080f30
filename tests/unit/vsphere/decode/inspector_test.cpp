// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/message_inspector.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/decode/messages.h"
#include "vsphere/fetch_page.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

bool leavesOut(const MessageReport& report, std::string_view path, std::string_view type) {
  return std::ranges::any_of(report.leftOut,
                             [&](const LeftOut& what) { return what.path == path && what.type == type; });
}

Error refusal(std::string_view message) {
  try {
    inspectMessage(message);
  } catch (const Failure& failure) {
    return failure.error();
  }
  BOOST_FAIL("was read");
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Inspector)

BOOST_AUTO_TEST_CASE(json_has_the_types_of_the_schema) {
  const MessageReport report = inspectMessage(envelope(
      R"(<LoginResponse xmlns="urn:vim25"><returnval><key>5220f274</key><userName>me</userName><fullName>me</fullName>)"
      R"(<loginTime>2026-01-02T03:04:05.678901Z</loginTime><lastActiveTime>2026-01-02T03:04:05Z</lastActiveTime>)"
      R"(<locale>en</locale><messageLocale>en</messageLocale><extensionSession>0</extensionSession><callCount>+7</callCount></returnval></LoginResponse>)"));
  BOOST_TEST(report.message == "LoginResponse");
  BOOST_TEST(report.result["key"] == "5220f274");
  BOOST_TEST(report.result["loginTime"] == "2026-01-02T03:04:05.678901Z");
  BOOST_TEST(report.result["extensionSession"] == false);
  BOOST_TEST(report.result["callCount"] == 7);
  BOOST_TEST(report.leftOut.empty());
}

BOOST_AUTO_TEST_CASE(members_from_the_future_are_named_and_the_rest_is_intact) {
  const MessageReport report = inspectMessage(message("fetch-030-Fetch-VirtualMachine-guest.response.xml"),
                                              message("fetch-030-Fetch-VirtualMachine-guest.request.xml"));
  BOOST_TEST(report.result["_type"] == "GuestInfo");
  BOOST_TEST(report.result["hostName"] == "app-01");
  BOOST_TEST(report.result["disk"][1]["diskPath"] == "R:\\");
  BOOST_TEST(report.result["disk"][1]["capacity"] == 107374182400);
  BOOST_REQUIRE(report.leftOut.size() == 1);
  BOOST_TEST(leavesOut(report, "returnval/moodOfGuest", ""));
}

BOOST_AUTO_TEST_CASE(one_property_fetched_becomes_our_values) {
  const MessageReport report = inspectMessage(message("fetch-030-Fetch-VirtualMachine-guest.response.xml"),
                                              message("fetch-030-Fetch-VirtualMachine-guest.request.xml"));
  BOOST_REQUIRE(report.page.has_value());
  BOOST_REQUIRE(report.page->objects.size() == 1);
  const auto& vm = std::get<VirtualMachine>(report.page->objects[0]);
  BOOST_TEST(vm.ref.value == "vm-77");
  BOOST_TEST(*vm.guestFamily == "windowsGuest");
  BOOST_TEST(vm.guestNics.at(0).ipAddresses.at(0) == "192.0.2.77");
  BOOST_TEST(vm.guestVolumes.size() == 2);
  BOOST_TEST(*vm.toolsRunningStatus == "guestToolsRunning");
}

BOOST_AUTO_TEST_CASE(a_page_of_a_manager_has_no_values_of_ours) {
  const MessageReport report =
      inspectMessage(page("SessionManager", "SessionManager", property("defaultLocale", "xsd:string", "en")));
  BOOST_TEST(!report.page.has_value());
  BOOST_TEST(report.result["objects"][0]["propSet"][0]["val"] == "en");
  BOOST_TEST(inspectMessage(page("QuantumFolder", "group-q1", "")).page->unreadable.size() == 1);
}

BOOST_AUTO_TEST_CASE(types_from_the_future_are_named) {
  const MessageReport report = inspectMessage(message("vms-001-RetrievePropertiesEx.response.xml"));
  BOOST_TEST(
      leavesOut(report, "returnval/objects[0]/propSet[12]/val/VirtualDevice[11]", "VirtualTeleporter"));
  BOOST_TEST(leavesOut(report, "returnval/objects[0]/propSet[12]/val/VirtualDevice[8]/backing",
                       "VirtualDiskHolographicBackingInfo"));
  BOOST_TEST(leavesOut(report, "returnval/objects[0]/propSet[12]/val/VirtualDevice[11]/range", ""));
  const auto& devices = report.result["objects"][0]["propSet"][12]["val"];
  BOOST_TEST(devices["_type"] == "ArrayOfVirtualDevice");
  BOOST_TEST(devices["_value"][1]["_type"] == "VirtualLsiLogicSASController");
  BOOST_TEST(devices["_value"][11]["_type"] == "VirtualTeleporter");
  BOOST_TEST(devices["_value"][11]["unitNumber"] == 30);
  BOOST_TEST(report.page->objects.size() == 2);
}

BOOST_AUTO_TEST_CASE(faults_are_shown) {
  const MessageReport report = inspectMessage(message("fault-010-CreateVM_Task.response.xml"));
  BOOST_TEST(report.message == "Fault");
  BOOST_REQUIRE(report.fault.has_value());
  BOOST_TEST(report.fault->fault == "DuplicateName");
  BOOST_TEST(report.faultDetail["_type"] == "DuplicateName");
  BOOST_TEST(report.faultDetail["object"]["value"] == "vm-17");
  const auto json = toJson(*report.fault);
  BOOST_TEST(json["category"] == "conflict");
  BOOST_TEST(json["details"]["name"] == "web-01");
  BOOST_TEST(!json["details"].contains("method"));
}

BOOST_AUTO_TEST_CASE(requests_are_read_too_and_show_no_password) {
  const MessageReport report = inspectMessage(envelope(
      R"(<Login xmlns="urn:vim25"><_this type="SessionManager">SessionManager</_this><userName>me</userName><password>hunter2</password></Login>)"));
  BOOST_TEST(report.message == "Login");
  BOOST_TEST(report.result["userName"] == "me");
  BOOST_TEST(report.result["password"] == "***");
  BOOST_TEST(report.result.dump().find("hunter2") == std::string::npos);
  // As govc writes it: a prefix in xsi:type that nobody declared.
  const MessageReport search = inspectMessage(
      R"(<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><FindByUuid xmlns="urn:vim25"><_this type="SearchIndex">SearchIndex</_this><uuid>4220</uuid><vmSearch>true</vmSearch></FindByUuid></Body></Envelope>)");
  BOOST_TEST(search.result["vmSearch"] == true);
}

BOOST_AUTO_TEST_CASE(the_versions_file) {
  const MessageReport report = inspectMessage(
      R"(<?xml version="1.0"?><namespaces version="1.0"><namespace><name>urn:vim25</name><version>uA1</version><priorVersions><version>8.0.2.0</version></priorVersions></namespace><namespace><name>urn:sms</name><version>5.0</version></namespace></namespaces>)");
  BOOST_TEST(report.message == "namespaces");
  BOOST_TEST(report.result["version"] == "uA1");
  BOOST_TEST(report.result["priorVersions"][0] == "8.0.2.0");
  BOOST_TEST(leavesOut(report, "namespace[1]", "urn:sms"));
}

BOOST_AUTO_TEST_CASE(what_cannot_be_read_is_refused_with_its_place) {
  BOOST_TEST(refusal("").text == "the message is empty");
  BOOST_TEST(refusal("<html><p>Login</p></html>").text.find("element html") != std::string::npos);
  const std::string good = message("vms-001-RetrievePropertiesEx.response.xml");
  const Error cut = refusal(good.substr(0, good.size() / 2));
  BOOST_TEST((cut.category == Category::malformedAnswer));
  BOOST_TEST(cut.text.starts_with("line "));
  BOOST_TEST(refusal(envelope("<Login2Response xmlns=\"urn:vim25\"/>")).text.find("Login2Response") !=
             std::string::npos);
  BOOST_TEST(refusal(envelope("<LoginResponse xmlns=\"urn:other\"/>")).text.find("line 7") !=
             std::string::npos);
  const Error number =
      refusal(envelope("<LoginResponse "
                       "xmlns=\"urn:vim25\"><returnval><key>1</key>\n<callCount>many</callCount></"
                       "returnval></LoginResponse>"));
  BOOST_TEST(number.text == "line 8: returnval/callCount: \"many\" is no xsd:long");
}

BOOST_AUTO_TEST_CASE(a_page_with_a_bad_value_is_read_but_for_it) {
  std::string bad = message("vms-001-RetrievePropertiesEx.response.xml");
  bad.replace(bad.find(">16384<"), 7, ">plenty<");
  const MessageReport report = inspectMessage(bad);
  BOOST_REQUIRE(report.page.has_value());
  BOOST_TEST(report.page->objects.size() == 2);
  BOOST_REQUIRE(report.leftOut.size() == 1);
  BOOST_TEST(report.leftOut[0].reason == "malformed: \"plenty\" is no xsd:int");
  BOOST_TEST(report.leftOut[0].path.starts_with("returnval/objects[0]/propSet["));
}

BOOST_AUTO_TEST_CASE(a_fetch_of_nothing_of_ours_gives_no_page) {
  BOOST_TEST(pageOfFetch(envelope("<FetchResponse xmlns=\"urn:vim25\"/>"),
                         message("fetch-030-Fetch-VirtualMachine-guest.request.xml"))
                 .empty());
  BOOST_TEST(pageOfFetch(message("fetch-030-Fetch-VirtualMachine-guest.response.xml"), "").empty());
}

BOOST_AUTO_TEST_SUITE_END()
