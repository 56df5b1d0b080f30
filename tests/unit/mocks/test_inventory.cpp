// SPDX-License-Identifier: GPL-2.0-or-later
// Property paths, changes and their journal.
#include <boost/test/unit_test.hpp>

#include "mocks/inventory.h"
#include "mocks/property_path.h"

using namespace failback::mock;

namespace {

Value option(const std::string& key, const std::string& value) {
  return object("OptionValue", {{"key", key}, {"value", value}});
}

Value disk(std::int32_t key, std::int64_t size) {
  return object("VirtualDisk", {{"key", key}, {"capacityInKB", size}});
}

Value machine() {
  const Value hardware = object("VirtualHardware", {{"numCPU", std::int32_t{2}},
                                                    {"memoryMB", std::int32_t{1024}},
                                                    {"device", list({disk(2000, 1), disk(2001, 2)})}});
  const Value config =
      object("VirtualMachineConfigInfo",
             {{"name", "web"},
              {"hardware", hardware},
              {"extraConfig", list({option("disk.EnableUUID", "TRUE"), option("a.b", "c")})}});
  return object("VirtualMachine", {{"name", "web"}, {"config", config}});
}

std::string text(const PathResult& result) {
  return std::string(result.value.string());
}

PathResult at(const Value& root, std::string_view path) {
  return evaluatePath(*root.asObject(), path);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(inventory)

BOOST_AUTO_TEST_CASE(paths_lead_through_objects_and_keyed_lists) {
  const Value vm = machine();
  BOOST_TEST(text(at(vm, "name")) == "web");
  BOOST_TEST(*at(vm, "config.hardware.memoryMB").value.asInteger() == 1024);
  BOOST_TEST(*at(vm, "config.hardware.device[2001].capacityInKB").value.asInteger() == 2);
  BOOST_TEST(text(at(vm, "config.extraConfig[\"disk.EnableUUID\"].value")) == "TRUE");
  const PathResult element = at(vm, "config.extraConfig[\"a.b\"]");
  BOOST_TEST(element.value.asObject()->type().name == "OptionValue");
  BOOST_TEST(!element.declared.isList);
  BOOST_TEST(at(vm, "config.hardware.device").declared.isList);
}

BOOST_AUTO_TEST_CASE(a_good_path_without_a_value_is_unset_and_a_wrong_one_is_invalid) {
  const Value vm = machine();
  BOOST_CHECK(at(vm, "runtime.powerState").status == PathStatus::unset);
  BOOST_CHECK(at(vm, "config.hardware.device[4000]").status == PathStatus::unset);
  BOOST_CHECK(at(vm, "config.hardware.device[4000].backing").status == PathStatus::unset);
  BOOST_CHECK(at(vm, "guest.net").status == PathStatus::unset);
  for (const char* wrong : {"nme", "config.hardwar", "name.first", "config.hardware.device.key", "config[1]",
                            "", "config.", ".config", "config.extraConfig[\"open", "config.extraConfig[]"}) {
    BOOST_TEST_CONTEXT(wrong) {
      BOOST_CHECK(at(vm, wrong).status == PathStatus::invalid);
      BOOST_CHECK(!pathExists(vm.asObject()->type(), wrong));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_list_without_elements_is_empty_not_unset) {
  const PathResult tags = at(machine(), "tag");
  BOOST_CHECK(tags.status == PathStatus::found);
  BOOST_TEST(tags.value.asList()->items.empty());
}

BOOST_AUTO_TEST_CASE(a_change_names_the_smallest_path) {
  const Value before = machine();
  const Value after = before.with("config.hardware.memoryMB", std::int32_t{2048})
                          .with("config.hardware.device", list({disk(2000, 1), disk(2002, 3)}));
  std::vector<PathChange> changes;
  diffValues(before, after, {}, changes);
  BOOST_REQUIRE(changes.size() == 3U);
  BOOST_TEST(changes[0].path == "config.hardware.memoryMB");
  BOOST_TEST(changes[1].path == "config.hardware.device[2001]");
  BOOST_CHECK(changes[1].op == ChangeOp::remove);
  BOOST_TEST(changes[2].path == "config.hardware.device[2002]");
  BOOST_CHECK(changes[2].op == ChangeOp::add);
}

BOOST_AUTO_TEST_CASE(trees_share_what_did_not_change) {
  const Value before = machine();
  const Value after = before.with("name", "other");
  BOOST_TEST(after.at("config").sameNode(before.at("config")));
  BOOST_TEST(before.at("name").string() == "web");
}

BOOST_AUTO_TEST_CASE(versions_count_commits_and_the_journal_tells_what_happened_since) {
  Inventory inventory;
  inventory.add({"VirtualMachine", "vm-1"}, machine());
  inventory.commit();
  const std::uint64_t start = inventory.version();
  const std::uint64_t structure = inventory.structure();
  inventory.commit();
  BOOST_TEST(inventory.version() == start);  // nothing happened

  inventory.set("vm-1", "name", "renamed");
  inventory.set("vm-1", "config.name", "renamed");
  BOOST_TEST(inventory.version() == start);
  inventory.commit();
  BOOST_TEST(inventory.version() == start + 1);
  BOOST_TEST(inventory.structure() == structure);

  std::vector<const JournalEntry*> entries;
  BOOST_TEST(inventory.changesSince(start, entries));
  BOOST_REQUIRE(entries.size() == 2U);
  BOOST_TEST(entries[0]->paths.front().path == "name");
  BOOST_TEST(entries[1]->paths.front().path == "config.name");

  inventory.set("vm-1", "parent", MoRef{"Folder", "group-v3"});
  BOOST_TEST(inventory.structure() > structure);
}

BOOST_AUTO_TEST_CASE(a_journal_that_is_full_says_that_it_forgot) {
  Inventory inventory(4);
  inventory.add({"VirtualMachine", "vm-1"}, machine());
  inventory.commit();
  const std::uint64_t start = inventory.version();
  for (int i = 0; i < 10; ++i) {
    inventory.set("vm-1", "name", "n" + std::to_string(i));
    inventory.commit();
  }
  std::vector<const JournalEntry*> entries;
  BOOST_TEST(!inventory.changesSince(start, entries));
  BOOST_TEST(inventory.changesSince(inventory.version() - 1, entries));
  BOOST_TEST(entries.size() == 1U);
}

BOOST_AUTO_TEST_CASE(paths_relate_by_steps_not_by_letters) {
  BOOST_CHECK(relate("config", "config") == PathRelation::same);
  BOOST_CHECK(relate("config.name", "config") == PathRelation::below);
  BOOST_CHECK(relate("config", "config.name") == PathRelation::above);
  BOOST_CHECK(relate("configStatus", "config") == PathRelation::unrelated);
  BOOST_CHECK(relate("config.hardware.device[2000]", "config.hardware.device") == PathRelation::below);
}

BOOST_AUTO_TEST_SUITE_END()
