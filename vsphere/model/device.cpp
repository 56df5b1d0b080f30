// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/model/device.h"

#include "wsdl/schema.h"

namespace failback::vsphere {
namespace {

bool isHexDigit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

char lowerCase(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

}  // namespace

std::string normaliseUuid(const std::string& uuid) {
  std::string digits;
  digits.reserve(32);
  for (const char c : uuid) {
    if (c == '-' || c == ' ') continue;
    if (!isHexDigit(c) || digits.size() == 32) return uuid;
    digits += lowerCase(c);
  }
  return digits.size() == 32 ? digits : uuid;
}

bool sameUuid(const std::string& a, const std::string& b) {
  return !a.empty() && normaliseUuid(a) == normaliseUuid(b);
}

const std::string& Disk::path() const {
  static const std::string none;
  return chain.empty() ? none : chain.front().path;
}

// A class newer than ours has the members of its base.
bool Controller::isScsi() const {
  return sharedBus || scsiCtlrUnitNumber || vim25::isA(type, "VirtualSCSIController");
}

bool Controller::isLsiLogic() const {
  return type == "VirtualLsiLogicController" || type == "VirtualLsiLogicSASController";
}

}  // namespace failback::vsphere
