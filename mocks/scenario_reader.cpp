// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/scenario_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace failback::mock {

namespace {

bool isDigit(char c) {
  return c >= '0' && c <= '9';
}

// Bytes of "40GiB", "1.5 TiB" or "512B".
std::optional<std::int64_t> sizeIn(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, int>, 5> units{
      {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}, {"TiB", 40}, {"B", 0}}};
  std::size_t end = 0;
  while (end < text.size() && isDigit(text[end])) ++end;
  if (end == 0) return std::nullopt;
  if (end + 1 < text.size() && text[end] == '.' && isDigit(text[end + 1])) {
    ++end;
    while (end < text.size() && isDigit(text[end])) ++end;
  }
  double number = 0;
  (void)std::from_chars(text.data(), text.data() + end, number);
  std::string_view rest = text.substr(end);
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  for (const auto& [unit, shift] : units) {
    const double bytes = number * static_cast<double>(1LL << shift);
    if (rest == unit && bytes < 9e18) return static_cast<std::int64_t>(bytes);
  }
  return std::nullopt;
}

}  // namespace

std::string pointerToken(std::string_view text) {
  std::string token;
  for (const char c : text) {
    if (c == '~') {
      token += "~0";
    } else if (c == '/') {
      token += "~1";
    } else {
      token += c;
    }
  }
  return token;
}

ScenarioReader::ScenarioReader(const Json& json, std::string pointer, std::vector<ScenarioProblem>& problems)
    : json_(json), pointer_(std::move(pointer)), problems_(problems) {
  if (!json_.is_object()) problems_.push_back({pointer_, "an object is expected here"});
}

std::string ScenarioReader::at(const char* name) const {
  return pointer_ + "/" + pointerToken(name);
}

void ScenarioReader::problem(const char* name, std::string text) {
  problems_.push_back({at(name), std::move(text)});
}

const ScenarioReader::Json* ScenarioReader::find(const char* name) {
  known_.emplace_back(name);
  if (!json_.is_object()) return nullptr;
  const auto found = json_.find(name);
  return found == json_.end() ? nullptr : &*found;
}

void ScenarioReader::read(const char* name, std::string& target) {
  const Json* found = find(name);
  if (!found) return;
  if (!found->is_string()) return problem(name, "a text is expected here");
  target = found->get<std::string>();
}

void ScenarioReader::read(const char* name, bool& target) {
  const Json* found = find(name);
  if (!found) return;
  if (!found->is_boolean()) return problem(name, "true or false is expected here");
  target = found->get<bool>();
}

void ScenarioReader::read(const char* name, double& target, double minimum) {
  const Json* found = find(name);
  if (!found) return;
  if (!found->is_number() || found->get<double>() < minimum)
    return problem(name, fmt::format("a number from {} on is expected here", minimum));
  target = found->get<double>();
}

// As JSON Schema has it, 2.0 is an integer, too.
bool ScenarioReader::isInteger(const char* name, const Json& value, std::int64_t minimum,
                               std::int64_t maximum) {
  const double number = value.is_number() ? value.get<double>() : std::nan("");
  if (std::floor(number) == number && number >= static_cast<double>(minimum) &&
      number <= static_cast<double>(maximum)) {
    return true;
  }
  problem(name, maximum == std::numeric_limits<std::int32_t>::max()
                    ? fmt::format("a whole number from {} on is expected here", minimum)
                    : fmt::format("a whole number from {} to {} is expected here", minimum, maximum));
  return false;
}

void ScenarioReader::read(const char* name, std::int32_t& target, std::int32_t minimum,
                          std::int32_t maximum) {
  const Json* found = find(name);
  if (found && isInteger(name, *found, minimum, maximum))
    target = static_cast<std::int32_t>(found->get<double>());
}

void ScenarioReader::read(const char* name, std::optional<std::int32_t>& target, std::int32_t minimum,
                          std::int32_t maximum) {
  const Json* found = find(name);
  if (found && isInteger(name, *found, minimum, maximum))
    target = static_cast<std::int32_t>(found->get<double>());
}

void ScenarioReader::read(const char* name, std::vector<std::string>& target) {
  const Json* found = find(name);
  if (!found) return;
  const bool texts = found->is_array() && std::all_of(found->begin(), found->end(),
                                                      [](const Json& each) { return each.is_string(); });
  if (!texts) return problem(name, "a list of texts is expected here");
  target = found->get<std::vector<std::string>>();
}

void ScenarioReader::read(const char* name, std::map<std::string, std::string>& target) {
  const Json* found = find(name);
  if (!found) return;
  const bool texts = found->is_object() && std::all_of(found->begin(), found->end(),
                                                       [](const Json& each) { return each.is_string(); });
  if (!texts) return problem(name, "an object whose members are texts is expected here");
  target = found->get<std::map<std::string, std::string>>();
}

void ScenarioReader::size(const char* name, std::int64_t& target) {
  const Json* found = find(name);
  if (!found) return;
  if (found->is_string()) {
    const auto text = found->get<std::string>();
    const auto bytes = sizeIn(text);
    if (!bytes) return problem(name, fmt::format("'{}' is no size; write one such as \"40GiB\"", text));
    target = *bytes;
  } else if (isInteger(name, *found, 0, std::int64_t{1} << 62)) {
    target = found->is_number_integer() ? found->get<std::int64_t>()
                                        : static_cast<std::int64_t>(found->get<double>());
  }
}

void ScenarioReader::need(const char* name, std::string& target) {
  if (json_.is_object() && !json_.contains(name)) {
    known_.emplace_back(name);
    problems_.push_back({pointer_, fmt::format("'{}' is missing", name)});
    return;
  }
  read(name, target);
  if (has(name) && json_.at(name).is_string() && target.empty()) problem(name, "this may not be empty");
}

void ScenarioReader::notAllowed(const char* name, const std::string& text,
                                const std::vector<std::string_view>& allowed) {
  problem(name, fmt::format("'{}' is none of {}", text, fmt::join(allowed, ", ")));
}

void ScenarioReader::done() {
  if (!json_.is_object()) return;
  for (const auto& [name, value] : json_.items()) {
    if (std::find(known_.begin(), known_.end(), name) != known_.end()) continue;
    problems_.push_back(
        {pointer_, fmt::format("unknown member '{}'; known are {}", name, fmt::join(known_, ", "))});
  }
}

}  // namespace failback::mock
