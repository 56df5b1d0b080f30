// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/schedule.h"

#include <algorithm>
#include <array>

#include "mocks/time_text.h"

namespace failback::mock {

namespace {

constexpr std::int64_t microsPerHour = 3600 * microsPerSecond;
constexpr std::int64_t microsPerMinute = 60 * microsPerSecond;
constexpr std::array<std::string_view, 7> weekdays{"sunday",   "monday", "tuesday", "wednesday",
                                                   "thursday", "friday", "saturday"};

std::string managerId(const World& world) {
  return world.managerId("ScheduledTaskManager");
}

void setTasks(World& world, std::vector<Value> tasks) {
  world.inventory.set(managerId(world), "scheduledTask", list(std::move(tasks)));
}

std::vector<Value> tasksOf(const World& world) {
  const List* tasks = world.inventory.need(managerId(world)).properties().get("scheduledTask").asList();
  return tasks ? tasks->items : std::vector<Value>{};
}

bool runsOn(const Value& scheduler, std::int64_t day) {
  if (!scheduler.asObject()->type().isA("WeeklyTaskScheduler")) return true;
  constexpr std::int64_t firstWeekday = 4;  // the first of January 1970 was a Thursday
  const bool* on = scheduler.at(weekdays[static_cast<std::size_t>((day + firstWeekday) % 7)]).asBool();
  return on && *on;
}

std::int64_t numberIn(const Value& scheduler, std::string_view member) {
  return scheduler.at(member).asInteger().value_or(0);
}

std::int64_t nextHourly(const Value& scheduler, std::int64_t after) {
  const std::int64_t hour = after / microsPerHour * microsPerHour;
  const std::int64_t due = hour + numberIn(scheduler, "minute") * microsPerMinute;
  return due > after ? due : due + microsPerHour;
}

std::int64_t nextDaily(const Value& scheduler, std::int64_t after) {
  const std::int64_t atTime =
      numberIn(scheduler, "hour") * microsPerHour + numberIn(scheduler, "minute") * microsPerMinute;
  for (std::int64_t day = after / microsPerDay; day < after / microsPerDay + 9; ++day) {
    if (day * microsPerDay + atTime > after && runsOn(scheduler, day)) return day * microsPerDay + atTime;
  }
  return 0;
}

Value argument(World& world, const MoRef& entity, std::string_view name, const MoRef& task) {
  return object(name == "task" ? "ScheduledTaskEventArgument" : "ManagedEntityEventArgument",
                {{"name", world.inventory.need(name == "task" ? task.id : entity.id)
                              .state.at(name == "task" ? "info.name" : "name")},
                 {name == "task" ? "scheduledTask" : "entity", name == "task" ? task : entity}});
}

void post(World& world, std::string_view type, const MoRef& entity, const MoRef& task) {
  world.events.post(type, entity, {},
                    {{"scheduledTask", argument(world, entity, "task", task)},
                     {"entity", argument(world, entity, "entity", task)}});
}

Value element(std::string_view key, std::string_view label) {
  return object("ElementDescription", {{"label", label}, {"summary", label}, {"key", key}});
}

Value typeElement(std::string_view key, std::string_view label) {
  return object("TypeDescription", {{"label", label}, {"summary", label}, {"key", key}});
}

}  // namespace

std::string nextRun(const Value& scheduler, const std::string& after) {
  const TypeInfo& type = scheduler.asObject()->type();
  const std::int64_t now = microsOf(after).value_or(0);
  if (type.isA("OnceTaskScheduler")) {
    const auto at = microsOf(scheduler.at("runAt").string());
    return at && *at > now ? timeText(*at) : std::string();
  }
  std::int64_t due = 0;
  if (type.isA("DailyTaskScheduler") && !type.isA("MonthlyTaskScheduler")) {
    due = nextDaily(scheduler, now);
  } else if (type.name == "HourlyTaskScheduler") {
    due = nextHourly(scheduler, now);
  }
  return due == 0 ? std::string() : timeText(due);
}

MoRef addScheduledTask(World& world, const MoRef& entity, const Value& spec, const std::string& user,
                       const std::string& time) {
  std::vector<Value> tasks = tasksOf(world);
  std::int64_t number = 1;
  while (world.inventory.find("schedule-" + std::to_string(number))) ++number;
  MoRef task{"ScheduledTask", "schedule-" + std::to_string(number)};
  DataObject info(TypeModel::get().need("ScheduledTaskInfo"));
  for (const DataObject::Member& member : spec.asObject()->members()) {
    info.set(spec.asObject()->type().members[member.index].name, member.value);
  }
  const bool* enabled = spec.at("enabled").asBool();
  const std::string due = enabled && *enabled ? nextRun(spec.at("scheduler"), world.now()) : std::string();
  info.set("scheduledTask", task);
  info.set("entity", entity);
  info.set("lastModifiedTime", Value::dateTime(time));
  info.set("lastModifiedUser", user);
  if (!due.empty()) info.set("nextRunTime", Value::dateTime(due));
  info.set("state", "success");
  info.set("taskObject", entity);
  world.inventory.add(task, object("ScheduledTask", {{"info", info}}));
  tasks.emplace_back(task);
  setTasks(world, std::move(tasks));
  post(world, "ScheduledTaskCreatedEvent", entity, task);
  return task;
}

void removeScheduledTask(World& world, MoRef task) {  // by value: the object goes
  const MoRef entity = *world.inventory.need(task.id).state.at("info.entity").asRef();
  if (world.inventory.find(entity.id)) post(world, "ScheduledTaskRemovedEvent", entity, task);
  std::vector<Value> tasks = tasksOf(world);
  std::erase_if(tasks, [&](const Value& each) { return *each.asRef() == task; });
  setTasks(world, std::move(tasks));
  world.inventory.remove(task.id);
}

Value dailySpec(const ScheduleSpec& schedule) {
  DataObject scheduler(
      TypeModel::get().need(schedule.weekday.empty() ? "DailyTaskScheduler" : "WeeklyTaskScheduler"));
  scheduler.set("interval", std::int32_t{1});
  scheduler.set("minute", schedule.minute);
  scheduler.set("hour", schedule.hour);
  if (!schedule.weekday.empty()) {
    for (const std::string_view day : weekdays) scheduler.set(day, day == schedule.weekday);
  }
  std::vector<Value> arguments;
  if (schedule.method == "CreateSnapshot_Task") {
    for (Value value : {Value(schedule.name), Value(""), Value(false), Value(false)}) {
      arguments.push_back(object("MethodActionArgument", {{"value", std::move(value)}}));
    }
  }
  return object("ScheduledTaskSpec",
                {{"name", schedule.name},
                 {"description", schedule.description},
                 {"enabled", schedule.enabled},
                 {"scheduler", scheduler},
                 {"action", object("MethodAction",
                                   {{"name", schedule.method}, {"argument", list(std::move(arguments))}})},
                 {"notification", ""}});
}

Value scheduleDescription() {
  std::vector<Value> schedulers;
  const Value seconds = object("ScheduledTaskDetail", {{"label", "Daily"},
                                                       {"summary", "Runs every day"},
                                                       {"key", "DailyTaskScheduler"},
                                                       {"frequency", "day"}});
  schedulers.push_back(seconds);
  std::vector<Value> days;
  days.reserve(weekdays.size());
  for (const std::string_view day : weekdays) days.push_back(element(day, day));
  return object("ScheduledTaskDescription",
                {{"action", std::vector<Value>{typeElement("MethodAction", "Run an operation"),
                                               typeElement("SendEmailAction", "Send an email"),
                                               typeElement("CreateTaskAction", "Create a task")}},
                 {"schedulerInfo", schedulers},
                 {"state", std::vector<Value>{element("queued", "Queued"), element("running", "Running"),
                                              element("success", "Success"), element("error", "Error")}},
                 {"dayOfWeek", days},
                 {"weekOfMonth", std::vector<Value>{element("first", "First"), element("last", "Last")}}});
}

}  // namespace failback::mock
