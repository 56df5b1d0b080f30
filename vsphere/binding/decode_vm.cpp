// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_vm.h"

#include "vsphere/binding/decode_devices.h"
#include "vsphere/binding/decode_guest.h"
#include "vsphere/binding/decode_snapshots.h"
#include "wsdl/vim_hooks.h"

namespace failback::vsphere::binding {
namespace {

template <class T>
const T* as(const xsd__anyType& value) {
  return dynamic_cast<const T*>(&value);
}

// The configuration's own path wins over the one that vCenter keeps in the summary.
bool setSummaryPathName(VirtualMachine& vm, const xsd__anyType& value) {
  std::optional<std::string> text;
  if (!assign(text, value)) return false;
  if (!vm.vmPathName) vm.vmPathName = std::move(text);
  return true;
}

bool setManagedBy(VirtualMachine& vm, const xsd__anyType& value) {
  const auto* managed = as<vim25__ManagedByInfo>(value);
  if (managed == nullptr) return false;
  vm.managedByExtension = managed->extensionKey;
  vm.managedByType = managed->type;
  return true;
}

bool setKeyId(VirtualMachine& vm, const xsd__anyType& value) {
  const auto* key = as<vim25__CryptoKeyId>(value);
  if (key == nullptr) return false;
  vm.keyId = key->keyId;
  return true;
}

bool setDevices(VirtualMachine& vm, const xsd__anyType& value) {
  const auto* list = as<vim25__ArrayOfVirtualDevice>(value);
  if (list == nullptr) return false;
  decodeDevices(vm, list->VirtualDevice);
  return true;
}

std::string bootEntryOf(const vim25__VirtualMachineBootOptionsBootableDevice& device) {
  if (const auto* disk = as<vim25__VirtualMachineBootOptionsBootableDiskDevice>(device))
    return "disk:" + std::to_string(disk->deviceKey.value_or(0));
  if (const auto* nic = as<vim25__VirtualMachineBootOptionsBootableEthernetDevice>(device))
    return "ethernet:" + std::to_string(nic->deviceKey.value_or(0));
  if (as<vim25__VirtualMachineBootOptionsBootableCdromDevice>(device) != nullptr) return "cdrom";
  if (as<vim25__VirtualMachineBootOptionsBootableFloppyDevice>(device) != nullptr) return "floppy";
  return std::string(vim25::wireTypeName(device));
}

bool setBootOrder(VirtualMachine& vm, const xsd__anyType& value) {
  return assignList<
      vim25__ArrayOfVirtualMachineBootOptionsBootableDevice,
      &vim25__ArrayOfVirtualMachineBootOptionsBootableDevice::VirtualMachineBootOptionsBootableDevice>(
      vm.bootOrder, value, bootEntryOf);
}

bool setQuestion(VirtualMachine& vm, const xsd__anyType& value) {
  const auto* info = as<vim25__VirtualMachineQuestionInfo>(value);
  if (info == nullptr) return false;
  Question question;
  question.id = info->id.value_or("");
  question.text = info->text.value_or("");
  for (const auto* message : info->message)
    if (message != nullptr && message->id) question.messageIds.push_back(*message->id);
  if (info->choice != nullptr) {
    question.defaultIndex = info->choice->defaultIndex;
    for (const auto* choice : info->choice->choiceInfo)
      if (choice != nullptr)
        question.choices.push_back(
            {choice->key.value_or(""), choice->label.value_or(""), choice->summary.value_or("")});
  }
  vm.question = std::move(question);
  return true;
}

bool setSnapshots(VirtualMachine& vm, const xsd__anyType& value) {
  const auto* info = as<vim25__VirtualMachineSnapshotInfo>(value);
  if (info == nullptr) return false;
  decodeSnapshots(vm, *info);
  return true;
}

bool setGuestNics(VirtualMachine& vm, const xsd__anyType& value) {
  return assignList<vim25__ArrayOfGuestNicInfo, &vim25__ArrayOfGuestNicInfo::GuestNicInfo>(
      vm.guestNics, value, decodeGuestNic);
}

bool setGuestVolumes(VirtualMachine& vm, const xsd__anyType& value) {
  return assignList<vim25__ArrayOfGuestDiskInfo, &vim25__ArrayOfGuestDiskInfo::GuestDiskInfo>(
      vm.guestVolumes, value, decodeGuestVolume);
}

void putOption(VirtualMachine& vm, const std::string& key, const std::string& value) {
  if (isDiskEnableUuid(key)) vm.diskEnableUuidOption = value;
  vm.extraConfig[key] = value;
}

bool setExtraConfig(VirtualMachine& vm, const xsd__anyType& value) {
  const auto* list = as<vim25__ArrayOfOptionValue>(value);
  if (list == nullptr) return false;
  vm.extraConfig.clear();
  for (const auto* option : list->OptionValue) {
    if (option == nullptr || !option->key || option->value == nullptr) continue;
    putOption(vm, *option->key, textOf(*option->value).value_or(""));
  }
  return true;
}

// The value is the whole OptionValue; of a path that ends in ".value" the plain value.
bool setKeyedOption(VirtualMachine& vm, const std::string& key, const xsd__anyType& value) {
  const xsd__anyType* plain = &value;
  if (const auto* option = as<vim25__OptionValue>(value)) plain = option->value;
  if (plain == nullptr) return true;
  const auto text = textOf(*plain);
  if (!text) return false;
  if (isDiskEnableUuid(key)) {
    vm.diskEnableUuidOption = text;
  } else {
    vm.extraConfig[key] = *text;
  }
  return true;
}

bool setFiles(VirtualMachine& vm, const xsd__anyType& value) {
  return assignList<vim25__ArrayOfVirtualMachineFileLayoutExFileInfo,
                    &vim25__ArrayOfVirtualMachineFileLayoutExFileInfo::VirtualMachineFileLayoutExFileInfo>(
      vm.files, value, [](const vim25__VirtualMachineFileLayoutExFileInfo& info) {
        return VmFile{info.key.value_or(0),  info.name.value_or(""), info.type.value_or(""),
                      info.size.value_or(0), info.uniqueSize,        info.accessible};
      });
}

bool setDiskLayouts(VirtualMachine& vm, const xsd__anyType& value) {
  return assignList<
      vim25__ArrayOfVirtualMachineFileLayoutExDiskLayout,
      &vim25__ArrayOfVirtualMachineFileLayoutExDiskLayout::VirtualMachineFileLayoutExDiskLayout>(
      vm.diskLayouts, value, [](const vim25__VirtualMachineFileLayoutExDiskLayout& info) {
        VmDiskLayout layout;
        layout.diskKey = info.key.value_or(0);
        for (const auto* unit : info.chain)
          if (unit != nullptr) layout.chainFileKeys.emplace_back(unit->fileKey.begin(), unit->fileKey.end());
        return layout;
      });
}

using Vm = VirtualMachine;

}  // namespace

const SetterTable<VirtualMachine>& vmSetters() {
  static const SetterTable<Vm> table{
      {"name", setName},
      {"parent", set<&Vm::parent>},
      {"config.instanceUuid", set<&Vm::instanceUuid>},
      {"config.uuid", set<&Vm::biosUuid>},
      {"config.template", set<&Vm::isTemplate>},
      {"runtime.powerState", set<&Vm::powerState>},
      {"runtime.connectionState", set<&Vm::connectionState>},
      {"runtime.host", set<&Vm::host>},
      {"config.guestId", set<&Vm::guestId>},
      {"config.hardware.numCPU", set<&Vm::cpus>},
      {"config.hardware.memoryMB", setScaled<&Vm::memoryBytes, kMebibyte>},
      {"guest.ipAddress", set<&Vm::ipAddress>},
      {"summary.storage.committed", set<&Vm::storageCommittedBytes>},
      {"summary.storage.uncommitted", set<&Vm::storageUncommittedBytes>},
      {"config.version", set<&Vm::hardwareVersion>},
      {"config.firmware", set<&Vm::firmware>},
      {"config.bootOptions.efiSecureBootEnabled", set<&Vm::secureBoot>},
      {"config.bootOptions.bootOrder", setBootOrder},
      {"config.files.vmPathName", set<&Vm::vmPathName>},
      {"summary.config.vmPathName", setSummaryPathName},
      {"config.changeVersion", set<&Vm::changeVersion>},
      {"config.createDate", set<&Vm::created>},
      {"config.managedBy", setManagedBy},
      {"config.guestFullName", set<&Vm::guestFullName>},
      {"config.hardware.numCoresPerSocket", set<&Vm::coresPerSocket>},
      {"config.hardware.device", setDevices},
      {"config.cpuHotAddEnabled", set<&Vm::cpuHotAdd>},
      {"config.memoryHotAddEnabled", set<&Vm::memoryHotAdd>},
      {"config.changeTrackingEnabled", set<&Vm::changeTrackingEnabled>},
      {"config.keyId", setKeyId},
      // A member that every such object has stands for the object.
      {"config.repConfig.vmReplicationId",
       [](Vm& vm, const xsd__anyType&) {
         vm.hasReplicationConfig = true;
         return true;
       }},
      {"config.ftInfo.role",
       [](Vm& vm, const xsd__anyType&) {
         vm.faultToleranceConfigured = true;
         return true;
       }},
      {"config.flags.diskUuidEnabled", set<&Vm::diskUuidEnabled>},
      {"runtime.bootTime", set<&Vm::bootTime>},
      {"runtime.suspendTime", set<&Vm::suspendTime>},
      {"runtime.consolidationNeeded", set<&Vm::consolidationNeeded>},
      {"runtime.faultToleranceState", set<&Vm::faultToleranceState>},
      {"runtime.question", setQuestion},
      {"summary.quickStats.uptimeSeconds", set<&Vm::uptimeSeconds>},
      {"resourcePool", set<&Vm::resourcePool>},
      {"parentVApp", set<&Vm::parentVApp>},
      {"datastore", set<&Vm::datastores>},
      {"network", set<&Vm::networks>},
      {"guest.guestFamily", set<&Vm::guestFamily>},
      {"guest.guestState", set<&Vm::guestState>},
      {"guest.hostName", set<&Vm::hostName>},
      {"guest.toolsStatus", set<&Vm::toolsStatus>},
      {"guest.toolsRunningStatus", set<&Vm::toolsRunningStatus>},
      {"guest.toolsVersionStatus2", set<&Vm::toolsVersionStatus>},
      {"guest.toolsVersion", set<&Vm::toolsVersion>},
      {"guest.net", setGuestNics},
      {"guest.disk", setGuestVolumes},
      {"snapshot", setSnapshots},
      {"disabledMethod", set<&Vm::disabledMethods>},
      {"recentTask", set<&Vm::recentTasks>},
      {"config.extraConfig", setExtraConfig},
      {"config.annotation", set<&Vm::annotation>},
      {"layoutEx.file", setFiles},
      {"layoutEx.disk", setDiskLayouts},
  };
  return table;
}

Applied applyVmProperty(VirtualMachine& vm, std::string_view path, const xsd__anyType* value) {
  const auto key = extraConfigKeyOf(path);
  if (!key) return vmSetters().apply(vm, path, value);
  if (value == nullptr) return Applied::unset;
  return setKeyedOption(vm, *key, *value) ? Applied::done : Applied::malformed;
}

}  // namespace failback::vsphere::binding
