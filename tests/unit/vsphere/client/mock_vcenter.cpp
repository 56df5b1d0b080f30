// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/vsphere/client/mock_vcenter.h"

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cctype>
#include <chrono>
#include <future>

#include "tests/support/record_folder.h"

namespace failback::vsphere::test {
namespace {

mock::WorldSettings settings(const mock::ScenarioSpec& scenario) {
  mock::WorldSettings made;
  made.apiVersion = mock::apiVersionOf(scenario.server.version);
  return made;
}

std::string lowerCase(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

mock::HttpRequest httpRequest(const Request& request) {
  mock::HttpRequest made;
  made.method = request.verb == Request::Verb::get ? "GET" : "POST";
  made.target = request.path;
  if (!request.soapAction.empty()) made.headers["soapaction"] = request.soapAction;
  for (const auto& [name, value] : request.headers) made.headers[lowerCase(name)] = value;
  made.body = request.body;
  made.peer = "192.0.2.1";
  return made;
}

Response answered(mock::HttpResponse&& from, const Request& request) {
  Response made;
  made.status = from.status;
  for (const auto& [name, value] : from.headers) made.headers.emplace_back(lowerCase(name), value);
  made.body = std::move(from.body);
  if (request.onBody && made.status == 200) {
    request.onBody(made.body);
    made.body.clear();
  }
  return made;
}

class Kept : public InventorySink {
 public:
  void object(InventoryObject&& object) override { objects.push_back(std::move(object)); }
  void unreadable(Unreadable&&) override {}
  void progress(std::uint64_t, std::uint64_t) override {}
  std::vector<InventoryObject> objects;
};

}  // namespace

MockVcenter::MockVcenter(const std::string& scenario)
    : simulation_(mock::loadScenario(scenario), "secret", settings(mock::loadScenario(scenario)),
                  mock::HandlerOptions{}, mock::Scheduler::Clock::manual) {}

Response MockVcenter::send(const Request& request, const Context& context) {
  {
    const std::lock_guard lock(mutex_);
    sent_.emplace_back(request.method, request.body);
  }
  auto promise = std::make_shared<std::promise<mock::HttpResponse>>();
  std::future<mock::HttpResponse> answer = promise->get_future();
  simulation_.handle(httpRequest(request),
                     [promise](mock::HttpResponse response) { promise->set_value(std::move(response)); });
  // What is not answered at once waits for something to happen, or for its time to be over.
  while (answer.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    context.check("an answer of mock-vcenter");
    simulation_.scheduler().advance(std::chrono::seconds(1));
  }
  return answered(answer.get(), request);
}

std::vector<std::string> MockVcenter::sent(const std::string& method) const {
  const std::lock_guard lock(mutex_);
  std::vector<std::string> bodies;
  for (const auto& [name, body] : sent_)
    if (name == method) bodies.push_back(body);
  return bodies;
}

MockSite::MockSite(const std::string& scenario) : server(std::make_shared<MockVcenter>(scenario)) {
  ClientOptions options;
  options.connection.url.host = "vc.example";
  options.transport = server;
  options.recordDirectory = ::failback::test::recordFolder("actions", "version: 8.0\n");
  const std::string user = mock::loadScenario(scenario).server.esxi ? "root" : "administrator@vsphere.local";
  client = Client::connect(std::move(options), {user, Secret("secret"), "en"}, soon());
}

InventoryObject MockSite::named(const std::string& type, const std::string& name) {
  Kept kept;
  client->readInventory({{type}, Depth::standard, {}, {}}, kept, soon());
  const auto found = std::ranges::find_if(
      kept.objects, [&](const InventoryObject& each) { return entityOf(each).name == name; });
  BOOST_REQUIRE_MESSAGE(found != kept.objects.end(), "there is no " << type << " " << name);
  return *found;
}

InventoryObject MockSite::one(const Moref& ref) {
  Kept kept;
  client->readObjects({ref}, Depth::full, kept, soon());
  BOOST_REQUIRE_MESSAGE(kept.objects.size() == 1u, ref.str() << " can't be read");
  return std::move(kept.objects.front());
}

TaskInfo MockSite::ended(const Moref& task) {
  return client->waitForTasks({task}, {}, soon()).at(0);
}

TaskInfo MockSite::done(const Moref& task) {
  TaskInfo info = ended(task);
  BOOST_REQUIRE_MESSAGE(info.state == "success",
                        info.name << ": " << (info.error ? info.error->text : info.state));
  return info;
}

std::string MockSite::faultOf(const Moref& task) {
  const TaskInfo info = ended(task);
  return info.error ? info.error->fault : "";
}

}  // namespace failback::vsphere::test
