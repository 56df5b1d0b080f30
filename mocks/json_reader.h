// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the members of a JSON object by name, and complains of those that nobody asked for. All of it throws
// JsonError with the place.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "mocks/json_value.h"

namespace failback::mock {

class JsonReader {
 public:
  // `json` must outlive the reader.
  JsonReader(const Json& json, std::string place);

  const std::string& place() const { return place_; }
  std::string place(const std::string& member) const { return place_ + "/" + member; }
  bool has(const std::string& member) const { return json_.contains(member); }

  // Null when absent.
  const Json* member(const std::string& name);
  const Json& need(const std::string& name);
  bool text(const std::string& name, std::string& target);
  bool flag(const std::string& name, bool& target);
  // At least `least`.
  bool number(const std::string& name, std::uint64_t& target, std::uint64_t least);
  bool duration(const std::string& name, std::chrono::milliseconds& target, bool isSigned = false);
  // After all others: any member not asked for is an error.
  void done() const;

 private:
  const Json& json_;
  std::string place_;
  std::vector<std::string> known_;
};

}  // namespace failback::mock
