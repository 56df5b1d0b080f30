// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/task_watcher.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/fault_decoder.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/session.h"
#include "vsphere/task_notes.h"
#include "vsphere/update_stream.h"

namespace failback::vsphere {
namespace {

// Filters whose task has ended tell nothing any more; so many may be left until they are taken away, one with
// each end of a wait. A small job so never pays for it.
constexpr std::size_t kMostLeft = 32;

class TaskWatcher final : public TaskWatch {
 public:
  TaskWatcher(const Session& session, const Context& context)
      : session_(session), context_(Context(context.clock()).withOperationId(context.operationId())) {}

  ~TaskWatcher() override {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
  }
  TaskWatcher(const TaskWatcher&) = delete;
  TaskWatcher& operator=(const TaskWatcher&) = delete;

  TaskInfo wait(const Moref& task, const Moref& vm, const Listener& listener,
                const Context& context) override {
    const Attendance here(*this, task, vm, context);
    const std::shared_ptr<TaskNotes> notes = here.notes;
    SteadyTime nextCall = after(context.clock().now(), listener.interval);
    while (true) {
      const TaskNotes::News news = hear(*notes);
      if (news.progress && listener.progress) listener.progress(news.info);
      if (news.question && listener.question) listener.question(*news.question);
      if (news.failure) std::rethrow_exception(news.failure);
      if (news.over) return news.info;
      context.check(fmt::format("the end of {}", task.str()));
      const bool calls = listener.meanwhile && listener.interval.count() > 0;
      sleep(context, news.token, calls ? nextCall : SteadyTime::max());
      if (!calls || context.clock().now() < nextCall) continue;
      listener.meanwhile();
      nextCall = after(context.clock().now(), listener.interval);
    }
  }

 private:
  // Somebody waits, as long as this lives.
  struct Attendance {
    Attendance(TaskWatcher& by, const Moref& task, const Moref& vm, const Context& within)
        : watcher(by), context(within), notes(std::make_shared<TaskNotes>(task, vm)) {
      try {
        watcher.enter(notes, context);
      } catch (...) {
        watcher.leave(notes, context);
        throw;
      }
    }
    ~Attendance() { watcher.leave(notes, context); }
    Attendance(const Attendance&) = delete;
    Attendance& operator=(const Attendance&) = delete;

    TaskWatcher& watcher;
    const Context& context;
    std::shared_ptr<TaskNotes> notes;
  };

  // ------------------------------------------------------------------------------------- who waits

  void enter(const std::shared_ptr<TaskNotes>& notes, const Context& context) {
    std::shared_ptr<UpdateStream> stream;
    std::uint64_t epoch = 0;
    {
      const std::lock_guard lock(mutex_);
      if (!thread_.joinable()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
      stream = stream_;
      epoch = epoch_;
      if (stream) notes->follow = TaskNotes::Follow::asked;
      waiting_.push_back(notes);
    }
    // Without a stream the thread makes one, and follows what there is.
    if (stream) followOne(*stream, epoch, notes, context);
    changed_.notify_all();
  }

  void followOne(UpdateStream& stream, std::uint64_t epoch, const std::shared_ptr<TaskNotes>& notes,
                 const Context& context) {
    while (true) {
      try {
        Moref filter = follow(stream, {notes}, context);
        const std::lock_guard lock(mutex_);
        if (epoch == epoch_) notes->filter = std::move(filter);
        return followed({notes}, epoch);
      } catch (const Failure& failure) {
        const std::lock_guard lock(mutex_);
        if (giveUpNamed(failure.error())) {
          if (notes->over() || epoch != epoch_) return;
          continue;  // without the VM
        }
        unfollowed({notes}, epoch);
        if (!isStreamLoss(failure.error())) throw;
        if (epoch == epoch_) stale_ = true;
        return;
      }
    }
  }

  void leave(const std::shared_ptr<TaskNotes>& notes, const Context& context) noexcept {
    try {
      std::shared_ptr<UpdateStream> stream;
      Moref filter;
      {
        const std::lock_guard lock(mutex_);
        std::erase(waiting_, notes);
        if (!notes->filter.empty() && notes->epoch == epoch_) left_.push_back(notes->filter);
        if (left_.size() > kMostLeft && stream_) {
          stream = stream_;
          filter = left_.front();
          left_.pop_front();
        }
      }
      if (stream) stream->drop(filter, cleanupContext(context));
    } catch (...) {
      // It ends with the collector.
    }
  }

  TaskNotes::News hear(TaskNotes& notes) {
    const std::lock_guard lock(mutex_);
    return notes.hear();
  }

  // Until something is noted, the context is stopped, its deadline has come, or `until`.
  static void sleep(const Context& context, std::stop_source woken, SteadyTime until) {
    const std::stop_callback stopped(context.stop(), [&woken] { woken.request_stop(); });
    context.clock().sleepUntil(std::min(until, context.deadline()), woken.get_token());
  }

  // ------------------------------------------------------------------------------------- the thread

  void run(const std::stop_token& stop) {
    const Context context = context_.withStop(stop);
    while (awaitWork(stop)) {
      try {
        turn(context);
      } catch (const Failure& failure) {
        lost(failure.error(), std::current_exception());
      } catch (...) {
        giveUpAll(std::current_exception());
      }
    }
    const std::shared_ptr<UpdateStream> last = takeStream();
  }

  bool awaitWork(const std::stop_token& stop) {
    std::unique_lock lock(mutex_);
    return changed_.wait(lock, stop, [this] {
      return std::any_of(waiting_.begin(), waiting_.end(), [](const auto& each) { return !each->over(); });
    }) && !stop.stop_requested();
  }

  void turn(const Context& context) {
    const std::shared_ptr<UpdateStream> stream = openStream(context);
    if (!followNew(*stream, context)) return;
    std::uint64_t call = 0;
    {
      const std::lock_guard lock(mutex_);
      call = ++calls_;
    }
    const auto answer = stream->next(context);
    const vim25__UpdateSet* const update = answer->returnval;
    if (update != nullptr) renewIfLost(*update, context);
    const std::lock_guard lock(mutex_);
    restarts_ = 0;
    if (update != nullptr) take(*update);
    if (update == nullptr || !update->truncated.value_or(false)) giveUpUnmentioned(call);
  }

  std::shared_ptr<UpdateStream> openStream(const Context& context) {
    std::shared_ptr<UpdateStream> old;
    {
      const std::lock_guard lock(mutex_);
      if (stream_ && !stale_) return stream_;
      old = forgetStream();
    }
    old.reset();
    generation_ = session_.generation();
    auto made = std::make_shared<UpdateStream>(session_, context);
    const std::lock_guard lock(mutex_);
    stream_ = std::move(made);
    return stream_;
  }

  std::shared_ptr<UpdateStream> takeStream() {
    const std::lock_guard lock(mutex_);
    return forgetStream();
  }

  // Under the lock. What is still awaited is to be followed anew; what was learned is kept.
  std::shared_ptr<UpdateStream> forgetStream() {
    ++epoch_;
    stale_ = false;
    left_.clear();
    for (const auto& each : waiting_) each->forgetStream();
    return std::exchange(stream_, nullptr);
  }

  // Whatever nobody follows yet, with one filter. False when that has to be looked at once more.
  bool followNew(UpdateStream& stream, const Context& context) {
    std::vector<std::shared_ptr<TaskNotes>> fresh;
    std::uint64_t epoch = 0;
    {
      const std::lock_guard lock(mutex_);
      epoch = epoch_;
      for (const auto& each : waiting_) {
        if (each->over() || each->follow != TaskNotes::Follow::none) continue;
        each->follow = TaskNotes::Follow::asked;
        fresh.push_back(each);
      }
    }
    if (fresh.empty()) return true;
    try {
      follow(stream, fresh, context);
      const std::lock_guard lock(mutex_);
      followed(fresh, epoch);
      return true;
    } catch (const Failure& failure) {
      const std::lock_guard lock(mutex_);
      unfollowed(fresh, epoch);
      if (!giveUpNamed(failure.error())) throw;
      return false;
    }
  }

  static Moref follow(UpdateStream& stream, const std::vector<std::shared_ptr<TaskNotes>>& all,
                      const Context& context) {
    RequestArena arena;
    std::vector<Moref> objects;
    const auto add = [&](const Moref& ref) {
      if (!ref.empty() && std::find(objects.begin(), objects.end(), ref) == objects.end())
        objects.push_back(ref);
    };
    for (const auto& each : all) {
      add(each->task);
      add(each->vm);
    }
    const std::vector<TypePaths> properties{{"Task", {"info"}},
                                            {"VirtualMachine", {std::string(questionPath)}}};
    return stream.follow(*specOfObjects(arena, objects, properties), context);
  }

  // ------------------------------------------------------------------- under the lock: what is noted

  void followed(const std::vector<std::shared_ptr<TaskNotes>>& all, std::uint64_t epoch) const {
    if (epoch != epoch_) return;
    for (const auto& each : all) {
      each->follow = TaskNotes::Follow::followed;
      each->epoch = epoch;
      each->sinceCall = calls_;
    }
  }
  void unfollowed(const std::vector<std::shared_ptr<TaskNotes>>& all, std::uint64_t epoch) const {
    if (epoch != epoch_) return;
    for (const auto& each : all) each->follow = TaskNotes::Follow::none;
  }

  void take(const vim25__UpdateSet& update) {
    for (const vim25__PropertyFilterUpdate* filter : update.filterSet) {
      if (filter == nullptr) continue;
      for (const vim25__ObjectUpdate* object : filter->objectSet) {
        if (object == nullptr) continue;
        const Moref ref = binding::morefOf(object->obj);
        for (const auto& each : waiting_) each->note(ref, *object);
      }
      for (const vim25__MissingObject* missing : filter->missingSet) {
        if (missing == nullptr) continue;
        const Moref ref = binding::morefOf(missing->obj);
        for (const auto& each : waiting_) each->noteMissing(ref, missing->fault);
      }
    }
  }

  // Some servers say that an object is not there, others leave it out: then it is in none of the first whole
  // picture that was asked for after its filter was made.
  void giveUpUnmentioned(std::uint64_t call) {
    for (const auto& each : waiting_) {
      if (each->follow == TaskNotes::Follow::followed && each->sinceCall < call) each->giveUpUnmentioned();
    }
  }

  // A server may refuse the filter for one object that is gone.
  bool giveUpNamed(const Error& error) {
    if (!error.hasFault("ManagedObjectNotFound")) return false;
    bool any = false;
    for (const auto& each : waiting_) any = each->giveUpNamed(error) || any;
    return any;
  }

  void giveUpAll(const std::exception_ptr& why) {
    const std::lock_guard lock(mutex_);
    for (const auto& each : waiting_) each->fail(why);
  }

  void lost(const Error& error, const std::exception_ptr& why) {
    std::shared_ptr<UpdateStream> old;  // ends without the lock
    {
      const std::lock_guard lock(mutex_);
      if (!isStreamLoss(error) || ++restarts_ > kMostStreamRestarts) {
        for (const auto& each : waiting_) each->fail(why);
      }
      old = forgetStream();
    }
  }

  // -------------------------------------------------------------------------------------------------

  // A session that is gone may be told in the answer itself.
  void renewIfLost(const vim25__UpdateSet& update, const Context& context) const {
    const auto check = [&](const vim25__LocalizedMethodFault* fault) {
      if (fault == nullptr || !saysNotAuthenticated(errorFromFault(*fault))) return;
      session_.renew(generation_, context);
      vsphere::fail(Category::sessionLost, "the session was lost while tasks were awaited");
    };
    for (const vim25__PropertyFilterUpdate* filter : update.filterSet) {
      if (filter == nullptr) continue;
      for (const vim25__MissingObject* missing : filter->missingSet)
        if (missing != nullptr) check(missing->fault);
      for (const vim25__ObjectUpdate* object : filter->objectSet) {
        if (object == nullptr) continue;
        for (const vim25__MissingProperty* missing : object->missingSet)
          if (missing != nullptr) check(missing->fault);
      }
    }
  }

  const Session& session_;
  const Context context_;
  std::uint64_t generation_ = 0;  // of the session that the stream belongs to; the thread's own

  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::vector<std::shared_ptr<TaskNotes>> waiting_;
  std::shared_ptr<UpdateStream> stream_;
  std::uint64_t epoch_ = 0;  // of the stream
  bool stale_ = false;       // somebody has seen that it is lost
  std::uint64_t calls_ = 0;  // WaitForUpdatesEx that were begun
  std::deque<Moref> left_;   // filters that nobody needs any more
  int restarts_ = 0;

  std::jthread thread_;  // ends first
};

}  // namespace

std::unique_ptr<TaskWatch> newTaskWatch(const Session& session, const Context& context) {
  return std::make_unique<TaskWatcher>(session, context);
}

}  // namespace failback::vsphere
