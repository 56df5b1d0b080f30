// SPDX-License-Identifier: GPL-2.0-or-later
// Reads what the readiness of machines is judged by.
#pragma once

#include "provisioning/check/collect.h"
#include "provisioning/check/readiness.h"

namespace failback::provisioning {

struct ReadinessFacts {
  ReadinessPlan made;
  Facts facts;
};

// The whole inventory at the depth of the rules, then privileges on what the machines need, tasks, licences,
// and the events of the master targets. Changes nothing. Throws as collectFacts.
ReadinessFacts collectReadiness(vsphere::Client& client, const ReadinessWish& wish,
                                const CollectOptions& options, const vsphere::Context& context);

}  // namespace failback::provisioning
