// SPDX-License-Identifier: GPL-2.0-or-later
// SOAP 1.1 envelopes as a real vCenter writes them, down to the line breaks.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "mocks/fault.h"
#include "mocks/http_message.h"
#include "mocks/xml_writer.h"

namespace failback::mock {

// What a call answers: a value for its returnval (unset: none), or whatever `write` writes instead.
struct Answer {
  Value value;
  std::function<void(XmlWriter&)> write;
};

// Which call is being answered, and for whom.
struct CallFormat {
  std::string method;  // name on the wire
  Release release = Release::v80;
};

// Throws SchemaViolation when the answer does not fit the schema.
HttpResponse answerResponse(const CallFormat& format, const Answer& answer);
HttpResponse faultResponse(const CallFormat& format, const Fault& fault);
// A fault without a vim type, for what is not even a call.
HttpResponse plainFaultResponse(std::string_view text);
// HTTP 503 without SOAP, as the proxy before a vCenter answers for one that is not there or full.
HttpResponse unavailableResponse(std::string_view text);

}  // namespace failback::mock
