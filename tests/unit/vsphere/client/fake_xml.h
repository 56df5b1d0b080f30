// SPDX-License-Identifier: GPL-2.0-or-later
// Pieces of answers, written by hand in the manner of a real server, and a look into requests.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vsphere/model/moref.h"

namespace failback::vsphere::test {

// A whole answer: `body` is what stands in soapenv:Body.
std::string envelope(const std::string& body);
// A whole answer to `method` with this content ("<returnval>..").
std::string answer(const std::string& method, const std::string& content);
// A fault as vCenter writes it; `members` are the fault's own.
std::string fault(const std::string& type, const std::string& text, const std::string& members = {});
// "<obj type="Folder">group-d1</obj>"
std::string reference(const std::string& element, const Moref& ref);
std::string escaped(std::string_view text);
// "<propSet><name>..</name><val xsi:type="..">..</val></propSet>"
std::string property(const std::string& path, const std::string& type, const std::string& content);

// What a request holds. Elements are found by their local names, wherever they stand.
struct ReadRequestXml {
  std::string method;
  Moref self;
  std::string operationId;
  // The text of each element of that name.
  std::vector<std::string> texts(const std::string& element) const;
  std::vector<Moref> references(const std::string& element) const;
  std::string text(const std::string& element) const;  // of the first; empty when there is none

  std::string xml;
};
ReadRequestXml readRequest(const std::string& xml);

}  // namespace failback::vsphere::test
