// SPDX-License-Identifier: GPL-2.0-or-later
// Pages that are broken, or say that the session is gone.
#include <algorithm>
#include <boost/test/unit_test.hpp>

#include "tests/unit/vsphere/decode/messages.h"

using namespace failback::vsphere;
using namespace failback::vsphere::test;

namespace {

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  BOOST_REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

Category categoryOf(const std::string& body) {
  try {
    decode(body);
  } catch (const Failure& failure) {
    BOOST_TEST(!failure.error().text.empty());
    return failure.error().category;
  }
  return Category::internal;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(Page)

BOOST_AUTO_TEST_CASE(one_bad_number_costs_its_property_only) {
  const std::string good = message("vms-001-RetrievePropertiesEx.response.xml");
  const std::string bad =
      replaced(good, "<val xsi:type=\"xsd:int\">16384</val>", "<val xsi:type=\"xsd:int\">plenty</val>");
  const InventoryPage before = decode(good);
  const InventoryPage after = decode(bad);
  BOOST_TEST(after.token == before.token);
  BOOST_TEST((after.seen == before.seen));
  BOOST_TEST(after.unreadable.size() == before.unreadable.size() + 1);
  const auto lost = std::ranges::find(after.unreadable, "config.hardware.memoryMB", &Unreadable::property);
  BOOST_REQUIRE(lost != after.unreadable.end());
  BOOST_TEST(lost->reason == "malformed");
  BOOST_TEST(lost->object.value == "vm-41");
  const auto& vm = named<VirtualMachine>(after, "db-01 / primary \\ 100%");
  BOOST_TEST(!vm.memoryBytes.has_value());
  BOOST_TEST(*vm.cpus == 4);
  BOOST_TEST(vm.disks.size() == 5);
  BOOST_TEST(vm.snapshotCount() == 2);
  BOOST_TEST(*named<VirtualMachine>(after, "vault-01").uptimeSeconds == 9849600);
}

BOOST_AUTO_TEST_CASE(a_bad_value_that_nobody_asked_for_is_no_loss) {
  const std::string good = message("vms-001-RetrievePropertiesEx.response.xml");
  std::string bad =
      replaced(good, "<val xsi:type=\"xsd:int\">16384</val>", "<val xsi:type=\"xsd:int\">plenty</val>");
  bad = replaced(bad, "config.hardware.memoryMB", "config.hardware.memoryGB");
  BOOST_TEST(decode(bad).unreadable.size() == decode(good).unreadable.size());
}

BOOST_AUTO_TEST_CASE(a_bad_member_within_a_property_costs_that_property) {
  const std::string bad = replaced(message("vms-001-RetrievePropertiesEx.response.xml"),
                                   "<capacityInBytes>42949672960</capacityInBytes>",
                                   "<capacityInBytes>99999999999999999999</capacityInBytes>");
  const InventoryPage page = decode(bad);
  const auto& vm = named<VirtualMachine>(page, "db-01 / primary \\ 100%");
  BOOST_TEST(vm.disks.empty());
  BOOST_TEST(*vm.memoryBytes == 16384LL * 1024 * 1024);
  BOOST_TEST(std::ranges::count(page.unreadable, "config.hardware.device", &Unreadable::property) == 1);
}

BOOST_AUTO_TEST_CASE(an_older_method_is_read_and_repaired_as_well) {
  const std::string body = envelope(
      R"(<RetrievePropertiesResponse xmlns="urn:vim25"><returnval><obj type="HostSystem">host-1</obj>)" +
      property("name", "xsd:string", "h1") + property("runtime.inMaintenanceMode", "xsd:boolean", "perhaps") +
      R"(</returnval><returnval><obj type="HostSystem">host-2</obj>)" + property("name", "xsd:string", "h2") +
      "</returnval></RetrievePropertiesResponse>");
  const InventoryPage page = decode(body, "RetrieveProperties");
  BOOST_TEST(page.objects.size() == 2);
  BOOST_TEST((reasons(page.unreadable) == std::vector<std::string>{"runtime.inMaintenanceMode malformed"}));
  BOOST_TEST(!named<Host>(page, "h1").inMaintenanceMode.has_value());
}

BOOST_AUTO_TEST_CASE(a_value_of_another_type_is_malformed) {
  const InventoryPage page = decode(test::page("VirtualMachine", "vm-1",
                                               property("name", "xsd:string", "a") +
                                                   property("config.hardware.numCPU", "xsd:string", "two") +
                                                   property("config.hardware.device", "xsd:int", "4")));
  BOOST_TEST((reasons(page.unreadable) == std::vector<std::string>{"config.hardware.numCPU malformed",
                                                                   "config.hardware.device malformed"}));
  BOOST_TEST(named<VirtualMachine>(page, "a").disks.empty());
}

BOOST_AUTO_TEST_CASE(a_bare_object_is_an_object) {
  const InventoryPage page = decode(test::page("VirtualMachine", "vm-1", ""));
  BOOST_REQUIRE(page.objects.size() == 1);
  BOOST_TEST(entityOf(page.objects[0]).ref.value == "vm-1");
  BOOST_TEST(page.unreadable.empty());
}

BOOST_AUTO_TEST_CASE(nothing_matched) {
  const InventoryPage page = decode(envelope(R"(<RetrievePropertiesExResponse xmlns="urn:vim25"/>)"));
  BOOST_TEST(page.objects.empty());
  BOOST_TEST(page.token.empty());
}

BOOST_AUTO_TEST_CASE(members_in_another_order_with_strangers_between) {
  const InventoryPage page = decode(envelope(
      R"(<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><novelty><deep/></novelty><objects>)"
      R"(<propSet><val xsi:type="xsd:string">a</val><hint>x</hint><name>name</name></propSet>)"
      R"(<obj type="Datastore">datastore-1</obj></objects><token>t2</token></returnval></RetrievePropertiesExResponse>)"));
  BOOST_TEST(named<Datastore>(page, "a").ref.value == "datastore-1");
  BOOST_TEST(page.token == "t2");
}

BOOST_AUTO_TEST_CASE(prefixes_may_be_anything) {
  const InventoryPage page = decode(
      R"(<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/" xmlns:v="urn:vim25" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" xmlns:x="http://www.w3.org/2001/XMLSchema"><S:Body>)"
      R"(<v:RetrievePropertiesExResponse><v:returnval><v:objects><v:obj type="Datastore">datastore-1</v:obj><v:propSet><v:name>name</v:name><v:val i:type="x:string">a</v:val></v:propSet>)"
      R"(<v:propSet><v:name>vm</v:name><v:val i:type="v:ArrayOfManagedObjectReference"><v:ManagedObjectReference type="VirtualMachine">vm-1</v:ManagedObjectReference></v:val></v:propSet></v:objects></v:returnval></v:RetrievePropertiesExResponse></S:Body></S:Envelope>)");
  BOOST_TEST(named<Datastore>(page, "a").vms.at(0).value == "vm-1");
}

BOOST_AUTO_TEST_CASE(a_lost_session_is_seen_in_missing_sets) {
  const InventoryPage page = decode(message("session-040-RetrievePropertiesEx.response.xml"));
  BOOST_TEST(page.notAuthenticated);
}

BOOST_AUTO_TEST_CASE(a_fault_in_place_of_a_page_is_thrown) {
  BOOST_TEST((categoryOf(message("fault-011-ReconfigVM_Task.response.xml")) == Category::notPermitted));
}

BOOST_AUTO_TEST_CASE(what_is_no_page_is_malformed) {
  const std::string good = message("vms-001-RetrievePropertiesEx.response.xml");
  BOOST_TEST((categoryOf("") == Category::malformedAnswer));
  BOOST_TEST((categoryOf("<html><body>Login</body></html>") == Category::malformedAnswer));
  BOOST_TEST((categoryOf(envelope("<LoginResponse xmlns=\"urn:vim25\"/>")) == Category::malformedAnswer));
  for (std::size_t cut = 0; cut < good.size() - 30; cut += 97)
    BOOST_TEST((categoryOf(good.substr(0, cut)) == Category::malformedAnswer), cut);
}

// Decoders that let it pass would be at it for minutes: their time grows with the square of what one tag
// holds.
BOOST_AUTO_TEST_CASE(floods_of_markup_are_refused) {
  const auto page = [](const std::string& inside) {
    return envelope(
        R"(<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval>)" + inside +
        R"(<objects><obj type="Datastore">datastore-1</obj></objects></returnval></RetrievePropertiesExResponse>)");
  };
  std::string attributes, gapless, namespaces, nested;
  for (int i = 0; i < 200'000; ++i) {
    attributes += " a" + std::to_string(i) + "=\"x\"";
    gapless += " a" + std::to_string(i) + "=\">\"";
    namespaces += " xmlns:n" + std::to_string(i) + "=\"u\"";
  }
  for (int i = 0; i < 200; ++i) nested += "<a>";
  BOOST_TEST(decode(page("<a b=\"x\"/>")).seen.size() == 1u);
  for (const std::string& flood : {attributes, gapless, namespaces})
    BOOST_TEST((categoryOf(page("<a" + flood + "/>")) == Category::malformedAnswer));
  BOOST_TEST((categoryOf(page(nested)) == Category::malformedAnswer));
}

BOOST_AUTO_TEST_CASE(entities_are_not_expanded) {
  const std::string bomb =
      R"(<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>)" +
      envelope(
          R"(<RetrievePropertiesExResponse xmlns="urn:vim25"><returnval><objects><obj type="Datastore">datastore-1</obj>)" +
          property("name", "xsd:string", "&b;&f;") + "</objects></returnval></RetrievePropertiesExResponse>")
          .substr(39);
  try {
    const InventoryPage page = decode(bomb);
    for (const InventoryObject& object : page.objects) {
      BOOST_TEST(entityOf(object).name.find("root:") == std::string::npos);
      BOOST_TEST(entityOf(object).name.size() < 20);
    }
  } catch (const Failure& failure) {
    BOOST_TEST((failure.error().category == Category::malformedAnswer));
  }
}

BOOST_AUTO_TEST_SUITE_END()
