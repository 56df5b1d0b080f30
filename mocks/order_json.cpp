// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/order_json.h"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <sstream>

#include "mocks/json_reader.h"
#include "mocks/xml_writer.h"

namespace failback::mock {

namespace {

void checkMethod(const std::string& method, const std::string& place) {
  if (method.find_first_of("*?") != std::string::npos || TypeModel::get().method(method)) return;
  throw JsonError(place, fmt::format("no method '{}' is known{}", method,
                                     TypeModel::get().method(method + "_Task")
                                         ? fmt::format("; did you mean '{}_Task'?", method)
                                         : ""));
}

OrderMatch parseMatch(const Json& json, const std::string& place) {
  JsonReader in(json, place);
  OrderMatch match;
  if (in.text("method", match.method)) checkMethod(match.method, in.place("method"));
  in.text("object", match.object);
  in.text("user", match.user);
  in.done();
  return match;
}

OrderWhen parseWhen(const Json& json, const std::string& place) {
  JsonReader in(json, place);
  OrderWhen when;
  const bool exact = in.number("call", when.call, 1);
  const bool from = in.number("from", when.from, 1);
  const bool every = in.number("every", when.every, 1);
  in.number("times", when.times, 1);
  if (const Json* probability = in.member("probability")) {
    when.probability = probability->is_number() ? probability->get<double>() : -1;
    if (!(when.probability >= 0 && when.probability <= 1))
      throw JsonError(in.place("probability"), "a number from 0 to 1 is expected here");
  }
  if (exact && (from || every)) throw JsonError(place, "'call' stands without 'from' and 'every'");
  in.done();
  return when;
}

CallEffect::Drop parseDrop(const std::string& text, const std::string& place) {
  using Drop = CallEffect::Drop;
  constexpr std::array<std::pair<std::string_view, Drop>, 4> names{{{"before", Drop::before},
                                                                    {"unanswered", Drop::unanswered},
                                                                    {"middle", Drop::middle},
                                                                    {"after", Drop::after}}};
  for (const auto& [name, drop] : names) {
    if (name == text) return drop;
  }
  throw JsonError(place, fmt::format("'{}' is none of before, unanswered, middle, after", text));
}

// What stands instead of the answer, or maims it: one at most.
void refuseSeveral(const JsonReader& in) {
  std::vector<std::string> given;
  for (const char* name : {"cut", "truncate", "malformed", "drop", "status", "fault"}) {
    if (in.has(name)) given.emplace_back(name);
  }
  if (given.size() > 1)
    throw JsonError(in.place(), fmt::format("only one of {} at a time", fmt::join(given, ", ")));
}

void parseAnswer(JsonReader& in, CallEffect& effect) {
  std::string drop;
  std::uint64_t status = 0, at = 0;
  if (in.number("cut", at, 0)) effect.cutAt = at;
  if (in.number("truncate", at, 0)) effect.truncateAt = at;
  in.flag("malformed", effect.malformed);
  if (in.text("drop", drop)) effect.drop = parseDrop(drop, in.place("drop"));
  if (in.number("status", status, 200)) {
    constexpr std::uint64_t lastStatus = 599;
    if (status > lastStatus)
      throw JsonError(in.place("status"), "an HTTP status from 200 to 599 is expected here");
    effect.status = static_cast<int>(status);
  }
  if (const Json* fault = in.member("fault")) effect.fault = parseFault(*fault, in.place("fault"));
  if (in.flag("happens", effect.happens) && effect.status == 0 && !effect.fault)
    throw JsonError(in.place("happens"), "this goes with 'status' or 'fault' only");
}

CallEffect parseEffect(JsonReader& in) {
  refuseSeveral(in);
  CallEffect effect;
  in.duration("delay", effect.delay);
  in.number("drip", effect.bytesPerSecond, 1);
  parseAnswer(in, effect);
  std::string sessions;
  if (in.text("sessions", sessions)) effect.killSessions = sessions == "all" ? "*" : sessions;
  std::chrono::milliseconds span{0};
  if (in.duration("restart", span)) effect.restart = span;
  if (in.duration("clock", span, true)) effect.clock = span;
  return effect;
}

TaskFate parseTask(const Json& json, const std::string& place) {
  JsonReader in(json, place);
  TaskFate fate;
  bool hang = false, vanish = false;
  const Json* fail = in.member("fail");
  if (fail) {
    fate.end = TaskFate::End::fails;
    fate.fault = parseFault(*fail, in.place("fail"));
  }
  if (in.flag("hang", hang) && hang) fate.end = TaskFate::End::hangs;
  if (in.flag("vanish", vanish) && vanish) fate.end = TaskFate::End::vanishes;
  if (int{fail != nullptr} + int{hang} + int{vanish} > 1)
    throw JsonError(place, "only one of fail, hang, vanish at a time");
  std::uint64_t at = 0;
  constexpr std::uint64_t whole = 100;
  if (in.number("at", at, 0)) {
    if (at > whole) throw JsonError(in.place("at"), "a number of percent from 0 to 100 is expected here");
    fate.at = static_cast<int>(at);
  }
  if (in.flag("happens", fate.happens) && fate.happens && !vanish && !fail)
    throw JsonError(in.place("happens"), "this goes with 'fail' or 'vanish' only");
  std::chrono::milliseconds duration{0};
  if (in.duration("duration", duration)) fate.duration = duration;
  in.done();
  if (fate.end == TaskFate::End::asUsual && !fate.duration)
    throw JsonError(place, "nothing is to happen to the task: fail, hang, vanish or duration is missing");
  return fate;
}

Order parseOrder(const Json& json, const std::string& place) {
  JsonReader in(json, place);
  Order order;
  in.text("note", order.note);
  if (const Json* match = in.member("match")) order.match = parseMatch(*match, in.place("match"));
  if (const Json* when = in.member("when")) order.when = parseWhen(*when, in.place("when"));
  JsonReader what(in.need("do"), in.place("do"));
  if (const Json* task = what.member("task")) {
    order.task = parseTask(*task, what.place("task"));
    what.done();
  } else {
    order.effect = parseEffect(what);
    what.done();
    if (json.at("do").empty()) throw JsonError(what.place(), "nothing is to happen");
  }
  in.done();
  order.text = json.dump();
  return order;
}

}  // namespace

Fault parseFault(const Json& json, const std::string& place, const RefResolver& resolve) {
  JsonReader in(json, place);
  std::string type, message;
  in.need("type");
  in.text("type", type);
  const TypeInfo* info = TypeModel::get().find(type);
  if (!info || !info->isA("MethodFault"))
    throw JsonError(in.place("type"), fmt::format("'{}' is no fault that the schema knows", type));
  in.text("message", message);
  const Json* members = in.member("members");
  in.done();
  Value detail = objectFromJson(members ? *members : Json::object(), type, in.place("members"), resolve);
  if (message.empty()) message = fmt::format("{} (ordered)", type);
  return {std::move(detail), std::move(message)};
}

OrderFile parseOrders(std::string_view text) {
  const Json json = parseJson(text);
  OrderFile file;
  const Json* list = &json;
  std::string place;
  if (json.is_object() && !json.contains("orders")) {
    file.orders.push_back(parseOrder(json, ""));
    return file;
  }
  if (json.is_object()) {
    JsonReader in(json, "");
    in.member("$schema");
    std::uint64_t seed = 0;
    if (in.number("seed", seed, 0)) file.seed = seed;
    list = &in.need("orders");
    place = "/orders";
    in.done();
  }
  if (!list->is_array()) throw JsonError(place, "a list of orders is expected here");
  file.orders.reserve(list->size());
  for (std::size_t i = 0; i < list->size(); ++i)
    file.orders.push_back(parseOrder((*list)[i], fmt::format("{}/{}", place, i)));
  return file;
}

OrderFile readOrders(const std::string& file) {
  std::ifstream in(file);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error(fmt::format("cannot read the orders of {}", file));
  try {
    return parseOrders(text.str());
  } catch (const JsonError& problem) {
    throw JsonError(file, problem.what());
  }
}

Json describe(const OrderBook::Listed& listed) {
  Json json;
  json["id"] = listed.order.id;
  json.update(Json::parse(listed.order.text));
  json["matched"] = listed.matched;
  json["acted"] = listed.acted;
  return json;
}

}  // namespace failback::mock
