// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/plan/identity.h"

#include "provisioning/plan/plan_forms.h"
#include "vsphere/sha256.h"

namespace failback::provisioning {
namespace {

// 32 hex digits of a digest over the parts, which a zero byte keeps apart.
std::string digits(std::string_view what, const Plan& plan, std::string_view machine, std::string_view disk) {
  std::string text(what);
  for (const std::string& each : {lower(plan.id), std::string(machine), std::string(disk)}) {
    text += '\0';
    text += each;
  }
  constexpr std::size_t length = 32;
  return vsphere::sha256Hex(text).substr(0, length);
}

std::string dashed(const std::string& digits) {
  return digits.substr(0, 8) + "-" + digits.substr(8, 4) + "-" + digits.substr(12, 4) + "-" +
         digits.substr(16, 4) + "-" + digits.substr(20);
}

}  // namespace

std::string derivedInstanceUuid(const Plan& plan, const Machine& machine) {
  std::string text = digits("instance", plan, machine.id, "");
  constexpr std::size_t version = 12, variant = 16;
  text[version] = '8';
  constexpr std::string_view variants = "89ab";
  text[variant] = variants[static_cast<unsigned char>(text[variant]) % variants.size()];
  return dashed(text);
}

std::string derivedDiskUuid(const Plan& plan, const Machine& machine, const SourceDisk& disk) {
  constexpr std::string_view prefix = "6000C29";
  return dashed(std::string(prefix) + digits("disk", plan, machine.id, disk.id).substr(prefix.size()));
}

std::map<std::string, std::string> marksOf(const Plan& plan, const Machine& machine,
                                           const std::string& instanceUuid, bool created) {
  std::map<std::string, std::string> marks{{std::string(markPlan), plan.id},
                                           {std::string(markMachine), machine.id},
                                           {std::string(markInstance), instanceUuid}};
  if (created) marks.emplace(markCreated, "true");
  return marks;
}

}  // namespace failback::provisioning
