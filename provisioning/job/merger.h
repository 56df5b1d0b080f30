// SPDX-License-Identifier: GPL-2.0-or-later
// Makes the steps of merging (steps_merge.h), and watches over them: whether anybody else holds the files,
// how far it is, whether the datastores get full. What can't be taken back is never tried blindly again.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "provisioning/job/runner.h"

namespace failback::provisioning {

// One machine's, in one thread.
class Merger {
 public:
  Merger(JobContext& job, const Machine& machine, StepMaker& maker)
      : job_(job), machine_(machine), maker_(maker) {}

  static bool makes(StepKind kind);
  const MergeTries& tries() const { return tries_; }

  // One attempt. `home` and its master target as they were read last; afterwards `home` has to be read anew.
  // An attempt that failed is no reason to stop yet: nextMerge() decides. Throws Stopped for what no other
  // attempt can put right, and before the attempt while another VM holds a file of the chain.
  void make(const Step& step, const vsphere::VirtualMachine& home, const vsphere::VirtualMachine& target);

 private:
  void refuseHeld(const vsphere::VirtualMachine& home, const vsphere::VirtualMachine& target) const;
  void attempt(const Step& step, const vsphere::VirtualMachine& home);
  vsphere::Moref start(const Step& step) const;
  void count(const Step& step);
  void watch(const Step& step, const vsphere::VirtualMachine& home, vsphere::SteadyTime since);
  void watchSpace(const vsphere::VirtualMachine& home);
  void awaitQuiet(const vsphere::Moref& home);

  JobContext& job_;
  const Machine& machine_;
  StepMaker& maker_;
  MergeTries tries_;
  std::set<vsphere::Moref> full_;  // datastores that were told of
};

}  // namespace failback::provisioning
