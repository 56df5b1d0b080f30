// SPDX-License-Identifier: GPL-2.0-or-later
// What a VM's guest, snapshots, question and files look like on the wire.
#include "vsphere/stream/guest_rules.h"

#include <algorithm>
#include <utility>

#include "vsphere/wire_values.h"

namespace failback::vsphere::stream {
namespace {

using Vm = VirtualMachine;

// --------------------------------------------------------------------------------------------- guest NICs

template <auto Member>
const Rule& addressLeaf() {
  static const Rule rule = leafWith(Simple::text, [](void*, const Leaf& leaf, Scratch& scratch) {
    return put(scratch.addresses.back().*Member, leaf);
  });
  return rule;
}

void* openAddress(void* nic, const Opening&, Scratch& scratch) {
  scratch.addresses.emplace_back();
  return nic;
}

const Rule& ipConfigRule() {
  static const Rule address = objectRule("NetIpConfigInfoIpAddress",
                                         {{"ipAddress", &addressLeaf<&ConfiguredAddress::address>()},
                                          {"origin", &addressLeaf<&ConfiguredAddress::origin>()}},
                                         openAddress);
  static const Rule rule = objectRule("NetIpConfigInfo", {{"ipAddress", &address, true}});
  return rule;
}

void* openGuestNic(void* vm, const Opening&, Scratch& scratch) {
  scratch.addresses.clear();
  return &static_cast<Vm*>(vm)->guestNics.emplace_back();
}

// Where the IPv4 addresses come from, as far as Tools says.
std::optional<bool> dhcpOf(const std::vector<ConfiguredAddress>& addresses) {
  std::optional<bool> result;
  for (const ConfiguredAddress& one : addresses) {
    if (!one.origin || !one.address || one.address->find(':') != std::string::npos) continue;
    if (*one.origin == "dhcp") return true;
    if (*one.origin == "manual") result = false;
  }
  return result;
}

// Older Tools give the plain list only, newer ones both.
bool closeGuestNic(void* target, Scratch& scratch) {
  auto& nic = *static_cast<GuestNic*>(target);
  nic.dhcp = dhcpOf(scratch.addresses);
  for (ConfiguredAddress& one : scratch.addresses) {
    if (!one.address) continue;
    if (std::ranges::find(nic.ipAddresses, *one.address) == nic.ipAddresses.end())
      nic.ipAddresses.push_back(std::move(*one.address));
  }
  return true;
}

// ---------------------------------------------------------------------------------------------- snapshots

bool takeSnapshotName(void* snapshot, const Leaf& leaf, Scratch&) {
  static_cast<Snapshot*>(snapshot)->name = unescapeName(leaf.text);
  return true;
}

// As deep as the answer is nested, which the decoder bounds.
void markCurrent(std::vector<Snapshot>& snapshots, const Moref& current) {
  for (Snapshot& one : snapshots) {
    one.current = one.ref == current;
    markCurrent(one.children, current);
  }
}

bool closeSnapshots(void* target, Scratch&) {
  auto& vm = *static_cast<Vm*>(target);
  if (vm.currentSnapshot) markCurrent(vm.snapshots, *vm.currentSnapshot);
  return true;
}

std::vector<Child> snapshotChildren() {
  static const Rule name = leafWith(Simple::text, takeSnapshotName);
  return {{"snapshot", &leaf<Snapshot, &Snapshot::ref>()},
          {"name", &name},
          {"description", &leaf<Snapshot, &Snapshot::description>()},
          {"id", &leaf<Snapshot, &Snapshot::id>()},
          {"createTime", &leaf<Snapshot, &Snapshot::createTime>()},
          {"state", &leaf<Snapshot, &Snapshot::state>()},
          {"quiesced", &leaf<Snapshot, &Snapshot::quiesced>()}};
}

const Rule& childSnapshotRule() {
  static const Rule* const rule = [] {
    static Rule made =
        objectRule("VirtualMachineSnapshotTree", snapshotChildren(), appendTo<Snapshot, &Snapshot::children>);
    made.children.push_back({"childSnapshotList", &made, true});
    return &made;
  }();
  return *rule;
}

const Rule& rootSnapshotRule() {
  static const Rule rule = [] {
    std::vector<Child> children = snapshotChildren();
    children.push_back({"childSnapshotList", &childSnapshotRule(), true});
    return objectRule("VirtualMachineSnapshotTree", std::move(children), appendTo<Vm, &Vm::snapshots>);
  }();
  return rule;
}

// ----------------------------------------------------------------------------------------------- question

void* openQuestion(void* vm, const Opening&, Scratch&) {
  return &static_cast<Vm*>(vm)->question.emplace();
}

const Rule& choiceRule() {
  static const Rule info = objectRule("ElementDescription",
                                      {{"key", &leaf<QuestionChoice, &QuestionChoice::key>()},
                                       {"label", &leaf<QuestionChoice, &QuestionChoice::label>()},
                                       {"summary", &leaf<QuestionChoice, &QuestionChoice::summary>()}},
                                      appendTo<Question, &Question::choices>);
  static const Rule rule =
      objectRule("ChoiceOption",
                 {{"choiceInfo", &info, true}, {"defaultIndex", &leaf<Question, &Question::defaultIndex>()}});
  return rule;
}

const Rule& messageRule() {
  static const Rule rule =
      objectRule("VirtualMachineMessage", {{"id", &leaf<Question, &Question::messageIds>()}});
  return rule;
}

// -------------------------------------------------------------------------------------------- boot options

// The order in which they are told apart.
constexpr std::string_view bootable[] = {
    "VirtualMachineBootOptionsBootableDiskDevice", "VirtualMachineBootOptionsBootableEthernetDevice",
    "VirtualMachineBootOptionsBootableCdromDevice", "VirtualMachineBootOptionsBootableFloppyDevice"};

void* openBootDevice(void* vm, const Opening& opening, Scratch& scratch) {
  scratch.deviceKey.reset();
  std::string& entry = static_cast<Vm*>(vm)->bootOrder.emplace_back(opening.type);
  constexpr const char* words[] = {"disk:", "ethernet:", "cdrom", "floppy"};
  if (opening.variant >= 0) entry = words[static_cast<std::size_t>(opening.variant)];
  return &entry;
}

bool closeBootDevice(void* target, Scratch& scratch) {
  auto& entry = *static_cast<std::string*>(target);
  if (entry.ends_with(':')) entry += std::to_string(scratch.deviceKey.value_or(0));
  return true;
}

// -------------------------------------------------------------------------------------------------- files

template <auto Member>
const Rule& fileLeaf() {
  return leaf<VmFile, Member>();
}

void* openChainLink(void* layout, const Opening&, Scratch&) {
  auto& link = static_cast<VmDiskLayout*>(layout)->chainFileKeys.emplace_back();
  return &link;
}

bool takeFileKey(void* link, const Leaf& leaf, Scratch&) {
  return put(*static_cast<std::vector<std::int32_t>*>(link), leaf);
}

}  // namespace

const Rule& guestNicsRule() {
  static const Rule nic = objectRule("GuestNicInfo",
                                     {{"network", &leaf<GuestNic, &GuestNic::network>()},
                                      {"ipAddress", &leaf<GuestNic, &GuestNic::ipAddresses>(), true},
                                      {"macAddress", &macLeaf<GuestNic>()},
                                      {"connected", &leaf<GuestNic, &GuestNic::connected>()},
                                      {"ipConfig", &ipConfigRule()}},
                                     openGuestNic, closeGuestNic);
  static const Rule rule = arrayRule("ArrayOfGuestNicInfo", "GuestNicInfo", nic);
  return rule;
}

const Rule& guestVolumesRule() {
  static const Rule mapping =
      objectRule("GuestInfoVirtualDiskMapping", {{"key", &leaf<GuestVolume, &GuestVolume::diskKeys>()}});
  static const Rule volume =
      objectRule("GuestDiskInfo",
                 {{"diskPath", &leaf<GuestVolume, &GuestVolume::path>()},
                  {"capacity", &leaf<GuestVolume, &GuestVolume::capacityBytes>()},
                  {"freeSpace", &leaf<GuestVolume, &GuestVolume::freeSpaceBytes>()},
                  {"filesystemType", &leaf<GuestVolume, &GuestVolume::filesystemType>()},
                  {"mappings", &mapping, true}},
                 appendTo<Vm, &Vm::guestVolumes>);
  static const Rule rule = arrayRule("ArrayOfGuestDiskInfo", "GuestDiskInfo", volume);
  return rule;
}

const Rule& snapshotsRule() {
  static const Rule rule = objectRule("VirtualMachineSnapshotInfo",
                                      {{"currentSnapshot", &leaf<Vm, &Vm::currentSnapshot>()},
                                       {"rootSnapshotList", &rootSnapshotRule(), true}},
                                      sameObject, closeSnapshots);
  return rule;
}

const Rule& questionRule() {
  static const Rule rule = objectRule("VirtualMachineQuestionInfo",
                                      {{"id", &leaf<Question, &Question::id>()},
                                       {"text", &leaf<Question, &Question::text>()},
                                       {"choice", &choiceRule()},
                                       {"message", &messageRule(), true}},
                                      openQuestion);
  return rule;
}

const Rule& bootOrderRule() {
  static const Rule device = [] {
    Rule made =
        objectRule("VirtualMachineBootOptionsBootableDevice",
                   {{"deviceKey", &scratchLeaf<&Scratch::deviceKey>()}}, openBootDevice, closeBootDevice);
    made.variants.assign(std::begin(bootable), std::end(bootable));
    return made;
  }();
  static const Rule rule = arrayRule("ArrayOfVirtualMachineBootOptionsBootableDevice",
                                     "VirtualMachineBootOptionsBootableDevice", device);
  return rule;
}

const Rule& filesRule() {
  static const Rule file = objectRule("VirtualMachineFileLayoutExFileInfo",
                                      {{"key", &fileLeaf<&VmFile::key>()},
                                       {"name", &fileLeaf<&VmFile::name>()},
                                       {"type", &fileLeaf<&VmFile::type>()},
                                       {"size", &fileLeaf<&VmFile::sizeBytes>()},
                                       {"uniqueSize", &fileLeaf<&VmFile::uniqueSizeBytes>()},
                                       {"accessible", &fileLeaf<&VmFile::accessible>()}},
                                      appendTo<Vm, &Vm::files>);
  static const Rule rule =
      arrayRule("ArrayOfVirtualMachineFileLayoutExFileInfo", "VirtualMachineFileLayoutExFileInfo", file);
  return rule;
}

const Rule& diskLayoutsRule() {
  static const Rule fileKey = leafWith(Simple::int32, takeFileKey);
  static const Rule link =
      objectRule("VirtualMachineFileLayoutExDiskUnit", {{"fileKey", &fileKey, true}}, openChainLink);
  static const Rule layout =
      objectRule("VirtualMachineFileLayoutExDiskLayout",
                 {{"key", &leaf<VmDiskLayout, &VmDiskLayout::diskKey>()}, {"chain", &link, true}},
                 appendTo<Vm, &Vm::diskLayouts>);
  static const Rule rule = arrayRule("ArrayOfVirtualMachineFileLayoutExDiskLayout",
                                     "VirtualMachineFileLayoutExDiskLayout", layout);
  return rule;
}

}  // namespace failback::vsphere::stream
