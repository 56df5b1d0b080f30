// SPDX-License-Identifier: GPL-2.0-or-later
// RetrievePropertiesEx: traversal, pages, faults; views and searches.
#include <boost/test/unit_test.hpp>
#include <set>

#include "tests/unit/mocks/soap_client.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

const std::string collector = self("PropertyCollector", "propertyCollector");

std::string containerView(SoapClient& client, const std::string& type) {
  return client
      .call("CreateContainerView",
            self("ViewManager", "ViewManager") + ref("container", "Folder", "group-d1") +
                (type.empty() ? "" : "<type>" + type + "</type>") + "<recursive>true</recursive>")
      .one("//returnval");
}

std::string retrieve(const std::string& filter, const std::string& options = {}) {
  return collector + "<specSet>" + filter + "</specSet><options>" + options + "</options>";
}

}  // namespace

BOOST_AUTO_TEST_SUITE(retrieving)

BOOST_AUTO_TEST_CASE(a_container_view_shows_every_virtual_machine_once) {
  Fixture f;
  f.client.login();
  const std::string view = containerView(f.client, "VirtualMachine");
  const SoapReply reply = f.client.call(
      "RetrievePropertiesEx", retrieve(overView("ContainerView", view, "VirtualMachine", {"name"})));
  const auto names = reply.all("//propSet/val");
  BOOST_TEST(names.size() == 7U);
  const std::set<std::string> unique(names.begin(), names.end());
  BOOST_TEST(unique.size() == names.size());
  for (const char* expected : {"mt-linux-01", "mt-win-01", "web-01", "db-01", "app-01"})
    BOOST_TEST(unique.contains(expected));
  BOOST_TEST(reply.count("//returnval/token") == 0U);
}

BOOST_AUTO_TEST_CASE(large_results_come_in_pages_of_at_most_a_hundred) {
  Fixture f("generate:hosts=3,datastores=2,vms=250");
  f.client.login();
  const std::string view = containerView(f.client, "VirtualMachine");
  const auto first = f.client.call("RetrievePropertiesEx",
                                   retrieve(overView("ContainerView", view, "VirtualMachine", {"name"}),
                                            "<maxObjects>100000</maxObjects>"));
  BOOST_TEST(first.count("//objects") == 100U);
  std::set<std::string> names;
  for (const auto& name : first.all("//propSet/val")) names.insert(name);
  std::string token = first.one("//returnval/token");
  std::vector<std::size_t> sizes;
  while (!token.empty()) {
    const auto page =
        f.client.call("ContinueRetrievePropertiesEx", collector + "<token>" + token + "</token>");
    BOOST_TEST(page.status == 200);
    sizes.push_back(page.count("//objects"));
    for (const auto& name : page.all("//propSet/val")) names.insert(name);
    token = page.one("//returnval/token");
  }
  BOOST_TEST(sizes == (std::vector<std::size_t>{100, 50}), boost::test_tools::per_element());
  BOOST_TEST(names.size() == 250U);
}

BOOST_AUTO_TEST_CASE(a_smaller_page_is_kept_to_and_a_token_serves_once) {
  Fixture f("generate:hosts=3,datastores=2,vms=25");
  f.client.login();
  const std::string view = containerView(f.client, "VirtualMachine");
  const auto first = f.client.call(
      "RetrievePropertiesEx",
      retrieve(overView("ContainerView", view, "VirtualMachine", {"name"}), "<maxObjects>10</maxObjects>"));
  BOOST_TEST(first.count("//objects") == 10U);
  const std::string token = "<token>" + first.one("//returnval/token") + "</token>";
  BOOST_TEST(f.client.call("ContinueRetrievePropertiesEx", collector + token).status == 200);
  BOOST_TEST(f.client.call("ContinueRetrievePropertiesEx", collector + token).faultType() ==
             "InvalidProperty");

  const auto again = f.client.call(
      "RetrievePropertiesEx",
      retrieve(overView("ContainerView", view, "VirtualMachine", {"name"}), "<maxObjects>10</maxObjects>"));
  const std::string other = "<token>" + again.one("//returnval/token") + "</token>";
  BOOST_TEST(f.client.call("CancelRetrievePropertiesEx", collector + other).status == 200);
  BOOST_TEST(f.client.call("ContinueRetrievePropertiesEx", collector + other).faultType() ==
             "InvalidProperty");
}

BOOST_AUTO_TEST_CASE(an_unknown_path_or_type_is_a_fault_that_names_it) {
  Fixture f;
  f.client.login();
  const auto wrong =
      f.client.call("RetrievePropertiesEx", oneObject("Folder", "group-d1", {"name", "colour"}));
  BOOST_TEST(wrong.faultType() == "InvalidProperty");
  BOOST_TEST(wrong.one("//detail/InvalidPropertyFault/name") == "colour");
  // With `all`, paths mean nothing, whatever they are.
  std::string all = oneObject("Folder", "group-d1", {"colour"});
  all.insert(all.find("<pathSet>"), "<all>true</all>");
  BOOST_TEST(
      f.client.call("RetrievePropertiesEx", all).count("//propSet[*[local-name()='name']='childType']") ==
      1U);
  // A member of a subtype is no path of the declared type.
  const std::string store = f.client.id("DC1/datastore/nfs-01");
  BOOST_TEST(f.client.call("RetrievePropertiesEx", oneObject("Datastore", store, {"info.nas"})).faultType() ==
             "InvalidProperty");
  BOOST_TEST(f.client.call("RetrievePropertiesEx", oneObject("Car", "group-d1", {"name"})).faultType() ==
             "InvalidArgument");
}

BOOST_AUTO_TEST_CASE(a_missing_object_is_a_fault_or_reported_as_asked) {
  Fixture f;
  f.client.login();
  const auto gone = f.client.call("RetrievePropertiesEx", oneObject("VirtualMachine", "vm-9999", {"name"}));
  BOOST_TEST(gone.faultType() == "ManagedObjectNotFound");
  BOOST_TEST(gone.one("//detail/ManagedObjectNotFoundFault/obj") == "vm-9999");
}

BOOST_AUTO_TEST_CASE(selections_may_refer_to_each_other_and_recurse) {
  Fixture f;
  f.client.login();
  // All folders and datacenters below the root, folders in folders included: the classic recursion.
  const std::string spec =
      "<propSet><type>Folder</type><pathSet>name</pathSet></propSet><objectSet>" +
      ref("obj", "Folder", "group-d1") +
      "<skip>false</skip>"
      "<selectSet "
      "xsi:type=\"TraversalSpec\"><name>folders</name><type>Folder</type><path>childEntity</"
      "path><skip>false</skip>"
      "<selectSet><name>folders</name></selectSet><selectSet><name>vmFolder</name></selectSet></selectSet>"
      "<selectSet "
      "xsi:type=\"TraversalSpec\"><name>vmFolder</name><type>Datacenter</type><path>vmFolder</"
      "path><skip>false</skip>"
      "<selectSet><name>folders</name></selectSet></selectSet></objectSet>";
  const SoapReply reply = f.client.call("RetrievePropertiesEx", retrieve(spec));
  const auto found = reply.all("//propSet/val");
  const std::set<std::string> names(found.begin(), found.end());
  for (const char* expected :
       {"Datacenters", "vm", "Production", "Linux", "Windows", "Templates", "Failback"}) {
    BOOST_TEST(names.contains(expected), expected);
  }
  BOOST_TEST(names.size() == found.size());
}

BOOST_AUTO_TEST_CASE(a_walk_in_circles_over_a_large_inventory_ends) {
  Fixture f("generate:hosts=2,datastores=1,vms=3000");
  f.client.login();
  const std::string spec =
      "<propSet><type>VirtualMachine</type><pathSet>name</pathSet></propSet><objectSet>" +
      ref("obj", "Folder", "group-d1") +
      "<selectSet "
      "xsi:type=\"TraversalSpec\"><name>dc</name><type>Folder</type><path>childEntity</"
      "path><selectSet><name>ds</name></selectSet></selectSet>"
      "<selectSet "
      "xsi:type=\"TraversalSpec\"><name>ds</name><type>Datacenter</type><path>datastore</"
      "path><selectSet><name>vms</name></selectSet></selectSet>"
      "<selectSet "
      "xsi:type=\"TraversalSpec\"><name>vms</name><type>Datastore</type><path>vm</"
      "path><selectSet><name>back</name></selectSet></selectSet>"
      "<selectSet "
      "xsi:type=\"TraversalSpec\"><name>back</name><type>VirtualMachine</type><path>datastore</"
      "path><selectSet><name>vms</name></selectSet></selectSet>"
      "</objectSet>";
  const SoapReply reply = f.client.call("RetrievePropertiesEx", retrieve(spec));
  BOOST_TEST(reply.count("//objects") == 100U);
  BOOST_TEST(!reply.one("//returnval/token").empty());
}

BOOST_AUTO_TEST_CASE(keyed_paths_give_one_element) {
  Fixture f;
  f.client.login();
  const std::string vm = f.client.id("DC1/vm/Failback/mt-linux-01");
  const SoapReply reply = f.client.call(
      "RetrievePropertiesEx",
      oneObject("VirtualMachine", vm,
                {"config.hardware.device[2001]", "config.extraConfig[\"disk.EnableUUID\"].value",
                 "config.hardware.device[9999]"}));
  BOOST_TEST(reply.count("//propSet") == 2U);
  BOOST_TEST(reply.all("//propSet/val/@type").at(0) == "VirtualDisk");
  BOOST_TEST(reply.one("//propSet/val/key") == "2001");
  BOOST_TEST(
      reply.has("<name>config.extraConfig[&quot;disk.EnableUUID&quot;].value</name><val "
                "xsi:type=\"xsd:string\">TRUE</val>"));
}

BOOST_AUTO_TEST_CASE(every_property_of_every_object_can_be_read_in_every_version) {
  for (const char* version : {"6.5.0", "6.7.0", "7.0.3", "8.0.3"}) {
    Fixture f("site", version);
    f.client.login();
    std::set<std::string> types;
    for (const ManagedObject* object : f.simulation.world().inventory.all()) {
      types.insert(object->ref.type);
      BOOST_TEST_CONTEXT(version << " " << object->ref.id) {
        const SoapReply reply =
            f.client.call("RetrievePropertiesEx", collector + "<specSet><propSet><type>" + object->ref.type +
                                                      "</type><all>true</all></propSet><objectSet>" +
                                                      ref("obj", object->ref.type, object->ref.id) +
                                                      "</objectSet></specSet><options></options>");
        BOOST_TEST(reply.status == 200, reply.body.substr(0, 800));
      }
    }
    BOOST_TEST(types.size() > 30U);
  }
}

BOOST_AUTO_TEST_CASE(older_servers_do_not_speak_of_newer_things) {
  Fixture f("site", "6.5.0");
  f.client.login();
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  const SoapReply old =
      f.client.call("RetrievePropertiesEx", oneObject("VirtualMachine", vm, {"config", "guest.disk"}));
  BOOST_TEST(old.count("//val/createDate") == 0U);       // of 6.7
  BOOST_TEST(old.count("//val//filesystemType") == 0U);  // of 7.0
  BOOST_TEST(old.one("//val/instanceUuid").size() == 36U);
  // A client that asks for an old version of a new server gets as little.
  Fixture fresh("site", {}, false);  // it speaks two releases: nothing for the judge
  fresh.client.login();
  fresh.client.soapAction = "urn:vim25/6.5";
  BOOST_TEST(fresh.client.call("RetrievePropertiesEx", oneObject("VirtualMachine", vm, {"config"}))
                 .count("//val/createDate") == 0U);
  fresh.client.soapAction = "\"urn:vim25/8.0.2.0\"";
  BOOST_TEST(fresh.client.call("RetrievePropertiesEx", oneObject("VirtualMachine", vm, {"config"}))
                 .count("//val/createDate") == 1U);
}

BOOST_AUTO_TEST_CASE(the_search_index_finds_what_identifies) {
  Fixture f;
  f.client.login();
  const std::string search = self("SearchIndex", "SearchIndex");
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  BOOST_TEST(!vm.empty());
  const SoapReply uuids = f.client.call(
      "RetrievePropertiesEx",
      oneObject("VirtualMachine", vm, {"config.instanceUuid", "config.uuid", "config.files.vmPathName"}));
  const auto values = uuids.all("//propSet/val");
  BOOST_REQUIRE(values.size() == 3U);
  std::string upper = values[0];
  for (char& c : upper) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  const auto byUuid = [&](const std::string& uuid, bool instance) {
    return f.client
        .call("FindByUuid", search + "<uuid>" + uuid + "</uuid><vmSearch>true</vmSearch><instanceUuid>" +
                                (instance ? "true" : "false") + "</instanceUuid>")
        .one("//returnval");
  };
  BOOST_TEST(byUuid(upper, true) == vm);
  BOOST_TEST(byUuid(values[1], false) == vm);
  BOOST_TEST(byUuid(values[1], true) == "");
  BOOST_TEST(f.client.call("FindByIp", search + "<ip>10.20.100.21</ip><vmSearch>true</vmSearch>")
                 .one("//returnval") == vm);
  BOOST_TEST(
      f.client
          .call("FindByDnsName", search + "<dnsName>web-01.site.example</dnsName><vmSearch>true</vmSearch>")
          .one("//returnval") == vm);
  const std::string datacenter = f.client.id("DC1");
  BOOST_TEST(f.client
                 .call("FindByDatastorePath", search + ref("datacenter", "Datacenter", datacenter) +
                                                  "<path>" + values[2] + "</path>")
                 .one("//returnval") == vm);
  BOOST_TEST(f.client.call("FindChild", search + ref("entity", "Datacenter", datacenter) + "<name>vm</name>")
                 .one("//returnval") != "");
  const SoapReply nothing = f.client.call(
      "FindByUuid", search + "<uuid>00000000-0000-0000-0000-000000000000</uuid><vmSearch>true</vmSearch>");
  BOOST_TEST(nothing.status == 200);
  BOOST_TEST(nothing.count("//returnval") == 0U);
}

BOOST_AUTO_TEST_CASE(what_is_not_modelled_says_so_in_words) {
  Fixture f;
  f.client.login();
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  const SoapReply known =
      f.client.call("DetachDisk_Task", self("VirtualMachine", vm) + "<diskId><id>1</id></diskId>");
  BOOST_TEST(known.faultType() == "NotSupported");
  BOOST_TEST(known.has("DetachDisk_Task"));
  BOOST_TEST(f.client.call("MakeCoffee", self("VirtualMachine", vm)).faultType() == "InvalidRequest");
}

BOOST_AUTO_TEST_CASE(an_esxi_host_looks_like_one) {
  Fixture f("esxi");
  const SoapReply content =
      f.client.call("RetrieveServiceContent", self("ServiceInstance", "ServiceInstance"));
  BOOST_TEST(content.one("//about/apiType") == "HostAgent");
  BOOST_TEST(content.count("//about/instanceUuid") == 0U);
  BOOST_TEST(content.one("//rootFolder") == "ha-folder-root");
  const std::string manager = content.one("//sessionManager");
  const SoapReply login = f.client.call(
      "Login", self("SessionManager", manager) + "<userName>root</userName><password>secret</password>");
  BOOST_TEST(login.status == 200);
}

BOOST_AUTO_TEST_SUITE_END()
