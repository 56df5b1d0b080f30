// SPDX-License-Identifier: GPL-2.0-or-later
// Looks into an answer without decoding it: is it a fault, and which; does it say that the session is gone?
// For the layers below the client, which must know that much and no more. Cheap: text is searched first, and
// only where it holds what is looked for, libxml2's reader judges it, with namespaces resolved.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace failback::vsphere {

struct PeekedFault {
  std::string
      type;  // "InvalidLogin": from xsi:type, else the detail element's name; empty when there is no detail
  std::string text;  // faultstring
};

// The SOAP fault in `envelope`; nothing when its body is no fault, or it is no SOAP at all. A message that is
// cut short behind the fault's type still counts.
std::optional<PeekedFault> peekFault(std::string_view envelope);

// True when a missingSet or missingObjects entry of the answer says NotAuthenticated: that is how the
// property collector tells that the session is gone, with HTTP status 200. A task's error or a text of that
// name does not count. `envelope` may be cut short.
bool tellsNotAuthenticated(std::string_view envelope);

// The same for an answer that comes in pieces, of which the beginning has been judged and passed on already.
// Looks at text only: a start tag "fault" with that type, inside a missingSet. Not thread-safe.
class NotAuthenticatedWatcher {
 public:
  // True when `piece`, together with what came before it, tells NotAuthenticated.
  bool feed(std::string_view piece);

 private:
  // What an entry of missingSet needs between its start and the type: a property's path and a few tags.
  static constexpr std::size_t context = 2048;
  std::string tail_;
};

}  // namespace failback::vsphere
