// SPDX-License-Identifier: GPL-2.0-or-later
// WaitForUpdatesEx and tasks: what a client that watches is told, and when.
#include <boost/test/unit_test.hpp>
#include <chrono>

#include "tests/unit/mocks/soap_client.h"

using namespace failback::mock;
using namespace failback::mock::testing;
using namespace std::chrono_literals;

namespace {

const std::string sharedCollector = self("PropertyCollector", "propertyCollector");

struct Watch : Fixture {
  using Fixture::Fixture;

  // A filter over all VMs; gives its id.
  std::string watch(const std::vector<std::string>& paths, bool partial = false) {
    view = client
               .call("CreateContainerView", self("ViewManager", "ViewManager") +
                                                ref("container", "Folder", "group-d1") +
                                                "<type>VirtualMachine</type><recursive>true</recursive>")
               .one("//returnval");
    return client
        .call("CreateFilter",
              sharedCollector + "<spec>" + overView("ContainerView", view, "VirtualMachine", paths) +
                  "</spec><partialUpdates>" + (partial ? "true" : "false") + "</partialUpdates>")
        .one("//returnval");
  }

  SoapReply wait(const std::string& version,
                 const std::string& options = "<maxWaitSeconds>0</maxWaitSeconds>") {
    return client.call("WaitForUpdatesEx", sharedCollector + "<version>" + version + "</version><options>" +
                                               options + "</options>");
  }

  std::future<SoapReply> waiting(const std::string& version, int seconds) {
    return client.start("WaitForUpdatesEx", sharedCollector + "<version>" + version +
                                                "</version><options><maxWaitSeconds>" +
                                                std::to_string(seconds) + "</maxWaitSeconds></options>");
  }

  static bool ready(const std::future<SoapReply>& reply) {
    return reply.wait_for(0s) == std::future_status::ready;
  }

  std::string power(const std::string& id, bool on) {
    return client.call(on ? "PowerOnVM_Task" : "PowerOffVM_Task", self("VirtualMachine", id))
        .one("//returnval");
  }

  SoapReply task(const std::string& id, const std::string& path) {
    return client.call("RetrievePropertiesEx", oneObject("Task", id, {path}));
  }

  std::string view;
};

const std::string db = "DC1/vm/Production/Linux/db-01";

}  // namespace

BOOST_AUTO_TEST_SUITE(updates)

BOOST_AUTO_TEST_CASE(first_everything_enters_then_only_changes_come) {
  Watch f;
  f.client.login();
  const std::string filter = f.watch({"name", "runtime.powerState"});
  const SoapReply first = f.wait("");
  BOOST_TEST(first.one("//returnval/version") == "1");
  BOOST_TEST(first.one("//filterSet/filter") == filter);
  BOOST_TEST(first.count("//objectSet") == 7U);
  BOOST_TEST(first.all("//objectSet/kind").at(0) == "enter");

  const SoapReply nothing = f.wait("1");
  BOOST_TEST(nothing.status == 200);
  BOOST_TEST(nothing.count("//returnval") == 0U);

  const std::string vm = f.client.id(webPath);
  f.power(vm, false);
  f.simulation.scheduler().advance(1s);
  const SoapReply change = f.wait("1");
  BOOST_TEST(change.one("//returnval/version") == "2");
  BOOST_TEST(change.one("//objectSet/kind") == "modify");
  BOOST_TEST(change.one("//objectSet/obj") == vm);
  BOOST_TEST(change.one("//changeSet/name") == "runtime.powerState");
  BOOST_TEST(change.one("//changeSet/op") == "assign");
  BOOST_TEST(change.one("//changeSet/val") == "poweredOff");
  BOOST_TEST(change.one("//changeSet/val/@type") == "VirtualMachinePowerState");
}

BOOST_AUTO_TEST_CASE(a_lost_answer_can_be_asked_for_again_and_older_versions_are_refused) {
  Watch f;
  f.client.login();
  f.watch({"name"});
  f.wait("");
  const std::string vm = f.client.id(webPath);
  const auto rename = [&](const std::string& name) {
    f.client.call("Rename_Task", self("VirtualMachine", vm) + "<newName>" + name + "</newName>");
    f.simulation.scheduler().advance(1s);
  };
  rename("web-02");
  const SoapReply second = f.wait("1");
  BOOST_TEST(second.one("//changeSet/val") == "web-02");
  BOOST_TEST(f.wait("1").body == second.body);
  rename("web-03");
  BOOST_TEST(f.wait("2").one("//changeSet/val") == "web-03");
  for (const char* old : {"1", "0", "77", "nonsense"})
    BOOST_TEST(f.wait(old).faultType() == "InvalidCollectorVersion");
  BOOST_TEST(f.wait("").count("//objectSet") == 7U);  // from the beginning
}

BOOST_AUTO_TEST_CASE(a_wait_ends_with_the_change_or_with_its_time) {
  Watch f;
  f.client.login();
  f.watch({"runtime.powerState"});
  f.wait("");
  auto reply = f.waiting("1", 60);
  BOOST_TEST(!Watch::ready(reply));
  f.simulation.scheduler().advance(30s);
  BOOST_TEST(!Watch::ready(reply));
  f.power(f.client.id(webPath), false);
  f.simulation.scheduler().advance(1s);
  BOOST_REQUIRE(Watch::ready(reply));
  BOOST_TEST(reply.get().one("//changeSet/val") == "poweredOff");

  auto quiet = f.waiting("2", 60);
  f.simulation.scheduler().advance(59s);
  BOOST_TEST(!Watch::ready(quiet));
  f.simulation.scheduler().advance(2s);
  BOOST_REQUIRE(Watch::ready(quiet));
  const SoapReply empty = quiet.get();
  BOOST_TEST(empty.status == 200);
  BOOST_TEST(empty.count("//returnval") == 0U);
}

BOOST_AUTO_TEST_CASE(a_wait_can_be_cancelled_and_ends_with_the_session) {
  Watch f;
  f.client.login();
  f.watch({"name"});
  f.wait("");
  auto cancelled = f.waiting("1", 600);
  f.client.call("CancelWaitForUpdates", sharedCollector);
  f.simulation.scheduler().advance(1ms);
  BOOST_REQUIRE(Watch::ready(cancelled));
  BOOST_TEST(cancelled.get().faultType() == "RequestCanceled");
  auto orphan = f.waiting("1", 600);
  f.client.call("Logout", self("SessionManager", "SessionManager"));
  f.simulation.scheduler().advance(1ms);
  BOOST_REQUIRE(Watch::ready(orphan));
  BOOST_TEST(orphan.get().faultType() == "NotAuthenticated");
}

BOOST_AUTO_TEST_CASE(a_large_first_set_is_truncated_and_loses_nothing) {
  Watch f("generate:hosts=2,datastores=2,vms=230");
  f.client.login();
  f.watch({"name"});
  std::string version;
  std::vector<std::size_t> sizes;
  bool truncated = true;
  while (truncated) {
    const SoapReply reply = f.wait(version);
    sizes.push_back(reply.count("//objectSet"));
    version = reply.one("//returnval/version");
    truncated = reply.one("//returnval/truncated") == "true";
  }
  BOOST_TEST(sizes == (std::vector<std::size_t>{100, 100, 30}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(partial_updates_name_what_changed_below_the_path_and_others_send_it_whole) {
  for (const bool partial : {true, false}) {
    Watch f;
    f.client.login();
    f.watch({"config"}, partial);
    f.wait("");
    const std::string vm = f.client.id(db);
    f.client.call("ReconfigVM_Task", self("VirtualMachine", vm) +
                                         "<spec><extraConfig><key>failback.plan</key><value "
                                         "xsi:type=\"xsd:string\">p1</value></extraConfig></spec>");
    f.simulation.scheduler().advance(1s);
    const SoapReply change = f.wait("1");
    if (partial) {
      BOOST_TEST(change.has("<name>config.extraConfig[&quot;failback.plan&quot;]</name><op>add</op>"));
      BOOST_TEST(change.has("<name>config.changeVersion</name><op>assign</op>"));
      BOOST_TEST(change.count("//changeSet/val/hardware") == 0U);
    } else {
      BOOST_TEST(change.one("//changeSet/name") == "config");
      BOOST_TEST(change.count("//changeSet/val/hardware") == 1U);
    }
  }
}

BOOST_AUTO_TEST_CASE(objects_enter_and_leave_with_their_view) {
  Watch f;
  f.client.login();
  const std::string vm = f.client.id(webPath), other = f.client.id(db);
  const std::string list =
      f.client.call("CreateListView", self("ViewManager", "ViewManager") + ref("obj", "VirtualMachine", vm))
          .one("//returnval");
  f.client.call("CreateFilter", sharedCollector + "<spec>" +
                                    overView("ListView", list, "VirtualMachine", {"name"}) +
                                    "</spec><partialUpdates>false</partialUpdates>");
  BOOST_TEST(f.wait("").one("//objectSet/obj") == vm);
  f.client.call("ModifyListView", self("ListView", list) + ref("add", "VirtualMachine", other) +
                                      ref("remove", "VirtualMachine", vm));
  const SoapReply change = f.wait("1");
  BOOST_TEST(change.count("//objectSet") == 2U);
  BOOST_TEST(change.has("<kind>leave</kind><obj type=\"VirtualMachine\">" + vm));
  BOOST_TEST(change.has("<kind>enter</kind><obj type=\"VirtualMachine\">" + other));
}

BOOST_AUTO_TEST_CASE(collectors_and_filters_are_separate_and_can_be_destroyed) {
  Watch f;
  f.client.login();
  const std::string own = f.client.call("CreatePropertyCollector", sharedCollector).one("//returnval");
  const std::string filter = f.watch({"name"});
  f.wait("");
  // The other collector has no filter: nothing to tell.
  const SoapReply none = f.client.call(
      "WaitForUpdatesEx", self("PropertyCollector", own) +
                              "<version></version><options><maxWaitSeconds>0</maxWaitSeconds></options>");
  BOOST_TEST(none.count("//returnval") == 0U);
  BOOST_TEST(f.client.call("DestroyPropertyFilter", self("PropertyFilter", filter)).status == 200);
  BOOST_TEST(f.client.call("DestroyPropertyFilter", self("PropertyFilter", filter)).faultType() ==
             "ManagedObjectNotFound");
  BOOST_TEST(f.client.call("DestroyPropertyCollector", self("PropertyCollector", own)).status == 200);
  BOOST_TEST(f.client.call("CreatePropertyCollector", self("PropertyCollector", own)).faultType() ==
             "ManagedObjectNotFound");
  // Another session never sees this one's objects.
  SoapClient stranger(f.simulation);
  stranger.login();
  BOOST_TEST(stranger.call("DestroyView", self("ContainerView", f.view)).faultType() ==
             "ManagedObjectNotFound");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(tasks)

BOOST_AUTO_TEST_CASE(a_task_is_queued_runs_with_progress_and_succeeds) {
  Watch f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const std::string id = f.power(vm, false);
  BOOST_TEST(f.task(id, "info.state").one("//propSet/val") == "queued");
  f.simulation.scheduler().advance(1ms);
  BOOST_TEST(f.task(id, "info.state").one("//propSet/val") == "running");
  f.simulation.scheduler().advance(100ms);
  BOOST_TEST(f.task(id, "info.progress").one("//propSet/val") == "50");
  f.simulation.scheduler().advance(100ms);
  const SoapReply done = f.task(id, "info");
  BOOST_TEST(done.one("//val/state") == "success");
  BOOST_TEST(done.one("//val/descriptionId") == "VirtualMachine.powerOff");
  BOOST_TEST(done.one("//val/entityName") == "web-01");
  BOOST_TEST(!done.one("//val/completeTime").empty());
  for (const auto& [type, object] :
       {std::pair<std::string, std::string>{"VirtualMachine", vm}, {"TaskManager", "TaskManager"}}) {
    BOOST_TEST(f.client.call("RetrievePropertiesEx", oneObject(type, object, {"recentTask"}))
                   .one("//val/ManagedObjectReference") == id);
  }
  f.simulation.scheduler().advance(11min);
  BOOST_TEST(f.task(id, "info").faultType() == "ManagedObjectNotFound");
}

BOOST_AUTO_TEST_CASE(power_on_and_off_change_what_the_guest_shows) {
  Watch f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const auto read = [&](const std::string& path) {
    return f.client.call("RetrievePropertiesEx", oneObject("VirtualMachine", vm, {path}))
        .one("//propSet/val");
  };
  BOOST_TEST(read("guest.ipAddress") == "10.20.100.21");
  f.power(vm, false);
  f.simulation.scheduler().advance(1s);
  BOOST_TEST(read("runtime.powerState") == "poweredOff");
  BOOST_TEST(read("summary.runtime.powerState") == "poweredOff");
  BOOST_TEST(read("guest.ipAddress") == "");
  BOOST_TEST(read("runtime.bootTime") == "");
  f.power(vm, true);
  f.simulation.scheduler().advance(1s);
  BOOST_TEST(read("guest.ipAddress") == "10.20.100.21");
  BOOST_TEST(read("guest.toolsRunningStatus") == "guestToolsRunning");
  BOOST_TEST(read("runtime.bootTime") != "");
}

BOOST_AUTO_TEST_CASE(a_wrong_power_state_is_the_error_of_the_task) {
  Watch f;
  f.client.login();
  const std::string id = f.power(f.client.id(webPath), true);
  f.simulation.scheduler().advance(1s);
  const SoapReply info = f.task(id, "info");
  BOOST_TEST(info.one("//val/state") == "error");
  BOOST_TEST(info.one("//val/error/fault/@type") == "InvalidPowerState");
  BOOST_TEST(info.one("//val/error/fault/requestedState") == "poweredOn");
  BOOST_TEST(info.one("//val/error/fault/existingState") == "poweredOn");
  BOOST_TEST(!info.one("//val/error/localizedMessage").empty());
}

BOOST_AUTO_TEST_CASE(one_task_per_machine_at_a_time) {
  Watch f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const std::string first = f.power(vm, false);
  const SoapReply second = f.client.call("PowerOnVM_Task", self("VirtualMachine", vm));
  BOOST_TEST(second.faultType() == "TaskInProgress");
  BOOST_TEST(second.one("//detail/TaskInProgressFault/task") == first);
  f.simulation.scheduler().advance(1s);
  BOOST_TEST(f.client.call("PowerOnVM_Task", self("VirtualMachine", vm)).status == 200);
}

BOOST_AUTO_TEST_CASE(a_cancelled_task_stays_cancelled_and_changes_nothing) {
  Watch f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const std::string id = f.power(vm, false);
  f.simulation.scheduler().advance(50ms);
  BOOST_TEST(f.client.call("CancelTask", self("Task", id)).status == 200);
  f.simulation.scheduler().advance(1s);
  const SoapReply info = f.task(id, "info");
  BOOST_TEST(info.one("//val/state") == "error");
  BOOST_TEST(info.one("//val/cancelled") == "true");
  BOOST_TEST(info.one("//val/error/fault/@type") == "RequestCanceled");
  BOOST_TEST(f.client.call("RetrievePropertiesEx", oneObject("VirtualMachine", vm, {"runtime.powerState"}))
                 .one("//propSet/val") == "poweredOn");
  BOOST_TEST(f.client.call("CancelTask", self("Task", id)).faultType() == "InvalidState");
}

BOOST_AUTO_TEST_CASE(a_taken_name_is_refused_with_the_object_that_has_it) {
  Watch f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const std::string id = f.client.call("Rename_Task", self("VirtualMachine", vm) + "<newName>db-01</newName>")
                             .one("//returnval");
  f.simulation.scheduler().advance(1s);
  const SoapReply info = f.task(id, "info");
  BOOST_TEST(info.one("//val/error/fault/@type") == "DuplicateName");
  BOOST_TEST(info.one("//val/error/fault/object") == f.client.id(db));
}

BOOST_AUTO_TEST_CASE(a_reconfigure_by_a_stale_version_is_refused) {
  Watch f;
  f.client.login();
  const std::string vm = f.client.id(webPath);
  const auto reconfigure = [&](const std::string& spec) {
    const std::string id =
        f.client.call("ReconfigVM_Task", self("VirtualMachine", vm) + "<spec>" + spec + "</spec>")
            .one("//returnval");
    f.simulation.scheduler().advance(1s);
    return f.task(id, "info");
  };
  const std::string version =
      f.client.call("RetrievePropertiesEx", oneObject("VirtualMachine", vm, {"config.changeVersion"}))
          .one("//propSet/val");
  const std::string spec = "<changeVersion>" + version + "</changeVersion>";
  BOOST_TEST(reconfigure(spec + "<annotation>first</annotation>").one("//val/state") == "success");
  BOOST_TEST(reconfigure(spec + "<annotation>second</annotation>").one("//val/error/fault/@type") ==
             "ConcurrentAccess");
  // disk.EnableUUID and the flag are one setting.
  BOOST_TEST(
      reconfigure(
          "<extraConfig><key>disk.EnableUUID</key><value xsi:type=\"xsd:string\">true</value></extraConfig>")
          .one("//val/state") == "success");
  BOOST_TEST(
      f.client.call("RetrievePropertiesEx", oneObject("VirtualMachine", vm, {"config.flags.diskUuidEnabled"}))
          .one("//propSet/val") == "true");
  // What is not modelled is refused, not ignored.
  const SoapReply refused = reconfigure("<cpuAffinity><affinitySet>1</affinitySet></cpuAffinity>");
  BOOST_TEST(refused.one("//val/error/fault/@type") == "NotSupported");
  BOOST_TEST(refused.one("//val/error/localizedMessage").find("cpuAffinity") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
