// SPDX-License-Identifier: GPL-2.0-or-later
// Names made up for those of a site, always the same for the same. Not thread safe.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace failback::mock {

class MadeUpNames {
 public:
  // Unless it is to make up names, each function returns what it is given.
  explicit MadeUpNames(bool active) : active_(active) {}
  bool active() const { return active_; }

  // `kind`: host, vm, datastore, network, ... (scenario_anonymous.cpp). Nothing stays nothing.
  std::string name(std::string_view kind, const std::string& original);
  // "web-01/web-01_1": directory and file, which are mostly named after machines.
  std::string filePath(const std::string& original);
  std::string address(const std::string& original);  // IPv4 or IPv6
  std::string mac(const std::string& original);
  std::string uuid(const std::string& original);    // keeps what tells the kind of UUID
  std::string volume(const std::string& original);  // root, drives and the retention volume stay

 private:
  struct Made {
    std::string text;
    bool fresh = false;
    unsigned number = 0;
  };
  Made& of(std::string_view kind, const std::string& original);
  std::string fileName(const std::string& original);

  bool active_;
  std::map<std::pair<std::string, std::string>, Made> made_;
  std::map<std::string, unsigned, std::less<>> count_;
};

}  // namespace failback::mock
