// SPDX-License-Identifier: GPL-2.0-or-later
// Reads from a server what the rules look at. Reading only: nothing is changed, created or probed.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "provisioning/check/facts.h"
#include "provisioning/check/finding.h"
#include "provisioning/plan/plan.h"
#include "vsphere/client.h"

namespace failback::provisioning {

struct CollectOptions {
  // What is being read, for a line of progress; may be empty.
  std::function<void(const std::string& what)> onProgress;
  // Tries a connection; returns why it failed, or nothing (vsphere::probeTcp).
  std::function<std::string(const std::string& host, std::uint16_t port, const vsphere::Context&)> connect;
  // Of the store here; goes into the facts as it is.
  Asked<std::vector<StoredJob>> openJobs;
};

// At most ten SOAP calls for any number of machines on one master target, beside pages, waits and the login:
// one sweep of the whole inventory, the plan's objects, the VMs on their datastores, privileges, tasks and
// licences (two), and per master target its events and vCenter's own verdict on the attachment, per compute
// resource and datastore where VMs are created one more. What is left of ten goes into vCenter's verdicts on
// the VMs that would be made, one for all that have the same shape, and one at least. What may not be read,
// or is not there, is said in the facts. Throws Failure when the server is lost, at the deadline, or on stop.
Facts collectFacts(vsphere::Client& client, const Plan& plan, Phase phase, const CollectOptions& options,
                   const vsphere::Context& context);

// "web.example:8443" as host and port; `port` where none is given.
struct Endpoint {
  std::string host;
  std::uint16_t port = 0;
};
Endpoint endpointOf(const std::string& text, std::uint16_t port);

}  // namespace failback::provisioning
