// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/request_handler.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "wsdl/served_files.h"

namespace failback::mock {

namespace {

constexpr std::array<std::string_view, 27> knownVersions{
    "8.0.3.0", "8.0.2.0", "8.0.1.0", "8.0.0.2", "8.0.0.1", "8.0.0.0", "7.0.3.2", "7.0.3.1", "7.0.3.0",
    "7.0.2.1", "7.0.2.0", "7.0.1.1", "7.0.1.0", "7.0.0.2", "7.0.0.0", "6.9.1",   "6.8.7",   "6.7.3",
    "6.7.2",   "6.7.1",   "6.7",     "6.5",     "6.0",     "5.5",     "5.1",     "5.0",     "4.1"};

std::array<int, 4> parts(std::string_view version) {
  std::array<int, 4> numbers{};
  std::size_t index = 0;
  for (const char c : version) {
    if (c == '.') {
      if (++index == numbers.size()) break;
    } else if (c >= '0' && c <= '9' && numbers[index] < 10'000) {
      numbers[index] = numbers[index] * 10 + (c - '0');
    }
  }
  return numbers;
}

// "urn:vim25/8.0.2.0", with quotes or without, gives "8.0.2.0"; empty when there is no version.
std::string versionIn(std::string_view soapAction) {
  constexpr std::string_view name = "urn:vim25/";
  const auto at = soapAction.find(name);
  if (at == std::string_view::npos) return {};
  std::string_view version = soapAction.substr(at + name.size());
  return std::string(version.substr(0, version.find_first_of("\" ")));
}

// The content of the header's operationID, empty when there is none.
std::string operationIdIn(std::string_view body) {
  const auto name = body.find("operationID");
  if (name > 4096) return {};  // npos, too
  const auto start = body.find('>', name);
  const auto end = start == std::string_view::npos ? start : body.find('<', start);
  return end == std::string_view::npos ? std::string() : std::string(body.substr(start + 1, end - start - 1));
}

HttpResponse text(int status, std::string type, std::string body) {
  return {status, {{"Content-Type", std::move(type)}}, std::move(body)};
}

}  // namespace

struct RequestHandler::Exchange {
  HttpRequest request;
  CallContext context;
  Reply reply;
  CallEffect effect;           // what was ordered for it
  std::uint64_t restarts = 0;  // of the server before it
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

std::vector<std::string> versionsUpTo(const std::string& apiVersion) {
  std::vector<std::string> versions;
  for (const std::string_view known : knownVersions) {
    if (parts(known) <= parts(apiVersion)) versions.emplace_back(known);
  }
  if (versions.empty() || versions.front() != apiVersion) versions.insert(versions.begin(), apiVersion);
  return versions;
}

RequestHandler::RequestHandler(World& world, const HandlerOptions& options)
    : world_(world),
      options_(options),
      dispatcher_(world),
      polls_(world),
      orders_(options.orderSeed),
      incidents_(world),
      effects_(world, orders_, incidents_),
      counter_(world.now()),
      folders_(world),
      control_({world, dispatcher_, orders_, incidents_, counter_, options_.saveState}) {
  for (const Order& order : options_.orders) orders_.add(order);
  if (options_.recordDirectory) recorder_ = std::make_unique<Recorder>(*options_.recordDirectory);
  if (options_.callLog) callLog_ = std::make_unique<CallLog>(*options_.callLog);
}

void RequestHandler::handle(HttpRequest request, Reply reply) {
  auto exchange = std::make_shared<Exchange>();
  exchange->request = std::move(request);
  exchange->reply = std::move(reply);
  exchange->restarts = incidents_.restarts();
  const std::string path = exchange->request.target.substr(0, exchange->request.target.find('?'));
  if (path == "/mock" || path.starts_with("/mock/")) {
    control_.handle(exchange->request, exchange->reply);
  } else if (incidents_.down() && path != "/healthz") {
    complete(exchange, unavailableResponse("the server is starting"));
  } else if (FolderAccess::serves(path)) {
    complete(exchange, folders_.handle(exchange->request));
  } else if (exchange->request.method == "POST" &&
             (path == "/sdk" || path == "/sdk/" || path == "/sdk/vimService")) {
    soap(exchange);
  } else if (exchange->request.method == "GET" || exchange->request.method == "HEAD") {
    HttpResponse response = get(path);
    if (response.status == 200 && path == "/sdk/vimServiceVersions.xml")
      exchange->context.format.method = path.substr(5);
    complete(exchange, std::move(response));
  } else {
    complete(exchange, text(path == "/sdk" ? 405 : 404, "text/plain", "404 Not Found\n"));
  }
}

HttpResponse RequestHandler::get(const std::string& path) {
  if (path == "/sdk/vimServiceVersions.xml") return versions();
  if (path == "/sdk/vimService.wsdl")
    return text(200, "text/xml; charset=utf-8", std::string(vim25::servedWsdl()));
  if (path == "/sdk/vim25.xsd")
    return text(200, "text/xml; charset=utf-8", std::string(vim25::servedSchema()));
  if (path == "/healthz") return health();
  return text(404, "text/plain", "404 Not Found\n");
}

HttpResponse RequestHandler::versions() const {
  const std::vector<std::string> versions = versionsUpTo(world_.settings().apiVersion);
  std::string body =
      "<?xml version=\"1.0\" encoding=\"UTF-8\" ?><namespaces "
      "version=\"1.0\"><namespace><name>urn:vim25</name><version>" +
      versions.front() + "</version><priorVersions>";
  for (std::size_t i = 1; i < versions.size(); ++i) body += "<version>" + versions[i] + "</version>";
  body += "</priorVersions></namespace></namespaces>\n";
  return text(200, "text/xml", std::move(body));
}

HttpResponse RequestHandler::health() {
  nlohmann::ordered_json state;
  const std::lock_guard lock(world_.lock());
  state["status"] = "ok";
  state["sessions"] = world_.sessions.all().size();
  state["objects"] = world_.inventory.size();
  state["version"] = world_.inventory.version();
  return text(200, "application/json", state.dump() + "\n");
}

void RequestHandler::soap(const std::shared_ptr<Exchange>& exchange) {
  CallContext& context = exchange->context;
  const HttpRequest& request = exchange->request;
  const std::string asked = versionIn(request.header("soapaction"));
  context.format.release = std::min(world_.release(), asked.empty() ? Release::v65 : releaseOf(asked));
  context.operationId = operationIdIn(request.body);
  context.cookie = sessionCookieIn(request.header("cookie"));
  context.address = request.peer;
  context.userAgent = request.header("user-agent");
  if (const auto decided = effects_.decide(request.body, context)) {
    exchange->effect = decided->effect;
    // The call came after the restart that it was told of.
    exchange->restarts = incidents_.restarts();
    if (incidents_.down()) {
      finishOrdered(exchange, unavailableResponse("the server is starting"));
      return;
    }
  }
  if (OrderEffects::carriesOut(exchange->effect)) {
    carryOut(exchange);
  } else {
    finishOrdered(exchange, {});
  }
}

void RequestHandler::carryOut(const std::shared_ptr<Exchange>& exchange) {
  CallContext& context = exchange->context;
  try {
    dispatcher_.run(exchange->request.body, context);
  } catch (const std::exception& problem) {
    context.fault = "SystemError";
    context.response = plainFaultResponse(problem.what());
  }
  if (context.parked) {
    ParkedCall parked = std::move(*context.parked);
    polls_.park(std::move(parked), context.format,
                [this, exchange](HttpResponse response, std::string fault) {
                  exchange->context.fault = std::move(fault);
                  finishOrdered(exchange, std::move(response));
                });
    return;
  }
  if (!context.setCookie.empty()) {
    context.response.headers.emplace_back(
        "Set-Cookie",
        fmt::format("vmware_soap_session=\"{}\"; Path=/; HttpOnly; Secure;", context.setCookie));
  }
  finishOrdered(exchange, std::move(context.response));
}

void RequestHandler::finishOrdered(const std::shared_ptr<Exchange>& exchange, HttpResponse response) {
  try {
    OrderEffects::apply(exchange->effect, exchange->context, response);
  } catch (const std::exception& problem) {
    response = plainFaultResponse(problem.what());
  }
  if (exchange->restarts != incidents_.restarts()) response.delivery.answered = false;
  complete(exchange, std::move(response));
}

std::vector<std::string> RequestHandler::secrets(const Exchange& exchange) {
  std::vector<std::string> found{exchange.context.sessionKey, exchange.context.cookie,
                                 exchange.context.setCookie};
  const std::lock_guard lock(world_.lock());
  for (const auto& session : world_.sessions.all()) {
    found.push_back(session->key);
    found.push_back(session->cookie);
  }
  return found;
}

void RequestHandler::record(const Exchange& exchange, const HttpResponse& response) {
  const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                                          exchange.start);
  try {
    const int status = response.delivery.answered ? response.status : 0;
    if (exchange.request.method == "POST") {
      counter_.count(exchange.context.format.method, exchange.context.fault, status, exchange.context.order);
      if (callLog_) callLog_->write(exchange.context, status, world_.now(), took);
    }
    std::string_view broken = OrderEffects::brokenBy(exchange.effect);
    if (!response.delivery.answered) broken = "the connection was dropped\n";
    if (response.status != 200 && response.status != 500) broken = "no SOAP, but an HTTP status\n";
    if (recorder_ && !exchange.context.format.method.empty()) {
      recorder_->record(exchange.context.format.method, exchange.request.body, response.body,
                        secrets(exchange), broken);
    }
  } catch (const std::exception& problem) {
    fmt::print(stderr, "mock-vcenter: error: {}\n", problem.what());
  }
}

void RequestHandler::complete(const std::shared_ptr<Exchange>& exchange, HttpResponse response) {
  record(*exchange, response);
  const auto delay = options_.delay + exchange->effect.delay;
  if (delay.count() == 0) {
    exchange->reply(std::move(response));
    return;
  }
  auto kept = std::make_shared<HttpResponse>(std::move(response));
  world_.scheduler().after(delay, [exchange, kept] { exchange->reply(std::move(*kept)); });
}

}  // namespace failback::mock
