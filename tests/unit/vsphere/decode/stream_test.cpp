// SPDX-License-Identifier: GPL-2.0-or-later
// What only the streaming decoder has to stand: pieces of any size, and bounds that hold while bytes come.
#include <boost/test/unit_test.hpp>
#include <string>

#include "tests/support/page_difference.h"
#include "tests/unit/vsphere/decode/messages.h"
#include "vsphere/stream/stream_page_decoder.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

const AnswerPlace place{"RetrievePropertiesEx", "PropertyCollector:propertyCollector", 200};

InventoryPage inPieces(const std::string& body, std::size_t size, const SoapLimits& limits = {}) {
  const SoapCodec codec(limits);
  StreamPageDecoder decoder(codec, place, limits);
  for (std::size_t at = 0; at < body.size(); at += size)
    decoder.feed(std::string_view(body).substr(at, size));
  return decoder.finish();
}

// The text of the failure; empty when there was none.
std::string refusal(const std::string& body, const SoapLimits& limits = {}) {
  try {
    inPieces(body, 700, limits);
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::malformedAnswer));
    return failure.error().text;
  }
  return {};
}

void check(const std::string& text, const std::string& wanted) {
  BOOST_TEST(text.find(wanted) != std::string::npos, text);
  BOOST_TEST(text.find("RetrievePropertiesEx on PropertyCollector") != std::string::npos, text);
}

std::string repeated(const std::string& text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Streamed)

BOOST_AUTO_TEST_CASE(pieces_may_be_cut_anywhere) {
  for (const char* name :
       {"vms-001-RetrievePropertiesEx.response.xml", "vcsim-005-RetrievePropertiesEx.response.xml"}) {
    const std::string body = message(name);
    const InventoryPage whole = inPieces(body, body.size());
    BOOST_TEST(!whole.objects.empty());
    for (const std::size_t size : {1u, 2u, 3u, 7u, 1000u})
      BOOST_TEST(failback::testing::pageDifference(whole, inPieces(body, size)) == "", size);
  }
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_cut_short_is_never_taken_for_whole) {
  const std::string body = message("containers-004-RetrievePropertiesEx.response.xml");
  const std::size_t end = body.rfind("Envelope>");
  for (std::size_t cut = 0; cut < end; cut += 13) BOOST_TEST(!refusal(body.substr(0, cut)).empty(), cut);
  check(refusal(body.substr(0, body.size() / 2)), "it is cut short");
}

BOOST_AUTO_TEST_CASE(elements_are_not_nested_without_end) {
  const std::string deep = repeated("<x>", 200) + repeated("</x>", 200);
  check(refusal(
            page("Datastore", "datastore-1", "<propSet><name>name</name><val>" + deep + "</val></propSet>")),
        "nested too deeply");
}

BOOST_AUTO_TEST_CASE(an_element_has_few_attributes) {
  std::string attributes;
  for (int i = 0; i < 100; ++i) attributes += " a" + std::to_string(i) + "=\"\"";
  check(refusal(page("Datastore", "datastore-1", "<x" + attributes + "/>")), "too many attributes");
}

BOOST_AUTO_TEST_CASE(there_are_no_document_types_and_no_entities_of_ones_own) {
  const std::string body = message("vms-001-RetrievePropertiesEx.response.xml");
  const std::string start = body.substr(body.find("<soapenv:Envelope"));
  check(refusal("<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]>" + start),
        "XML, but not SOAP");
  check(refusal(page("Datastore", "datastore-1", property("name", "xsd:string", "&b;"))),
        "not well-formed XML");
}

BOOST_AUTO_TEST_CASE(what_every_xml_has_is_read) {
  const InventoryPage read = inPieces(
      page("Datastore", "datastore-1", property("name", "xsd:string", "a&amp;b&#33;<![CDATA[<c>]]>&lt;")), 5);
  BOOST_TEST(named<Datastore>(read, "a&b!<c><").ref.value == "datastore-1");
  const InventoryPage inAttribute = inPieces(page("A&amp;B&lt;&#38;&quot;", "x-1", ""), 5);
  BOOST_REQUIRE(inAttribute.seen.size() == 1u);
  BOOST_TEST(inAttribute.seen.front().type == "A&B<&\"");
}

BOOST_AUTO_TEST_CASE(texts_and_lists_are_bounded) {
  SoapLimits limits;
  limits.maxTextBytes = 1000;
  check(refusal(page("Datastore", "datastore-1", property("name", "xsd:string", std::string(2000, 'a'))),
                limits),
        "text in it is too long");
  limits = {};
  limits.maxOccurs = 10;
  const std::string object = "<objects><obj type=\"Datastore\">datastore-1</obj></objects>";
  check(refusal(envelope("<RetrievePropertiesExResponse xmlns=\"urn:vim25\"><returnval>" +
                         repeated(object, 20) + "</returnval></RetrievePropertiesExResponse>"),
                limits),
        "list in it is too long");
}

BOOST_AUTO_TEST_CASE(what_is_no_page_is_not_kept_without_end) {
  const std::string other = envelope("<LoginResponse xmlns=\"urn:vim25\">" +
                                     repeated("<x>some text</x>", 2'000'000) + "</LoginResponse>");
  check(refusal(other), "no page of objects");
}

BOOST_AUTO_TEST_CASE(garbage_after_a_good_beginning_is_told) {
  const std::string body = message("vms-001-RetrievePropertiesEx.response.xml");
  check(refusal(body.substr(0, body.size() / 2) + std::string("\0\x01\x02<<<>>", 8) +
                body.substr(body.size() / 2)),
        "not well-formed XML");
}

BOOST_AUTO_TEST_CASE(what_nobody_knows_is_read_past) {
  // A member in the middle, a device and a backing of the future, an enum's new value, a new property.
  const InventoryPage read = inPieces(
      page(
          "VirtualMachine", "vm-1",
          property("name", "xsd:string", "a") + property("config.novelty", "Novelty", "<a><b/></a>") +
              property("runtime.powerState", "VirtualMachinePowerState", "dreaming") +
              property(
                  "config.hardware.device", "ArrayOfVirtualDevice",
                  "<VirtualDevice xsi:type=\"VirtualQuantumCard\"><key>1</key><spin>up</spin></VirtualDevice>"
                  "<VirtualDevice xsi:type=\"VirtualDisk\"><key>2000</key><novelty><x/></novelty>"
                  "<backing xsi:type=\"VirtualDiskCloudBackingInfo\"><fileName>[a] b</fileName></backing>"
                  "<capacityInKB>1</capacityInKB></VirtualDevice>")),
      11);
  const auto& vm = named<VirtualMachine>(read, "a");
  BOOST_TEST(*vm.powerState == "dreaming");
  BOOST_REQUIRE(vm.otherDevices.size() == 1u);
  BOOST_TEST(vm.otherDevices[0].type == "VirtualQuantumCard");
  BOOST_REQUIRE(vm.disks.size() == 1u);
  BOOST_TEST(vm.disks[0].capacityBytes == 1024);
  BOOST_TEST(vm.disks[0].kind == "unknown");
  // The disk's kind is a fact that is needed; the rest is not.
  BOOST_REQUIRE(read.unreadable.size() == 1u);
  BOOST_TEST(read.unreadable[0].property == "config.hardware.device[2000].backing");
  BOOST_TEST(read.unreadable[0].reason == "unknownType");
}

BOOST_AUTO_TEST_SUITE_END()
