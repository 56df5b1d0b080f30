// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/world_builder.h"

#include <fmt/format.h>

#include "mocks/licenses.h"
#include "mocks/site.h"
#include "mocks/vm_scenario.h"

namespace failback::mock {

namespace {

void checkEsxi(const ScenarioSpec& scenario) {
  if (!scenario.server.esxi) return;
  const bool one = scenario.datacenters.size() == 1 && scenario.datacenters[0].clusters.size() == 1 &&
                   scenario.datacenters[0].clusters[0].hosts.size() == 1;
  if (!one) throw ScenarioError("a server of kind 'esxi' has one datacenter with one cluster of one host");
  if (!scenario.datacenters[0].switches.empty() || !scenario.datacenters[0].datastoreClusters.empty()) {
    throw ScenarioError("a server of kind 'esxi' has neither distributed switches nor datastore clusters");
  }
}

}  // namespace

void buildWorld(World& world, const std::shared_ptr<const ScenarioSpec>& kept, const std::string& password) {
  const ScenarioSpec& scenario = *kept;
  checkEsxi(scenario);
  const std::vector<ScenarioProblem> problems = checkNames(scenario);
  if (!problems.empty()) throw ScenarioError(fmt::format("{}: {}", problems[0].pointer, problems[0].text));
  const std::lock_guard lock(world.lock());
  world.password = password;
  if (world.builtAt.empty()) world.builtAt = world.now();
  world.buildTime = world.builtAt;
  const MoRef root = buildService(world, scenario);
  Numbering numbering(scenario.server.esxi);
  std::vector<MoRef> datacenters;
  for (const DatacenterSpec& spec : scenario.datacenters) {
    const auto made = std::make_shared<Site>(Site{
        world, kept, scenario.server, spec, {}, root, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, false});
    Site& site = *made;
    site.generated = scenario.description == "generated";  // as generateScenario() says
    planSite(site, numbering);
    buildFolders(site);
    buildClusters(site);
    buildHosts(site);
    buildNetworks(site);
    buildVms(made);
    buildDatastores(site);
    datacenters.push_back(site.ref);
  }
  std::vector<Field> fields = entity(scenario.server.esxi ? "ha-folder-root" : "Datacenters", {});
  fields.emplace_back("childType", Value(std::vector<Value>{"Folder", "Datacenter"}));
  fields.emplace_back("childEntity", refs(datacenters));
  world.inventory.add(root, object("Folder", fields));
  setUpMachines(world);
  buildUsers(world, scenario, root);
  assignLicenses(world, scenario);
  if (!scenario.server.esxi) buildAlarms(world, root);
  buildHistory(world, scenario, root);
  world.buildTime.clear();
  world.inventory.markBuilt();
  world.inventory.commit();
}

}  // namespace failback::mock
