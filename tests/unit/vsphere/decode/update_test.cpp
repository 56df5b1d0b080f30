// SPDX-License-Identifier: GPL-2.0-or-later
#include <boost/test/unit_test.hpp>

#include "tests/support/page_difference.h"
#include "tests/unit/vsphere/decode/messages.h"
#include "vsphere/binding/typed_page_decoder.h"
#include "vsphere/stream/stream_page_decoder.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

const AnswerPlace place{"WaitForUpdatesEx", "PropertyCollector:session[1]collector", 200};

UpdatePage typed(const std::string& body) {
  const SoapCodec codec;
  return decodeUpdates(*codec.decode<_vim25__WaitForUpdatesExResponse>(body, place));
}

DigestedUpdates digested(const std::string& body, std::size_t piece = 1u << 20) {
  const SoapCodec codec;
  StreamPageDecoder decoder(codec, place);
  for (std::size_t at = 0; at < body.size(); at += piece)
    decoder.feed(std::string_view(body).substr(at, piece));
  return decoder.finishUpdates();
}

// Both decoders must say the same.
UpdatePage updates(const std::string& body) {
  UpdatePage page = typed(body);
  BOOST_TEST(failback::testing::updatesDifference(page, digested(body)) == "");
  return page;
}

std::string setOf(const std::string& objects, const std::string& after = {}) {
  return envelope(
      "<WaitForUpdatesExResponse xmlns=\"urn:vim25\"><returnval><version>7</version><filterSet>"
      "<filter type=\"PropertyFilter\">f</filter>" +
      objects + "</filterSet>" + after + "</returnval></WaitForUpdatesExResponse>");
}

std::string ofVm(const std::string& content, const std::string& kind = "enter") {
  return "<objectSet><kind>" + kind + "</kind><obj type=\"VirtualMachine\">vm-1</obj>" + content +
         "</objectSet>";
}

std::string change(const std::string& path, const std::string& val, const std::string& op = "assign") {
  return "<changeSet><name>" + path + "</name><op>" + op + "</op>" + val + "</changeSet>";
}

std::uint64_t digestOf(const std::string& val, const std::string& op = "assign", std::size_t piece = 1000) {
  const DigestedUpdates read = digested(setOf(ofVm(change("name", val, op), "modify")), piece);
  return read.objects.at(0).changes.at(0).digest;
}

std::string refusal(const std::string& body) {
  try {
    digested(body);
  } catch (const Failure& failure) {
    return std::string(toString(failure.error().category)) + ": " + failure.error().text;
  }
  return {};
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Updates)

BOOST_AUTO_TEST_CASE(what_changed) {
  const UpdatePage page = updates(message("updates-020-WaitForUpdatesEx.response.xml"));
  BOOST_TEST(!page.timedOut);
  BOOST_TEST(page.version == "4");
  BOOST_TEST(page.truncated);
  BOOST_TEST(page.unreadable.empty());
  BOOST_REQUIRE(page.filters.size() == 1);
  const auto& objects = page.filters[0].objects;
  BOOST_REQUIRE(objects.size() == 5);
  BOOST_TEST(page.filters[0].filter.value == "session[1]filter-1");

  // Tasks are told, but are no part of the inventory.
  BOOST_TEST(objects[0].object.str() == "Task:task-501");
  BOOST_TEST(!objects[0].value.has_value());

  const ObjectUpdate& entered = objects[2];
  BOOST_TEST((entered.kind == ObjectUpdate::Kind::enter));
  BOOST_TEST(entered.complete);
  BOOST_REQUIRE(entered.value.has_value());
  const auto& vm = std::get<VirtualMachine>(*entered.value);
  BOOST_TEST(vm.name == "new-01");
  BOOST_TEST(*vm.powerState == "poweredOff");

  const ObjectUpdate& modified = objects[3];
  BOOST_TEST((modified.kind == ObjectUpdate::Kind::modify));
  BOOST_TEST(modified.changes.size() == 2);
  BOOST_TEST(modified.changes[0].path == "config.hardware.device[2000].backing.contentId");
  // Only a part of a member was told: the object must be read again.
  BOOST_TEST(!modified.complete);

  BOOST_TEST((objects[4].kind == ObjectUpdate::Kind::leave));
  BOOST_TEST(!objects[4].value.has_value());
}

BOOST_AUTO_TEST_CASE(nothing_changed_in_time) {
  const UpdatePage page = updates(message("updates-021-WaitForUpdatesEx.response.xml"));
  BOOST_TEST(page.timedOut);
  BOOST_TEST(page.filters.empty());
}

BOOST_AUTO_TEST_CASE(members_may_come_in_another_order) {
  const std::string name = "<val xsi:type=\"xsd:string\">web</val>";
  const std::string usual = setOf(ofVm(change("name", name)));
  const auto digest = digested(usual).objects.at(0).changes.at(0).digest;
  for (const std::string& object :
       {ofVm("<changeSet>" + name + "<op>assign</op><name>name</name></changeSet>"),
        ofVm("<changeSet><name>name</name>" + name + "<op>assign</op></changeSet>"),
        ofVm("<changeSet><name>name</name>" + name + "</changeSet>"),
        "<objectSet>" + change("name", name) +
            "<obj type=\"VirtualMachine\">vm-1</obj><kind>enter</kind></objectSet>"}) {
    const std::string body = setOf(object, "<truncated>true</truncated>");
    updates(body);
    const DigestedUpdates read = digested(body, 1);
    BOOST_TEST(read.truncated);
    BOOST_REQUIRE(read.objects.at(0).value.has_value());
    BOOST_TEST(entityOf(*read.objects[0].value).name == "web", object);
    BOOST_TEST(read.objects[0].changes.at(0).digest == digest, object);
  }
}

BOOST_AUTO_TEST_CASE(a_part_of_a_list_is_no_value_of_it) {
  const std::string device = "<val xsi:type=\"VirtualCdrom\"><key>3000</key></val>";
  const std::string body = setOf(ofVm(change("config.hardware.device[3000]", device, "add") +
                                      change("name", "<val xsi:type=\"xsd:string\">x</val>", "remove")));
  updates(body);
  const DigestedUpdates read = digested(body);
  BOOST_TEST(entityOf(*read.objects.at(0).value).name == "");
  BOOST_TEST(read.objects[0].changes.at(0).digest == 0u);
}

BOOST_AUTO_TEST_CASE(a_digest_tells_values_apart) {
  const std::string text = "<val xsi:type=\"xsd:string\">on &amp; off</val>";
  const auto digest = digestOf(text);
  BOOST_TEST(digest > 1u);
  // As another server may write the same.
  BOOST_TEST(digestOf(text, "assign", 1) == digest);
  BOOST_TEST(digestOf("<val xsi:type=\"string\"><![CDATA[on & off]]></val>") == digest);
  BOOST_TEST(digestOf("<val xsi:type=\"xsd:string\">on &amp; of</val>") != digest);
  BOOST_TEST(digestOf("<val xsi:type=\"xsd:anyURI\">on &amp; off</val>") != digest);
  // Members that this version does not know count, too, and so does where a text stands.
  const auto inside = [](const std::string& members) {
    return digestOf("<val xsi:type=\"VirtualMachineFlagInfo\">" + members + "</val>");
  };
  BOOST_TEST(inside("<brandNew>1</brandNew>") != inside("<brandNew>2</brandNew>"));
  BOOST_TEST(inside("<a>1</a><a>2</a>") != inside("<a>12</a><a></a>"));
  BOOST_TEST(inside("<a/>") == inside("<a></a>"));
  BOOST_TEST(inside("<a><b/></a>") != inside("<a/><b/>"));
  // Of a reference the type counts.
  const auto reference = [](const std::string& type) {
    return digestOf("<val xsi:type=\"ManagedObjectReference\" type=\"" + type + "\">x-1</val>");
  };
  BOOST_TEST(reference("Folder") != reference("VirtualApp"));
  // Unset, and not known.
  BOOST_TEST(digestOf("") == 1u);
  BOOST_TEST(digestOf("<val xsi:nil=\"true\"/>") == 1u);
  BOOST_TEST(digestOf(text, "add") == 0u);
}

BOOST_AUTO_TEST_CASE(one_bad_number_costs_one_property) {
  const DigestedUpdates read =
      digested(setOf(ofVm(change("config.hardware.memoryMB", "<val xsi:type=\"xsd:int\">much</val>") +
                          change("name", "<val xsi:type=\"xsd:string\">web</val>"))));
  BOOST_TEST(entityOf(*read.objects.at(0).value).name == "web");
  BOOST_TEST(reasons(read.unreadable) == std::vector<std::string>{"config.hardware.memoryMB malformed"},
             boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(what_is_no_set_of_updates_is_refused) {
  const std::string whole = message("updates-020-WaitForUpdatesEx.response.xml");
  for (std::size_t cut = 0; cut < whole.rfind("Envelope>"); cut += 101)
    BOOST_TEST(refusal(whole.substr(0, cut)).starts_with("malformedAnswer"), cut);
  BOOST_TEST(refusal(setOf("", "<truncated>perhaps</truncated>")).find("neither true nor false") !=
             std::string::npos);
  BOOST_TEST(refusal(envelope("<LoginResponse xmlns=\"urn:vim25\"/>")).starts_with("malformedAnswer"));
  BOOST_TEST(refusal(message("fault-013-RetrieveServiceContent.response.xml")).find("malformedAnswer") ==
             std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
