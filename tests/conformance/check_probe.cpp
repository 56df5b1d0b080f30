// SPDX-License-Identifier: GPL-2.0-or-later
// Makes the calls of vsphere/ that a check needs, on a server that the conformance tests started, and says
// what came. They compare it with what other clients see.
//
//   check_probe RECORD_DIR PAGE_SIZE STEP...
//   server: FAILBACK_URL, FAILBACK_USERNAME, FAILBACK_PASSWORD, FAILBACK_THUMBPRINT; total deadline 120 s
//   steps: sweep | rights ID,ID... | manage | events VM TYPE,TYPE... | options | top
//
// Prints one line per fact, "word moref ...", flushed; ends with 0, or with 1 and one line on stderr.

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <vector>

#include "discovery/json.h"
#include "vsphere/client.h"
#include "vsphere/error.h"

namespace {

namespace vs = failback::vsphere;

std::string fromEnvironment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<std::string> splitAt(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) parts.push_back(part);
  return parts;
}

// Each object as text, so that any difference shows.
class Sink : public vs::InventorySink {
 public:
  explicit Sink(vs::Depth depth) : depth_(depth) {}

  void object(vs::InventoryObject&& object) override {
    const vs::Moref ref = vs::entityOf(object).ref;
    const auto write = [this](const auto& one) {
      return failback::discovery::jsonLine(one, depth_, nullptr);
    };
    if (!texts.try_emplace(ref.str(), std::visit(write, object)).second) {
      std::cout << "twice " << ref.str() << std::endl;
    }
    objects.push_back(std::move(object));
  }
  void unreadable(vs::Unreadable&& what) override {
    holes.insert(what.object.str() + " " + what.property + " " + what.reason);
  }
  void progress(std::uint64_t, std::uint64_t) override {}

  std::map<std::string, std::string> texts;
  std::vector<vs::InventoryObject> objects;
  std::set<std::string> holes;

 private:
  vs::Depth depth_;
};

// What one way of reading brought and the other did not, or otherwise.
void compare(const Sink& read, const Sink& swept) {
  for (const auto& [ref, text] : read.texts) {
    const auto found = swept.texts.find(ref);
    if (found == swept.texts.end()) {
      std::cout << "unswept " << ref << std::endl;
    } else if (found->second != text) {
      std::cout << "differs " << ref << ": " << text << " BUT " << found->second << std::endl;
    }
  }
  for (const auto& [ref, text] : swept.texts) {
    if (!read.texts.contains(ref)) std::cout << "unread " << ref << std::endl;
  }
  for (const std::string& hole : read.holes) {
    if (!swept.holes.contains(hole)) std::cout << "unswepthole " << hole << std::endl;
  }
  for (const std::string& hole : swept.holes) {
    if (!read.holes.contains(hole)) std::cout << "unreadhole " << hole << std::endl;
  }
}

class Probe {
 public:
  Probe(vs::Client& client, const vs::Context& context) : client_(client), context_(context) {}

  void sweep() {
    for (const vs::Depth depth : {vs::Depth::thin, vs::Depth::standard, vs::Depth::full}) {
      Sink read(depth);
      vs::ReadRequest request;
      request.depth = depth;
      client_.readInventory(request, read, context_);
      const vs::CallCounts before = client_.callCounts();
      Sink swept(depth);
      client_.sweep({}, depth, swept, context_);
      const vs::CallCounts after = client_.callCounts();
      compare(read, swept);
      std::cout << "swept " << failback::discovery::toString(depth) << ' ' << swept.texts.size() << ' '
                << total(after) - total(before) << ' ' << after.pages - before.pages << std::endl;
    }
  }

  void rights(const std::vector<std::string>& ids) {
    std::vector<vs::Moref> entities;
    for (const vs::InventoryObject& object : inventory()) entities.push_back(vs::entityOf(object).ref);
    const vs::PrivilegeAnswer answer = client_.readPrivileges(entities, ids, context_);
    for (const vs::EntityPrivileges& one : answer.entities) {
      for (const std::string& id : one.granted)
        std::cout << "granted " << one.entity.str() << ' ' << id << std::endl;
      for (const std::string& id : one.missing)
        std::cout << "missing " << one.entity.str() << ' ' << id << std::endl;
    }
    for (const std::string& id : answer.unknownIds) std::cout << "unknown " << id << std::endl;
    for (const vs::Unreadable& hole : answer.unreadable)
      std::cout << "hole " << hole.object.str() << std::endl;
  }

  void manage() {
    std::vector<vs::Moref> tasks{{"Task", "task-that-never-was", {}}};
    for (const vs::InventoryObject& object : inventory()) {
      const auto& recent = vs::entityOf(object).recentTasks;
      tasks.insert(tasks.end(), recent.begin(), recent.end());
    }
    const std::uint64_t before = total(client_.callCounts());
    const vs::Management found = client_.readManagement(tasks, context_);
    std::cout << "calls " << total(client_.callCounts()) - before << std::endl;
    for (const vs::TaskInfo& task : found.tasks) {
      std::cout << "task " << task.ref.str() << ' ' << task.descriptionId << ' ' << task.state << std::endl;
    }
    for (const vs::ScheduledTask& task : found.scheduledTasks) {
      std::cout << "scheduled " << task.entity.str() << ' ' << task.action << ' '
                << (task.enabled ? "on" : "off") << ' ' << task.nextRunTime.value_or("never") << ' '
                << task.name << std::endl;
    }
    for (const vs::License& license : found.licenses) {
      std::cout << "license " << license.editionKey << ' ' << license.entityId << std::endl;
    }
    for (const vs::Unreadable& hole : found.unreadable) {
      std::cout << "hole " << hole.object.str() << ' ' << hole.property << ' ' << hole.reason << std::endl;
    }
  }

  void events(const std::string& vmName, const std::vector<std::string>& types) {
    for (const vs::InventoryObject& object : inventory()) {
      const auto* vm = std::get_if<vs::VirtualMachine>(&object);
      if (vm == nullptr || vm->name != vmName) continue;
      vs::EventQuery query;
      query.entity = vm->ref;
      query.types = types;
      for (const vs::Event& event : client_.readEvents(query, context_)) {
        std::cout << "event " << event.type << ' ' << event.time << ' '
                  << event.vm.value_or(vs::Moref{}).value << ' ' << vm->ref.value << std::endl;
      }
      query.since = "2199-01-01T00:00:00Z";
      std::cout << "later " << client_.readEvents(query, context_).size() << std::endl;
    }
  }

  void options() {
    for (const vs::InventoryObject& object : inventory()) {
      const auto* cluster = std::get_if<vs::Cluster>(&object);
      if (cluster == nullptr || !cluster->environmentBrowser) continue;
      const vs::ConfigOption option = client_.readConfigOption(*cluster->environmentBrowser, context_);
      for (const vs::GuestOs& guest : option.guests) {
        std::cout << "guest " << option.hardwareVersion << ' ' << guest.id << ' ' << guest.family << ' '
                  << guest.firmware.size() << ' ' << (guest.secureBoot ? "secure" : "plain") << std::endl;
      }
    }
  }

  void top() {
    for (const vs::InventoryObject& object : inventory()) {
      const auto* datastore = std::get_if<vs::Datastore>(&object);
      if (datastore == nullptr || !datastore->browser) continue;
      for (const vs::TopFile& file : client_.listTop(*datastore->browser, datastore->name, context_)) {
        std::cout << (file.isFolder ? "folder " : "file ") << datastore->name << ' ' << file.name
                  << std::endl;
      }
    }
  }

 private:
  static std::uint64_t total(const vs::CallCounts& counts) {
    std::uint64_t sum = 0;
    for (const auto& [method, count] : counts.byMethod) sum += count;
    return sum;
  }
  const std::vector<vs::InventoryObject>& inventory() {
    if (objects_.empty()) {
      Sink sink(vs::Depth::standard);
      client_.sweep({}, vs::Depth::standard, sink, context_);
      objects_ = std::move(sink.objects);
    }
    return objects_;
  }

  vs::Client& client_;
  const vs::Context& context_;
  std::vector<vs::InventoryObject> objects_;
};

void run(const std::string& record, int pageSize, std::span<const std::string> steps) {
  vs::ParsedUrl server = vs::parseUrl(fromEnvironment("FAILBACK_URL"));
  vs::ClientOptions options;
  options.connection.url = server.url;
  options.connection.tls.thumbprint = fromEnvironment("FAILBACK_THUMBPRINT");
  options.connection.userAgent = "check_probe";
  options.recordDirectory = record;
  options.pageSize = pageSize;
  vs::Credentials credentials;
  credentials.userName = fromEnvironment("FAILBACK_USERNAME");
  credentials.password = vs::Secret(fromEnvironment("FAILBACK_PASSWORD"));

  const vs::Context context = vs::Context().withTimeout(vs::Milliseconds(120'000));
  const auto client = vs::Client::connect(std::move(options), std::move(credentials), context);
  Probe probe(*client, context);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const std::string& step = steps[i];
    if (step == "sweep") {
      probe.sweep();
    } else if (step == "rights" && i + 1 < steps.size()) {
      probe.rights(splitAt(steps[++i], ','));
    } else if (step == "manage") {
      probe.manage();
    } else if (step == "events" && i + 2 < steps.size()) {
      probe.events(steps[i + 1], splitAt(steps[i + 2], ','));
      i += 2;
    } else if (step == "options") {
      probe.options();
    } else if (step == "top") {
      probe.top();
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
    std::cerr << "usage: check_probe RECORD_DIR PAGE_SIZE STEP...\n";
    return 2;
  }
  try {
    run(arguments[0], std::stoi(arguments[1]), std::span(arguments).subspan(2));
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "check_probe: " << error.what() << '\n';
    return 1;
  }
}
