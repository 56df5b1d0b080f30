// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <set>

#include "cli/check_command.h"
#include "cli/errors.h"
#include "cli/output.h"
#include "cli/plan_command.h"
#include "cli/server_access.h"
#include "provisioning/check/collect.h"
#include "provisioning/check/world.h"
#include "provisioning/plan/plan_document.h"
#include "provisioning/plan/plan_facts.h"

namespace failback::cli {
namespace {

using provisioning::Fact;
using provisioning::Plan;
using provisioning::World;

// Of each object that the plan is about, once.
std::vector<Fact> presentFacts(const World& world) {
  std::vector<Fact> facts;
  std::set<vsphere::Moref> seen;
  const auto add = [&](const auto* object) {
    if (object == nullptr || !seen.insert(object->ref).second) return;
    for (Fact& each : provisioning::factsOf(*object)) facts.push_back(std::move(each));
  };
  for (const auto& each : world.targets()) add(each.vm);
  for (const auto& each : world.machines()) {
    add(each.vm);
    add(each.datastore);
  }
  return facts;
}

void write(const Plan& plan, const Arguments& arguments, Surroundings& surroundings,
           const std::string& file) {
  const bool json = arguments.one("output").value_or("yaml") == "json";
  const std::string text = json ? planJson(plan, false) : planYaml(plan, true);
  if (file.empty()) {
    surroundings.out.write(text);
    surroundings.out.flush();
    return;
  }
  AtomicFile out(file);
  out.write(text);
  out.commit();
}

}  // namespace

ExitCode refreshPlan(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  if (arguments.operands.empty())
    vsphere::fail(vsphere::Category::usage, "plan refresh wants the file of a plan",
                  "name it, or - for standard input");
  console.setQuiet(arguments.has("quiet"));
  Plan plan = loadPlan(arguments.operands.front());
  const std::string file = arguments.one("out").value_or("");
  if (arguments.has("out") && file.empty())
    vsphere::fail(vsphere::Category::usage, "--out wants a file's name");
  refuseToReplace(file);
  const Settings settings = settingsFor(arguments, surroundings, console);
  const vsphere::Context context = workContext(settings, surroundings);
  std::vector<std::string> moved;
  try {
    console.progress(fmt::format("connecting to {}", settings.connection.url.origin()));
    const auto client =
        surroundings.connect(clientOptions(settings, arguments, console), settings.credentials, context);
    const provisioning::Facts read =
        collectFacts(*client, plan, provisioning::Phase::cancel, collectOptions(console), context);
    console.endProgress();
    moved = movedFacts(plan, read.inventory);
    plan.facts = presentFacts(World(plan, read, provisioning::Phase::cancel));
  } catch (const vsphere::Failure& failure) {
    console.endProgress();
    return showError(failure.error(), settings.describe(), console);
  }
  for (const std::string& each : moved) console.message(each + "\n");
  write(plan, arguments, surroundings, file);
  return ExitCode::ok;
}

}  // namespace failback::cli
