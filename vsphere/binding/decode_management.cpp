// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/decode_management.h"

#include "vsphere/binding/values.h"
#include "wsdl/vim_hooks.h"

namespace failback::vsphere {
namespace {

using namespace binding;  // NOLINT(google-build-using-namespace): this file's own helpers

// An event of a class of its own is known by that; one that is only data by what it says of itself.
std::string typeOf(const vim25__Event& event) {
  std::optional<std::string> id;
  if (const auto* extended = dynamic_cast<const vim25__EventEx*>(&event)) id = extended->eventTypeId;
  if (const auto* extended = dynamic_cast<const vim25__ExtendedEvent*>(&event)) id = extended->eventTypeId;
  return id && !id->empty() ? *id : std::string(vim25::wireTypeName(event));
}

GuestOs decodeGuest(const vim25__GuestOsDescriptor& descriptor) {
  GuestOs guest;
  guest.id = descriptor.id.value_or("");
  guest.family = descriptor.family.value_or("");
  guest.fullName = descriptor.fullName.value_or("");
  guest.firmware = descriptor.supportedFirmware;
  guest.secureBoot = descriptor.supportsSecureBoot.value_or(false);
  return guest;
}

}  // namespace

ScheduledTask decodeScheduledTask(const vim25__ScheduledTaskInfo& info) {
  ScheduledTask task;
  task.ref = morefOf(info.scheduledTask);
  task.entity = morefOf(info.entity);
  task.name = unescapeName(info.name.value_or(""));
  task.description = info.description.value_or("");
  task.enabled = info.enabled.value_or(false);
  if (const auto* method = dynamic_cast<const vim25__MethodAction*>(info.action))
    task.action = method->name.value_or("");
  task.nextRunTime = info.nextRunTime;
  return task;
}

namespace {

// A vMotion and a Storage vMotion of a running VM are one kind of event: the datastores tell them apart.
void decodeMove(const vim25__Event& source, Event& event) {
  const vim25__DatastoreEventArgument* from = nullptr;
  if (const auto* migrated = dynamic_cast<const vim25__VmMigratedEvent*>(&source))
    from = migrated->sourceDatastore;
  if (const auto* relocated = dynamic_cast<const vim25__VmRelocatedEvent*>(&source))
    from = relocated->sourceDatastore;
  if (from == nullptr || source.ds == nullptr) return;
  if (binding::morefOf(from->datastore) == binding::morefOf(source.ds->datastore)) return;
  event.fromDatastore = from->name.value_or("");
  event.toDatastore = source.ds->name.value_or("another one");
}

}  // namespace

Event decodeEvent(const vim25__Event& source) {
  Event event;
  event.key = source.key.value_or(0);
  event.type = typeOf(source);
  event.time = source.createdTime.value_or("");
  event.userName = source.userName.value_or("");
  event.text = source.fullFormattedMessage.value_or("");
  if (source.vm != nullptr) event.vm = optionalMoref(source.vm->vm);
  const auto* task = dynamic_cast<const vim25__TaskEvent*>(&source);
  if (task != nullptr && task->info != nullptr) event.descriptionId = task->info->descriptionId.value_or("");
  decodeMove(source, event);
  const auto* reconfigured = dynamic_cast<const vim25__VmReconfiguredEvent*>(&source);
  if (reconfigured != nullptr && reconfigured->configChanges != nullptr) {
    const vim25__ChangesInfoEventArgument& changes = *reconfigured->configChanges;
    for (const auto* part : {&changes.modified, &changes.added, &changes.deleted})
      event.changes += part->value_or("") + "\n";
  }
  return event;
}

ConfigOption decodeConfigOption(const vim25__VirtualMachineConfigOption& source) {
  ConfigOption option;
  option.hardwareVersion = source.version.value_or("");
  option.guests.reserve(source.guestOSDescriptor.size());
  for (const vim25__GuestOsDescriptor* descriptor : source.guestOSDescriptor) {
    if (descriptor != nullptr) option.guests.push_back(decodeGuest(*descriptor));
  }
  return option;
}

}  // namespace failback::vsphere
