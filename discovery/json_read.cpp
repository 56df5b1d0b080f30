// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <array>
#include <istream>

#include "discovery/json.h"
#include "discovery/json_members_vm.h"

namespace failback::discovery {
namespace {

using nlohmann::json;

[[noreturn]] void notADump(const std::string& name, const std::string& why) {
  vsphere::fail(vsphere::Category::usage, fmt::format("{} is not a dump of failback: {}", name, why),
                "use a file that failback discover -o json --out FILE has written");
}

std::vector<std::string> textsOf(const json& object, const char* key) {
  std::vector<std::string> texts;
  MemberReader(object, "/filters").texts(key, texts);
  return texts;
}

// Takes the members of the top level as the parser completes them, and lets go of each object of an array at
// once.
class DumpReader {
 public:
  explicit DumpReader(std::string name) : name_(std::move(name)) {}

  Dump read(std::istream& input) {
    try {
      // What remains is the top level without its members: they have been taken.
      const json rest = json::parse(input, [this](int depth, json::parse_event_t event, json& parsed) {
        return take(depth, event, parsed);
      });
      complete_ = complete_ && !rest.is_discarded();
    } catch (const json::exception& error) {
      notADump(name_, error.what());
    }
    if (!complete_) notADump(name_, "it ends too early");
    if (!versionSeen_) notADump(name_, "it has no schemaVersion");
    if (!vcenterSeen_) notADump(name_, "it has no vcenter");
    giveTypesBack();
    return std::move(dump_);
  }

 private:
  bool take(int depth, json::parse_event_t event, json& parsed) {
    using Event = json::parse_event_t;
    if (depth == 0) {
      if (event == Event::object_start) return true;
      if (event != Event::object_end) notADump(name_, "it is no JSON object");
      complete_ = true;
      return true;
    }
    if (depth == 1) {
      if (event == Event::key) {
        key_ = parsed.get<std::string>();
        index_ = 0;
        return true;
      }
      if (event == Event::array_start || event == Event::object_start) return true;
      takeMember(parsed);
      return false;
    }
    if (depth == 2 && event == Event::object_end && isArray(key_)) {
      takeObject(parsed);
      return false;
    }
    return true;
  }

  static bool isArray(const std::string& key) {
    if (key == "unreadable") return true;
    for (const KindInfo& row : allKinds()) {
      if (row.plural == key) return true;
    }
    return false;
  }

  void takeMember(const json& value) {
    if (key_ == "schemaVersion") {
      takeVersion(value);
    } else if (key_ == "generator" && value.is_string()) {
      dump_.generator = value.get<std::string>();
    } else if (key_ == "depth" && value.is_string()) {
      takeDepth(value.get<std::string>());
    } else if (key_ == "readAt" && value.is_string()) {
      readAt_ = value.get<std::string>();
    } else if (key_ == "filters") {
      takeFilter(value);
    } else if (key_ == "vcenter") {
      MemberReader reader(value, "/vcenter");
      describe(reader, dump_.inventory.vcenter);
      vcenterSeen_ = true;
    }
  }

  void takeVersion(const json& value) {
    if (!value.is_number_integer() || value.get<std::int64_t>() != schemaVersion) {
      notADump(name_,
               fmt::format("its schemaVersion is {}, this program reads {}", value.dump(), schemaVersion));
    }
    versionSeen_ = true;
  }

  void takeDepth(const std::string& text) {
    for (const auto depth : {vsphere::Depth::thin, vsphere::Depth::standard, vsphere::Depth::full}) {
      if (discovery::toString(depth) == text) {
        dump_.inventory.depth = depth;
        return;
      }
    }
    notADump(name_, fmt::format("its depth is \"{}\"", text));
  }

  void takeFilter(const json& value) {
    for (const std::string& text : textsOf(value, "kind")) {
      const auto kind = kindFromText(text);
      if (!kind) notADump(name_, fmt::format("unknown kind \"{}\" at /filters/kind", text));
      dump_.filter.kinds.push_back(*kind);
    }
    dump_.filter.datacenters = textsOf(value, "datacenter");
    dump_.filter.hosts = textsOf(value, "host");
    dump_.filter.names = textsOf(value, "name");
  }

  template <class T>
  void add(const json& value) {
    T object;
    // The type decides what follows from it, so it is read first.
    if (const auto type = value.find("objectType"); type != value.end() && type->is_string()) {
      object.ref.type = type->get<std::string>();
    }
    MemberReader reader(value, place());
    describe(reader, object);
    dump_.inventory.add(vsphere::InventoryObject(std::move(object)));
  }

  void takeObject(const json& value) {
    if (key_ == "unreadable") {
      MemberReader reader(value, place());
      describe(reader, dump_.inventory.unreadable.emplace_back());
    } else {
      addOf(value, std::make_index_sequence<kindCount>{});
    }
    ++index_;
  }

  template <std::size_t... I>
  void addOf(const json& value, std::index_sequence<I...>) {
    const auto tryKind = [&]<std::size_t Index>() {
      using T = std::variant_alternative_t<Index, vsphere::InventoryObject>;
      if (info(kindOfValue<T>).plural == key_) add<T>(value);
    };
    (tryKind.template operator()<I>(), ...);
  }

  std::string place() const { return fmt::format("/{}/{}", key_, index_); }

  void giveTypesBack() {
    Inventory& inventory = dump_.inventory;
    inventory.vcenter.serverTime = readAt_;
    ReferenceTypes types(inventory);
    inventory.forEach([&](auto& object) { describe(types, object); });
  }

  std::string name_;
  Dump dump_;
  std::string key_, readAt_;
  std::size_t index_ = 0;
  bool complete_ = false, versionSeen_ = false, vcenterSeen_ = false;
};

}  // namespace

Dump readDump(std::istream& input, const std::string& name) {
  return DumpReader(name).read(input);
}

}  // namespace failback::discovery
