// SPDX-License-Identifier: GPL-2.0-or-later
#include "vsphere/binding/collector_specs.h"

namespace failback::vsphere {
namespace {

vim25__PropertyFilterSpec* specOf(RequestArena& arena, std::span<const TypePaths> properties) {
  auto* spec = arena.make<vim25__PropertyFilterSpec>();
  for (const TypePaths& one : properties) {
    auto* propertySpec = arena.make<vim25__PropertySpec>();
    propertySpec->type = one.type;
    propertySpec->all = false;
    propertySpec->pathSet = one.paths;
    spec->propSet.push_back(propertySpec);
  }
  return spec;
}

// One step from an object of a type to those that a property of it names, and which steps go on from there.
struct Step {
  const char* name;
  const char* type;
  const char* path;
  std::vector<const char*> next;
};

// A step names those that follow it, also itself, so the walk has no bottom. A VM is found in its folder or,
// in a vApp, through its pool.
const std::vector<Step>& inventorySteps() {
  static const std::vector<Step> steps = {
      {"children",
       "Folder",
       "childEntity",
       {"children", "vmFolder", "hostFolder", "datastoreFolder", "networkFolder", "hosts", "rootPool",
        "pools", "poolVms"}},
      {"vmFolder", "Datacenter", "vmFolder", {"children"}},
      {"hostFolder", "Datacenter", "hostFolder", {"children"}},
      {"datastoreFolder", "Datacenter", "datastoreFolder", {"children"}},
      {"networkFolder", "Datacenter", "networkFolder", {"children"}},
      {"hosts", "ComputeResource", "host", {}},
      {"rootPool", "ComputeResource", "resourcePool", {"pools", "poolVms"}},
      {"pools", "ResourcePool", "resourcePool", {"pools", "poolVms"}},
      {"poolVms", "ResourcePool", "vm", {}},
  };
  return steps;
}

vim25__SelectionSpec* named(RequestArena& arena, const char* name) {
  auto* selection = arena.make<vim25__SelectionSpec>();
  selection->name = name;
  return selection;
}

}  // namespace

vim25__PropertyFilterSpec* specOfObjects(RequestArena& arena, std::span<const Moref> objects,
                                         std::span<const TypePaths> properties) {
  vim25__PropertyFilterSpec* spec = specOf(arena, properties);
  spec->objectSet.reserve(objects.size());
  for (const Moref& object : objects) {
    auto* objectSpec = arena.make<vim25__ObjectSpec>();
    objectSpec->obj = arena.reference(object);
    spec->objectSet.push_back(objectSpec);
  }
  spec->reportMissingObjectsInResults = true;
  return spec;
}

vim25__PropertyFilterSpec* specOfView(RequestArena& arena, const Moref& view,
                                      std::span<const TypePaths> properties) {
  vim25__PropertyFilterSpec* spec = specOf(arena, properties);
  auto* traversal = arena.make<vim25__TraversalSpec>();
  traversal->name = "view";
  traversal->type = view.type;
  traversal->path = "view";
  traversal->skip = false;
  auto* objectSpec = arena.make<vim25__ObjectSpec>();
  objectSpec->obj = arena.reference(view);
  objectSpec->skip = true;
  objectSpec->selectSet.push_back(traversal);
  spec->objectSet.push_back(objectSpec);
  return spec;
}

vim25__PropertyFilterSpec* specOfInventory(RequestArena& arena, const Moref& rootFolder,
                                           std::span<const TypePaths> properties) {
  vim25__PropertyFilterSpec* spec = specOf(arena, properties);
  auto* objectSpec = arena.make<vim25__ObjectSpec>();
  objectSpec->obj = arena.reference(rootFolder);
  objectSpec->skip = true;
  objectSpec->selectSet.reserve(inventorySteps().size());
  for (const Step& step : inventorySteps()) {
    auto* traversal = arena.make<vim25__TraversalSpec>();
    traversal->name = step.name;
    traversal->type = step.type;
    traversal->path = step.path;
    traversal->skip = false;
    traversal->selectSet.reserve(step.next.size());
    for (const char* next : step.next) traversal->selectSet.push_back(named(arena, next));
    objectSpec->selectSet.push_back(traversal);
  }
  spec->objectSet.push_back(objectSpec);
  return spec;
}

vim25__PropertyFilterSpec* specOfScheduledTasks(RequestArena& arena, const Moref& manager) {
  const std::vector<TypePaths> properties{{manager.type, {"scheduledTask"}}, {"ScheduledTask", {"info"}}};
  vim25__PropertyFilterSpec* spec = specOf(arena, properties);
  auto* traversal = arena.make<vim25__TraversalSpec>();
  traversal->name = "scheduledTasks";
  traversal->type = manager.type;
  traversal->path = "scheduledTask";
  traversal->skip = false;
  auto* objectSpec = arena.make<vim25__ObjectSpec>();
  objectSpec->obj = arena.reference(manager);
  objectSpec->skip = false;
  objectSpec->selectSet.push_back(traversal);
  spec->objectSet.push_back(objectSpec);
  return spec;
}

}  // namespace failback::vsphere
