// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output_jsonl.h"

#include "discovery/json.h"
#include "discovery/json_text.h"

namespace failback::cli {

void JsonLines::line(std::string text) {
  text += '\n';
  out_.write(text);
  out_.flush();
}

void JsonLines::vcenter(const vsphere::VCenter& vcenter) {
  line(discovery::jsonLine(vcenter, depth_));
}

void JsonLines::object(const vsphere::InventoryObject& object, const discovery::Inventory& world) {
  ++objects_;
  ++counts_[discovery::kindOf(object)];
  line(std::visit([&](const auto& value) { return discovery::jsonLine(value, depth_, &world); }, object));
}

void JsonLines::unreadable(const vsphere::Unreadable& entry) {
  ++reasons_[entry.reason];
  line(discovery::jsonLine(entry));
}

void JsonLines::complete() {
  std::string text;
  discovery::JsonText json(text, 0);
  json.beginObject();
  json.key("kind");
  json.value("summary");
  json.key("schemaVersion");
  json.value(discovery::schemaVersion);
  json.key("generator");
  json.value(generator_);
  json.key("depth");
  json.value(discovery::toString(depth_));
  json.key("counts");
  json.beginObject();
  for (const discovery::KindInfo& row : discovery::allKinds()) {
    json.key(row.plural);
    json.value(static_cast<std::int64_t>(counts_[row.kind]));
  }
  std::size_t holes = 0;
  for (const auto& [reason, count] : reasons_) holes += count;
  json.key("unreadable");
  json.value(static_cast<std::int64_t>(holes));
  json.endObject();
  json.endObject();
  line(std::move(text));
  complete_ = true;
}

void JsonLines::change(const discovery::Change& change, const discovery::Inventory& world) {
  line(discovery::jsonLine(change, depth_, world));
}

}  // namespace failback::cli
