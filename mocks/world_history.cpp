// SPDX-License-Identifier: GPL-2.0-or-later
// What happened before the server started: the scenario's history, and what usually happens on a site.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "mocks/fault.h"
#include "mocks/schedule.h"
#include "mocks/search_index.h"
#include "mocks/site.h"
#include "mocks/time_text.h"
#include "wsdl/schema.h"

namespace failback::mock {

namespace {

struct Happening {
  std::int64_t time = 0;  // microseconds since 1970
  HistorySpec spec;
  MoRef about;
  std::vector<Field> fields = {};
};

class HistoryBuilder {
 public:
  HistoryBuilder(World& world, const ScenarioSpec& scenario, MoRef root)
      : world_(world), scenario_(scenario), root_(std::move(root)), now_(microsOf(world.now()).value_or(0)) {}

  void build() {
    for (std::size_t i = 0; i < scenario_.history.size(); ++i) {
      add(scenario_.history[i], root_, fmt::format("history/{}", i));
    }
    for (const DatacenterSpec& datacenter : scenario_.datacenters) {
      for (const VmSpec& vm : datacenter.vms) addVm(datacenter, vm);
    }
    if (scenario_.pastActivity) addLogin();
    std::stable_sort(happenings_.begin(), happenings_.end(),
                     [](const Happening& a, const Happening& b) { return a.time < b.time; });
    for (const Happening& each : happenings_) post(each);
  }

 private:
  void add(const HistorySpec& spec, const MoRef& about, const std::string& place) {
    MoRef entity = about;
    if (!spec.entity.empty()) {
      const auto found = findByPath(world_.inventory, root_, spec.entity);
      if (!found) {
        throw ScenarioError(
            fmt::format("{}/entity: there is no object at the inventory path '{}'", place, spec.entity));
      }
      entity = *found;
    }
    const auto daysAgo = static_cast<std::int64_t>(spec.daysAgo * static_cast<double>(microsPerDay));
    happenings_.push_back({spec.time.empty() ? now_ - daysAgo : *microsOf(spec.time), spec, entity});
  }

  void addVm(const DatacenterSpec& datacenter, const VmSpec& vm) {
    // A large site has thousands of which there is nothing to say.
    const bool said = !vm.history.empty() || !vm.scheduledTasks.empty() || vm.autostart;
    if (!said && !scenario_.pastActivity) return;
    const std::string path =
        fmt::format("{}/vm/{}{}{}", datacenter.name, vm.folder, vm.folder.empty() ? "" : "/", vm.name);
    const auto ref = findByPath(world_.inventory, root_, path);
    if (!ref) return;  // a name with characters that a path writes otherwise, and no history
    for (std::size_t i = 0; i < vm.history.size(); ++i) {
      add(vm.history[i], *ref, fmt::format("vms '{}'/history/{}", vm.name, i));
    }
    if (scenario_.pastActivity) addLife(vm, *ref);
    if (!world_.managerId("ScheduledTaskManager").empty()) {
      for (const ScheduleSpec& each : vm.scheduledTasks) {
        (void)addScheduledTask(world_, *ref, dailySpec(each), each.user.empty() ? admin() : each.user,
                               timeText(now_ - 30 * microsPerDay));
      }
    } else if (!vm.scheduledTasks.empty()) {
      throw ScenarioError(fmt::format("vms '{}'/scheduledTasks: an ESXi host has none", vm.name));
    }
    if (vm.autostart) addAutostart(*ref);
  }

  // It was made some weeks ago and, if it runs, started when the host's boot time says.
  void addLife(const VmSpec& vm, const MoRef& ref) {
    const ManagedObject& object = world_.inventory.need(ref.id);
    constexpr std::int64_t age = 90;
    const std::int64_t made = now_ - age * microsPerDay + number_++ * 1800 * microsPerSecond;
    happenings_.push_back({made, eventOf("VmBeingCreatedEvent"), ref});
    happenings_.push_back({made + 2 * microsPerSecond, eventOf("VmCreatedEvent"), ref});
    if (!vm.powered) return;
    const auto boot = microsOf(object.state.at("runtime.bootTime").string());
    const std::int64_t started = boot ? *boot : made + 600 * microsPerSecond;
    happenings_.push_back({started - microsPerSecond, eventOf("VmStartingEvent"), ref});
    happenings_.push_back({started, eventOf("VmPoweredOnEvent"), ref});
  }

  void addLogin() {
    happenings_.push_back({now_ - 3 * 3600 * microsPerSecond,
                           eventOf("UserLoginSessionEvent"),
                           root_,
                           {{"ipAddress", "10.20.0.5"},
                            {"userAgent", "VMware vim-java 1.0"},
                            {"locale", "en"},
                            {"sessionId", world_.random.uuid()}}});
  }

  void addAutostart(const MoRef& vm) {
    const MoRef host = *world_.inventory.need(vm.id).state.at("runtime.host").asRef();
    const ManagedObject& object = world_.inventory.need(host.id);
    const MoRef manager = *object.state.at("configManager.autoStartManager").asRef();
    const Value& config = world_.inventory.need(manager.id).properties().get("config");
    const List* present = config.at("powerInfo").asList();
    const auto order = static_cast<std::int32_t>(present ? present->items.size() + 1 : 1);
    const Value info = failback::mock::object("AutoStartPowerInfo", {{"key", vm},
                                                                     {"startOrder", order},
                                                                     {"startDelay", std::int32_t{-1}},
                                                                     {"waitForHeartbeat", "systemDefault"},
                                                                     {"startAction", "powerOn"},
                                                                     {"stopDelay", std::int32_t{-1}},
                                                                     {"stopAction", "systemDefault"}});
    const Value changed =
        config.with("defaults.enabled", true).with("powerInfo", config.at("powerInfo").appended(info));
    const bool shown = object.state.at("config").isSet();
    world_.inventory.set(manager.id, "config", changed);
    if (shown) world_.inventory.set(host.id, "config.autoStart", changed);
  }

  HistorySpec eventOf(std::string type) const {
    HistorySpec spec;
    spec.type = std::move(type);
    spec.user = admin();
    return spec;
  }

  std::string admin() const { return world_.users.empty() ? std::string() : world_.users.front()->name; }

  // "VirtualMachine.powerOn" -> "PowerOnVM_Task".
  static std::string methodOf(std::string_view descriptionId) {
    std::string name(descriptionId.substr(descriptionId.rfind('.') + 1));
    if (name.empty()) return {};
    name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    for (const std::string_view ending : {"_Task", "VM_Task"}) {
      if (vim25::findMethod(name + std::string(ending))) return name + std::string(ending);
    }
    return {};
  }

  void post(const Happening& each) {
    const std::string time = timeText(each.time);
    const Acting acting(world_.events, {each.spec.user, 0});
    if (!each.spec.type.empty()) {
      std::vector<Field> fields = each.fields;
      fields.emplace_back("createdTime", Value::dateTime(time));
      world_.events.post(each.spec.type, each.about, each.spec.message, fields);
      return;
    }
    TaskOrder order;
    order.descriptionId = each.spec.task;
    order.method = methodOf(each.spec.task);
    order.entity = each.about;
    order.userName = each.spec.user.empty() ? admin() : each.spec.user;
    const std::string why =
        each.spec.message.empty() ? "A general system error occurred." : each.spec.message;
    world_.tasks.past(
        std::move(order), time, each.spec.state,
        each.spec.state == "error" ? makeFault("SystemError", why, {{"reason", why}}).localized() : Value());
  }

  World& world_;
  const ScenarioSpec& scenario_;
  MoRef root_;
  std::int64_t now_;
  std::int64_t number_ = 0;
  std::vector<Happening> happenings_;
};

}  // namespace

void buildHistory(World& world, const ScenarioSpec& scenario, const MoRef& root) {
  HistoryBuilder(world, scenario, root).build();
}

}  // namespace failback::mock
