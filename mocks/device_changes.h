// SPDX-License-Identifier: GPL-2.0-or-later
// The device changes of a VirtualMachineConfigSpec: judged one after the other on the devices as the former
// ones leave them, with the faults of a real server, which name the index in the spec.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "mocks/config_spec.h"

namespace failback::mock {

class DeviceChanges {
 public:
  // `name` is the machine's, for the files of new disks.
  DeviceChanges(World& world, const ConfigPlace& place, std::string name, std::vector<Value> devices);

  // Throws the fault that refuses the spec; nothing outside has changed then.
  void apply(const Value& deviceChange);

  const std::vector<Value>& devices() const { return devices_; }
  std::vector<std::function<void()>>& files() { return files_; }

 private:
  void one(const Value& change);
  void add(const Value& change);
  void edit(const Value& change);
  void remove(const Value& change);

  Value addedController(Value device);
  Value addedDisk(const Value& change, Value device);
  Value addedNic(Value device);
  Value placed(Value device, bool mustHaveController);
  Value newDisk(const Value& change, const Value& device);
  Value existingDisk(const Value& device);
  Value editedDisk(const Value& change, const Value& before, Value after);
  void checkNetwork(const Value& device) const;
  void checkControllersEmptied() const;

  const Value& controllerOf(const Value& device) const;
  FileId fileForNewDisk(const Value& backing);
  std::int64_t realKey(std::int64_t key) const;
  [[noreturn]] void invalid(std::string_view property) const;
  [[noreturn]] void fault(std::string_view type, std::string_view property,
                          std::vector<Field> fields = {}) const;

  World& world_;
  ConfigPlace place_;
  std::string name_;
  std::vector<Value> devices_;
  std::vector<std::function<void()>> files_;
  std::vector<FileId> planned_;                // disks that `files_` will make
  std::map<std::string, std::int64_t> need_;   // bytes that they take, by datastore
  std::map<std::int64_t, std::int64_t> keys_;  // placeholders of the spec
  std::vector<std::pair<std::int32_t, std::int64_t>> removedControllers_;  // index, key
  std::int32_t index_ = 0;
};

}  // namespace failback::mock
