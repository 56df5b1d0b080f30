// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/check_command.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "cli/errors.h"
#include "cli/output_report.h"
#include "cli/plan_command.h"
#include "cli/readiness_command.h"
#include "cli/server_access.h"
#include "provisioning/check/call_budget.h"
#include "provisioning/check/collect.h"
#include "provisioning/check/readiness.h"
#include "provisioning/check/report.h"
#include "provisioning/check/split.h"
#include "provisioning/plan/plan_document.h"

namespace failback::cli {
namespace {

using provisioning::Phase;
using provisioning::Plan;
using provisioning::Report;
using provisioning::ReportOrigin;
using vsphere::Category;

Phase phaseOf(const Arguments& arguments) {
  const std::string word = arguments.one("phase").value_or("reprotect");
  for (const Phase each : {Phase::reprotect, Phase::failback, Phase::cancel}) {
    if (toString(each) == word) return each;
  }
  vsphere::fail(Category::usage, fmt::format("--phase: there is no phase \"{}\"", word),
                "name one of reprotect, failback, cancel");
}

class Run {
 public:
  Run(const Arguments& arguments, Surroundings& surroundings, Console& console)
      : arguments_(arguments),
        surroundings_(surroundings),
        console_(console),
        phase_(phaseOf(arguments)),
        format_(arguments.one("output").value_or("table")),
        file_(arguments.one("out").value_or("")) {
    if (arguments.has("out") && file_.empty()) vsphere::fail(Category::usage, "--out wants a file's name");
    if (arguments.operands.empty())
      vsphere::fail(Category::usage, "check wants the file of a plan", "name it, or - for standard input");
    if (format_ == "html")
      vsphere::fail(Category::usage, "-o html is for --machine and --all", "use table, json, junit or sarif");
    origin_.planFile = arguments.operands.front();
    if (const auto policy = arguments.one("policy")) policy_ = loadPolicy(*policy);
    // Before anything is read: a mistake of the call is no trouble of the server.
    if (const auto split = arguments.one("split")) refuseToReplace(*split);
  }

  ExitCode go() {
    origin_.generator = fmt::format("failback {}", programVersion());
    std::optional<Plan> read;
    try {
      read = loadPlan(origin_.planFile);
    } catch (const vsphere::Failure& failure) {
      return refused(failure.error());
    }
    const Plan& plan = *read;
    origin_.planId = plan.id;
    origin_.planDigest = digest(plan);
    origin_.unknown = plan.policy.unknown;
    const Settings settings = settingsFor(arguments_, surroundings_, console_);
    std::optional<AtomicFile> out;
    if (!file_.empty()) out.emplace(file_);
    origin_.server = settings.connection.url.str();
    ExitCode code = ExitCode::ok;
    Report report;
    try {
      report = judge(plan, settings);
      code = exitCodeFor(report.verdict);
    } catch (const vsphere::Failure& failure) {
      console_.endProgress();
      code = showError(failure.error(), settings.describe(), console_);
      // For people the error has said all.
      if (format_ == "table") return code;
      report = provisioning::unreachableReport(phase_, origin_.server, failure.error());
    }
    write(report, plan, out ? static_cast<Output&>(*out) : surroundings_.out);
    if (out) out->commit();
    return code;
  }

 private:
  // A document that is no plan: programs get a report of it, too.
  ExitCode refused(const vsphere::Error& error) {
    const ExitCode code = showError(error, {}, console_);
    if (format_ == "table" || error.causes.empty()) return code;
    std::optional<AtomicFile> out;
    if (!file_.empty()) out.emplace(file_);
    write(provisioning::unreadableReport(phase_, origin_.planFile, error), Plan{},
          out ? static_cast<Output&>(*out) : surroundings_.out);
    if (out) out->commit();
    return code;
  }

  Report judge(const Plan& plan, const Settings& settings) {
    const vsphere::Context context = workContext(settings, surroundings_);
    console_.progress(fmt::format("connecting to {}", settings.connection.url.origin()));
    const auto client =
        surroundings_.connect(clientOptions(settings, arguments_, console_), settings.credentials, context);
    origin_.serverUuid = client->server().about.instanceUuid;
    provisioning::CollectOptions options = collectOptions(console_);
    // Before anything is asked of the server: what is there may change meanwhile, but only to our own cost.
    options.openJobs = readStore(arguments_, surroundings_.environment);
    const provisioning::Facts facts = collectFacts(*client, plan, phase_, options, context);
    console_.endProgress();
    const provisioning::CallBudget calls = provisioning::budgetOf(client->callCounts());
    origin_.calls = calls.calls;
    origin_.pages = calls.pages;
    showCountedCalls(*client, arguments_, console_);
    if (const auto file = arguments_.one("split")) writeSplit(plan, facts, *file);
    return check(plan, facts, phase_, policy_);
  }

  // A plan is never replaced: its id stands in marks.
  void writeSplit(const Plan& plan, const provisioning::Facts& facts, const std::string& file) const {
    const provisioning::World world(plan, facts, phase_);
    const provisioning::Split split = proposeSplit(world);
    if (!split.plan) {
      console_.warn("no split was found: " + split.missing);
      return;
    }
    AtomicFile out(file);
    out.write("# Split over master targets by failback check. docs/plan.md explains each member.\n" +
              planYaml(*split.plan, true));
    out.commit();
    for (const provisioning::SplitShare& each : split.shares)
      console_.message(fmt::format("{}: {} disks of {}, of {} free slots", each.masterTarget, each.disks,
                                   fmt::join(each.machines, ", "), each.free));
  }

  void write(const Report& report, const Plan& plan, Output& out) const {
    if (format_ == "json") {
      out.write(reportJson(report, origin_, arguments_.has("all-findings")));
    } else if (format_ == "junit") {
      out.write(reportJunit(report, origin_));
    } else if (format_ == "sarif") {
      out.write(reportSarif(report, origin_));
    } else {
      out.write(reportText(report, plan, arguments_.has("all-findings"),
                           file_.empty() ? surroundings_.outTerminal : Terminal{}));
    }
    out.flush();
  }

  const Arguments& arguments_;
  Surroundings& surroundings_;
  Console& console_;
  const Phase phase_;
  const std::string format_, file_;
  ReportOrigin origin_;
  provisioning::CheckPolicy policy_;
};

OptionGroup what() {
  OptionGroup group;
  group.title = "What to check";
  OptionSpec phase =
      option("phase", 0, Takes::words, "PHASE",
             "reprotect (default): could the machines be reprotected now. failback: could they be "
             "detached and started. cancel: could a job be taken back.");
  phase.words = {"reprotect", "failback", "cancel"};
  group.options = {
      phase,
      option("split", 0, Takes::file, "FILE",
             "Write a plan whose machines are spread over as few master targets as can hold their disks; "
             "replication "
             "groups stay whole. FILE must not be there yet."),
      stateOption(),
      option("policy", 0, Takes::file, "FILE",
             "How heavy rules weigh at this site: a document that raises, lowers or silences severities and "
             "names guest systems that can't come home.")};
  return group;
}

OptionGroup output() {
  OptionGroup group;
  group.title = "Output";
  OptionSpec format = option("output", 'o', Takes::words, "FORMAT",
                             "table (default): for people, what blocks first. json: for programs (see "
                             "--print-schema). junit, sarif: for pipelines. html: a page, without a plan.");
  format.words = {"table", "json", "junit", "sarif", "html"};
  group.options = {
      format,
      option("all-findings", 0, Takes::nothing, "", "Also what passes, with what was seen."),
      option(
          "out", 0, Takes::file, "FILE",
          "Write to FILE instead of standard output. It appears when all is written, readable by you only."),
      option("print-schema", 0, Takes::nothing, "", "Print the JSON Schema of -o json, and do nothing else."),
      colourOption(),
      option("quiet", 'q', Takes::nothing, "", "No line of progress on the terminal."),
  };
  return group;
}

}  // namespace

VerbSpec checkVerb() {
  VerbSpec verb;
  verb.name = "check";
  verb.summary = "say whether a plan would work, and what stands in its way";
  verb.argument = "PLAN";
  verb.argumentIsFile = true;
  verb.paragraphs = {
      "Reads what the plan touches, judges every rule on it, and reports all that it finds, not only the "
      "first: "
      "the rule, the object, what was seen, what was wanted, and what to do. It changes nothing in vCenter, "
      "and "
      "makes at most ten calls beside pages, waits and the login, whatever the number of machines; each "
      "further "
      "master target costs two more (--calls names them).",
      "What can't be read is reported as not known. It counts as an obstacle, unless the rule or the plan "
      "(policy.unknown) says that it is a warning.",
      "Exit code: 0 nothing found, 3 warnings, 4 blocked, 5 could not be decided. failback rules ID explains "
      "a "
      "rule."};
  verb.groups = {what(), readinessOptions(), output(), connectionOptions(), diagnosticOptions()};
  verb.examples = {
      {"check plan.yaml --url vc.example -u operator@vsphere.local", "before anything is changed"},
      {"check --all -o html --out readiness.html", "which machines could come home today, as a page"},
      {"check plan.yaml --all-findings", "also what is all right, with the evidence"},
      {"check plan.yaml -o json | jq -r '.findings[] | select(.verdict == \"block\").rule'",
       "which rules block"},
      {"check plan.yaml -o junit --out check.xml", "for a pipeline that runs every night"}};
  return verb;
}

ExitCode exitCodeFor(provisioning::Verdict verdict) {
  constexpr std::array<ExitCode, 4> codes = {ExitCode::ok, ExitCode::holes, ExitCode::undecided,
                                             ExitCode::blocked};
  return codes[static_cast<std::size_t>(verdict)];
}

provisioning::Asked<std::vector<provisioning::StoredJob>> readStore(const Arguments& arguments,
                                                                    const Environment& environment) {
  provisioning::Asked<std::vector<provisioning::StoredJob>> jobs;
  try {
    const auto store = provisioning::Store::openToRead(storeDirectory(arguments, environment));
    if (store) jobs.answer = store->openJobs();
  } catch (const vsphere::Failure& failure) {
    jobs.why = failure.error().text;
  }
  return jobs;
}

ExitCode checkPlan(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  const bool readiness = wantsReadiness(arguments);
  if (arguments.has("print-schema")) {
    surroundings.out.write(readiness ? provisioning::readinessSchema() : provisioning::reportSchema());
    surroundings.out.flush();
    return ExitCode::ok;
  }
  applyColour(arguments, surroundings);
  console.setQuiet(arguments.has("quiet"));
  if (readiness) {
    for (const char* each : {"phase", "split", "all-findings"})
      if (arguments.has(each))
        vsphere::fail(Category::usage, fmt::format("--{} is for the check of a plan", each),
                      "leave it out: without a plan, each machine is judged for a reprotect of its own");
    return checkReadiness(arguments, surroundings, console);
  }
  return Run(arguments, surroundings, console).go();
}

}  // namespace failback::cli
