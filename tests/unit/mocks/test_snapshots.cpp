// SPDX-License-Identifier: GPL-2.0-or-later
// Snapshots: the deltas that they mean, merging, and what is left when a merge fails.
#include <fmt/format.h>

#include <algorithm>

#include "mocks/guest_disk.h"
#include "tests/unit/mocks/task_helper.h"

using namespace failback::mock;
using namespace failback::mock::testing;
using namespace std::chrono_literals;

namespace {

struct SnapshotFixture : TaskFixture {
  explicit SnapshotFixture(const std::string& scenario = "site") : TaskFixture(scenario) { client.login(); }

  std::string value(const std::string& vm, const std::string& path) {
    return read("VirtualMachine", vm, {path}).one("//propSet/val");
  }
  SoapReply create(const std::string& vm, const std::string& name, bool memory = false,
                   bool quiesce = false) {
    return run(
        "CreateSnapshot_Task",
        self("VirtualMachine", vm) +
            fmt::format("<name>{}</name><memory>{}</memory><quiesce>{}</quiesce>", name, memory, quiesce));
  }
  std::string made(const std::string& vm, const std::string& name) {
    return create(vm, name).one("//val/result");
  }
  SoapReply revert(const std::string& snapshot) {
    return run("RevertToSnapshot_Task", self("VirtualMachineSnapshot", snapshot));
  }
  SoapReply remove(const std::string& snapshot, bool children = false, const std::string& more = "") {
    return run("RemoveSnapshot_Task", self("VirtualMachineSnapshot", snapshot) +
                                          fmt::format("<removeChildren>{}</removeChildren>", children) +
                                          more);
  }
  SoapReply removeAll(const std::string& vm, const std::string& more = "") {
    return run("RemoveAllSnapshots_Task", self("VirtualMachine", vm) + more);
  }
  SoapReply consolidate(const std::string& vm) {
    return run("ConsolidateVMDisks_Task", self("VirtualMachine", vm));
  }
  // A member of a disk of a machine or a snapshot.
  std::string disk(const std::string& of, const std::string& member, int key = 2000) {
    const char* type = of.starts_with("snapshot") ? "VirtualMachineSnapshot" : "VirtualMachine";
    return read(type, of, {fmt::format("config.hardware.device[{}]", key)}).one("//val/backing/" + member);
  }
  std::string file(const std::string& vm, int key = 2000) { return disk(vm, "fileName", key); }
  std::size_t filesOfType(const std::string& vm, std::string_view type) {
    const auto types = read("VirtualMachine", vm, {"layoutEx"}).all("//val/file/type");
    return static_cast<std::size_t>(std::count(types.begin(), types.end(), type));
  }
  std::string fileName(const std::string& vm, int key = 2000) {
    const std::string path = file(vm, key);
    return path.substr(path.rfind('/') + 1);
  }
  // Names of the links from the top down.
  std::vector<std::string> chain(const std::string& vm, int key = 2000) {
    return read("VirtualMachine", vm, {fmt::format("config.hardware.device[{}]", key)})
        .all("//val//fileName");
  }
  bool needed(const std::string& vm) { return value(vm, "runtime.consolidationNeeded") == "true"; }
  World& world() { return simulation.world(); }
  bool write(const std::string& vm, const std::string& token, std::int64_t bytes = 4096, int key = 2000) {
    const std::lock_guard lock(world().lock());
    const bool done = guestWrite(world(), {"VirtualMachine", vm}, key, token, bytes);
    world().inventory.commit();
    return done;
  }
  // What a reader of the machine's disk sees of the writes of these tests.
  std::vector<std::string> contents(const std::string& vm, int key = 2000) {
    const std::string path = file(vm, key);
    const std::lock_guard lock(world().lock());
    std::vector<std::string> all = world().files.contents(world().files.locate(path));
    std::erase_if(all, [](const std::string& token) { return token.starts_with("boot "); });
    return all;
  }
  std::vector<std::string> vmdks(const std::string& directory) {
    std::vector<std::string> found;
    const std::lock_guard lock(world().lock());
    const FileId home = world().files.locate(directory);
    for (const auto& [name, stored] : world().files.list(home.datastore, home.path)) {
      if (stored->kind == FileKind::descriptor) found.push_back(name);
    }
    return found;
  }
  std::int64_t sizeOf(const std::string& path) {
    const std::lock_guard lock(world().lock());
    return world().files.sizeOf(world().files.locate(path));
  }
  bool hasEventId(std::string_view id) {
    const std::lock_guard lock(world().lock());
    for (const auto& [key, event, entity, within] : world().events.items()) {
      if (event.asObject()->type().name == "EventEx" && event.at("eventTypeId").string() == id) return true;
    }
    return false;
  }
};

using Names = std::vector<std::string>;

}  // namespace

BOOST_AUTO_TEST_SUITE(snapshots)

BOOST_AUTO_TEST_CASE(snapshot_each_gives_every_persistent_disk_a_delta_with_a_parent) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Failback/mt-linux-01");
  const std::string uuid = f.disk(vm, "uuid");
  const std::string first = f.made(vm, "one"), second = f.made(vm, "two");
  BOOST_TEST(f.chain(vm) == (Names{"[vmfs-01] mt-linux-01/mt-linux-01-000002.vmdk",
                                   "[vmfs-01] mt-linux-01/mt-linux-01-000001.vmdk",
                                   "[vmfs-01] mt-linux-01/mt-linux-01.vmdk"}),
             boost::test_tools::per_element());
  BOOST_TEST(f.chain(vm, 2001).size() == 3U);
  BOOST_TEST(f.disk(vm, "uuid") == uuid);
  const SoapReply tree = f.read("VirtualMachine", vm, {"snapshot"});
  BOOST_TEST(tree.one("//val/currentSnapshot") == second);
  BOOST_TEST(tree.one("//val/rootSnapshotList/name") == "one");
  BOOST_TEST(tree.one("//val/rootSnapshotList/id") == "1");
  BOOST_TEST(tree.one("//val/rootSnapshotList/childSnapshotList/snapshot") == second);
  BOOST_TEST(tree.one("//val/rootSnapshotList/childSnapshotList/id") == "2");
  BOOST_TEST(f.read("VirtualMachine", vm, {"rootSnapshot"}).one("//val/ManagedObjectReference") == first);
  BOOST_TEST(f.read("VirtualMachineSnapshot", first, {"childSnapshot"}).one("//val/ManagedObjectReference") ==
             second);
  // Each keeps the machine as it was.
  BOOST_TEST(f.disk(second, "fileName") == "[vmfs-01] mt-linux-01/mt-linux-01-000001.vmdk");
  const SoapReply layout = f.read("VirtualMachine", vm, {"layoutEx"});
  BOOST_TEST(layout.all("//val/snapshot/key").size() == 2U);
  BOOST_TEST(layout.all("//val/disk/chain").size() == 6U);
  BOOST_TEST(f.filesOfType(vm, "snapshotData") == 2U);
  BOOST_TEST(f.filesOfType(vm, "snapshotList") == 1U);
  BOOST_TEST(!f.needed(vm));
}

BOOST_AUTO_TEST_CASE(an_independent_disk_stays_out_and_forbids_memory) {
  SnapshotFixture f("stuck-merge");
  const std::string vm = f.client.id("DC1/vm/backup-proxy");
  BOOST_TEST(faultOf(f.create(vm, "with memory", true)) == "MemorySnapshotOnIndependentDisk");
  BOOST_TEST(f.read("VirtualMachine", vm, {"snapshot"}).count("//val") == 0U);
  BOOST_TEST(faultOf(f.create(vm, "without")) == "");
  BOOST_TEST(f.fileName(vm, 2000) == "backup-proxy-000001.vmdk");
  BOOST_TEST(f.fileName(vm, 2001) == "db-01.vmdk");
}

BOOST_AUTO_TEST_CASE(a_memory_snapshot_has_a_vmem_file_and_runs_again_after_revert) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  const std::string snapshot = f.create(vm, "running", true).one("//val/result");
  BOOST_TEST(f.filesOfType(vm, "snapshotMemory") == 1U);
  BOOST_TEST(f.read("VirtualMachine", vm, {"snapshot"}).one("//val/rootSnapshotList/state") == "poweredOn");
  f.run("PowerOffVM_Task", self("VirtualMachine", vm));
  BOOST_TEST(faultOf(f.revert(snapshot)) == "");
  BOOST_TEST(f.value(vm, "runtime.powerState") == "poweredOn");
}

BOOST_AUTO_TEST_CASE(quiescing_needs_a_running_guest_with_tools_and_is_left_out_without) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  f.create(vm, "quiesced", false, true);
  BOOST_TEST(f.read("VirtualMachine", vm, {"snapshot"}).one("//val/rootSnapshotList/quiesced") == "true");
  f.run("PowerOffVM_Task", self("VirtualMachine", vm));
  BOOST_TEST(faultOf(f.create(vm, "off", false, true)) == "");
  BOOST_TEST(
      f.read("VirtualMachine", vm, {"snapshot"}).one("//val/rootSnapshotList/childSnapshotList/quiesced") ==
      "false");
}

BOOST_AUTO_TEST_CASE(remove_merges_what_was_written_and_the_deltas_vanish) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  const std::string base = f.fileName(vm);
  const auto before = f.vmdks("[vmfs-01] web-01");
  f.write(vm, "a");
  const std::string first = f.made(vm, "one");
  f.write(vm, "b");
  f.made(vm, "two");
  f.write(vm, "c");
  BOOST_TEST(faultOf(f.remove(first)) == "");
  BOOST_TEST(f.chain(vm).size() == 2U);
  BOOST_TEST(f.contents(vm) == (Names{"a", "b", "c"}), boost::test_tools::per_element());
  BOOST_TEST(f.read("VirtualMachine", vm, {"snapshot"}).one("//val/rootSnapshotList/name") == "two");
  BOOST_TEST(faultOf(f.removeAll(vm)) == "");
  BOOST_TEST(f.fileName(vm) == base);
  BOOST_TEST(f.contents(vm) == (Names{"a", "b", "c"}), boost::test_tools::per_element());
  BOOST_TEST(f.read("VirtualMachine", vm, {"snapshot"}).count("//val") == 0U);
  BOOST_TEST(f.read("VirtualMachineSnapshot", first, {"config"}).faultType() == "ManagedObjectNotFound");
  BOOST_TEST(!f.needed(vm));
  BOOST_TEST(f.vmdks("[vmfs-01] web-01") == before, boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(merging_takes_time_by_size_and_shows_progress) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  f.made(vm, "one");
  const std::int64_t before = f.sizeOf(f.file(vm));
  f.write(vm, "much", 8LL << 30);
  BOOST_TEST(f.sizeOf(f.file(vm)) == before + (8LL << 30));
  const std::string task =
      f.client.call("RemoveAllSnapshots_Task", self("VirtualMachine", vm)).one("//returnval");
  f.simulation.scheduler().advance(4s);
  const SoapReply running = f.read("Task", task, {"info"});
  BOOST_TEST(running.one("//val/state") == "running");
  BOOST_TEST(running.one("//val/progress") == "50");
  BOOST_TEST(running.one("//val/descriptionId") == "VirtualMachine.removeAllSnapshots");
  BOOST_TEST(
      f.client
          .call("CreateSnapshot_Task",
                self("VirtualMachine", vm) + "<name>x</name><memory>false</memory><quiesce>false</quiesce>")
          .faultType() == "TaskInProgress");
  f.simulation.scheduler().advance(10s);
  BOOST_TEST(f.read("Task", task, {"info"}).one("//val/state") == "success");
}

BOOST_AUTO_TEST_CASE(consolidate_false_leaves_deltas_without_a_snapshot) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  f.made(vm, "one");
  f.write(vm, "b");
  BOOST_TEST(faultOf(f.removeAll(vm, "<consolidate>false</consolidate>")) == "");
  // The three signals: no snapshot, but a delta, and the machine says so.
  BOOST_TEST(f.read("VirtualMachine", vm, {"snapshot"}).count("//val") == 0U);
  BOOST_TEST(f.fileName(vm) == "web-01-000001.vmdk");
  BOOST_TEST(f.needed(vm));
  BOOST_TEST(f.hasEventId("com.vmware.vc.VmDiskConsolidationNeeded"));
  const SoapReply estimate = f.run("EstimateStorageForConsolidateSnapshots_Task", self("VirtualMachine", vm));
  BOOST_TEST(std::stoll(estimate.one("//val/result/StorageRequirement/freeSpaceRequiredInKb")) > 0);
  BOOST_TEST(faultOf(f.consolidate(vm)) == "");
  BOOST_TEST(f.fileName(vm) == "web-01.vmdk");
  BOOST_TEST(f.contents(vm) == (Names{"b"}), boost::test_tools::per_element());
  BOOST_TEST(!f.needed(vm));
}

BOOST_AUTO_TEST_CASE(a_merge_that_fails_half_way_leaves_consolidationNeeded_and_is_repaired) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Failback/mt-linux-01");
  f.made(vm, "one");
  {
    const std::lock_guard lock(f.world().lock());
    f.world().mergeFaults.emplace(
        vm, makeFault("GenericVmConfigFault", "Device or resource busy", {{"reason", "busy"}}));
  }
  BOOST_TEST(faultOf(f.removeAll(vm)) == "GenericVmConfigFault");
  BOOST_TEST(f.read("VirtualMachine", vm, {"snapshot"}).count("//val") == 0U);
  BOOST_TEST(f.needed(vm));
  // One disk is merged, the other is not.
  BOOST_TEST(f.chain(vm, 2000).size() + f.chain(vm, 2001).size() == 3U);
  BOOST_TEST(f.hasEventId("com.vmware.vc.VmDiskFailedToConsolidateEvent"));
  BOOST_TEST(faultOf(f.consolidate(vm)) == "");
  BOOST_TEST(f.chain(vm, 2000).size() + f.chain(vm, 2001).size() == 2U);
  BOOST_TEST(!f.needed(vm));
}

BOOST_AUTO_TEST_CASE(a_base_that_a_running_machine_holds_blocks_the_merge_until_it_lets_go) {
  SnapshotFixture f("stuck-merge");
  const std::string db = f.client.id("DC1/vm/db-01"), proxy = f.client.id("DC1/vm/backup-proxy");
  BOOST_TEST(f.needed(db));
  BOOST_TEST(f.read("VirtualMachine", db, {"snapshot"}).count("//val") == 0U);
  BOOST_TEST(f.chain(db).size() == 2U);
  const SoapReply stuck = f.consolidate(db);
  BOOST_TEST(faultOf(stuck) == "FileLocked");
  BOOST_TEST(stuck.one("//val/error/fault/file") == "[vmfs-01] db-01/db-01.vmdk");
  BOOST_TEST(f.needed(db));
  f.run("PowerOffVM_Task", self("VirtualMachine", proxy));
  BOOST_TEST(faultOf(f.consolidate(db)) == "");
  BOOST_TEST(f.chain(db).size() == 1U);
  BOOST_TEST(!f.needed(db));
}

BOOST_AUTO_TEST_CASE(a_write_to_the_base_under_a_delta_destroys_the_chain) {
  SnapshotFixture f("stuck-merge");
  const std::string db = f.client.id("DC1/vm/db-01"), proxy = f.client.id("DC1/vm/backup-proxy");
  f.write(proxy, "foreign", 4096, 2001);
  f.run("PowerOffVM_Task", self("VirtualMachine", proxy));
  BOOST_TEST(faultOf(f.run("PowerOnVM_Task", self("VirtualMachine", db))) == "GenericVmConfigFault");
  BOOST_TEST(faultOf(f.create(db, "x")) == "GenericVmConfigFault");
}

BOOST_AUTO_TEST_CASE(revert_goes_back_to_what_was_and_starts_a_new_branch) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  f.write(vm, "a");
  const std::string first = f.made(vm, "one");
  f.write(vm, "b");
  const std::string second = f.made(vm, "two");
  f.write(vm, "c");
  f.run("ReconfigVM_Task", self("VirtualMachine", vm) + "<spec><annotation>changed</annotation></spec>");
  BOOST_TEST(faultOf(f.revert(first)) == "");
  BOOST_TEST(f.contents(vm) == (Names{"a"}), boost::test_tools::per_element());
  BOOST_TEST(f.value(vm, "config.annotation") != "changed");
  BOOST_TEST(f.value(vm, "runtime.powerState") == "poweredOff");
  BOOST_TEST(f.read("VirtualMachine", vm, {"snapshot"}).one("//val/currentSnapshot") == first);
  BOOST_TEST(!f.needed(vm));
  f.run("PowerOnVM_Task", self("VirtualMachine", vm));
  f.write(vm, "d");
  const std::string branch = f.made(vm, "branch");
  BOOST_TEST(f.read("VirtualMachineSnapshot", first, {"childSnapshot"}).all("//val/ManagedObjectReference") ==
                 (Names{second, branch}),
             boost::test_tools::per_element());
  // Two branches stand on the first: its removal merges nothing, and leaves nothing to do.
  BOOST_TEST(faultOf(f.remove(first)) == "");
  BOOST_TEST(f.read("VirtualMachine", vm, {"snapshot"}).all("//val/rootSnapshotList/name") ==
                 (Names{"two", "branch"}),
             boost::test_tools::per_element());
  BOOST_TEST(f.contents(vm) == (Names{"a", "d"}), boost::test_tools::per_element());
  BOOST_TEST(faultOf(f.revert(second)) == "");
  BOOST_TEST(f.contents(vm) == (Names{"a", "b"}), boost::test_tools::per_element());
  BOOST_TEST(faultOf(f.removeAll(vm)) == "");
  BOOST_TEST(f.fileName(vm) == "web-01.vmdk");
  BOOST_TEST(f.contents(vm) == (Names{"a", "b"}), boost::test_tools::per_element());
}

BOOST_AUTO_TEST_CASE(revert_without_a_snapshot_is_NotFound) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  BOOST_TEST(f.client.call("RevertToCurrentSnapshot_Task", self("VirtualMachine", vm)).faultType() ==
             "NotFound");
}

BOOST_AUTO_TEST_CASE(a_tree_of_a_scenario_has_its_branches_and_is_removed_in_part) {
  SnapshotFixture f("mt-snapshot");
  const std::string vm = f.client.id("DC1/vm/web-01");
  const SoapReply tree = f.read("VirtualMachine", vm, {"snapshot"});
  BOOST_TEST(
      tree.all("//val/rootSnapshotList/childSnapshotList/name") == (Names{"before-upgrade", "another-way"}),
      boost::test_tools::per_element());
  const std::string upgrade = tree.all("//val/rootSnapshotList/childSnapshotList/snapshot").at(0);
  const auto before = f.vmdks("[vmfs-02] web-01").size();
  BOOST_TEST(faultOf(f.remove(upgrade, true)) == "");
  BOOST_TEST(
      f.read("VirtualMachine", vm, {"snapshot"}).all("//val/rootSnapshotList/childSnapshotList/name") ==
          (Names{"another-way"}),
      boost::test_tools::per_element());
  // Two disks with a delta for each of the two snapshots.
  BOOST_TEST(f.vmdks("[vmfs-02] web-01").size() == before - 4);
  BOOST_TEST(!f.needed(vm));
}

BOOST_AUTO_TEST_CASE(a_name_is_needed_and_can_be_changed) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  BOOST_TEST(f.create(vm, "").faultType() == "InvalidName");
  const std::string snapshot = f.made(vm, "one");
  BOOST_TEST(f.client
                 .call("RenameSnapshot", self("VirtualMachineSnapshot", snapshot) +
                                             "<name>uno</name><description>d</description>")
                 .status == 200);
  const SoapReply tree = f.read("VirtualMachine", vm, {"snapshot"});
  BOOST_TEST(tree.one("//val/rootSnapshotList/name") == "uno");
  BOOST_TEST(tree.one("//val/rootSnapshotList/description") == "d");
  // Numbers are not given twice.
  f.removeAll(vm);
  f.made(vm, "next");
  BOOST_TEST(f.read("VirtualMachine", vm, {"snapshot"}).one("//val/rootSnapshotList/id") == "2");
}

BOOST_AUTO_TEST_CASE(shared_disks_prevent_snapshots) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  {
    const std::lock_guard lock(f.world().lock());
    const Value state = f.world().inventory.need(vm).state;
    std::vector<Value> devices = state.at("config.hardware.device").asList()->items;
    for (Value& device : devices) {
      if (device.asObject()->type().isA("VirtualDisk"))
        device = device.with("backing.sharing", "sharingMultiWriter");
    }
    f.world().inventory.set(vm, "config.hardware.device", list(devices));
    f.world().inventory.commit();
  }
  const SoapReply refused = f.create(vm, "one");
  BOOST_TEST(faultOf(refused) == "SnapshotIncompatibleDeviceInVm");
  BOOST_TEST(refused.one("//val/error/fault/fault/fault/@type") == "MultiWriterNotSupported");
}

BOOST_AUTO_TEST_CASE(a_machine_that_is_unregistered_and_registered_has_its_snapshots) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  f.write(vm, "a");
  const std::string first = f.made(vm, "one");
  f.write(vm, "b");
  f.made(vm, "two");
  f.write(vm, "c");
  BOOST_TEST(faultOf(f.revert(first)) == "");
  f.made(vm, "branch");
  const auto names = [&](const std::string& of) {
    return f.read("VirtualMachine", of, {"snapshot"}).all("//val//name");
  };
  const Names before = names(vm), chain = f.chain(vm);
  BOOST_TEST(before == (Names{"one", "two", "branch"}), boost::test_tools::per_element());
  const std::string vmx = f.value(vm, "config.files.vmPathName"), folder = f.value(vm, "parent");
  const std::string pool = f.value(vm, "resourcePool");
  BOOST_TEST(f.client.call("UnregisterVM", self("VirtualMachine", vm)).status == 200);
  BOOST_TEST(f.read("VirtualMachineSnapshot", first, {"config"}).status == 500);
  const std::string back =
      f.run("RegisterVM_Task", fmt::format("{}<path>{}</path><asTemplate>false</asTemplate>{}",
                                           self("Folder", folder), vmx, ref("pool", "ResourcePool", pool)))
          .one("//val/result");
  BOOST_TEST(names(back) == before, boost::test_tools::per_element());
  BOOST_TEST(f.chain(back) == chain, boost::test_tools::per_element());
  BOOST_TEST(!f.needed(back));
  const SoapReply tree = f.read("VirtualMachine", back, {"snapshot"});
  const Names snapshots = tree.all("//val//snapshot");
  BOOST_TEST(tree.one("//val/currentSnapshot") == snapshots.at(2));
  BOOST_TEST(f.read("VirtualMachineSnapshot", snapshots.at(0), {"vm"}).one("//val") == back);
  BOOST_TEST(f.read("VirtualMachine", back, {"rootSnapshot"}).one("//val/ManagedObjectReference") ==
             snapshots.at(0));
  // They are good for what snapshots are for.
  BOOST_TEST(faultOf(f.revert(snapshots.at(1))) == "");
  BOOST_TEST(f.contents(back) == (Names{"a", "b"}), boost::test_tools::per_element());
  BOOST_TEST(faultOf(f.removeAll(back)) == "");
  BOOST_TEST(f.fileName(back) == "web-01.vmdk");
}

BOOST_AUTO_TEST_CASE(a_chain_that_is_registered_without_its_snapshots_needs_consolidation) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  f.run("PowerOffVM_Task", self("VirtualMachine", vm));
  f.made(vm, "one");
  BOOST_TEST(faultOf(f.removeAll(vm, "<consolidate>false</consolidate>")) == "");
  BOOST_TEST(f.needed(vm));
  const std::string vmx = f.value(vm, "config.files.vmPathName"), folder = f.value(vm, "parent");
  const std::string pool = f.value(vm, "resourcePool");
  f.client.call("UnregisterVM", self("VirtualMachine", vm));
  const std::string back =
      f.run("RegisterVM_Task", fmt::format("{}<path>{}</path><asTemplate>false</asTemplate>{}",
                                           self("Folder", folder), vmx, ref("pool", "ResourcePool", pool)))
          .one("//val/result");
  BOOST_TEST(f.needed(back));
  BOOST_TEST(faultOf(f.consolidate(back)) == "");
  BOOST_TEST(!f.needed(back));
}

BOOST_AUTO_TEST_CASE(a_content_id_changes_with_the_file_that_is_written) {
  SnapshotFixture f;
  const std::string vm = f.client.id("DC1/vm/Production/Linux/web-01");
  f.run("PowerOffVM_Task", self("VirtualMachine", vm));
  const std::string base = f.disk(vm, "contentId");
  const std::string first = f.made(vm, "one");
  // CID of a new delta is its parent's.
  BOOST_TEST(f.disk(vm, "contentId") == base);
  // A merge of what nobody wrote to changes nothing.
  BOOST_TEST(faultOf(f.removeAll(vm)) == "");
  BOOST_TEST(f.disk(vm, "contentId") == base);
  const std::string second = f.made(vm, "two");
  f.run("PowerOnVM_Task", self("VirtualMachine", vm));
  f.write(vm, "b");
  f.run("PowerOffVM_Task", self("VirtualMachine", vm));
  const std::string written = f.disk(vm, "contentId");
  BOOST_TEST(written != base);
  BOOST_TEST(f.disk(vm, "parent/contentId") == base);
  BOOST_TEST(f.disk(second, "contentId") == base);
  BOOST_TEST(faultOf(f.removeAll(vm)) == "");
  BOOST_TEST(f.disk(vm, "contentId") == written);
  BOOST_TEST(f.fileName(vm) == "web-01.vmdk");
}

BOOST_AUTO_TEST_SUITE_END()
