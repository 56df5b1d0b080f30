// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/container_view.h"

#include <fmt/format.h>

#include <unordered_set>

#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/fault_decoder.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/session.h"

namespace failback::vsphere {
namespace {

// A property that is missing here is no hole in the inventory: it is the inventory.
[[noreturn]] void failMissing(const Session& session, const vim25__MissingProperty& missing,
                              std::uint64_t generation, const Context& context) {
  Error error = missing.fault != nullptr ? errorFromFault(*missing.fault) : Error{};
  if (saysNotAuthenticated(error)) {
    session.renew(generation, context);
    fail(Category::sessionLost, "the session was lost while a view was read");
  }
  if (error.text.empty()) error.text = "the server gives no list of the inventory's objects";
  throw Failure(std::move(error));
}

}  // namespace

ContainerView::ContainerView(const Session& session, const Moref& container,
                             std::span<const std::string_view> types, const Context& context)
    : session_(&session), context_(context) {
  vim25__CreateContainerViewRequestType request;
  RequestArena arena;
  request.container = arena.reference(container);
  request.type.assign(types.begin(), types.end());
  request.recursive = true;
  const auto answer = session.service().call(session.refs().viewManager, request, context);
  ref_ = binding::morefOf(answer->returnval);
  generation_ = session.generation();
  if (ref_.empty()) fail(Category::malformedAnswer, "the answer to CreateContainerView holds no view");
  if (ref_.type.empty()) ref_.type = "ContainerView";
}

ContainerView::~ContainerView() {
  if (session_->generation() != generation_) return;  // it ended with its session
  try {
    vim25__DestroyViewRequestType request;
    session_->service().call(ref_, request, cleanupContext(context_));
  } catch (...) {
    // It ends with the session, at the latest at logout; what went wrong before is what should be told.
  }
}

std::vector<Moref> ContainerView::list(const Context& context) const {
  const std::uint64_t generation = session_->generation();
  RequestArena arena;
  const std::vector<TypePaths> properties{{ref_.type, {"view"}}};
  vim25__RetrievePropertiesExRequestType request;
  request.specSet.push_back(specOfObjects(arena, std::span(&ref_, 1), properties));
  request.options = arena.make<vim25__RetrieveOptions>();
  const auto answer =
      session_->service().call(session_->refs().propertyCollector, request, context, {.sessionBound = true});

  std::vector<Moref> listed;
  std::unordered_set<Moref> known;
  bool answered = false;
  const std::vector<vim25__ObjectContent*> none;
  for (const vim25__ObjectContent* object : answer->returnval ? answer->returnval->objects : none) {
    if (object == nullptr || binding::morefOf(object->obj).value != ref_.value) continue;
    answered = true;
    for (const vim25__MissingProperty* missing : object->missingSet) {
      if (missing != nullptr) failMissing(*session_, *missing, generation, context);
    }
    for (const vim25__DynamicProperty* property : object->propSet) {
      const auto* array = property != nullptr
                              ? dynamic_cast<const vim25__ArrayOfManagedObjectReference*>(property->val)
                              : nullptr;
      if (array == nullptr) continue;
      listed.reserve(listed.size() + array->ManagedObjectReference.size());
      for (const vim25__ManagedObjectReference* reference : array->ManagedObjectReference) {
        Moref ref = binding::morefOf(reference);
        if (known.insert(ref).second) listed.push_back(std::move(ref));
      }
    }
  }
  if (!answered) {
    fail(Category::malformedAnswer, "the answer to RetrievePropertiesEx on a view does not hold the view",
         "try again; if it stays, record the exchange with --record and report it");
  }
  return listed;
}

}  // namespace failback::vsphere
