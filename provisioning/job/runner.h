// SPDX-License-Identifier: GPL-2.0-or-later
// What all machines of a job share while it runs, and how one step is made: intent, call, task, outcome. Used
// by job.cpp and the workers only.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "provisioning/job/job.h"
#include "provisioning/job/question_desk.h"
#include "vsphere/error.h"

namespace failback::provisioning {

// A machine can't go on; the job's other machines do.
struct Stopped {
  std::string why, remedy;
  vsphere::Category category = vsphere::Category::internal;
};

// A master target as it was read last. Its changes are made one after the other, whoever makes them.
struct TargetState {
  std::mutex turn;
  vsphere::VirtualMachine vm;
  bool stale = false;
  bool reloaded = false;  // the server has read it anew in this run
};

// Thread-safe. What it is made of must outlive it.
class JobContext {
 public:
  JobContext(vsphere::Client& client, Store& store, const World& world, const JobOptions& options,
             const vsphere::Context& context);

  vsphere::Client& client() const { return client_; }
  const World& world() const { return world_; }
  const Plan& plan() const { return world_.plan(); }
  const JobOptions& options() const { return options_; }
  const vsphere::Context& context() const { return context_; }
  // A stop was asked for: no further step is begun.
  bool stopping() const { return context_.stop().stop_requested(); }
  // Of the task that is waited for: it is not broken off by a stop.
  vsphere::Context taskContext(std::int64_t seconds) const;

  // The open job of this plan, found or made; with slots for all disks.
  void open(const std::string& kind);
  const StoredJob& job() const { return job_; }
  const std::vector<Slot>& slots(const Machine& machine) const { return slots_.at(machine.id); }
  TargetState& target(const TargetView& view) { return *targets_.at(view.vm->ref); }

  // All that is waited for, by whichever machine, comes through one stream.
  vsphere::TaskWatch& tasks() const { return *tasks_; }
  // As the world had it; its reference when it was not there.
  std::string nameOf(const vsphere::Moref& vm) const;
  // Machines whose disks are taken as they are (JobOptions::acceptedContent), of this call or an earlier one.
  // To be set before they are worked on.
  void accept(std::set<std::string> machines) { accepted_ = std::move(machines); }
  bool accepts(const Machine& machine) const { return accepted_.contains(machine.id); }
  // Likewise JobOptions::deleteCreated.
  void deleteCreated(bool wanted) { deleteCreated_ = wanted; }
  bool deletesCreated() const { return deleteCreated_; }

  void tell(JobEvent event) const;
  // The job goes on, and its result says so. By the thread that called it only.
  void warn(std::string_view step, const std::string& text);
  const std::vector<std::string>& warnings() const { return warnings_; }
  // The store, one thread at a time.
  template <class F>
  auto withStore(F&& work) const {
    const std::lock_guard lock(storeMutex_);
    return work(store_);
  }
  // For one write at a time, from any thread.
  Journal journal() const;
  // The journal of this job.
  std::vector<StoredStep> steps() const;
  // Writes down what needs no call: done, now. Of this job where `row` names none.
  void record(StoredStep row, const std::string& evidence) const;
  const StoredDisk* storedDisk(const Machine& machine, const SourceDisk& disk) const;

  // These VMs as they are now, in this order. Throws Failure(notFound) when one is gone.
  std::vector<vsphere::VirtualMachine> read(const std::vector<vsphere::Moref>& refs) const;

 private:
  void makeJob(const std::string& kind);
  void refuseEdited() const;

  vsphere::Client& client_;
  Store& store_;
  const World& world_;
  const JobOptions& options_;
  const vsphere::Context& context_;
  mutable std::mutex storeMutex_, tellMutex_;
  std::vector<std::string> warnings_;
  std::set<std::string> accepted_;
  bool deleteCreated_ = false;
  StoredJob job_;
  std::map<std::string, std::vector<Slot>> slots_;
  std::map<vsphere::Moref, std::unique_ptr<TargetState>> targets_;
  std::unique_ptr<vsphere::TaskWatch> tasks_;
};

// One step of one machine, from intent to outcome.
class StepMaker {
 public:
  StepMaker(JobContext& job, const Machine& machine) : job_(job), machine_(machine) {}
  // Of the job as a whole.
  explicit StepMaker(JobContext& job);

  // What became of it. `again`: nothing was changed, or it is not known what: read and decide anew.
  enum class Outcome { done, again };
  struct Made {
    Outcome outcome = Outcome::done;
    vsphere::TaskInfo task;                              // as it ended
    std::optional<vsphere::Error> error = std::nullopt;  // of `again`: why
  };
  // `start` makes the call and returns its task. Throws Stopped when it failed for good, Failure when nothing
  // can be asked any more.
  Made make(const Step& step, const std::string& spec, const std::string& before, std::int64_t seconds,
            const std::function<vsphere::Moref()>& start);
  // Called about every `interval` while a task of ours goes on; empty: not.
  void meanwhile(vsphere::Milliseconds interval, std::function<void()> call);
  // How far the present task says it is, once it has said so.
  const std::optional<std::int32_t>& percent() const { return percent_; }

 private:
  StoredStep rowOf(const Step& step, const std::string& spec, const std::string& before) const;
  vsphere::TaskInfo await(const Step& step, const vsphere::Moref& task, std::int64_t seconds);
  Made unseen(const Step& step, std::int64_t number, const vsphere::Error& error);
  Made failed(const Step& step, std::int64_t number, const vsphere::Error& error);

  JobContext& job_;
  const Machine& machine_;
  int retries_ = 0;
  vsphere::Milliseconds interval_{0};
  std::function<void()> meanwhile_;
  std::optional<std::int32_t> percent_;
};

std::string nowText(const vsphere::Clock& clock);

}  // namespace failback::provisioning
