// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/management_reader.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "vsphere/binding/collector_specs.h"
#include "vsphere/binding/decode_management.h"
#include "vsphere/binding/decode_task.h"
#include "vsphere/binding/fault_decoder.h"
#include "vsphere/binding/service.h"
#include "vsphere/binding/values.h"
#include "vsphere/error.h"
#include "vsphere/hole.h"
#include "vsphere/license_reader.h"
#include "vsphere/object_retrieval.h"
#include "vsphere/session.h"

namespace failback::vsphere {
namespace {

class ManagementReader {
 public:
  ManagementReader(const Session& session, const std::vector<Moref>& tasks, const Context& context)
      : session_(session),
        context_(context),
        licenses_(session.refs().licenseManager),
        schedules_(session.refs().scheduledTaskManager) {
    std::unordered_set<Moref> known;
    for (const Moref& task : tasks) {
      if (!task.empty() && known.insert(task).second) tasks_.push_back(task);
    }
  }

  Management read() {
    while (!tasks_.empty() || !licenses_.empty() || !schedules_.empty()) {
      try {
        retrieve();
        break;
      } catch (const Failure& failure) {
        if (!goesOnAfter(failure.error())) throw;
      }
    }
    found_.licenses = std::move(license_.licenses);
    found_.unreadable.insert(found_.unreadable.end(), refused_.begin(), refused_.end());
    // Which host has which licence matters only where they differ in what the API may do.
    const bool matters = std::any_of(found_.licenses.begin(), found_.licenses.end(),
                                     [](const License& each) { return each.isFreeEdition(); });
    if (matters && !license_.assignments.empty()) {
      addAssignedLicenses(session_, license_.assignments, context_, found_.licenses, found_.unreadable);
    }
    return std::move(found_);
  }

 private:
  void retrieve() {
    found_ = {};
    license_ = {};
    RequestArena arena;
    vim25__RetrievePropertiesExRequestType request;
    if (!tasks_.empty()) {
      const std::vector<TypePaths> properties{{"Task", {"info"}}};
      request.specSet.push_back(specOfObjects(arena, tasks_, properties));
    }
    if (!licenses_.empty()) {
      const std::vector<TypePaths> properties{{licenses_.type, {"licenses", "licenseAssignmentManager"}}};
      request.specSet.push_back(specOfObjects(arena, std::span(&licenses_, 1), properties));
    }
    if (!schedules_.empty()) request.specSet.push_back(specOfScheduledTasks(arena, schedules_));
    request.options = arena.make<vim25__RetrieveOptions>();
    retrieveObjects(session_, request, context_, [this](const vim25__ObjectContent& one) { take(one); });
  }

  void take(const vim25__ObjectContent& object) {
    const Moref ref = binding::morefOf(object.obj);
    for (const vim25__MissingProperty* missing : object.missingSet) {
      if (missing == nullptr) continue;
      Unreadable hole = unreadableFromMissing(ref, *missing);
      // What has gone is no longer known, and was asked for only in case it still is.
      const bool gone = hole.reason == "vanished" && (ref.type == "Task" || ref.type == "ScheduledTask");
      if (!gone) found_.unreadable.push_back(std::move(hole));
    }
    for (const vim25__DynamicProperty* property : object.propSet) {
      if (property != nullptr) takeProperty(ref, *property);
    }
  }

  void takeProperty(const Moref& ref, const vim25__DynamicProperty& property) {
    if (const auto* task = dynamic_cast<const vim25__TaskInfo*>(property.val)) {
      found_.tasks.push_back(decodeTaskInfo(*task));
      found_.tasks.back().ref = ref;
    } else if (const auto* scheduled = dynamic_cast<const vim25__ScheduledTaskInfo*>(property.val)) {
      found_.scheduledTasks.push_back(decodeScheduledTask(*scheduled));
      found_.scheduledTasks.back().ref = ref;
    } else if (ref.type == licenses_.type) {
      license_.take(property);
    }
  }

  // True when it makes sense to ask once more, for what is left.
  bool goesOnAfter(const Error& error) {
    if (isSessionLoss(error)) return ++losses_ <= kMostLosses;
    if (error.hasFault("ManagedObjectNotFound") && std::erase(tasks_, error.object) > 0) return true;
    if (!isHole(error) && !error.hasFault("ManagedObjectNotFound")) return false;
    for (Moref* manager : {&licenses_, &schedules_}) {
      if (manager->empty() || *manager != error.object) continue;
      refused_.push_back(holeOf(*manager, "", error));
      *manager = {};
      return true;
    }
    return false;
  }

  const Session& session_;
  const Context& context_;
  // What is still to be asked; empty: not there, or refused.
  std::vector<Moref> tasks_;
  Moref licenses_, schedules_;
  Management found_;
  LicenseProperties license_;
  std::vector<Unreadable> refused_;
  int losses_ = 0;
};

// Servers give them in either order.
void sortByTime(std::vector<Event>& events) {
  std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
    const std::int64_t timeA = parseTime(a.time).value_or(0);
    const std::int64_t timeB = parseTime(b.time).value_or(0);
    return std::pair(timeA, a.key) < std::pair(timeB, b.key);
  });
}

}  // namespace

Management readManagement(const Session& session, const std::vector<Moref>& tasks, const Context& context) {
  return ManagementReader(session, tasks, context).read();
}

std::vector<Event> readEvents(const Session& session, const EventQuery& query, const Context& context) {
  if (session.refs().eventManager.empty()) return {};
  RequestArena arena;
  auto* filter = arena.make<vim25__EventFilterSpec>();
  if (!query.entity.empty()) {
    filter->entity = arena.make<vim25__EventFilterSpecByEntity>();
    filter->entity->entity = arena.reference(query.entity);
    filter->entity->recursion = query.recursive ? "all" : "self";
  }
  if (!query.since.empty()) {
    filter->time = arena.make<vim25__EventFilterSpecByTime>();
    filter->time->beginTime = query.since;
  }
  filter->eventTypeId = query.types;
  vim25__QueryEventsRequestType request;
  request.filter = filter;
  const auto answer = session.service().call(session.refs().eventManager, request, context);
  std::vector<Event> events;
  events.reserve(answer->returnval.size());
  for (const vim25__Event* event : answer->returnval) {
    if (event != nullptr) events.push_back(decodeEvent(*event));
  }
  sortByTime(events);
  return events;
}

ConfigOption readConfigOption(const Session& session, const Moref& environmentBrowser,
                              const Context& context) {
  vim25__QueryConfigOptionExRequestType request;
  const auto answer = session.service().call(environmentBrowser, request, context);
  if (answer->returnval == nullptr) {
    fail(Category::unsupported,
         "the server does not say what machines can run here: it gives no hardware "
         "version for " +
             environmentBrowser.str());
  }
  return decodeConfigOption(*answer->returnval);
}

}  // namespace failback::vsphere
