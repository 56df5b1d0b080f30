// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/job_command.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "cli/check_command.h"
#include "cli/errors.h"
#include "cli/output_job.h"
#include "cli/output_report.h"
#include "cli/plan_command.h"
#include "cli/server_access.h"
#include "provisioning/check/check.h"
#include "provisioning/check/collect.h"
#include "provisioning/job/claim.h"
#include "provisioning/job/fixer.h"
#include "provisioning/job/job.h"
#include "provisioning/job/process_lock.h"
#include "provisioning/job/result.h"
#include "provisioning/plan/plan_document.h"
#include "provisioning/plan/plan_facts.h"
#include "provisioning/store/database.h"
#include "provisioning/store/rescue.h"
#include "vsphere/time_text.h"

namespace failback::cli {
namespace {

using provisioning::JobEvent;
using provisioning::JobResult;
using provisioning::Phase;
using provisioning::Plan;
using provisioning::Store;
using provisioning::World;
using vsphere::Category;

// Tells what happens: a line each on standard error, and a sign of life at least every two seconds.
class Narrator {
 public:
  Narrator(Console& console, const vsphere::Clock& clock, bool json, std::size_t machines,
           std::string planFile)
      : console_(console),
        clock_(clock),
        json_(json),
        machines_(machines),
        planFile_(std::move(planFile)),
        beat_([this](const std::stop_token& stop) { beat(stop); }) {}

  void tell(JobEvent event) {
    const std::lock_guard lock(mutex_);
    foresee(event);
    if (event.kind == "machine") ++done_;
    last_ = event;
    if (json_) return show(event);
    if (event.kind == "progress" || event.kind == "step") {
      console_.progress(eventText(event, planFile_));
      if (event.kind == "progress") return;
    }
    if (event.kind != "step" || !console_.terminal().isTerminal)
      console_.message(eventText(event, planFile_));
  }

 private:
  void show(const JobEvent& event) const {
    const std::string time = vsphere::timeText(clock_.wallNow());
    console_.message(eventJson(event, time, done_, machines_));
  }

  // From the first percent that was seen of its task to the present one.
  void foresee(JobEvent& event) {
    if (event.kind != "progress" || !event.percent || event.task.empty()) return;
    const auto [begin, first] = begins_.try_emplace(event.task, Begin{clock_.now(), *event.percent});
    const std::int32_t done = *event.percent - begin->second.percent, left = 100 - *event.percent;
    if (first || done <= 0) return;
    const auto passed =
        std::chrono::duration_cast<std::chrono::milliseconds>(clock_.now() - begin->second.at);
    event.secondsLeft = passed.count() * left / done / 1000;
  }

  void beat(const std::stop_token& stop) {
    constexpr std::chrono::milliseconds interval{1'500};
    std::unique_lock lock(mutex_);
    while (!wake_.wait_for(lock, stop, interval, [&] { return stop.stop_requested(); })) {
      JobEvent event = last_;
      event.kind = "heartbeat";
      if (json_) show(event);
    }
  }

  Console& console_;
  const vsphere::Clock& clock_;
  const bool json_;
  const std::size_t machines_;
  const std::string planFile_;
  std::mutex mutex_;
  std::condition_variable_any wake_;
  struct Begin {
    vsphere::SteadyTime at;
    std::int32_t percent = 0;
  };
  std::map<std::string, Begin> begins_;  // by task
  std::size_t done_ = 0;
  JobEvent last_;
  std::jthread beat_;
};

ExitCode codeOf(const JobResult& result) {
  if (result.state == "failed") return ExitCode::halfWay;
  if (result.state == "interrupted") return ExitCode::interrupted;
  if (result.state == "waiting") return ExitCode::holes;
  for (const auto& machine : result.machines)
    if (!machine.healthy) return ExitCode::holes;
  return result.warnings.empty() ? ExitCode::ok : ExitCode::holes;
}

std::string whoAmI(const Environment& environment, const std::string& verb, const Plan& plan,
                   const vsphere::Clock& clock) {
  std::array<char, 256> host{};
  if (::gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  return fmt::format("{} of plan {} in process {} of {} on {}, since {}", verb, plan.id, ::getpid(),
                     environment.get("USER").value_or("user " + std::to_string(::geteuid())), host.data(),
                     vsphere::timeText(clock.wallNow()));
}

// What every verb on a plan begins with: the plan, the server, the world, the store.
class PlanRun {
 public:
  PlanRun(const Arguments& arguments, Surroundings& surroundings, Console& console, std::string verb,
          Phase phase)
      : arguments_(arguments),
        surroundings_(surroundings),
        console_(console),
        verb_(std::move(verb)),
        phase_(phase),
        json_(arguments.one("output").value_or("table") == "json") {
    if (arguments.operands.empty())
      vsphere::fail(Category::usage, verb_ + " wants the file of a plan", "name it, or - for standard input");
    plan_ = loadPlan(arguments.operands.front());
    console.setQuiet(arguments.has("quiet"));
    applyColour(arguments, surroundings);
  }

  const Plan& plan() const { return plan_; }
  vsphere::Client& client() { return *client_; }
  bool json() const { return json_; }

  void approve(const std::string& wanted) const {
    const std::string is = digest(plan_);
    if (is == wanted) return;
    vsphere::fail(Category::usage,
                  fmt::format("the plan is not the one that was approved: its digest is {}", is),
                  "review it (failback plan show), and approve that digest");
  }

  // An approval is one of a plan in a world; once the job has begun, it is the job itself that moves it.
  std::optional<ExitCode> refuseMoved() {
    const auto job = lastJob();
    if (job && isOpen(*job)) return std::nullopt;
    const std::vector<std::string> moved = movedFacts(plan_, facts_.inventory);
    if (moved.empty()) return std::nullopt;
    vsphere::Error error;
    error.category = Category::conflict;
    error.text = "the inventory has moved since the plan that was approved was made";
    error.remedy =
        "look what would be done now (--dry-run); when it is right: failback plan refresh, and approve "
        "the digest of that plan";
    for (const std::string& each : moved) {
      vsphere::Error& cause = error.causes.emplace_back();
      cause.category = Category::conflict;
      cause.text = each;
    }
    showError(error, settings_->describe(), console_);
    return ExitCode::blocked;
  }

  // Nobody else works on the plan or on its master targets until this ends.
  void lock() {
    const std::string directory = storeDirectory(arguments_, surroundings_.environment);
    std::vector<std::string> names{"plan-" + plan_.id};
    for (const auto& each : plan_.masterTargets) names.push_back("mt-" + each.instanceUuid);
    lock_.emplace(directory, std::move(names),
                  whoAmI(surroundings_.environment, verb_, plan_, surroundings_.clock));
    std::optional<provisioning::PutAside> aside;
    store_ = Store::openSound(directory, vsphere::timeText(surroundings_.clock.wallNow()), aside);
    if (!aside) return;
    damage_.clear();
    console_.warn(
        fmt::format("the store was damaged ({}): it is kept as {}, and a new one was made. The job's record "
                    "is made again from "
                    "the marks in vCenter.",
                    aside->why, aside->file));
  }
  void openToRead() { store_ = Store::openToRead(storeDirectory(arguments_, surroundings_.environment)); }
  // One that is damaged is told, left as it is, and counts as none.
  void openToReadAnyway() {
    try {
      openToRead();
    } catch (const provisioning::Damaged& damaged) {
      damage_ = damaged.error().text;
      console_.warn(fmt::format("{}: {}", damage_, damaged.error().remedy));
    }
  }
  Store* store() { return store_.get(); }

  void connect() {
    settings_.emplace(settingsFor(arguments_, surroundings_, console_));
    readContext_.emplace(workContext(*settings_, surroundings_));
    console_.progress(fmt::format("connecting to {}", settings_->connection.url.origin()));
    client_ = surroundings_.connect(clientOptions(*settings_, arguments_, console_), settings_->credentials,
                                    *readContext_);
  }

  // What an earlier run had begun comes to its end first.
  void settle() {
    Narrator narrator(console_, surroundings_.clock, eventsAsJson(), plan_.machines.size(),
                      arguments_.operands.front());
    provisioning::JobOptions options;
    options.onEvent = [&](const JobEvent& event) { narrator.tell(event); };
    provisioning::settle(*client_, *store_, plan_, options, jobContext());
  }

  const World& look() {
    provisioning::CollectOptions options = collectOptions(console_);
    if (store_) options.openJobs.answer = store_->openJobs();
    options.openJobs.why = damage_;
    facts_ = collectFacts(*client_, plan_, phase_, options, *readContext_);
    console_.endProgress();
    world_.emplace(plan_, facts_, phase_);
    return *world_;
  }

  // The world as it is when the plan's job is this store's: one that it has lost is made again.
  const World& lookAndClaim() {
    const World& world = look();
    if (!mustClaim(world, *store_, surroundings_.clock)) return world;
    Narrator narrator(console_, surroundings_.clock, eventsAsJson(), plan_.machines.size());
    provisioning::JobOptions options;
    options.onEvent = [&](const JobEvent& event) { narrator.tell(event); };
    options.owner = whoAmI(surroundings_.environment, verb_, plan_, surroundings_.clock);
    options.takeOver = arguments_.has("rebuild");
    const vsphere::Context context = jobContext();
    provisioning::settleMarked(*client_, world, context);
    claimJob(*client_, *store_, look(), options, context);
    return look();
  }

  // What marks and devices say of a job that the store does not know.
  provisioning::Found marks() {
    const std::string id =
        store_ ? store_->id()
               : provisioning::writtenStoreId(storeDirectory(arguments_, surroundings_.environment));
    const auto job = lastJob();
    return lookAtMarks(*world_, id, job ? &*job : nullptr, surroundings_.clock);
  }

  // Nothing is begun while a rule blocks. The findings are told as a check tells them.
  // `resumed`: what is half done would not pass as a beginning; only what nothing can be done without blocks.
  std::optional<ExitCode> refuse(bool resumed = false) {
    const provisioning::Report report = resumed ? check(plan_, facts_, Phase::cancel) : check(*world_);
    if (report.verdict < provisioning::Verdict::unknown) return std::nullopt;
    console_.message(reportText(report, plan_, false, surroundings_.errTerminal));
    const std::set<std::string> fixable = fixableOf(report);
    if (!fixable.empty())
      console_.message(
          fmt::format("failback reprotect --fix {} puts that right.\n", fmt::join(fixable, ",")));
    return exitCodeFor(report.verdict);
  }

  // Puts right what a rule has found and `rules` names, and reads the world again. Nothing where nothing is
  // asked for.
  std::optional<ExitCode> fix(const std::set<std::string>& rules) {
    if (rules.empty()) return std::nullopt;
    const std::vector<provisioning::Fix> fixes = wantedFixes(*world_, check(*world_), rules);
    if (fixes.empty()) return std::nullopt;
    const auto done = carryOut([&](const provisioning::JobOptions& options, const vsphere::Context& context) {
      runFixes(*client_, *store_, *world_, fixes, options, context);
      return std::optional<JobResult>();
    });
    if (done != ExitCode::ok) return done;
    look();
    return std::nullopt;
  }

  // As long as it takes: every task has its own deadline.
  vsphere::Context jobContext() const {
    return vsphere::Context(surroundings_.clock)
        .withStop(surroundings_.stop)
        .withOperationId(readContext_->operationId());
  }

  std::optional<provisioning::StoredJob> lastJob() {
    if (!store_) return std::nullopt;
    const auto jobs = store_->jobsOf(plan_.id);
    return jobs.empty() ? std::nullopt : std::optional(jobs.front());
  }

  // The plan's open job, when vCenter tells of one that the store has lost; it is this store's then.
  std::optional<provisioning::StoredJob> lostJob() {
    connect();
    look();
    if (!marks().job) return std::nullopt;
    lock();
    lookAndClaim();
    return lastJob();
  }

  template <class Work>
  ExitCode carryOut(Work&& work) {
    Narrator narrator(console_, surroundings_.clock, eventsAsJson(), plan_.machines.size(),
                      arguments_.operands.front());
    provisioning::JobOptions options;
    options.onEvent = [&](const JobEvent& event) { narrator.tell(event); };
    options.owner = whoAmI(surroundings_.environment, verb_, plan_, surroundings_.clock);
    const vsphere::Context context = jobContext();
    try {
      const std::optional<JobResult> result = work(options, context);
      console_.endProgress();
      if (!result) return ExitCode::ok;
      show(*result);
      showCountedCalls(*client_, arguments_, console_);
      return codeOf(*result);
    } catch (const vsphere::Failure& failure) {
      console_.endProgress();
      const ExitCode code = showError(failure.error(), settings_->describe(), console_);
      if (failure.error().category != Category::usage)
        console_.message(fmt::format("What was begun is in the store: failback {} {} goes on.", verb_,
                                     arguments_.operands.front()));
      return code;
    }
  }

  // What --fix would do, on standard error: of the steps after it a dry run knows nothing yet.
  void foresee(const std::set<std::string>& rules) {
    if (rules.empty()) return;
    for (const provisioning::Fix& each : wantedFixes(*world_, check(*world_), rules))
      console_.message(
          fmt::format("--fix {}: {}\n", each.rule,
                      each.obstacle.empty() ? each.summary : each.obstacle + "; " + each.remedy));
  }

  void show(const JobResult& result) {
    print(json_ ? resultJson(result) : resultText(result, surroundings_.outTerminal));
  }
  void print(const std::string& text) {
    surroundings_.out.write(text);
    surroundings_.out.flush();
  }
  const Terminal& terminal() const { return surroundings_.outTerminal; }

 private:
  bool eventsAsJson() const { return arguments_.one("progress").value_or("text") == "jsonl"; }

  const Arguments& arguments_;
  Surroundings& surroundings_;
  Console& console_;
  const std::string verb_;
  const Phase phase_;
  const bool json_;
  Plan plan_;
  std::unique_ptr<Store> store_;
  std::string damage_;
  std::optional<provisioning::ProcessLock> lock_;
  std::optional<Settings> settings_;
  std::optional<vsphere::Context> readContext_;
  std::unique_ptr<vsphere::Client> client_;
  provisioning::Facts facts_;
  std::optional<World> world_;
};

// Ids of the plan's machines that an option names.
std::set<std::string> machinesOf(const Arguments& arguments, const Plan& plan, const std::string& option) {
  std::set<std::string> named;
  for (const std::string& word : arguments.all(option)) {
    bool known = false;
    for (const auto& machine : plan.machines) {
      if (word != "all" && word != machine.id && word != machine.source.name) continue;
      named.insert(machine.id);
      known = true;
    }
    if (!known)
      vsphere::fail(Category::usage, fmt::format("--{}: the plan has no machine \"{}\"", option, word),
                    "name its machines, with commas between, or all");
  }
  return named;
}

std::set<std::string> rulesToFix(const Arguments& arguments) {
  const std::vector<std::string> known = provisioning::fixableRules();
  std::set<std::string> rules;
  for (const std::string& each : arguments.all("fix")) {
    if (std::find(known.begin(), known.end(), each) == known.end())
      vsphere::fail(Category::usage, fmt::format("--fix: failback can't put right what {} finds", each),
                    fmt::format("it can of {}", fmt::join(known, ", ")));
    rules.insert(each);
  }
  return rules;
}

}  // namespace

ExitCode reprotect(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  PlanRun run(arguments, surroundings, console, "reprotect", Phase::reprotect);
  if (const auto digest = arguments.one("approve")) run.approve(*digest);
  const bool dry = arguments.has("dry-run");
  const std::set<std::string> fixes = rulesToFix(arguments);
  if (dry) {
    run.openToReadAnyway();
  } else {
    run.lock();
  }
  run.connect();
  if (!dry) run.settle();
  const World& world = dry ? run.look() : run.lookAndClaim();
  if (dry) {
    if (const std::string advice = run.marks().advice; !advice.empty()) console.warn(advice);
    const auto steps = foreseeReprotect(world, run.store());
    run.foresee(fixes);
    run.print(run.json() ? foreseenJson(world, steps)
                         : foreseenText(steps, run.terminal(), foreseeProtection(world)));
    return run.refuse().value_or(ExitCode::ok);
  }
  if (arguments.has("approve"))
    if (const auto refused = run.refuseMoved()) return *refused;
  if (const auto ended = run.fix(fixes)) return *ended;
  if (const auto refused = run.refuse()) return *refused;
  return run.carryOut([&](const provisioning::JobOptions& options, const vsphere::Context& context) {
    return runReprotect(run.client(), *run.store(), world, options, context);
  });
}

ExitCode failBack(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  PlanRun run(arguments, surroundings, console, "failback", Phase::failback);
  const std::set<std::string> confirmed = machinesOf(arguments, run.plan(), "confirm"),
                              accepted = machinesOf(arguments, run.plan(), "accept-content");
  run.lock();
  run.connect();
  run.settle();
  const World& world = run.lookAndClaim();
  const auto job = run.lastJob();
  if (const auto refused = run.refuse(job && job->kind == "failback" && job->state != "committed"))
    return *refused;
  return run.carryOut([&](provisioning::JobOptions& options, const vsphere::Context& context) {
    options.confirmed = confirmed;
    options.acceptedContent = accepted;
    return runFailback(run.client(), *run.store(), world, options, context);
  });
}

namespace {

// A verb that only goes on with a job, or takes it back: it must work in a broken world, too.
ExitCode carryOnWith(const Arguments& arguments, Surroundings& surroundings, Console& console,
                     const std::string& verb, decltype(provisioning::runCancel)& work) {
  PlanRun run(arguments, surroundings, console, verb, Phase::cancel);
  run.lock();
  run.connect();
  run.settle();
  const World& world = run.lookAndClaim();
  if (const auto refused = run.refuse()) return *refused;
  return run.carryOut([&](provisioning::JobOptions& options, const vsphere::Context& context) {
    options.deleteCreated = arguments.has("delete-created");
    options.cancelReprotect = arguments.has("reprotect");
    return work(run.client(), *run.store(), world, options, context);
  });
}

}  // namespace

ExitCode cancelJob(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  return carryOnWith(arguments, surroundings, console, "cancel", provisioning::runCancel);
}

ExitCode commitJob(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  return carryOnWith(arguments, surroundings, console, "commit", provisioning::runCommit);
}

ExitCode resumeJob(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  std::string kind;
  {
    PlanRun look(arguments, surroundings, console, "resume", Phase::cancel);
    look.openToReadAnyway();
    auto job = look.lastJob();
    if (!job || !isOpen(*job)) job = look.lostJob();
    if (!job)
      vsphere::fail(Category::usage, fmt::format("there is no open job of plan {} to resume", look.plan().id),
                    "failback status tells what is where; name the store of the job with --state");
    kind = job->kind;
  }
  if (kind == "reprotect") return reprotect(arguments, surroundings, console);
  if (kind == "failback") return failBack(arguments, surroundings, console);
  if (kind == "commit") return commitJob(arguments, surroundings, console);
  return cancelJob(arguments, surroundings, console);
}

ExitCode showStatus(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  PlanRun run(arguments, surroundings, console, "status", Phase::cancel);
  run.openToReadAnyway();
  run.connect();
  const World& world = run.look();
  const provisioning::Found found = run.marks();
  const auto job = found.job ? found.job : run.lastJob();
  JobResult result = statusOf(world, job ? &*job : nullptr);
  if (!found.advice.empty()) result.warnings.push_back(found.advice);
  run.show(result);
  if (!result.warnings.empty()) return ExitCode::holes;
  for (const auto& machine : result.machines)
    if (!machine.why.empty()) return ExitCode::holes;
  return ExitCode::ok;
}

ExitCode showJournal(const Arguments& arguments, Surroundings& surroundings, Console& console) {
  PlanRun run(arguments, surroundings, console, "journal", Phase::cancel);
  run.openToRead();
  const auto job = run.lastJob();
  if (!job) {
    console.message("The store knows no job of this plan.");
    return ExitCode::holes;
  }
  const auto steps = run.store()->steps(job->id);
  run.print(run.json() ? journalJson(*job, steps) : journalText(steps, run.terminal()));
  return ExitCode::ok;
}

}  // namespace failback::cli
