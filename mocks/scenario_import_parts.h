// SPDX-License-Identifier: GPL-2.0-or-later
// What the parts of the importer have in common. Used by scenario_import*.cpp only.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mocks/scenario_anonymous.h"

namespace failback::mock {

using Json = nlohmann::ordered_json;

// Members of the dump's objects, with something sensible for those that are absent or of another type.
std::string text(const Json& object, const char* member);
std::int64_t number(const Json& object, const char* member, std::int64_t otherwise = 0);
bool flag(const Json& object, const char* member, bool otherwise = false);
std::vector<std::string> texts(const Json& object, const char* member);
const Json& items(const Json& object, const char* member);  // a list; empty when there is none

// Sets a member unless the value is what the format has without it.
template <typename T>
void put(Json& object, const char* member, const T& value, const T& usual) {
  if (!(value == usual)) object[member] = value;
}
void put(Json& object, const char* member, const std::string& value);  // unless it is empty
void put(Json& object, const char* member, Json list);                 // the same

class Importing {
 public:
  Importing(const Json& dump, bool anonymous);

  const Json& dump;
  MadeUpNames names;

  // The object of that reference; null when the dump does not have it.
  const Json* find(const std::string& moref) const;
  // Its name as vCenter writes it, with / as %2f; made up when that is wanted.
  std::string nameOf(std::string_view kind, const Json& object);
  // The same of a reference; empty when the dump does not have it.
  std::string nameOf(std::string_view kind, const std::string& moref);
  // The names from below `top` down to the object, with slashes: its own last.
  std::string pathBelow(std::string_view kind, const std::string& moref, const std::string& top);
  // The datacenter that it is in, by its parents; null when they can't be seen.
  const Json* datacenterOf(const Json& object) const;

  // "host esx-01: ..." for the list of what could not be taken over; once for each object and text.
  void note(std::string_view kind, const Json& object, const std::string& text);
  void note(std::string text);
  std::vector<std::string> takeNotes() { return std::move(notes_); }

 private:
  std::map<std::string, const Json*> objects_;
  std::vector<std::string> notes_;
};

// One virtual machine.
Json importMachine(Importing& in, const Json& vm);

}  // namespace failback::mock
