// SPDX-License-Identifier: GPL-2.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>

#include "provisioning/check/judge_tools.h"
#include "provisioning/check/needs.h"
#include "provisioning/plan/naming.h"
#include "provisioning/plan/plan_forms.h"
#include "vsphere/property_table.h"

namespace failback::provisioning {
namespace {

ObjectName serverName(const World& world) {
  const vsphere::VCenter& server = world.inventory().vcenter;
  return {"vCenter", server.url.empty() ? server.about.name : server.url, {}, {}};
}

ObjectName accountName(const World& world) {
  return {"account", world.inventory().vcenter.userName, {}, {}};
}

// That there is anything to judge says that it was reached.
void reachable(const World& world, Judgement& judgement) {
  const vsphere::VCenter& server = world.inventory().vcenter;
  judgement.pass(serverName(world), "ServiceContent",
                 fmt::format("{}, logged in as {}{}", server.about.fullName, server.userName,
                             server.thumbprintSha256.empty()
                                 ? std::string()
                                 : fmt::format(", certificate {}", server.thumbprintSha256)));
}

void api(const World& world, Judgement& judgement) {
  const vsphere::About& about = world.inventory().vcenter.about;
  const std::string seen = fmt::format("{} {}, API {}", about.name, about.version, about.apiVersion);
  constexpr std::array<std::string_view, 3> products = {"vpx", "embeddedEsx", "esx"};
  if (about.productLineId.empty() || about.apiVersion.empty()) {
    judgement.unknown(serverName(world), "about.apiVersion", "the server does not say what it is");
  } else if (std::find(products.begin(), products.end(), about.productLineId) == products.end()) {
    judgement.fail(serverName(world), "about.productLineId",
                   fmt::format("{} ({})", about.productLineId, about.name),
                   "vpx (vCenter) or embeddedEsx (ESXi)");
  } else if (vsphere::compareApiVersions(about.apiVersion, "6.5") < 0) {
    judgement.fail(serverName(world), "about.apiVersion", seen, "6.5 or later");
  } else {
    judgement.pass(serverName(world), "about.apiVersion", seen);
  }
}

// No licence of this server is the free edition, so that it does not matter which is the host's. Empty: one
// is, or none is known.
std::string allMayWrite(const std::vector<vsphere::License>& licenses) {
  std::vector<std::string> names;
  for (const vsphere::License& each : licenses) {
    if (each.isFreeEdition()) return {};
    if (each.entityId.empty()) names.push_back(fmt::format("{} ({})", each.name, each.editionKey));
  }
  return names.empty() ? std::string() : "no licence here is the free edition: " + someOf(names);
}

void license(const World& world, Judgement& judgement) {
  const auto& management = world.facts().management;
  const bool vcenter = world.inventory().vcenter.about.isVCenter();
  std::unordered_set<vsphere::Moref> seen;
  for (const TargetView& target : world.targets()) {
    if (target.host == nullptr || !seen.insert(target.host->ref).second) continue;
    const ObjectName host = world.nameOf("host", *target.host);
    const std::string property = "licenses of the host";
    if (!management.answer) {
      judgement.unknown(host, property, management.why);
      continue;
    }
    const vsphere::License* assigned = nullptr;
    for (const vsphere::License& each : management.answer->licenses) {
      const bool its = each.entityId == target.host->ref.value || (!vcenter && each.entityId.empty());
      if (its && (assigned == nullptr || each.isFreeEdition())) assigned = &each;
    }
    const std::string common = vcenter ? allMayWrite(management.answer->licenses) : std::string();
    if (assigned == nullptr && !common.empty()) {
      judgement.pass(host, property, common);
    } else if (assigned == nullptr) {
      const auto& holes = management.answer->unreadable;
      judgement.unknown(
          host, property,
          holes.empty() ? "no licence is assigned to it"
                        : fmt::format("licences could not be read: {}", World::reasonText(holes.front())));
    } else if (assigned->isFreeEdition()) {
      judgement.fail(host, property,
                     fmt::format("{} ({}): the free edition, which refuses every change through the API",
                                 assigned->name, assigned->editionKey),
                     "an evaluation or paid edition");
    } else {
      judgement.pass(host, property, fmt::format("{} ({})", assigned->name, assigned->editionKey));
    }
  }
}

const vsphere::EntityPrivileges* answerFor(const vsphere::PrivilegeAnswer& answer,
                                           const vsphere::Moref& ref) {
  const auto found = std::find_if(answer.entities.begin(), answer.entities.end(),
                                  [&](const vsphere::EntityPrivileges& each) { return each.entity == ref; });
  return found == answer.entities.end() ? nullptr : &*found;
}

// Of what is needed on the object, what the account does not have.
std::vector<std::string_view> lacks(const vsphere::PrivilegeAnswer& answer, const ObjectNeeds& needs) {
  std::vector<std::string_view> missing;
  const vsphere::EntityPrivileges* has = answerFor(answer, needs.entity);
  if (has == nullptr) return missing;
  for (const std::string_view id : needs.privileges) {
    if (std::find(has->missing.begin(), has->missing.end(), id) != has->missing.end()) missing.push_back(id);
  }
  return missing;
}

bool isReadOnly(const vsphere::PrivilegeAnswer& answer, const std::vector<ObjectNeeds>& needs) {
  return !needs.empty() && std::all_of(needs.begin(), needs.end(), [&](const ObjectNeeds& each) {
    return answerFor(answer, each.entity) != nullptr && lacks(answer, each).size() == each.privileges.size();
  });
}

void privilege(const World& world, Judgement& judgement) {
  const std::string property = "HasPrivilegeOnEntities";
  const auto& privileges = world.facts().privileges;
  if (!privileges.answer) {
    judgement.unknown(accountName(world), property, privileges.why, "every privilege that the plan needs");
    return;
  }
  const std::vector<ObjectNeeds> needs = needsOf(world);
  if (isReadOnly(*privileges.answer, needs)) {
    const std::vector<std::string> all = idsOf(needs);
    judgement.fail(accountName(world), property,
                   fmt::format("{} may change none of the plan's {} objects",
                               world.inventory().vcenter.userName, needs.size()),
                   fmt::format("{}", fmt::join(all, ", ")));
    return;
  }
  bool complete = true;
  for (const ObjectNeeds& each : needs) {
    if (answerFor(*privileges.answer, each.entity) == nullptr) {
      complete = false;
      judgement.unknown(each.name, property, "the server did not answer for this object");
      continue;
    }
    const std::vector<std::string_view> missing = lacks(*privileges.answer, each);
    if (missing.empty()) continue;
    complete = false;
    Finding& finding = judgement.fail(
        each.name, property,
        fmt::format("{} lacks {}", world.inventory().vcenter.userName, fmt::join(missing, ", ")),
        fmt::format("{}", fmt::join(each.privileges, ", ")));
    finding.remedy = fmt::format("Give {} these privileges on {} {}, or above it with propagation.",
                                 world.inventory().vcenter.userName, each.name.kind, each.name.name);
  }
  if (complete)
    judgement.pass(accountName(world), property, fmt::format("all privileges on {} objects", needs.size()));
}

void readOnly(const World& world, Judgement& judgement) {
  const std::string property = "HasPrivilegeOnEntities";
  const auto& privileges = world.facts().privileges;
  if (!privileges.answer) {
    judgement.unknown(accountName(world), property, privileges.why);
    return;
  }
  const std::string user = world.inventory().vcenter.userName;
  if (isReadOnly(*privileges.answer, needsOf(world))) {
    judgement.fail(accountName(world), property,
                   fmt::format("{} can read the inventory but change nothing: with such an account machines "
                               "can be protected and fail over, and then can't come home",
                               user),
                   "an account whose role may change things");
  } else {
    judgement.pass(accountName(world), property, fmt::format("{} may change something", user));
  }
}

void vcenter(const World& world, Judgement& judgement) {
  const auto [seen, property] = identityOf(world.inventory());
  const std::string wanted = lower(world.plan().vcenter.instanceUuid);
  if (seen.empty())
    judgement.unknown(serverName(world), property, "the server does not say which one it is", wanted);
  else if (seen == wanted)
    judgement.pass(serverName(world), property, seen);
  else
    judgement.fail(serverName(world), property, seen, wanted);
}

void servers(const World& world, Judgement& judgement) {
  for (const Contact& contact : world.facts().contacts) {
    ObjectName name = world.placeInPlan("/servers", fmt::format("{} {}", contact.what, contact.server));
    if (contact.obstacle.empty())
      judgement.pass(
          std::move(name), "TCP connection",
          "connected from here; whether the machine in the cloud reaches it too can't be seen from vSphere");
    else
      judgement.fail(std::move(name), "TCP connection", contact.obstacle, "a connection");
  }
}

void clock(const World& world, Judgement& judgement) {
  constexpr std::int64_t tolerable = 300'000;
  const auto skew = world.inventory().vcenter.clockSkewMs;
  if (!skew) {
    judgement.unknown(serverName(world), "CurrentTime", "the server's time is not known");
    return;
  }
  const std::int64_t seconds = std::abs(*skew) / 1000;
  const std::string seen = seconds == 0 ? "less than a second apart"
                                        : fmt::format("{} seconds {} this machine's clock", seconds,
                                                      *skew > 0 ? "ahead of" : "behind");
  if (std::abs(*skew) >= tolerable)
    judgement.fail(serverName(world), "CurrentTime", seen, "less than 300 seconds apart");
  else
    judgement.pass(serverName(world), "CurrentTime", seen);
}

constexpr Judge environmentTable[] = {
    {"ENV-REACHABLE", reachable}, {"ENV-API", api},           {"ENV-LICENSE", license},
    {"ENV-PRIVILEGE", privilege}, {"ENV-READONLY", readOnly}, {"ENV-VCENTER", vcenter},
    {"ENV-SERVERS", servers},     {"ENV-CLOCK", clock},
};

}  // namespace

std::span<const Judge> environmentJudges() {
  return environmentTable;
}

}  // namespace failback::provisioning
