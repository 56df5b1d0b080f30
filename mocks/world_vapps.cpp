// SPDX-License-Identifier: GPL-2.0-or-later
// vApps: resource pools that stand in a folder of machines, too, and know in which order theirs start.
#include <algorithm>

#include "mocks/random_source.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

// How each machine takes part in starting and stopping the vApp, as the client sets it up.
Value entityConfig(const SitePool& vapp) {
  std::vector<Value> list;
  list.reserve(vapp.machines.size());
  std::int32_t order = 0;
  for (const SiteVm* vm : vapp.machines) {
    list.push_back(object("VAppEntityConfigInfo", {{"key", vm->ref},
                                                   {"tag", vm->spec->name},
                                                   {"startOrder", ++order},
                                                   {"startDelay", std::int32_t{120}},
                                                   {"waitingForGuest", false},
                                                   {"startAction", "powerOn"},
                                                   {"stopDelay", std::int32_t{120}},
                                                   {"stopAction", "powerOff"},
                                                   {"destroyWithParent", false}}));
  }
  return list;
}

Value configOf(const SitePool& vapp, const std::string& uuid) {
  const Value addresses =
      object("VAppIPAssignmentInfo", {{"ipAllocationPolicy", "fixedPolicy"}, {"ipProtocol", "IPv4"}});
  return object("VAppConfigInfo", {{"ipAssignment", addresses},
                                   {"installBootRequired", false},
                                   {"installBootStopDelay", std::int32_t{0}},
                                   {"entityConfig", entityConfig(vapp)},
                                   {"annotation", vapp.vapp->annotation},
                                   {"instanceUuid", uuid}});
}

bool any(const SitePool& vapp, bool VmSpec::*state) {
  return std::any_of(vapp.machines.begin(), vapp.machines.end(),
                     [state](const SiteVm* vm) { return vm->spec->*state; });
}

}  // namespace

void addVapp(const Site& site, const SiteCluster& cluster, const SitePool& vapp) {
  const std::string uuid = uuidFor(site.server.name + "/vapp/" + vapp.path, "50");
  std::vector<Field> fields = poolFields(cluster, vapp, "VirtualAppSummary");
  Value state = object("VirtualApp", fields);
  const bool running = any(vapp, &VmSpec::powered);
  std::vector<MoRef> datastores, networks;
  const auto add = [](std::vector<MoRef>& list, const MoRef& ref) {
    if (std::find(list.begin(), list.end(), ref) == list.end()) list.push_back(ref);
  };
  for (const SiteVm* vm : vapp.machines) {
    for (const SiteDatastore* each : vm->datastores) add(datastores, each->ref);
    for (const SiteNetwork* each : vm->networks) add(networks, each->ref);
  }
  state = state.with("summary.vAppState", running ? "started" : "stopped")
              .with("summary.suspended", !running && any(vapp, &VmSpec::suspended))
              .with("summary.installBootRequired", false)
              .with("summary.instanceUuid", uuid)
              .with("parentFolder", vapp.folder->ref)
              .with("datastore", refs(datastores))
              .with("network", refs(networks))
              .with("vAppConfig", configOf(vapp, uuid));
  site.world.inventory.add(vapp.ref, state);
}

}  // namespace failback::mock
