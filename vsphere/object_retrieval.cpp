// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/object_retrieval.h"

#include <optional>
#include <string>

#include "vsphere/binding/fault_decoder.h"
#include "vsphere/binding/service.h"
#include "vsphere/error.h"
#include "vsphere/page_token.h"
#include "vsphere/session.h"

namespace failback::vsphere {
namespace {

bool tellsLostSession(const vim25__ObjectContent& object) {
  for (const vim25__MissingProperty* missing : object.missingSet) {
    if (missing != nullptr && missing->fault != nullptr &&
        saysNotAuthenticated(errorFromFault(*missing->fault)))
      return true;
  }
  return false;
}

std::string tokenOf(const vim25__RetrieveResult* result) {
  return result != nullptr ? result->token.value_or("") : std::string();
}

class Retrieval {
 public:
  Retrieval(const Session& session, const Context& context,
            const std::function<void(const vim25__ObjectContent& object)>& use)
      : session_(session), context_(context), use_(use), generation_(session.generation()) {}

  void run(vim25__RetrievePropertiesExRequestType& request) {
    {
      const auto answer = session_.service().call(session_.refs().propertyCollector, request, context_);
      take(answer->returnval);
    }
    while (!token_->text().empty()) {
      const auto answer = next();
      take(answer->returnval);
    }
  }

 private:
  Decoded<_vim25__ContinueRetrievePropertiesExResponse> next() {
    vim25__ContinueRetrievePropertiesExRequestType request;
    request.token = token_->text();
    try {
      auto answer =
          session_.service().call(session_.refs().propertyCollector, request, context_, {.continues = true});
      token_->used();
      return answer;
    } catch (const Failure& failure) {
      if (isSessionLoss(failure.error())) token_->used();
      throw;
    }
  }

  void take(const vim25__RetrieveResult* result) {
    token_.emplace(session_, context_, tokenOf(result));
    if (result == nullptr) return;
    for (const vim25__ObjectContent* object : result->objects) {
      if (object == nullptr) continue;
      if (tellsLostSession(*object)) {
        session_.renew(generation_, context_);
        fail(Category::sessionLost, "the session was lost while objects were read");
      }
      use_(*object);
    }
  }

  const Session& session_;
  const Context& context_;
  const std::function<void(const vim25__ObjectContent& object)>& use_;
  const std::uint64_t generation_;
  std::optional<PageToken> token_;
};

}  // namespace

void retrieveObjects(const Session& session, vim25__RetrievePropertiesExRequestType& request,
                     const Context& context,
                     const std::function<void(const vim25__ObjectContent& object)>& use) {
  Retrieval(session, context, use).run(request);
}

}  // namespace failback::vsphere
