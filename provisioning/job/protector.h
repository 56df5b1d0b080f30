// SPDX-License-Identifier: GPL-2.0-or-later
// Sets and gives back what protect.h decides, each change a step of the job as a whole (no machine) in the
// journal. Used by job.cpp only, by one thread, while no machine is being worked on.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "provisioning/job/protect.h"
#include "provisioning/job/runner.h"

namespace failback::provisioning {

// What the account may not do is a warning (JobContext::warn). Throws Failure for all else: busy when another
// store holds a master target.
class Protector {
 public:
  explicit Protector(JobContext& job);

  // Throws busy when another store holds a master target; nothing is begun.
  void refuse() const;
  // The locks of this plan become this store's where they are not, as claimRefusal() lets them. Throws busy.
  void takeOver();
  // Before the first machine of a reprotect: the locks, then the overrides.
  void begin();
  // When its machines have been worked on: of VMs that were not there before. They are attached by then: all
  // that goes wrong is a warning.
  void complete(const std::vector<MachineResult>& machines);
  // When all machines of a cancel or a commit have come where they should be: overrides, then locks.
  void end();

 private:
  void lock(const TargetView& target);
  void unlock(const TargetView& target);
  void readLocked() const;
  bool writeLock(const TargetView& target, StepKind kind, const std::string& text,
                 const std::string& summary);
  Movers readMovers(const std::vector<vsphere::Moref>& objects) const;
  bool change(const Leases& leases, bool back, bool needed = true);
  void handOver(Leases& leases);
  void note(const std::string& job, StepKind kind, const Leases& leases, const std::string& summary,
            const std::string& evidence);
  std::int64_t now() const;
  std::vector<const TargetView*> targets() const;

  JobContext& job_;
  StepMaker maker_;
  const std::string store_;
  std::set<vsphere::Moref> denied_;
};

}  // namespace failback::provisioning
