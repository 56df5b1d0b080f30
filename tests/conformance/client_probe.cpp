// SPDX-License-Identifier: GPL-2.0-or-later
// Does with the client of vsphere/ what no verb of failback does yet, on a server that the conformance tests
// started: pages, searches, watching, tasks. They run it, change the server meanwhile, and read what it says.
//
//   client_probe RECORD_DIR PAGE_SIZE STEP...
//   server: FAILBACK_URL, FAILBACK_USERNAME, FAILBACK_PASSWORD, FAILBACK_THUMBPRINT; total deadline 60 s
//   steps: pages | abandon | search | licenses | watch PATH | tasks MOREF... (last)
//
// Prints one line per fact, "word moref ...", flushed; ends with 0, or with 1 and one line on stderr.

#include <cstdlib>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "vsphere/client.h"
#include "vsphere/error.h"

namespace {

namespace vs = failback::vsphere;

std::string fromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Objects in the order they came; may end the read early.
class Sink : public vs::InventorySink {
 public:
  explicit Sink(std::size_t most = SIZE_MAX) : most_(most) {}
  struct Enough {};

  void object(vs::InventoryObject&& object) override {
    seen.push_back(vs::entityOf(object).ref);
    if (const auto* vm = std::get_if<vs::VirtualMachine>(&object)) vms.push_back(*vm);
    if (seen.size() >= most_) throw Enough{};
  }
  void unreadable(vs::Unreadable&& what) override {
    std::cout << "unreadable " << what.object.str() << ' ' << what.reason << std::endl;
  }
  void progress(std::uint64_t, std::uint64_t) override { ++pages; }

  std::vector<vs::Moref> seen;
  std::vector<vs::VirtualMachine> vms;
  std::size_t pages = 0;

 private:
  std::size_t most_;
};

vs::ReadRequest allVms() {
  vs::ReadRequest request;
  request.types = {"VirtualMachine"};
  request.depth = vs::Depth::thin;
  return request;
}

void pages(vs::Client& client, const vs::Context& context) {
  Sink sink;
  client.readInventory(allVms(), sink, context);
  for (const vs::Moref& ref : sink.seen) std::cout << "page " << ref.value << std::endl;
  std::cout << "pages " << sink.pages << std::endl;
}

// Ends a read whose pages have not all come: the server must not keep them.
void abandon(vs::Client& client, const vs::Context& context) {
  Sink sink(1);
  try {
    client.readInventory(allVms(), sink, context);
  } catch (const Sink::Enough&) {
    std::cout << "abandoned " << sink.seen.size() << std::endl;
  }
}

void search(vs::Client& client, const vs::Context& context) {
  Sink sink;
  client.readInventory(allVms(), sink, context);
  for (const vs::VirtualMachine& vm : sink.vms) {
    for (const bool instance : {true, false}) {
      const auto& uuid = instance ? vm.instanceUuid : vm.biosUuid;
      if (!uuid) continue;
      for (const vs::Moref& hit : client.findVmsByUuid(*uuid, instance, context)) {
        std::cout << "found " << vm.ref.value << ' ' << hit.value << std::endl;
      }
    }
  }
  const auto none = client.findVmsByUuid("00000000-dead-beef-0000-000000000000", true, context);
  std::cout << "unknown " << none.size() << std::endl;
}

void licenses(vs::Client& client, const vs::Context& context) {
  std::vector<vs::Unreadable> holes;
  for (const vs::License& license : client.readLicenses(context, holes)) {
    std::cout << "license " << license.editionKey << ' ' << license.entityId << std::endl;
  }
}

// Tells each VM that enters, then "watching", then the first change of that path, and ends.
void watch(vs::Client& client, const std::string& path, const vs::Context& context) {
  Sink known;
  client.readInventory(allVms(), known, context);
  struct Watcher : vs::InventoryWatcher {
    explicit Watcher(const std::string& wanted) : path(wanted) {}
    bool change(vs::InventoryChange&& change) override {
      if (change.kind == vs::InventoryChange::Kind::enter) {
        std::cout << "enter " << change.object.value << std::endl;
        ++entered;
      }
      for (const vs::ChangedValue& changed : change.values) {
        std::cout << "change " << change.object.value << ' ' << changed.path << std::endl;
        if (changed.path == path) return false;
      }
      return true;
    }
    bool complete() override {
      std::cout << "watching" << std::endl;
      return true;
    }
    const std::string& path;
    std::size_t entered = 0;
  } watcher(path);
  client.watch(allVms(), watcher, context, context);
  std::cout << "entered " << watcher.entered << " of " << known.seen.size() << std::endl;
}

void tasks(vs::Client& client, std::span<const std::string> names, const vs::Context& context) {
  std::vector<vs::Moref> refs;
  for (const std::string& name : names) refs.push_back({"Task", name, {}});
  const auto ended = client.waitForTasks(
      refs, [](const vs::TaskInfo&) {}, context);
  for (const vs::TaskInfo& task : ended) {
    std::cout << "task " << task.ref.value << ' ' << task.state << ' ' << task.name << std::endl;
  }
  // It has ended: a server may say so (InvalidState), or take no notice.
  try {
    client.cancelTask(refs.front(), context);
    std::cout << "cancel accepted" << std::endl;
  } catch (const vs::Failure& failure) {
    std::cout << "cancel " << failure.error().fault << std::endl;
  }
}

void run(const std::string& record, int pageSize, std::span<const std::string> steps) {
  vs::ParsedUrl server = vs::parseUrl(fromEnvironment("FAILBACK_URL"));
  vs::ClientOptions options;
  options.connection.url = server.url;
  options.connection.tls.thumbprint = fromEnvironment("FAILBACK_THUMBPRINT");
  options.connection.userAgent = "client_probe";
  options.recordDirectory = record;
  options.pageSize = pageSize;
  vs::Credentials credentials;
  credentials.userName = fromEnvironment("FAILBACK_USERNAME");
  credentials.password = vs::Secret(fromEnvironment("FAILBACK_PASSWORD"));

  const vs::Context context = vs::Context().withTimeout(vs::Milliseconds(60'000));
  const auto client = vs::Client::connect(std::move(options), std::move(credentials), context);
  std::cout << "connected " << client->server().negotiatedVersion << std::endl;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string& step = steps[i];
    if (step == "pages") {
      pages(*client, context);
    } else if (step == "abandon") {
      abandon(*client, context);
    } else if (step == "search") {
      search(*client, context);
    } else if (step == "licenses") {
      licenses(*client, context);
    } else if (step == "watch" && i + 1 < steps.size()) {
      watch(*client, steps[++i], context);
    } else if (step == "tasks" && i + 1 < steps.size()) {
      tasks(*client, steps.subspan(i + 1), context);
      break;
    } else {
      vs::fail(vs::Category::usage, "no such step: " + step);
    }
  }
  std::cout << (client->logout() ? "logged out" : "logout not confirmed") << std::endl;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (arguments.size() < 3) {
    std::cerr << "usage: client_probe RECORD_DIR PAGE_SIZE STEP...\n";
    return 2;
  }
  try {
    run(arguments[0], std::stoi(arguments[1]), std::span(arguments).subspan(2));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "client_probe: " << error.what() << '\n';
    return 1;
  }
}
