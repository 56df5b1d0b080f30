// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/page_token.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "vsphere/binding/service.h"
#include "vsphere/error.h"
#include "vsphere/session.h"
#include "vsphere/transport.h"

namespace failback::vsphere {
namespace {

InventoryPage checked(const Session& session, InventoryPage page, std::uint64_t generation,
                      const Context& context) {
  if (page.notAuthenticated) {
    session.renew(generation, context);
    fail(Category::sessionLost, "the session was lost while the inventory was read");
  }
  return page;
}

}  // namespace

void PageBound::page(std::size_t fresh, bool more) {
  // Real servers send no page without an object.
  constexpr std::size_t mostIdle = 10;
  // The largest vCenter holds some 100,000.
  constexpr std::size_t mostObjects = 500'000;
  const char* remedy = "no vSphere server answers so: check the URL and what stands between";
  idle_ = fresh > 0 ? 0 : idle_ + 1;
  objects_ += fresh;
  if (more && idle_ >= mostIdle) {
    fail(Category::malformedAnswer,
         fmt::format("the pages of the inventory do not end: the last {} brought nothing new", idle_),
         remedy);
  }
  if (objects_ > mostObjects) {
    fail(Category::malformedAnswer,
         fmt::format("the inventory does not end: more than {} objects have come", mostObjects), remedy);
  }
}

bool mayBeginAgain(const Failure& failure, bool inPages) {
  const Error& error = failure.error();
  if (isSessionLoss(error)) return true;
  if (const auto* lost = dynamic_cast<const TransportFailure*>(&failure)) return lost->transient();
  // What the retry layer repeats for other calls.
  constexpr std::array<std::string_view, 4> passing = {"429", "502", "503", "504"};
  return inPages && std::any_of(error.details.begin(), error.details.end(), [&](const auto& detail) {
           return detail.first == "httpStatus" &&
                  std::find(passing.begin(), passing.end(), detail.second) != passing.end();
         });
}

void failLostAgain(const Error& last) {
  Error error;
  error.category = last.category;
  error.text = "the session was lost again and again while the inventory was read";
  error.remedy =
      "look what ends it: an administrator, the server's limit of sessions, a load balancer that spreads "
      "calls over several servers; vCenter's log names the session";
  error.causes.push_back(last);
  throw Failure(std::move(error));
}

PageToken::PageToken(const Session& session, const Context& context, std::string text)
    : session_(&session), context_(&context), text_(std::move(text)) {}

PageToken::~PageToken() {
  if (text_.empty()) return;
  try {
    vim25__CancelRetrievePropertiesExRequestType request;
    request.token = text_;
    session_->service().call(session_->refs().propertyCollector, request, cleanupContext(*context_),
                             {.continues = true});
  } catch (...) {
    // The server forgets it with the session; what went wrong before is what should be told.
  }
}

InventoryPage firstPage(const Session& session, vim25__RetrievePropertiesExRequestType& request,
                        std::uint64_t generation, const CallOptions& options, const Context& context) {
  return checked(session, session.service().page(session.refs().propertyCollector, request, context, options),
                 generation, context);
}

InventoryPage nextPage(const Session& session, PageToken& token, std::uint64_t generation,
                       const Context& context) {
  vim25__ContinueRetrievePropertiesExRequestType request;
  request.token = token.text();
  try {
    InventoryPage page = checked(
        session,
        session.service().page(session.refs().propertyCollector, request, context, {.continues = true}),
        generation, context);
    token.used();
    return page;
  } catch (const Failure& failure) {
    // A server that is away is not asked to forget something; one whose answer was cut off is.
    const bool away = mayBeginAgain(failure, true) && failure.error().category != Category::malformedAnswer;
    if (away) token.used();
    throw;
  }
}

}  // namespace failback::vsphere
