// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "cli/errors.h"
#include "cli/plan_command.h"
#include "cli/server_access.h"
#include "discovery/json.h"
#include "discovery/reader.h"
#include "provisioning/plan/plan_document.h"
#include "provisioning/plan/plan_init.h"
#include "vsphere/time_text.h"

namespace failback::cli {
namespace {

using provisioning::PlanProposal;
using provisioning::PlanWish;
using vsphere::Category;

std::string needed(const Arguments& arguments, const std::string& name, const std::string& what) {
  const std::string text = arguments.one(name).value_or("");
  if (text.empty())
    vsphere::fail(Category::usage, fmt::format("plan init wants --{}", name), fmt::format("name {}", what));
  return text;
}

PlanWish planWishOf(const Arguments& arguments, const vsphere::Clock& clock) {
  PlanWish wish;
  needed(arguments, "machine", "each machine that is to come home");
  wish.machines = arguments.all("machine");
  wish.masterTarget = needed(arguments, "master-target", "the VM that the disks are attached to meanwhile");
  wish.datastore = needed(arguments, "datastore", "where machines are made anew whose original has gone");
  wish.consents.powerOff = arguments.has("allow-power-off");
  wish.consents.mergeSnapshots = arguments.has("allow-merge");
  wish.id = provisioning::newUuid(vsphere::systemRandom().next(), vsphere::systemRandom().next());
  wish.made = vsphere::timeText(clock.wallNow());
  return wish;
}

discovery::Inventory fromDump(const std::string& file) {
  const std::string path = file == "-" ? "/dev/stdin" : file;
  std::ifstream input(path, std::ios::binary);
  if (!input) vsphere::fail(Category::usage, "the dump " + file + " can't be read", "name one that exists");
  discovery::Dump dump = discovery::readDump(input, file == "-" ? "standard input" : file);
  return std::move(dump.inventory);
}

discovery::Inventory fromServer(const Arguments& arguments, Surroundings& surroundings, Console& console,
                                const Settings& settings) {
  const vsphere::Context context = workContext(settings, surroundings);
  console.progress(fmt::format("connecting to {}", settings.connection.url.origin()));
  const auto client =
      surroundings.connect(clientOptions(settings, arguments, console), settings.credentials, context);
  discovery::ReadOptions read;
  read.onProgress = [&](std::uint64_t objects) {
    console.progress(fmt::format("reading {}: {} objects", settings.connection.url.host, objects));
  };
  discovery::Inventory inventory = discovery::readInventory(*client, read, context);
  console.endProgress();
  showCalls(*client, arguments, console);
  return inventory;
}

ExitCode write(const PlanProposal& proposal, const Arguments& arguments, Surroundings& surroundings,
               Console& console) {
  const std::string file = arguments.one("out").value_or("");
  const bool json = arguments.one("output").value_or("yaml") == "json";
  const std::string text = json ? provisioning::planJson(proposal.plan, false)
                                : "# Made by failback plan init. docs/plan.md explains each member.\n" +
                                      provisioning::planYaml(proposal.plan, true);
  if (file.empty()) {
    surroundings.out.write(text);
    surroundings.out.flush();
  } else {
    AtomicFile out(file);
    out.write(text);
    out.commit();
  }
  for (const std::string& each : proposal.remarks) console.warn(each);
  return proposal.remarks.empty() ? ExitCode::ok : ExitCode::holes;
}

}  // namespace

void refuseToReplace(const std::string& file) {
  std::error_code ignored;
  if (std::filesystem::is_regular_file(file, ignored))
    vsphere::fail(Category::usage, fmt::format("{} is there already, and is not replaced", file),
                  "name another file, or move that one away");
}

ExitCode initPlan(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  console.setQuiet(arguments.has("quiet"));
  const PlanWish wish = planWishOf(arguments, surroundings.clock);
  const std::string file = arguments.one("out").value_or("");
  if (arguments.has("out") && file.empty()) vsphere::fail(Category::usage, "--out wants a file's name");
  refuseToReplace(file);
  if (const auto dump = arguments.one("from"))
    return write(makePlan(wish, fromDump(*dump)), arguments, surroundings, console);
  const Settings settings = settingsFor(arguments, surroundings, console);
  discovery::Inventory inventory;
  try {
    inventory = fromServer(arguments, surroundings, console, settings);
  } catch (const vsphere::Failure& failure) {
    console.endProgress();
    return showError(failure.error(), settings.describe(), console);
  }
  return write(makePlan(wish, inventory), arguments, surroundings, console);
}

}  // namespace failback::cli
