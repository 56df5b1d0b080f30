// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include "discovery/kind.h"
#include "provisioning/check/world.h"

namespace failback::provisioning {
namespace {

// Kinds that replicated disks can't lie on, and why.
std::string_view refusedKind(std::string_view type) {
  using discovery::equalIgnoringCase;
  if (equalIgnoringCase(type, "NFS") || equalIgnoringCase(type, "NFS41"))
    return "an NFS datastore, which the replication can't write to";
  if (equalIgnoringCase(type, "VVOL")) return "a vVol datastore, whose disks are no plain VMDK files";
  if (equalIgnoringCase(type, "PMEM")) return "persistent memory of one host";
  if (equalIgnoringCase(type, "vfat")) return "the boot volume of a host";
  return "";
}

// Of the datastore itself, whoever mounts it.
Mount judgeDatastore(const vsphere::Datastore& datastore) {
  Mount mount;
  mount.property = "summary.type";
  if (!datastore.type || datastore.type->empty()) return mount;
  mount.known = true;
  if (!discovery::equalIgnoringCase(*datastore.type, "VMFS") &&
      !discovery::equalIgnoringCase(*datastore.type, "vsan")) {
    const std::string_view why = refusedKind(*datastore.type);
    mount.obstacle = fmt::format("{} is {}", datastore.name,
                                 why.empty() ? "of type " + *datastore.type : std::string(why));
    return mount;
  }
  if (datastore.accessible && !*datastore.accessible) {
    mount.property = "summary.accessible";
    mount.obstacle = fmt::format("{} is not accessible", datastore.name);
  } else if (datastore.maintenanceMode.value_or("normal") != "normal") {
    mount.property = "summary.maintenanceMode";
    mount.obstacle = fmt::format("{} is in maintenance ({})", datastore.name, *datastore.maintenanceMode);
  }
  return mount;
}

}  // namespace

Mount mountOn(const vsphere::Datastore& datastore, const vsphere::Moref& host) {
  Mount mount = judgeDatastore(datastore);
  if (!mount.known || !mount.obstacle.empty()) return mount;
  const auto blame = [&](std::string_view property, std::string_view how) {
    mount.property = fmt::format("host.mountInfo.{}", property);
    mount.obstacle = fmt::format("{} is {}", datastore.name, how);
    return mount;
  };
  for (const vsphere::HostMount& each : datastore.mounts) {
    if (each.host != host) continue;
    if (each.mounted && !*each.mounted) return blame("mounted", "not mounted");
    if (each.accessible && !*each.accessible)
      return blame("accessible",
                   fmt::format("not accessible ({})", each.inaccessibleReason.value_or("no reason given")));
    if (each.accessMode && *each.accessMode != "readWrite") return blame("accessMode", *each.accessMode);
    mount.property = "host.mountInfo.accessMode";
    mount.known = each.accessMode.has_value();
    return mount;
  }
  return blame("mounted", "not mounted");
}

std::string datastoreOf(std::string_view file) {
  if (file.empty() || file.front() != '[') return {};
  const std::size_t end = file.find(']');
  return end == std::string_view::npos ? std::string() : std::string(file.substr(1, end - 1));
}

std::string sizeText(std::int64_t bytes) {
  constexpr std::int64_t kibi = 1024;
  constexpr std::int64_t gibi = kibi * kibi * kibi;
  if (bytes < kibi * kibi) return fmt::format("{} bytes", bytes);
  if (bytes < gibi) return fmt::format("{} MiB", bytes / (kibi * kibi));
  const bool tebi = bytes >= 10 * kibi * gibi;
  const double unit = static_cast<double>(tebi ? kibi * gibi : gibi);
  const std::string number = fmt::format("{:.1f}", static_cast<double>(bytes) / unit);
  return fmt::format("{} {}", number.ends_with(".0") ? number.substr(0, number.size() - 2) : number,
                     tebi ? "TiB" : "GiB");
}

}  // namespace failback::provisioning
