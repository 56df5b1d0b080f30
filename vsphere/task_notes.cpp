// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/task_notes.h"

#include <fmt/format.h>

#include "vsphere/binding/decode_task.h"
#include "vsphere/binding/decode_vm.h"
#include "vsphere/binding/fault_decoder.h"
#include "vsphere/binding/values.h"

namespace failback::vsphere {

TaskNotes::News TaskNotes::hear() {
  News news;
  news.info = info;
  news.progress = std::exchange(progress, false);
  if (std::exchange(questionChanged, false)) news.question = question;
  news.over = ended;
  news.failure = failure;
  waker = std::stop_source();
  news.token = waker;
  return news;
}

void TaskNotes::wake() {
  waker.request_stop();
}

void TaskNotes::note(const Moref& ref, const vim25__ObjectUpdate& update) {
  if (over()) return;
  if (ref == task) noteTask(update);
  if (ref == vm) noteQuestion(update);
}

void TaskNotes::noteTask(const vim25__ObjectUpdate& update) {
  mentioned = true;
  if (update.kind.value_or("") == "leave") {
    Error error;
    error.category = Category::notFound;
    error.text = fmt::format("{} has gone from the server before its end was seen: look at what it worked on",
                             task.str());
    return giveUp(std::move(error));
  }
  for (const vim25__MissingProperty* missing : update.missingSet) {
    if (missing != nullptr) noteMissing(task, missing->fault);
  }
  if (over()) return;
  const std::string state = info.state;
  const std::optional<std::int32_t> percent = info.progress;
  for (const vim25__PropertyChange* change : update.changeSet) {
    if (change != nullptr && change->name) applyTaskProperty(info, *change->name, change->val);
  }
  info.ref = task;
  ended = info.done();
  if (info.state == state && info.progress == percent) return;
  progress = true;
  wake();
}

void TaskNotes::noteQuestion(const vim25__ObjectUpdate& update) {
  if (update.kind.value_or("") == "leave") return;
  for (const vim25__PropertyChange* change : update.changeSet) {
    if (change == nullptr || change->name.value_or("") != questionPath) continue;
    VirtualMachine seen;
    if (change->val != nullptr) binding::applyVmProperty(seen, questionPath, change->val);
    const std::string before = question ? question->id : std::string();
    const bool same =
        question.has_value() == seen.question.has_value() && (!seen.question || seen.question->id == before);
    question = std::move(seen.question);
    if (same) continue;
    questionChanged = true;
    wake();
  }
}

// The task, or its info, can't be had.
void TaskNotes::noteMissing(const Moref& ref, const vim25__LocalizedMethodFault* fault) {
  if (ref != task || over()) return;
  mentioned = true;
  Error error = fault != nullptr ? errorFromFault(*fault) : Error{};
  const bool gone = error.hasFault("ManagedObjectNotFound");
  if (!gone && error.category != Category::notPermitted) error.category = Category::notPermitted;
  error.text = fmt::format("{} can't be read{}{}", ref.str(), error.text.empty() ? "" : ": ", error.text);
  error.remedy =
      gone ? "look at the object that it worked on"
           : "give the account read permission at the root folder, or look at the object that the task "
             "works on";
  giveUp(std::move(error));
}

void TaskNotes::giveUpUnmentioned() {
  if (over() || mentioned) return;
  Error error;
  error.category = Category::notFound;
  error.text = fmt::format("{} is not known to the server (any more)", task.str());
  giveUp(std::move(error));
}

bool TaskNotes::giveUpNamed(const Error& error) {
  if (over() || error.object.empty()) return false;
  if (error.object == task) {
    giveUp(error);
    return true;
  }
  if (error.object != vm) return false;
  vm = {};
  return true;
}

void TaskNotes::giveUp(Error error) {
  if (error.object.empty()) error.object = task;
  info.state.clear();
  info.error = std::move(error);
  ended = true;
  progress = true;
  wake();
}

void TaskNotes::fail(const std::exception_ptr& why) {
  if (over()) return;
  failure = why;
  wake();
}

void TaskNotes::forgetStream() {
  follow = Follow::none;
  mentioned = false;
  filter = {};
}

}  // namespace failback::vsphere
