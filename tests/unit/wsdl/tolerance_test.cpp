// SPDX-License-Identifier: GPL-2.0-or-later
// What a newer, older or odd server may send must not cost more than the piece that is odd.
#include <boost/test/unit_test.hpp>

#include <string>

#include "tests/unit/wsdl/message.h"
#include "vim25/soapH.h"
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

BOOST_AUTO_TEST_CASE(subtypes_in_a_list_become_their_classes) {
  Decoded d(propertyAnswer(R"(<val xsi:type="ArrayOfVirtualDevice">
<VirtualDevice xsi:type="ParaVirtualSCSIController"><key>1000</key><busNumber>0</busNumber></VirtualDevice>
<VirtualDevice xsi:type="VirtualDisk"><key>2000</key><controllerKey>1000</controllerKey><unitNumber>0</unitNumber>
<backing xsi:type="VirtualDiskFlatVer2BackingInfo"><fileName>[ds1] a/a-000001.vmdk</fileName>
<parent><fileName>[ds1] a/a.vmdk</fileName></parent></backing>
<capacityInKB>1048576</capacityInKB><capacityInBytes>1073741824</capacityInBytes></VirtualDevice></val>)"));
  auto* array = dynamic_cast<vim25__ArrayOfVirtualDevice*>(d.val());
  BOOST_REQUIRE(array != nullptr);
  BOOST_REQUIRE_EQUAL(array->VirtualDevice.size(), 2U);
  BOOST_CHECK(dynamic_cast<vim25__ParaVirtualSCSIController*>(array->VirtualDevice[0]) != nullptr);
  auto* disk = dynamic_cast<vim25__VirtualDisk*>(array->VirtualDevice[1]);
  BOOST_REQUIRE(disk != nullptr);
  BOOST_CHECK_EQUAL(disk->capacityInBytes.value_or(0), 1073741824);
  auto* backing = dynamic_cast<vim25__VirtualDiskFlatVer2BackingInfo*>(disk->backing);
  BOOST_REQUIRE(backing != nullptr);
  BOOST_REQUIRE(backing->parent != nullptr);
  BOOST_CHECK_EQUAL(backing->parent->fileName.value_or(""), "[ds1] a/a.vmdk");
  BOOST_CHECK(degradedFrom(*disk).empty());
  BOOST_CHECK_EQUAL(wireTypeName(*disk), "VirtualDisk");
}

BOOST_AUTO_TEST_CASE(a_device_newer_than_everything_is_a_device_with_its_name_kept) {
  Decoded d(propertyAnswer(R"(<val xsi:type="ArrayOfVirtualDevice">
<VirtualDevice xsi:type="VirtualQuantumController"><key>9000</key><qubits>4096</qubits>
<deviceInfo><label>Quantum 0</label><summary>new</summary></deviceInfo></VirtualDevice>
<VirtualDevice xsi:type="VirtualCdrom"><key>3000</key></VirtualDevice></val>)"));
  auto* array = dynamic_cast<vim25__ArrayOfVirtualDevice*>(d.val());
  BOOST_REQUIRE(array != nullptr);
  BOOST_REQUIRE_EQUAL(array->VirtualDevice.size(), 2U);
  const vim25__VirtualDevice& unknown = *array->VirtualDevice[0];
  BOOST_CHECK_EQUAL(unknown.key.value_or(0), 9000);
  BOOST_REQUIRE(unknown.deviceInfo != nullptr);
  BOOST_CHECK_EQUAL(unknown.deviceInfo->label.value_or(""), "Quantum 0");
  BOOST_CHECK_EQUAL(degradedFrom(unknown), "VirtualQuantumController");
  BOOST_CHECK_EQUAL(wireTypeName(*array->VirtualDevice[1]), "VirtualCdrom");
}

BOOST_AUTO_TEST_CASE(a_backing_newer_than_everything_leaves_the_disk_whole) {
  Decoded d(propertyAnswer(
      R"(<val xsi:type="ArrayOfVirtualDevice"><VirtualDevice xsi:type="VirtualDisk"><key>2000</key>
<backing xsi:type="VirtualDiskCloudBackingInfo"><bucket>b</bucket><fileName>[c] x.vmdk</fileName></backing>
<capacityInKB>7</capacityInKB></VirtualDevice></val>)"));
  auto* array = dynamic_cast<vim25__ArrayOfVirtualDevice*>(d.val());
  BOOST_REQUIRE(array != nullptr && array->VirtualDevice.size() == 1);
  auto* disk = dynamic_cast<vim25__VirtualDisk*>(array->VirtualDevice[0]);
  BOOST_REQUIRE(disk != nullptr);
  BOOST_CHECK_EQUAL(disk->capacityInKB.value_or(0), 7);
  BOOST_REQUIRE(disk->backing != nullptr);
  BOOST_CHECK_EQUAL(degradedFrom(*disk->backing), "VirtualDiskCloudBackingInfo");
}

BOOST_AUTO_TEST_CASE(a_new_member_in_the_middle_of_a_sequence_costs_nothing) {
  // Real: 8.0 U1 put guestDetailedData between members that 8.0 has.
  Decoded d(propertyAnswer(R"(<val xsi:type="GuestInfo"><toolsStatus>toolsOk</toolsStatus>
<guestFullName>Other Linux</guestFullName><guestDetailedData>bitness='64'</guestDetailedData><hostName>db-01</hostName>
<ipAddress>10.0.0.5</ipAddress><guestState>running</guestState></val>)"));
  auto* guest = dynamic_cast<vim25__GuestInfo*>(d.val());
  BOOST_REQUIRE(guest != nullptr);
  BOOST_CHECK_EQUAL(guest->hostName.value_or(""), "db-01");
  BOOST_CHECK_EQUAL(guest->ipAddress.value_or(""), "10.0.0.5");
  BOOST_CHECK_EQUAL(guest->guestState.value_or(""), "running");
}

BOOST_AUTO_TEST_CASE(members_may_come_in_any_order_with_anything_between) {
  Decoded d(propertyAnswer(R"(<val xsi:type="VirtualMachineSummary" future="yes"><!-- a comment -->
<future><deep><deeper attribute="a > b"><![CDATA[</future>]]></deeper></deep></future><?pi data?>
<overallStatus>green</overallStatus>
<config><name>db-01</name><unknown xsi:type="Unknown">1</unknown><template>false</template></config>
<vm type="VirtualMachine">vm-42</vm></val>)"));
  auto* summary = dynamic_cast<vim25__VirtualMachineSummary*>(d.val());
  BOOST_REQUIRE(summary != nullptr);
  BOOST_REQUIRE(summary->vm != nullptr);
  BOOST_CHECK_EQUAL(summary->vm->__item, "vm-42");
  BOOST_CHECK_EQUAL(summary->overallStatus.value_or(""), "green");
  BOOST_REQUIRE(summary->config != nullptr);
  BOOST_CHECK_EQUAL(summary->config->name.value_or(""), "db-01");
}

BOOST_AUTO_TEST_CASE(an_unknown_enum_in_a_member_keeps_its_text) {
  Decoded d(
      propertyAnswer(R"(<val xsi:type="VirtualMachineRuntimeInfo"><connectionState>entangled</connectionState>
<powerState>poweredOn</powerState></val>)"));
  auto* runtime = dynamic_cast<vim25__VirtualMachineRuntimeInfo*>(d.val());
  BOOST_REQUIRE(runtime != nullptr);
  BOOST_CHECK_EQUAL(runtime->connectionState.value_or(""), "entangled");
}

BOOST_AUTO_TEST_CASE(a_mandatory_member_that_is_missing_is_missing_not_zero) {
  Decoded d(propertyAnswer(R"(<val xsi:type="VirtualMachineRuntimeInfo"/>)"));
  auto* runtime = dynamic_cast<vim25__VirtualMachineRuntimeInfo*>(d.val());
  BOOST_REQUIRE(runtime != nullptr);
  BOOST_CHECK(!runtime->powerState.has_value());
  BOOST_CHECK(!runtime->connectionState.has_value());
}

BOOST_AUTO_TEST_CASE(a_value_of_unknown_type_does_not_harm_its_neighbours) {
  const std::string answer = envelope(R"(<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects>
<obj type="VirtualMachine">vm-42</obj>
<propSet><name>a</name><val xsi:type="QuantumInfo"><x>1</x></val></propSet>
<propSet><name>b</name></propSet>
<propSet><name>c</name><val>no type at all</val></propSet>
<propSet><name>name</name><val xsi:type="xsd:string">db-01</val></propSet>
</objects></returnval></RetrievePropertiesExResponse>)");
  Decoded d(answer);
  const auto& set = d.response.returnval->objects[0]->propSet;
  BOOST_REQUIRE_EQUAL(set.size(), 4U);
  BOOST_REQUIRE(set[0]->val != nullptr);
  BOOST_CHECK_EQUAL(wireTypeName(*set[0]->val), "QuantumInfo");
  BOOST_CHECK(set[1]->val == nullptr);
  auto* name = dynamic_cast<xsd__string_*>(set[3]->val);
  BOOST_REQUIRE(name != nullptr);
  BOOST_CHECK_EQUAL(name->__item, "db-01");
}

BOOST_AUTO_TEST_CASE(the_prefix_of_the_type_attribute_does_not_matter) {
  Decoded d(propertyAnswer(R"(<val xmlns:_XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance"
 _XMLSchema-instance:type="ArrayOfManagedObjectReference">
<ManagedObjectReference type="VirtualMachine" _XMLSchema-instance:type="ManagedObjectReference">vm-7</ManagedObjectReference></val>)"));
  auto* array = dynamic_cast<vim25__ArrayOfManagedObjectReference*>(d.val());
  BOOST_REQUIRE(array != nullptr);
  BOOST_REQUIRE_EQUAL(array->ManagedObjectReference.size(), 1U);
  BOOST_CHECK_EQUAL(array->ManagedObjectReference[0]->__item, "vm-7");
}

BOOST_AUTO_TEST_CASE(vim_types_may_carry_a_prefix_also_unknown_ones) {
  Decoded d(propertyAnswer(
      R"(<val xmlns:v="urn:vim25" xsi:type="v:VmSuspendedEvent"><v:chainId>3</v:chainId></val>)"));
  auto* event = dynamic_cast<vim25__VmEvent*>(d.val());
  BOOST_REQUIRE(event != nullptr);
  BOOST_CHECK_EQUAL(event->chainId.value_or(0), 3);
  BOOST_CHECK_EQUAL(degradedFrom(*event), "VmSuspendedEvent");
}

BOOST_AUTO_TEST_CASE(a_reference_keeps_the_guid_of_its_server) {
  Decoded d(
      propertyAnswer(R"(<val type="Task" serverGuid="a1b2" xsi:type="ManagedObjectReference">task-1</val>)"));
  auto* reference = dynamic_cast<vim25__ManagedObjectReference*>(d.val());
  BOOST_REQUIRE(reference != nullptr);
  BOOST_CHECK_EQUAL(reference->__item, "task-1");
  BOOST_CHECK_EQUAL(reference->type.value_or(""), "Task");
  BOOST_CHECK_EQUAL(reference->serverGuid.value_or(""), "a1b2");
}

BOOST_AUTO_TEST_CASE(an_id_and_a_reference_to_it_mean_nothing) {
  Decoded d(propertyAnswer(R"(<val xsi:type="ArrayOfManagedObjectReference">
<ManagedObjectReference id="z" type="VirtualMachine">vm-1</ManagedObjectReference>
<ManagedObjectReference href="#z" type="VirtualMachine">vm-2</ManagedObjectReference>
<ManagedObjectReference href="#nowhere" type="VirtualMachine">vm-3</ManagedObjectReference></val>)"));
  auto* array = dynamic_cast<vim25__ArrayOfManagedObjectReference*>(d.val());
  BOOST_REQUIRE(array != nullptr);
  BOOST_REQUIRE_EQUAL(array->ManagedObjectReference.size(), 3U);
  BOOST_CHECK_EQUAL(array->ManagedObjectReference[1]->__item, "vm-2");
  BOOST_CHECK_EQUAL(array->ManagedObjectReference[2]->__item, "vm-3");
}

BOOST_AUTO_TEST_CASE(a_request_of_govc_with_an_undeclared_prefix_is_read) {
  // govc writes xsd:string without declaring xsd.
  const std::string request = R"(<?xml version="1.0" encoding="UTF-8"?>
<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><ReconfigVM_Task xmlns="urn:vim25">
<_this type="VirtualMachine">vm-42</_this><spec><extraConfig><key>a</key>
<value xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance" XMLSchema-instance:type="xsd:string">b</value>
</extraConfig><extraConfig><key>c</key>
<value xmlns:XMLSchema-instance="http://www.w3.org/2001/XMLSchema-instance" XMLSchema-instance:type="xsd:int">5</value>
</extraConfig></spec></ReconfigVM_Task></Body></Envelope>)";
  Codec codec;
  auto* got = codec.decodeRequest<vim25__ReconfigVMRequestType>(request);
  BOOST_REQUIRE_MESSAGE(got != nullptr, codec.error());
  BOOST_REQUIRE_EQUAL(got->spec->extraConfig.size(), 2U);
  auto* text = dynamic_cast<xsd__string_*>(got->spec->extraConfig[0]->value);
  BOOST_REQUIRE(text != nullptr);
  BOOST_CHECK_EQUAL(text->__item, "b");
  auto* number = dynamic_cast<xsd__int_*>(got->spec->extraConfig[1]->value);
  BOOST_REQUIRE(number != nullptr);
  BOOST_CHECK_EQUAL(number->__item, 5);
}

BOOST_AUTO_TEST_CASE(a_request_of_pyvmomi_with_version_attributes_is_read) {
  const std::string request = R"(<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenc="http://schemas.xmlsoap.org/soap/encoding/"
 xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body><Fetch xmlns="urn:vim25">
<_this versionId="8.0.2.0" xsi:type="ManagedObjectReference" type="VirtualMachine">vm-42</_this>
<prop versionId="8.0.2.0" xsi:type="xsd:string">guest</prop></Fetch></soapenv:Body></soapenv:Envelope>)";
  Codec codec;
  auto* got = codec.decodeRequest<vim25__FetchRequestType>(request);
  BOOST_REQUIRE_MESSAGE(got != nullptr, codec.error());
  BOOST_CHECK_EQUAL(got->prop.value_or(""), "guest");
  BOOST_REQUIRE(got->_USCOREthis != nullptr);
  BOOST_CHECK_EQUAL(got->_USCOREthis->__item, "vm-42");
}

BOOST_AUTO_TEST_CASE(a_type_without_a_class_can_be_sent) {
  Codec codec;
  auto* event = codec.make<vim25__VmEvent>();
  event->chainId = 3;
  setWireType(*codec.context(), *event, "VmSuspendedEvent");
  const std::string document = codec.encodeAny(*event);
  BOOST_CHECK_NE(document.find("VmSuspendedEvent"), std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_degraded_object_that_is_sent_back_has_one_type_attribute) {
  Decoded d(propertyAnswer(R"(<val xsi:type="VmSuspendedEvent"><chainId>3</chainId></val>)"));
  auto* request = d.codec.make<vim25__PostEventRequestType>();
  request->eventToPost = dynamic_cast<vim25__Event*>(d.val());
  const std::string document = d.codec.encode(*request);
  std::size_t count = 0;
  for (std::size_t at = document.find("xsi:type"); at != std::string::npos;
       at = document.find("xsi:type", at + 1)) {
    ++count;
  }
  BOOST_CHECK_EQUAL(count, 1U);
  BOOST_CHECK_NE(document.find("xsi:type=\"vim25:VmEvent\""), std::string::npos);
}

BOOST_AUTO_TEST_CASE(what_is_no_answer_is_an_error_with_words) {
  const std::string whole = propertyAnswer(R"(<val xsi:type="xsd:string">x</val>)");
  for (const std::string& document :
       {std::string("<html><body>Not found</body></html>"), std::string(), std::string("{}"),
        whole.substr(0, whole.size() / 2), whole.substr(0, whole.size() - 3)}) {
    Codec codec;
    _vim25__RetrievePropertiesExResponse response;
    BOOST_CHECK(codec.decode<vim25__RetrievePropertiesExRequestType>(document, response) ==
                Outcome::kMalformed);
    BOOST_CHECK(!codec.error().empty());
  }
}

BOOST_AUTO_TEST_CASE(another_methods_answer_is_refused) {
  Codec codec;
  _vim25__LoginResponse response;
  const std::string answer = propertyAnswer(R"(<val xsi:type="xsd:string">x</val>)");
  BOOST_CHECK(codec.decode<vim25__LoginRequestType>(answer, response) == Outcome::kMalformed);
}

BOOST_AUTO_TEST_CASE(entities_are_not_expanded) {
  const std::string bomb =
      R"(<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>)" +
      propertyAnswer(R"(<val xsi:type="xsd:string">&b;</val>)").substr(39);
  Codec codec;
  _vim25__RetrievePropertiesExResponse response;
  if (codec.decode<vim25__RetrievePropertiesExRequestType>(bomb, response) == Outcome::kResponse) {
    auto* text = dynamic_cast<xsd__string_*>(response.returnval->objects[0]->propSet[0]->val);
    BOOST_REQUIRE(text != nullptr);
    BOOST_CHECK_LT(text->__item.size(), 10U);
  }
}

BOOST_AUTO_TEST_CASE(a_tree_that_is_too_deep_is_refused_not_followed) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "<childSnapshotList>";
  Codec codec;
  _vim25__RetrievePropertiesExResponse response;
  const Outcome outcome = codec.decode<vim25__RetrievePropertiesExRequestType>(
      propertyAnswer("<val xsi:type=\"VirtualMachineSnapshotTree\">" + deep), response);
  BOOST_CHECK_MESSAGE(outcome == Outcome::kTooLarge, codec.error());
}

BOOST_AUTO_TEST_CASE(text_of_any_language_and_numbers_of_any_size_survive) {
  Decoded d(propertyAnswer(R"(<val xsi:type="DatastoreSummary"><name>Gr&#252;n %2f 😀</name>
<capacity>9223372036854775807</capacity><accessible>1</accessible></val>)"));
  auto* summary = dynamic_cast<vim25__DatastoreSummary*>(d.val());
  BOOST_REQUIRE(summary != nullptr);
  BOOST_CHECK_EQUAL(summary->name.value_or(""), "Gr\xC3\xBCn %2f \xF0\x9F\x98\x80");
  BOOST_CHECK_EQUAL(summary->capacity.value_or(0), 9223372036854775807LL);
  BOOST_CHECK(summary->accessible.value_or(false));
}
