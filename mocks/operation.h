// SPDX-License-Identifier: GPL-2.0-or-later
// What a method does, apart from SOAP: a function from an Operation (world, session, object, parameters) to
// an Answer. Each op_*.cpp holds those of one part of the API and gives a table of them; gSOAP has recognised
// the method and checked that the request decodes, request_reader.h has read its parameters.
//
// An operation runs under the World's lock, after session, object and privilege of the method itself were
// checked; it throws a Fault to refuse. What it changed becomes visible when it ends, in one version.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/call.h"
#include "mocks/request_reader.h"
#include "mocks/scope.h"
#include "mocks/world.h"

namespace failback::mock {

class Operation {
 public:
  Operation(World& aWorld, std::shared_ptr<Session> aSession, Scope& aScope, const ManagedObject& object,
            CallContext& aContext, const Parameters& parameters)
      : world(aWorld),
        session(std::move(aSession)),
        scope(aScope),
        self(object),
        context(aContext),
        parameters_(parameters) {}

  World& world;
  std::shared_ptr<Session> session;  // never null
  Scope& scope;
  const ManagedObject& self;  // that the method was called on, as it was before; copy what outlives a change
  CallContext& context;

  // A parameter, unset when the request has none.
  const Value& get(std::string_view name) const;
  std::string text(std::string_view name) const;  // "" when unset
  bool flag(std::string_view name, bool unset = false) const;
  std::optional<std::int64_t> number(std::string_view name) const;
  std::optional<MoRef> ref(std::string_view name) const;
  std::vector<MoRef> refs(std::string_view name) const;
  // A managed object that a parameter names; throws ManagedObjectNotFound when there is none that the user
  // sees, InvalidArgument when it is of another type or was not given.
  const ManagedObject& object(std::string_view name, std::string_view type) const;

  // Throws NoPermission with object and privilege when the user lacks it there.
  void need(const MoRef& on, std::string_view privilege) const;

  struct Task {
    std::string_view descriptionId;  // "VirtualMachine.createSnapshot"
    // Makes the change at the end, under the World's lock, and gives the result or throws what the task ends
    // with. Not called when the task is cancelled. Captures nothing of the Operation: that is gone by then.
    std::function<Value()> finish = {};
    std::optional<MoRef> entity = {};  // unset: the object called
    bool cancelable = false;
    bool exclusive = true;                                   // one such task per entity at a time
    std::optional<std::chrono::milliseconds> duration = {};  // unset: --task-time
    // While this says true, the task goes on running after its time. Captures as finish does.
    std::function<bool()> waiting = {};
    // Told why the task did not succeed, cancelled ones included. Captures as finish does.
    std::function<void(const Fault&)> failed = {};
  };
  // Queues a task; throws TaskInProgress when another one holds the entity.
  Answer start(Task task);

 private:
  const Parameters& parameters_;
};

using OperationBody = Answer (*)(Operation&);

struct OperationEntry {
  std::string_view method;  // as on the wire: "CreateSnapshot_Task"
  OperationBody body;
};

// Null when nobody models the method. Pure; any thread.
OperationBody findOperation(std::string_view method);

}  // namespace failback::mock
