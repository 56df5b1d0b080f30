// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/task_history.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <vector>

namespace failback::mock {

namespace {

using Entry = std::pair<std::string_view, std::string_view>;

constexpr Entry labels[]{
    {"ClusterComputeResource.addHost", "Add host"},
    {"ClusterComputeResource.moveHostInto", "Move host into cluster"},
    {"ClusterComputeResource.moveInto", "Move hosts into cluster"},
    {"ClusterComputeResource.reconfigure", "Reconfigure cluster"},
    {"ClusterComputeResource.reconfigureEx", "Reconfigure cluster"},
    {"ComputeResource.reconfigureEx", "Reconfigure compute resource"},
    {"Datacenter.powerOnVm", "Initialize powering On"},
    {"Datacenter.reconfigure", "Reconfigure datacenter"},
    {"Datastore.destroy", "Remove datastore"},
    {"Datastore.exitMaintenanceMode", "Exit maintenance mode"},
    {"FileManager.copyFile", "Copy file"},
    {"FileManager.deleteFile", "Delete file"},
    {"FileManager.moveFile", "Move file"},
    {"Folder.addStandaloneHost", "Add standalone host"},
    {"Folder.createVm", "Create virtual machine"},
    {"Folder.moveInto", "Move entities"},
    {"Folder.registerVm", "Register virtual machine"},
    {"Folder.unregisterAndDestroy", "Unregister and Delete"},
    {"HostDatastoreBrowser.search", "Search datastore"},
    {"HostDatastoreBrowser.searchSubFolders", "Search datastore"},
    {"HostSystem.disconnect", "Disconnect host"},
    {"HostSystem.enterMaintenanceMode", "Enter maintenance mode"},
    {"HostSystem.exitMaintenanceMode", "Exit maintenance mode"},
    {"HostSystem.powerDownToStandBy", "Enter standby mode"},
    {"HostSystem.powerUpFromStandBy", "Exit standby mode"},
    {"HostSystem.reboot", "Initiate host reboot"},
    {"HostSystem.reconnect", "Reconnect host"},
    {"HostSystem.shutdown", "Initiate host shutdown"},
    {"ManagedEntity.destroy", "Delete entity"},
    {"ManagedEntity.rename", "Rename entity"},
    {"ResourcePool.createVm", "Create virtual machine"},
    {"ResourcePool.registerVm", "Register virtual machine"},
    {"StorageResourceManager.applyRecommendation", "Apply Storage DRS recommendations"},
    {"StorageResourceManager.applyRecommendationToPod",
     "Apply Storage DRS recommendations to datastore cluster"},
    {"StorageResourceManager.configureStorageDrsForPod", "Configure Storage DRS for datastore cluster"},
    {"VirtualApp.powerOff", "Power Off vApp"},
    {"VirtualApp.powerOn", "Power On vApp"},
    {"VirtualApp.suspend", "Suspend vApp"},
    {"VirtualApp.unregister", "Unregister vApp"},
    {"VirtualDiskManager.copyVirtualDisk", "Copy virtual disk"},
    {"VirtualDiskManager.createVirtualDisk", "Create virtual disk"},
    {"VirtualDiskManager.defragmentVirtualDisk", "Defragment virtual disk"},
    {"VirtualDiskManager.deleteVirtualDisk", "Delete virtual disk"},
    {"VirtualDiskManager.eagerZeroVirtualDisk", "Eager zero virtual disk"},
    {"VirtualDiskManager.extendVirtualDisk", "Extend virtual disk"},
    {"VirtualDiskManager.inflateVirtualDisk", "Inflate virtual disk"},
    {"VirtualDiskManager.moveVirtualDisk", "Move virtual disk"},
    {"VirtualDiskManager.shrinkVirtualDisk", "Shrink virtual disk"},
    {"VirtualDiskManager.zeroFillVirtualDisk", "Zero out virtual disk"},
    {"VirtualMachine.attachDisk", "Attach disk"},
    {"VirtualMachine.clone", "Clone virtual machine"},
    {"VirtualMachine.consolidateDisks", "Consolidate virtual machine disk files"},
    {"VirtualMachine.createSnapshot", "Create virtual machine snapshot"},
    {"VirtualMachine.destroy", "Delete virtual machine"},
    {"VirtualMachine.detachDisk", "Detach disk"},
    {"VirtualMachine.estimateStorageRequirementForConsolidate",
     "Estimate storage for consolidating snapshots"},
    {"VirtualMachine.migrate", "Migrate virtual machine"},
    {"VirtualMachine.powerOff", "Power Off virtual machine"},
    {"VirtualMachine.powerOn", "Power On virtual machine"},
    {"VirtualMachine.promoteDisks", "Promote virtual machine disks"},
    {"VirtualMachine.reconfigure", "Reconfigure virtual machine"},
    {"VirtualMachine.reloadFromPath", "Reload virtual machine from new configuration"},
    {"VirtualMachine.relocate", "Relocate virtual machine"},
    {"VirtualMachine.removeAllSnapshots", "Remove all snapshots"},
    {"VirtualMachine.reset", "Reset virtual machine"},
    {"VirtualMachine.revertToCurrentSnapshot", "Revert to current snapshot"},
    {"VirtualMachine.suspend", "Suspend virtual machine"},
    {"VirtualMachine.unregister", "Unregister virtual machine"},
    {"VirtualMachine.upgradeTools", "Initiated VMware Tools install or upgrade"},
    {"VirtualMachine.upgradeVirtualHardware", "Upgrade VM compatibility"},
    {"vm.Snapshot.remove", "Remove snapshot"},
    {"vm.Snapshot.revert", "Revert snapshot"},
    {"VirtualMachineSnapshot.remove", "Remove snapshot"},
    {"VirtualMachineSnapshot.revert", "Revert snapshot"},
    {"vm.check.CompatibilityChecker.checkCompatibility", "Check compatibility of a VM with a host"},
    {"vm.check.CompatibilityChecker.checkPowerOn", "Check whether a VM can be powered on"},
    {"vm.check.CompatibilityChecker.checkVmConfig", "Check a VM configuration"},
    {"vm.check.ProvisioningChecker.checkClone", "Check clone"},
    {"vm.check.ProvisioningChecker.checkMigrate", "Check migrate"},
    {"vm.check.ProvisioningChecker.checkRelocate", "Check relocate"},
};

}  // namespace

const HistoryItem& TaskHistory::note(const Value& info) {
  const auto [known, fresh] = numbers_.emplace(std::string(info.at("key").string()), nextNumber_);
  const auto place =
      std::lower_bound(items_.begin(), items_.end(), known->second,
                       [](const HistoryItem& item, std::int64_t number) { return item.key < number; });
  if (!fresh && place != items_.end() && place->key == known->second) {
    place->item = info;
    return *place;
  }
  known->second = nextNumber_++;
  const MoRef* entity = info.at("entity").asRef();
  const MoRef about = entity ? *entity : MoRef{};
  items_.push_back({known->second, info, about, containersOf(inventory_, about)});
  if (items_.size() > limit_) {
    numbers_.erase(std::string(items_.front().item.at("key").string()));
    items_.pop_front();
  }
  return items_.back();
}

void TaskHistory::restore(HistoryItems items) {
  items_ = std::move(items);
  numbers_.clear();
  for (const HistoryItem& each : items_)
    numbers_.emplace(std::string(each.item.at("key").string()), each.key);
  if (!items_.empty()) nextNumber_ = items_.back().key + 1;
}

Value TaskHistory::find(const std::string& key) const {
  const auto known = numbers_.find(key);
  if (known == numbers_.end()) return {};
  const auto place =
      std::lower_bound(items_.begin(), items_.end(), known->second,
                       [](const HistoryItem& item, std::int64_t number) { return item.key < number; });
  return place != items_.end() && place->key == known->second ? place->item : Value();
}

std::string taskLabel(std::string_view descriptionId) {
  for (const auto& [id, label] : labels) {
    if (id == descriptionId) return std::string(label);
  }
  // "com.example.Replicator.startJob" -> "Start job".
  const std::string_view name = descriptionId.substr(descriptionId.rfind('.') + 1);
  std::string words;
  for (const char each : name) {
    const auto c = static_cast<unsigned char>(each);
    if (std::isupper(c) && !words.empty()) words += ' ';
    words += static_cast<char>(words.empty() ? std::toupper(c) : std::tolower(c));
  }
  return words;
}

Value taskMethods() {
  std::vector<Value> methods;
  methods.reserve(std::size(labels));
  for (const auto& [id, label] : labels) {
    methods.push_back(object("ElementDescription", {{"label", label}, {"summary", label}, {"key", id}}));
  }
  return list(std::move(methods));
}

}  // namespace failback::mock
