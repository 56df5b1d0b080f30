// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/readiness_command.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "cli/check_command.h"
#include "cli/errors.h"
#include "cli/output_readiness.h"
#include "cli/server_access.h"
#include "provisioning/check/call_budget.h"
#include "provisioning/check/collect_readiness.h"
#include "provisioning/plan/plan_init.h"

namespace failback::cli {
namespace {

using provisioning::Readiness;
using provisioning::ReadinessOrigin;
using provisioning::ReadinessWish;
using vsphere::Category;

ReadinessWish wishOf(const Arguments& arguments, const vsphere::Clock& clock) {
  ReadinessWish wish;
  wish.machines = arguments.all("machine");
  wish.all = arguments.has("all");
  wish.masterTargets = arguments.all("master-target");
  wish.id = provisioning::newUuid(vsphere::systemRandom().next(), vsphere::systemRandom().next());
  wish.made = fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                          fmt::gmtime(std::chrono::system_clock::to_time_t(clock.wallNow())));
  return wish;
}

void write(const Readiness& readiness, const ReadinessOrigin& origin, const std::string& format,
           const Terminal& terminal, Output& out) {
  if (format == "json")
    out.write(readinessJson(readiness, origin));
  else if (format == "html")
    out.write(readinessHtml(readiness, origin));
  else
    out.write(readinessText(readiness, terminal));
  out.flush();
}

std::string formatOf(const Arguments& arguments) {
  const std::string format = arguments.one("output").value_or("table");
  if (format == "junit" || format == "sarif")
    vsphere::fail(Category::usage, fmt::format("-o {} is for the check of a plan", format),
                  "use table, json or html");
  return format;
}

}  // namespace

OptionGroup readinessOptions() {
  OptionGroup group;
  group.title = "Without a plan";
  OptionSpec machine = option("machine", 0, Takes::text, "NAME",
                              "Could this machine come home today? Its name, path, UUID, or a pattern.");
  machine.repeats = true;
  OptionSpec target =
      option("master-target", 0, Takes::text, "NAME",
             "Judge with this master target. Default: of each OS family the one with the most free "
             "slots of all that could be one.");
  target.repeats = true;
  group.options = {machine, option("all", 0, Takes::nothing, "", "Ask this of every machine of the vCenter."),
                   target};
  return group;
}

bool wantsReadiness(const Arguments& arguments) {
  const bool wants = arguments.has("machine") || arguments.has("all");
  const char* wrong = nullptr;
  if (wants && !arguments.operands.empty()) wrong = "a plan and --machine or --all were given";
  if (wants && arguments.has("machine") && arguments.has("all")) wrong = "--machine and --all were given";
  if (!wants && arguments.has("master-target"))
    wrong = "--master-target is for --machine and --all; a plan names its own";
  if (wrong != nullptr) vsphere::fail(Category::usage, wrong, "use one of them");
  return wants;
}

ExitCode checkReadiness(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  const std::string format = formatOf(arguments);
  const std::string file = arguments.one("out").value_or("");
  if (arguments.has("out") && file.empty()) vsphere::fail(Category::usage, "--out wants a file's name");
  const Settings settings = settingsFor(arguments, surroundings, console);
  std::optional<AtomicFile> out;
  if (!file.empty()) out.emplace(file);
  const ReadinessWish wish = wishOf(arguments, surroundings.clock);
  try {
    const vsphere::Context context = workContext(settings, surroundings);
    console.progress(fmt::format("connecting to {}", settings.connection.url.origin()));
    const auto client =
        surroundings.connect(clientOptions(settings, arguments, console), settings.credentials, context);
    provisioning::CollectOptions options;
    options.onProgress = [&](const std::string& what) { console.progress(what); };
    const provisioning::ReadinessFacts read = collectReadiness(*client, wish, options, context);
    console.endProgress();
    showCalls(*client, arguments, console);
    if (!read.made.problems.empty())
      vsphere::fail(Category::usage, fmt::format("{}", fmt::join(read.made.problems, "; ")),
                    "failback discover lists them");
    const provisioning::CallBudget calls = provisioning::budgetOf(client->callCounts());
    const vsphere::VCenter& server = client->server();
    const ReadinessOrigin origin{fmt::format("failback {}", programVersion()),
                                 settings.connection.url.str(),
                                 server.about.fullName,
                                 server.about.instanceUuid,
                                 server.userName,
                                 wish.made,
                                 calls.calls,
                                 calls.pages};
    const Readiness readiness = readinessOf(read.made, read.facts);
    write(readiness, origin, format, file.empty() ? surroundings.outTerminal : Terminal{},
          out ? static_cast<Output&>(*out) : surroundings.out);
    if (out) out->commit();
    return exitCodeFor(readiness.verdict);
  } catch (const vsphere::Failure& failure) {
    console.endProgress();
    return showError(failure.error(), settings.describe(), console);
  }
}

}  // namespace failback::cli
