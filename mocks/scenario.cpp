// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "mocks/embedded.h"
#include "mocks/time_text.h"
#include "mocks/type_model.h"

namespace failback::mock {

namespace {

using Json = nlohmann::ordered_json;

// Bytes of "40GiB", "512 MiB", "4TiB" or a plain number.
std::int64_t parseSize(const std::string& text, const std::string& where) {
  constexpr std::array<std::pair<std::string_view, int>, 5> units{
      {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}, {"B", 0}}};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  std::string_view rest(end, static_cast<std::size_t>(text.data() + text.size() - end));
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  for (const auto& [unit, shift] : units) {
    if (error == std::errc() && rest == unit)
      return static_cast<std::int64_t>(number * static_cast<double>(1LL << shift));
  }
  throw ScenarioError(fmt::format("{}: '{}' is no size; write one such as \"40GiB\"", where, text));
}

// Reads the members of one JSON object and complains of those that nobody asked for.
class Reader {
 public:
  Reader(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json_.is_object()) throw ScenarioError(where_ + ": an object is expected here");
  }

  template <typename T>
  void read(const char* name, T& target) {
    known_.emplace_back(name);
    const auto found = json_.find(name);
    if (found == json_.end()) return;
    try {
      target = found->get<T>();
    } catch (const Json::exception&) {
      throw ScenarioError(fmt::format("{}/{}: a value of another type is expected", where_, name));
    }
  }

  void size(const char* name, std::int64_t& target) {
    known_.emplace_back(name);
    const auto found = json_.find(name);
    if (found == json_.end()) return;
    if (found->is_number_integer()) {
      target = found->get<std::int64_t>();
    } else if (found->is_string()) {
      target = parseSize(found->get<std::string>(), place(name));
    } else {
      throw ScenarioError(place(name) + ": a size such as \"40GiB\" is expected here");
    }
  }

  void text(const char* name, std::string& target, std::initializer_list<std::string_view> allowed) {
    read(name, target);
    if (!json_.contains(name)) return;
    for (const std::string_view each : allowed) {
      if (each == target) return;
    }
    throw ScenarioError(fmt::format("{}: '{}' is none of {}", place(name), target, fmt::join(allowed, ", ")));
  }

  // A list of objects, each read by `parse`.
  template <typename T>
  void list(const char* name, std::vector<T>& target, T (*parse)(Reader&)) {
    known_.emplace_back(name);
    const auto found = json_.find(name);
    if (found == json_.end()) return;
    if (!found->is_array()) throw ScenarioError(place(name) + ": a list is expected here");
    for (std::size_t i = 0; i < found->size(); ++i) {
      Reader item((*found)[i], fmt::format("{}/{}", place(name), i));
      target.push_back(parse(item));
      item.done();
    }
  }

  template <typename T>
  void object(const char* name, T& target, T (*parse)(Reader&)) {
    known_.emplace_back(name);
    const auto found = json_.find(name);
    if (found == json_.end()) return;
    Reader inner(*found, place(name));
    target = parse(inner);
    inner.done();
  }

  template <typename T>
  void optional(const char* name, std::optional<T>& target, T (*parse)(Reader&)) {
    if (!json_.contains(name)) {
      known_.emplace_back(name);
      return;
    }
    object(name, target.emplace(), parse);
  }
  bool has(const char* name) const { return json_.contains(name); }

  void need(const char* name, const std::string& value) const {
    if (value.empty()) throw ScenarioError(fmt::format("{}: '{}' is missing", where_, name));
  }

  [[noreturn]] void fail(const char* name, std::string_view why) const {
    throw ScenarioError(fmt::format("{}: {}", place(name), why));
  }

  void done() const {
    for (const auto& [name, value] : json_.items()) {
      if (std::find(known_.begin(), known_.end(), name) == known_.end()) {
        throw ScenarioError(
            fmt::format("{}: unknown member '{}'; known are {}", where_, name, fmt::join(known_, ", ")));
      }
    }
  }

 private:
  std::string place(const char* name) const { return where_ + "/" + name; }

  const Json& json_;
  std::string where_;
  std::vector<std::string> known_;
};

ServerSpec readServer(Reader& in) {
  ServerSpec spec;
  std::string kind = "vcenter";
  in.text("kind", kind, {"vcenter", "esxi"});
  spec.esxi = kind == "esxi";
  in.read("name", spec.name);
  in.read("version", spec.version);
  in.read("build", spec.build);
  in.read("instanceUuid", spec.instanceUuid);
  return spec;
}

PermissionSpec readPermission(Reader& in) {
  PermissionSpec spec;
  in.read("entity", spec.entity);
  in.read("role", spec.role);
  in.need("role", spec.role);
  in.read("propagate", spec.propagate);
  return spec;
}

RoleSpec readRole(Reader& in) {
  RoleSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("privileges", spec.privileges);
  return spec;
}

GroupSpec readGroup(Reader& in) {
  GroupSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.list("permissions", spec.permissions, readPermission);
  return spec;
}

UserSpec readUser(Reader& in) {
  UserSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("role", spec.role);
  in.read("groups", spec.groups);
  in.read("password", spec.password);
  in.list("permissions", spec.permissions, readPermission);
  in.read("hidden", spec.hidden);
  in.read("unreadable", spec.unreadable);
  return spec;
}

LicenseSpec readLicense(Reader& in) {
  LicenseSpec spec;
  in.read("name", spec.name);
  in.read("edition", spec.edition);
  in.read("key", spec.key);
  in.read("total", spec.total);
  if (in.has("expiresInDays")) in.read("expiresInDays", spec.expiresInDays.emplace());
  in.read("hosts", spec.hosts);
  return spec;
}

HistorySpec readHistory(Reader& in) {
  HistorySpec spec;
  in.read("type", spec.type);
  in.read("task", spec.task);
  in.read("daysAgo", spec.daysAgo);
  in.read("time", spec.time);
  in.read("user", spec.user);
  in.read("message", spec.message);
  in.read("entity", spec.entity);
  in.text("state", spec.state, {"success", "error"});
  if (spec.type.empty() == spec.task.empty())
    in.fail("type", "either 'type' of an event or 'task' is needed");
  const TypeInfo* type = spec.type.empty() ? nullptr : TypeModel::get().find(spec.type);
  if (!spec.type.empty() && (!type || !type->isA("Event"))) {
    in.fail("type",
            fmt::format("'{}' is no type of event; write one such as \"VmPoweredOnEvent\"", spec.type));
  }
  if (!spec.task.empty() && spec.task.find('.') == std::string::npos) {
    in.fail("task", "write a task's descriptionId such as \"VirtualMachine.createSnapshot\"");
  }
  if (!spec.time.empty() && !microsOf(spec.time)) {
    in.fail("time", fmt::format("'{}' is no time; write one such as \"2026-11-23T22:00:00Z\"", spec.time));
  }
  if (spec.daysAgo < 0) in.fail("daysAgo", "history lies in the past: 0 or more days ago");
  return spec;
}

ScheduleSpec readSchedule(Reader& in) {
  ScheduleSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("description", spec.description);
  in.read("user", spec.user);
  in.read("method", spec.method);
  in.text("weekday", spec.weekday,
          {"", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"});
  in.read("hour", spec.hour);
  in.read("minute", spec.minute);
  in.read("enabled", spec.enabled);
  if (spec.hour < 0 || spec.hour > 23) in.fail("hour", "an hour from 0 to 23 is expected here");
  if (spec.minute < 0 || spec.minute > 59) in.fail("minute", "a minute from 0 to 59 is expected here");
  return spec;
}

HostSpec readHost(Reader& in) {
  HostSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("address", spec.address);
  in.read("version", spec.version);
  in.read("build", spec.build);
  in.read("vendor", spec.vendor);
  in.read("model", spec.model);
  in.read("packages", spec.packages);
  in.read("coresPerPackage", spec.coresPerPackage);
  in.read("megahertz", spec.megahertz);
  in.size("memory", spec.memory);
  in.text("connection", spec.connection, {"connected", "disconnected", "notResponding"});
  in.read("maintenance", spec.maintenance);
  return spec;
}

PoolSpec readPool(Reader& in) {
  PoolSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  return spec;
}

ClusterSpec readCluster(Reader& in) {
  ClusterSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("drs", spec.drs);
  in.read("ha", spec.ha);
  in.text("drsBehavior", spec.drsBehavior, {"manual", "partiallyAutomated", "fullyAutomated"});
  in.list("hosts", spec.hosts, readHost);
  in.list("pools", spec.pools, readPool);
  return spec;
}

StoragePodSpec readStoragePod(Reader& in) {
  StoragePodSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("drs", spec.drs);
  in.text("behavior", spec.behavior, {"manual", "automated"});
  return spec;
}

DatastoreSpec readDatastore(Reader& in) {
  DatastoreSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.text("type", spec.type, {"VMFS", "NFS", "NFS41", "vsan", "VVOL", "PMEM"});
  in.size("capacity", spec.capacity);
  in.size("free", spec.free);
  in.read("hosts", spec.hosts);
  in.read("readOnlyOn", spec.readOnlyOn);
  in.read("cluster", spec.cluster);
  in.text("maintenance", spec.maintenance, {"normal", "enteringMaintenance", "inMaintenance"});
  in.read("accessible", spec.accessible);
  in.read("remoteHost", spec.remoteHost);
  in.read("remotePath", spec.remotePath);
  return spec;
}

PortGroupSpec readPortGroup(Reader& in) {
  PortGroupSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("vlan", spec.vlan);
  in.text("binding", spec.binding, {"earlyBinding", "lateBinding", "ephemeral"});
  return spec;
}

SwitchSpec readSwitch(Reader& in) {
  SwitchSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("version", spec.version);
  in.list("portGroups", spec.portGroups, readPortGroup);
  return spec;
}

DiskSpec readDisk(Reader& in) {
  DiskSpec spec;
  in.size("size", spec.size);
  in.read("datastore", spec.datastore);
  in.read("controller", spec.controller);
  std::int32_t unit = -1;
  in.read("unit", unit);
  if (unit >= 0) spec.unit = unit;
  in.text("provisioning", spec.provisioning, {"thin", "thick", "eager"});
  in.text("mode", spec.mode,
          {"persistent", "independent_persistent", "independent_nonpersistent", "nonpersistent", "undoable",
           "append"});
  in.read("uuid", spec.uuid);
  in.read("file", spec.file);
  return spec;
}

NicSpec readNic(Reader& in) {
  NicSpec spec;
  in.read("network", spec.network);
  in.text("type", spec.type, {"vmxnet3", "vmxnet2", "e1000", "e1000e"});
  in.read("mac", spec.mac);
  in.read("connected", spec.connected);
  return spec;
}

SnapshotSpec readSnapshot(Reader& in) {
  SnapshotSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("description", spec.description);
  in.read("quiesced", spec.quiesced);
  in.list("children", spec.children, readSnapshot);
  return spec;
}

QuestionSpec readQuestion(Reader& in) {
  QuestionSpec spec;
  in.read("id", spec.id);
  in.read("text", spec.text);
  in.need("text", spec.text);
  in.read("choices", spec.choices);
  in.read("default", spec.defaultChoice);
  in.text("on", spec.on, {"powerOn", "now"});
  return spec;
}

VolumeSpec readVolume(Reader& in) {
  VolumeSpec spec;
  in.read("path", spec.path);
  in.need("path", spec.path);
  in.read("filesystem", spec.filesystem);
  in.size("size", spec.size);
  in.size("free", spec.free);
  std::int32_t disk = -1;
  in.read("disk", disk);
  if (disk >= 0) spec.disk = disk;
  return spec;
}

void readVmHardware(Reader& in, VmSpec& spec) {
  in.text("firmware", spec.firmware, {"bios", "efi"});
  in.read("secureBoot", spec.secureBoot);
  in.read("hardware", spec.hardware);
  in.read("cpus", spec.cpus);
  in.read("coresPerSocket", spec.coresPerSocket);
  in.size("memory", spec.memory);
  in.text("scsi", spec.scsi, {"pvscsi", "lsilogic", "lsisas", "buslogic"});
  in.list("disks", spec.disks, readDisk);
  in.list("nics", spec.nics, readNic);
}

VmSpec readVm(Reader& in) {
  VmSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("folder", spec.folder);
  in.read("cluster", spec.cluster);
  in.read("pool", spec.pool);
  in.read("host", spec.host);
  in.read("datastore", spec.datastore);
  in.read("guestId", spec.guestId);
  in.read("guestName", spec.guestName);
  readVmHardware(in, spec);
  in.read("powered", spec.powered);
  in.read("suspended", spec.suspended);
  in.text("connection", spec.connection,
          {"connected", "disconnected", "orphaned", "inaccessible", "invalid"});
  in.read("template", spec.isTemplate);
  in.list("snapshots", spec.snapshots, readSnapshot);
  in.list("volumes", spec.volumes, readVolume);
  in.read("hostName", spec.hostName);
  in.read("addresses", spec.addresses);
  in.read("tools", spec.tools);
  in.read("diskUuid", spec.diskUuid);
  in.read("consolidationNeeded", spec.consolidationNeeded);
  in.optional("question", spec.question, readQuestion);
  in.list("history", spec.history, readHistory);
  in.list("scheduledTasks", spec.scheduledTasks, readSchedule);
  in.read("autostart", spec.autostart);
  in.read("annotation", spec.annotation);
  in.read("extraConfig", spec.extraConfig);
  in.read("instanceUuid", spec.instanceUuid);
  in.read("biosUuid", spec.biosUuid);
  if (spec.isTemplate || spec.suspended) spec.powered = false;
  if (hasBranches(spec) && spec.snapshots.size() > 1) in.fail("snapshots", "a tree has one root");
  return spec;
}

DatacenterSpec readDatacenter(Reader& in) {
  DatacenterSpec spec;
  in.read("name", spec.name);
  in.need("name", spec.name);
  in.read("folders", spec.folders);
  in.list("clusters", spec.clusters, readCluster);
  in.list("datastoreClusters", spec.datastoreClusters, readStoragePod);
  in.list("datastores", spec.datastores, readDatastore);
  in.read("networks", spec.networks);
  in.list("switches", spec.switches, readSwitch);
  in.list("vms", spec.vms, readVm);
  return spec;
}

ScenarioSpec readScenario(Reader& in) {
  ScenarioSpec spec;
  in.read("description", spec.description);
  in.object("server", spec.server, readServer);
  in.list("roles", spec.roles, readRole);
  in.list("groups", spec.groups, readGroup);
  in.list("users", spec.users, readUser);
  in.list("licenses", spec.licenses, readLicense);
  in.list("history", spec.history, readHistory);
  in.read("pastActivity", spec.pastActivity);
  in.list("datacenters", spec.datacenters, readDatacenter);
  return spec;
}

constexpr std::string_view generated = "generate:";

}  // namespace

bool hasBranches(const VmSpec& vm) {
  return std::any_of(vm.snapshots.begin(), vm.snapshots.end(),
                     [](const SnapshotSpec& each) { return !each.children.empty(); });
}

ScenarioSpec parseScenario(std::string_view json, const std::string& origin) {
  Json document;
  try {
    document = Json::parse(json);
  } catch (const Json::exception& problem) {
    throw ScenarioError(fmt::format("{}: not JSON: {}", origin, problem.what()));
  }
  Reader reader(document, origin + ":");
  ScenarioSpec spec = readScenario(reader);
  reader.done();
  return spec;
}

std::vector<std::pair<std::string, std::string>> listScenarios() {
  std::vector<std::pair<std::string, std::string>> list;
  for (const auto& [name, text] : embedded::scenarios()) {
    list.emplace_back(name, parseScenario(text, std::string(name)).description);
  }
  return list;
}

ScenarioSpec scenarioFrom(const std::string& text, const std::string& origin) {
  if (text.starts_with(generated)) return generateScenario(std::string_view(text).substr(generated.size()));
  return parseScenario(text, origin);
}

ScenarioSpec loadScenario(const std::string& nameOrFile) {
  return scenarioFrom(scenarioText(nameOrFile), nameOrFile);
}

std::string scenarioText(const std::string& nameOrFile) {
  if (nameOrFile.starts_with(generated)) return nameOrFile;
  for (const auto& [name, text] : embedded::scenarios()) {
    if (name == nameOrFile) return std::string(text);
  }
  std::ifstream in(nameOrFile, std::ios::binary);
  if (!in) {
    throw ScenarioError(fmt::format(
        "scenario '{}' is neither built in (--list-scenarios shows those) nor a file", nameOrFile));
  }
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

}  // namespace failback::mock
