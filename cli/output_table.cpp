// SPDX-License-Identifier: GPL-2.0-or-later
#include "cli/output_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/text_width.h"
#include "cli/units.h"

namespace failback::cli {
namespace {

using discovery::Kind;

// `note`: below the table.
void write(std::string_view title, const Table& table, const std::string& note, std::size_t count,
           const Terminal& terminal, Output& out) {
  out.write("\n" + terminal.styled(Style::heading, fmt::format("{} ({})", title, count)) + "\n");
  std::vector<std::string> leftOut;
  if (!table.empty())
    table.write(
        terminal, [&](std::string_view piece) { out.write(piece); }, &leftOut);
  if (!note.empty()) out.write("  " + terminal.styled(Style::faint, note) + "\n");
  if (leftOut.empty()) return;
  const std::string narrow = fmt::format("too narrow for: {}", fmt::join(leftOut, ", "));
  out.write("  " +
            terminal.styled(Style::faint, cutToWidth(narrow, terminal.width > 2 ? terminal.width - 2 : 78,
                                                     terminal.ellipsis())) +
            "\n");
}

void writeMasterTargets(const MasterTargetTable& targets, const Terminal& terminal, Output& out) {
  const std::size_t others = targets.others();
  if (targets.table().empty() && others == 0) return;
  std::string note;
  if (others > 0) {
    note = fmt::format("{} {} further from it; discover --kind vm --name NAME says why", others,
                       others == 1 ? "VM is" : "VMs are");
  }
  write("Master targets: VMs that could be one now", targets.table(), note, targets.candidates(), terminal,
        out);
}

}  // namespace

std::string bytesText(const std::optional<std::int64_t>& bytes) {
  return bytes ? humanBytes(*bytes) : "-";
}

std::string nameOf(const std::optional<vsphere::Moref>& ref, const discovery::Inventory& inventory) {
  if (!ref || ref->empty()) return "-";
  const vsphere::Entity* entity = inventory.entity(*ref);
  return entity == nullptr ? ref->value : entity->name;
}

std::string folderOf(std::string_view inventoryPath) {
  const std::size_t slash = inventoryPath.rfind('/');
  if (slash == std::string_view::npos) return {};
  return slash == 0 ? "/" : std::string(inventoryPath.substr(0, slash));
}

Cell stateCell(const std::optional<std::string>& state) {
  if (!state) return {"?", Style::warning};
  if (*state == "poweredOn") return {"on", Style::good};
  if (*state == "poweredOff") return {"off", Style::faint};
  if (*state == "connected") return {"connected", Style::good};
  if (*state == "notResponding") return {"not responding", Style::bad};
  if (*state == "suspended" || *state == "standBy") return {*state, Style::warning};
  return {*state, Style::bad};
}

std::string vcenterText(const discovery::Inventory& inventory, const Terminal& terminal) {
  const vsphere::VCenter& vcenter = inventory.vcenter;
  const vsphere::About& about = vcenter.about;
  const auto line = [&](std::string_view label, const std::string& value) {
    if (value.empty()) return std::string();
    return fmt::format("  {} {}\n", terminal.styled(Style::faint, fmt::format("{:<10}", label)),
                       printable(value));
  };
  std::string text =
      terminal.styled(Style::heading, printable(about.fullName.empty() ? about.name : about.fullName)) + "\n";
  text += line("url", vcenter.url);
  text += line("user", vcenter.userName);
  text += line("api", vcenter.negotiatedVersion.empty()
                          ? about.apiVersion
                          : fmt::format("{} (spoken: {})", about.apiVersion, vcenter.negotiatedVersion));
  text += line("instance", about.instanceUuid);
  text += line("sha-256", vcenter.thumbprintSha256);
  for (const vsphere::License& license : vcenter.licenses) {
    if (!license.entityId.empty()) continue;
    std::string value = license.name;
    if (license.total > 0) {
      value += license.used
                   ? fmt::format(", {} of {} {} used", *license.used, license.total, license.costUnit)
                   : fmt::format(", {} {}", license.total, license.costUnit);
    }
    if (license.expirationDate) value += ", expires " + *license.expirationDate;
    text += line("licence", value);
  }
  return text;
}

void writeTables(const discovery::View& view, const Terminal& terminal, Output& out) {
  const discovery::FilterSpec& filter = view.filter();
  out.write(vcenterText(view.inventory(), terminal));
  const auto section = [&](Kind kind, const Table& table) {
    // A kind that was asked for by name is also shown to be empty.
    const bool asked = !filter.kinds.empty() && filter.wants(kind);
    if (table.empty() && !asked) return;
    write(discovery::info(kind).title, table, {}, view.count(kind), terminal, out);
  };
  section(Kind::datacenter, datacenterTable(view));
  section(Kind::cluster, clusterTable(view));
  section(Kind::host, hostTable(view));
  section(Kind::storagePod, storagePodTable(view));
  section(Kind::datastore, datastoreTable(view));
  section(Kind::distributedSwitch, distributedSwitchTable(view));
  section(Kind::network, networkTable(view));
  section(Kind::resourcePool, resourcePoolTable(view));
  section(Kind::folder, folderTable(view));
  VmTable vms(view);
  MasterTargetTable targets(view);
  view.each<vsphere::VirtualMachine>([&](const vsphere::VirtualMachine& vm) {
    vms.add(vm);
    targets.add(vm);
  });
  section(Kind::virtualMachine, vms.table());
  writeMasterTargets(targets, terminal, out);
  if (!view.unreadable().empty()) {
    write("Not read, or perhaps old", unreadableTable(view), {}, view.unreadable().size(), terminal, out);
  }
}

}  // namespace failback::cli
