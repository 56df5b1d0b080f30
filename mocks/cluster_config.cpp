// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/cluster_config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mocks/entity_tools.h"
#include "mocks/random_source.h"
#include "mocks/site.h"

namespace failback::mock {

namespace {

// Empty lists are not shown.
Value shown(std::vector<Value> items) {
  return items.empty() ? Value() : list(std::move(items));
}

// ---- lists that are changed by add, edit and remove

struct ArrayRules {
  std::string_view path;  // of the spec, for InvalidArgument
  std::string_view key;   // member that tells the elements apart
  bool addReplaces = false;
  std::function<Value(const Value& info, const Value& before)> complete;  // throws what is wrong with it
};

auto findKey(std::vector<Value>& items, std::string_view member, const Value& key) {
  return std::find_if(items.begin(), items.end(), [&](const Value& each) {
    const Value& present = each.at(member);
    if (key.asText() && present.asText()) return present.string() == key.string();
    if (key.asInteger() && present.asInteger()) return present.asInteger() == key.asInteger();
    return key.isSet() && present == key;
  });
}

std::vector<Value> changedArray(std::vector<Value> items, const Value& specs, const ArrayRules& rules) {
  for (const Value& spec : itemsOf(specs)) {
    const std::string_view operation = spec.at("operation").string();
    const Value& info = spec.at("info");
    if (operation == "remove") {
      const auto found = findKey(items, rules.key, spec.at("removeKey"));
      if (found == items.end()) throw invalidArgument(fmt::format("{}.removeKey", rules.path));
      items.erase(found);
      continue;
    }
    if (!info.isSet()) throw invalidArgument(fmt::format("{}.info", rules.path));
    const auto found = findKey(items, rules.key, info.at(rules.key));
    const bool there = found != items.end();
    if (operation == "edit" ? !there : there && !rules.addReplaces) {
      throw invalidArgument(fmt::format("{}.info.{}", rules.path, rules.key));
    }
    const Value before = there ? *found : Value();
    Value made = rules.complete ? rules.complete(info, before) : info;
    if (there) {
      *found = std::move(made);
    } else {
      items.push_back(std::move(made));
    }
  }
  return items;
}

// Members that are set in `change` over those of `base`.
Value merged(const Value& base, const Value& change) {
  if (!base.asObject() || !change.asObject() || &base.asObject()->type() != &change.asObject()->type()) {
    return change.isSet() ? change : base;
  }
  DataObject result = *base.asObject();
  for (const DataObject::Member& member : change.asObject()->members())
    result.set(member.index, member.value);
  return result;
}

// ---- clusters

void needMachine(const World& world, const MoRef& cluster, const Value& vm, std::string_view path) {
  const MoRef* ref = vm.asRef();
  const ManagedObject* found = ref ? world.inventory.find(ref->id) : nullptr;
  const MoRef* host =
      found && found->type().isA("VirtualMachine") ? found->state.at("runtime.host").asRef() : nullptr;
  if (!host || parentOf(world, *host) != cluster) throw invalidArgument(path);
}

bool isGroup(const std::vector<Value>& groups, std::string_view type, std::string_view name) {
  return std::any_of(groups.begin(), groups.end(), [&](const Value& each) {
    return each.asObject()->type().isA(type) && each.at("name").string() == name;
  });
}

void judgeRule(const World& world, const MoRef& cluster, const Value& rule,
               const std::vector<Value>& groups) {
  const TypeInfo& type = rule.asObject()->type();
  if (rule.at("name").string().empty()) throw invalidArgument("spec.rulesSpec.info.name");
  if (type.find("vm")) {
    if (itemsOf(rule.at("vm")).size() < 2) throw invalidArgument("spec.rulesSpec.info.vm");
    for (const Value& vm : itemsOf(rule.at("vm"))) needMachine(world, cluster, vm, "spec.rulesSpec.info.vm");
    return;
  }
  if (!type.isA("ClusterVmHostRuleInfo")) return;
  if (!isGroup(groups, "ClusterVmGroup", rule.at("vmGroupName").string())) {
    throw invalidArgument("spec.rulesSpec.info.vmGroupName");
  }
  for (const std::string_view member : {"affineHostGroupName", "antiAffineHostGroupName"}) {
    const std::string_view name = rule.at(member).string();
    if (!name.empty() && !isGroup(groups, "ClusterHostGroup", name)) {
      throw invalidArgument(fmt::format("spec.rulesSpec.info.{}", member));
    }
  }
}

std::int32_t nextRuleKey(const std::vector<Value>& rules) {
  std::int64_t last = 0;
  for (const Value& each : rules) last = std::max(last, each.at("key").asInteger().value_or(0));
  return static_cast<std::int32_t>(last + 1);
}

std::vector<Value> changedRules(const World& world, const MoRef& cluster, std::vector<Value> rules,
                                const Value& specs, const std::vector<Value>& groups) {
  for (const Value& spec : itemsOf(specs)) {
    const std::int32_t key = nextRuleKey(rules);
    const std::vector<Value> present = rules;
    const auto complete = [&](const Value& info, const Value& before) {
      const bool fresh = !before.isSet();
      Value rule = fresh ? info.with("key", key) : merged(before, info);
      judgeRule(world, cluster, rule, groups);
      for (const Value& other : present) {
        const bool itself = !fresh && other.at("key") == before.at("key");
        if (!itself && other.at("name").string() == rule.at("name").string()) {
          throw invalidArgument("spec.rulesSpec.info.name");
        }
      }
      for (const std::string_view member : {"enabled", "mandatory"}) {
        if (!rule.at(member).isSet()) rule = rule.with(member, member == "enabled");
      }
      const std::string uuid = uuidFor(fmt::format("{}/rule/{}", cluster.id, key), "52");
      return fresh ? rule.with("status", "green")
                         .with("userCreated", true)
                         .with("inCompliance", true)
                         .with("ruleUuid", uuid)
                   : rule;
    };
    // A new rule has no key yet; the client's, if any, means nothing.
    Value one = spec;
    if (spec.at("operation").string() == "add" && spec.at("info").isSet()) {
      one = spec.with("info", spec.at("info").with("key", {}));
    }
    rules =
        changedArray(std::move(rules), std::vector<Value>{one}, {"spec.rulesSpec", "key", false, complete});
  }
  return rules;
}

// A group's members must be of the cluster; a group that a rule names stays.
std::vector<Value> changedGroups(const World& world, const MoRef& cluster, std::vector<Value> groups,
                                 const Value& specs) {
  const auto complete = [&](const Value& info, const Value& before) {
    const TypeInfo& type = info.asObject()->type();
    if (type.find("vm")) {
      for (const Value& vm : itemsOf(info.at("vm")))
        needMachine(world, cluster, vm, "spec.groupSpec.info.vm");
    }
    if (type.find("host")) {
      for (const Value& host : itemsOf(info.at("host"))) {
        if (parentOf(world, *host.asRef()) != cluster) throw invalidArgument("spec.groupSpec.info.host");
      }
    }
    return info.with("userCreated", before.isSet() ? before.at("userCreated") : Value(true));
  };
  return changedArray(std::move(groups), specs, {"spec.groupSpec", "name", false, complete});
}

void needGroupsOfRules(const std::vector<Value>& rules, const std::vector<Value>& groups) {
  for (const Value& rule : rules) {
    if (!rule.asObject()->type().isA("ClusterVmHostRuleInfo")) continue;
    for (const std::string_view member : {"vmGroupName", "affineHostGroupName", "antiAffineHostGroupName"}) {
      const std::string_view name = rule.at(member).string();
      const bool known = std::any_of(groups.begin(), groups.end(),
                                     [&](const Value& each) { return each.at("name").string() == name; });
      if (!name.empty() && !known) throw invalidArgument("spec.groupSpec.removeKey");
    }
  }
}

const Value& fromSpec(const Value& spec, std::string_view member) {
  static const Value unset;
  const DataObject* object = spec.asObject();
  return object && object->type().find(member) ? object->get(member) : unset;
}

void postClusterEvents(World& world, const MoRef& cluster, const Value& before, const Value& after) {
  const std::string name(world.inventory.need(cluster.id).state.at("name").string());
  const auto switched = [&](std::string_view member, std::string_view on, std::string_view off) {
    const bool now = isTrue(after.at(member));
    if (now == isTrue(before.at(member))) return;
    world.events.post(now ? on : off, cluster, fmt::format("{} {}", now ? on : off, name));
  };
  switched("drsConfig.enabled", "DrsEnabledEvent", "DrsDisabledEvent");
  switched("dasConfig.enabled", "DasEnabledEvent", "DasDisabledEvent");
  world.events.post("ClusterReconfiguredEvent", cluster, fmt::format("Reconfigured cluster {}", name));
}

Value defaultDas() {
  return object("ClusterDasConfigInfo", {{"enabled", false},
                                         {"vmMonitoring", "vmMonitoringDisabled"},
                                         {"hostMonitoring", "enabled"},
                                         {"failoverLevel", std::int32_t{1}},
                                         {"admissionControlEnabled", true}});
}

Value defaultDrs() {
  return object("ClusterDrsConfigInfo", {{"enabled", false},
                                         {"enableVmBehaviorOverrides", true},
                                         {"defaultVmBehavior", "fullyAutomated"},
                                         {"vmotionRate", std::int32_t{3}}});
}

Value defaultConfig() {
  return object(
      "ClusterConfigInfoEx",
      {{"vmSwapPlacement", "vmDirectory"}, {"dasConfig", defaultDas()}, {"drsConfig", defaultDrs()}});
}

// The configurationEx that a spec makes of another one.
Value changedConfig(const World& world, const MoRef& cluster, const Value& old, const Value& spec) {
  Value config = old;
  for (const std::string_view member : {"dasConfig", "drsConfig"}) {
    config = config.with(member, merged(config.at(member), fromSpec(spec, member)));
  }
  for (const std::string_view member :
       {"vmSwapPlacement", "spbmEnabled", "defaultHardwareVersionKey", "maximumHardwareVersionKey"}) {
    if (fromSpec(spec, member).isSet()) config = config.with(member, fromSpec(spec, member));
  }
  const std::vector<Value> groups =
      changedGroups(world, cluster, itemsOf(config.at("group")), fromSpec(spec, "groupSpec"));
  const std::vector<Value> rules =
      changedRules(world, cluster, itemsOf(config.at("rule")), fromSpec(spec, "rulesSpec"), groups);
  needGroupsOfRules(rules, groups);
  const auto overrides = [&](std::string_view member, std::string_view specMember) {
    const std::string path = fmt::format("spec.{}", specMember);
    const auto complete = [&](const Value& info, const Value&) {
      needMachine(world, cluster, info.at("key"), path + ".info.key");
      // What an override of DRS does not say, vCenter fills in.
      const bool silent = info.asObject()->type().find("behavior") && !info.at("enabled").isSet();
      return silent ? info.with("enabled", true) : info;
    };
    const std::vector<Value> changed =
        changedArray(itemsOf(config.at(member)), fromSpec(spec, specMember), {path, "key", true, complete});
    config = config.with(member, shown(changed));
  };
  overrides("drsVmConfig", "drsVmConfigSpec");
  overrides("dasVmConfig", "dasVmConfigSpec");
  return config.with("group", shown(groups)).with("rule", shown(rules));
}

void storeConfig(World& world, const MoRef& cluster, const Value& config) {
  DataObject plain(TypeModel::get().need("ClusterConfigInfo"));
  for (const std::string_view member : {"dasConfig", "dasVmConfig", "drsConfig", "drsVmConfig", "rule"}) {
    plain.set(member, config.at(member));
  }
  Value state = world.inventory.need(cluster.id).state;
  state = state.with("configurationEx", config).with("configuration", Value(std::move(plain)));
  const std::int32_t level =
      isTrue(config.at("dasConfig.enabled"))
          ? static_cast<std::int32_t>(config.at("dasConfig.failoverLevel").asInteger().value_or(1))
          : 0;
  for (const std::string_view summary : {"summary", "summaryEx"}) {
    if (state.at(summary).asObject()->type().find("currentFailoverLevel")) {
      state = state.with(fmt::format("{}.currentFailoverLevel", summary), level);
    }
  }
  world.inventory.replace(cluster.id, std::move(state));
}

// Without the machine in lists of references; rules that keep fewer than two machines go.
std::vector<Value> withoutMachine(const std::vector<Value>& items, const MoRef& vm, bool atLeastTwo) {
  std::vector<Value> kept;
  for (const Value& each : items) {
    if (!each.asObject()->type().find("vm")) {
      kept.push_back(each);
      continue;
    }
    std::vector<MoRef> machines = refsOfList(each.at("vm"));
    if (std::erase(machines, vm) == 0) {
      kept.push_back(each);
    } else if (!atLeastTwo || machines.size() >= 2) {
      kept.push_back(each.with("vm", listOfRefs(machines)));
    }
  }
  return kept;
}

std::vector<Value> withoutOverride(std::vector<Value> items, std::string_view member, const MoRef& vm) {
  std::erase_if(items, [&](const Value& each) {
    const MoRef* ref = each.at(member).asRef();
    return ref && *ref == vm;
  });
  return items;
}

}  // namespace

void reconfigureCluster(World& world, const MoRef& cluster, const Value& spec, bool modify) {
  const Value old = world.inventory.need(cluster.id).state.at("configurationEx");
  const Value config = changedConfig(world, cluster, modify ? old : defaultConfig(), spec);
  storeConfig(world, cluster, config);
  postClusterEvents(world, cluster, old, config);
}

void reconfigurePod(World& world, const MoRef& pod, const Value& spec, bool modify) {
  const std::string path = "podStorageDrsEntry.storageDrsConfig";
  Value config = world.inventory.need(pod.id).state.at(path);
  const Value& change = spec.at("podConfigSpec");
  if (change.isSet()) {
    for (const MemberInfo& member : change.asObject()->type().members) {
      const bool plain = member.name != "rule" && member.name != "option";
      if (!plain || !change.at(member.name).isSet()) continue;
      config = config.with("podConfig." + std::string(member.name), change.at(member.name));
    }
  }
  const auto complete = [&](const Value& info, const Value&) {
    const MoRef* vm = info.at("vm").asRef();
    const ManagedObject* found = vm ? world.inventory.find(vm->id) : nullptr;
    if (!found || !found->type().isA("VirtualMachine")) throw invalidArgument("spec.vmConfigSpec.info.vm");
    return info;
  };
  const std::vector<Value> present = modify ? itemsOf(config.at("vmConfig")) : std::vector<Value>{};
  config = config.with("vmConfig", shown(changedArray(present, spec.at("vmConfigSpec"),
                                                      {"spec.vmConfigSpec", "vm", true, complete})));
  world.inventory.set(pod.id, path, config);
}

MoRef addCluster(World& world, const MoRef& folder, const std::string& name, const Value& spec) {
  MoRef made = freshRef(world, "ClusterComputeResource", "domain-c");
  const Value config = changedConfig(world, made, defaultConfig(), spec);
  MoRef pool = freshRef(world, "ResourcePool", "resgroup-");
  const MoRef browser{"EnvironmentBrowser", "envbrowser-" + made.id};
  const Value summary = object("ClusterComputeResourceSummary", {{"totalCpu", std::int32_t{0}},
                                                                 {"totalMemory", std::int64_t{0}},
                                                                 {"numCpuCores", std::int32_t{0}},
                                                                 {"numCpuThreads", std::int32_t{0}},
                                                                 {"effectiveCpu", std::int32_t{0}},
                                                                 {"effectiveMemory", std::int64_t{0}},
                                                                 {"numHosts", std::int32_t{0}},
                                                                 {"numEffectiveHosts", std::int32_t{0}},
                                                                 {"overallStatus", "green"},
                                                                 {"currentFailoverLevel", std::int32_t{0}},
                                                                 {"numVmotions", std::int32_t{0}}});
  std::vector<Field> fields = entity(name, folder);
  fields.insert(fields.end(),
                {{"resourcePool", pool},
                 {"host", std::vector<Value>{}},
                 {"datastore", std::vector<Value>{}},
                 {"network", std::vector<Value>{}},
                 {"summary", summary},
                 {"environmentBrowser", browser},
                 {"configurationEx", config},
                 {"configuration", object("ClusterConfigInfo", {{"dasConfig", config.at("dasConfig")},
                                                                {"drsConfig", config.at("drsConfig")}})},
                 {"summaryEx", summary}});
  world.inventory.add(made, object("ClusterComputeResource", fields));
  world.inventory.add(browser, object("EnvironmentBrowser"));
  addRootPool(world, pool, made);
  storeConfig(world, made, config);
  addRef(world, folder, "childEntity", made);
  return made;
}

void dropOverrides(World& world, const MoRef& vm) {
  for (const ManagedObject* each : world.inventory.all("ClusterComputeResource")) {
    const MoRef cluster = each->ref;
    const Value old = each->state.at("configurationEx");
    Value config = old;
    for (const std::string_view member : {"drsVmConfig", "dasVmConfig"}) {
      config = config.with(member, shown(withoutOverride(itemsOf(config.at(member)), "key", vm)));
    }
    config = config.with("rule", shown(withoutMachine(itemsOf(config.at("rule")), vm, true)))
                 .with("group", shown(withoutMachine(itemsOf(config.at("group")), vm, false)));
    if (!(config == old)) storeConfig(world, cluster, config);
  }
  for (const ManagedObject* each : world.inventory.all("StoragePod")) {
    const MoRef pod = each->ref;
    const std::string path = "podStorageDrsEntry.storageDrsConfig.vmConfig";
    const std::vector<Value> present = itemsOf(each->state.at(path));
    const std::vector<Value> kept = withoutOverride(present, "vm", vm);
    if (kept.size() != present.size()) world.inventory.set(pod.id, path, shown(kept));
  }
}

bool drsMoves(const World& world, const MoRef& cluster, const MoRef& vm) {
  const ManagedObject* found = world.inventory.find(cluster.id);
  if (!found || !found->type().isA("ClusterComputeResource")) return false;
  const Value& config = found->state.at("configurationEx");
  if (!isTrue(config.at("drsConfig.enabled"))) return false;
  std::string_view behavior = config.at("drsConfig.defaultVmBehavior").string();
  for (const Value& each : itemsOf(config.at("drsVmConfig"))) {
    const MoRef* key = each.at("key").asRef();
    if (!key || *key != vm) continue;
    if (const bool* enabled = each.at("enabled").asBool(); enabled && !*enabled) return false;
    if (each.at("behavior").isSet()) behavior = each.at("behavior").string();
  }
  return behavior == "fullyAutomated";
}

namespace {

bool inGroup(const Value& config, std::string_view name, const MoRef& member) {
  for (const Value& group : itemsOf(config.at("group"))) {
    if (group.at("name").string() != name) continue;
    const TypeInfo& type = group.asObject()->type();
    if (type.find("vm") && holds(refsOfList(group.at("vm")), member)) return true;
    if (type.find("host") && holds(refsOfList(group.at("host")), member)) return true;
  }
  return false;
}

}  // namespace

bool rulesAllow(const World& world, const MoRef& cluster, const MoRef& vm, const MoRef& host) {
  const ManagedObject* found = world.inventory.find(cluster.id);
  if (!found || !found->type().isA("ClusterComputeResource")) return true;
  const Value& config = found->state.at("configurationEx");
  for (const Value& rule : itemsOf(config.at("rule"))) {
    if (!rule.asObject()->type().isA("ClusterVmHostRuleInfo")) continue;
    if (!isTrue(rule.at("enabled")) || !isTrue(rule.at("mandatory"))) continue;
    if (!inGroup(config, rule.at("vmGroupName").string(), vm)) continue;
    const std::string_view only = rule.at("affineHostGroupName").string();
    if (!only.empty() && !inGroup(config, only, host)) return false;
    const std::string_view never = rule.at("antiAffineHostGroupName").string();
    if (!never.empty() && inGroup(config, never, host)) return false;
  }
  return true;
}

}  // namespace failback::mock
