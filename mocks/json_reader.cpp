// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/json_reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "mocks/duration.h"

namespace failback::mock {

JsonReader::JsonReader(const Json& json, std::string place) : json_(json), place_(std::move(place)) {
  if (!json_.is_object()) throw JsonError(place_, "an object is expected here");
}

const Json* JsonReader::member(const std::string& name) {
  known_.push_back(name);
  const auto found = json_.find(name);
  return found == json_.end() ? nullptr : &*found;
}

const Json& JsonReader::need(const std::string& name) {
  const Json* found = member(name);
  if (!found) throw JsonError(place_, fmt::format("the member '{}' is missing", name));
  return *found;
}

bool JsonReader::text(const std::string& name, std::string& target) {
  const Json* found = member(name);
  if (!found) return false;
  if (!found->is_string() || found->get_ref<const std::string&>().empty())
    throw JsonError(place(name), "a text is expected here");
  target = found->get<std::string>();
  return true;
}

bool JsonReader::flag(const std::string& name, bool& target) {
  const Json* found = member(name);
  if (!found) return false;
  if (!found->is_boolean()) throw JsonError(place(name), "true or false is expected here");
  target = found->get<bool>();
  return true;
}

bool JsonReader::number(const std::string& name, std::uint64_t& target, std::uint64_t least) {
  const Json* found = member(name);
  if (!found) return false;
  if (!found->is_number_unsigned() || found->get<std::uint64_t>() < least)
    throw JsonError(place(name), fmt::format("a whole number of at least {} is expected here", least));
  target = found->get<std::uint64_t>();
  return true;
}

bool JsonReader::duration(const std::string& name, std::chrono::milliseconds& target, bool isSigned) {
  std::string written;
  if (!text(name, written)) return false;
  const auto read = durationIn(written, isSigned);
  if (!read) {
    throw JsonError(place(name), fmt::format("'{}' is no duration; write one such as {}", written,
                                             isSigned ? "+5m or -30s" : "20ms, 30s or 5m"));
  }
  target = *read;
  return true;
}

void JsonReader::done() const {
  for (const auto& [name, value] : json_.items()) {
    if (std::find(known_.begin(), known_.end(), name) == known_.end())
      throw JsonError(place_,
                      fmt::format("unknown member '{}'; known are {}", name, fmt::join(known_, ", ")));
  }
}

}  // namespace failback::mock
