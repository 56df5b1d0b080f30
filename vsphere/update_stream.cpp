// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/update_stream.h"

#include <algorithm>
#include <utility>

#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/session.h"
#include "vsphere/stream/stream_page_decoder.h"

namespace failback::vsphere {
namespace {

constexpr Milliseconds kLongestWait{30'000};

// Whole seconds that the server may wait: at least one, and not beyond the deadline.
Milliseconds waitWithin(const Context& context) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(std::min(context.remaining(), kLongestWait));
  return std::max<Milliseconds>(seconds, std::chrono::seconds(1));
}

}  // namespace

UpdateStream::UpdateStream(const Session& session, const Context& context)
    : session_(&session), context_(context) {
  vim25__CreatePropertyCollectorRequestType request;
  const auto answer = session.service().call(session.refs().propertyCollector, request, context);
  collector_ = binding::morefOf(answer->returnval);
  generation_ = session.generation();
  if (collector_.empty()) {
    fail(Category::malformedAnswer, "the answer to CreatePropertyCollector holds no collector");
  }
}

UpdateStream::~UpdateStream() {
  if (session_->generation() != generation_) return;  // it ended with its session
  try {
    vim25__DestroyPropertyCollectorRequestType request;
    session_->service().call(collector_, request, cleanupContext(context_));
  } catch (...) {
    // It ends with the session, at the latest at logout; what went wrong before is what should be told.
  }
}

Moref UpdateStream::follow(vim25__PropertyFilterSpec& spec, const Context& context) {
  vim25__CreateFilterRequestType request;
  request.spec = &spec;
  request.partialUpdates = false;
  return binding::morefOf(session_->service().call(collector_, request, context)->returnval);
}

void UpdateStream::drop(const Moref& filter, const Context& context) {
  vim25__DestroyPropertyFilterRequestType request;
  session_->service().call(filter, request, context);
}

RawAnswer UpdateStream::ask(const Context& context) const {
  context.check("changes on the server");
  const Milliseconds wait = waitWithin(context);
  vim25__WaitOptions options;
  options.maxWaitSeconds = static_cast<int>(std::chrono::duration_cast<std::chrono::seconds>(wait).count());
  vim25__WaitForUpdatesExRequestType request;
  request.version = version_;
  request.options = &options;
  return session_->service().raw(collector_, request, context, {.longPoll = wait});
}

Decoded<_vim25__WaitForUpdatesExResponse> UpdateStream::next(const Context& context) {
  auto answer = whole(ask(context));
  if (answer->returnval != nullptr && answer->returnval->version) version_ = *answer->returnval->version;
  return answer;
}

UpdateStream::Read UpdateStream::nextDigested(const Context& context) {
  RawAnswer answer = ask(context);
  StreamPageDecoder decoder(session_->service().codec(), answer.place);
  decoder.feed(answer.body);
  DigestedUpdates updates = decoder.finishUpdates();
  if (!updates.version.empty()) version_ = updates.version;
  return {std::move(updates), std::move(answer)};
}

Decoded<_vim25__WaitForUpdatesExResponse> UpdateStream::whole(const RawAnswer& answer) const {
  return session_->service().codec().decode<_vim25__WaitForUpdatesExResponse>(answer.body, answer.place);
}

bool isStreamLoss(const Error& error) {
  return isSessionLoss(error) || error.hasFault("InvalidCollectorVersion") ||
         (error.hasFault("ManagedObjectNotFound") && error.object.type == "PropertyCollector");
}

}  // namespace failback::vsphere
