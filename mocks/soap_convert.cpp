// SPDX-License-Identifier: GPL-2.0-or-later
#include "mocks/soap_convert.h"

namespace failback::mock {

namespace {

std::vector<Selection> toSelections(const std::vector<vim25__SelectionSpec*>& specs) {
  std::vector<Selection> selections;
  for (const vim25__SelectionSpec* spec : specs) {
    if (!spec) continue;
    Selection selection;
    selection.name = spec->name.value_or("");
    if (const auto* traversal = dynamic_cast<const vim25__TraversalSpec*>(spec)) {
      selection.traversal = true;
      selection.type = needText(traversal->type, "selectSet.type");
      selection.path = needText(traversal->path, "selectSet.path");
      selection.skip = traversal->skip.value_or(false);
      selection.select = toSelections(traversal->selectSet);
    }
    selections.push_back(std::move(selection));
  }
  return selections;
}

Value describeSelection(const Selection& selection) {
  if (!selection.traversal) return object("SelectionSpec", {{"name", selection.name}});
  std::vector<Value> select;
  select.reserve(selection.select.size());
  for (const Selection& each : selection.select) select.push_back(describeSelection(each));
  return object("TraversalSpec", {{"name", selection.name.empty() ? Value() : Value(selection.name)},
                                  {"type", selection.type},
                                  {"path", selection.path},
                                  {"skip", selection.skip},
                                  {"selectSet", list(std::move(select))}});
}

}  // namespace

MoRef toRef(const vim25__ManagedObjectReference* ref) {
  return ref ? MoRef{ref->type.value_or(""), ref->__item} : MoRef{};
}

std::vector<MoRef> toRefs(const std::vector<vim25__ManagedObjectReference*>& refs) {
  std::vector<MoRef> found;
  for (const auto* ref : refs) {
    if (ref) found.push_back(toRef(ref));
  }
  return found;
}

MoRef needRef(const vim25__ManagedObjectReference* ref, std::string_view parameter) {
  if (!ref || ref->__item.empty()) throw invalidArgument(parameter);
  return toRef(ref);
}

const std::string& needText(const std::optional<std::string>& text, std::string_view parameter) {
  if (!text) throw invalidArgument(parameter);
  return *text;
}

FilterSpec toFilterSpec(const vim25__PropertyFilterSpec* spec) {
  if (!spec) throw invalidArgument("specSet");
  FilterSpec filter;
  for (const vim25__PropertySpec* each : spec->propSet) {
    if (!each) continue;
    filter.properties.push_back(
        {needText(each->type, "propSet.type"), each->all.value_or(false), each->pathSet});
  }
  for (const vim25__ObjectSpec* each : spec->objectSet) {
    if (!each) continue;
    filter.objects.push_back(
        {needRef(each->obj, "objectSet.obj"), each->skip.value_or(false), toSelections(each->selectSet)});
  }
  if (filter.properties.empty()) throw invalidArgument("specSet.propSet");
  if (filter.objects.empty()) throw invalidArgument("specSet.objectSet");
  filter.reportMissingObjects = spec->reportMissingObjectsInResults.value_or(false);
  return filter;
}

Value describe(const FilterSpec& spec) {
  std::vector<Value> properties, objects;
  for (const PropertySpec& each : spec.properties) {
    std::vector<Value> paths(each.paths.begin(), each.paths.end());
    properties.push_back(object(
        "PropertySpec", {{"type", each.type}, {"all", each.all}, {"pathSet", list(std::move(paths))}}));
  }
  for (const ObjectSpec& each : spec.objects) {
    std::vector<Value> select;
    select.reserve(each.select.size());
    for (const Selection& selection : each.select) select.push_back(describeSelection(selection));
    objects.push_back(object(
        "ObjectSpec", {{"obj", each.object}, {"skip", each.skip}, {"selectSet", list(std::move(select))}}));
  }
  return object("PropertyFilterSpec", {{"propSet", list(std::move(properties))},
                                       {"objectSet", list(std::move(objects))},
                                       {"reportMissingObjectsInResults", spec.reportMissingObjects}});
}

}  // namespace failback::mock
