// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/task_waiter.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/decode_task.h"
#include "vsphere/binding/fault_decoder.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/session.h"
#include "vsphere/update_stream.h"

namespace failback::vsphere {
namespace {

class TaskWait {
 public:
  TaskWait(const Session& session, const std::vector<Moref>& tasks,
           const std::function<void(const TaskInfo&)>& onProgress, const Context& context)
      : session_(session), onProgress_(onProgress), context_(context) {
    for (const Moref& task : tasks) {
      const auto [entry, added] = watched_.try_emplace(task);
      if (!added) continue;
      entry->second.info.ref = task;
      open_.push_back(task);
    }
  }

  void run() {
    while (!open_.empty()) {
      try {
        follow();
      } catch (const Failure& failure) {
        if (!goesOnAfter(failure.error())) throw;
      }
    }
  }

  const TaskInfo& infoOf(const Moref& task) const { return watched_.at(task).info; }

 private:
  struct Watched {
    TaskInfo info;
    bool mentioned = false;  // by the present stream
  };

  void follow() {
    UpdateStream stream(session_, context_);
    RequestArena arena;
    const std::vector<TypePaths> properties{{"Task", {"info"}}};
    generation_ = session_.generation();
    for (auto& [ref, watched] : watched_) watched.mentioned = false;
    stream.follow(*specOfObjects(arena, open_, properties), context_);
    bool whole = false;  // the first, complete picture has come
    while (!open_.empty()) {
      const auto answer = stream.next(context_);
      if (answer->returnval != nullptr) take(*answer->returnval);
      restarts_ = 0;
      const bool truncated = answer->returnval != nullptr && answer->returnval->truncated.value_or(false);
      if (!whole && !truncated) {
        whole = true;
        giveUpUnmentioned();
      }
    }
  }

  void take(const vim25__UpdateSet& update) {
    for (const vim25__PropertyFilterUpdate* filter : update.filterSet) {
      if (filter == nullptr) continue;
      for (const vim25__ObjectUpdate* object : filter->objectSet) {
        if (object != nullptr) takeObject(*object);
      }
      for (const vim25__MissingObject* missing : filter->missingSet) {
        if (missing != nullptr) takeMissing(binding::morefOf(missing->obj), missing->fault);
      }
    }
  }

  void takeObject(const vim25__ObjectUpdate& update) {
    const Moref ref = binding::morefOf(update.obj);
    const auto found = watched_.find(ref);
    if (found == watched_.end() || !isOpen(ref)) return;
    TaskInfo& info = found->second.info;
    found->second.mentioned = true;
    if (update.kind.value_or("") == "leave") {
      giveUp(ref, Category::notFound,
             fmt::format("{} has gone from the server before its end was seen: look at what it worked on",
                         ref.str()));
      return;
    }
    for (const vim25__MissingProperty* missing : update.missingSet) {
      if (missing != nullptr) takeMissing(ref, missing->fault);
    }
    const std::string state = info.state;
    const std::optional<std::int32_t> progress = info.progress;
    for (const vim25__PropertyChange* change : update.changeSet) {
      if (change != nullptr && change->name) applyTaskProperty(info, *change->name, change->val);
    }
    info.ref = ref;
    if (onProgress_ && (info.state != state || info.progress != progress)) onProgress_(info);
    if (info.done()) close(ref);
  }

  // The task, or its info, can't be had.
  void takeMissing(const Moref& ref, const vim25__LocalizedMethodFault* fault) {
    Error error = fault != nullptr ? errorFromFault(*fault) : Error{};
    if (saysNotAuthenticated(error)) {
      session_.renew(generation_, context_);
      fail(Category::sessionLost, "the session was lost while tasks were awaited");
    }
    if (!isOpen(ref)) return;
    const bool gone = error.hasFault("ManagedObjectNotFound");
    if (error.object.empty()) error.object = ref;
    if (!gone && error.category != Category::notPermitted) error.category = Category::notPermitted;
    error.text = fmt::format("{} can't be read{}{}", ref.str(), error.text.empty() ? "" : ": ", error.text);
    error.remedy =
        gone ? "look at the object that it worked on"
             : "give the account read permission at the root folder, or look at the object that the task "
               "works on";
    giveUp(ref, std::move(error));
  }

  void giveUpUnmentioned() {
    const std::vector<Moref> open = open_;
    for (const Moref& ref : open) {
      if (watched_.at(ref).mentioned) continue;
      giveUp(ref, Category::notFound, fmt::format("{} is not known to the server (any more)", ref.str()));
    }
  }

  void giveUp(const Moref& ref, Category category, std::string text) {
    Error error;
    error.category = category;
    error.text = std::move(text);
    error.object = ref;
    giveUp(ref, std::move(error));
  }

  void giveUp(const Moref& ref, Error error) {
    TaskInfo& info = watched_.at(ref).info;
    info.state.clear();
    info.error = std::move(error);
    close(ref);
    if (onProgress_) onProgress_(info);
  }

  bool isOpen(const Moref& ref) const { return std::find(open_.begin(), open_.end(), ref) != open_.end(); }
  void close(const Moref& ref) { std::erase(open_, ref); }

  // True when the stream is to be begun anew for what is still open; what was learned before is kept.
  bool goesOnAfter(const Error& error) {
    if (error.hasFault("ManagedObjectNotFound") && isOpen(error.object)) {
      giveUp(error.object, error);
      return true;
    }
    return isStreamLoss(error) && ++restarts_ <= kMostStreamRestarts;
  }

  const Session& session_;
  const std::function<void(const TaskInfo&)>& onProgress_;
  const Context& context_;
  std::unordered_map<Moref, Watched> watched_;
  std::vector<Moref> open_;
  std::uint64_t generation_ = 0;
  int restarts_ = 0;
};

}  // namespace

std::vector<TaskInfo> waitForTasks(const Session& session, const std::vector<Moref>& tasks,
                                   const std::function<void(const TaskInfo&)>& onProgress,
                                   const Context& context) {
  TaskWait wait(session, tasks, onProgress, context);
  wait.run();
  std::vector<TaskInfo> infos;
  infos.reserve(tasks.size());
  for (const Moref& task : tasks) infos.push_back(wait.infoOf(task));
  return infos;
}

}  // namespace failback::vsphere
