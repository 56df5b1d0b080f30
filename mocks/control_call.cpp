// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/control_call.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "mocks/control.h"
#include "mocks/json_reader.h"
#include "mocks/object_names.h"
#include "mocks/order_effects.h"
#include "mocks/xml_json.h"
#include "mocks/xml_writer.h"
#include "wsdl/schema.h"

namespace failback::mock {

namespace {

constexpr std::chrono::milliseconds step{10};  // between two looks at a task

const vim25::MethodInfo& methodNamed(const std::string& name) {
  const vim25::MethodInfo* method = vim25::findMethod(name);
  if (method) return *method;
  const bool task = vim25::findMethod(name + "_Task") != nullptr;
  throw JsonError("/method", fmt::format("no method '{}' is known{}", name,
                                         task ? fmt::format("; did you mean '{}_Task'?", name) : ""));
}

// The one object that a text means, among those of a managed type (empty: any). Under the world's lock.
MoRef theObject(const World& world, const std::string& text, std::string_view type,
                const std::string& place) {
  std::vector<MoRef> found = objectsCalled(world, text);
  const auto fits = [type](const MoRef& ref) {
    return type.empty() || type == "ManagedObject" || vim25::isManagedA(ref.type, type);
  };
  const std::string kind = type.empty() ? "object" : std::string(type);
  if (!found.empty() && std::none_of(found.begin(), found.end(), fits))
    throw JsonError(place,
                    fmt::format("'{}' is a {}, and a {} is expected here", text, found.front().type, kind));
  std::erase_if(found, [&](const MoRef& ref) { return !fits(ref); });
  if (found.empty()) throw JsonError(place, fmt::format("there is no {} '{}'", kind, text));
  if (found.size() == 1) return found.front();
  std::vector<std::string> paths;
  paths.reserve(found.size());
  for (const MoRef& ref : found) paths.push_back(inventoryPathOf(world.inventory, ref.id));
  throw JsonError(place, fmt::format("'{}' may be any of {}", text, fmt::join(paths, ", ")));
}

// Where a method's object was not named: the one manager that has the method.
std::string managerFor(const World& world, std::string_view owner) {
  if (owner == "ServiceInstance") return "ServiceInstance";
  std::string id = world.managerId(owner);
  if (id.empty())
    throw JsonError("/object", fmt::format("the {} that the method is called on is missing", owner));
  return id;
}

const User& administrator(const World& world) {
  for (const auto& user : world.users) {
    const Rights* rights = world.authorization.now().everywhere(user->name, user->groups);
    if (rights && rights->everything) return *user;
  }
  throw std::runtime_error("the scenario has no user who may do everything");
}

}  // namespace

struct ControlCalls::Wanted {
  std::string method;
  MoRef self;
  Json arguments;
  std::chrono::milliseconds wait{60'000};
};

ControlCalls::Wanted ControlCalls::read(const Json& request) {
  JsonReader in(request, "");
  Wanted wanted;
  std::string object;
  in.need("method");
  in.text("method", wanted.method);
  in.text("object", object);
  const Json* arguments = in.member("arguments");
  in.duration("wait", wanted.wait);
  in.done();
  wanted.arguments = arguments ? *arguments : Json::object();
  const vim25::MethodInfo& method = methodNamed(wanted.method);
  const std::lock_guard lock(world_.lock());
  if (object.empty()) object = managerFor(world_, method.owner);
  wanted.self = theObject(world_, object, method.owner, "/object");
  return wanted;
}

std::string ControlCalls::envelopeOf(const Wanted& wanted) {
  const vim25::MethodInfo& method = methodNamed(wanted.method);
  JsonReader in(wanted.arguments, "/arguments");
  std::string members;
  XmlWriter writer(members, Release::later);
  const std::lock_guard lock(world_.lock());
  for (const vim25::ParameterInfo& parameter : method.parameters) {
    const std::string name(parameter.name);
    const Json* given = parameter.optional ? in.member(name) : &in.need(name);
    if (!given) continue;
    MemberInfo declared = TypeModel::get().declared(parameter.type, parameter.list);
    const std::string place = in.place(name);
    const auto resolve = [&](const std::string& text) -> std::optional<MoRef> {
      return theObject(world_, text, parameter.target, place);
    };
    try {
      writer.member(declared, parameter.name, valueFromJson(*given, declared, place, resolve));
    } catch (const SchemaViolation& problem) {
      throw JsonError(place, problem.what());
    }
  }
  in.done();
  std::string self;
  XmlWriter(self, Release::later).refElement("_this", wanted.self);
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope "
      "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
      "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">"
      "<soapenv:Body><{0} xmlns=\"urn:vim25\">{1}{2}</{0}></soapenv:Body></soapenv:Envelope>",
      wanted.method, self, members);
}

HttpResponse ControlCalls::dispatched(const std::string& envelope) {
  CallContext context;
  context.format.release = world_.release();
  context.operationId = controlOperation;
  context.address = "127.0.0.1";
  context.userAgent = "mock-vcenter ctl";
  {
    const std::lock_guard lock(world_.lock());
    context.cookie = world_.sessions.newCookie();
    const auto session =
        world_.sessions.open(administrator(world_), context.cookie, world_.scheduler().now());
    session->loginTime = session->lastActiveTime = world_.now();
    session->address = context.address;
    session->userAgent = context.userAgent;
  }
  dispatcher_.run(envelope, context);
  {
    const std::lock_guard lock(world_.lock());
    world_.sessions.close(context.cookie);
  }
  if (context.parked) throw JsonError("/method", "calls that wait for changes cannot be made here");
  return std::move(context.response);
}

void ControlCalls::run(const Json& request, const Reply& reply) {
  const Wanted wanted = read(request);
  const HttpResponse response = dispatched(envelopeOf(wanted));
  const Json answer = answerAsJson(response.body, wanted.method);
  const bool isTask = methodNamed(wanted.method).isTask;
  constexpr int okStatus = 200;
  if (!isTask || answer.contains("fault")) {
    reply(controlAnswer(okStatus, answer));
    return;
  }
  const std::string task = answer.at("result").get<std::string>();
  await(task.substr(task.find(':') + 1), world_.scheduler().now() + wanted.wait, reply);
}

void ControlCalls::await(const std::string& taskId, std::chrono::milliseconds deadline, const Reply& reply) {
  Json answer;
  answer["task"] = "Task:" + taskId;
  bool ended = false;
  {
    const std::lock_guard lock(world_.lock());
    const ManagedObject* task = world_.inventory.find(taskId);
    if (!task) {
      answer["state"] = "gone";
      ended = true;
    } else {
      const Value& info = task->properties().get("info");
      const std::string_view state = info.at("state").string();
      answer["state"] = state;
      ended = state == "success" || state == "error";
      if (ended) answer.update(endAsJson(info));
    }
  }
  if (ended || world_.scheduler().now() >= deadline) {
    constexpr int okStatus = 200;
    reply(controlAnswer(okStatus, answer));
    return;
  }
  world_.scheduler().after(step, [this, taskId, deadline, reply] { await(taskId, deadline, reply); });
}

}  // namespace failback::mock
