// SPDX-License-Identifier: GPL-2.0-or-later
// The text of a .vmx as keys and values. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace failback::mock {

class VmxText {
 public:
  // Throws InvalidVmConfig for a line that is neither empty, a comment nor `key = "value"`.
  explicit VmxText(std::string_view text);

  // "" for a key that is not there. Keys have no case. What was asked for once is not among the rest.
  std::string take(const std::string& key);
  bool takeFlag(const std::string& key);
  // Throws InvalidVmConfig for what is no number.
  std::int64_t takeNumber(const std::string& key, std::int64_t otherwise);
  std::string need(const std::string& key);
  // What nobody has asked for, in the file's order.
  std::vector<std::pair<std::string, std::string>> rest() const;

 private:
  std::vector<std::pair<std::string, std::string>> lines_;
  std::map<std::string, std::size_t> places_;  // by key in small letters
  std::set<std::size_t> taken_;
};

// "42 1a ... 3c-4d ..." or "421a...-..." as the API writes UUIDs; "" for what is none.
std::string plainUuid(std::string_view text);

}  // namespace failback::mock
