// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/soap_service.h"

#include <fmt/format.h>

#include <algorithm>

#include "mocks/licenses.h"
#include "mocks/operation.h"
#include "mocks/soap_convert.h"
#include "wsdl/schema.h"

namespace failback::mock {

namespace {

bool isAnonymous(const MethodInfo& method) {
  // pyVmomi's property reads check the property, not the call.
  return method.privilege == "System.Anonymous" || method.name == "Fetch";
}

std::string localName(const char* tag) {
  const std::string_view name(tag ? tag : "");
  const auto colon = name.find(':');
  return std::string(colon == std::string_view::npos ? name : name.substr(colon + 1));
}

// An object that a parameter names, or several. Those that are not there are the method's concern.
void checkParameter(const Scope& scope, const Value& value, std::string_view privilege) {
  if (const List* items = value.asList()) {
    for (const Value& item : items->items) checkParameter(scope, item, privilege);
  }
  const MoRef* ref = value.asRef();
  if (!ref || !scope.find(*ref)) return;
  if (!scope.sees(ref->id)) throw objectNotFound(*ref);
  if (!scope.may(*ref, privilege)) throw noPermission(scope.authorityFor(*ref), privilege);
}

// Makes the changes of a call visible however it ends.
class CommitAtEnd {
 public:
  explicit CommitAtEnd(Inventory& inventory) : inventory_(inventory) {}
  ~CommitAtEnd() { inventory_.commit(); }
  CommitAtEnd(const CommitAtEnd&) = delete;
  CommitAtEnd& operator=(const CommitAtEnd&) = delete;

 private:
  Inventory& inventory_;
};

}  // namespace

Collector& Call::collector() const {
  const auto found =
      session ? session->collectors.find(self->ref.id) : decltype(session->collectors)::iterator{};
  if (!session || found == session->collectors.end()) throw objectNotFound(self->ref);
  return *found->second;
}

SoapService::SoapService(struct soap* context, World& world, CallContext& callContext)
    : VimBindingService(context), world_(world), context_(callContext) {}

void SoapService::run(std::string_view request) {
  request_ = request;
  // Not soap_begin_serve(), which writes an answer of its own when the request is broken.
  if (soap_begin_recv(soap) != SOAP_OK || soap_envelope_begin_in(soap) != SOAP_OK ||
      soap_recv_header(soap) != SOAP_OK || soap_body_begin_in(soap) != SOAP_OK) {
    decodingFailed();
    return;
  }
  (void)soap_peek_element(soap);
  context_.format.method = localName(soap->tag);
  const int outcome = dispatch(soap);
  if (outcome == SOAP_STOP || context_.parked || !context_.response.body.empty()) return;
  if (outcome != SOAP_NO_METHOD) {
    decodingFailed();
  } else if (TypeModel::get().method(context_.format.method)) {
    answerOperation();
  } else {
    const std::string text = fmt::format("Unable to resolve WSDL method name {}", context_.format.method);
    fail(makeFault("InvalidRequest", text));
  }
}

void SoapService::decodingFailed() {
  const int error = soap->error;
  if (error == SOAP_NO_METHOD || error == SOAP_STOP) return;
  soap_set_fault(soap);
  const char** const text = soap_faultstring(soap);
  fail(makeFault("InvalidRequest", fmt::format("{}\n\nwhile parsing SOAP body\nat element {}",
                                               text && *text ? *text : "The request cannot be read",
                                               soap->tag[0] ? soap->tag : "(none)")));
}

void SoapService::finish(HttpResponse response, std::string fault) {
  context_.response = std::move(response);
  context_.fault = std::move(fault);
}

void SoapService::fail(const Fault& fault) {
  try {
    finish(faultResponse(context_.format, fault), std::string(fault.type()));
  } catch (const std::exception& problem) {
    finish(plainFaultResponse(problem.what()), "SchemaViolation");
  }
}

void SoapService::checkPrivileges(const Scope& scope, const MoRef& self) const {
  if (scope.unrestricted()) return;
  const vim25::MethodInfo* method = vim25::findMethod(context_.format.method);
  if (method->name != "Logout" && !scope.may(self, method->privilege))
    throw noPermission(scope.authorityFor(self), method->privilege);
  const bool namesObjects =
      std::any_of(method->parameters.begin(), method->parameters.end(),
                  [](const auto& each) { return each.type == "ManagedObjectReference"; });
  // What a view cannot show it gives back as unresolved.
  if (!namesObjects || method->owner == "ListView" || method->owner == "InventoryView" ||
      method->name == "CreateListView")
    return;
  const Parameters parameters = readParameters(request_, method->name);
  for (const vim25::ParameterInfo& each : method->parameters) {
    const auto given = parameters.find(each.name);
    if (each.type == "ManagedObjectReference" && given != parameters.end())
      checkParameter(scope, given->second, each.privilege);
  }
}

Answer SoapService::answered(const MoRef& self, const Body& body) {
  const std::lock_guard lock(world_.lock());
  world_.inventory.settle();
  const CommitAtEnd commit(world_.inventory);
  const auto session = world_.sessions.find(context_.cookie, world_.scheduler().now());
  if (session) {
    session->lastActive = world_.scheduler().now();
    session->lastActiveTime = world_.now();
    ++session->callCount;
    context_.user = session->user->name;
    context_.sessionKey = session->key;
  }
  const MethodInfo* method = TypeModel::get().method(context_.format.method);
  if (!session && !isAnonymous(*method)) throw notAuthenticated(self, "System.View");
  Scope scope(world_.inventory, world_.sessions, world_.authorization, session, world_.now());
  const ManagedObject* object = scope.find(self);
  if (!object || !scope.sees(self.id)) {
    if (!session) throw notAuthenticated(self, "System.View");
    throw objectNotFound(self);
  }
  if (method->owner != "ManagedObject" && !object->type().isA(method->owner)) {
    throw makeFault("InvalidRequest", fmt::format("{} is no method of {}", method->name, object->ref.type));
  }
  if (session) checkPrivileges(scope, object->ref);
  checkLicense(world_, *object, *method);
  const Acting acting(world_.events, {session ? session->user->name : "", Actor::toCome});
  Call call{world_, session, scope, object};
  return body(call);
}

int SoapService::answer(const vim25__ManagedObjectReference* self, const Body& body) {
  return answer(toRef(self), body);
}

int SoapService::answer(const MoRef& ref, const Body& body) {
  context_.object = ref.id;
  try {
    const Answer result = answered(ref, body);
    if (!context_.parked) finish(answerResponse(context_.format, result));
  } catch (const Fault& fault) {
    context_.parked.reset();
    fail(fault);
  } catch (const SessionLimitReached& limit) {
    context_.setCookie.clear();
    finish(unavailableResponse(limit.what()));
  } catch (const std::exception& problem) {
    // A defect of the mock: say so in full, to the client and to whoever reads its log.
    context_.parked.reset();
    const std::string text =
        fmt::format("mock-vcenter failed in {}: {}", context_.format.method, problem.what());
    fmt::print(stderr, "mock-vcenter: error: {}\n", text);
    fail(makeFault("SystemError", text, {{"reason", text}}));
  }
  return SOAP_STOP;
}

void SoapService::answerOperation() {
  try {
    const Parameters parameters = readParameters(request_, context_.format.method);
    const MoRef* self = parameters.at("_this").asRef();
    const OperationBody body = findOperation(context_.format.method);
    answer(*self, [&](Call& call) -> Answer {
      if (!body)
        throw notSupported(fmt::format("mock-vcenter does not model {} yet.", context_.format.method));
      Operation operation(call.world, call.session, call.scope, *call.self, context_, parameters);
      return body(operation);
    });
  } catch (const Fault& fault) {
    fail(fault);
  }
}

int SoapService::startTask(const vim25__ManagedObjectReference* self, std::string descriptionId,
                           const std::function<std::function<Value()>(Call&)>& prepare) {
  return answer(self, [&](Call& call) -> Answer {
    TaskOrder order;
    order.finish = prepare(call);
    order.method = context_.format.method;
    order.descriptionId = descriptionId;
    order.entity = call.self->ref;
    order.userName = call.session->user->name;
    order.activationId = context_.operationId;
    return {call.world.tasks.start(std::move(order)), {}};
  });
}

}  // namespace failback::mock
