// SPDX-License-Identifier: GPL-2.0-or-later
// A fault is told by its xsi:type, whatever the element around it is called.
#include <boost/test/unit_test.hpp>

#include <string>

#include "tests/unit/wsdl/message.h"
#include "vim25/soapH.h"
#include "wsdl/schema.h"
#include "wsdl/vim_hooks.h"

using namespace failback::vim25;
using namespace failback::vim25::test;

namespace {

std::string faultAnswer(const std::string& detail) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><soapenv:Fault>
<faultcode>ServerFaultCode</faultcode><faultstring>Text for people.</faultstring>)" +
         detail + "</soapenv:Fault></soapenv:Body></soapenv:Envelope>";
}

struct DecodedFault {
  Codec codec;
  _vim25__PowerOnVM_USCORETaskResponse response;

  explicit DecodedFault(const std::string& detail) {
    const Outcome outcome = codec.decode<vim25__PowerOnVMRequestType>(faultAnswer(detail), response);
    BOOST_REQUIRE_MESSAGE(outcome == Outcome::kFault, codec.error());
    BOOST_CHECK_EQUAL(codec.faultString(), "Text for people.");
  }

  template <class T>
  const T& as() {
    const auto* typed = dynamic_cast<const T*>(codec.fault());
    BOOST_REQUIRE_MESSAGE(typed != nullptr,
                          "got " << (codec.fault() == nullptr ? "nothing" : wireTypeName(*codec.fault())));
    return *typed;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(a_declared_fault_brings_its_members) {
  DecodedFault fault(R"(<detail><NoPermissionFault xmlns="urn:vim25" xsi:type="NoPermission">
<object type="Folder">group-v3</object><privilegeId>VirtualMachine.Inventory.Create</privilegeId>
</NoPermissionFault></detail>)");
  const auto& noPermission = fault.as<vim25__NoPermission>();
  BOOST_REQUIRE(noPermission.object != nullptr);
  BOOST_CHECK_EQUAL(noPermission.object->__item, "group-v3");
  BOOST_CHECK_EQUAL(noPermission.privilegeId.value_or(""), "VirtualMachine.Inventory.Create");
  BOOST_CHECK_EQUAL(wireTypeName(noPermission), "NoPermission");
}

BOOST_AUTO_TEST_CASE(an_element_of_any_name_will_do) {
  DecodedFault fault(R"(<detail><Fault xmlns="urn:vim25" xsi:type="InvalidPowerState">
<requestedState>poweredOff</requestedState><existingState>poweredOff</existingState></Fault></detail>)");
  BOOST_CHECK_EQUAL(fault.as<vim25__InvalidPowerState>().existingState.value_or(""), "poweredOff");
}

BOOST_AUTO_TEST_CASE(a_simulators_own_prefix_for_the_type_will_do) {
  DecodedFault fault(
      R"(<detail><Fault xmlns="urn:vim25" xmlns:_XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance"
 _XMLSchema-instance:type="ManagedObjectNotFound"><obj type="VirtualMachine">vm-9</obj></Fault></detail>)");
  const auto& notFound = fault.as<vim25__ManagedObjectNotFound>();
  BOOST_REQUIRE(notFound.obj != nullptr);
  BOOST_CHECK_EQUAL(notFound.obj->__item, "vm-9");
}

BOOST_AUTO_TEST_CASE(a_fault_without_a_class_keeps_its_name_and_its_ancestors_members) {
  DecodedFault fault(
      R"(<detail><x xmlns="urn:vim25" xsi:type="FileNotWritable"><file>[ds1] a/a.vmdk</file></x></detail>)");
  BOOST_CHECK_EQUAL(fault.as<vim25__FileFault>().file.value_or(""), "[ds1] a/a.vmdk");
  BOOST_CHECK_EQUAL(wireTypeName(*fault.codec.fault()), "FileNotWritable");
  BOOST_CHECK_EQUAL(degradedFrom(*fault.codec.fault()), "FileNotWritable");
  BOOST_CHECK(isA(wireTypeName(*fault.codec.fault()), "VimFault"));
}

BOOST_AUTO_TEST_CASE(a_fault_newer_than_everything_keeps_its_name) {
  DecodedFault fault(R"(<detail><x xmlns="urn:vim25" xsi:type="QuantumFault"><spin>up</spin></x></detail>)");
  BOOST_REQUIRE(fault.codec.fault() != nullptr);
  BOOST_CHECK_EQUAL(wireTypeName(*fault.codec.fault()), "QuantumFault");
}

BOOST_AUTO_TEST_CASE(the_chain_of_causes_is_typed) {
  DecodedFault fault(R"(<detail><f xmlns="urn:vim25" xsi:type="GenericVmConfigFault">
<faultCause><fault xsi:type="FileLocked"><file>[ds1] b.vmdk</file></fault><localizedMessage>locked</localizedMessage></faultCause>
<faultMessage><key>msg.disk.locked</key><arg><key>1</key><value xsi:type="xsd:string">b</value></arg><message>in use</message></faultMessage>
<reason>cannot open</reason></f></detail>)");
  const auto& generic = fault.as<vim25__GenericVmConfigFault>();
  BOOST_CHECK_EQUAL(generic.reason.value_or(""), "cannot open");
  BOOST_REQUIRE(generic.faultCause != nullptr);
  BOOST_CHECK_EQUAL(generic.faultCause->localizedMessage.value_or(""), "locked");
  const auto* cause = dynamic_cast<const vim25__FileLocked*>(generic.faultCause->fault);
  BOOST_REQUIRE(cause != nullptr);
  BOOST_CHECK_EQUAL(cause->file.value_or(""), "[ds1] b.vmdk");
  BOOST_REQUIRE_EQUAL(generic.faultMessage.size(), 1U);
  BOOST_CHECK_EQUAL(generic.faultMessage[0]->message.value_or(""), "in use");
}

BOOST_AUTO_TEST_CASE(a_detail_may_be_missing_empty_or_text) {
  for (const std::string detail : {"", "<detail/>", "<detail></detail>", "<detail>some words</detail>"}) {
    DecodedFault fault(detail);
    BOOST_CHECK_MESSAGE(fault.codec.fault() == nullptr, detail);
  }
}

BOOST_AUTO_TEST_CASE(a_detail_with_more_than_one_element_gives_the_first) {
  DecodedFault fault(
      R"(<detail><f xmlns="urn:vim25" xsi:type="InvalidLogin"/><trace>stack</trace></detail>)");
  BOOST_CHECK_EQUAL(wireTypeName(fault.as<vim25__InvalidLogin>()), "InvalidLogin");
}

BOOST_AUTO_TEST_CASE(a_fault_inside_a_good_answer_is_typed_too) {
  const std::string answer = R"(<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><e:Body><RetrievePropertiesExResponse xmlns="urn:vim25"><returnval>
<objects><obj type="VirtualMachine">vm-1</obj><missingSet><path>config</path><fault>
<fault xsi:type="NotAuthenticated"><object type="Folder">group-d1</object><privilegeId>System.Read</privilegeId></fault>
<localizedMessage>The session is not authenticated.</localizedMessage></fault></missingSet></objects>
</returnval></RetrievePropertiesExResponse></e:Body></e:Envelope>)";
  Codec codec;
  _vim25__RetrievePropertiesExResponse response;
  BOOST_REQUIRE(codec.decode<vim25__RetrievePropertiesExRequestType>(answer, response) == Outcome::kResponse);
  BOOST_REQUIRE_EQUAL(response.returnval->objects[0]->missingSet.size(), 1U);
  const auto* fault = response.returnval->objects[0]->missingSet[0]->fault->fault;
  BOOST_REQUIRE(fault != nullptr);
  BOOST_CHECK_EQUAL(wireTypeName(*fault), "NotAuthenticated");
  BOOST_CHECK(isA(wireTypeName(*fault), "RuntimeFault"));
  const auto* noPermission = dynamic_cast<const vim25__NoPermission*>(fault);
  BOOST_REQUIRE(noPermission != nullptr);
  BOOST_CHECK_EQUAL(noPermission->privilegeId.value_or(""), "System.Read");
}

BOOST_AUTO_TEST_CASE(a_server_can_send_a_fault_that_has_no_class) {
  Codec codec;
  auto* const fault = codec.make<vim25__FileFault>();
  fault->file = "[ds1] a.vmdk";
  setWireType(*codec.context(), *fault, "FileNotWritable");
  struct SOAP_ENV__Detail detail {};
  detail.__fault = fault;
  std::string document = codec.encodeDetail(detail);
  BOOST_CHECK_NE(document.find("FileNotWritableFault"), std::string::npos);
  DecodedFault got(document);
  BOOST_CHECK_EQUAL(got.as<vim25__FileFault>().file.value_or(""), "[ds1] a.vmdk");
  BOOST_CHECK_EQUAL(wireTypeName(*got.codec.fault()), "FileNotWritable");
}
