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

}  // namespace failback::vsphere
