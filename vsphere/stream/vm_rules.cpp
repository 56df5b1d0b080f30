// SPDX-License-Identifier: GPL-2.0-or-later

#include <utility>

#include "vsphere/stream/guest_rules.h"
#include "vsphere/stream/place_rules.h"
#include "vsphere/wire_values.h"

namespace failback::vsphere::stream {
namespace {

using Vm = VirtualMachine;

// The configuration's own path wins over the one that vCenter keeps in the summary.
bool takeSummaryPath(void* target, const Leaf& leaf, Scratch&) {
  auto& vm = *static_cast<Vm*>(target);
  std::optional<std::string> text;
  if (!put(text, leaf)) return false;
  if (!vm.vmPathName) vm.vmPathName = std::move(text);
  return true;
}

// ------------------------------------------------------------------------------------------- extraConfig

bool takeOptionValue(void*, const Leaf& leaf, Scratch& scratch) {
  scratch.option.hasValue = true;
  if (leaf.type == Simple::none || leaf.type == Simple::reference) return true;
  scratch.option.value = textOf(leaf.text, leaf.type);
  return scratch.option.value.has_value();
}

Rule anyRule(bool (*take)(void*, const Leaf&, Scratch&)) {
  Rule rule;
  rule.kind = Rule::Kind::any;
  rule.take = take;
  return rule;
}

bool takeOptionKey(void*, const Leaf& leaf, Scratch& scratch) {
  return put(scratch.option.key, leaf);
}

std::vector<Child> optionChildren() {
  static const Rule key = leafWith(Simple::text, takeOptionKey);
  static const Rule value = anyRule(takeOptionValue);
  return {{"key", &key}, {"value", &value}};
}

void* openOption(void* vm, const Opening&, Scratch& scratch) {
  scratch.option = {};
  return vm;
}

void putOption(Vm& vm, const std::string& key, const std::string& value) {
  if (isDiskEnableUuid(key)) vm.diskEnableUuidOption = value;
  vm.extraConfig[key] = value;
}

bool closeOption(void* vm, Scratch& scratch) {
  const OptionWork& option = scratch.option;
  if (option.key && option.hasValue) putOption(*static_cast<Vm*>(vm), *option.key, option.value.value_or(""));
  return true;
}

const Rule& extraConfigRule() {
  static const Rule option = objectRule("OptionValue", optionChildren(), openOption, closeOption);
  static const Rule rule = arrayRule("ArrayOfOptionValue", "OptionValue", option);
  return rule;
}

void commitExtraConfig(void* target, void* draft) {
  auto& vm = *static_cast<Vm*>(target);
  auto& read = *static_cast<Vm*>(draft);
  vm.extraConfig = std::exchange(read.extraConfig, {});
  if (auto option = std::exchange(read.diskEnableUuidOption, std::nullopt))
    vm.diskEnableUuidOption = std::move(option);
}

// ------------------------------------------------------------------------------------------ small objects

const Rule& managedByRule() {
  static const Rule rule = objectRule(
      "ManagedByInfo",
      {{"extensionKey", &leaf<Vm, &Vm::managedByExtension>()}, {"type", &leaf<Vm, &Vm::managedByType>()}});
  return rule;
}

const Rule& keyIdRule() {
  static const Rule rule = objectRule("CryptoKeyId", {{"keyId", &leaf<Vm, &Vm::keyId>()}});
  return rule;
}

}  // namespace

const Rule& keyedOptionRule() {
  static const Rule rule = objectRule("OptionValue", optionChildren(), openOption);
  return rule;
}

const Rule& keyedPlainRule() {
  static const Rule rule = anyRule([](void* vm, const Leaf& leaf, Scratch& scratch) {
    scratch.option = {};
    return takeOptionValue(vm, leaf, scratch) && scratch.option.value.has_value();
  });
  return rule;
}

bool putKeyedOption(VirtualMachine& vm, const std::string& key, const OptionWork& option) {
  if (!option.hasValue) return true;
  if (!option.value) return false;
  if (isDiskEnableUuid(key)) {
    vm.diskEnableUuidOption = option.value;
  } else {
    vm.extraConfig[key] = *option.value;
  }
  return true;
}

const PropertyRules& vmRules() {
  static const Rule summaryPath = leafWith(Simple::text, takeSummaryPath);
  // A member that every such object has stands for the object.
  static const Rule replication = presentRule([](void* vm, const Leaf&, Scratch&) {
    static_cast<Vm*>(vm)->hasReplicationConfig = true;
    return true;
  });
  static const Rule faultTolerance = presentRule([](void* vm, const Leaf&, Scratch&) {
    static_cast<Vm*>(vm)->faultToleranceConfigured = true;
    return true;
  });
  static const PropertyRules rules{
      named<Vm>(),
      plain<Vm, &Vm::parent>("parent"),
      plain<Vm, &Vm::instanceUuid>("config.instanceUuid"),
      plain<Vm, &Vm::biosUuid>("config.uuid"),
      plain<Vm, &Vm::isTemplate>("config.template"),
      plain<Vm, &Vm::powerState>("runtime.powerState"),
      plain<Vm, &Vm::connectionState>("runtime.connectionState"),
      plain<Vm, &Vm::host>("runtime.host"),
      plain<Vm, &Vm::guestId>("config.guestId"),
      plain<Vm, &Vm::cpus>("config.hardware.numCPU"),
      {"config.hardware.memoryMB", &mebibytes<Vm, &Vm::memoryBytes>()},
      plain<Vm, &Vm::ipAddress>("guest.ipAddress"),
      plain<Vm, &Vm::storageCommittedBytes>("summary.storage.committed"),
      plain<Vm, &Vm::storageUncommittedBytes>("summary.storage.uncommitted"),
      plain<Vm, &Vm::hardwareVersion>("config.version"),
      plain<Vm, &Vm::firmware>("config.firmware"),
      plain<Vm, &Vm::secureBoot>("config.bootOptions.efiSecureBootEnabled"),
      {"config.bootOptions.bootOrder", &bootOrderRule(), commit<Vm, &Vm::bootOrder>},
      plain<Vm, &Vm::vmPathName>("config.files.vmPathName"),
      {"summary.config.vmPathName", &summaryPath},
      plain<Vm, &Vm::changeVersion>("config.changeVersion"),
      plain<Vm, &Vm::created>("config.createDate"),
      {"config.managedBy", &managedByRule(), commit<Vm, &Vm::managedByExtension, &Vm::managedByType>},
      plain<Vm, &Vm::guestFullName>("config.guestFullName"),
      plain<Vm, &Vm::coresPerSocket>("config.hardware.numCoresPerSocket"),
      {"config.hardware.device", &devicesRule(),
       commit<Vm, &Vm::controllers, &Vm::disks, &Vm::nics, &Vm::otherDevices, &Vm::vtpmPresent>},
      plain<Vm, &Vm::cpuHotAdd>("config.cpuHotAddEnabled"),
      plain<Vm, &Vm::memoryHotAdd>("config.memoryHotAddEnabled"),
      plain<Vm, &Vm::changeTrackingEnabled>("config.changeTrackingEnabled"),
      {"config.keyId", &keyIdRule(), commit<Vm, &Vm::keyId>},
      {"config.repConfig.vmReplicationId", &replication},
      {"config.ftInfo.role", &faultTolerance},
      plain<Vm, &Vm::diskUuidEnabled>("config.flags.diskUuidEnabled"),
      plain<Vm, &Vm::bootTime>("runtime.bootTime"),
      plain<Vm, &Vm::suspendTime>("runtime.suspendTime"),
      plain<Vm, &Vm::consolidationNeeded>("runtime.consolidationNeeded"),
      plain<Vm, &Vm::faultToleranceState>("runtime.faultToleranceState"),
      {"runtime.question", &questionRule(), commit<Vm, &Vm::question>},
      plain<Vm, &Vm::uptimeSeconds>("summary.quickStats.uptimeSeconds"),
      plain<Vm, &Vm::resourcePool>("resourcePool"),
      plain<Vm, &Vm::parentVApp>("parentVApp"),
      references<Vm, &Vm::datastores>("datastore"),
      references<Vm, &Vm::networks>("network"),
      plain<Vm, &Vm::guestFamily>("guest.guestFamily"),
      plain<Vm, &Vm::guestState>("guest.guestState"),
      plain<Vm, &Vm::hostName>("guest.hostName"),
      plain<Vm, &Vm::toolsStatus>("guest.toolsStatus"),
      plain<Vm, &Vm::toolsRunningStatus>("guest.toolsRunningStatus"),
      plain<Vm, &Vm::toolsVersionStatus>("guest.toolsVersionStatus2"),
      plain<Vm, &Vm::toolsVersion>("guest.toolsVersion"),
      {"guest.net", &guestNicsRule(), commit<Vm, &Vm::guestNics>},
      {"guest.disk", &guestVolumesRule(), commit<Vm, &Vm::guestVolumes>},
      {"snapshot", &snapshotsRule(), commit<Vm, &Vm::snapshots, &Vm::currentSnapshot>},
      strings<Vm, &Vm::disabledMethods>("disabledMethod"),
      references<Vm, &Vm::recentTasks>("recentTask"),
      {"config.extraConfig", &extraConfigRule(), commitExtraConfig},
      plain<Vm, &Vm::annotation>("config.annotation"),
      {"layoutEx.file", &filesRule(), commit<Vm, &Vm::files>},
      {"layoutEx.disk", &diskLayoutsRule(), commit<Vm, &Vm::diskLayouts>},
  };
  return rules;
}

}  // namespace failback::vsphere::stream
