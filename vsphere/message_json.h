// SPDX-License-Identifier: GPL-2.0-or-later
// A decoded message as JSON, and what of the original it does not hold.
//
// Numbers and booleans are JSON's, times and enums are text, references {"type", "value"}; an object has
// "_type" where its class is not the declared one or anything may stand there; a list in such a place is
// {"_type", "_value"}; so is a simple value whose type JSON does not show.
#pragma once

#include <libxml/tree.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace failback::vsphere {

// Something of the original that the decoded message lacks.
struct LeftOut {
  std::string path;    // "returnval/objects[2]/propSet[0]/val/numaInfo", from the message's element on
  std::string type;    // of what is missing, as far as it is known
  std::string reason;  // for people
};

// The declared members of an element: of a data type, or of the message of a method.
struct Shape {
  std::string type;      // "GuestInfo", "xsd:int"; "xsd:anyType" for anything; empty: a message
  std::string method;    // of a message
  bool request = false;  // of a message
};

// `original` is an element of the recorded message, `understood` what was written again after decoding it.
// Paths in `leftOut` begin with `path`.
nlohmann::ordered_json toJson(const xmlNode* original, const xmlNode* understood, const Shape& shape,
                              std::vector<LeftOut>& leftOut, const std::string& path = {});

// One value that the generated classes hold, as text on one line: toJson() of something that may be anything,
// but a simple value, a list and a reference stand without "_type".
std::string jsonOfValue(const xmlNode* value);

// The first value in the element that its declared type does not allow, such as a number that is none.
struct BadValue {
  long line = 0;
  std::string path, text, type;
};
std::optional<BadValue> findBadValue(const xmlNode* original, const Shape& shape);

}  // namespace failback::vsphere
