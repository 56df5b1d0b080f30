// SPDX-License-Identifier: GPL-2.0-or-later
// One machine of a job, from what is there to where it should be: read, decide, make one step, and again.
#pragma once

#include <optional>
#include <vector>

#include "provisioning/job/merger.h"
#include "provisioning/job/runner.h"

namespace failback::provisioning {

// Used by one thread. Never throws for what concerns this machine alone: that stands in the result.
class MachineWorker {
 public:
  enum class Goal { attached, running, undoneReprotect, undoneFailback, committed };
  MachineWorker(JobContext& job, const MachineView& machine, Goal goal);

  // Throws Failure when the server or the store is lost, or on stop.
  MachineResult run();

 private:
  MachineState state() const;
  void readAll();
  Step decide() const;
  void go();
  void undoSnapshot(const Step& step);
  bool act(const Step& step);
  void create(const Step& step);
  bool makeWay();
  void giveNameBack();
  void recordMade();
  std::vector<LedgerEntry> recordedAsMade() const;
  std::string otherUserOf(const vsphere::Disk& disk) const;
  void destroy(const Step& step);
  void adoptMade();
  void powerOff(const Step& step);
  void isOff(const Step& step);
  void change(const Step& step);
  void changeTarget();
  void reload();
  void reloadTarget(TargetState& shared);
  void reloadVm(const vsphere::Moref& vm);
  void remember();
  void lookBack();
  void awaitHealth();
  MachineResult result(const std::string& state) const;

  JobContext& job_;
  const MachineView& machine_;
  const Machine& plan_;
  const Goal goal_;
  StepMaker maker_;
  Merger merger_;
  std::optional<vsphere::VirtualMachine> home_;
  vsphere::VirtualMachine target_;
  bool created_ = false;
  bool homeStale_ = false;
  bool reverted_ = false, reloaded_ = false, ran_ = false, neverAttached_ = false;
  std::vector<LedgerEntry> made_;
  std::string unhealthy_, note_;
  bool wayMade_ = false;
};

}  // namespace failback::provisioning
