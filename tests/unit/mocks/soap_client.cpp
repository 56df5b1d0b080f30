// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/mocks/soap_client.h"

#include <fmt/format.h>
#include <libxml/parser.h>
#include <libxml/xpath.h>

#include <algorithm>
#include <boost/test/unit_test.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>

namespace failback::mock::testing {

namespace {

// Steps match local names, whatever their namespace.
std::string localNames(const std::string& xpath) {
  static const std::regex step(R"(/(@?)([A-Za-z_][A-Za-z0-9_]*))");
  return std::regex_replace(xpath, step, R"(/$1*[local-name()='$2'])");
}

}  // namespace

std::vector<std::string> SoapReply::all(const std::string& xpath) const {
  std::vector<std::string> found;
  const std::unique_ptr<xmlDoc, decltype(&xmlFreeDoc)> document(
      xmlReadMemory(body.data(), static_cast<int>(body.size()), nullptr, nullptr, XML_PARSE_NONET),
      xmlFreeDoc);
  BOOST_REQUIRE_MESSAGE(document, "the answer is not well-formed: " << body);
  const std::unique_ptr<xmlXPathContext, decltype(&xmlXPathFreeContext)> context(
      xmlXPathNewContext(document.get()), xmlXPathFreeContext);
  const std::string expression = localNames(xpath);
  const std::unique_ptr<xmlXPathObject, decltype(&xmlXPathFreeObject)> result(
      xmlXPathEvalExpression(reinterpret_cast<const xmlChar*>(expression.c_str()), context.get()),
      xmlXPathFreeObject);
  BOOST_REQUIRE_MESSAGE(result, "no XPath: " << expression);
  const xmlNodeSet* nodes = result->nodesetval;
  for (int i = 0; nodes && i < nodes->nodeNr; ++i) {
    xmlChar* text = xmlNodeGetContent(nodes->nodeTab[i]);
    found.emplace_back(reinterpret_cast<const char*>(text));
    xmlFree(text);
  }
  return found;
}

std::string SoapReply::one(const std::string& xpath) const {
  const auto found = all(xpath);
  BOOST_REQUIRE_MESSAGE(found.size() <= 1, xpath << " is there " << found.size() << " times in " << body);
  return found.empty() ? std::string() : found.front();
}

std::future<SoapReply> SoapClient::send(const std::string& document) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/sdk";
  request.headers["soapaction"] = soapAction.empty() ? "\"urn:vim25/" + version_ + "\"" : soapAction;
  request.headers["user-agent"] = "tests";
  if (!cookie.empty()) request.headers["cookie"] = cookie;
  request.body = document;
  request.peer = "192.0.2.1";
  auto promise = std::make_shared<std::promise<SoapReply>>();
  auto future = promise->get_future();
  simulation_.handle(std::move(request), [promise](HttpResponse response) {
    SoapReply reply{response.status, std::move(response.body), {}};
    for (const auto& [name, value] : response.headers) {
      if (name == "Set-Cookie") reply.setCookie = value;
    }
    promise->set_value(std::move(reply));
  });
  return future;
}

SoapReply SoapClient::post(const std::string& document) {
  auto future = send(document);
  BOOST_REQUIRE_MESSAGE(future.wait_for(std::chrono::seconds(10)) == std::future_status::ready,
                        "no answer: " << document);
  return future.get();
}

std::future<SoapReply> SoapClient::start(const std::string& method, const std::string& body) {
  return send(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><soapenv:Envelope "
      "xmlns:soapenv=\"http://schemas.xmlsoap.org/soap/envelope/\" "
      "xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><soapenv:Body><" +
      method + " xmlns=\"urn:vim25\">" + body + "</" + method + "></soapenv:Body></soapenv:Envelope>");
}

SoapReply SoapClient::call(const std::string& method, const std::string& body) {
  auto future = start(method, body);
  BOOST_REQUIRE_MESSAGE(future.wait_for(std::chrono::seconds(10)) == std::future_status::ready,
                        "no answer to " << method);
  return future.get();
}

SoapReply SoapClient::login(const std::string& user, const std::string& password) {
  SoapReply reply = call("Login", self("SessionManager", "SessionManager") + "<userName>" + user +
                                      "</userName><password>" + password + "</password>");
  if (reply.status == 200) cookie = reply.setCookie.substr(0, reply.setCookie.find(';'));
  return reply;
}

std::string SoapClient::id(const std::string& inventoryPath) {
  return call("FindByInventoryPath",
              self("SearchIndex", "SearchIndex") + "<inventoryPath>" + inventoryPath + "</inventoryPath>")
      .one("//returnval");
}

std::string ref(std::string_view element, std::string_view type, std::string_view id) {
  return fmt::format("<{0} type=\"{1}\">{2}</{0}>", element, type, id);
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

std::string self(std::string_view type, std::string_view id) {
  return ref("_this", type, id);
}

std::string oneObject(std::string_view type, std::string_view id, const std::vector<std::string>& paths) {
  std::string body = self("PropertyCollector", "propertyCollector") + "<specSet><propSet><type>" +
                     std::string(type) + "</type>";
  for (const std::string& path : paths) body += "<pathSet>" + path + "</pathSet>";
  return body + "</propSet><objectSet>" + ref("obj", type, id) + "</objectSet></specSet><options></options>";
}

std::string overView(std::string_view viewType, std::string_view view, std::string_view type,
                     const std::vector<std::string>& paths) {
  std::string body = "<propSet><type>" + std::string(type) + "</type>";
  for (const std::string& path : paths) body += "<pathSet>" + path + "</pathSet>";
  return body + "</propSet><objectSet>" + ref("obj", viewType, view) +
         "<skip>true</skip><selectSet xsi:type=\"TraversalSpec\"><name>all</name><type>" +
         std::string(viewType) + "</type><path>view</path><skip>false</skip></selectSet></objectSet>";
}

HandlerOptions recording(const std::string& apiVersion) {
  static int number = 0;
  HandlerOptions options;
  const char* root = std::getenv("FAILBACK_RECORD_ROOT");  // NOLINT(concurrency-mt-unsafe): before any thread
  if (!root || !*root) return options;
  const auto& test = boost::unit_test::framework::current_test_case();
  const auto directory =
      std::filesystem::path(root) / fmt::format("mocks-{}-{}", test.p_name.get(), number++);
  std::filesystem::create_directories(directory);
  std::ofstream(directory / "JUDGE") << "requests: foreign\nversion: " << apiVersion.substr(0, 3) << "\n";
  options.recordDirectory = directory;
  return options;
}

namespace {

ScenarioSpec scenarioOf(const std::string& name, const std::string& apiVersion) {
  ScenarioSpec spec = loadScenario(name);
  if (!apiVersion.empty()) spec.server.version = apiVersion;
  return spec;
}

WorldSettings settingsOf(const std::string& scenario, const std::string& apiVersion) {
  WorldSettings settings;
  settings.apiVersion =
      apiVersion.empty() ? apiVersionOf(loadScenario(scenario).server.version) : apiVersionOf(apiVersion);
  return settings;
}

}  // namespace

Fixture::Fixture(const std::string& scenario, const std::string& apiVersion, bool record)
    : simulation(scenarioOf(scenario, apiVersion), "secret", settingsOf(scenario, apiVersion),
                 record ? recording(apiVersion.empty() ? "8.0.3.0" : apiVersion) : HandlerOptions{},
                 Scheduler::Clock::manual),
      client(simulation, apiVersion.empty() ? "8.0.2.0" : apiVersionOf(apiVersion)) {}

}  // namespace failback::mock::testing
