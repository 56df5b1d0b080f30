// SPDX-License-Identifier: GPL-2.0-or-later
// One SOAP call: gSOAP's generated service decodes the request and calls the method's function; that computes
// the answer in terms of the World; the schema-driven writer writes it. Methods that have none here are
// looked up among the operations (operation.h). What is not modelled answers NotSupported.
//
// The functions are spread over soap_*.cpp by manager. Includes gSOAP's large headers: for those files only.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "mocks/call.h"
#include "mocks/envelope.h"
#include "mocks/scope.h"
#include "mocks/world.h"
#include "vim25/soapVimBindingService.h"

namespace failback::mock {

// What a method's function works with: valid while it runs, under the World's lock.
struct Call {
  World& world;
  std::shared_ptr<Session> session;  // null only for the calls that need none
  Scope& scope;
  const ManagedObject* self;  // the object that the method is called on

  // The object's collector; throws ManagedObjectNotFound when it is another session's.
  Collector& collector() const;
};

class SoapService : public VimBindingService {
 public:
  // `context` is a gSOAP context with an envelope to read; both references must outlive the service.
  SoapService(struct soap* context, World& world, CallContext& callContext);

  // Decodes and answers. Never throws. The outcome is in CallContext.
  void run(std::string_view request);

// One declaration per method: the request's class is named after it, save for the suffix _Task.
#define FAILBACK_METHOD(name, request) \
  int name(vim25__##request##RequestType* request, _vim25__##name##Response& unused) override;
#include "mocks/soap_methods.inc"
#undef FAILBACK_METHOD

 private:
  using Body = std::function<Answer(Call&)>;

  // Checks session, object and privilege, runs the body under the lock and writes what it gives or throws.
  int answer(const vim25__ManagedObjectReference* self, const Body& body);
  int answer(const MoRef& ref, const Body& body);
  Answer answered(const MoRef& self, const Body& body);
  // Opens a session for somebody who has shown who he is; its cookie goes with the answer.
  Answer opened(Call& call, const User& user, const std::string& locale);
  // A method whose function is an operation (operation.h) rather than one of this class.
  void answerOperation();
  // The privileges of the method: on the object called and on those that its parameters name.
  void checkPrivileges(const Scope& scope, const MoRef& self) const;
  void finish(HttpResponse response, std::string fault = {});
  void fail(const Fault& fault);
  void decodingFailed();
  int startTask(const vim25__ManagedObjectReference* self, std::string descriptionId,
                const std::function<std::function<Value()>(Call&)>& prepare);
  int waitForUpdates(const vim25__ManagedObjectReference* self, const std::string& version,
                     std::optional<std::int32_t> maxWaitSeconds, std::size_t limit);

  World& world_;
  CallContext& context_;
  std::string_view request_;
};

}  // namespace failback::mock
