// SPDX-License-Identifier: GPL-2.0-or-later
// What the collectors of events and of tasks have in common. Under the World's lock.
#pragma once

#include "mocks/history.h"
#include "mocks/operation.h"

namespace failback::mock {

// Whether the user of a call sees what an item is about; what is gone by now it sees.
HistoryView::Accepts visibleItems(const Operation& op);
// Throws ManagedObjectNotFound when the entity that a filter names is not there, or not for this user.
void checkFilterEntity(const Operation& op, const Value& filter);

}  // namespace failback::mock
