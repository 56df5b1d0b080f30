// SPDX-License-Identifier: GPL-2.0-or-later
// What changes a vCenter. Reached by Client::actions() alone, so that whoever only reads is not handed it.
#pragma once

#include <string>

#include "vsphere/context.h"
#include "vsphere/model/moref.h"
#include "vsphere/model/overrides.h"
#include "vsphere/model/vm_change.h"

namespace failback::vsphere {

// Thread-safe. A method named start... begins a task and returns it at once: write it down, then wait for it
// with Client::waitForTasks(), whose answer says how it ended.
//
// All throw Failure. A fault means that nothing was begun. When no whole answer came (TransportFailure with
// Fate::unknown) it may have been: no change is ever sent twice here (vsphere/idempotency.h), so the caller,
// who can read the VM, looks what has become of it. When the session had ended
// (notAuthenticated) nothing was begun either; it has been renewed, and the call may be made again. A server
// that has no such object, as an ESXi host knows no Storage DRS, is Failure(unsupported).
class Actions {
 public:
  virtual ~Actions() = default;

  // VirtualMachine.ReconfigVM_Task. The task ends with ConcurrentAccess when change.changeVersion is an old
  // one, and then has changed nothing.
  virtual Moref startReconfigure(const Moref& vm, const VmChange& change, const Context& context) = 0;
  // Folder.CreateVM_Task. TaskInfo::result is the VM. The task, or the call, ends with DuplicateName when
  // the name is taken.
  virtual Moref startCreateVm(const NewVmPlace& place, const NewVm& vm, const Context& context) = 0;
  // Destroy_Task: the VM and all its files, disks included. Detach first what is to stay.
  virtual Moref startDestroy(const Moref& vm, const Context& context) = 0;
  // ManagedEntity.Rename_Task; of any inventory object. `name` as people write it: '/', '\\' and '%' are
  // escaped here.
  virtual Moref startRename(const Moref& entity, const std::string& name, const Context& context) = 0;

  // ManagedEntity.Reload: the server reads the VM anew from its files. Returns when it has; changes nothing.
  virtual void reload(const Moref& vm, const Context& context) = 0;

  // PowerOnVM_Task, on the host that it is on or that DRS chooses; PowerOffVM_Task.
  virtual Moref startPowerOn(const Moref& vm, const Context& context) = 0;
  virtual Moref startPowerOff(const Moref& vm, const Context& context) = 0;
  // ShutdownGuest: asks the guest through VMware Tools and does not wait until it is off.
  virtual void shutdownGuest(const Moref& vm, const Context& context) = 0;
  // AnswerVM: a question of VirtualMachine::question by its id, with a choice by its key.
  virtual void answer(const Moref& vm, const std::string& questionId, const std::string& choiceKey,
                      const Context& context) = 0;

  // `memory`: with the guest's memory; `quiesce`: with file systems at rest, by VMware Tools.
  struct NewSnapshot {
    std::string name, description;
    bool memory = false, quiesce = false;
  };
  // CreateSnapshot_Task.
  virtual Moref startCreateSnapshot(const Moref& vm, const NewSnapshot& snapshot, const Context& context) = 0;
  // RevertToSnapshot_Task.
  virtual Moref startRevertTo(const Moref& snapshot, const Context& context) = 0;
  // RemoveSnapshot_Task and RemoveAllSnapshots_Task. `consolidate`: also merge what other snapshots have left
  // behind; without it such files stay and VirtualMachine::consolidationNeeded tells of them.
  virtual Moref startRemoveSnapshot(const Moref& snapshot, bool removeChildren, bool consolidate,
                                    const Context& context) = 0;
  virtual Moref startRemoveAllSnapshots(const Moref& vm, bool consolidate, const Context& context) = 0;
  // ConsolidateVMDisks_Task.
  virtual Moref startConsolidate(const Moref& vm, const Context& context) = 0;

  // VirtualDiskManager.QueryVirtualDiskUuid and SetVirtualDiskUuid, of a disk's file
  // ("[datastore1] web-01/web-01.vmdk"). `datacenter` may be empty on an ESXi host only. Read it comes as the
  // server writes it ("60 00 C2 9e ..."), to be compared with sameUuid(); given, any spelling will do, and
  // Failure(usage) when it is no UUID. A file of a running VM is refused.
  virtual std::string diskUuid(const std::string& file, const Moref& datacenter, const Context& context) = 0;
  virtual void setDiskUuid(const std::string& file, const Moref& datacenter, const std::string& uuid,
                           const Context& context) = 0;

  // ReconfigureComputeResource_Task with these overrides alone; everything else of the cluster stays.
  virtual Moref startDrsOverrides(const Moref& cluster, const DrsOverrideChanges& changes,
                                  const Context& context) = 0;
  // StorageResourceManager.ConfigureStorageDrsForPod_Task likewise, of a datastore cluster.
  virtual Moref startStorageDrsOverrides(const Moref& pod, const StorageDrsOverrideChanges& changes,
                                         const Context& context) = 0;
  // Of one VM.
  Moref startDrsOverride(const Moref& cluster, const Moref& vm, const DrsOverrideChange& change,
                         const Context& context) {
    return startDrsOverrides(cluster, {{vm, change}}, context);
  }
  Moref startStorageDrsOverride(const Moref& pod, const Moref& vm, const StorageDrsOverrideChange& change,
                                const Context& context) {
    return startStorageDrsOverrides(pod, {{vm, change}}, context);
  }
};

}  // namespace failback::vsphere
