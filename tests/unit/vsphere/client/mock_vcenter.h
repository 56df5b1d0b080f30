// SPDX-License-Identifier: GPL-2.0-or-later
// mock-vcenter in memory behind the client's transport, with a clock that moves only while the client waits
// for updates. Unlike FakeServer it has a world that changes, which can be read back.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "mocks/simulation.h"
#include "vsphere/client.h"
#include "vsphere/transport.h"

namespace failback::vsphere::test {

// Thread-safe.
class MockVcenter : public Transport {
 public:
  explicit MockVcenter(const std::string& scenario);

  Response send(const Request& request, const Context& context) override;

  mock::Simulation& simulation() { return simulation_; }
  // The bodies of the requests of one method, as they were sent.
  std::vector<std::string> sent(const std::string& method) const;

 private:
  mock::Simulation simulation_;
  mutable std::mutex mutex_;
  std::vector<std::pair<std::string, std::string>> sent_;
};

// A client of it, and short ways to what the tests ask.
struct MockSite {
  explicit MockSite(const std::string& scenario = "site");

  Context soon() const { return Context().withTimeout(std::chrono::seconds(60)); }
  Actions& act() { return client->actions(); }
  // Of that vSphere type and name; fails the test when it is not there.
  InventoryObject named(const std::string& type, const std::string& name);
  Moref ref(const std::string& type, const std::string& name) { return entityOf(named(type, name)).ref; }
  Moref vm(const std::string& name) { return ref("VirtualMachine", name); }
  template <class Object>
  Object read(const Moref& ref) {
    return std::get<Object>(one(ref));
  }
  VirtualMachine machine(const Moref& ref) { return read<VirtualMachine>(ref); }
  // Waits for the task.
  TaskInfo ended(const Moref& task);
  // The same, and it must have been a success.
  TaskInfo done(const Moref& task);
  // The fault that it ended with; empty when it was a success.
  std::string faultOf(const Moref& task);

  std::shared_ptr<MockVcenter> server;
  std::unique_ptr<Client> client;

 private:
  InventoryObject one(const Moref& ref);
};

}  // namespace failback::vsphere::test
