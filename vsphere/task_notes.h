// SPDX-License-Identifier: GPL-2.0-or-later
// What one who waits for a task knows of it, and has not been told yet. Part of task_watcher.cpp, whose lock
// guards it.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <stop_token>
#include <string_view>
#include <utility>

#include "vsphere/error.h"
#include "vsphere/model/moref.h"
#include "vsphere/model/task.h"
#include "vsphere/model/virtual_machine.h"

class vim25__LocalizedMethodFault;
class vim25__ObjectUpdate;

namespace failback::vsphere {

inline constexpr std::string_view questionPath = "runtime.question";

struct TaskNotes {
  TaskNotes(Moref ofTask, Moref ofVm) : task(std::move(ofTask)), vm(std::move(ofVm)) { info.ref = task; }

  // What has changed since the last time, and a token that ends when something changes again.
  struct News {
    TaskInfo info;
    bool progress = false;
    std::optional<std::optional<Question>> question;
    bool over = false;
    std::exception_ptr failure;
    std::stop_source token;
  };
  News hear();

  // From an update of any object.
  void note(const Moref& ref, const vim25__ObjectUpdate& update);
  void noteMissing(const Moref& ref, const vim25__LocalizedMethodFault* fault);
  void giveUpUnmentioned();
  // The object that the error names is gone. True when it is one of these.
  bool giveUpNamed(const Error& error);
  void fail(const std::exception_ptr& why);
  void forgetStream();
  bool over() const { return ended || failure != nullptr; }

  const Moref task;
  Moref vm;  // emptied when it is gone

  enum class Follow { none, asked, followed };
  Follow follow = Follow::none;
  std::uint64_t epoch = 0;      // of the stream that follows it
  std::uint64_t sinceCall = 0;  // the last call that was begun before that
  Moref filter;                 // its own; empty when it shares one

 private:
  void noteTask(const vim25__ObjectUpdate& update);
  void noteQuestion(const vim25__ObjectUpdate& update);
  void giveUp(Error error);
  void wake();

  TaskInfo info;
  std::optional<Question> question;
  bool progress = false, questionChanged = false, mentioned = false, ended = false;
  std::exception_ptr failure;
  std::stop_source waker;
};

}  // namespace failback::vsphere
