// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/check/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

#include "discovery/derived.h"
#include "provisioning/check/call_budget.h"
#include "provisioning/check/collect_readiness.h"
#include "provisioning/check/creation.h"
#include "provisioning/check/needs.h"
#include "provisioning/check/slots.h"
#include "provisioning/check/world.h"
#include "provisioning/plan/plan_forms.h"
#include "vsphere/error.h"
#include "vsphere/time_text.h"

namespace failback::provisioning {
namespace {

using vsphere::Category;
using vsphere::Moref;
using vsphere::VirtualMachine;

class IntoInventory : public vsphere::InventorySink {
 public:
  IntoInventory(Facts& facts, bool whole) : facts_(facts), whole_(whole) {}
  void object(vsphere::InventoryObject&& object) override {
    if (whole_) facts_.whole.insert(vsphere::entityOf(object).ref);
    facts_.inventory.add(std::move(object));
  }
  void unreadable(vsphere::Unreadable&& what) override {
    facts_.inventory.unreadable.push_back(std::move(what));
  }
  void progress(std::uint64_t, std::uint64_t) override {}

 private:
  Facts& facts_;
  bool whole_;
};

// What an answer of the server means for one question: it may not be asked, or there is nothing to ask. All
// else means that nothing can be asked any more.
bool endsTheCheck(Category category) {
  switch (category) {
    case Category::unreachable:
    case Category::tlsTrust:
    case Category::loginRefused:
    case Category::sessionLost:
    case Category::deadline:
    case Category::interrupted:
    case Category::internal:
      return true;
    default:
      return false;
  }
}

template <class T, class F>
Asked<T> ask(std::string_view what, F&& question) {
  Asked<T> asked;
  try {
    asked.answer = question();
  } catch (const vsphere::Failure& failure) {
    const vsphere::Error& error = failure.error();
    if (endsTheCheck(error.category)) throw;
    asked.why = fmt::format("{} could not be read: {}", what, error.text);
  }
  return asked;
}

// What a habit shows in, and what shows whether a setting is active (rules MT-HABIT, MT-UUID-ACTIVE).
const std::vector<std::string>& eventTypes() {
  static const std::vector<std::string> types = {
      "TaskEvent",         "VmReconfiguredEvent", "VmPoweredOnEvent",
      "VmPoweredOffEvent", "VmSuspendedEvent",    "VmResettingEvent",
      "VmMigratedEvent",   "DrsVmMigratedEvent",  "VmRelocatedEvent",
  };
  return types;
}

// What a check may cost beside pages, waits and the login.
constexpr std::uint64_t mostCalls = 10;

class Collecting {
 public:
  Collecting(vsphere::Client& client, const Plan& plan, Phase phase, const CollectOptions& options,
             const vsphere::Context& context)
      : client_(client), plan_(plan), phase_(phase), options_(options), context_(context) {
    facts_.openJobs = options.openJobs;
  }

  // How large deltas are stands in the lists of files only, which are long.
  void deltas() {
    std::set<Moref> refs;
    for (const VirtualMachine& vm : facts_.inventory.all<VirtualMachine>()) {
      if (vm.hasDelta()) refs.insert(vm.ref);
    }
    if (refs.empty()) return;
    tell(fmt::format("reading the files of {} machines with snapshots", refs.size()));
    read(refs, vsphere::Depth::full);
  }

  // All of it is read, and judged with a plan that is made of it.
  ReadinessFacts collectAll(const ReadinessWish& wish, Plan& plan) {
    tell("reading the inventory");
    facts_.inventory.vcenter = client_.server();
    IntoInventory sink(facts_, true);
    client_.sweep({}, vsphere::Depth::standard, sink, context_);
    deltas();
    discovery::deriveFacts(facts_.inventory);
    ReadinessPlan made = planForReadiness(wish, facts_);
    plan = made.plan;
    const World world(plan_, facts_, phase_);
    privileges(world);
    management(world);
    for (const TargetView& target : world.targets()) {
      if (target.vm != nullptr) events(*target.vm);
    }
    return {std::move(made), std::move(facts_)};
  }

  Facts collect() {
    contacts();
    sweep();
    objects();
    neighbours();
    discovery::deriveFacts(facts_.inventory);
    const World world(plan_, facts_, phase_);
    privileges(world);
    management(world);
    for (const TargetView& target : world.targets()) {
      if (target.vm != nullptr) events(*target.vm);
    }
    if (phase_ == Phase::failback && world.ownJob() != nullptr) starts(world.ownJob()->opened);
    if (phase_ == Phase::reprotect) {
      places(world);
      for (const TargetView& target : world.targets()) verdict(world, target);
      newVms(world);
    }
    return std::move(facts_);
  }

 private:
  void tell(const std::string& what) const {
    if (options_.onProgress) options_.onProgress(what);
  }

  void contacts() {
    if (phase_ != Phase::reprotect) return;
    const auto contact = [&](const char* what, const std::string& server, std::uint16_t port) {
      if (server.empty() || !options_.connect) return;
      const Endpoint end = endpointOf(server, port);
      const std::string text = fmt::format("{}:{}", end.host, end.port);
      tell(fmt::format("connecting to the {} {}", what, text));
      facts_.contacts.push_back({what, text, options_.connect(end.host, end.port, context_)});
    };
    constexpr std::uint16_t control = 443, data = 9443;
    contact("config server", plan_.servers.configServer, control);
    contact("process server", plan_.servers.processServer, data);
  }

  void sweep() {
    tell("reading the inventory");
    facts_.inventory.vcenter = client_.server();
    facts_.inventory.depth = vsphere::Depth::thin;
    IntoInventory sink(facts_, false);
    client_.sweep({}, vsphere::Depth::thin, sink, context_);
  }

  // The plan's VMs with everything, what is around them, and all places that VMs and disks can be in: those
  // are few beside VMs, and which of them matter is not known before.
  void objects() {
    tell("reading the plan's machines");
    const World world(plan_, facts_, phase_);
    std::set<Moref> refs;
    std::set<Moref> clusters;
    const auto take = [&](const VirtualMachine& vm) {
      refs.insert(vm.ref);
      const auto* host = facts_.inventory.find<vsphere::Host>(vm.host);
      if (host == nullptr) return;
      refs.insert(host->ref);
      if (host->parent) clusters.insert(*host->parent);
    };
    for (const TargetView& target : world.targets())
      std::for_each(target.found.begin(), target.found.end(), [&](const auto* vm) { take(*vm); });
    for (const MachineView& machine : world.machines())
      std::for_each(machine.found.begin(), machine.found.end(), [&](const auto* vm) { take(*vm); });
    refs.insert(clusters.begin(), clusters.end());
    facts_.inventory.forEach([&](const auto& object) {
      using T = std::decay_t<decltype(object)>;
      if constexpr (std::is_same_v<T, vsphere::Datastore> || std::is_same_v<T, vsphere::StoragePod> ||
                    std::is_same_v<T, vsphere::Network> || std::is_same_v<T, vsphere::DistributedSwitch> ||
                    std::is_same_v<T, vsphere::ResourcePool>) {
        refs.insert(object.ref);
      } else if constexpr (std::is_same_v<T, vsphere::Host>) {
        if (object.parent && clusters.contains(*object.parent)) refs.insert(object.ref);
      }
    });
    read(refs, vsphere::Depth::full);
  }

  // VMs that lie on the datastores that the plan touches: they could have its disks. Where a machine's VM is
  // to be created, or is not found, all: their addresses, UUIDs and marks are compared.
  void neighbours() {
    const World world(plan_, facts_, phase_);
    std::set<std::string> urls;
    std::set<Moref> refs;
    bool creates = false;
    const auto mark = [&](const vsphere::Datastore* datastore) {
      if (datastore != nullptr) urls.insert(datastore->url.value_or(datastore->ref.value));
    };
    const auto markAll = [&](const VirtualMachine& vm) {
      for (const Moref& ref : vm.datastores) mark(facts_.inventory.find<vsphere::Datastore>(ref));
    };
    for (const TargetView& target : world.targets()) {
      if (target.vm != nullptr) markAll(*target.vm);
    }
    for (const MachineView& machine : world.machines()) {
      mark(machine.datastore);
      if (machine.vm != nullptr) markAll(*machine.vm);
      creates = creates || machine.mustBeCreated();
    }
    for (const vsphere::Datastore& each : facts_.inventory.all<vsphere::Datastore>()) {
      if (urls.contains(each.url.value_or(each.ref.value))) refs.insert(each.vms.begin(), each.vms.end());
    }
    // A VM that was made for a machine is known by its marks, and those are read of whole VMs only.
    if (creates) {
      for (const VirtualMachine& each : facts_.inventory.all<VirtualMachine>()) refs.insert(each.ref);
    }
    std::erase_if(refs, [&](const Moref& ref) { return facts_.isWhole(ref); });
    if (refs.empty()) return;
    tell(fmt::format("reading {} machines that share their datastores", refs.size()));
    read(refs, vsphere::Depth::standard);
  }

  void read(const std::set<Moref>& refs, vsphere::Depth depth) {
    IntoInventory sink(facts_, true);
    client_.readObjects({refs.begin(), refs.end()}, depth, sink, context_);
  }

  void privileges(const World& world) {
    tell("asking for privileges");
    const std::vector<ObjectNeeds> needs = needsOf(world);
    std::vector<Moref> entities;
    entities.reserve(needs.size() + 1);
    for (const ObjectNeeds& each : needs) entities.push_back(each.entity);
    if (!facts_.inventory.vcenter.rootFolder.empty()) entities.push_back(facts_.inventory.vcenter.rootFolder);
    facts_.privileges = ask<vsphere::PrivilegeAnswer>(
        "what the account may do", [&] { return client_.readPrivileges(entities, idsOf(needs), context_); });
  }

  void management(const World& world) {
    tell("reading tasks and licences");
    std::set<Moref> tasks;
    for (const TargetView& target : world.targets()) {
      if (target.vm != nullptr) tasks.insert(target.vm->recentTasks.begin(), target.vm->recentTasks.end());
    }
    for (const MachineView& machine : world.machines()) {
      if (machine.vm != nullptr) tasks.insert(machine.vm->recentTasks.begin(), machine.vm->recentTasks.end());
    }
    facts_.management = ask<vsphere::Management>("tasks and licences", [&] {
      return client_.readManagement({tasks.begin(), tasks.end()}, context_);
    });
  }

  void events(const VirtualMachine& vm) {
    tell(fmt::format("reading events of {}", vm.name));
    constexpr std::chrono::hours month{30 * 24};
    vsphere::EventQuery query;
    query.entity = vm.ref;
    query.types = eventTypes();
    const auto since = context_.clock().wallNow() - month;
    query.since = vsphere::timeText(since);
    facts_.events[vm.ref] =
        ask<std::vector<vsphere::Event>>("events", [&] { return client_.readEvents(query, context_); });
  }

  // One question for all machines: a server gives some 1,000 at most, which the judge has to know.
  void starts(const std::string& since) {
    tell("reading which machines were started");
    vsphere::EventQuery query;
    query.entity = facts_.inventory.vcenter.rootFolder;
    query.recursive = true;
    query.types = {"VmPoweredOnEvent", "DrsVmPoweredOnEvent"};
    query.since = since;
    facts_.starts =
        ask<std::vector<vsphere::Event>>("events", [&] { return client_.readEvents(query, context_); });
  }

  // What vCenter itself would say: it changes nothing.
  void verdict(const World& world, const TargetView& target) {
    if (target.vm == nullptr) return;
    const auto change = attachment(world, target);
    if (!change) return;
    tell(fmt::format("asking vCenter about {} disks on {}", change->disks.size(), target.vm->name));
    facts_.verdicts[target.vm->ref] = ask<std::optional<vsphere::ConfigVerdict>>(
        "vCenter's own verdict", [&] { return client_.checkConfig(target.vm->ref, *change, context_); });
  }

  // Of all that have one shape, the first is asked about, as far as ten calls go; one always is.
  void newVms(const World& world) {
    std::map<std::string, std::string> askedOf;  // shape, and the machine
    for (const MachineView& machine : world.machines()) {
      if (!machine.mustBeCreated() || machine.made != nullptr) continue;
      const auto creation = creationOf(world, machine);
      if (!creation) continue;
      const std::string& id = machine.plan->id;
      const std::string shape = shapeOf(*creation);
      if (const auto known = askedOf.find(shape); known != askedOf.end()) {
        facts_.newVmOf[id] = known->second;
        continue;
      }
      if (!askedOf.empty() && budgetOf(client_.callCounts()).calls >= mostCalls) continue;
      askedOf[shape] = facts_.newVmOf[id] = id;
      tell(fmt::format("asking vCenter about the new VM {}", creation->vm.name));
      facts_.newVmVerdicts[id] = ask<std::optional<vsphere::ConfigVerdict>>("vCenter's own verdict", [&] {
        return client_.checkNewVm(creation->place, creation->vm, context_);
      });
    }
  }

  // Where VMs are to be created.
  void places(const World& world) {
    for (const MachineView& machine : world.machines()) {
      if (!machine.mustBeCreated()) continue;
      const vsphere::Cluster* cluster = machine.target != nullptr ? machine.target->cluster : nullptr;
      if (cluster != nullptr && cluster->environmentBrowser && !facts_.configOptions.contains(cluster->ref)) {
        tell("reading what the host can run");
        facts_.configOptions[cluster->ref] = ask<vsphere::ConfigOption>("what the host can run", [&] {
          return client_.readConfigOption(*cluster->environmentBrowser, context_);
        });
      }
      const vsphere::Datastore* datastore = machine.datastore;
      if (datastore == nullptr || !datastore->browser || facts_.topFiles.contains(datastore->ref)) continue;
      tell(fmt::format("listing {}", datastore->name));
      facts_.topFiles[datastore->ref] = ask<std::vector<vsphere::TopFile>>(
          fmt::format("what lies on {}", datastore->name),
          [&] { return client_.listTop(*datastore->browser, datastore->name, context_); });
    }
  }

  vsphere::Client& client_;
  const Plan& plan_;
  const Phase phase_;
  const CollectOptions& options_;
  const vsphere::Context& context_;
  Facts facts_;
};

}  // namespace

Facts collectFacts(vsphere::Client& client, const Plan& plan, Phase phase, const CollectOptions& options,
                   const vsphere::Context& context) {
  return Collecting(client, plan, phase, options, context).collect();
}

ReadinessFacts collectReadiness(vsphere::Client& client, const ReadinessWish& wish,
                                const CollectOptions& options, const vsphere::Context& context) {
  Plan plan;  // made on the way
  return Collecting(client, plan, Phase::reprotect, options, context).collectAll(wish, plan);
}

Endpoint endpointOf(const std::string& text, std::uint16_t port) {
  Endpoint end{text, port};
  const std::size_t colon = text.rfind(':');
  // An IPv6 address has several; with a port it stands in brackets.
  const bool bare6 = text.find(':') != colon && text.front() != '[';
  if (colon != std::string::npos && !bare6 && text.back() != ']') {
    std::from_chars(text.data() + colon + 1, text.data() + text.size(), end.port);
    end.host = text.substr(0, colon);
  }
  if (end.host.starts_with('[') && end.host.ends_with(']'))
    end.host = end.host.substr(1, end.host.size() - 2);
  return end;
}

}  // namespace failback::provisioning
