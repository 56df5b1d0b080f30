// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/job/runner_tools.h"

namespace failback::provisioning {

using vsphere::Category;
using vsphere::Moref;

bool endsTheJob(Category category) {
  switch (category) {
    case Category::unreachable:
    case Category::tlsTrust:
    case Category::loginRefused:
    case Category::deadline:
    case Category::interrupted:
    case Category::internal:
      return true;
    default:
      return false;
  }
}

Moref parsed(const std::string& text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos) return {};
  return {text.substr(0, colon), text.substr(colon + 1), ""};
}

std::string written(const Moref& ref) {
  return ref.empty() ? std::string() : ref.str();
}

}  // namespace failback::provisioning
