// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/guest_os.h"

#include <algorithm>
#include <array>

#include "mocks/site.h"

namespace failback::mock {

namespace {

enum class Family : std::uint8_t { linux, windows, other };
enum class Disk : std::uint8_t { pvscsi, sas, lsi, ide };
enum class Card : std::uint8_t { vmxnet3, e1000e, e1000, vlance };

struct GuestOs {
  std::string_view id, name;
  Family family;
  std::int32_t since;         // the first hardware version that has it
  std::int32_t memory, disk;  // recommended: MiB, GiB
  bool efi;                   // rather than BIOS
  Disk controller;
  Card card;
};

using enum Family;
constexpr std::array<GuestOs, 44> guests{{
    {"windows2022srvNext_64Guest", "Microsoft Windows Server 2025 (64-bit)", windows, 20, 4096, 90, true,
     Disk::sas, Card::vmxnet3},
    {"windows2019srvNext_64Guest", "Microsoft Windows Server 2022 (64-bit)", windows, 18, 4096, 90, true,
     Disk::sas, Card::vmxnet3},
    {"windows2019srv_64Guest", "Microsoft Windows Server 2019 (64-bit)", windows, 14, 4096, 90, true,
     Disk::sas, Card::e1000e},
    {"windows9Server64Guest", "Microsoft Windows Server 2016 (64-bit)", windows, 10, 4096, 90, true,
     Disk::sas, Card::e1000e},
    {"windows8Server64Guest", "Microsoft Windows Server 2012 (64-bit)", windows, 8, 4096, 90, false,
     Disk::sas, Card::e1000e},
    {"windows7Server64Guest", "Microsoft Windows Server 2008 R2 (64-bit)", windows, 7, 4096, 40, false,
     Disk::sas, Card::e1000},
    {"winLonghorn64Guest", "Microsoft Windows Server 2008 (64-bit)", windows, 7, 2048, 40, false, Disk::sas,
     Card::e1000},
    {"winNetEnterprise64Guest", "Microsoft Windows Server 2003 (64-bit)", windows, 4, 1024, 16, false,
     Disk::lsi, Card::e1000},
    {"windows11_64Guest", "Microsoft Windows 11 (64-bit)", windows, 20, 4096, 64, true, Disk::sas,
     Card::vmxnet3},
    {"windows9_64Guest", "Microsoft Windows 10 (64-bit)", windows, 10, 4096, 48, true, Disk::sas,
     Card::e1000e},
    {"windows9Guest", "Microsoft Windows 10 (32-bit)", windows, 10, 2048, 32, true, Disk::sas, Card::e1000e},
    {"windows8_64Guest", "Microsoft Windows 8.x (64-bit)", windows, 8, 2048, 32, false, Disk::sas,
     Card::e1000e},
    {"windows7_64Guest", "Microsoft Windows 7 (64-bit)", windows, 7, 2048, 32, false, Disk::sas, Card::e1000},
    {"winXPProGuest", "Microsoft Windows XP Professional (32-bit)", windows, 4, 256, 8, false, Disk::ide,
     Card::e1000},
    {"rhel9_64Guest", "Red Hat Enterprise Linux 9 (64-bit)", linux, 18, 2048, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"rhel8_64Guest", "Red Hat Enterprise Linux 8 (64-bit)", linux, 14, 2048, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"rhel7_64Guest", "Red Hat Enterprise Linux 7 (64-bit)", linux, 8, 2048, 16, false, Disk::pvscsi,
     Card::vmxnet3},
    {"rhel6_64Guest", "Red Hat Enterprise Linux 6 (64-bit)", linux, 7, 2048, 16, false, Disk::pvscsi,
     Card::vmxnet3},
    {"rhel5_64Guest", "Red Hat Enterprise Linux 5 (64-bit)", linux, 4, 1024, 8, false, Disk::lsi,
     Card::vmxnet3},
    {"centos9_64Guest", "CentOS 9 (64-bit)", linux, 18, 2048, 16, true, Disk::pvscsi, Card::vmxnet3},
    {"centos8_64Guest", "CentOS 8 (64-bit)", linux, 14, 2048, 16, true, Disk::pvscsi, Card::vmxnet3},
    {"centos7_64Guest", "CentOS 7 (64-bit)", linux, 11, 2048, 16, false, Disk::pvscsi, Card::vmxnet3},
    {"rockylinux_64Guest", "Rocky Linux (64-bit)", linux, 19, 2048, 16, true, Disk::pvscsi, Card::vmxnet3},
    {"almalinux_64Guest", "AlmaLinux (64-bit)", linux, 19, 2048, 16, true, Disk::pvscsi, Card::vmxnet3},
    {"oracleLinux9_64Guest", "Oracle Linux 9 (64-bit)", linux, 18, 2048, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"oracleLinux8_64Guest", "Oracle Linux 8 (64-bit)", linux, 14, 2048, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"amazonlinux2_64Guest", "Amazon Linux 2 (64-bit)", linux, 13, 2048, 16, false, Disk::pvscsi,
     Card::vmxnet3},
    {"sles16_64Guest", "SUSE Linux Enterprise 16 (64-bit)", linux, 18, 2048, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"sles15_64Guest", "SUSE Linux Enterprise 15 (64-bit)", linux, 14, 2048, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"sles12_64Guest", "SUSE Linux Enterprise 12 (64-bit)", linux, 8, 2048, 16, false, Disk::pvscsi,
     Card::vmxnet3},
    {"debian12_64Guest", "Debian GNU/Linux 12 (64-bit)", linux, 20, 2048, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"debian11_64Guest", "Debian GNU/Linux 11 (64-bit)", linux, 18, 2048, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"debian10_64Guest", "Debian GNU/Linux 10 (64-bit)", linux, 13, 2048, 16, false, Disk::pvscsi,
     Card::vmxnet3},
    {"debian9_64Guest", "Debian GNU/Linux 9 (64-bit)", linux, 11, 1024, 16, false, Disk::pvscsi,
     Card::vmxnet3},
    {"ubuntu64Guest", "Ubuntu Linux (64-bit)", linux, 7, 1024, 16, false, Disk::lsi, Card::vmxnet3},
    {"vmwarePhoton64Guest", "VMware Photon OS (64-bit)", linux, 13, 2048, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"other6xLinux64Guest", "Other 6.x or later Linux (64-bit)", linux, 20, 1024, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"other5xLinux64Guest", "Other 5.x or later Linux (64-bit)", linux, 18, 1024, 16, true, Disk::pvscsi,
     Card::vmxnet3},
    {"other4xLinux64Guest", "Other 4.x Linux (64-bit)", linux, 13, 1024, 16, false, Disk::pvscsi,
     Card::vmxnet3},
    {"otherLinux64Guest", "Other Linux (64-bit)", linux, 4, 256, 8, false, Disk::lsi, Card::e1000},
    {"freebsd13_64Guest", "FreeBSD 13 (64-bit)", other, 18, 512, 20, true, Disk::pvscsi, Card::vmxnet3},
    {"vmkernel7Guest", "VMware ESXi 7.x", other, 17, 4096, 40, true, Disk::pvscsi, Card::vmxnet3},
    {"otherGuest64", "Other (64-bit)", other, 4, 256, 8, false, Disk::lsi, Card::e1000},
    {"otherGuest", "Other (32-bit)", other, 4, 256, 8, false, Disk::lsi, Card::vlance},
}};

std::string_view familyOf(const GuestOs& guest) {
  if (guest.family == windows) return "windowsGuest";
  return guest.family == linux ? "linuxGuest" : "otherGuestFamily";
}

std::string_view controllerOf(const GuestOs& guest) {
  switch (guest.controller) {
    case Disk::pvscsi:
      return "ParaVirtualSCSIController";
    case Disk::sas:
      return "VirtualLsiLogicSASController";
    case Disk::lsi:
      return "VirtualLsiLogicController";
    case Disk::ide:
      break;
  }
  return "VirtualIDEController";
}

std::string_view cardOf(const GuestOs& guest, std::int32_t hardware) {
  if (guest.card == Card::vlance || hardware < 7) return hardware < 7 ? "VirtualE1000" : "VirtualPCNet32";
  if (guest.card == Card::vmxnet3) return "VirtualVmxnet3";
  return guest.card == Card::e1000e && hardware >= 8 ? "VirtualE1000e" : "VirtualE1000";
}

Value words(std::initializer_list<std::string_view> texts) {
  std::vector<Value> items;
  items.reserve(texts.size());
  for (const std::string_view each : texts) items.emplace_back(each);
  return items;
}

std::vector<Value> controllersFor(std::int32_t hardware) {
  std::vector<Value> found{"VirtualBusLogicController", "VirtualLsiLogicController"};
  if (hardware >= 7) {
    found.emplace_back("VirtualLsiLogicSASController");
    found.emplace_back("ParaVirtualSCSIController");
  }
  found.emplace_back("VirtualIDEController");
  if (hardware >= 10) found.emplace_back("VirtualAHCIController");
  if (hardware >= 13) found.emplace_back("VirtualNVMEController");
  return found;
}

std::vector<Value> cardsFor(std::int32_t hardware) {
  std::vector<Value> found{"VirtualE1000"};
  if (hardware >= 8) found.emplace_back("VirtualE1000e");
  if (hardware >= 7) found.emplace_back("VirtualVmxnet3");
  found.emplace_back("VirtualPCNet32");
  return found;
}

Value descriptor(const GuestOs& guest, const HardwareLimits& limits) {
  const bool modern = limits.version >= 13;
  const bool small = guest.memory <= 256;  // old systems take neither hot plugging nor secure boot
  const bool efi = guest.efi && limits.version >= 8;
  const std::string_view controller = controllerOf(guest);
  const bool scsi = guest.controller != Disk::ide;
  return filled("GuestOsDescriptor", false,
                {{"id", guest.id},
                 {"family", familyOf(guest)},
                 {"fullName", guest.name},
                 {"supportedMaxCPUs", limits.cpus},
                 {"numSupportedPhysicalSockets", std::min<std::int32_t>(limits.cpus, 64)},
                 {"numSupportedCoresPerSocket", limits.coresPerSocket},
                 {"supportedMinMemMB", std::min<std::int32_t>(guest.memory / 4, 1024)},
                 {"supportedMaxMemMB", limits.memoryMebibytes},
                 {"recommendedMemMB", guest.memory},
                 {"recommendedColorDepth", std::int32_t{24}},
                 {"supportedDiskControllerList", controllersFor(limits.version)},
                 {"recommendedSCSIController", scsi ? Value(controller) : Value("VirtualBusLogicController")},
                 {"recommendedDiskController", controller},
                 {"supportedNumDisks", std::int32_t{limits.version >= 14 ? 256 : 60}},
                 {"recommendedDiskSizeMB", guest.disk * 1024},
                 {"recommendedCdromController",
                  limits.version >= 10 && !small ? "VirtualAHCIController" : "VirtualIDEController"},
                 {"supportedEthernetCard", cardsFor(limits.version)},
                 {"recommendedEthernetCard", cardOf(guest, limits.version)},
                 {"supportsSlaveDisk", true},
                 {"supportsWakeOnLan", true},
                 {"supportsMemoryHotAdd", !small},
                 {"supportsCpuHotAdd", !small},
                 {"supportedFirmware", limits.version >= 8 ? words({"bios", "efi"}) : words({"bios"})},
                 {"recommendedFirmware", efi ? "efi" : "bios"},
                 {"supportedUSBControllerList",
                  limits.version >= 8 ? words({"VirtualUSBController", "VirtualUSBXHCIController"})
                                      : words({"VirtualUSBController"})},
                 {"recommendedUSBController",
                  limits.version >= 8 && !small ? Value("VirtualUSBXHCIController") : Value()},
                 {"supports3D", guest.family != other},
                 {"usbRecommended", false},
                 {"supportLevel", small ? "legacy" : "supported"},
                 {"supportedForCreate", true},
                 {"vRAMSizeInKB", intOption(1024, 131'072, 4096)},
                 {"numSupportedFloppyDevices", std::int32_t{2}},
                 {"wakeOnLanEthernetCard", cardsFor(limits.version)},
                 {"supportsPvscsiControllerForBoot", limits.version >= 7 && !small},
                 {"diskUuidEnabled", efi && guest.family == windows},
                 {"supportsHotPlugPCI", true},
                 {"supportsSecureBoot", efi && modern},
                 {"defaultSecureBoot", efi && modern && guest.family == windows},
                 {"persistentMemorySupported", modern && !small},
                 {"numRecommendedPhysicalSockets", std::int32_t{1}},
                 {"numRecommendedCoresPerSocket", std::int32_t{1}},
                 {"vvtdSupported", boolOption(modern && efi, false)},
                 {"vbsSupported", boolOption(limits.version >= 14 && efi && guest.family == windows, false)},
                 {"supportsTPM20", limits.version >= 14 && efi}});
}

}  // namespace

Value intOption(std::int32_t min, std::int32_t max, std::int32_t usual) {
  return object("IntOption", {{"min", min}, {"max", max}, {"defaultValue", usual}});
}

Value longOption(std::int64_t min, std::int64_t max, std::int64_t usual) {
  return object("LongOption", {{"min", min}, {"max", max}, {"defaultValue", usual}});
}

Value boolOption(bool supported, bool usual) {
  return object("BoolOption", {{"supported", supported}, {"defaultValue", usual}});
}

std::vector<Value> guestDescriptors(const HardwareLimits& limits, const std::vector<std::string_view>& only) {
  std::vector<Value> found;
  for (const GuestOs& each : guests) {
    if (each.since > limits.version) continue;
    if (!only.empty() && std::find(only.begin(), only.end(), each.id) == only.end()) continue;
    found.push_back(descriptor(each, limits));
  }
  return found;
}

}  // namespace failback::mock
