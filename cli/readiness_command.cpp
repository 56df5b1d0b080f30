// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/readiness_command.h"

#include <fmt/format.h>

#include <chrono>
#include <optional>

#include "cli/check_command.h"
#include "cli/errors.h"
#include "cli/output_readiness.h"
#include "cli/plan_command.h"
#include "cli/server_access.h"
#include "provisioning/check/call_budget.h"
#include "provisioning/check/collect_readiness.h"
#include "provisioning/plan/plan_init.h"
#include "vsphere/time_text.h"

namespace failback::cli {
namespace {

using provisioning::Readiness;
using provisioning::ReadinessOrigin;
using provisioning::ReadinessWish;
using vsphere::Category;

ReadinessWish readinessWishOf(const Arguments& arguments, const vsphere::Clock& clock) {
  ReadinessWish wish;
  wish.machines = arguments.all("machine");
  wish.all = arguments.has("all");
  wish.masterTargets = arguments.all("master-target");
  wish.id = provisioning::newUuid(vsphere::systemRandom().next(), vsphere::systemRandom().next());
  wish.made = vsphere::timeText(clock.wallNow());
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

class Run {
 public:
  Run(const Arguments& arguments, Surroundings& surroundings, Console& console)
      : arguments_(arguments),
        surroundings_(surroundings),
        console_(console),
        format_(formatOf(arguments)),
        file_(arguments.one("out").value_or("")),
        wish_(readinessWishOf(arguments, surroundings.clock)) {
    if (arguments.has("out") && file_.empty()) vsphere::fail(Category::usage, "--out wants a file's name");
    if (const auto policy = arguments.one("policy")) policy_ = loadPolicy(*policy);
    origin_.generator = fmt::format("failback {}", programVersion());
    origin_.made = wish_.made;
  }

  ExitCode go() {
    const Settings settings = settingsFor(arguments_, surroundings_, console_);
    std::optional<AtomicFile> out;
    if (!file_.empty()) out.emplace(file_);
    origin_.server = settings.connection.url.str();
    ExitCode code = ExitCode::ok;
    Readiness readiness;
    try {
      readiness = judge(settings);
      code = exitCodeFor(readiness.verdict);
    } catch (const vsphere::Failure& failure) {
      console_.endProgress();
      code = showError(failure.error(), settings.describe(), console_);
      // For people the error has said all; a name that is not there is no trouble of the server.
      if (format_ == "table" || failure.error().category == Category::usage) return code;
      readiness = provisioning::unreachableReadiness(origin_.server, failure.error());
    }
    write(readiness, origin_, format_, file_.empty() ? surroundings_.outTerminal : Terminal{},
          out ? static_cast<Output&>(*out) : surroundings_.out);
    if (out) out->commit();
    return code;
  }

 private:
  Readiness judge(const Settings& settings) {
    const vsphere::Context context = workContext(settings, surroundings_);
    console_.progress(fmt::format("connecting to {}", settings.connection.url.origin()));
    const auto client =
        surroundings_.connect(clientOptions(settings, arguments_, console_), settings.credentials, context);
    const vsphere::VCenter& server = client->server();
    origin_.serverName = server.about.fullName;
    origin_.serverUuid = server.about.instanceUuid;
    origin_.account = server.userName;
    provisioning::CollectOptions options;
    options.openJobs = readStore(arguments_, surroundings_.environment);
    options.onProgress = [&](const std::string& what) { console_.progress(what); };
    const provisioning::ReadinessFacts read = collectReadiness(*client, wish_, options, context);
    console_.endProgress();
    showCalls(*client, arguments_, console_);
    if (!read.made.problems.empty())
      vsphere::fail(Category::usage, fmt::format("{}", fmt::join(read.made.problems, "; ")),
                    "failback discover lists them");
    const provisioning::CallBudget calls = provisioning::budgetOf(client->callCounts());
    origin_.calls = calls.calls;
    origin_.pages = calls.pages;
    return readinessOf(read.made, read.facts, policy_);
  }

  const Arguments& arguments_;
  Surroundings& surroundings_;
  Console& console_;
  const std::string format_, file_;
  const ReadinessWish wish_;
  provisioning::CheckPolicy policy_;
  ReadinessOrigin origin_;
};

}  // namespace

OptionGroup readinessOptions() {
  OptionGroup group;
  group.title = "Without a plan";
  OptionSpec machine = option("machine", 0, Takes::text, "NAME",
                              "Could this machine come home today? Its name, path, UUID, or a pattern.");
  machine.repeats = true;
  OptionSpec target =
      option("master-target", 0, Takes::text, "NAME",
             "Judge with this master target; of several each machine gets the one that suits it best: whose "
             "host reaches its datastores, and that has slots enough. Default: of all that could be one.");
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
  return Run(arguments, surroundings, console).go();
}

}  // namespace failback::cli
