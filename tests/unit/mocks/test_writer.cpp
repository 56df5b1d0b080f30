// SPDX-License-Identifier: GPL-2.0-or-later
// How values are written: order, release, xsi:type, and what is refused.
#include <boost/test/unit_test.hpp>

#include "mocks/xml_writer.h"

using namespace failback::mock;

namespace {

std::string written(const Value& value, Release release = Release::v80) {
  std::string out;
  XmlWriter(out, release).anyMember("val", value);
  return out;
}

Value connectInfo() {
  return object("VirtualDeviceConnectInfo", {{"connected", true},
                                             {"startConnected", true},
                                             {"allowGuestControl", false},
                                             {"migrateConnect", "unset"}});
}

}  // namespace

BOOST_AUTO_TEST_SUITE(writer)

BOOST_AUTO_TEST_CASE(members_stand_in_the_order_of_the_schema) {
  BOOST_TEST(written(connectInfo()) ==
             "<val xsi:type=\"VirtualDeviceConnectInfo\"><migrateConnect>unset</migrateConnect>"
             "<startConnected>true</startConnected><allowGuestControl>false</allowGuestControl>"
             "<connected>true</connected></val>");
}

BOOST_AUTO_TEST_CASE(a_client_of_an_older_release_gets_only_what_it_knows) {
  // migrateConnect came with 6.7.
  BOOST_TEST(written(connectInfo(), Release::v65).find("migrateConnect") == std::string::npos);
  BOOST_TEST(written(connectInfo(), Release::v67).find("migrateConnect") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(typed_members_name_their_type_only_when_it_is_a_subtype) {
  const Value disk = object(
      "VirtualDisk", {{"key", std::int32_t{2000}},
                      {"capacityInKB", std::int64_t{1024}},
                      {"deviceInfo", object("Description", {{"label", "Hard disk 1"}, {"summary", "s"}})},
                      {"backing", object("VirtualDiskFlatVer2BackingInfo",
                                         {{"fileName", "[a] b/b.vmdk"}, {"diskMode", "persistent"}})}});
  const std::string text = written(disk);
  BOOST_TEST(text.find("<deviceInfo><label>") != std::string::npos);
  BOOST_TEST(text.find("<backing xsi:type=\"VirtualDiskFlatVer2BackingInfo\">") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(scalars_of_any_type_carry_their_schema_type) {
  BOOST_TEST(written("x<y") == "<val xsi:type=\"xsd:string\">x&lt;y</val>");
  BOOST_TEST(written(std::int32_t{7}) == "<val xsi:type=\"xsd:int\">7</val>");
  BOOST_TEST(written(std::int64_t{7}) == "<val xsi:type=\"xsd:long\">7</val>");
  BOOST_TEST(written(true) == "<val xsi:type=\"xsd:boolean\">true</val>");
  BOOST_TEST(written(Value::dateTime("2026-01-01T00:00:00Z")) ==
             "<val xsi:type=\"xsd:dateTime\">2026-01-01T00:00:00Z</val>");
  BOOST_TEST(written(MoRef{"Folder", "group-d1"}) ==
             "<val type=\"Folder\" xsi:type=\"ManagedObjectReference\">group-d1</val>");
}

BOOST_AUTO_TEST_CASE(lists_of_any_type_become_arrays_even_when_empty) {
  BOOST_TEST(written(list({"a"}, "xsd:string")) ==
             "<val xsi:type=\"ArrayOfString\"><string xsi:type=\"xsd:string\">a</string></val>");
  BOOST_TEST(written(list({}, "VirtualDevice")) == "<val xsi:type=\"ArrayOfVirtualDevice\"></val>");
  BOOST_TEST(written(list({Value(MoRef{"Task", "task-1"})}, "ManagedObjectReference")) ==
             "<val xsi:type=\"ArrayOfManagedObjectReference\"><ManagedObjectReference type=\"Task\" "
             "xsi:type=\"ManagedObjectReference\">task-1</ManagedObjectReference></val>");
}

BOOST_AUTO_TEST_CASE(a_type_that_the_client_does_not_know_is_written_as_its_ancestor) {
  // NoPermission's list of missing privileges is of 8.0; the type of its elements, too.
  const Value fault =
      object("NoPermission", {{"object", MoRef{"Folder", "f"}}, {"privilegeId", "System.Read"}});
  BOOST_TEST(written(fault, Release::v65).find("xsi:type=\"NoPermission\"") != std::string::npos);
  std::string out;
  const TypeInfo& type = TypeModel::get().need("VirtualNVDIMMController");  // of 6.7
  BOOST_TEST(XmlWriter(out, Release::v65).known(type).name == "VirtualController");
  BOOST_TEST(XmlWriter(out, Release::v67).known(type).name == "VirtualNVDIMMController");
}

BOOST_AUTO_TEST_CASE(what_xml_can_not_hold_becomes_question_marks) {
  const auto escaped = [](std::string_view text) {
    std::string out;
    appendEscaped(out, text);
    return out;
  };
  BOOST_TEST(escaped("a<b> & \xC3\xBC \xE2\x82\xAC \xF0\x9F\x98\x80\n") ==
             "a&lt;b&gt; &amp; \xC3\xBC \xE2\x82\xAC \xF0\x9F\x98\x80\n");
  BOOST_TEST(escaped("bell \x07") == "bell ?");
  BOOST_TEST(escaped("lone byte \xFF.") == "lone byte ?.");
  BOOST_TEST(escaped("cut \xE2\x82") == "cut ??");
  BOOST_TEST(escaped("too long \xC0\xAF") == "too long ??");
  BOOST_TEST(escaped("surrogate \xED\xA0\x80") == "surrogate ???");
  BOOST_TEST(escaped("U+FFFE \xEF\xBF\xBE") == "U+FFFE ???");
  BOOST_TEST(escaped("beyond \xF4\x90\x80\x80") == "beyond ????");
}

BOOST_AUTO_TEST_CASE(what_the_schema_does_not_allow_is_never_written) {
  BOOST_CHECK_THROW(written(object("Description", {{"label", "no summary"}})), SchemaViolation);
  BOOST_CHECK_THROW(written(object("VirtualDisk", {{"key", "text"}, {"capacityInKB", std::int64_t{1}}})),
                    SchemaViolation);
  BOOST_CHECK_THROW(
      written(object("VirtualDisk", {{"key", std::int64_t{1} << 40}, {"capacityInKB", std::int64_t{1}}})),
      SchemaViolation);
  BOOST_CHECK_THROW(object("Description", {{"colour", "red"}}), SchemaViolation);
  BOOST_CHECK_THROW(object("NoSuchType"), SchemaViolation);
  BOOST_CHECK_THROW(written(Value()), SchemaViolation);
  BOOST_CHECK_THROW(written(list({})), SchemaViolation);  // of what?
}

BOOST_AUTO_TEST_SUITE_END()
