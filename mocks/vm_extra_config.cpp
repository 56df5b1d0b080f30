// SPDX-License-Identifier: GPL-2.0-or-later
// config.extraConfig: few options for a machine of a small scenario; as many and as long ones as on a real
// site for those of a generated one. What says nothing of the single machine is one node for all.
#include <fmt/format.h>

#include <array>

#include "mocks/random_source.h"
#include "mocks/vm_parts.h"

namespace failback::mock {

namespace {

Value option(const std::string& key, Value value) {
  return object("OptionValue", {{"key", word(key)}, {"value", std::move(value)}});
}

// One that many machines have, and one node in all of them.
Value commonOption(const std::string& key, Value value) {
  return shared(option(key, std::move(value)));
}

struct Setting {
  const char *key, *value;
};

// What a server adds to each machine on its own.
constexpr std::array<Setting, 26> usual{{{"svga.autodetect", "TRUE"},
                                         {"pciBridge4.present", "TRUE"},
                                         {"pciBridge4.virtualDev", "pcieRootPort"},
                                         {"pciBridge4.functions", "8"},
                                         {"pciBridge5.present", "TRUE"},
                                         {"pciBridge5.virtualDev", "pcieRootPort"},
                                         {"pciBridge5.functions", "8"},
                                         {"pciBridge6.present", "TRUE"},
                                         {"pciBridge6.virtualDev", "pcieRootPort"},
                                         {"pciBridge6.functions", "8"},
                                         {"pciBridge7.present", "TRUE"},
                                         {"pciBridge7.virtualDev", "pcieRootPort"},
                                         {"pciBridge7.functions", "8"},
                                         {"tools.guest.desktop.autolock", "TRUE"},
                                         {"tools.remindInstall", "FALSE"},
                                         {"tools.syncTime", "FALSE"},
                                         {"toolsInstallManager.updateCounter", "3"},
                                         {"toolsInstallManager.lastInstallError", "0"},
                                         {"softPowerOff", "FALSE"},
                                         {"monitor.phys_bits_used", "45"},
                                         {"numa.autosize.cookie", "20022"},
                                         {"numa.autosize.vcpu.maxPerVirtualNode", "2"},
                                         {"cpuid.coresPerSocket.cookie", "2"},
                                         {"sched.cpu.latencySensitivity", "normal"},
                                         {"vmotion.checkpointFBSize", "8388608"},
                                         {"vmotion.checkpointSVGAPrimarySize", "8388608"}}};

constexpr std::array<const char*, 24> programs{{"systemd",
                                                "systemd-journald",
                                                "systemd-udevd",
                                                "systemd-networkd",
                                                "systemd-resolved",
                                                "systemd-logind",
                                                "vmtoolsd",
                                                "dbus-daemon",
                                                "cron",
                                                "rsyslogd",
                                                "sshd",
                                                "polkitd",
                                                "chronyd",
                                                "multipathd",
                                                "auditd",
                                                "node_exporter",
                                                "java",
                                                "postgres",
                                                "nginx",
                                                "containerd",
                                                "agetty",
                                                "filebeat",
                                                "python3",
                                                "unattended-upgr"}};

// What the tools report of the programs that run, as they do every six hours.
std::string programList(bool windows) {
  std::string text =
      R"({"version":"1","updateCounter":"1182","publishTime":"2026-02-20T07:20:11.482Z","applications":[)";
  for (int i = 0; i < 5; ++i) {
    for (const char* each : programs) {
      text += fmt::format(R"({}{{"a":"{}{}","v":"{}.{}.{}"}})", text.back() == '[' ? "" : ",", each,
                          windows ? ".exe" : "", 5 + i, i * 7 % 10, i * 3);
    }
  }
  return text + "]}";
}

std::string guestDetails(bool windows) {
  return windows
             ? "architecture='X86' bitness='64' buildNumber='17763' distroName='Windows' "
               "distroVersion='10.0' familyName='Windows' kernelVersion='10.0' prettyName='Windows Server "
               "2019, 64-bit (Build 17763.5458)'"
             : "architecture='X86' bitness='64' distroAddlVersion='22.04.4 LTS (Jammy Jellyfish)' "
               "distroName='Ubuntu' distroVersion='22.04' familyName='Linux' "
               "kernelVersion='5.15.0-97-generic' prettyName='Ubuntu 22.04.4 LTS'";
}

std::vector<Value> makeCommon(bool windows) {
  std::vector<Value> options;
  options.reserve(usual.size() + 40);
  for (const Setting& each : usual) options.push_back(commonOption(each.key, each.value));
  for (const int slot : {0, 1, 2, 3}) {
    options.push_back(
        commonOption(fmt::format("ethernet{}.pciSlotNumber", slot), std::to_string(192 + 32 * slot)));
    options.push_back(
        commonOption(fmt::format("scsi{}.pciSlotNumber", slot), std::to_string(160 + 32 * slot)));
    options.push_back(
        commonOption(fmt::format("pciBridge{}.pciSlotNumber", slot + 4), std::to_string(21 + slot)));
    options.push_back(commonOption(fmt::format("monitor_control.pcpu_affinity_hint{}", slot), "default"));
  }
  for (const char* each :
       {"redo", "sched.scsi0:0.throughputCap", "sched.scsi0:0.shares", "hotAddRemove.state"})
    options.push_back(commonOption(fmt::format("scsi0:0.{}", each), "off"));
  for (const char* each : {"featMask.vm.cpuid.intel", "featMask.vm.cpuid.stibp", "featMask.vm.cpuid.ibrs",
                           "featMask.vm.cpuid.ibpb", "featMask.vm.cpuid.ssbd", "featMask.vm.cpuid.mdclear"})
    options.push_back(commonOption(each, "Val:1"));
  for (const char* each : {"guestinfo.vmtools.buildNumber", "guestinfo.vmtools.versionNumber"})
    options.push_back(commonOption(each, "12352"));
  options.push_back(commonOption("guestinfo.vmtools.description", "open-vm-tools 12.3.5 build 22544099"));
  options.push_back(commonOption("guestinfo.vmtools.versionString", "12.3.5"));
  options.push_back(commonOption("guestInfo.detailed.data", guestDetails(windows)));
  options.push_back(commonOption("guestinfo.appInfo", programList(windows)));
  for (const char* each : {"backup.job", "backup.window", "owner.costCentre", "owner.service"})
    options.push_back(commonOption(fmt::format("site.{}", each), "default, see the register of services"));
  return options;
}

}  // namespace

Value extraConfig(const SiteVm& vm) {
  static const std::vector<Value> linuxCommon = makeCommon(false), windowsCommon = makeCommon(true);
  static const std::vector<Value> none;
  const VmSpec& spec = *vm.spec;
  const std::vector<Value>& common = !vm.longExtraConfig                   ? none
                                     : spec.guestId.starts_with("windows") ? windowsCommon
                                                                           : linuxCommon;
  std::vector<Value> options;
  options.reserve(10 + common.size() + spec.extraConfig.size());
  options.push_back(option("nvram", vm.base + ".nvram"));
  for (const char* each : {"pciBridge0.present", "svga.present", "hpet0.present"})
    options.push_back(commonOption(each, "TRUE"));
  options.push_back(commonOption("disk.EnableUUID", spec.diskUuid ? "TRUE" : "FALSE"));
  options.push_back(option("viv.moid", fmt::format("{}:{}", vm.home->uuid, vm.ref.id)));
  options.push_back(commonOption("vmware.tools.internalversion", spec.tools ? "12352" : "0"));
  options.push_back(
      option("migrate.hostLog", fmt::format("{}-{:08x}.hlog", spec.name, hashOf(spec.name) & 0xffffffffU)));
  options.insert(options.end(), common.begin(), common.end());
  if (vm.longExtraConfig) {
    options.push_back(option("sched.swap.derivedName",
                             fmt::format("/vmfs/volumes/{}/{}/{}-{:08x}.vswp", vm.home->uuid, vm.directory,
                                         vm.base, hashOf(spec.name) & 0xffffffffU)));
  }
  for (const auto& [key, value] : spec.extraConfig) {
    std::erase_if(options, [&name = key](const Value& each) { return each.at("key").string() == name; });
    options.push_back(option(key, value));
  }
  return options;
}

}  // namespace failback::mock
