// SPDX-License-Identifier: GPL-2.0-or-later
// One machine of a job, with its home VM and its master target, on which steps are decided and pretended.
#pragma once

#include <functional>
#include <map>
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
  bool ran = false;                        // the journal says that it was started at home
  bool reverted = false;                   // in this run; a new run knows nothing of it
  bool reloaded = false;                   // likewise
  bool acceptedContent = false;
  bool deleteCreated = false;
  std::vector<LedgerEntry> madeDisks;  // the journal's, as the VM was made
  std::string otherUser;               // who else has its disks

  Homecoming();
  // The same with a home VM that a job made: its marks, and the disks' UUIDs, follow from the plan.
  static Homecoming made();

  Plan& plan() { return site.plan; }
  Machine& machine() { return site.machine(); }
  void consentToAll();
  // The disks hang on the master target, and the ledger says so.
  void attachAll();
  // Disk by disk a contentId, "content-0" and so on.
  void giveContent();
  // The master target has written to its disk of this number: it shows that, the home VM only after a reload.
  void replicate(std::size_t disk, const std::string& content);
  // As after a snapshot: it is the current one, and each disk gets a delta above its present file.
  void addSnapshot(const std::string& name);

  MachineState state() const;
  Step reprotect() const { return nextOfReprotect(state()); }
  Step failback() const { return nextOfFailback(state()); }
  Step undoReprotect() const { return nextOfUndoReprotect(state()); }
  Step undoFailback() const { return nextOfUndoFailback(state()); }
  Step commit() const { return nextOfCommit(state()); }
  // Takes the step to have succeeded. A change that was made for another version of its VM fails the test.
  void pretend(const Step& step);
  // Decides and pretends until nothing is left or something stops it: "adopt attach nothing".
  std::string reprotectAll() {
    return all([this] { return reprotect(); });
  }
  std::string failBackAll() {
    return all([this] { return failback(); });
  }
  std::string undoReprotectAll() {
    return all([this] { return undoReprotect(); });
  }
  std::string undoFailbackAll() {
    return all([this] { return undoFailback(); });
  }
  std::string commitAll() {
    return all([this] { return commit(); });
  }

 private:
  std::string all(const std::function<Step()>& next);
  void pretendRevert(const Step& step);
  void pretendDrop(const Step& step);
  void pretendChange(const vsphere::VmChange& change, vsphere::VirtualMachine& vm);
  std::map<std::string, std::string> written_;  // contentId by file: what a reload will show
  int version_ = 1;
};

// The job must not go on here, and says why and what to do.
void expectStop(const Step& step, std::string_view obstacle);
void expectKind(const Step& step, StepKind kind);

}  // namespace failback::provisioning
