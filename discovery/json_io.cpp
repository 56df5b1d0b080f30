// SPDX-License-Identifier: GPL-2.0-or-later
#include "discovery/json_io.h"

#include <fmt/format.h>

#include <algorithm>

namespace failback::discovery {

// --------------------------------------------------------------------------------------------- writing

void MemberWriter::numberLists(std::string_view name, const std::vector<std::vector<std::int32_t>>& x) {
  if (x.empty()) return;
  json_.key(name);
  json_.beginArray();
  for (const auto& numbers : x) {
    json_.beginArray();
    for (const std::int32_t number : numbers) json_.value(number);
    json_.endArray();
  }
  json_.endArray();
}

void MemberWriter::map(std::string_view name, const std::map<std::string, std::string>& x) {
  if (x.empty()) return;
  json_.key(name);
  json_.beginObject();
  for (const auto& [key, value] : x) {
    json_.key(key);
    json_.value(value);
  }
  json_.endObject();
}

void MemberWriter::putRefs(std::string_view name, const std::vector<vsphere::Moref>& x) {
  json_.key(name);
  json_.beginArray();
  for (const vsphere::Moref& item : x) writeRef(item);
  json_.endArray();
}

void MemberWriter::writeRef(const vsphere::Moref& x) {
  if (x.serverGuid.empty()) {
    json_.value(x.value);
    return;
  }
  json_.beginObject();
  json_.key("moref");
  json_.value(x.value);
  json_.key("objectType");
  json_.value(x.type);
  json_.key("serverGuid");
  json_.value(x.serverGuid);
  json_.endObject();
}

// --------------------------------------------------------------------------------------------- reading

MemberReader::MemberReader(const nlohmann::json& object, std::string where)
    : object_(object), where_(std::move(where)) {
  if (!object_.is_object()) {
    vsphere::fail(vsphere::Category::usage,
                  fmt::format("the dump has {} at {}, where an object belongs", object_.type_name(), where_),
                  "use a dump that failback discover -o json has written");
  }
}

const nlohmann::json* MemberReader::find(std::string_view name) const {
  const auto found = object_.find(name);
  return found == object_.end() ? nullptr : &*found;
}

const nlohmann::json& MemberReader::required(std::string_view name) const {
  if (const nlohmann::json* found = find(name)) return *found;
  vsphere::fail(vsphere::Category::usage, fmt::format("the dump lacks {}", path(name)),
                "use a dump that failback discover -o json has written");
}

void MemberReader::wrong(std::string_view name, std::string_view wanted, const nlohmann::json& found) const {
  vsphere::fail(vsphere::Category::usage,
                fmt::format("the dump has {} at {}, where {} belongs", found.type_name(), path(name), wanted),
                "use a dump that failback discover -o json has written");
}

const nlohmann::json& MemberReader::array(std::string_view name, const nlohmann::json& found) const {
  if (!found.is_array()) wrong(name, "a list", found);
  return found;
}

vsphere::Moref MemberReader::getRef(std::string_view name, const nlohmann::json& found,
                                    std::string_view type) const {
  vsphere::Moref result;
  result.type = type;
  if (found.is_object()) {
    MemberReader inner(found, path(name));
    inner.value("moref", result.value);
    inner.member("objectType", result.type);
    inner.value("serverGuid", result.serverGuid);
  } else {
    result.value = get<std::string>(name, found);
  }
  return result;
}

void MemberReader::refs(std::string_view name, std::vector<vsphere::Moref>& x, std::string_view type) {
  const nlohmann::json* found = find(name);
  if (found == nullptr) return;
  for (const nlohmann::json& item : array(name, *found)) x.push_back(getRef(name, item, type));
}

void MemberReader::numberLists(std::string_view name, std::vector<std::vector<std::int32_t>>& x) {
  const nlohmann::json* found = find(name);
  if (found == nullptr) return;
  for (const nlohmann::json& item : array(name, *found)) {
    std::vector<std::int32_t>& numbers = x.emplace_back();
    for (const nlohmann::json& number : array(name, item)) numbers.push_back(get<std::int32_t>(name, number));
  }
}

void MemberReader::map(std::string_view name, std::map<std::string, std::string>& x) {
  const nlohmann::json* found = find(name);
  if (found == nullptr) return;
  if (!found->is_object()) wrong(name, "an object", *found);
  for (const auto& [key, value] : found->items()) x[key] = get<std::string>(name, value);
}

// ------------------------------------------------------------------------------------------ references

ReferenceTypes::ReferenceTypes(const Inventory& inventory) {
  inventory.forEach([this](const auto& object) { types_.emplace(object.ref.value, object.ref.type); });
  if (!inventory.vcenter.rootFolder.empty()) types_.emplace(inventory.vcenter.rootFolder.value, "Folder");
}

void ReferenceTypes::correct(vsphere::Moref& x, std::string_view usual) const {
  if (!x.serverGuid.empty() || x.empty()) return;
  const auto [begin, end] = types_.equal_range(x.value);
  if (begin == end) return;
  const auto usualKind = kindFromType(usual);
  // Another kind than usual counts only where the member may refer to any.
  for (auto at = begin; at != end; ++at) {
    if (usual == anyType || kindFromType(at->second) == usualKind) {
      x.type = at->second;
      return;
    }
  }
}

}  // namespace failback::discovery
