// SPDX-License-Identifier: GPL-2.0-or-later
// Packed trees: they say the same as the trees they were made from, whoever asks.
#include <boost/test/unit_test.hpp>

#include <thread>

#include "mocks/packed.h"
#include "mocks/property_path.h"
#include "mocks/simulation.h"
#include "mocks/xml_writer.h"

using namespace failback::mock;

namespace {

// The same tree, no node of which is packed or shared.
Value plain(const Value& value) {
  if (const DataObject* object = value.asObject()) {
    DataObject copy(object->type());
    for (const DataObject::Member& member : object->members()) copy.set(member.index, plain(member.value));
    return copy;
  }
  if (const List* items = value.asList()) {
    List copy{{}, items->elementType};
    for (const Value& item : items->items) copy.items.push_back(plain(item));
    return copy;
  }
  if (const Text* text = value.asText()) return Value::text(*text);
  return value;
}

std::string written(const Value& value, Release release) {
  std::string xml;
  XmlWriter writer(xml, release);
  const DataObject& object = *value.asObject();
  for (std::size_t i = 0; i < object.type().members.size(); ++i) {
    const MemberInfo& declared = object.type().members[i];
    if (declared.since <= release)
      writer.member(declared, declared.name, object.get(static_cast<std::uint16_t>(i)));
  }
  return xml;
}

Value fresh(const Value& packed) {
  return DataObject(*packed.asObject()->packed());
}

// Every path that leads to something, with keys.
void pathsOf(const Value& value, const std::string& path, std::vector<std::string>& paths) {
  if (!path.empty()) paths.push_back(path);
  if (const DataObject* object = value.asObject()) {
    for (const DataObject::Member& member : object->members()) {
      const std::string name(object->type().members[member.index].name);
      pathsOf(member.value, path.empty() ? name : path + "." + name, paths);
    }
  } else if (const List* items = value.asList()) {
    for (const Value& item : items->items) {
      if (elementKey(item)) pathsOf(item, path + "[" + keyForPath(item) + "]", paths);
    }
  }
}

struct Sites {
  static std::vector<std::string> names() {
    return {"site", "esxi", "troubled", "mt-snapshot", "generate:hosts=3,datastores=2,vms=40"};
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(packed)

BOOST_AUTO_TEST_CASE(every_object_of_a_site_is_packed_and_says_the_same_in_every_release) {
  for (const std::string& name : Sites::names()) {
    Simulation simulation(loadScenario(name), "secret", {}, {}, Scheduler::Clock::manual);
    simulation.world().inventory.settle();
    std::size_t objects = 0;
    for (const ManagedObject* each : simulation.world().inventory.all()) {
      BOOST_REQUIRE_MESSAGE(each->properties().packed(), name + " " + each->ref.id);
      const Value unpacked = plain(fresh(each->state));
      BOOST_TEST((unpacked == each->state));
      for (const Release release : {Release::v65, Release::v67, Release::v70, Release::v80}) {
        // Twice: the first time the text of the shape is made, the second it is used.
        for (int i = 0; i < 2; ++i)
          BOOST_REQUIRE_EQUAL(written(fresh(each->state), release), written(unpacked, release));
      }
      ++objects;
    }
    BOOST_TEST(objects > 40U);
  }
}

BOOST_AUTO_TEST_CASE(every_path_leads_to_the_same) {
  for (const std::string& name : Sites::names()) {
    Simulation simulation(loadScenario(name), "secret", {}, {}, Scheduler::Clock::manual);
    std::size_t compared = 0;
    for (const ManagedObject* each : simulation.world().inventory.all()) {
      const Value unpacked = plain(each->state);
      std::vector<std::string> paths{"name",
                                     "noSuchThing",
                                     "config.noSuchThing",
                                     "config.hardware.device.key",
                                     "config.hardware.device[-9]",
                                     "config.hardware.device[2000].noSuchThing",
                                     "config.extraConfig[\"no.such\"].value",
                                     "parentVApp",
                                     "snapshot.currentSnapshot",
                                     "config.hardware.device[100].key",
                                     "summary.vm.name",
                                     "config.files.vmPathName.x"};
      pathsOf(unpacked, {}, paths);
      const Value packed = fresh(each->state);
      for (const std::string& path : paths) {
        const PathResult expected = evaluatePath(*unpacked.asObject(), path);
        const PathResult result = evaluatePath(*packed.asObject(), path);
        const std::string where = name + " " + each->ref.id + " " + path;
        BOOST_REQUIRE_MESSAGE(result.status == expected.status, where);
        BOOST_REQUIRE_MESSAGE(result.value == expected.value, where);
        BOOST_REQUIRE_MESSAGE(result.declared.typeName == expected.declared.typeName, where);
        BOOST_REQUIRE_MESSAGE(result.declared.isList == expected.declared.isList, where);
        ++compared;
      }
      BOOST_REQUIRE_MESSAGE(!packed.asObject()->membersMade(), each->ref.id);
    }
    BOOST_TEST(compared > 5000U);
  }
}

BOOST_AUTO_TEST_CASE(what_a_change_leaves_alone_stays_and_what_was_made_is_let_go) {
  Simulation simulation(loadScenario("site"), "secret", {}, {}, Scheduler::Clock::manual);
  Inventory& inventory = simulation.world().inventory;
  const ManagedObject* vm = inventory.all("VirtualMachine").front();
  const std::string id = vm->ref.id;
  const Value before = plain(vm->state);
  BOOST_TEST(vm->properties().membersMade());
  inventory.settle();
  BOOST_TEST(!inventory.need(id).properties().membersMade());
  const std::uint64_t version = inventory.version();
  inventory.set(id, "runtime.powerState", "suspended");
  inventory.commit();
  std::vector<const JournalEntry*> changes;
  BOOST_REQUIRE(inventory.changesSince(version, changes));
  BOOST_REQUIRE_EQUAL(changes.size(), 1U);
  BOOST_REQUIRE_EQUAL(changes[0]->paths.size(), 1U);
  BOOST_TEST(changes[0]->paths[0].path == "runtime.powerState");
  BOOST_TEST((inventory.need(id).state == before.with("runtime.powerState", "suspended")));
}

BOOST_AUTO_TEST_CASE(machines_of_a_large_site_share_their_shapes) {
  // What a machine costs must not grow with what all of them have alike.
  const auto store = std::make_shared<PackedStore>();
  const Value common =
      shared(object("OptionValue", {{"key", "svga.present"}, {"value", std::string(4000, 'x')}}));
  std::vector<Value> machines;
  for (int i = 0; i < 50; ++i) {
    const std::vector<Value> options{
        common, object("OptionValue", {{"key", "nvram"}, {"value", "vm-" + std::to_string(i) + ".nvram"}})};
    machines.push_back(
        object("VirtualMachine",
               {{"config", object("VirtualMachineConfigInfo",
                                  {{"name", "vm-" + std::to_string(i)}, {"extraConfig", list(options)}})}}));
  }
  for (const Value& each : machines) {
    const PackedPart packed = store->pack(each);
    BOOST_TEST(packed.leaves->text.size() < 100U);
    BOOST_TEST((Value(DataObject(packed)) == each));
  }
  BOOST_TEST(store->shapes() < 12U);
  BOOST_TEST(store->keptValues() < 6U);
}

BOOST_AUTO_TEST_CASE(a_deferred_object_is_made_once_when_somebody_asks) {
  Inventory inventory;
  int made = 0;
  inventory.addDeferred({"VirtualMachine", "vm-1"}, TypeModel::get().need("VirtualMachine"), [&made] {
    ++made;
    return object("VirtualMachine", {{"name", "web-01"}});
  });
  inventory.markBuilt();
  BOOST_TEST(inventory.need("vm-1").type().name == "VirtualMachine");
  BOOST_TEST(inventory.all("VirtualMachine").size() == 1U);
  BOOST_TEST(made == 0);
  BOOST_TEST(inventory.need("vm-1").read("name").string() == "web-01");
  BOOST_TEST(inventory.need("vm-1").state.at("name").string() == "web-01");
  inventory.settle();
  BOOST_TEST(inventory.need("vm-1").state.at("name").string() == "web-01");
  BOOST_TEST(made == 1);
  inventory.set("vm-1", "name", "web-02");
  BOOST_TEST(inventory.need("vm-1").read("name").string() == "web-02");
  BOOST_TEST(made == 1);
}

BOOST_AUTO_TEST_CASE(a_large_site_says_the_same_whether_its_machines_are_made_before_or_meanwhile) {
  const ScenarioSpec scenario = loadScenario("generate:hosts=8,datastores=4,vms=400");
  Simulation first(scenario, "secret", {}, {}, Scheduler::Clock::manual);
  Simulation second(scenario, "secret", {}, {}, Scheduler::Clock::manual);
  const auto machines = second.world().inventory.all("VirtualMachine");
  BOOST_REQUIRE_EQUAL(machines.size(), 400U);
  BOOST_TEST(first.world().inventory.takeDeferred().size() == 400U);
  std::jthread making([values = second.world().inventory.takeDeferred()] {
    for (const Value& each : values) (void)each.asObject()->packed();
  });
  std::size_t compared = 0;
  for (auto each = machines.rbegin(); each != machines.rend(); ++each, ++compared) {
    const ManagedObject& same = first.world().inventory.need((*each)->ref.id);
    BOOST_REQUIRE_EQUAL(written((*each)->state, Release::v80), written(same.state, Release::v80));
  }
  BOOST_TEST(compared == 400U);
}

BOOST_AUTO_TEST_CASE(what_the_schema_forbids_is_refused_when_it_is_written) {
  const auto store = std::make_shared<PackedStore>();
  const auto refused = [&](const Value& config) {
    const Value packed = DataObject(store->pack(object("VirtualMachine", {{"config", config}})));
    std::string xml;
    XmlWriter writer(xml, Release::v80);
    const MemberInfo declared = TypeModel::get().declared("VirtualMachineConfigInfo");
    BOOST_CHECK_THROW(writer.member(declared, "config", packed.at("config")), SchemaViolation);
  };
  refused(object("VirtualMachineConfigInfo", {{"name", "a"}}));  // mandatory members are missing
  refused(object("OptionValue", {{"key", "a"}, {"value", "b"}}));
}

BOOST_AUTO_TEST_SUITE_END()
