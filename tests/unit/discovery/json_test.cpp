// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/json.h"

#include <boost/test/unit_test.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "discovery/derived.h"
#include "discovery/json_text.h"
#include "tests/unit/discovery/sample_site.h"

using namespace failback;
using namespace failback::discovery;
using nlohmann::json;
using testing::derivedSite;
using testing::dumpOf;
using testing::ref;

namespace {

const json& find(const json& list, const std::string& name) {
  for (const json& item : list) {
    if (item["name"] == name) return item;
  }
  BOOST_FAIL("no " << name);
  return list;
}

// A check of JSON against the schema, as far as the schema goes: types, required members, allowed words, and
// that no member is written that the schema does not describe.
class SchemaCheck {
 public:
  SchemaCheck() : schema_(json::parse(dumpSchema())) {}

  std::vector<std::string> errors;
  // Every member that was seen, as "definition.member".
  std::set<std::string> seen;

  void check(const json& value) { check(schema_, value, "", "dump"); }
  std::set<std::string> described() const {
    std::set<std::string> all;
    collect(schema_, "dump", all);
    for (const auto& [name, definition] : schema_["$defs"].items()) collect(definition, name, all);
    return all;
  }

 private:
  static void collect(const json& schema, const std::string& place, std::set<std::string>& all) {
    if (!schema.contains("properties")) return;
    for (const auto& [name, inner] : schema["properties"].items()) {
      all.insert(place + "." + name);
      collect(inner, place + "." + name, all);
      if (inner.contains("items")) collect(inner["items"], place + "." + name, all);
    }
  }

  void check(const json& schema, const json& value, const std::string& path, std::string place) {
    if (schema.contains("$ref")) {
      const std::string name = schema["$ref"].get<std::string>().substr(8);
      check(schema_["$defs"][name], value, path, name);
      return;
    }
    if (schema.contains("oneOf")) {
      if (!value.is_string() && !value.is_object()) errors.push_back(path + ": neither text nor object");
      return;
    }
    if (schema.contains("const") && schema["const"] != value) errors.push_back(path + ": another constant");
    if (schema.contains("enum") &&
        std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) {
      errors.push_back(path + ": unknown word " + value.dump());
    }
    if (!schema.contains("type")) return;
    const std::string type = schema["type"];
    const std::map<std::string, bool> is = {{"object", value.is_object()},
                                            {"array", value.is_array()},
                                            {"string", value.is_string()},
                                            {"boolean", value.is_boolean()},
                                            {"integer", value.is_number_integer()}};
    if (!is.at(type)) {
      errors.push_back(path + ": " + value.type_name() + " instead of " + type);
    } else if (type == "array") {
      for (std::size_t i = 0; i < value.size(); ++i) {
        check(schema["items"], value[i], path + "/" + std::to_string(i), place);
      }
    } else if (type == "object") {
      checkObject(schema, value, path, place);
    }
  }

  void checkObject(const json& schema, const json& value, const std::string& path, const std::string& place) {
    for (const json& name : schema.value("required", json::array())) {
      if (!value.contains(name)) errors.push_back(path + ": lacks " + name.get<std::string>());
    }
    for (const auto& [name, inner] : value.items()) {
      seen.insert(place + "." + name);
      if (schema.contains("properties") && schema["properties"].contains(name)) {
        check(schema["properties"][name], inner, path + "/" + name, place + "." + name);
      } else if (schema.contains("additionalProperties")) {
        check(schema["additionalProperties"], inner, path + "/" + name, place);
      } else {
        errors.push_back(path + "/" + name + ": not in the schema");
      }
    }
  }

  json schema_;
};

Inventory completeSite() {
  Inventory inventory = derivedSite(vsphere::Depth::full);
  inventory.add(testing::completeVm());
  vsphere::Unreadable hole;
  hole.object = ref("VirtualMachine", "vm-41");
  hole.name = "web-01";
  hole.property = "config.extraConfig";
  hole.reason = "noPermission";
  hole.fault = "NoPermission";
  hole.privilege = "System.Read";
  hole.text = "config.extraConfig of web-01 may not be read";
  inventory.unreadable = {hole};
  deriveFacts(inventory);
  return inventory;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(dump)

BOOST_AUTO_TEST_CASE(top_level_members_and_vsphere_names) {
  const json dump = json::parse(dumpOf(derivedSite(vsphere::Depth::standard)));
  BOOST_TEST(dump["schemaVersion"] == 1);
  BOOST_TEST(dump["vcenter"]["instanceUuid"] == "dc4ca0f6-0e17-4e3a-9b5d-0f3ad1f6a2b1");
  for (const char* name : {"datacenters", "folders", "clusters", "hosts", "datastores", "storagePods",
                           "networks", "resourcePools", "virtualMachines", "unreadable"}) {
    BOOST_TEST(dump[name].is_array(), name);
  }
  const json& vm = find(dump["virtualMachines"], "mt-linux-01");
  BOOST_TEST(vm["moref"] == "vm-40");
  BOOST_TEST(vm["powerState"] == "poweredOn");
  BOOST_TEST(vm["instanceUuid"] == "5000-vm-40");
  BOOST_TEST(vm["host"] == "host-9");
  BOOST_TEST(vm["memorySize"] == 8589934592);
  BOOST_TEST(vm["disks"][0]["capacityInBytes"] == 42949672960);
  BOOST_TEST(vm["disks"][0]["fileName"] == "[vmfs-01] mt-linux-01/mt-linux-01.vmdk");
  BOOST_TEST(vm["inventoryPath"] == "/DC0/vm/mt-linux-01");
  const json& datastore = find(dump["datastores"], "vmfs-01");
  BOOST_TEST(datastore["capacity"] == 2199023255552);
  BOOST_TEST(datastore["freeSpace"] == 1099511627776);
  BOOST_TEST(datastore["storagePod"] == "group-p13");
  BOOST_TEST(find(dump["networks"], "prod")["dvsName"] == "dvs-a");
  BOOST_TEST(find(dump["hosts"], "esx-01.example")["cluster"] == "domain-c7");
}

BOOST_AUTO_TEST_CASE(every_depth_is_valid_against_the_published_schema) {
  for (const auto depth : {vsphere::Depth::thin, vsphere::Depth::standard, vsphere::Depth::full}) {
    SchemaCheck schema;
    schema.check(json::parse(dumpOf(derivedSite(depth))));
    for (const std::string& error : schema.errors) BOOST_ERROR(error);
  }
}

BOOST_AUTO_TEST_CASE(the_schema_describes_no_member_that_is_never_written) {
  SchemaCheck schema;
  schema.check(json::parse(dumpOf(completeSite())));
  for (const std::string& error : schema.errors) BOOST_ERROR(error);
  // What the sample has no reason to set, member by member of the objects that VMs and dumps are made of.
  std::set<std::string> missing;
  for (const std::string& member : schema.described()) {
    const bool checked = member.rfind("virtualMachine.", 0) == 0 || member.rfind("disk.", 0) == 0 ||
                         member.rfind("diskFile.", 0) == 0 || member.rfind("snapshot.", 0) == 0 ||
                         member.rfind("unreadable.", 0) == 0;
    if (checked && schema.seen.count(member) == 0) missing.insert(member);
  }
  missing.erase("virtualMachine.serverGuid");
  missing.erase("diskFile.changeId");
  missing.erase("diskFile.backingObjectId");
  missing.erase("diskFile.deltaDiskFormat");
  for (const std::string& member : missing) BOOST_ERROR("never written: " << member);
}

BOOST_AUTO_TEST_CASE(the_same_world_gives_the_same_bytes_in_whatever_order_it_came) {
  Inventory forwards = derivedSite(vsphere::Depth::standard), backwards;
  backwards.vcenter = forwards.vcenter;
  backwards.vcenter.serverTime = "2026-03-01T10:00:07Z";
  backwards.vcenter.clockSkewMs = -3;
  auto objects = testing::sampleObjects();
  for (auto at = objects.rbegin(); at != objects.rend(); ++at) backwards.add(std::move(*at));
  deriveFacts(backwards);
  BOOST_TEST(dumpOf(forwards) == dumpOf(backwards));
}

BOOST_AUTO_TEST_CASE(when_it_was_read_stands_in_a_full_dump_only) {
  BOOST_TEST(!json::parse(dumpOf(derivedSite(vsphere::Depth::standard))).contains("readAt"));
  BOOST_TEST(json::parse(dumpOf(derivedSite(vsphere::Depth::full)))["readAt"] == "2026-03-01T10:00:00Z");
}

BOOST_AUTO_TEST_CASE(why_a_vm_is_no_master_target) {
  const json dump = json::parse(dumpOf(derivedSite(vsphere::Depth::standard)));
  BOOST_TEST(find(dump["virtualMachines"], "mt-linux-01")["masterTarget"]["candidate"] == "yes");
  const json& web = find(dump["virtualMachines"], "web-01")["masterTarget"];
  BOOST_TEST(web["candidate"] == "no");
  std::set<std::string> rules;
  for (const json& fact : web["facts"]) {
    BOOST_TEST(fact["verdict"] != "ok");
    rules.insert(fact["rule"].get<std::string>());
  }
  BOOST_TEST(rules.count("MT-SNAPSHOT") == 1u);
  BOOST_TEST(rules.count("MT-UUID") == 1u);
  BOOST_TEST(
      !json::parse(dumpOf(derivedSite(vsphere::Depth::thin)))["virtualMachines"][0].contains("masterTarget"));
}

BOOST_AUTO_TEST_CASE(a_filter_stands_in_the_dump) {
  FilterSpec spec;
  spec.kinds = {Kind::virtualMachine};
  spec.names = {"web-*"};
  const json dump = json::parse(dumpOf(derivedSite(vsphere::Depth::standard), spec));
  BOOST_TEST(dump["filters"]["kind"][0] == "virtualMachine");
  BOOST_TEST(dump["filters"]["name"][0] == "web-*");
  BOOST_TEST(dump["virtualMachines"].size() == 1u);
  BOOST_TEST(dump["hosts"].empty());
  BOOST_TEST(!json::parse(dumpOf(derivedSite(vsphere::Depth::standard))).contains("filters"));
}

BOOST_AUTO_TEST_CASE(a_line_is_one_line_with_its_kind_first) {
  vsphere::VirtualMachine vm = testing::completeVm();
  vm.name = "two\nlines";
  const std::string line = jsonLine(vm, vsphere::Depth::full, nullptr);
  BOOST_TEST(line.find('\n') == std::string::npos);
  BOOST_TEST(line.rfind("{\"kind\":\"virtualMachine\",", 0) == 0u);
  BOOST_TEST(json::parse(line)["name"] == "two\nlines");
  BOOST_TEST(json::parse(jsonLine(testing::sampleVCenter(), vsphere::Depth::standard))["kind"] == "vcenter");
  // "kind" is said once: no other member of an object bears that name.
  for (const auto& object : testing::sampleObjects()) {
    const std::string text = std::visit(
        [](const auto& value) { return jsonLine(value, vsphere::Depth::standard, nullptr); }, object);
    const json parsed = json::parse(text);
    BOOST_TEST(parsed["kind"] == std::string(info(kindOf(object)).name));
  }
}

BOOST_AUTO_TEST_CASE(texts_are_escaped_and_always_utf8) {
  const auto escaped = [](std::string_view text) {
    std::string out;
    appendJsonString(out, text);
    return out;
  };
  BOOST_TEST(escaped("a\"b\\c\n\x01") == "\"a\\\"b\\\\c\\n\\u0001\"");
  BOOST_TEST(escaped("gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80") == "\"gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80\"");
  BOOST_TEST(escaped("x\xC3") == "\"x\xEF\xBF\xBD\"");
  BOOST_TEST(escaped("\xED\xA0\x80") == "\"\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\"");
  BOOST_TEST(escaped("\x7F") == "\"\\u007f\"");
  BOOST_TEST(escaped(std::string_view("\0", 1)) == "\"\\u0000\"");
}

BOOST_AUTO_TEST_SUITE_END()
