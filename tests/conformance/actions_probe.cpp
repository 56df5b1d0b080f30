// SPDX-License-Identifier: GPL-2.0-or-later
// Does to a server that the conformance tests started (scenario "site") everything that the client can
// change, once, and takes it back: each method of Actions is sent over the network, and judged.
//
//   actions_probe RECORD_DIR
//   server: FAILBACK_URL, FAILBACK_USERNAME, FAILBACK_PASSWORD, FAILBACK_THUMBPRINT; total deadline 120 s
//
// Prints one line per call, "what outcome", where the outcome is "success", "done" for a call without a task,
// or a fault's name; ends with 0, or with 1 and one line on stderr.

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "vsphere/client.h"
#include "vsphere/error.h"

namespace {

namespace vs = failback::vsphere;

std::string fromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class Sink : public vs::InventorySink {
 public:
  void object(vs::InventoryObject&& object) override { objects.push_back(std::move(object)); }
  void unreadable(vs::Unreadable&&) override {}
  void progress(std::uint64_t, std::uint64_t) override {}
  std::vector<vs::InventoryObject> objects;
};

class Probe {
 public:
  Probe(vs::Client& client, const vs::Context& context) : client_(client), context_(context) {
    client.readInventory({}, site_, context);
  }

  void run() {
    disks();
    newVm();
    snapshots();
    overrides();
    guest();
  }

 private:
  vs::Moref named(const std::string& type, const std::string& name) const {
    const auto found = std::ranges::find_if(site_.objects, [&](const vs::InventoryObject& each) {
      const vs::Entity& entity = vs::entityOf(each);
      return entity.ref.type == type && entity.name == name;
    });
    if (found == site_.objects.end()) vs::fail(vs::Category::usage, "there is no " + type + " " + name);
    return vs::entityOf(*found).ref;
  }
  vs::VirtualMachine machine(const vs::Moref& vm) const {
    Sink sink;
    client_.readObjects({vm}, vs::Depth::standard, sink, context_);
    return std::get<vs::VirtualMachine>(sink.objects.at(0));
  }
  // The result of a task that was a success.
  vs::Moref task(const std::string& what, const std::function<vs::Moref()>& start) const {
    try {
      const vs::TaskInfo ended = client_.waitForTasks({start()}, {}, context_).at(0);
      std::cout << what << ' ' << (ended.error ? ended.error->fault : ended.state) << std::endl;
      return ended.result.value_or(vs::Moref{});
    } catch (const vs::Failure& failure) {
      std::cout << what << ' ' << failure.error().fault << std::endl;
      return {};
    }
  }
  static void call(const std::string& what, const std::function<void()>& make) {
    try {
      make();
      std::cout << what << " done" << std::endl;
    } catch (const vs::Failure& failure) {
      std::cout << what << ' ' << failure.error().fault << std::endl;
    }
  }
  vs::Actions& act() const { return client_.actions(); }

  void disks() const {
    const vs::Moref web = named("VirtualMachine", "web-01"), mt = named("VirtualMachine", "mt-linux-01");
    const vs::Moref datacenter = named("Datacenter", "DC1");
    task("power-off", [&] { return act().startPowerOff(web, context_); });
    const vs::Disk disk = machine(web).disks.at(0);
    vs::VmChange change;
    change.changeVersion = machine(mt).changeVersion.value_or("");
    change.disks = {{disk.path(), disk.chain.at(0).datastore.value_or(vs::Moref{}), "independent_persistent",
                     1000, 5, disk.capacityBytes}};
    task("attach", [&] { return act().startReconfigure(mt, change, context_); });
    task("attach-stale", [&] { return act().startReconfigure(mt, change, context_); });
    vs::VmChange back;
    for (const vs::Disk& each : machine(mt).disks)
      if (each.path() == disk.path()) back.detachedDisks.push_back(each);
    task("detach", [&] { return act().startReconfigure(mt, back, context_); });
    call("set-uuid", [&] {
      act().setDiskUuid(disk.path(), datacenter, "6000C29e-1f4a-0a0b-0c0d-0102030405a6", context_);
    });
    call("uuid", [&] {
      if (!vs::sameUuid(act().diskUuid(disk.path(), datacenter, context_),
                        "6000C29e-1f4a-0a0b-0c0d-0102030405a6"))
        vs::fail(vs::Category::internal, "the UUID is another one");
    });
  }

  void newVm() const {
    vs::NewVm vm;
    vm.name = "restored-01";
    vm.files = "[vmfs-02]";
    vm.guestId = "ubuntu64Guest";
    vm.memoryMB = 1024;
    vm.change.controllers = {{"ParaVirtualSCSIController", 0, -1}};
    vs::CreatedDisk disk;
    disk.file = vm.files;
    disk.controllerKey = -1;
    disk.capacityBytes = 1LL << 30;
    vm.change.createdDisks = {disk};
    const vs::NewVmPlace place{named("Folder", "Failback"), named("ResourcePool", "Failback"), {}};
    call("check", [&] {
      const auto verdict = client_.checkNewVm(place, vm, context_);
      if (!verdict || !verdict->errors.empty()) vs::fail(vs::Category::internal, "refused");
    });
    const vs::Moref made = task("create", [&] { return act().startCreateVm(place, vm, context_); });
    task("create-again", [&] { return act().startCreateVm(place, vm, context_); });
    task("rename", [&] { return act().startRename(made, "50% of a/b", context_); });
    task("destroy", [&] { return act().startDestroy(made, context_); });
  }

  void snapshots() const {
    const vs::Moref mt = named("VirtualMachine", "mt-linux-01");
    const vs::Moref first = task("snapshot", [&] {
      return act().startCreateSnapshot(mt, {"one", "the first"}, context_);
    });
    const vs::Moref second = task("snapshot", [&] {
      return act().startCreateSnapshot(mt, {"two", ""}, context_);
    });
    task("remove-snapshot", [&] { return act().startRemoveSnapshot(second, false, true, context_); });
    task("revert", [&] { return act().startRevertTo(first, context_); });
    task("remove-all", [&] { return act().startRemoveAllSnapshots(mt, true, context_); });
    task("consolidate", [&] { return act().startConsolidate(mt, context_); });
  }

  void overrides() const {
    const vs::Moref mt = named("VirtualMachine", "mt-linux-01");
    const vs::Moref cluster = named("ClusterComputeResource", "Cluster-1"),
                    pod = named("StoragePod", "VMFS-Cluster");
    using enum vs::OverrideAct;
    for (const vs::OverrideAct what : {add, edit, remove, remove}) {
      task("drs", [&] { return act().startDrsOverride(cluster, mt, {what, false, {}}, context_); });
      task("storage-drs", [&] {
        return act().startStorageDrsOverride(pod, mt, {what, false, {}, {}}, context_);
      });
    }
  }

  void guest() const {
    const vs::Moref web = named("VirtualMachine", "web-01"), app = named("VirtualMachine", "app-01");
    task("power-on", [&] { return act().startPowerOn(web, context_); });
    call("shutdown", [&] { act().shutdownGuest(app, context_); });
    // Nothing was asked.
    call("answer", [&] { act().answer(web, "1", "0", context_); });
  }

  vs::Client& client_;
  const vs::Context& context_;
  Sink site_;
};

void run(const std::string& record) {
  vs::ParsedUrl server = vs::parseUrl(fromEnvironment("FAILBACK_URL"));
  vs::ClientOptions options;
  options.connection.url = server.url;
  options.connection.tls.thumbprint = fromEnvironment("FAILBACK_THUMBPRINT");
  options.connection.userAgent = "actions_probe";
  options.recordDirectory = record;
  vs::Credentials credentials;
  credentials.userName = fromEnvironment("FAILBACK_USERNAME");
  credentials.password = vs::Secret(fromEnvironment("FAILBACK_PASSWORD"));

  const vs::Context context = vs::Context().withTimeout(vs::Milliseconds(120'000));
  const auto client = vs::Client::connect(std::move(options), std::move(credentials), context);
  Probe(*client, context).run();
  std::cout << (client->logout() ? "logged out" : "logout not confirmed") << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: actions_probe RECORD_DIR\n";
    return 2;
  }
  try {
    run(argv[1]);
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "actions_probe: " << error.what() << '\n';
    return 1;
  }
}
