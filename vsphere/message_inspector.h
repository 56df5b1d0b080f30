// SPDX-License-Identifier: GPL-2.0-or-later
// Looks into one recorded message (an answer or a request of the vSphere API, or the versions file) with the
// code that the client decodes with, and says what that code could not take in.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vsphere/error.h"
#include "vsphere/message_json.h"
#include "vsphere/page_decoder.h"

namespace failback::vsphere {

struct MessageReport {
  // The message's element: "LoginResponse", "Login", "Fault", or "namespaces" for the versions file.
  std::string message;
  // What it says; null for an answer without anything, and for a fault. Format: message_json.h.
  nlohmann::ordered_json result;
  std::optional<Error> fault;
  nlohmann::ordered_json faultDetail;  // the fault's object as the server wrote it; null when it has none
  std::vector<LeftOut> leftOut;
  // Our own values, for messages that carry properties of known objects.
  std::optional<InventoryPage> page;
  std::optional<UpdatePage> updates;
};

// `request` is what the message answers, where that is known: an answer to Fetch does not say itself which
// property of which object it holds. Throws Failure(malformedAnswer), naming the line or the element, when
// the message can't be read; another category never.
MessageReport inspectMessage(std::string_view message, std::string_view request = {});

nlohmann::ordered_json toJson(const Error& error);

}  // namespace failback::vsphere
