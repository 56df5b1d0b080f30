// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/json.h"

#include <array>

#include "discovery/json_members_vm.h"
#include "discovery/master_target.h"

namespace failback::discovery {

std::string_view toString(vsphere::Depth depth) {
  constexpr std::array<std::string_view, 3> names = {"thin", "standard", "full"};
  return names[static_cast<std::size_t>(depth)];
}

namespace {

// A text is handed on when it is about this long.
constexpr std::size_t pieceSize = 64 * 1024;

void writeMasterTarget(JsonText& json, const vsphere::VirtualMachine& vm, const Inventory& world) {
  const MasterTarget judged = judgeMasterTarget(vm, world);
  json.key("masterTarget");
  json.beginObject();
  json.key("candidate");
  json.value(toString(judged.candidate));
  json.key("facts");
  json.beginArray();
  for (const Fact& fact : judged.facts) {
    // Of the many VMs that are none, what stands in the way is enough.
    if (judged.candidate == Candidate::no && fact.verdict == Verdict::ok) continue;
    json.beginObject();
    json.key("rule");
    json.value(fact.rule);
    json.key("verdict");
    json.value(toString(fact.verdict));
    json.key("value");
    json.value(fact.value);
    json.endObject();
  }
  json.endArray();
  json.endObject();
}

template <class T>
void writeObject(JsonText& json, const T& object, vsphere::Depth depth, const Inventory* world) {
  MemberWriter writer(json, depth != vsphere::Depth::thin);
  describe(writer, object);
  if constexpr (std::is_same_v<T, vsphere::VirtualMachine>) {
    if (world != nullptr && depth != vsphere::Depth::thin) writeMasterTarget(json, object, *world);
  }
}

void writeVCenter(JsonText& json, const vsphere::VCenter& vcenter, vsphere::Depth depth) {
  MemberWriter writer(json, true);
  if (depth == vsphere::Depth::full) {
    describe(writer, vcenter);
    return;
  }
  vsphere::VCenter steady = vcenter;
  steady.clockSkewMs.reset();
  describe(writer, std::as_const(steady));
}

void writeTexts(JsonText& json, std::string_view name, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json.key(name);
  json.beginArray();
  for (const std::string& text : texts) json.value(text);
  json.endArray();
}

void writeFilter(JsonText& json, const FilterSpec& filter) {
  if (filter.empty()) return;
  std::vector<std::string> kinds;
  kinds.reserve(filter.kinds.size());
  for (const Kind kind : filter.kinds) kinds.emplace_back(info(kind).name);
  json.key("filters");
  json.beginObject();
  writeTexts(json, "kind", kinds);
  writeTexts(json, "datacenter", filter.datacenters);
  writeTexts(json, "host", filter.hosts);
  writeTexts(json, "name", filter.names);
  json.endObject();
}

class DumpWriter {
 public:
  DumpWriter(const View& view, const TextSink& sink) : view_(view), sink_(sink), json_(text_, 2) {}

  void write(std::string_view generator) {
    const Inventory& inventory = view_.inventory();
    json_.beginObject();
    json_.key("schemaVersion");
    json_.value(schemaVersion);
    json_.key("generator");
    json_.value(generator);
    json_.key("depth");
    json_.value(toString(inventory.depth));
    if (inventory.depth == vsphere::Depth::full && !inventory.vcenter.serverTime.empty()) {
      json_.key("readAt");
      json_.value(inventory.vcenter.serverTime);
    }
    writeFilter(json_, view_.filter());
    json_.key("vcenter");
    json_.beginObject();
    writeVCenter(json_, inventory.vcenter, inventory.depth);
    json_.endObject();
    writeAll<vsphere::Datacenter>();
    writeAll<vsphere::Folder>();
    writeAll<vsphere::Cluster>();
    writeAll<vsphere::Host>();
    writeAll<vsphere::Datastore>();
    writeAll<vsphere::StoragePod>();
    writeAll<vsphere::Network>();
    writeAll<vsphere::DistributedSwitch>();
    writeAll<vsphere::ResourcePool>();
    writeAll<vsphere::VirtualMachine>();
    writeUnreadable();
    json_.endObject();
    text_ += '\n';
    sink_(text_);
  }

 private:
  template <class T>
  void writeAll() {
    json_.key(info(kindOfValue<T>).plural);
    json_.beginArray();
    view_.each<T>([this](const T& object) {
      json_.beginObject();
      writeObject(json_, object, view_.inventory().depth, &view_.inventory());
      json_.endObject();
      handOn();
    });
    json_.endArray();
  }

  void writeUnreadable() {
    json_.key("unreadable");
    json_.beginArray();
    MemberWriter writer(json_, true);
    for (const vsphere::Unreadable* entry : view_.unreadable()) {
      json_.beginObject();
      describe(writer, *entry);
      json_.endObject();
      handOn();
    }
    json_.endArray();
  }

  void handOn() {
    if (text_.size() < pieceSize) return;
    sink_(text_);
    text_.clear();
  }

  const View& view_;
  const TextSink& sink_;
  std::string text_;
  JsonText json_;
};

template <class WriteMembers>
std::string line(std::string_view kind, WriteMembers&& writeMembers) {
  std::string text;
  JsonText json(text, 0);
  json.beginObject();
  json.key("kind");
  json.value(kind);
  writeMembers(json);
  json.endObject();
  return text;
}

}  // namespace

void writeDump(const View& view, std::string_view generator, const TextSink& sink) {
  DumpWriter(view, sink).write(generator);
}

template <class T>
std::string jsonLine(const T& object, vsphere::Depth depth, const Inventory* world) {
  return line(info(kindOfValue<T>).name, [&](JsonText& json) { writeObject(json, object, depth, world); });
}

template std::string jsonLine(const vsphere::Datacenter&, vsphere::Depth, const Inventory*);
template std::string jsonLine(const vsphere::Folder&, vsphere::Depth, const Inventory*);
template std::string jsonLine(const vsphere::Cluster&, vsphere::Depth, const Inventory*);
template std::string jsonLine(const vsphere::Host&, vsphere::Depth, const Inventory*);
template std::string jsonLine(const vsphere::Datastore&, vsphere::Depth, const Inventory*);
template std::string jsonLine(const vsphere::StoragePod&, vsphere::Depth, const Inventory*);
template std::string jsonLine(const vsphere::Network&, vsphere::Depth, const Inventory*);
template std::string jsonLine(const vsphere::DistributedSwitch&, vsphere::Depth, const Inventory*);
template std::string jsonLine(const vsphere::ResourcePool&, vsphere::Depth, const Inventory*);
template std::string jsonLine(const vsphere::VirtualMachine&, vsphere::Depth, const Inventory*);

std::string jsonLine(const vsphere::VCenter& vcenter, vsphere::Depth depth) {
  return line("vcenter", [&](JsonText& json) { writeVCenter(json, vcenter, depth); });
}

std::string jsonLine(const vsphere::Unreadable& entry) {
  return line("unreadable", [&](JsonText& json) {
    MemberWriter writer(json, true);
    describe(writer, entry);
  });
}

namespace {

std::string_view toString(vsphere::InventoryChange::Kind kind) {
  constexpr std::array<std::string_view, 3> names = {"enter", "modify", "leave"};
  return names[static_cast<std::size_t>(kind)];
}

void writeValues(JsonText& json, const std::vector<vsphere::ChangedValue>& values) {
  json.key("changes");
  json.beginArray();
  for (const vsphere::ChangedValue& value : values) {
    json.beginObject();
    json.key("path");
    json.value(value.path);
    if (value.op != "assign") {
      json.key("op");
      json.value(value.op);
    }
    if (!value.json.empty()) {
      json.key("value");
      json.raw(value.json);
    }
    json.endObject();
  }
  json.endArray();
}

}  // namespace

std::string jsonLine(const Change& change, vsphere::Depth depth, const Inventory& world) {
  return line("change", [&](JsonText& json) {
    json.key("change");
    json.value(toString(change.kind));
    json.key("objectKind");
    json.value(info(change.objectKind).name);
    json.key("moref");
    json.value(change.ref.value);
    if (!change.name.empty()) {
      json.key("name");
      json.value(change.name);
    }
    if (change.object != nullptr) {
      json.key("object");
      json.beginObject();
      std::visit([&](const auto& object) { writeObject(json, object, depth, &world); }, *change.object);
      json.endObject();
    }
    if (!change.values.empty()) writeValues(json, change.values);
  });
}

}  // namespace failback::discovery
