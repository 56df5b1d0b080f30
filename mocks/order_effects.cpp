// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/order_effects.h"

#include <fmt/format.h>

#include <algorithm>

#include "mocks/envelope.h"
#include "mocks/object_names.h"
#include "mocks/request_peek.h"

namespace failback::mock {

namespace {

// An end tag that closes nothing, late in the text: parsers that read as they go notice late.
void breakXml(std::string& body) {
  const auto at = body.rfind("</soapenv:Body>");
  if (at == std::string::npos) {
    body += "<";
  } else {
    body.replace(at, 15, "</soapenv:Bodi>");
  }
}

HttpResponse statusResponse(int status) {
  if (status == 503) return unavailableResponse("ordered");
  return {status, {{"Content-Type", "text/plain"}}, fmt::format("HTTP status {} (ordered)\n", status)};
}

}  // namespace

OrderEffects::OrderEffects(World& world, OrderBook& book, Incidents& incidents)
    : world_(world), book_(book), incidents_(incidents) {
  world_.tasks.setFates([this](const TaskOrder& task) -> std::optional<TaskFate> {
    if (book_.empty() || task.activationId == controlOperation) return std::nullopt;
    const auto decided = book_.task(factsOf(world_, task.method, task.entity, task.userName));
    return decided ? std::optional(decided->what) : std::nullopt;
  });
}

std::string OrderEffects::userOf(std::string_view cookie) {
  const auto session = world_.sessions.find(cookie, world_.scheduler().now());
  return session ? session->user->name : std::string();
}

std::optional<OrderEffects::Decided> OrderEffects::decide(std::string_view body, CallContext& context) {
  if (book_.empty()) return std::nullopt;
  RequestPeek peek = peekRequest(body);
  CallFacts facts;
  {
    const std::lock_guard lock(world_.lock());
    facts = factsOf(world_, peek.method, peek.self, userOf(context.cookie));
  }
  auto decision = book_.call(facts);
  if (!decision) return std::nullopt;
  context.order = decision->order;
  // For the log, should the call not be carried out.
  context.format.method = std::move(peek.method);
  context.object = std::move(peek.self.id);
  context.user = std::move(facts.user);
  const CallEffect& effect = decision->what;
  if (effect.clock) incidents_.moveClock(*effect.clock);
  if (effect.killSessions) incidents_.killSessions(*effect.killSessions);
  if (effect.restart) incidents_.restart(*effect.restart);
  return Decided{decision->order, decision->what};
}

bool OrderEffects::carriesOut(const CallEffect& effect) {
  if (effect.drop == CallEffect::Drop::before) return false;
  return effect.happens || (effect.status == 0 && !effect.fault);
}

void OrderEffects::apply(const CallEffect& effect, CallContext& context, HttpResponse& response) {
  if (effect.status != 0) {
    context.fault.clear();
    response = statusResponse(effect.status);
  } else if (effect.fault) {
    context.fault = std::string(effect.fault->type());
    response = faultResponse(context.format, *effect.fault);
  }
  if (effect.malformed) breakXml(response.body);
  if (effect.truncateAt && *effect.truncateAt < response.body.size())
    response.body.resize(*effect.truncateAt);
  DeliveryPlan& plan = response.delivery;
  plan.bytesPerSecond = effect.bytesPerSecond;
  if (effect.cutAt) {
    plan.bodyBytes = effect.cutAt;
    plan.closeAfter = true;
  }
  switch (effect.drop) {
    case CallEffect::Drop::none:
      break;
    case CallEffect::Drop::before:
    case CallEffect::Drop::unanswered:
      plan.answered = false;
      break;
    case CallEffect::Drop::middle:
      plan.bodyBytes = response.body.size() / 2;
      break;
    case CallEffect::Drop::after:
      plan.closeAfter = true;
      break;
  }
}

std::string_view OrderEffects::brokenBy(const CallEffect& effect) {
  if (effect.malformed || effect.truncateAt || effect.cutAt) return "the answer was broken by order\n";
  if (effect.drop != CallEffect::Drop::none && effect.drop != CallEffect::Drop::after)
    return "the connection was dropped by order\n";
  return {};
}

}  // namespace failback::mock
