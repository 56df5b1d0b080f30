// SPDX-License-Identifier: GPL-2.0-or-later
// A client of the simulated server that writes its requests by hand and reads the answers as XML, so that
// these tests share no code with what they test. It calls the request handler directly, without a socket.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/simulation.h"

namespace failback::mock::testing {

struct SoapReply {
  int status = 0;
  std::string body, setCookie;
  bool has(std::string_view text) const { return body.find(text) != std::string::npos; }
  // Values of an XPath without prefixes ("//returnval/token"): the text of each node found.
  std::vector<std::string> all(const std::string& xpath) const;
  // The only one; empty when there is none, fails the test when there are several.
  std::string one(const std::string& xpath) const;
  std::size_t count(const std::string& xpath) const { return all(xpath).size(); }
  std::string faultType() const { return one("//detail/*/@type"); }
};

class SoapClient {
 public:
  explicit SoapClient(Simulation& simulation, std::string version = "8.0.2.0")
      : simulation_(simulation), version_(std::move(version)) {}

  // `body`: the members of the call, `_this` included.
  SoapReply call(const std::string& method, const std::string& body);
  // The same, but not waiting for the answer.
  std::future<SoapReply> start(const std::string& method, const std::string& body);
  SoapReply post(const std::string& document);
  SoapReply login(const std::string& user = "administrator@vsphere.local",
                  const std::string& password = "secret");
  std::string id(const std::string& inventoryPath);  // by FindByInventoryPath
  std::string cookie;
  std::string soapAction;  // instead of the usual one

 private:
  std::future<SoapReply> send(const std::string& document);
  Simulation& simulation_;
  std::string version_;
};

// A machine of the built-in site, running Linux.
inline const std::string webPath = "DC1/vm/Production/Linux/web-01";

bool contains(const std::vector<std::string>& list, const std::string& item);

std::string self(std::string_view type, std::string_view id);
std::string ref(std::string_view element, std::string_view type, std::string_view id);
// RetrievePropertiesEx of some paths of one object.
std::string oneObject(std::string_view type, std::string_view id, const std::vector<std::string>& paths);
// PropertyFilterSpec over a view that was made.
std::string overView(std::string_view viewType, std::string_view view, std::string_view type,
                     const std::vector<std::string>& paths);

// Where the judge finds the exchanges of the running test: a folder below $FAILBACK_RECORD_ROOT, when that is
// set, with a note of the release that is spoken and that the requests are written by hand.
HandlerOptions recording(const std::string& apiVersion = "8.0.3.0");

// A simulation of a built-in scenario whose clock only moves when told.
struct Fixture {
  explicit Fixture(const std::string& scenario = "site", const std::string& apiVersion = {},
                   bool record = true);
  Simulation simulation;
  SoapClient client;
};

}  // namespace failback::mock::testing
