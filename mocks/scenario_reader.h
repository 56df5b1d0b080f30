// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the members of a scenario's JSON objects, and gathers all that is wrong with them. What is wrong
// leaves its target as it was. Used by scenario*.cpp only.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/scenario.h"

namespace failback::mock {

class ScenarioReader {
 public:
  using Json = nlohmann::ordered_json;

  // Refers to both; `pointer` is the place of `json` in the document.
  ScenarioReader(const Json& json, std::string pointer, std::vector<ScenarioProblem>& problems);

  bool has(const char* name) const { return json_.is_object() && json_.contains(name); }
  void problem(const char* name, std::string text);

  void read(const char* name, std::string& target);
  void read(const char* name, bool& target);
  void read(const char* name, double& target, double minimum);
  void read(const char* name, std::int32_t& target, std::int32_t minimum = 0,
            std::int32_t maximum = std::numeric_limits<std::int32_t>::max());
  void read(const char* name, std::optional<std::int32_t>& target, std::int32_t minimum,
            std::int32_t maximum = std::numeric_limits<std::int32_t>::max());
  void read(const char* name, std::vector<std::string>& target);
  void read(const char* name, std::map<std::string, std::string>& target);
  // Bytes: a number, or a text such as "40GiB".
  void size(const char* name, std::int64_t& target);
  // A text that must be there and not empty.
  void need(const char* name, std::string& target);
  template <typename Texts = std::initializer_list<std::string_view>>
  void oneOf(const char* name, std::string& target, const Texts& allowed) {
    std::string text = target;
    read(name, text);
    bool known = !has(name);
    for (const std::string_view each : allowed) known = known || each == text;
    if (known) {
      target = text;
    } else if (json_.at(name).is_string()) {
      notAllowed(name, text, {allowed.begin(), allowed.end()});
    }
  }

  // A list of objects, each read by `parse`.
  template <typename T>
  void list(const char* name, std::vector<T>& target, T (*parse)(ScenarioReader&)) {
    const Json* found = find(name);
    if (!found) return;
    if (!found->is_array()) return problem(name, "a list is expected here");
    target.reserve(found->size());
    for (std::size_t i = 0; i < found->size(); ++i) {
      ScenarioReader item((*found)[i], at(name) + "/" + std::to_string(i), problems_);
      target.push_back(parse(item));
      item.done();
    }
  }
  template <typename T>
  void object(const char* name, T& target, T (*parse)(ScenarioReader&)) {
    const Json* found = find(name);
    if (!found) return;
    ScenarioReader inner(*found, at(name), problems_);
    target = parse(inner);
    inner.done();
  }

  // Complains of members that nobody asked for. The last call.
  void done();

 private:
  const Json* find(const char* name);
  std::string at(const char* name) const;
  void notAllowed(const char* name, const std::string& text, const std::vector<std::string_view>& allowed);
  bool isInteger(const char* name, const Json& value, std::int64_t minimum, std::int64_t maximum);

  const Json& json_;
  std::string pointer_;
  std::vector<ScenarioProblem>& problems_;
  std::vector<std::string> known_;
};

// One token of a JSON pointer, escaped.
std::string pointerToken(std::string_view text);

// Parts of a scenario, in files of their own.
DatacenterSpec readDatacenter(ScenarioReader& in);
VmSpec readVm(ScenarioReader& in);
HistorySpec readHistory(ScenarioReader& in);
ScheduleSpec readSchedule(ScenarioReader& in);

}  // namespace failback::mock
