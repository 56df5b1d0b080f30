// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/ctl_arguments.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "wsdl/schema.h"

namespace failback::mock {

namespace {

std::pair<std::string, std::string> pairIn(const std::string& text) {
  const auto equals = text.find('=');
  if (equals == std::string::npos || equals == 0)
    throw CLI::ValidationError("'" + text + "' is not KEY=VALUE");
  return {text.substr(0, equals), text.substr(equals + 1)};
}

bool isTextual(const MemberInfo& declared) {
  switch (declared.kind) {
    case TypeKind::string:
    case TypeKind::dateTime:
    case TypeKind::base64:
    case TypeKind::uri:
    case TypeKind::enumeration:
    case TypeKind::reference:
      return true;
    default:
      return false;
  }
}

// Text where the schema has text; else JSON, or text when it is none.
Json valueFor(const MemberInfo& declared, const std::string& text) {
  if (isTextual(declared) && !declared.isList) return text;
  Json json = Json::parse(text, nullptr, false);
  return json.is_discarded() ? Json(text) : json;
}

// Sets the member at a path such as "numCPUs" or "bootOptions.bootDelay" of an object of the type.
void setMember(Json& object, const TypeInfo* type, const std::string& path, const std::string& text) {
  const auto dot = path.find('.');
  const std::string name = path.substr(0, dot);
  const MemberInfo* member = type ? type->find(name) : nullptr;
  const MemberInfo declared = member ? *member : TypeModel::get().declared("xsd:anyType");
  if (dot == std::string::npos) {
    object[name] = valueFor(declared, text);
  } else {
    setMember(object[name], declared.type, path.substr(dot + 1), text);
  }
}

std::string slurp(std::istream& in) {
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace

Json methodArguments(const std::string& method, const std::vector<std::string>& pairs) {
  Json arguments = Json::object();
  const vim25::MethodInfo* info = vim25::findMethod(method);
  for (const std::string& pair : pairs) {
    const auto [path, text] = pairIn(pair);
    const auto dot = path.find('.');
    const std::string name = path.substr(0, dot);
    MemberInfo declared = TypeModel::get().declared("xsd:anyType");
    if (info) {
      for (const vim25::ParameterInfo& parameter : info->parameters) {
        if (parameter.name == name) declared = TypeModel::get().declared(parameter.type, parameter.list);
      }
    }
    if (dot == std::string::npos) {
      arguments[name] = valueFor(declared, text);
    } else {
      setMember(arguments[name], declared.type, path.substr(dot + 1), text);
    }
  }
  return arguments;
}

Json faultOf(const std::string& type, const std::string& message, const std::vector<std::string>& members) {
  Json fault;
  fault["type"] = type;
  if (!message.empty()) fault["message"] = message;
  for (const std::string& pair : members) {
    const auto [path, text] = pairIn(pair);
    setMember(fault["members"], TypeModel::get().find(type), path, text);
  }
  return fault;
}

void OrderOptions::describe(CLI::App& command) {
  command.add_option("ORDER", json, "An order as JSON, a file of orders, or - for standard input");
  const std::string which = "Which calls";
  command.add_option("--method", method, "Calls of this method only; * and ? stand for anything")
      ->group(which);
  command.add_option("--object", object, "On this object only: its name, inventory path, id or Type:id")
      ->group(which);
  command.add_option("--user", user, "Of this user only")->group(which);
  command.add_option("--call", call, "The N-th such call only")->group(which);
  command.add_option("--from", from, "None before the N-th")->group(which);
  command.add_option("--every", every, "Every N-th")->group(which);
  command.add_option("--times", times, "At most N times")->group(which);
  command.add_option("--probability", probability, "With this probability, from 0 to 1")->group(which);
  const std::string what = "What happens";
  command.add_option("--delay", delay, "The answer comes so much later")->group(what);
  command.add_option("--drip", drip, "The answer comes at so many bytes per second")->group(what);
  command.add_option("--cut", cut, "The connection ends at this byte of the answer")->group(what);
  command.add_option("--truncate", truncate, "The answer is no longer than this, in good HTTP")->group(what);
  command.add_flag("--malformed", malformed, "The answer is not well-formed XML")->group(what);
  command.add_option("--drop", drop, "The connection is dropped: before, unanswered, middle or after")
      ->group(what);
  command.add_option("--status", status, "An HTTP status instead of an answer, such as 503")->group(what);
  command.add_option("--fault", fault, "A vim fault instead of an answer, by its type")->group(what);
  command.add_option("--message", message, "The fault's text")->group(what);
  command.add_option("--member", members, "A member of the fault, KEY=VALUE")
      ->group(what)
      ->allow_extra_args(false);
  command.add_flag("--happens", happens, "The call, or the task, is carried out all the same")->group(what);
  command.add_option("--sessions", sessions, "The sessions of this user are lost, or of all")->group(what);
  command.add_option("--restart", restart, "The server restarts, and is down for so long")->group(what);
  command.add_option("--clock", clock, "The server's clock jumps by so much, such as +5m")->group(what);
  const std::string task = "What happens to tasks";
  command.add_option("--task-fail", taskFail, "The task fails with this fault, by its type")->group(task);
  command.add_flag("--task-hang", taskHang, "The task never ends")->group(task);
  command.add_flag("--task-vanish", taskVanish, "The Task object goes away")->group(task);
  command.add_option("--task-duration", taskDuration, "The task takes so long")->group(task);
  command.add_option("--at", at, "At how many percent it fails, hangs or vanishes")->group(task);
}

std::string OrderOptions::text() const {
  if (json == "-") return slurp(std::cin);
  if (!json.empty() && json.find_first_of("{[") == 0) return json;
  if (!json.empty()) {
    std::ifstream in(json);
    if (!in) throw CLI::ValidationError("ORDER", "'" + json + "' is no JSON and no file that can be read");
    return slurp(in);
  }
  Json order = Json::object();
  const auto put = [](Json& target, const char* name, const auto& value, bool given) {
    if (given) target[name] = value;
  };
  put(order["match"], "method", method, !method.empty());
  put(order["match"], "object", object, !object.empty());
  put(order["match"], "user", user, !user.empty());
  put(order["when"], "call", call, call > 0);
  put(order["when"], "from", from, from > 0);
  put(order["when"], "every", every, every > 0);
  put(order["when"], "times", times, times > 0);
  put(order["when"], "probability", probability, probability < 1);
  for (const char* part : {"match", "when"}) {
    if (order[part].is_null()) order.erase(part);
  }
  Json& effect = order["do"] = Json::object();
  put(effect, "delay", delay, !delay.empty());
  put(effect, "drip", drip, drip > 0);
  put(effect, "cut", cut, cut >= 0);
  put(effect, "truncate", truncate, truncate >= 0);
  put(effect, "malformed", true, malformed);
  put(effect, "drop", drop, !drop.empty());
  put(effect, "status", status, status > 0);
  put(effect, "sessions", sessions, !sessions.empty());
  put(effect, "restart", restart, !restart.empty());
  put(effect, "clock", clock, !clock.empty());
  if (!fault.empty()) effect["fault"] = faultOf(fault, message, members);
  Json task = Json::object();
  if (!taskFail.empty()) task["fail"] = faultOf(taskFail, message, members);
  put(task, "hang", true, taskHang);
  put(task, "vanish", true, taskVanish);
  put(task, "duration", taskDuration, !taskDuration.empty());
  put(task, "at", at, at >= 0);
  put(task.empty() ? effect : task, "happens", true, happens);
  if (!task.empty()) effect["task"] = task;
  if (effect.empty())
    throw CLI::ValidationError(
        "faults add", "say what is to happen: an order as JSON, or options such as --fault or --delay");
  return order.dump();
}

}  // namespace failback::mock
