// SPDX-License-Identifier: GPL-2.0-or-later
// One machine of a job, with its home VM and its master target, on which steps are decided and pretended.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "provisioning/job/steps.h"
#include "tests/unit/provisioning/check_support.h"

namespace failback::provisioning {

// web-01 of Site, with two disks on scsi0, and mt-01, whose own disk is at scsi0:0. Both disks are promised
// to scsi0:1 and scsi0:2. web-01 is off, nothing is attached, the plan consents to nothing.
class Homecoming {
 public:
  Site site;
  vsphere::VirtualMachine home, target;
  bool exists = true;  // there is a home VM
  bool created = false;
  std::vector<Slot> slots = {{0, 1}, {0, 2}};
  std::vector<std::string> attachedFiles;  // the ledger's, by disk

  Homecoming();
  // The same with a home VM that a job made: its marks, and the disks' UUIDs, follow from the plan.
  static Homecoming made();

  Plan& plan() { return site.plan; }
  Machine& machine() { return site.machine(); }
  void consentToAll();
  // The disks hang on the master target, and the ledger says so.
  void attachAll();
  // As after a snapshot: each disk gets a delta above its present file.
  void addSnapshot(const std::string& name);

  MachineState state() const;
  Step reprotect() const { return nextOfReprotect(state()); }
  Step failback() const { return nextOfFailback(state()); }
  // Takes the step to have succeeded. A change that was made for another version of its VM fails the test.
  void pretend(const Step& step);
  // Decides and pretends until nothing is left or something stops it: "adopt attach nothing".
  std::string reprotectAll() {
    return all([this] { return reprotect(); });
  }
  std::string failBackAll() {
    return all([this] { return failback(); });
  }

 private:
  std::string all(const std::function<Step()>& next);
  void pretendChange(const vsphere::VmChange& change, vsphere::VirtualMachine& vm);
  int version_ = 1;
};

// The job must not go on here, and says why and what to do.
void expectStop(const Step& step, std::string_view obstacle);
void expectKind(const Step& step, StepKind kind);

}  // namespace failback::provisioning
