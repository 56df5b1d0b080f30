// SPDX-License-Identifier: GPL-2.0-or-later
// A state that is saved and restored: the next server is the same one.
#include "mocks/world_state.h"

#include <unistd.h>

#include <boost/test/unit_test.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "mocks/state_file.h"
#include "mocks/state_value.h"
#include "tests/unit/mocks/task_helper.h"

using namespace failback::mock;
using namespace failback::mock::testing;

namespace {

const std::string web = "DC1/vm/Production/Linux/web-01", db = "DC1/vm/Production/Linux/db-01",
                  application = "DC1/vm/Production/Windows/app-01";

WorldSettings newest() {
  WorldSettings settings;
  settings.apiVersion = "8.0.3.0";
  return settings;
}

// Another server, made from what the first one saved, by way of the text that a file would hold.
struct Reborn {
  explicit Reborn(World& before, const std::string& scenario = "site")
      : simulation(std::make_shared<ScenarioSpec>(loadScenario(scenario)), "secret", newest(), {},
                   before.builtAt, saved(before), Scheduler::Clock::manual),
        client(simulation, "8.0.2.0") {
    client.login();
  }
  static Json saved(World& before) {
    const std::lock_guard lock(before.lock());
    return Json::parse(saveWorld(before, true).dump());
  }
  SoapReply read(std::string_view type, std::string_view id, const std::vector<std::string>& paths) {
    return client.call("RetrievePropertiesEx", oneObject(type, id, paths));
  }

  Simulation simulation;
  SoapClient client;
};

std::string vm(const std::string& id) {
  return self("VirtualMachine", id);
}

// Everything that differs between two worlds, apart from what ends with a process and the logins since.
std::string differences(World& before, World& after) {
  std::string found;
  const auto compare = [&](World& one, World& other, bool values) {
    for (const ManagedObject* each : one.inventory.all()) {
      if (each->ref.type == "Task") continue;
      const ManagedObject* twin = other.inventory.find(each->ref.id);
      if (!twin) {
        found += each->ref.id + " is not there\n";
        continue;
      }
      if (!values) continue;
      std::vector<PathChange> paths;
      diffValues(each->state, twin->state, {}, paths);
      for (const PathChange& path : paths) {
        if (path.path != "recentTask" && path.path != "latestEvent")
          found += each->ref.id + " " + path.path + "\n";
      }
    }
  };
  compare(before, after, true);
  compare(after, before, false);
  return found;
}

struct Site : TaskFixture {
  explicit Site(const std::string& scenario = "site") : TaskFixture(scenario) { client.login(); }

  void snapshot(const std::string& id) {
    BOOST_TEST(faultOf(run("CreateSnapshot_Task", self("VirtualMachine", id) +
                                                      "<name>before</name><memory>false</memory>"
                                                      "<quiesce>false</quiesce>")) == "");
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(world_state)

BOOST_AUTO_TEST_CASE(every_value_of_every_scenario_comes_back_as_it_was) {
  std::size_t values = 0;
  for (const auto& [name, description] : listScenarios()) {
    Fixture f(name, {}, false);
    for (const ManagedObject* each : f.simulation.world().inventory.all()) {
      const Json json = Json::parse(encoded(each->state).dump());
      BOOST_TEST((decoded(json, name) == each->state), name << " " << each->ref.id);
      ++values;
    }
  }
  BOOST_TEST(values > 500U);
}

BOOST_AUTO_TEST_CASE(what_nobody_wrote_is_refused_with_its_place) {
  for (const char* text :
       {"[]", "[7]", "[\"x\"]", "{}", "[\"r\",\"Nothing\",\"a\"]", "[\"l\"]", "99999999999",
        "[\"{}\",\"VirtualDisk\",{\"nothing\":1}]", "[\"t\",99,\"\",\"a\"]", "[\"{}\",\"VirtualDisk\"]"}) {
    BOOST_CHECK_EXCEPTION((void)decoded(Json::parse(text), "/here"), JsonError, [](const JsonError& problem) {
      return std::string_view(problem.what()).starts_with("/here");
    });
  }
}

BOOST_AUTO_TEST_CASE(a_site_that_was_changed_is_the_same_in_the_next_process) {
  Site f;
  const std::string webId = f.client.id(web), dbId = f.client.id(db);
  f.snapshot(webId);
  BOOST_TEST(faultOf(f.run("PowerOffVM_Task", vm(webId))) == "");
  BOOST_TEST(faultOf(f.run("RemoveAllSnapshots_Task", vm(dbId))) == "");
  BOOST_TEST(faultOf(f.run("Rename_Task", vm(dbId) + "<newName>db-02</newName>")) == "");
  const std::string gone = f.client.id(application);
  BOOST_TEST(faultOf(f.run("PowerOffVM_Task", vm(gone))) == "");
  BOOST_TEST(f.client.call("UnregisterVM", vm(gone)).status == 200);
  f.client.call("AddAuthorizationRole", self("AuthorizationManager", "AuthorizationManager") +
                                            "<name>Keeper</name><privIds>VirtualMachine.Interact.PowerOn"
                                            "</privIds>");
  f.client.call("MakeDirectory", self("FileManager", "FileManager") + "<name>[vmfs-01] kept</name>" +
                                     ref("datacenter", "Datacenter", f.client.id("DC1")));
  World& before = f.simulation.world();
  {
    const std::lock_guard lock(before.lock());
    before.files.write(before.files.locate("[vmfs-01] web-01/web-01-000001.vmdk"), "token-7");
  }

  Reborn next(before);
  World& after = next.simulation.world();
  const std::lock_guard lock(after.lock());
  BOOST_TEST(differences(before, after) == "");
  BOOST_TEST(after.inventory.need(webId).state.at("runtime.powerState").string() == "poweredOff");
  BOOST_TEST(after.inventory.need(dbId).state.at("name").string() == "db-02");
  BOOST_TEST((after.authorization.now().findRole(std::string_view("Keeper")) != nullptr));
  BOOST_TEST(after.files.exists(after.files.locate("[vmfs-01] kept")));
  const auto contents = after.files.contents(after.files.locate("[vmfs-01] web-01/web-01-000001.vmdk"));
  BOOST_TEST((!contents.empty() && contents.back() == "token-7"));
  BOOST_TEST(after.events.items().size() >= before.events.items().size());
  BOOST_TEST(after.taskHistory.items().size() == before.taskHistory.items().size());
}

BOOST_AUTO_TEST_CASE(the_next_process_goes_on_and_gives_no_number_twice) {
  Site f;
  const std::string webId = f.client.id(web);
  f.snapshot(webId);
  const auto snapshotOf = [&](auto& on) {
    return on.read("VirtualMachine", webId, {"snapshot.currentSnapshot"}).one("//val");
  };
  const std::string first = snapshotOf(f);
  Reborn next(f.simulation.world());
  BOOST_TEST(snapshotOf(next) == first);
  const SoapReply started = next.client.call(
      "CreateSnapshot_Task",
      self("VirtualMachine", webId) + "<name>after</name><memory>false</memory><quiesce>false</quiesce>");
  BOOST_REQUIRE(started.status == 200);
  next.simulation.scheduler().advance(std::chrono::seconds(5));
  const std::string second = snapshotOf(next);
  BOOST_TEST(second != first);
  const auto disks =
      next.read("VirtualMachine", webId, {"config.hardware.device"}).all("//VirtualDevice/backing/fileName");
  BOOST_TEST((!disks.empty() && disks.front().ends_with("-000002.vmdk")));
  // The state can be saved again, with what was changed before and after.
  Reborn third(next.simulation.world());
  BOOST_TEST(snapshotOf(third) == second);
}

BOOST_AUTO_TEST_CASE(a_task_that_runs_at_the_end_is_done_and_its_object_is_gone) {
  Site f;
  const std::string webId = f.client.id(web);
  const std::string task = f.client.call("PowerOffVM_Task", vm(webId)).one("//returnval");
  Reborn next(f.simulation.world());
  BOOST_TEST(next.read("VirtualMachine", webId, {"runtime.powerState"}).one("//val") == "poweredOff");
  BOOST_TEST(next.read("VirtualMachine", webId, {"recentTask"}).count("//val/*") == 0U);
  BOOST_TEST(next.read("Task", task, {"info"}).faultType() == "ManagedObjectNotFound");
  // The old session is not known.
  next.client.cookie = f.client.cookie;
  BOOST_TEST(next.client.call("PowerOnVM_Task", vm(webId)).faultType() == "NotAuthenticated");
}

BOOST_AUTO_TEST_CASE(a_question_that_waited_for_a_power_on_is_gone_with_it) {
  Site f("question");
  const World& world = f.simulation.world();
  std::vector<MoRef> machines;
  for (const ManagedObject* each : world.inventory.all("VirtualMachine")) machines.push_back(each->ref);
  for (const MoRef& each : machines) f.client.call("PowerOnVM_Task", self("VirtualMachine", each.id));
  f.simulation.scheduler().advance(std::chrono::seconds(5));
  std::size_t asked = 0;
  for (const MoRef& each : machines) {
    if (f.read("VirtualMachine", each.id, {"runtime.question"}).count("//val") == 1) ++asked;
  }
  BOOST_TEST_REQUIRE(asked > 0U);
  Reborn next(f.simulation.world(), "question");
  for (const MoRef& each : machines) {
    const bool shown = next.read("VirtualMachine", each.id, {"runtime.question"}).count("//val") == 1;
    const std::lock_guard lock(next.simulation.world().lock());
    BOOST_TEST(shown == next.simulation.world().questions.pending(each.id));
  }
}

BOOST_AUTO_TEST_CASE(a_file_is_private_whole_and_judged) {
  const std::string file =
      (std::filesystem::temp_directory_path() / ("mock-state-" + std::to_string(getpid()))).string();
  BOOST_TEST(!readState(file).has_value());
  Fixture f("empty", {}, false);
  SavedState state;
  state.server = {"empty", "{}", "8.0.3.0", f.simulation.world().builtAt, "secret", 7, {}};
  state.world = saveWorld(f.simulation.world(), false);
  writeState(file, state);
  const auto mode = std::filesystem::status(file).permissions();
  BOOST_TEST((mode == (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write)));
  const auto back = readState(file);
  BOOST_TEST_REQUIRE(back.has_value());
  BOOST_TEST(back->server.password == "secret");
  BOOST_TEST(back->server.seed == 7U);
  BOOST_TEST((back->world == state.world));
  for (const char* text :
       {"", "{", "[]", R"({"format": "other", "version": 1})",
        R"({"format": "mock-vcenter-state", "version": 2, "server": {"scenarioText": ""}, "world": {}})"}) {
    std::ofstream(file) << text;
    BOOST_CHECK_EXCEPTION((void)readState(file), StateError, [&](const StateError& problem) {
      return std::string_view(problem.what()).starts_with(file);
    });
  }
  std::filesystem::remove(file);
  BOOST_CHECK_THROW(writeState("/nowhere/state", state), StateError);
}

BOOST_AUTO_TEST_SUITE_END()
