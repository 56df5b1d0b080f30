// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/control.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "mocks/duration.h"
#include "mocks/json_reader.h"
#include "mocks/order_json.h"
#include "mocks/site_acts.h"
#include "mocks/url_text.h"

namespace failback::mock {

namespace {

constexpr int okStatus = 200, createdStatus = 201, badStatus = 400, unauthorizedStatus = 401,
              notFoundStatus = 404, notAllowedStatus = 405;
constexpr std::string_view prefix = "/mock/";

HttpResponse notAllowed(std::string_view method, std::string_view path) {
  return controlError(notAllowedStatus, fmt::format("{} is not for /mock/{}", method, path));
}

Json bodyOf(const std::string& body) {
  return body.empty() ? Json::object() : parseJson(body);
}

}  // namespace

HttpResponse controlAnswer(int status, const Json& json) {
  return {status,
          {{"Content-Type", "application/json"}},
          json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"};
}

HttpResponse controlError(int status, std::string_view text) {
  Json json;
  json["error"] = text;
  return controlAnswer(status, json);
}

bool Control::mayAsk(const std::string& authorization) {
  const auto given = basicCredentials(authorization);
  if (!given) return false;
  const std::lock_guard lock(parts_.world.lock());
  return parts_.world.findUser(given->user) && sameSecret(given->password, parts_.world.password);
}

void Control::handle(const HttpRequest& request, const Reply& reply) {
  if (!mayAsk(request.header("authorization"))) {
    HttpResponse refusal =
        controlError(unauthorizedStatus, "the user and password of the server's URL are needed here");
    refusal.headers.emplace_back("WWW-Authenticate", "Basic realm=\"mock-vcenter\"");
    reply(std::move(refusal));
    return;
  }
  const auto question = request.target.find('?');
  Asked asked{request.method, {}, {}, request.body};
  const std::string path = request.target.substr(0, question);
  if (path.size() > prefix.size()) asked.path = unescaped(std::string_view(path).substr(prefix.size()));
  if (question != std::string::npos) asked.query = request.target.substr(question + 1);
  try {
    if (asked.path == "call" && asked.method == "POST") {
      calls_.run(bodyOf(asked.body), reply);
      return;
    }
    reply(answer(asked));
  } catch (const JsonError& problem) {
    reply(controlError(badStatus, problem.what()));
  } catch (const std::exception& problem) {
    constexpr int failedStatus = 500;
    reply(controlError(failedStatus, problem.what()));
  }
}

HttpResponse Control::answer(const Asked& asked) {
  const std::string part = asked.path.substr(0, asked.path.find('/'));
  if (part == "faults") return faults(asked);
  if (asked.path == "calls") return calls(asked);
  if (asked.path == "sessions") return sessions(asked);
  if (asked.path == "restart") return restart(asked);
  if (asked.path == "clock") return clock(asked);
  if (asked.path == "state") return state(asked);
  if (part == "tasks") return tasks(asked);
  if (part == "drs" || part == "write" || part == "replicate" || part == "guest") return acts(asked);
  if (asked.path == "call") return notAllowed(asked.method, asked.path);
  return controlError(
      notFoundStatus,
      fmt::format(
          "there is no /mock/{}; there are faults, calls, sessions, restart, clock, state, tasks, call, drs, "
          "write, replicate and guest",
          asked.path));
}

HttpResponse Control::faults(const Asked& asked) {
  OrderBook& orders = parts_.orders;
  Json json;
  if (asked.path.starts_with("faults/")) {
    const std::string id = asked.path.substr(7);
    if (asked.method != "DELETE") return notAllowed(asked.method, asked.path);
    if (!orders.remove(id)) return controlError(notFoundStatus, fmt::format("there is no order '{}'", id));
    json["removed"] = Json::array({id});
    return controlAnswer(okStatus, json);
  }
  if (asked.method == "GET") {
    json["orders"] = Json::array();
    for (const OrderBook::Listed& each : orders.all()) json["orders"].push_back(describe(each));
    return controlAnswer(okStatus, json);
  }
  if (asked.method == "DELETE") {
    json["removed"] = Json::array();
    for (const OrderBook::Listed& each : orders.all()) {
      if (orders.remove(each.order.id)) json["removed"].push_back(each.order.id);
    }
    return controlAnswer(okStatus, json);
  }
  if (asked.method != "POST") return notAllowed(asked.method, asked.path);
  OrderFile file = parseOrders(asked.body);  // all of it is good, or nothing is taken
  if (file.seed) orders.reseed(*file.seed);
  json["added"] = Json::array();
  for (Order& order : file.orders) json["added"].push_back(orders.add(std::move(order)));
  return controlAnswer(createdStatus, json);
}

HttpResponse Control::calls(const Asked& asked) {
  if (asked.method == "GET") return controlAnswer(okStatus, parts_.counter.report());
  if (asked.method == "DELETE") return controlAnswer(okStatus, parts_.counter.reset(parts_.world.now()));
  return notAllowed(asked.method, asked.path);
}

HttpResponse Control::sessions(const Asked& asked) {
  Json json;
  if (asked.method == "DELETE") {
    const std::string user = inQuery(asked.query, "user");
    json["killed"] = parts_.incidents.killSessions(user.empty() ? "*" : user);
    return controlAnswer(okStatus, json);
  }
  if (asked.method != "GET") return notAllowed(asked.method, asked.path);
  json["sessions"] = Json::array();
  const std::lock_guard lock(parts_.world.lock());
  parts_.world.sessions.expire(parts_.world.scheduler().now());
  for (const auto& session : parts_.world.sessions.all()) {
    Json each;
    // As in the call log: enough to tell sessions apart, not enough to take one over.
    each["session"] = session->key.substr(0, 8);
    each["user"] = session->user->name;
    each["loginTime"] = session->loginTime;
    each["lastActiveTime"] = session->lastActiveTime;
    each["calls"] = session->callCount;
    each["address"] = session->address;
    each["userAgent"] = session->userAgent;
    each["views"] = session->views.size();
    json["sessions"].push_back(std::move(each));
  }
  return controlAnswer(okStatus, json);
}

HttpResponse Control::restart(const Asked& asked) {
  if (asked.method != "POST") return notAllowed(asked.method, asked.path);
  const Json body = bodyOf(asked.body);
  JsonReader in(body, "");
  std::chrono::milliseconds down{0};
  in.duration("down", down);
  in.done();
  parts_.incidents.restart(down);
  Json json;
  json["restarts"] = parts_.incidents.restarts();
  json["down"] = durationText(down);
  return controlAnswer(okStatus, json);
}

HttpResponse Control::clock(const Asked& asked) {
  if (asked.method == "DELETE") {
    parts_.incidents.setClockSkew(std::chrono::milliseconds(0));
  } else if (asked.method == "POST") {
    const Json body = bodyOf(asked.body);
    JsonReader in(body, "");
    std::chrono::milliseconds by{0};
    in.need("by");
    in.duration("by", by, true);
    in.done();
    parts_.incidents.moveClock(by);
  } else if (asked.method != "GET") {
    return notAllowed(asked.method, asked.path);
  }
  Json json;
  json["time"] = parts_.world.now();
  const auto skew = parts_.incidents.clockSkew();
  json["skew"] = (skew.count() > 0 ? "+" : "") + durationText(skew);
  return controlAnswer(okStatus, json);
}

HttpResponse Control::state(const Asked& asked) {
  if (asked.method != "POST") return notAllowed(asked.method, asked.path);
  constexpr int conflictStatus = 409;
  if (!parts_.saveState)
    return controlError(conflictStatus,
                        "the server was started without --state, so there is no file to save to");
  parts_.saveState();
  return controlAnswer(okStatus, {{"saved", true}});
}

HttpResponse Control::tasks(const Asked& asked) {
  if (asked.path != "tasks") return changeTask(asked);
  if (asked.method != "GET") return notAllowed(asked.method, asked.path);
  Json json;
  json["tasks"] = Json::array();
  World& world = parts_.world;
  const std::lock_guard lock(world.lock());
  for (const ManagedObject* task : world.inventory.all("Task")) {
    const Value& info = task->properties().get("info");
    Json each;
    for (const char* member : {"key", "name", "entity", "entityName", "state", "progress", "queueTime"}) {
      if (info.at(member).isSet()) each[member] = jsonOf(info.at(member));
    }
    each["hangs"] = world.tasks.hangs(task->ref.id);
    if (info.at("error").isSet()) each["error"] = info.at("error.fault").asObject()->type().name;
    json["tasks"].push_back(std::move(each));
  }
  return controlAnswer(okStatus, json);
}

HttpResponse Control::acts(const Asked& asked) {
  World& world = parts_.world;
  constexpr std::string_view guest = "guest/";
  if (asked.path.starts_with(guest)) {
    if (asked.method != "GET") return notAllowed(asked.method, asked.path);
    return controlAnswer(okStatus, guestView(world, asked.path.substr(guest.size())));
  }
  if (asked.method != "POST") return notAllowed(asked.method, asked.path);
  if (asked.path == "drs") return controlAnswer(okStatus, actDrs(world, bodyOf(asked.body)));
  if (asked.path == "write") return controlAnswer(okStatus, actWrite(world, bodyOf(asked.body)));
  if (asked.path == "replicate") return controlAnswer(okStatus, actReplicate(world, bodyOf(asked.body)));
  return controlError(notFoundStatus, fmt::format("there is no /mock/{}", asked.path));
}

HttpResponse Control::changeTask(const Asked& asked) {
  if (asked.method != "POST") return notAllowed(asked.method, asked.path);
  const std::string id = asked.path.substr(6);
  const Json body = bodyOf(asked.body);
  JsonReader in(body, "");
  std::string what;
  in.need("do");
  in.text("do", what);
  const Json* fault = in.member("fault");
  in.done();
  if (what != "finish" && what != "fail" && what != "vanish")
    throw JsonError("/do", fmt::format("'{}' is none of finish, fail, vanish", what));
  if ((what == "fail") != (fault != nullptr))
    throw JsonError("/fault", "'fail' needs a fault, and nothing else does");
  TaskEngine& engine = parts_.world.tasks;
  const std::lock_guard lock(parts_.world.lock());
  const bool found = what == "finish" ? engine.finishNow(id)
                     : what == "fail" ? engine.failNow(id, parseFault(*fault, "/fault"))
                                      : engine.vanishNow(id);
  if (!found) return controlError(notFoundStatus, fmt::format("no task '{}' is running", id));
  parts_.world.inventory.commit();
  Json json;
  json["task"] = id;
  json["did"] = what;
  return controlAnswer(okStatus, json);
}

}  // namespace failback::mock
