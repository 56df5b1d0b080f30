// SPDX-License-Identifier: GPL-2.0-or-later
// Pages of a large site are written from text that is prepared for all objects of a shape, and the view of
// the root folder is not walked: both must give what the slow way gives.
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <deque>
#include <set>

#include "mocks/content_reader.h"
#include "mocks/simulation.h"
#include "mocks/view.h"

using namespace failback::mock;

namespace {

// A site with somebody logged in.
class Site {
 public:
  explicit Site(const std::string& name)
      : simulation_(loadScenario(name), "secret", {}, {}, Scheduler::Clock::manual),
        session_(world().sessions.open(*world().users.front(), world().sessions.newCookie(),
                                       std::chrono::milliseconds(0))) {}

  World& world() { return simulation_.world(); }
  const Inventory& inventory() { return world().inventory; }
  Scope scope() {
    return {world().inventory, world().sessions, world().authorization, session_, world().now()};
  }

 private:
  Simulation simulation_;
  std::shared_ptr<Session> session_;
};

const std::vector<std::string> sites{"site",        "esxi", "troubled",
                                     "mt-snapshot", "vapp", "generate:hosts=3,datastores=2,vms=40"};
constexpr std::array releases{Release::v65, Release::v67, Release::v70, Release::v80};

// Paths that lead to something, some with keys; and what no object has.
void pathsOf(const Value& value, const std::string& path, std::vector<std::string>& paths) {
  if (!path.empty()) paths.push_back(path);
  if (const DataObject* object = value.asObject()) {
    for (const MemberInfo& member : object->type().members) {
      const std::string below =
          path.empty() ? std::string(member.name) : path + "." + std::string(member.name);
      const Value& next = object->get(member.name);
      if (next.isSet()) {
        pathsOf(next, below, paths);
      } else {
        paths.push_back(below);
      }
    }
  } else if (const List* items = value.asList()) {
    for (std::size_t i = 0; i < std::min<std::size_t>(items->items.size(), 3); ++i) {
      const Value& item = items->items[i];
      if (elementKey(item)) pathsOf(item, path + "[" + keyForPath(item) + "]", paths);
    }
  }
}

std::string written(const ObjectContent& content, Release release) {
  std::string xml;
  XmlWriter writer(xml, release);
  writeContent(writer, "objects", content);
  return xml;
}

FilterSpec specFor(const TypeInfo& type, std::vector<std::string> paths) {
  FilterSpec spec;
  spec.properties.push_back({std::string(type.name), false, std::move(paths)});
  return spec;
}

// What is in a container, found by walking.
std::set<std::string> walked(const Inventory& inventory, const MoRef& root,
                             const std::vector<std::string>& types) {
  std::set<std::string> found;
  std::deque<const ManagedObject*> open{&inventory.need(root.id)};
  while (!open.empty()) {
    const ManagedObject* current = open.front();
    open.pop_front();
    for (const MoRef& ref : childrenOf(*current)) {
      const ManagedObject& child = inventory.need(ref.id);
      const bool wanted =
          types.empty() || std::any_of(types.begin(), types.end(),
                                       [&](const std::string& each) { return child.type().isA(each); });
      if (wanted) found.insert(ref.id);
      open.push_back(&child);
    }
  }
  return found;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(content_reader)

BOOST_AUTO_TEST_CASE(every_property_is_written_alike_with_and_without_prepared_text) {
  std::size_t compared = 0, prepared = 0;
  for (const std::string& name : sites) {
    Site site(name);
    const Scope scope = site.scope();
    for (const ManagedObject* each : site.inventory().all()) {
      std::vector<std::string> paths;
      pathsOf(each->state, {}, paths);
      const FilterSpec spec = specFor(each->type(), std::move(paths));
      const ObjectContent expected = readObject(*each, pathsFor(spec, each->type()), scope);
      ContentReader reader(spec);
      ObjectContent content = reader.read(*each, scope);
      for (int i = 0; i < 2; ++i) content = reader.read(*each, scope);
      if (content.answer) ++prepared;
      for (const Release release : releases) {
        // Twice: first the text is made, then it is used.
        for (int i = 0; i < 2; ++i)
          BOOST_REQUIRE_EQUAL(written(content, release), written(expected, release));
        ++compared;
      }
    }
  }
  BOOST_TEST(compared > 1500U);
  BOOST_TEST(prepared > 300U);
}

BOOST_AUTO_TEST_CASE(each_object_of_a_shape_answers_with_its_own_values) {
  Site site("generate:hosts=3,datastores=2,vms=60");
  const Scope scope = site.scope();
  const FilterSpec spec =
      specFor(TypeModel::get().need("VirtualMachine"),
              {"name", "parent", "config.uuid", "config.hardware.device",
               "config.extraConfig[\"disk.EnableUUID\"]", "config.bootOptions.bootOrder", "guest.net",
               "datastore", "recentTask", "snapshot", "runtime.powerState", "summary.storage.committed",
               "config.files.vmPathName", "config.extraConfig[\"no.such\"]", "guest.disk"});
  ContentReader reader(spec);
  std::size_t prepared = 0;
  std::set<std::string> different;
  for (const ManagedObject* vm : site.inventory().all("VirtualMachine")) {
    const ObjectContent content = reader.read(*vm, scope);
    const std::string xml = written(content, Release::v80);
    BOOST_REQUIRE_EQUAL(xml, written(readObject(*vm, pathsFor(spec, vm->type()), scope), Release::v80));
    different.insert(xml);
    if (content.answer) ++prepared;
  }
  BOOST_TEST(different.size() == 60U);
  BOOST_TEST(prepared > 30U);
}

BOOST_AUTO_TEST_CASE(an_account_with_less_rights_is_shown_what_it_may_see) {
  ScenarioSpec scenario = loadScenario("generate:hosts=2,datastores=2,vms=12");
  scenario.users = {{"administrator@vsphere.local"}, {"limited"}};
  scenario.users.back().permissions = {{scenario.datacenters.front().name, "ReadOnly"}};
  Simulation simulation(scenario, "secret", {}, {}, Scheduler::Clock::manual);
  World& world = simulation.world();
  const auto session =
      world.sessions.open(*world.users.back(), world.sessions.newCookie(), std::chrono::milliseconds(0));
  const Scope scope(world.inventory, world.sessions, world.authorization, session, world.now());
  const FilterSpec spec =
      specFor(TypeModel::get().need("VirtualMachine"), {"name", "effectiveRole", "parent"});
  ContentReader reader(spec);
  for (const ManagedObject* vm : world.inventory.all("VirtualMachine")) {
    const std::string shown = written(reader.read(*vm, scope), Release::v80);
    BOOST_REQUIRE_EQUAL(shown, written(readObject(*vm, pathsFor(spec, vm->type()), scope), Release::v80));
    BOOST_TEST(shown.find(">-2</int>") != std::string::npos, shown);  // the role ReadOnly
  }
}

BOOST_AUTO_TEST_CASE(what_was_read_stays_what_it_was_when_the_object_changes) {
  Site site("generate:hosts=1,datastores=1,vms=5");
  const ManagedObject* vm = site.inventory().all("VirtualMachine").front();
  const std::string id = vm->ref.id;
  ContentReader reader(specFor(vm->type(), {"name", "runtime.powerState"}));
  ObjectContent content = reader.read(*vm, site.scope());
  for (int i = 0; i < 2; ++i) content = reader.read(*vm, site.scope());
  BOOST_REQUIRE(content.answer);
  const std::string before = written(content, Release::v80);
  site.world().inventory.set(id, "runtime.powerState", "suspended");
  site.world().inventory.commit();
  BOOST_TEST(written(content, Release::v80) == before);
  const std::string after = written(reader.read(site.inventory().need(id), site.scope()), Release::v80);
  BOOST_TEST(after.find("suspended") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(the_view_of_the_root_folder_shows_what_a_walk_finds) {
  const std::vector<std::vector<std::string>> asked{{},
                                                    {"VirtualMachine"},
                                                    {"ManagedEntity"},
                                                    {"HostSystem", "ComputeResource", "Datastore"},
                                                    {"Folder"},
                                                    {"ResourcePool", "Network"}};
  for (const std::string& name : sites) {
    Site site(name);
    const Inventory& inventory = site.inventory();
    const MoRef root = *inventory.need("ServiceInstance").state.at("content.rootFolder").asRef();
    for (const auto& types : asked) {
      std::set<std::string> shown;
      for (const MoRef& ref : containedIn(inventory, root, types, true)) {
        BOOST_TEST(shown.insert(ref.id).second);
      }
      const std::set<std::string> expected = walked(inventory, root, types);
      BOOST_TEST_CONTEXT(name << " " << (types.empty() ? "all" : types.front()))
      BOOST_CHECK_EQUAL_COLLECTIONS(shown.begin(), shown.end(), expected.begin(), expected.end());
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()
