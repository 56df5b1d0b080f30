// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/vm_waiter.h"

#include <fmt/format.h>

#include <span>

#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/fault_decoder.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/session.h"
#include "vsphere/update_stream.h"

namespace failback::vsphere {
namespace {

class VmWait {
 public:
  VmWait(const Session& session, const Moref& vm, const std::vector<std::string>& paths,
         const std::function<bool(const PropertyTexts&)>& reached, const Context& context)
      : session_(session), vm_(vm), paths_(paths), reached_(reached), context_(context) {}

  bool run() {
    while (true) {
      try {
        follow();
        return true;
      } catch (const Failure& failure) {
        const Error& error = failure.error();
        if (error.category == Category::deadline && context_.remaining() <= Milliseconds(0)) return false;
        if (!goesOnAfter(error)) throw;
      }
    }
  }

 private:
  void follow() {
    UpdateStream stream(session_, context_);
    RequestArena arena;
    std::vector<TypePaths> properties(1);
    properties[0].type = "VirtualMachine";
    for (const std::string& each : paths_) properties[0].paths.emplace_back(each);
    generation_ = session_.generation();
    seen_.clear();
    stream.follow(*specOfObjects(arena, std::span(&vm_, 1), properties), context_);
    do {
      const auto answer = stream.next(context_);
      if (answer->returnval != nullptr) take(*answer->returnval);
      restarts_ = 0;
    } while (!reached_(seen_));
  }

  void take(const vim25__UpdateSet& update) {
    for (const vim25__PropertyFilterUpdate* filter : update.filterSet) {
      if (filter == nullptr) continue;
      for (const vim25__ObjectUpdate* object : filter->objectSet) {
        if (object != nullptr) takeObject(*object);
      }
      for (const vim25__MissingObject* missing : filter->missingSet) {
        if (missing != nullptr) takeMissing(missing->fault);
      }
    }
  }

  void takeObject(const vim25__ObjectUpdate& update) {
    if (update.kind.value_or("") == "leave")
      fail(Category::notFound, fmt::format("{} is gone from the server", vm_.str()),
           "look for it in vCenter");
    for (const vim25__MissingProperty* missing : update.missingSet) {
      if (missing != nullptr) takeMissing(missing->fault);
    }
    for (const vim25__PropertyChange* change : update.changeSet) {
      if (change == nullptr || !change->name) continue;
      const auto text = change->val != nullptr ? binding::textOf(*change->val) : std::nullopt;
      if (text) {
        seen_[*change->name] = *text;
      } else {
        seen_.erase(*change->name);
      }
    }
  }

  void takeMissing(const vim25__LocalizedMethodFault* fault) {
    Error error = fault != nullptr ? errorFromFault(*fault) : Error{};
    if (!saysNotAuthenticated(error)) throw Failure(std::move(error));
    session_.renew(generation_, context_);
    fail(Category::sessionLost, "the session was lost while a VM was watched");
  }

  bool goesOnAfter(const Error& error) { return isStreamLoss(error) && ++restarts_ <= kMostStreamRestarts; }

  const Session& session_;
  const Moref& vm_;
  const std::vector<std::string>& paths_;
  const std::function<bool(const PropertyTexts&)>& reached_;
  const Context& context_;
  PropertyTexts seen_;
  std::uint64_t generation_ = 0;
  int restarts_ = 0;
};

}  // namespace

bool waitForVm(const Session& session, const Moref& vm, const std::vector<std::string>& paths,
               const std::function<bool(const PropertyTexts&)>& reached, const Context& context) {
  return VmWait(session, vm, paths, reached, context).run();
}

}  // namespace failback::vsphere
