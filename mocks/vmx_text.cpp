// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/vmx_text.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "mocks/fault.h"

namespace failback::mock {

namespace {

[[noreturn]] void invalid(std::string_view key) {
  throw makeFault("InvalidVmConfig", "The virtual machine configuration is not valid.", {{"property", key}});
}

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return copy;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// "|22" is a quote: two digits stand for a byte.
std::string decoded(std::string_view text) {
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    const char* const first = text.data() + i + 1;
    if (text[i] == '|' && i + 2 < text.size() &&
        std::from_chars(first, first + 2, byte, 16).ptr == first + 2) {
      plain += static_cast<char>(byte);
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

}  // namespace

VmxText::VmxText(std::string_view text) {
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line.front() == '#') continue;
    const auto equals = line.find('=');
    const std::string_view key = trimmed(line.substr(0, equals));
    if (equals == std::string_view::npos || key.empty()) invalid(line.substr(0, 80));
    std::string_view value = trimmed(line.substr(equals + 1));
    if (value.starts_with('"')) {
      if (value.size() < 2 || !value.ends_with('"')) invalid(key);
      value = value.substr(1, value.size() - 2);
    }
    places_[lower(key)] = lines_.size();
    lines_.emplace_back(key, decoded(value));
  }
}

std::string VmxText::take(const std::string& key) {
  const auto found = places_.find(lower(key));
  if (found == places_.end()) return {};
  taken_.insert(found->second);
  return lines_[found->second].second;
}

bool VmxText::takeFlag(const std::string& key) {
  return lower(take(key)) == "true";
}

std::int64_t VmxText::takeNumber(const std::string& key, std::int64_t otherwise) {
  const std::string text = take(key);
  if (text.empty()) return otherwise;
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) invalid(key);
  return number;
}

std::string VmxText::need(const std::string& key) {
  std::string value = take(key);
  if (value.empty()) invalid(key);
  return value;
}

std::vector<std::pair<std::string, std::string>> VmxText::rest() const {
  std::vector<std::pair<std::string, std::string>> others;
  others.reserve(lines_.size());
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    // Of a key that is there twice the last counts.
    if (!taken_.contains(i) && places_.at(lower(lines_[i].first)) == i) others.push_back(lines_[i]);
  }
  return others;
}

std::string plainUuid(std::string_view text) {
  constexpr std::size_t digits = 32;
  std::string plain;
  for (const char c : lower(text)) {
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0) plain += c;
  }
  if (plain.size() != digits) return {};
  for (const std::size_t at : {20U, 16U, 12U, 8U}) plain.insert(at, "-");
  return plain;
}

}  // namespace failback::mock
