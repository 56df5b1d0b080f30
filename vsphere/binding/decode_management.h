// SPDX-License-Identifier: GPL-2.0-or-later
// What the managers tell: scheduled tasks, events, what hosts can run.
#pragma once

#include "vim25/soapStub.h"
#include "vsphere/model/event.h"
#include "vsphere/model/management.h"

namespace failback::vsphere {

ScheduledTask decodeScheduledTask(const vim25__ScheduledTaskInfo& info);
Event decodeEvent(const vim25__Event& event);
ConfigOption decodeConfigOption(const vim25__VirtualMachineConfigOption& option);

}  // namespace failback::vsphere
