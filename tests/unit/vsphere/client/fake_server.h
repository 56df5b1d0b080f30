// SPDX-License-Identifier: GPL-2.0-or-later
// A vCenter in memory, as far as the client speaks to one: sessions, views, the property collector, updates.
// What it says is written by hand; it keeps the rules that a real one keeps (a view ends with its session,
// RetrievePropertiesEx without a session answers 200 with NotAuthenticated in each missingSet, ...).
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/unit/vsphere/client/fake_xml.h"
#include "vsphere/client.h"
#include "vsphere/transport.h"

namespace failback::vsphere::test {

struct FakeObject {
  Moref ref;
  // Path -> a whole <propSet>. What is not here is unset.
  std::map<std::string, std::string> properties;
  // Path -> the type of the fault in missingSet ("NoPermission").
  std::map<std::string, std::string> missing;
};

// Thread-safe. The public members are set before the first call, or from within `meet`. What the functions
// refer to must outlive the client: its end asks once more.
class FakeServer : public Transport {
 public:
  FakeServer();

  Response send(const Request& request, const Context& context) override;

  // Called before each call is answered, with its number from 1: may return an answer of its own, or throw.
  std::function<std::optional<Response>(const Request& request, std::size_t call)> meet;
  // Called after each answer was made: may spoil it.
  std::function<void(const Request& request, std::size_t call, Response& response)> spoil;

  // The inventory; all of it is in every view on its types.
  std::vector<FakeObject> objects;
  // What a view lists although it is gone by the time it is read.
  std::vector<Moref> ghosts;
  std::string password = "secret-Passw0rd";
  std::string versionsFile;  // empty: 404
  std::string about;         // content of the element
  bool vcenter = true;
  // A walk from the root folder comes by each object twice, as a server may that does not remember.
  bool walksTwice = false;
  std::size_t serverPage = 100;        // objects per answer, whatever the client asks
  std::set<std::string> unknownPaths;  // InvalidProperty
  bool reportsMissing = true;          // knows reportMissingObjectsInResults
  // Answers to WaitForUpdatesEx in their order: content of returnval without version; empty text: timed out.
  // When there is none left, `onIdle` is called, which may add some or throw.
  std::deque<std::string> updates;
  std::function<void()> onIdle;
  std::string licenses, assignedLicenses;  // contents
  std::vector<Moref> uuidHits;             // of FindAllByUuid
  // Tasks, scheduled tasks and managers, which are in no view; those scheduled belong to the one manager.
  std::vector<FakeObject> others;
  // Entity -> what every account may do there; other entities are not there. Other ids are unknown.
  std::map<Moref, std::set<std::string>> granted;
  std::set<std::string> knownPrivileges;
  std::map<std::string, std::string> answers;  // of further methods: contents

  // Ends all sessions, with views, tokens and collectors.
  void killSessions();

  // What happened so far. Method names, or file names of a GET.
  std::vector<std::string> calls() const;
  std::size_t count(const std::string& method) const;
  std::vector<ReadRequestXml> requests(const std::string& method) const;
  std::vector<Request> raw() const;
  // What a client left behind on the server, of sessions that were not logged out: "session ...", "view ...",
  // "collector ...", "token ...".
  std::vector<std::string> leftovers() const;
  std::size_t openSessions() const;

 private:
  struct Collector {
    bool filter = false;
    std::uint64_t version = 0;
  };
  struct Session {
    std::string key;
    std::map<std::string, std::vector<std::string>> views;  // with their types
    std::map<std::string, Collector> collectors;
    std::map<std::string, std::vector<std::string>> tokens;  // what is left, each a whole <objects>
  };

  Response answerTo(const Request& request);
  Response dispatch(const ReadRequestXml& request, Session& session);
  Response serviceContent() const;
  Response login(const ReadRequestXml& request);
  Response retrieve(const ReadRequestXml& request, Session* session);
  Response page(std::vector<std::string> contents, Session& session, const std::string& method);
  Response wait(const ReadRequestXml& request, Session& session);
  void addOther(const Moref& ref, const std::vector<std::string>& paths,
                std::vector<std::string>& contents) const;
  Response privileges(const ReadRequestXml& request, const Session& session) const;
  void addWalk(const ReadRequestXml& request, std::vector<std::string>& contents) const;
  std::string contentOf(const FakeObject& object, const std::vector<std::string>& paths) const;
  std::string viewContent(const Moref& view, const std::vector<std::string>& types) const;
  Session* sessionOf(const Request& request, std::string* key = nullptr);

  mutable std::mutex mutex_;
  std::map<std::string, Session> sessions_;  // by cookie
  std::vector<Request> seen_;
  std::uint64_t next_ = 0;
};

// A small inventory: a datacenter, its folders, a cluster, a pool, two hosts, a datastore, a network and
// `vms` VMs (vm-1000 and on, named vm0, vm1 ...).
std::vector<FakeObject> smallInventory(std::size_t vms);

ClientOptions optionsFor(const std::shared_ptr<Transport>& transport);
Credentials credentialsOf(const FakeServer& server);

// Keeps what it is given.
class Collected : public InventorySink {
 public:
  void object(InventoryObject&& object) override;
  void unreadable(Unreadable&& what) override { holes.push_back(std::move(what)); }
  void progress(std::uint64_t done, std::uint64_t total) override { steps.emplace_back(done, total); }

  std::vector<std::string> names;  // in the order they came
  std::map<std::string, InventoryObject> byMoref;
  std::vector<Unreadable> holes;
  std::vector<std::pair<std::uint64_t, std::uint64_t>> steps;
};

Response ok(std::string body);
Response faulty(const std::string& type, const std::string& text, const std::string& members = {});

}  // namespace failback::vsphere::test
