// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/asked_paths.h"

#include <algorithm>
#include <string>

namespace failback::vsphere {
namespace {

void addOnce(std::vector<std::string_view>& types, std::string_view type) {
  if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
}

template <class Test>
bool anyPath(const AskedPaths::Asked& asked, Test test) {
  return std::any_of(asked.properties.begin(), asked.properties.end(), [&](const TypePaths& type) {
    return std::any_of(type.paths.begin(), type.paths.end(), test);
  });
}

}  // namespace

AskedPaths::Asked AskedPaths::forObjects(std::span<const Moref> objects) const {
  std::vector<std::string_view> types;
  for (const Moref& object : objects) addOnce(types, knownTypeOf(object.type));
  return forTypes(types);
}

AskedPaths::Asked AskedPaths::forView(std::span<const std::string_view> types) const {
  return forView(types, {});
}

AskedPaths::Asked AskedPaths::forView(std::span<const std::string_view> types,
                                      const std::function<Depth(std::string_view)>& depthOf) const {
  std::vector<std::string_view> all;
  for (const std::string_view type : types) {
    for (const std::string_view one : specTypesOf(type)) addOnce(all, one);
  }
  return forTypes(all, depthOf);
}

AskedPaths::Asked AskedPaths::forTypes(std::span<const std::string_view> types,
                                       const std::function<Depth(std::string_view)>& depthOf) const {
  const std::lock_guard lock(mutex_);
  Asked asked{{}, state_};
  for (const std::string_view type : types) {
    PathRequest request = request_;
    if (depthOf) request.depth = depthOf(type);
    asked.properties.push_back({std::string(type), pathsFor(type, request)});
  }
  return asked;
}

bool AskedPaths::learn(const Error& error, const Asked& asked) {
  if (!error.hasFault("InvalidProperty")) return false;
  const auto named = std::find_if(error.details.begin(), error.details.end(),
                                  [](const auto& detail) { return detail.first == "name"; });
  if (named == error.details.end()) return false;
  const std::string& path = named->second;
  const std::lock_guard lock(mutex_);
  if (state_ != asked.state) return true;  // another call has learned meanwhile
  const bool keyed = path.find('[') != std::string::npos ||
                     anyPath(asked, [&](const std::string& one) { return one.starts_with(path + "["); });
  if (keyed && request_.keyedPaths) {
    request_.keyedPaths = false;
  } else if (anyPath(asked, [&](const std::string& one) { return one == path; })) {
    request_.refused.push_back(path);
  } else {
    return false;
  }
  ++state_;
  return true;
}

}  // namespace failback::vsphere
