// SPDX-License-Identifier: GPL-2.0-or-later
// Devices of a machine beside controllers, disks and network adapters: drives, ports, USB, TPM, PCI devices.
#include <fmt/format.h>

#include <array>

#include "mocks/file_store.h"
#include "mocks/random_source.h"
#include "mocks/world_devices.h"

namespace failback::mock {

namespace {

struct DeviceKind {
  std::string_view kind, type, label;
  std::int32_t firstKey, controllerKey, firstUnit;
};
constexpr std::int32_t pci = 100, sio = 400;
constexpr std::array<DeviceKind, 13> kinds{
    {{"cdrom", "VirtualCdrom", "CD/DVD drive {}", 0, 0, 0},
     {"floppy", "VirtualFloppy", "Floppy drive {}", 8000, sio, 0},
     {"serial", "VirtualSerialPort", "Serial port {}", 9000, sio, 0},
     {"parallel", "VirtualParallelPort", "Parallel port {}", 10000, sio, 0},
     {"usb", "VirtualUSBController", "USB controller", 7000, pci, 22},
     {"xhci", "VirtualUSBXHCIController", "USB xHCI controller", 14000, pci, 23},
     {"usbDevice", "VirtualUSB", "USB {}", 18000, 0, 0},
     {"vtpm", "VirtualTPM", "Virtual TPM", 11000, pci, -1},
     {"passthrough", "VirtualPCIPassthrough", "PCI device {}", 13000, pci, 18},
     {"vgpu", "VirtualPCIPassthrough", "PCI device {}", 13000, pci, 18},
     {"sound", "VirtualHdAudioCard", "Sound card {}", 5000, pci, 28},
     {"watchdog", "VirtualWDT", "Watchdog timer", 19000, pci, -1},
     {"precisionClock", "VirtualPrecisionClock", "Precision clock", 20000, pci, -1}}};

const DeviceKind& kindOf(const SiteDevice& device) {
  for (const DeviceKind& each : kinds) {
    if (each.kind == device.spec->kind) return each;
  }
  return kinds[0];
}

Value fileBacking(const SiteVm& vm, std::string_view type, const std::string& file) {
  Value datastore;
  if (const auto path = parseDatastorePath(file)) datastore = vm.datastoreRef(path->datastore);
  return object(type, {{"fileName", file}, {"datastore", datastore}});
}

Value hostBacking(std::string_view type, const DeviceSpec& spec, const char* usual) {
  return object(type, {{"deviceName", spec.target.empty() ? usual : spec.target}, {"useAutoDetect", false}});
}

Value cdromBacking(const SiteVm& vm, const DeviceSpec& spec) {
  if (spec.backing == "file") return fileBacking(vm, "VirtualCdromIsoBackingInfo", spec.file);
  if (spec.backing == "host") return hostBacking("VirtualCdromAtapiBackingInfo", spec, "/dev/cdrom");
  return object("VirtualCdromRemotePassthroughBackingInfo",
                {{"deviceName", ""}, {"useAutoDetect", false}, {"exclusive", false}});
}

Value floppyBacking(const SiteVm& vm, const DeviceSpec& spec) {
  if (spec.backing == "file") return fileBacking(vm, "VirtualFloppyImageBackingInfo", spec.file);
  if (spec.backing == "host") return hostBacking("VirtualFloppyDeviceBackingInfo", spec, "/dev/fd0");
  return object("VirtualFloppyRemoteDeviceBackingInfo", {{"deviceName", ""}, {"useAutoDetect", false}});
}

Value serialBacking(const SiteVm& vm, const DeviceSpec& spec) {
  if (spec.backing == "file") return fileBacking(vm, "VirtualSerialPortFileBackingInfo", spec.file);
  if (spec.backing == "network") {
    return object("VirtualSerialPortURIBackingInfo",
                  {{"serviceURI", spec.target.empty() ? "telnet://:2000" : spec.target},
                   {"direction", spec.target.starts_with("tcp://") ? "client" : "server"}});
  }
  return hostBacking("VirtualSerialPortDeviceBackingInfo", spec, "/dev/char/serial/uart0");
}

Value parallelBacking(const SiteVm& vm, const DeviceSpec& spec) {
  if (spec.backing == "file") return fileBacking(vm, "VirtualParallelPortFileBackingInfo", spec.file);
  return hostBacking("VirtualParallelPortDeviceBackingInfo", spec, "/dev/parport0");
}

Value passthroughBacking(const SiteVm& vm, const DeviceSpec& spec) {
  return object("VirtualPCIPassthroughDeviceBackingInfo",
                {{"deviceName", "Ethernet Controller"},
                 {"useAutoDetect", false},
                 {"id", spec.target.empty() ? "0000:3b:00.0" : spec.target},
                 {"deviceId", "1572"},
                 {"systemId", uuidFor("system/" + vm.host->spec->name, "5f")},
                 {"vendorId", std::int32_t{-32634}}});
}

Value backingOf(const SiteVm& vm, const DeviceSpec& spec) {
  if (spec.kind == "cdrom") return cdromBacking(vm, spec);
  if (spec.kind == "floppy") return floppyBacking(vm, spec);
  if (spec.kind == "serial") return serialBacking(vm, spec);
  if (spec.kind == "parallel") return parallelBacking(vm, spec);
  if (spec.kind == "passthrough") return passthroughBacking(vm, spec);
  if (spec.kind == "vgpu") {
    return object("VirtualPCIPassthroughVmiopBackingInfo",
                  {{"vgpu", spec.target.empty() ? "grid_t4-2q" : spec.target}});
  }
  if (spec.kind == "usbDevice") return hostBacking("VirtualUSBUSBBackingInfo", spec, "path:1/0/3 version:2");
  if (spec.kind == "sound") return hostBacking("VirtualSoundCardDeviceBackingInfo", spec, "");
  return {};
}

Value summaryOf(const DeviceSpec& spec, const std::string& label) {
  const std::string summary = spec.kind == "cdrom" || spec.kind == "floppy"
                                  ? spec.backing == "file"   ? "ISO " + spec.file
                                    : spec.backing == "host" ? "ATAPI " + spec.target
                                                             : "Remote device"
                                  : label;
  return deviceDescription(label, summary);
}

// What only the kind has.
Value withOwn(Value device, const DeviceSpec& spec) {
  if (spec.kind == "serial") return device.with("yieldOnPoll", true);
  if (spec.kind == "usb")
    return device.with("busNumber", std::int32_t{0})
        .with("autoConnectDevices", false)
        .with("ehciEnabled", true);
  if (spec.kind == "xhci") return device.with("busNumber", std::int32_t{0}).with("autoConnectDevices", false);
  if (spec.kind == "usbDevice") return device.with("connected", spec.connected);
  if (spec.kind == "watchdog") return device.with("runOnBoot", false).with("running", false);
  return device;
}

bool canBeUnplugged(const DeviceSpec& spec) {
  return spec.kind == "cdrom" || spec.kind == "floppy" || spec.kind == "serial" || spec.kind == "parallel" ||
         spec.kind == "sound";
}

Value connectable(const SiteVm& vm, const DeviceSpec& spec) {
  const bool on = vm.spec->powered && spec.connected;
  return shared(object("VirtualDeviceConnectInfo", {{"startConnected", spec.connected},
                                                    {"allowGuestControl", true},
                                                    {"connected", on},
                                                    {"status", on ? "ok" : "untried"}}));
}

// Of the machine's USB controllers, the faster.
std::int32_t usbController(const SiteVm& vm) {
  std::int32_t key = 7000;
  for (const SiteDevice& each : vm.devices) {
    if (each.spec->kind == "xhci") key = 14000;
  }
  return key;
}

Value deviceOf(const SiteVm& vm, const SiteDevice& device, std::int32_t number) {
  const DeviceKind& kind = kindOf(device);
  const DeviceSpec& spec = *device.spec;
  const std::string label = fmt::format(fmt::runtime(kind.label), number + 1);
  const bool drive = device.place.has_value(), usb = spec.kind == "usbDevice";
  const std::int32_t unit = drive ? device.unit : kind.firstUnit + number;
  return withOwn(object(kind.type, {{"key", drive ? device.place->deviceKey(unit) : kind.firstKey + number},
                                    {"deviceInfo", summaryOf(spec, label)},
                                    {"backing", backingOf(vm, spec)},
                                    {"connectable", canBeUnplugged(spec) ? connectable(vm, spec) : Value()},
                                    {"controllerKey", drive ? device.place->key()
                                                      : usb ? usbController(vm)
                                                            : kind.controllerKey},
                                    {"unitNumber", kind.firstUnit < 0 ? Value() : Value(unit)}}),
                 spec);
}

}  // namespace

const std::vector<std::string_view>& deviceKinds() {
  static const std::vector<std::string_view> names = [] {
    std::vector<std::string_view> list;
    list.reserve(kinds.size());
    for (const DeviceKind& each : kinds) list.push_back(each.kind);
    return list;
  }();
  return names;
}

std::vector<Value> otherDevices(const SiteVm& vm) {
  std::map<std::string_view, std::int32_t> count;  // by label, because two kinds may be of one type
  std::vector<Value> devices;
  devices.reserve(vm.devices.size());
  for (const SiteDevice& each : vm.devices)
    devices.push_back(deviceOf(vm, each, count[kindOf(each).label]++));
  return devices;
}

}  // namespace failback::mock
