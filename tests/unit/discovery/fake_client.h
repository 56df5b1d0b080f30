// SPDX-License-Identifier: GPL-2.0-or-later
// A client that answers from memory, page by page, as a server would.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "discovery/kind.h"
#include "vsphere/client.h"

namespace failback::testing {

class FakeClient : public vsphere::Client {
 public:
  vsphere::VCenter vcenter;
  std::vector<vsphere::InventoryObject> objects;
  std::vector<vsphere::License> licenses;
  // Told at the licences and at the first page of an inventory read.
  std::vector<vsphere::Unreadable> licenseHoles, holes;
  std::size_t pageSize = 2;
  // What was asked for.
  std::vector<vsphere::ReadRequest> requests;
  bool loggedOut = false;
  std::vector<std::function<bool(vsphere::InventoryWatcher&)>> script;
  int objectReads = 0;
  // Called before each page; may throw.
  std::function<void()> beforePage;

  const vsphere::VCenter& server() const override { return vcenter; }
  std::vector<vsphere::License> readLicenses(const vsphere::Context&,
                                             std::vector<vsphere::Unreadable>& unreadable) override {
    unreadable.insert(unreadable.end(), licenseHoles.begin(), licenseHoles.end());
    return licenses;
  }

  void readInventory(const vsphere::ReadRequest& request, vsphere::InventorySink& sink,
                     const vsphere::Context& context) override {
    requests.push_back(request);
    for (const vsphere::Unreadable& hole : holes) {
      if (asks(request, hole.object.type)) sink.unreadable(vsphere::Unreadable(hole));
    }
    std::uint64_t done = 0;
    for (const int phase : {0, 1, 2}) {
      for (const vsphere::InventoryObject& object : objects) {
        if (phaseOf(object) != phase || !asks(request, vsphere::entityOf(object).ref.type)) continue;
        if (done % pageSize == 0) {
          context.check("a page");
          if (beforePage) beforePage();
        }
        sink.object(vsphere::InventoryObject(object));
        if (++done % pageSize == 0) sink.progress(done, 0);
      }
      sink.progress(done, done);
      sink.phaseEnded();
    }
  }
  static int phaseOf(const vsphere::InventoryObject& object) {
    if (std::holds_alternative<vsphere::VirtualMachine>(object)) return 2;
    const bool place = std::holds_alternative<vsphere::Host>(object) ||
                       std::holds_alternative<vsphere::Datastore>(object) ||
                       std::holds_alternative<vsphere::Network>(object);
    return place ? 1 : 0;
  }

  void readObjects(const std::vector<vsphere::Moref>& refs, vsphere::Depth, vsphere::InventorySink& sink,
                   const vsphere::Context&) override {
    ++objectReads;
    for (const vsphere::InventoryObject& object : objects) {
      const vsphere::Moref& ref = vsphere::entityOf(object).ref;
      if (std::find(refs.begin(), refs.end(), ref) != refs.end())
        sink.object(vsphere::InventoryObject(object));
    }
  }
  void sweep(const std::vector<std::string>&, vsphere::Depth, vsphere::InventorySink&,
             const vsphere::Context&) override {
    notUsed("sweep");
  }
  vsphere::PrivilegeAnswer readPrivileges(const std::vector<vsphere::Moref>&, const std::vector<std::string>&,
                                          const vsphere::Context&) override {
    notUsed("readPrivileges");
  }
  vsphere::Management readManagement(const std::vector<vsphere::Moref>&, const vsphere::Context&) override {
    notUsed("readManagement");
  }
  std::vector<vsphere::Event> readEvents(const vsphere::EventQuery&, const vsphere::Context&) override {
    notUsed("readEvents");
  }
  vsphere::ConfigOption readConfigOption(const vsphere::Moref&, const vsphere::Context&) override {
    notUsed("readConfigOption");
  }
  std::optional<vsphere::ConfigVerdict> checkConfig(const vsphere::Moref&, const vsphere::VmChange&,
                                                    const vsphere::Context&) override {
    notUsed("checkConfig");
    return {};
  }
  std::optional<vsphere::ConfigVerdict> checkNewVm(const vsphere::NewVmPlace&, const vsphere::NewVm&,
                                                   const vsphere::Context&) override {
    notUsed("checkNewVm");
    return {};
  }
  std::vector<vsphere::TopFile> listTop(const vsphere::Moref&, const std::string&,
                                        const vsphere::Context&) override {
    notUsed("listTop");
  }
  // Plays `script`, then ends as a context does.
  void watch(const vsphere::ReadRequest& request, vsphere::InventoryWatcher& watcher, const vsphere::Context&,
             const vsphere::Context&) override {
    requests.push_back(request);
    for (const auto& step : script) {
      if (!step(watcher)) return;
    }
    vsphere::fail(vsphere::Category::interrupted, "the script is over");
  }
  std::vector<vsphere::Moref> findVmsByUuid(const std::string&, bool, const vsphere::Context&) override {
    notUsed("findVmsByUuid");
  }
  std::vector<vsphere::TaskInfo> waitForTasks(const std::vector<vsphere::Moref>&,
                                              const std::function<void(const vsphere::TaskInfo&)>&,
                                              const vsphere::Context&) override {
    notUsed("waitForTasks");
  }
  std::unique_ptr<vsphere::TaskWatch> watchTasks(const vsphere::Context&) override { notUsed("watchTasks"); }
  bool waitForPowerState(const vsphere::Moref&, const std::string&, const vsphere::Context&) override {
    notUsed("waitForPowerState");
    return false;
  }
  bool waitForHealth(const vsphere::Moref&, const vsphere::Context&) override {
    notUsed("waitForHealth");
    return false;
  }
  void cancelTask(const vsphere::Moref&, const vsphere::Context&) override { notUsed("cancelTask"); }
  vsphere::Actions& actions() override { notUsed("actions"); }
  vsphere::CallCounts callCounts() const override {
    vsphere::CallCounts counts;
    counts.byMethod["RetrievePropertiesEx"] = requests.size();
    return counts;
  }
  bool logout() noexcept override { return loggedOut = true; }

 private:
  static bool asks(const vsphere::ReadRequest& request, const std::string& type) {
    if (request.types.empty()) return true;
    const auto kind = discovery::kindFromType(type);
    return kind && std::any_of(request.types.begin(), request.types.end(), [&](const std::string& wanted) {
             return discovery::kindFromType(wanted) == kind;
           });
  }
  [[noreturn]] static void notUsed(const std::string& what) {
    vsphere::fail(vsphere::Category::internal, "discovery is not expected to call " + what);
  }
};

}  // namespace failback::testing
