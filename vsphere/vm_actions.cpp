// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/vm_actions.h"

#include <string_view>

#include "vsphere/binding/encode_overrides.h"
#include "vsphere/binding/encode_vm_change.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/model/device.h"
#include "vsphere/session.h"

namespace failback::vsphere {
namespace {

// The spelling of VirtualDiskManager: "60 00 C2 9e 1f 4a 00 00-00 00 ...".
std::string spacedUuid(const std::string& uuid) {
  const std::string digits = normaliseUuid(uuid);
  constexpr std::size_t length = 32, middle = 16;
  if (digits.size() != length || digits.find_first_not_of("0123456789abcdef") != std::string::npos)
    fail(Category::usage, "\"" + uuid + "\" is not a disk's UUID");
  std::string text;
  for (std::size_t i = 0; i < length; i += 2) {
    if (i > 0) text += i == middle ? '-' : ' ';
    text += std::string_view(digits).substr(i, 2);
  }
  return text;
}

class ServerActions final : public Actions {
 public:
  explicit ServerActions(const Session& session) : session_(&session) {}

  Moref startReconfigure(const Moref& vm, const VmChange& change, const Context& context) override {
    RequestArena arena;
    vim25__ReconfigVMRequestType request;
    request.spec = encodeVmChange(arena, change);
    return start(vm, request, context);
  }

  Moref startCreateVm(const NewVmPlace& place, const NewVm& vm, const Context& context) override {
    RequestArena arena;
    vim25__CreateVMRequestType request;
    request.config = encodeNewVm(arena, vm);
    request.pool = arena.reference(place.pool);
    if (!place.host.empty()) request.host = arena.reference(place.host);
    return start(place.folder, request, context);
  }

  Moref startDestroy(const Moref& vm, const Context& context) override {
    vim25__DestroyRequestType request;
    return start(vm, request, context);
  }

  Moref startRename(const Moref& entity, const std::string& name, const Context& context) override {
    vim25__RenameRequestType request;
    request.newName = escapeName(name);
    return start(entity, request, context);
  }

  void reload(const Moref& vm, const Context& context) override {
    vim25__ReloadRequestType request;
    service().call(vm, request, context);
  }

  Moref startPowerOn(const Moref& vm, const Context& context) override {
    vim25__PowerOnVMRequestType request;
    return start(vm, request, context);
  }

  Moref startPowerOff(const Moref& vm, const Context& context) override {
    vim25__PowerOffVMRequestType request;
    return start(vm, request, context);
  }

  void shutdownGuest(const Moref& vm, const Context& context) override {
    vim25__ShutdownGuestRequestType request;
    service().call(vm, request, context);
  }

  void answer(const Moref& vm, const std::string& questionId, const std::string& choiceKey,
              const Context& context) override {
    vim25__AnswerVMRequestType request;
    request.questionId = questionId;
    request.answerChoice = choiceKey;
    service().call(vm, request, context);
  }

  Moref startCreateSnapshot(const Moref& vm, const NewSnapshot& snapshot, const Context& context) override {
    vim25__CreateSnapshotRequestType request;
    request.name = snapshot.name;
    if (!snapshot.description.empty()) request.description = snapshot.description;
    request.memory = snapshot.memory;
    request.quiesce = snapshot.quiesce;
    return start(vm, request, context);
  }

  Moref startRevertTo(const Moref& snapshot, const Context& context) override {
    vim25__RevertToSnapshotRequestType request;
    return start(snapshot, request, context);
  }

  Moref startRemoveSnapshot(const Moref& snapshot, bool removeChildren, bool consolidate,
                            const Context& context) override {
    vim25__RemoveSnapshotRequestType request;
    request.removeChildren = removeChildren;
    request.consolidate = consolidate;
    return start(snapshot, request, context);
  }

  Moref startRemoveAllSnapshots(const Moref& vm, bool consolidate, const Context& context) override {
    vim25__RemoveAllSnapshotsRequestType request;
    request.consolidate = consolidate;
    return start(vm, request, context);
  }

  Moref startConsolidate(const Moref& vm, const Context& context) override {
    vim25__ConsolidateVMDisksRequestType request;
    return start(vm, request, context);
  }

  std::string diskUuid(const std::string& file, const Moref& datacenter, const Context& context) override {
    RequestArena arena;
    vim25__QueryVirtualDiskUuidRequestType request;
    request.name = file;
    if (!datacenter.empty()) request.datacenter = arena.reference(datacenter);
    const auto answer = service().call(session_->refs().virtualDiskManager, request, context);
    if (!answer->returnval || answer->returnval->empty())
      fail(Category::malformedAnswer, "the answer to QueryVirtualDiskUuid holds no UUID of " + file);
    return *answer->returnval;
  }

  void setDiskUuid(const std::string& file, const Moref& datacenter, const std::string& uuid,
                   const Context& context) override {
    RequestArena arena;
    vim25__SetVirtualDiskUuidRequestType request;
    request.name = file;
    if (!datacenter.empty()) request.datacenter = arena.reference(datacenter);
    request.uuid = spacedUuid(uuid);
    service().call(session_->refs().virtualDiskManager, request, context);
  }

  Moref startDrsOverrides(const Moref& cluster, const DrsOverrideChanges& changes,
                          const Context& context) override {
    RequestArena arena;
    vim25__ReconfigureComputeResourceRequestType request;
    request.spec = encodeDrsOverrides(arena, changes);
    request.modify = true;  // false would set everything else back to its defaults
    return start(cluster, request, context);
  }

  Moref startStorageDrsOverrides(const Moref& pod, const StorageDrsOverrideChanges& changes,
                                 const Context& context) override {
    RequestArena arena;
    vim25__ConfigureStorageDrsForPodRequestType request;
    request.pod = arena.reference(pod);
    request.spec = encodeStorageDrsOverrides(arena, changes);
    request.modify = true;  // as above
    return start(session_->refs().storageResourceManager, request, context);
  }

 private:
  const Service& service() const { return session_->service(); }

  template <class Request>
  Moref start(const Moref& self, Request& request, const Context& context) const {
    Moref task = binding::morefOf(service().call(self, request, context)->returnval);
    if (task.empty()) {
      fail(Category::malformedAnswer,
           std::string("the answer to ") + vim25::Call<Request>::name + " holds no task");
    }
    return task;
  }

  const Session* session_;
};

}  // namespace

std::unique_ptr<Actions> actionsOf(const Session& session) {
  return std::make_unique<ServerActions>(session);
}

}  // namespace failback::vsphere
