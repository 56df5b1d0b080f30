// SPDX-License-Identifier: GPL-2.0-or-later
#include "provisioning/rule_tables.h"

namespace failback::provisioning {
namespace {

constexpr Rule environmentTable[] = {
    {"ENV-REACHABLE",
     Severity::block,
     RFC,
     "vCenter",
     {"ServiceContent", "certificate"},
     {"EC0401", "EC0402"},
     "The server answers, its certificate is trusted, and the login is accepted",
     "The address is resolved, a connection is made, the certificate is compared with the CA or the pinned "
     "thumbprint, and the account logs in. Each of these fails for its own reason, and the finding says "
     "which one it was. Nothing else can be judged without it.",
     "Correct the address, the trust or the password, whichever the finding names; compare both thumbprints "
     "before you pin a new one."},
    {"ENV-API",
     Severity::block,
     RFC,
     "vCenter",
     {"about.productLineId", "about.apiType", "about.apiVersion"},
     {},
     "The server is a vCenter or ESXi host with API 6.5 or later",
     "The product and its API version are read from what the server says about itself. Older versions lack "
     "calls and properties that the safety of a job rests on.",
     "Upgrade the server, or use one that is recent enough."},
    {"ENV-LICENSE",
     Severity::block,
     R,
     "host",
     {"licenses of the host", "config.product"},
     {"8062"},
     "The licence of the master target's host allows changes through the API",
     "The free edition of ESXi answers questions through its API but refuses every change. Failover to the "
     "cloud works with it, so the surprise comes on the way home. Licences can be read with Global.Licenses "
     "only; without it this is unknown and a warning.",
     "Assign an evaluation or paid licence to the host.",
     "0.2",
     true},
    {"ENV-PRIVILEGE",
     Severity::block,
     RFC,
     "account",
     {"AuthorizationManager"},
     {"EC0402"},
     "The account holds every privilege that the plan needs, on each object it touches",
     "Privileges are asked for on the plan's own folder, datacenter, host or pool, datastores, networks and "
     "VMs. One that is missing would stop the job at the step that needs it, with disks perhaps already "
     "attached.",
     "Give the account the privileges that the finding lists, on the objects it names."},
    {"ENV-READONLY",
     Severity::block,
     RFC,
     "account",
     {"AuthorizationManager"},
     {},
     "The account is not read-only",
     "A read-only account is enough to protect machines and to fail over, so the mistake can stay hidden for "
     "years. At reprotect the vendor's portal then lists no datastores at all. This is the case of missing "
     "privileges that is met most often, and is therefore told apart.",
     "Use an account whose role may change things; the datastores then appear."},
    {"ENV-VCENTER",
     Severity::warn,
     RF,
     "vCenter",
     {"about.instanceUuid"},
     {},
     "The vCenter is the one that the plan was made for",
     "The instance UUID of the server is compared with the one in the plan. On another vCenter the same "
     "names may stand for other objects, and references never carry over.",
     "Map the datastores, networks and the folder in the plan, or connect to the vCenter it names."},
    {"ENV-SERVERS",
     Severity::warn,
     R,
     "plan",
     {"plan", "TCP connection"},
     {"95226", "78093"},
     "The configuration server and the process server can be reached from here",
     "Where the plan names these servers, a connection to each is tried: port 443, and 9443 for the process "
     "server's data unless the plan says otherwise. The agent in the cloud VM must run and must reach them "
     "too. That cannot be seen from vSphere, so a pass here does not prove it.",
     "Look at the VPN or private peering and the firewalls; then see in the cloud VM that it runs and its "
     "agent is started."},
    {"ENV-CLOCK",
     Severity::warn,
     RF,
     "vCenter",
     {"CurrentTime"},
     {},
     "The clocks of the server and of this machine differ by less than five minutes",
     "The server's time is compared with ours. Events and leases are judged by time, and certificates and "
     "logins fail when clocks drift far apart.",
     "Set up NTP on both."},
};

}  // namespace

std::span<const Rule> environmentRules() {
  return environmentTable;
}

}  // namespace failback::provisioning
