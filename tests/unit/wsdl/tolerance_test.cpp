// SPDX-License-Identifier: GPL-2.0-or-later
// What a newer, older or odd server may send must not cost more than the piece that is odd.
#include <boost/test/unit_test.hpp>

#include <string>

#include "tests/unit/wsdl/message.h"
#include "wsdl/vim_hooks.h"

using namespace failback::vim25;
using namespace failback::vim25::test;

namespace {

std::string envelope(const std::string& body) {
  return R"(<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"
 xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>)" +
         body + "</soapenv:Body></soapenv:Envelope>";
}

// An answer of RetrievePropertiesEx with one object and one property.
std::string propertyAnswer(const std::string& val) {
  return envelope(R"(<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects>
<obj type="VirtualMachine">vm-42</obj><propSet><name>x</name>)" +
                  val + "</propSet></objects></returnval></RetrievePropertiesExResponse>");
}

struct Decoded {
  Codec codec;
  _vim25__RetrievePropertiesExResponse response;

  explicit Decoded(const std::string& document) {
    const Outcome outcome = codec.decode<vim25__RetrievePropertiesExRequestType>(document, response);
    BOOST_REQUIRE_MESSAGE(outcome == Outcome::kResponse, codec.error());
  }

  xsd__anyType* val() {
    BOOST_REQUIRE(response.returnval != nullptr);
    BOOST_REQUIRE_EQUAL(response.returnval->objects.size(), 1U);
    BOOST_REQUIRE_EQUAL(response.returnval->objects[0]->propSet.size(), 1U);
    return response.returnval->objects[0]->propSet[0]->val;
  }
};

}  // namespace

BOOST_AUTO_TEST_CASE(an_unknown_enum_in_a_property_keeps_its_text_and_its_type_name) {
  Decoded d(propertyAnswer(R"(<val xsi:type="VirtualMachinePowerState">poweredSideways</val>)"));
  auto* text = dynamic_cast<xsd__string_*>(d.val());
  BOOST_REQUIRE(text != nullptr);
  BOOST_CHECK_EQUAL(text->__item, "poweredSideways");
  BOOST_CHECK_EQUAL(degradedFrom(*text), "VirtualMachinePowerState");
}

BOOST_AUTO_TEST_CASE(an_event_without_a_class_becomes_its_nearest_ancestor_and_keeps_its_name) {
  Decoded d(propertyAnswer(R"(<val xsi:type="VmSuspendedEvent"><key>7</key><chainId>3</chainId>
<createdTime>2026-01-02T03:04:05.123456789Z</createdTime><userName>svc-backup</userName>
<vm><name>db-01</name><vm type="VirtualMachine">vm-42</vm></vm><template>false</template></val>)"));
  auto* event = dynamic_cast<vim25__VmEvent*>(d.val());
  BOOST_REQUIRE(event != nullptr);
  BOOST_CHECK_EQUAL(event->chainId.value_or(0), 3);
  BOOST_CHECK_EQUAL(event->createdTime.value_or(""), "2026-01-02T03:04:05.123456789Z");
  BOOST_REQUIRE(event->vm != nullptr);
  BOOST_CHECK_EQUAL(event->vm->name.value_or(""), "db-01");
  BOOST_CHECK_EQUAL(degradedFrom(*event), "VmSuspendedEvent");
}
