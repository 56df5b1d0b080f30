// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/watch.h"

#include <boost/test/unit_test.hpp>
#include <set>

#include "discovery/json.h"
#include "tests/unit/discovery/sample_site.h"

using namespace failback;
using namespace failback::discovery;
using testing::FakeClient;
using testing::ref;
using vsphere::InventoryChange;

namespace {

struct Listener : ChangeListener {
  std::vector<std::string> lines;  // of objects before complete()
  std::vector<std::string> told;   // after it
  std::vector<std::string> holes;
  int completed = 0;

  void vcenter(const vsphere::VCenter&) override { lines.emplace_back("vcenter"); }
  void object(const vsphere::InventoryObject& object, const Inventory& world) override {
    BOOST_TEST(completed == 0);
    lines.push_back(
        std::visit([&](const auto& value) { return jsonLine(value, world.depth, &world); }, object));
  }
  void unreadable(const vsphere::Unreadable& entry) override { holes.push_back(entry.reason); }
  void complete() override { ++completed; }
  void change(const Change& change, const Inventory& world) override {
    BOOST_TEST(completed == 1);
    told.push_back(jsonLine(change, world.depth, world));
  }
};

using Step = std::function<bool(vsphere::InventoryWatcher&)>;

Step enters(const vsphere::InventoryObject& object) {
  return [object](vsphere::InventoryWatcher& watcher) {
    InventoryChange change;
    change.kind = InventoryChange::Kind::enter;
    change.object = vsphere::entityOf(object).ref;
    change.value = object;
    return watcher.change(std::move(change));
  };
}

Step changes(const vsphere::Moref& object, std::vector<vsphere::ChangedValue> values) {
  return [=](vsphere::InventoryWatcher& watcher) {
    InventoryChange change;
    change.object = object;
    change.values = values;
    return watcher.change(std::move(change));
  };
}

Step leaves(const vsphere::Moref& object) {
  return [=](vsphere::InventoryWatcher& watcher) {
    InventoryChange change;
    change.kind = InventoryChange::Kind::leave;
    change.object = object;
    return watcher.change(std::move(change));
  };
}

bool completes(vsphere::InventoryWatcher& watcher) {
  return watcher.complete();
}

struct Fixture {
  Fixture() { testing::fillSampleSite(client); }

  void everythingEnters() {
    for (const vsphere::InventoryObject& object : client.objects) client.script.push_back(enters(object));
  }

  void watch() {
    try {
      watchInventory(client, options, listener, vsphere::Context(), vsphere::Context());
      BOOST_ERROR("it ended by itself");
    } catch (const vsphere::Failure& failure) {
      BOOST_TEST((failure.error().category == vsphere::Category::interrupted), failure.error().text);
    }
  }

  vsphere::VirtualMachine& vm(const std::string& name) {
    for (vsphere::InventoryObject& object : client.objects) {
      if (vsphere::entityOf(object).name == name) return std::get<vsphere::VirtualMachine>(object);
    }
    throw std::logic_error("no VM " + name);
  }

  void check(const std::vector<std::string>& expected) const {
    BOOST_TEST(listener.told == expected, boost::test_tools::per_element());
  }

  FakeClient client;
  ReadOptions options;
  Listener listener;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(watch, Fixture)

BOOST_AUTO_TEST_CASE(the_first_picture_is_what_a_stream_tells) {
  everythingEnters();
  client.script.emplace_back(completes);
  watch();
  struct Plain : ObjectListener {
    std::multiset<std::string> lines;
    void vcenter(const vsphere::VCenter&) override { lines.insert("vcenter"); }
    void object(const vsphere::InventoryObject& object, const Inventory& world) override {
      lines.insert(
          std::visit([&](const auto& value) { return jsonLine(value, world.depth, &world); }, object));
    }
    void unreadable(const vsphere::Unreadable&) override {}
  } plain;
  streamInventory(client, options, plain, vsphere::Context());
  const std::multiset<std::string> watched(listener.lines.begin(), listener.lines.end());
  BOOST_TEST(watched == plain.lines, boost::test_tools::per_element());
  BOOST_TEST(listener.completed == 1);
  BOOST_TEST(listener.holes.size() == 2u);
  check({});
}

BOOST_AUTO_TEST_CASE(each_change_is_a_line) {
  everythingEnters();
  client.script.emplace_back(completes);
  const vsphere::Moref mt = vm("mt-linux-01").ref;
  client.script.push_back(
      changes(mt, {{"runtime.powerState", "assign", "\"poweredOff\""}, {"guest.ipAddress", "assign", ""}}));
  client.script.push_back(changes(mt, {{"name", "assign", "\"mt%2fone\""}}));
  client.script.push_back(leaves(mt));
  watch();
  const std::string who = R"("objectKind":"virtualMachine","moref":")" + mt.value + "\",";
  check({R"({"kind":"change","change":"modify",)" + who +
             R"("name":"mt-linux-01","changes":[{"path":"runtime.powerState","value":"poweredOff"},)"
             R"({"path":"guest.ipAddress"}]})",
         R"({"kind":"change","change":"modify",)" + who +
             R"("name":"mt/one","changes":[{"path":"name","value":"mt%2fone"}]})",
         R"({"kind":"change","change":"leave",)" + who + R"("name":"mt/one"})"});
}

BOOST_AUTO_TEST_CASE(one_that_enters_later_is_told_with_its_path_as_things_are_now) {
  everythingEnters();
  client.script.emplace_back(completes);
  // Its folder is renamed before.
  for (vsphere::InventoryObject& object : client.objects) {
    if (vsphere::entityOf(object).name != "web/front") continue;
    client.script.push_back(changes(vsphere::entityOf(object).ref, {{"name", "assign", "\"back\""}}));
    client.script.emplace_back([&](vsphere::InventoryWatcher&) {
      vsphere::entityOf(object).name = "back";
      return true;
    });
  }
  vsphere::VirtualMachine fresh = vm("mt-linux-01");
  fresh.ref = ref("VirtualMachine", "vm-99");
  fresh.name = "new";
  fresh.parent = ref("Folder", "group-v18");
  client.script.push_back(enters(fresh));
  watch();
  BOOST_REQUIRE(listener.told.size() == 2u);
  BOOST_TEST(listener.told[1].find(R"("change":"enter","objectKind":"virtualMachine","moref":"vm-99")") !=
             std::string::npos);
  BOOST_TEST(listener.told[1].find(R"("inventoryPath":"/DC0/vm/back/new")") != std::string::npos,
             listener.told[1]);
  BOOST_TEST(client.objectReads == 1);
}

BOOST_AUTO_TEST_CASE(what_changes_before_the_first_picture_is_whole_is_told_after_it) {
  const vsphere::VirtualMachine mt = vm("mt-linux-01");
  client.script = {enters(mt), changes(mt.ref, {{"name", "assign", "\"b\""}}), leaves(mt.ref), enters(mt)};
  for (const vsphere::InventoryObject& object : client.objects) {
    if (vsphere::entityOf(object).ref != mt.ref) client.script.push_back(enters(object));
  }
  client.script.emplace_back(completes);
  watch();
  BOOST_TEST(listener.lines.size() == client.objects.size() + 1);
  BOOST_REQUIRE(listener.told.size() == 3u);
  for (std::size_t i = 0; i < 3; ++i) {
    const char* const words[] = {"\"modify\"", "\"leave\"", "\"enter\""};
    BOOST_TEST(listener.told[i].find(words[i]) != std::string::npos, listener.told[i]);
  }
}

BOOST_AUTO_TEST_CASE(a_filter_is_asked_again_when_an_object_moves_or_is_renamed) {
  options.filter.names = {"web-*"};
  everythingEnters();
  client.script.emplace_back(completes);
  vsphere::VirtualMachine& mt = vm("mt-linux-01");
  const auto renamed = [&](const std::string& name) {
    client.script.emplace_back([&mt, name](vsphere::InventoryWatcher&) {
      mt.name = name;
      return true;
    });
    client.script.push_back(changes(mt.ref, {{"name", "assign", "\"" + name + "\""}}));
  };
  client.script.push_back(
      changes(mt.ref, {{"runtime.powerState", "assign", "\"poweredOff\""}}));  // not shown
  renamed("web-99");
  client.script.push_back(changes(mt.ref, {{"runtime.powerState", "assign", "\"poweredOn\""}}));
  renamed("elsewhere");
  client.script.push_back(changes(mt.ref, {{"runtime.powerState", "assign", "\"poweredOff\""}}));
  client.script.push_back(leaves(mt.ref));
  watch();
  BOOST_REQUIRE(listener.told.size() == 4u);
  const char* const words[] = {"\"enter\"", "poweredOn", "elsewhere", "\"leave\""};
  for (std::size_t i = 0; i < 4; ++i)
    BOOST_TEST(listener.told[i].find(words[i]) != std::string::npos, listener.told[i]);
}

BOOST_AUTO_TEST_CASE(what_is_only_read_to_judge_others_is_not_told) {
  options.filter.kinds = {Kind::virtualMachine};
  everythingEnters();
  client.script.emplace_back(completes);
  client.script.push_back(changes(testing::healthyHost().ref, {{"name", "assign", "\"x\""}}));
  client.script.push_back(leaves(testing::healthyHost().ref));
  watch();
  check({});
}

BOOST_AUTO_TEST_SUITE_END()
