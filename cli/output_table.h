// SPDX-License-Identifier: GPL-2.0-or-later
// The inventory as tables for people: a section for each kind, who could be a master target, and what could
// not be read.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "cli/output.h"
#include "cli/table.h"
#include "cli/terminal.h"
#include "discovery/view.h"

namespace failback::cli {

void writeTables(const discovery::View& view, const Terminal& terminal, Output& out);

// The sections, by what they are about; each is empty when there is nothing to show.
std::string vcenterText(const discovery::Inventory& inventory, const Terminal& terminal);
Table datacenterTable(const discovery::View& view);
Table folderTable(const discovery::View& view);
Table clusterTable(const discovery::View& view);
Table hostTable(const discovery::View& view);
Table datastoreTable(const discovery::View& view);
Table storagePodTable(const discovery::View& view);
Table networkTable(const discovery::View& view);
Table distributedSwitchTable(const discovery::View& view);
Table resourcePoolTable(const discovery::View& view);
Table unreadableTable(const discovery::View& view);

// The sections about VMs take one after the other, so that each has to be unpacked once only. The view must
// outlive them.
class VmTable {
 public:
  explicit VmTable(const discovery::View& view);
  void add(const vsphere::VirtualMachine& vm);
  const Table& table() const { return table_; }

 private:
  const discovery::Inventory& inventory_;
  const bool thin_;
  Table table_;
};

// Who could be a master target; nobody is judged by a thin read.
class MasterTargetTable {
 public:
  explicit MasterTargetTable(const discovery::View& view);
  void add(const vsphere::VirtualMachine& vm);
  const Table& table() const { return table_; }
  // How many could be one.
  std::size_t candidates() const { return candidates_; }
  // VMs that are left out because several things stand in their way.
  std::size_t others() const { return others_; }

 private:
  const discovery::Inventory& inventory_;
  const bool judges_, few_;
  std::size_t candidates_ = 0, others_ = 0;
  Table table_;
};

// Words of vSphere for people: "poweredOn" is "on". Unset values are "-".
Cell stateCell(const std::optional<std::string>& state);
std::string bytesText(const std::optional<std::int64_t>& bytes);
std::string nameOf(const std::optional<vsphere::Moref>& ref, const discovery::Inventory& inventory);
// The path without its last part.
std::string folderOf(std::string_view inventoryPath);

}  // namespace failback::cli
