// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/page_token.h"

#include <utility>

#include "vsphere/binding/service.h"
#include "vsphere/error.h"
#include "vsphere/session.h"

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
  return checked(session,
                 session.service().page(session.refs().propertyCollector, request, context, options),
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
    if (isSessionLoss(failure.error())) token.used();
    throw;
  }
}

}  // namespace failback::vsphere
