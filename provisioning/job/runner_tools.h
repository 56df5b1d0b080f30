// SPDX-License-Identifier: GPL-2.0-or-later
// What runner.cpp, settle.cpp and the workers need. Nobody else's.
#pragma once

#include <string>
#include <vector>

#include "vsphere/client.h"

namespace failback::provisioning {

// VMs that are read, and what could not be.
class IntoVms : public vsphere::InventorySink {
 public:
  void object(vsphere::InventoryObject&& object) override {
    if (auto* vm = std::get_if<vsphere::VirtualMachine>(&object)) vms.push_back(std::move(*vm));
  }
  void unreadable(vsphere::Unreadable&& what) override { holes.push_back(std::move(what)); }
  void progress(std::uint64_t, std::uint64_t) override {}

  std::vector<vsphere::VirtualMachine> vms;
  std::vector<vsphere::Unreadable> holes;
};

// Nothing can be asked of the server any more: the job stops here, and goes on when it is called again.
bool endsTheJob(vsphere::Category category);

// References as the journal has them: "Task:task-17". Empty ones are empty texts.
vsphere::Moref parsed(const std::string& text);
std::string written(const vsphere::Moref& ref);

}  // namespace failback::provisioning
