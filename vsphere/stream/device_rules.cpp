// SPDX-License-Identifier: GPL-2.0-or-later
// Virtual devices.
#include <limits>
#include <utility>

#include "vsphere/stream/rules.h"

namespace failback::vsphere::stream {
namespace {

using Vm = VirtualMachine;

template <class Device>
bool takeLabel(void* device, const Leaf& leaf, Scratch&) {
  return put(static_cast<Device*>(device)->label, leaf);
}

// deviceInfo: the label is what we keep of it.
template <class Device>
const Rule& deviceInfo() {
  static const Rule label = leafWith(Simple::text, takeLabel<Device>);
  static const Rule rule = objectRule("Description", {{"label", &label}});
  return rule;
}

// What every device has, with the device's own members after it.
template <class Device>
std::vector<Child> deviceChildren(std::vector<Child> own) {
  std::vector<Child> children{{"key", &leaf<Device, &Device::key>()}, {"deviceInfo", &deviceInfo<Device>()}};
  children.insert(children.end(), own.begin(), own.end());
  return children;
}

// -------------------------------------------------------------------------------------------- controllers

void* openController(void* vm, const Opening& opening, Scratch&) {
  Controller& controller = static_cast<Vm*>(vm)->controllers.emplace_back();
  controller.type = opening.type;
  return &controller;
}

const Rule& controllerRule() {
  static const Rule rule =
      objectRule("VirtualController",
                 deviceChildren<Controller>(
                     {{"busNumber", &leaf<Controller, &Controller::busNumber>()},
                      {"device", &leaf<Controller, &Controller::deviceKeys>(), true},
                      {"sharedBus", &leaf<Controller, &Controller::sharedBus>()},
                      {"scsiCtlrUnitNumber", &leaf<Controller, &Controller::scsiCtlrUnitNumber>()}}),
                 openController);
  return rule;
}

// -------------------------------------------------------------------------------------------------- disks

struct BackingKind {
  std::string_view type;
  const char* kind;
};
// The order matters where one is derived from another.
constexpr BackingKind backingKinds[] = {
    {"VirtualDiskFlatVer2BackingInfo", "flat"},
    {"VirtualDiskSeSparseBackingInfo", "seSparse"},
    {"VirtualDiskRawDiskMappingVer1BackingInfo", "rdm"},
    {"VirtualDiskSparseVer2BackingInfo", "sparse"},
    {"VirtualDiskLocalPMemBackingInfo", "localPMem"},
    {"VirtualDiskFlatVer1BackingInfo", "flat"},
    {"VirtualDiskSparseVer1BackingInfo", "sparse"},
    {"VirtualDiskPartitionedRawDiskVer2BackingInfo", "partitioned"},
    {"VirtualDiskRawDiskVer2BackingInfo", "raw"},
    // Any other file: its path is known, and no more.
    {"VirtualDeviceFileBackingInfo", "unknown"},
};

std::vector<std::string_view> backingVariants() {
  std::vector<std::string_view> types;
  for (const BackingKind& one : backingKinds) types.push_back(one.type);
  return types;
}

template <auto Member>
bool takeFile(void* backing, const Leaf& leaf, Scratch&) {
  return put(static_cast<BackingWork*>(backing)->file.*Member, leaf);
}
template <auto Member>
bool takeDisk(void* backing, const Leaf& leaf, Scratch&) {
  return put(static_cast<BackingWork*>(backing)->disk->*Member, leaf);
}
template <auto Member, class Type>
const Rule& fileLeaf() {
  static const Rule rule = leafWith(simpleFor<Type>(), takeFile<Member>);
  return rule;
}
template <auto Member>
const Rule& diskLeaf() {
  using Type = std::remove_cvref_t<decltype(std::declval<Disk&>().*Member)>;
  static const Rule rule = leafWith(simpleFor<Type>(), takeDisk<Member>);
  return rule;
}

std::vector<Child> fileChildren() {
  using Text = std::optional<std::string>;
  return {{"fileName", &fileLeaf<&DiskFile::path, std::string>()},
          {"datastore", &fileLeaf<&DiskFile::datastore, std::optional<Moref>>()},
          {"backingObjectId", &fileLeaf<&DiskFile::backingObjectId, Text>()},
          {"descriptorFileName", &fileLeaf<&DiskFile::path, std::string>()},
          {"uuid", &fileLeaf<&DiskFile::uuid, Text>()},
          {"contentId", &fileLeaf<&DiskFile::contentId, Text>()},
          {"changeId", &fileLeaf<&DiskFile::changeId, Text>()},
          {"deltaDiskFormat", &fileLeaf<&DiskFile::deltaFormat, Text>()}};
}

void* openParent(void* backing, const Opening&, Scratch& scratch) {
  BackingWork& work = scratch.backings.emplace_back();
  work.disk = static_cast<BackingWork*>(backing)->disk;
  return &work;
}

// A link further down the chain; its own parent is read by the same rule.
const Rule& parentRule() {
  static const Rule* const rule = [] {
    static Rule made = objectRule("VirtualDeviceBackingInfo", fileChildren(), openParent);
    made.children.push_back({"parent", &made});
    return &made;
  }();
  return *rule;
}

void* openBacking(void* target, const Opening& opening, Scratch& scratch) {
  Disk& disk = *static_cast<Disk*>(target);
  disk.backingType = opening.type;
  if (opening.variant < 0) return nullptr;
  disk.kind = backingKinds[static_cast<std::size_t>(opening.variant)].kind;
  // A class newer than ours, that extends one we know: what it adds may matter, so its kind is not taken for
  // sure. "rdm" is told apart at the end.
  if (opening.degraded) disk.kind = "unknown";
  scratch.backings.clear();
  BackingWork& work = scratch.backings.emplace_back();
  work.disk = &disk;
  return &work;
}

std::string rdmKind(const std::optional<std::string>& compatibilityMode) {
  if (compatibilityMode == "physicalMode") return "rdmPhysical";
  if (compatibilityMode == "virtualMode") return "rdmVirtual";
  return "unknown";
}

bool closeBacking(void* backing, Scratch& scratch) {
  Disk& disk = *static_cast<BackingWork*>(backing)->disk;
  if (disk.kind == "rdm") disk.kind = rdmKind(disk.rdmCompatibilityMode);
  for (BackingWork& link : scratch.backings) disk.chain.push_back(std::move(link.file));
  scratch.backings.clear();
  disk.uuid = disk.chain.front().uuid;
  return true;
}

const Rule& diskKeyRule() {
  static const Rule rule = objectRule("CryptoKeyId", {{"keyId", &diskLeaf<&Disk::keyId>()}});
  return rule;
}

std::vector<Child> backingChildren() {
  std::vector<Child> children = fileChildren();
  const std::vector<Child> own{{"parent", &parentRule()},
                               {"diskMode", &diskLeaf<&Disk::mode>()},
                               {"sharing", &diskLeaf<&Disk::sharing>()},
                               {"thinProvisioned", &diskLeaf<&Disk::thin>()},
                               {"eagerlyScrub", &diskLeaf<&Disk::eagerlyScrub>()},
                               {"writeThrough", &diskLeaf<&Disk::writeThrough>()},
                               {"digestEnabled", &diskLeaf<&Disk::digestEnabled>()},
                               {"deviceName", &diskLeaf<&Disk::rdmDeviceName>()},
                               {"lunUuid", &diskLeaf<&Disk::rdmLunUuid>()},
                               {"compatibilityMode", &diskLeaf<&Disk::rdmCompatibilityMode>()},
                               {"keyId", &diskKeyRule()}};
  children.insert(children.end(), own.begin(), own.end());
  return children;
}

const Rule& backingRule() {
  static const Rule rule = [] {
    Rule made = objectRule("VirtualDeviceBackingInfo", backingChildren(), openBacking, closeBacking);
    made.variants = backingVariants();
    return made;
  }();
  return rule;
}

void* openDisk(void* vm, const Opening&, Scratch& scratch) {
  scratch.capacityKb.reset();
  Disk& disk = static_cast<Vm*>(vm)->disks.emplace_back();
  disk.kind = "unknown";
  return &disk;
}

bool closeDisk(void* target, Scratch& scratch) {
  Disk& disk = *static_cast<Disk*>(target);
  const auto kilobytes = std::exchange(scratch.capacityKb, std::nullopt);
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1024;
  if (disk.capacityBytes > 0) return true;
  disk.capacityBytes = !kilobytes || *kilobytes > most ? 0 : *kilobytes < 0 ? *kilobytes : *kilobytes * 1024;
  return true;
}

const Rule& diskIdRule() {
  static const Rule rule = objectRule("ID", {{"id", &leaf<Disk, &Disk::vDiskId>()}});
  return rule;
}

const Rule& diskRule() {
  static const Rule rule = objectRule(
      "VirtualDisk",
      deviceChildren<Disk>({{"controllerKey", &leaf<Disk, &Disk::controllerKey>()},
                            {"unitNumber", &leaf<Disk, &Disk::unitNumber>()},
                            {"capacityInBytes", &leaf<Disk, &Disk::capacityBytes>()},
                            {"capacityInKB", &scratchLeaf<&Scratch::capacityKb>()},
                            {"iofilter", &leaf<Disk, &Disk::ioFilters>(), true},
                            {"vDiskId", &diskIdRule()},
                            {"nativeUnmanagedLinkedClone", &leaf<Disk, &Disk::nativeUnmanagedLinkedClone>()},
                            {"backing", &backingRule()}}),
      openDisk, closeDisk);
  return rule;
}

// --------------------------------------------------------------------------------------------------- NICs

void* openNicBacking(void* nic, const Opening& opening, Scratch&) {
  static_cast<Nic*>(nic)->backingType = opening.type;
  return nic;
}

const Rule& connectableRule() {
  static const Rule rule =
      objectRule("VirtualDeviceConnectInfo", {{"connected", &leaf<Nic, &Nic::connected>()},
                                              {"startConnected", &leaf<Nic, &Nic::startConnected>()},
                                              {"allowGuestControl", &leaf<Nic, &Nic::allowGuestControl>()}});
  return rule;
}

const Rule& portRule() {
  static const Rule rule = objectRule("DistributedVirtualSwitchPortConnection",
                                      {{"portgroupKey", &leaf<Nic, &Nic::portgroupKey>()},
                                       {"switchUuid", &leaf<Nic, &Nic::dvsUuid>()},
                                       {"portKey", &leaf<Nic, &Nic::portKey>()}});
  return rule;
}

const Rule& nicBackingRule() {
  static const Rule rule = objectRule("VirtualDeviceBackingInfo",
                                      {{"deviceName", &leaf<Nic, &Nic::networkName>()},
                                       {"network", &leaf<Nic, &Nic::network>()},
                                       {"port", &portRule()},
                                       {"opaqueNetworkId", &leaf<Nic, &Nic::opaqueNetworkId>()}},
                                      openNicBacking);
  return rule;
}

void* openNic(void* vm, const Opening& opening, Scratch&) {
  Nic& nic = static_cast<Vm*>(vm)->nics.emplace_back();
  nic.type = opening.type;
  return &nic;
}

const Rule& nicRule() {
  static const Rule rule =
      objectRule("VirtualEthernetCard",
                 deviceChildren<Nic>({{"macAddress", &macLeaf<Nic>()},
                                      {"addressType", &leaf<Nic, &Nic::addressType>()},
                                      {"wakeOnLanEnabled", &leaf<Nic, &Nic::wakeOnLan>()},
                                      {"connectable", &connectableRule()},
                                      {"backing", &nicBackingRule()}}),
                 openNic);
  return rule;
}

// ------------------------------------------------------------------------------------------ other devices

void* openOther(void* vm, const Opening& opening, Scratch&) {
  auto& machine = *static_cast<Vm*>(vm);
  OtherDevice& device = machine.otherDevices.emplace_back();
  device.type = opening.type;
  if (device.type == "VirtualTPM") machine.vtpmPresent = true;
  return &device;
}

const Rule& otherRule() {
  static const Rule rule = objectRule(
      "VirtualDevice",
      deviceChildren<OtherDevice>({{"controllerKey", &leaf<OtherDevice, &OtherDevice::controllerKey>()},
                                   {"unitNumber", &leaf<OtherDevice, &OtherDevice::unitNumber>()}}),
      openOther);
  return rule;
}

const Rule& deviceRule() {
  static const Rule rule = [] {
    Rule made = objectRule("VirtualDevice", {});
    made.variants = {"VirtualDisk", "VirtualController", "VirtualEthernetCard", "VirtualDevice"};
    made.variantRules = {&diskRule(), &controllerRule(), &nicRule(), &otherRule()};
    return made;
  }();
  return rule;
}

void* openDevices(void* vm, const Opening&, Scratch&) {
  static_cast<Vm*>(vm)->vtpmPresent = false;
  return vm;
}

}  // namespace

const Rule& devicesRule() {
  static const Rule rule = [] {
    Rule made = arrayRule("ArrayOfVirtualDevice", "VirtualDevice", deviceRule());
    made.open = openDevices;
    return made;
  }();
  return rule;
}

}  // namespace failback::vsphere::stream
